//! Runs the batches: takes documents in as long as there is room, writes several batches at once, answers everyone.

use std::sync::Arc;
use std::time::Instant;

use bus::Failure;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::articles::stopping;
use crate::batch::{Batch, Collector, Limits};
use crate::document::Document;
use crate::fenced::{Fenced, Fences};
use crate::metrics::Metrics;
use crate::sink::Sink;
use crate::writer::Verdict;

/// Hears what became of a document.
pub type Answer = oneshot::Sender<Result<(), Failure>>;

/// A document on its way.
#[derive(Debug)]
pub struct Job {
    /// The document.
    pub document: Document,
    /// Who waits for it.
    pub answer: Answer,
}

/// Writes what comes over `jobs` until its other end is dropped and everything is answered.
///
/// At most `in_flight` batches are being written, one more may be full and one more be filling; beyond that nothing is
/// taken in, and whoever sends waits. While all hands are busy a batch that is due goes on filling: under load
/// batches get larger, not more.
pub async fn run<S: Sink, F: Fences>(
    mut jobs: mpsc::Receiver<Job>,
    writer: Arc<Fenced<S, F>>,
    limits: Limits,
    in_flight: usize,
    metrics: Metrics,
) {
    let mut collector = Collector::new(limits);
    let mut closed: Option<Batch<Answer>> = None;
    let mut writing = JoinSet::new();
    let mut open = true;
    loop {
        while writing.len() < in_flight {
            let due = !open || collector.due().is_some_and(|at| at <= Instant::now());
            let next = closed.take().or_else(|| if due { collector.take() } else { None });
            let Some(batch) = next else { break };
            metrics.batch(batch.entries.len(), batch.bytes);
            writing.spawn(write(writer.clone(), batch));
        }
        if !open && writing.is_empty() {
            return;
        }
        let has_hands = writing.len() < in_flight;
        let due = collector.due();
        tokio::select! {
            job = jobs.recv(), if open && closed.is_none() => match job {
                Some(Job { document, answer }) => closed = collector.add(document, answer, Instant::now()),
                None => open = false,
            },
            () = until(due), if has_hands && due.is_some() => {}
            // A panic has dropped its answers; those who wait take that for a stop and come again.
            Some(_) = writing.join_next(), if !writing.is_empty() => {}
        }
    }
}

async fn until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at.into()).await;
    }
}

async fn write<S: Sink, F: Fences>(writer: Arc<Fenced<S, F>>, batch: Batch<Answer>) {
    let mut documents = Vec::with_capacity(batch.entries.len());
    let mut waiters = Vec::with_capacity(batch.entries.len());
    for entry in batch.entries {
        documents.push(entry.document);
        waiters.push(entry.waiters);
    }
    let verdicts = writer.write(documents).await;
    for (waiters, verdict) in waiters.into_iter().zip(verdicts) {
        for answer in waiters {
            // Whoever waited and has gone gets the message again.
            let _ = answer.send(outcome(&verdict));
        }
    }
}

/// What a waiter hears. What may not stand in the index is done with, too.
fn outcome(verdict: &Verdict) -> Result<(), Failure> {
    match verdict {
        Verdict::Written | Verdict::Excluded(_) => Ok(()),
        Verdict::Bad(reason) => Err(Failure::permanent(reason)),
        Verdict::Failing(reason) => Err(Failure::transient(reason)),
        Verdict::Stopped => Err(stopping()),
    }
}
