//! The loop: scan, see what has settled, hand it to a bounded number of workers, wait for whatever comes first.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runtime::Health;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::hints::Hints;
use super::scan;
use super::settling::{Mark, Settling};
use super::work::{Bench, Ended, work};
use crate::settings::FolderSettings;

/// Between two scans that hints ask for: a file that is being written hints with every block.
const HINT_GAP: Duration = Duration::from_millis(100);
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
const BACKOFF_MOST: Duration = Duration::from_secs(10);
/// Name of this part in the health answer.
pub const HEALTH: &str = "folder";

/// A drop folder being watched.
pub struct Watch {
    bench: Arc<Bench>,
    settings: FolderSettings,
    health: Health,
    began: Instant,
    settling: Settling,
    /// Settled in the last scan and not begun.
    ready: VecDeque<(PathBuf, Mark)>,
    working: JoinSet<(PathBuf, Ended)>,
    /// The broker took nothing: nothing is begun before this. How often that was so in a row.
    paused: Option<(Duration, u32)>,
    /// Files that failed by themselves, and how often in a row.
    broken: HashMap<PathBuf, u32>,
    /// What was said to be left alone, so that it is said once.
    told: HashSet<PathBuf>,
}

/// Watches until `shutdown`, then waits up to `drain` for the files in work.
pub async fn watch(
    bench: Bench,
    settings: FolderSettings,
    health: Health,
    shutdown: CancellationToken,
    drain: Duration,
) {
    let hints = Hints::of(&bench.layout.incoming());
    let mut watch = Watch::new(bench, settings, health);
    while !shutdown.is_cancelled() {
        watch.scan().await;
        let next_scan = watch.next_scan();
        loop {
            watch.begin();
            tokio::select! {
                () = shutdown.cancelled() => break,
                Some(ended) = watch.working.join_next() => watch.end(ended),
                () = tokio::time::sleep(next_scan.saturating_sub(watch.began.elapsed())) => break,
                () = hints.next() => {
                    tokio::time::sleep(HINT_GAP).await;
                    break;
                }
            }
        }
    }
    let all = async { while watch.working.join_next().await.is_some() {} };
    if tokio::time::timeout(drain, all).await.is_err() {
        let limit = drain.as_millis();
        tracing::warn!("files were not finished within drain_ms {limit}; they stay in incoming for the next start");
    }
}

impl Watch {
    fn new(bench: Bench, settings: FolderSettings, health: Health) -> Self {
        Self {
            bench: Arc::new(bench),
            settling: Settling::new(
                Duration::from_millis(settings.settle_ms),
                Duration::from_millis(settings.issue_settle_ms),
            ),
            settings,
            health,
            began: Instant::now(),
            ready: VecDeque::new(),
            working: JoinSet::new(),
            paused: None,
            broken: HashMap::new(),
            told: HashSet::new(),
        }
    }

    async fn scan(&mut self) {
        let incoming = self.bench.layout.incoming();
        let folder = incoming.clone();
        let listed = tokio::task::spawn_blocking(move || scan::list(&folder)).await.map_err(std::io::Error::other);
        match listed.and_then(|listed| listed) {
            Ok(listing) => {
                if self.health.set(HEALTH, true) {
                    tracing::info!(folder = %incoming.display(), "the drop folder is watched");
                }
                self.ready = self.settling.observe(self.began.elapsed(), &listing.files).into();
                self.broken.retain(|path, _| listing.files.iter().any(|(file, _)| file == path));
                self.tell(listing.left);
            }
            Err(error) => {
                if self.health.set(HEALTH, false) {
                    let folder = incoming.display();
                    tracing::error!(%folder, %error, "the drop folder cannot be read; give intake's user the right");
                }
                self.ready.clear();
            }
        }
    }

    fn tell(&mut self, left: Vec<(PathBuf, String)>) {
        self.told.retain(|path| left.iter().any(|(file, _)| file == path));
        for (path, reason) in left {
            if !self.told.contains(&path) {
                tracing::warn!(file = %path.display(), reason, "left alone in incoming");
                self.told.insert(path);
            }
        }
    }

    /// A scan interval from now, or sooner if something is due sooner.
    fn next_scan(&self) -> Duration {
        let now = self.began.elapsed();
        let regular = now + Duration::from_millis(self.settings.scan_ms);
        let resumed = self.paused.map(|(until, _)| until).filter(|until| *until > now);
        [self.settling.next_due(), resumed].into_iter().flatten().fold(regular, Duration::min)
    }

    /// Begins as many files as there are hands.
    fn begin(&mut self) {
        let now = self.began.elapsed();
        if self.paused.is_some_and(|(until, _)| now < until) {
            return;
        }
        // After a refusal one file tries; the others follow when it went through.
        let hands = if self.paused.is_some() { 1 } else { self.settings.concurrency };
        while self.working.len() < hands
            && let Some((path, mark)) = self.ready.pop_front()
        {
            self.settling.take(&path);
            let bench = Arc::clone(&self.bench);
            self.working.spawn(async move {
                // In a task of its own, so that a panic is an outcome of this file and of no other.
                let done = tokio::spawn(work(bench, path.clone(), mark)).await;
                (path, done.unwrap_or_else(|fault| Ended::Broken(fault.to_string())))
            });
        }
    }

    fn end(&mut self, ended: Result<(PathBuf, Ended), tokio::task::JoinError>) {
        // The task only waits for another one; it does not panic and nobody cancels it.
        let Ok((path, ended)) = ended else { return };
        let now = self.began.elapsed();
        match ended {
            Ended::Settled => {
                self.settling.forget(&path);
                self.broken.remove(&path);
                self.paused = None;
            }
            Ended::Undelivered => {
                let again = self.paused.map_or(0, |(_, again)| again);
                // Files that were begun together fail together: that counts once.
                if self.paused.is_none_or(|(until, _)| now >= until) {
                    self.paused = Some((now + backoff(again), again + 1));
                }
                self.settling.hold(&path, Duration::ZERO);
            }
            Ended::Broken(reason) => {
                let again = self.broken.entry(path.clone()).or_insert(0);
                if *again == 0 {
                    tracing::error!(file = %path.display(), reason, "file cannot be taken; it stays in incoming");
                }
                *again += 1;
                self.settling.hold(&path, now + backoff(*again));
            }
        }
    }
}

fn backoff(again: u32) -> Duration {
    BACKOFF_FIRST.saturating_mul(2u32.saturating_pow(again)).min(BACKOFF_MOST)
}
