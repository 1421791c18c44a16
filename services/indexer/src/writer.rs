//! Writes a batch to the end: waits out what is not the documents' fault, halves what is until the guilty one is alone.
//! What has to leave the index leaves it the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use contract::Excluded;
use runtime::Health;
use tokio_util::sync::CancellationToken;

use crate::document::Document;
use crate::metrics::Metrics;
use crate::sink::{Later, Purge, Sink, WriteError};

/// The part of [`Health`] that says whether documents get through.
pub const WRITES: &str = "writes";

/// How often a batch is sent again that the engine itself failed over, before it is halved.
const ENGINE_RETRIES: u32 = 2;

/// What became of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It can be found.
    Written,
    /// It may not stand in the index, and does not.
    Excluded(Excluded),
    /// The engine refuses it, and always will.
    Bad(String),
    /// The engine fails over this one alone.
    Failing(String),
    /// Asked to stop before it could be written.
    Stopped,
}

/// Pauses between tries.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The first.
    pub min: Duration,
    /// The longest; each is twice the one before.
    pub max: Duration,
}

/// Writes batches through a [`Sink`].
#[derive(Debug)]
pub struct Writer<S> {
    sink: Arc<S>,
    pace: Pace,
    health: Health,
    metrics: Metrics,
    shutdown: CancellationToken,
    stalled: AtomicBool,
}

enum Settled {
    Written,
    Bad(String),
    Failing(String),
    Stopped,
}

impl<S: Sink> Writer<S> {
    /// A writer that gives up waiting, but not writing, on `shutdown`.
    pub fn new(sink: Arc<S>, pace: Pace, health: Health, metrics: Metrics, shutdown: CancellationToken) -> Self {
        health.set(WRITES, true);
        Self { sink, pace, health, metrics, shutdown, stalled: AtomicBool::new(false) }
    }

    /// Writes `documents` and says of each, in the same order, what became of it.
    pub async fn write(&self, documents: &[Document]) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Stopped; documents.len()];
        // A stack of ranges, the left half on top: documents go in in their order.
        let mut ranges = Vec::from_iter(std::iter::once(0..documents.len()));
        while let Some(range) = ranges.pop() {
            if range.is_empty() {
                continue;
            }
            let verdict = match self.settle(&documents[range.clone()]).await {
                Settled::Written => Verdict::Written,
                Settled::Stopped => break,
                Settled::Bad(_) | Settled::Failing(_) if range.len() > 1 => {
                    let middle = range.start + range.len() / 2;
                    ranges.push(middle..range.end);
                    ranges.push(range.start..middle);
                    continue;
                }
                Settled::Bad(reason) => {
                    self.metrics.rejected();
                    Verdict::Bad(reason)
                }
                Settled::Failing(reason) => Verdict::Failing(reason),
            };
            verdicts[range].fill(verdict);
        }
        verdicts
    }

    /// Takes the documents with these ids out; false if asked to stop before it was done.
    pub async fn delete(&self, ids: &[String]) -> bool {
        self.remove(|| self.sink.delete(ids)).await
    }

    /// Takes out what `purge` names; false if asked to stop before it was done.
    pub async fn purge(&self, purge: &Purge) -> bool {
        self.metrics.purged();
        self.remove(|| self.sink.purge(purge)).await
    }

    /// The same, tried once.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn try_purge(&self, purge: &Purge) -> Result<(), String> {
        self.metrics.purged();
        self.sink.purge(purge).await.map(|()| self.flows()).map_err(|error| self.not_removed(error))
    }

    async fn remove<F>(&self, take_out: impl Fn() -> F + Send) -> bool
    where
        F: Future<Output = Result<(), WriteError>> + Send,
    {
        let mut pause = self.pace.min;
        loop {
            let Err(error) = take_out().await else {
                self.flows();
                return true;
            };
            self.not_removed(error);
            if !self.pause(&mut pause).await {
                return false;
            }
        }
    }

    /// Counts and says it, and gives the reason.
    fn not_removed(&self, error: WriteError) -> String {
        let (why, reason) = match error {
            WriteError::Later(why, reason) => (why, reason),
            WriteError::Documents(reason) | WriteError::Engine(reason) => (Later::Engine, reason),
        };
        self.metrics.retried(why);
        self.stalls(why, &reason);
        reason
    }

    /// Waits a little longer each time; false if asked to stop.
    async fn pause(&self, pause: &mut Duration) -> bool {
        tokio::select! {
            () = self.shutdown.cancelled() => return false,
            () = tokio::time::sleep(*pause) => {}
        }
        *pause = (*pause * 2).min(self.pace.max);
        true
    }

    /// Sends `documents` until the engine has decided about them, or we are asked to stop.
    async fn settle(&self, documents: &[Document]) -> Settled {
        let mut pause = self.pace.min;
        let mut failures = 0;
        loop {
            let began = Instant::now();
            match self.sink.write(documents).await {
                Ok(()) => {
                    self.metrics.written(documents.len(), began.elapsed());
                    self.flows();
                    return Settled::Written;
                }
                Err(WriteError::Documents(reason)) => {
                    self.flows();
                    return Settled::Bad(reason);
                }
                Err(WriteError::Engine(reason)) => {
                    if failures >= ENGINE_RETRIES {
                        return Settled::Failing(reason);
                    }
                    failures += 1;
                    self.metrics.retried(Later::Engine);
                    self.stalls(Later::Engine, &reason);
                }
                Err(WriteError::Later(why, reason)) => {
                    self.metrics.retried(why);
                    self.stalls(why, &reason);
                }
            }
            if !self.pause(&mut pause).await {
                return Settled::Stopped;
            }
        }
    }

    /// Said once, however many batches meet it and however long it lasts.
    fn stalls(&self, why: Later, reason: &str) {
        if !self.stalled.swap(true, Ordering::Relaxed) {
            self.health.set(WRITES, false);
            tracing::warn!(?why, reason, "the index cannot be changed, nothing is lost, trying until it can");
        }
    }

    fn flows(&self) {
        if self.stalled.swap(false, Ordering::Relaxed) {
            self.health.set(WRITES, true);
            tracing::info!("the index can be changed again");
        }
    }
}
