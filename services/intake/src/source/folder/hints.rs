//! The system's notifications about the drop folder: they make the next scan come sooner and mean nothing else.

use std::path::Path;
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

/// Hints until dropped.
pub struct Hints {
    came: Arc<Notify>,
    _watcher: Option<RecommendedWatcher>,
}

impl Hints {
    /// Listens to `incoming`. Where the system cannot (no watches left, a network file system), scans alone must do.
    pub fn of(incoming: &Path) -> Self {
        let came = Arc::new(Notify::new());
        let notified = Arc::clone(&came);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error means that events were lost: all the more reason to look.
            if event.map_or(true, |event| event.need_rescan() || is_news(event.kind)) {
                notified.notify_one();
            }
        });
        let watcher = watcher.and_then(|mut watcher| {
            watcher.watch(incoming, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        let watcher = watcher.inspect_err(|error| {
            let folder = incoming.display();
            tracing::warn!(%folder, %error, "no notifications for the drop folder; it is scanned every folder.scan_ms");
        });
        Self { came, _watcher: watcher.ok() }
    }

    /// Waits for the next hint; hints that came meanwhile count as one.
    pub async fn next(&self) {
        self.came.notified().await;
    }
}

/// Something may have come or grown. That files are opened, read and moved away is our own doing.
fn is_news(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Create(_) => true,
        EventKind::Modify(ModifyKind::Name(mode)) => mode != RenameMode::From,
        EventKind::Modify(_) => true,
        EventKind::Access(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => false,
    }
}
