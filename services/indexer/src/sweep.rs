//! What may not stand in the index is looked for once more, later.
//!
//! An indexer can die with a push on its way: in a socket's buffer, in a proxy, in a server that stands still. Its message is
//! delivered again and settled by another indexer, the fence moves on, and then the push arrives, with nobody left to look at
//! the fence after it. So what was closed, withdrawn or killed is looked at again when such a push must have come in or been
//! given up: soon, for what lay in a buffer, and later, for what a network held (Linux sends for about two minutes what a dead
//! process left, proxies mostly keep a request for one). Nothing is kept for it: the ledger's own changes are read, once more
//! after each start.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bus::{Bus, Incoming};
use contract::Settled;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::sink::{Purge, Sink};
use crate::writer::Writer;

/// Changes read at once.
const PAGE: usize = 500;
/// Of these, so many in one question.
const AT_ONCE: usize = 50;
/// A fresh start looks at what changed so long before its time, too: it may have been down.
const BEFORE: Duration = Duration::from_secs(3_600);
/// How often it is looked for changes, at the least and at the most.
const LOOKS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(15));

/// Looks at each change of the ledger when it is `after` old, or up to twice as old.
#[derive(Debug)]
pub struct Sweep<S> {
    /// Where documents are counted.
    pub sink: Arc<S>,
    /// Takes them out.
    pub writer: Arc<Writer<S>>,
    /// Where the ledger is.
    pub bus: Bus,
    /// How long after the change.
    pub after: Duration,
    /// Numbers.
    pub metrics: Metrics,
    /// Ends it.
    pub shutdown: CancellationToken,
}

impl<S: Sink> Sweep<S> {
    /// Runs until shutdown.
    pub async fn run(self) {
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&self) {
        let since = SystemTime::now() - self.after - BEFORE;
        let (stream, reading) = Settled::reading(since);
        let mut reader = self.bus.read(&stream, reading);
        loop {
            match reader.page(PAGE).await {
                Ok(page) if page.is_empty() => tokio::time::sleep((self.after / 2).clamp(LOOKS.0, LOOKS.1)).await,
                Ok(page) => self.look(&page).await,
                Err(error) => {
                    tracing::debug!(%error, "no look for late writes");
                    tokio::time::sleep(self.after).await;
                }
            }
        }
    }

    async fn look(&self, page: &[Incoming]) {
        tokio::time::sleep(self.until_due(page)).await;
        let purges: Vec<Purge> = page.iter().filter_map(Settled::of).flat_map(purges).collect();
        for some in purges.chunks(AT_ONCE) {
            let purge = Purge::Any(some.to_vec());
            let late = loop {
                match self.sink.stand(&purge).await {
                    Ok(count) => break count,
                    // A server that was away may have such a push in its buffers: the whole time again.
                    Err(error) => {
                        tracing::debug!(%error, "no look for late writes");
                        tokio::time::sleep(self.after).await;
                    }
                }
            };
            if late > 0 && self.writer.purge(&purge).await {
                self.metrics.late(late);
                tracing::warn!(
                    documents = late,
                    "what a dead indexer had sent came in late and is out of the index again"
                );
            }
        }
    }

    /// The page's youngest change is the last that is due. The broker's clock may be another: never longer than it takes.
    fn until_due(&self, page: &[Incoming]) -> Duration {
        let youngest = page.iter().map(|change| change.published).max().unwrap_or(SystemTime::UNIX_EPOCH);
        let age = SystemTime::now().duration_since(youngest).unwrap_or_default();
        self.after.saturating_sub(age)
    }
}

fn purges(settled: Settled) -> Vec<Purge> {
    match settled {
        Settled::Whole(issue, revision) => vec![Purge::Before(issue, revision)],
        Settled::Withdrawn(issue) => vec![Purge::Issue(issue)],
        Settled::Killed(articles) => articles.into_iter().map(Purge::Article).collect(),
    }
}
