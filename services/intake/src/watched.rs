//! Files that are read again when they change: senders' tokens, certificate and key.
//!
//! They are looked at again and again, whatever the system's notifications say: secrets are mounted in ways (links that are
//! swapped, network drives) that notify nobody. A change counts once two looks in a row see the same, so that a file that
//! is being written is not read by halves. What cannot be used changes nothing and is said once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::metrics::{Metrics, Reload};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(1);

/// What is made of some files, and how.
pub struct Watched<T> {
    /// For the log and the metric.
    pub what: Reload,
    /// The files.
    pub files: Vec<PathBuf>,
    /// Reads them.
    pub load: Box<dyn Fn() -> Result<T, String> + Send + Sync>,
    /// What is in force.
    pub current: watch::Sender<T>,
}

impl<T: Send + Sync + 'static> Watched<T> {
    /// Looks until `shutdown`.
    pub async fn run(self, metrics: Metrics, shutdown: CancellationToken) {
        let this = Arc::new(self);
        let mut tick = tokio::time::interval(EVERY);
        // What is in force was read a moment ago; the first looks find out from which bytes.
        let (mut seen, mut used) = (None, None);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = tick.tick() => {}
            }
            let looking = Arc::clone(&this);
            let Ok(now) = tokio::task::spawn_blocking(move || looking.digest()).await else { continue };
            let first = used.is_none();
            if seen.replace(now) == Some(now) && used != Some(now) {
                used = Some(now);
                let loading = Arc::clone(&this);
                if let Ok(loaded) = tokio::task::spawn_blocking(move || (loading.load)()).await {
                    this.take(loaded, first, &metrics);
                }
            }
        }
    }

    fn take(&self, loaded: Result<T, String>, first: bool, metrics: &Metrics) {
        let what = self.what.as_str();
        metrics.unusable(self.what, loaded.is_err());
        match loaded {
            Ok(loaded) => {
                self.current.send_replace(loaded);
                if !first {
                    tracing::info!(what, "changed files are in force");
                    metrics.reloaded(self.what, true);
                }
            }
            Err(error) => {
                tracing::error!(what, error, "changed files cannot be used; what they held before stays in force");
                metrics.reloaded(self.what, false);
            }
        }
    }

    /// Of all bytes, and of which files cannot be read.
    fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for file in &self.files {
            match std::fs::read(file) {
                Ok(bytes) => digest.update(Sha256::digest(&bytes)),
                Err(error) => digest.update(error.kind().to_string()),
            }
        }
        digest.finalize().into()
    }
}
