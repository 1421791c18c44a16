//! Writes what an issue's fence lets in, and takes out what it excludes.
//!
//! The fence is asked before a batch is written and again when its task has succeeded. Of a write and a change of the fence
//! one always sees the other: if the fence was changed before the second look, the document is taken out here; if after
//! it, the document was in the index before the change, and whoever changed the fence takes it out (the closer of the newer
//! revision, the remover). So nothing that the fence excludes stays in the index, whatever the order of events, however
//! many indexers there are and however long one of them is held up.
//!
//! Only the batch's own documents are taken out here: what else stands there of an older revision can be found until the
//! newer one is whole.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use contract::receipt::{ReceiptError, Receipts};
use contract::{Fence, IssueId};
use futures::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::document::Document;
use crate::metrics::Metrics;
use crate::sink::Sink;
use crate::writer::{Verdict, Writer};

/// Fences read at once, for one batch.
const AT_ONCE: usize = 16;
/// Pause before fences are read again that could not be.
const PAUSE: Duration = Duration::from_millis(500);

/// Where fences stand.
pub trait Fences: Send + Sync + 'static {
    /// What of the issue may stand in the index, as it is at this moment.
    fn fence(&self, issue: &IssueId) -> impl Future<Output = Result<Fence, ReceiptError>> + Send;
}

impl Fences for Receipts {
    async fn fence(&self, issue: &IssueId) -> Result<Fence, ReceiptError> {
        Receipts::fence(self, issue).await
    }
}

/// No fence anywhere: everything is let in.
#[derive(Debug, Clone, Copy)]
pub struct Open;

impl Fences for Open {
    async fn fence(&self, _: &IssueId) -> Result<Fence, ReceiptError> {
        Ok(Fence::default())
    }
}

/// Writes batches behind fences.
#[derive(Debug)]
pub struct Fenced<S, F> {
    writer: Arc<Writer<S>>,
    fences: F,
    metrics: Metrics,
    shutdown: CancellationToken,
    blind: AtomicBool,
}

/// The fences of a batch's issues; the error is one that no other look mends.
type Looks = HashMap<IssueId, Result<Fence, String>>;

impl<S: Sink, F: Fences> Fenced<S, F> {
    /// Gives up waiting on `shutdown`.
    pub fn new(writer: Arc<Writer<S>>, fences: F, metrics: Metrics, shutdown: CancellationToken) -> Self {
        Self { writer, fences, metrics, shutdown, blind: AtomicBool::new(false) }
    }

    /// Writes those of `documents` that may stand in the index, and says of each, in the same order, what became of it.
    pub async fn write(&self, documents: Vec<Document>) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Stopped; documents.len()];
        let Some(fences) = self.look(documents.iter()).await else { return verdicts };
        let (mut open, mut places, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for (place, document) in documents.into_iter().enumerate() {
            match judge(&fences, &document) {
                Some(verdict) => {
                    verdicts[place] = verdict;
                    out.push((place, document.id));
                }
                None => {
                    open.push(document);
                    places.push(place);
                }
            }
        }
        if !open.is_empty() {
            for (place, verdict) in places.iter().zip(self.writer.write(&open).await) {
                verdicts[*place] = verdict;
            }
        }
        let written = || places.iter().zip(&open).filter(|(place, _)| verdicts[**place] == Verdict::Written);
        let Some(fences) = self.look(written().map(|(_, document)| document)).await else {
            return vec![Verdict::Stopped; verdicts.len()];
        };
        let late: Vec<_> = written()
            .filter_map(|(place, document)| Some((*place, document.id.clone(), judge(&fences, document)?)))
            .collect();
        for (place, id, verdict) in late {
            verdicts[place] = verdict;
            out.push((place, id));
        }
        self.take_out(out, &mut verdicts).await;
        verdicts
    }

    /// Those excluded before they were written may stand there from an earlier delivery, whose second look never came.
    async fn take_out(&self, mut out: Vec<(usize, String)>, verdicts: &mut [Verdict]) {
        out.retain(|(place, _)| matches!(verdicts[*place], Verdict::Excluded(_)));
        if out.is_empty() {
            return;
        }
        let (places, ids): (Vec<usize>, Vec<String>) = out.into_iter().unzip();
        let done = self.writer.delete(&ids).await;
        for place in places {
            match &verdicts[place] {
                Verdict::Excluded(why) if done => self.metrics.excluded(*why),
                _ => verdicts[place] = Verdict::Stopped,
            }
        }
    }

    /// The fences of the documents' issues, read now, however long that takes; `None` if asked to stop meanwhile.
    async fn look(&self, documents: impl Iterator<Item = &Document>) -> Option<Looks> {
        let issues: BTreeSet<IssueId> = documents.map(|document| document.issue.clone()).collect();
        let reading = stream::iter(issues).map(|issue| self.fence(issue)).buffer_unordered(AT_ONCE).collect::<Looks>();
        tokio::select! {
            biased;
            looks = reading => Some(looks),
            () = self.shutdown.cancelled() => None,
        }
    }

    async fn fence(&self, issue: IssueId) -> (IssueId, Result<Fence, String>) {
        loop {
            let error = match self.fences.fence(&issue).await {
                Ok(fence) => {
                    if self.blind.swap(false, Ordering::Relaxed) {
                        tracing::info!("fences of issues are read again");
                    }
                    return (issue, Ok(fence));
                }
                // Its articles become dead letters; all others go on.
                Err(error @ ReceiptError::Invalid { .. }) => return (issue, Err(error.to_string())),
                Err(error) => error,
            };
            if !self.blind.swap(true, Ordering::Relaxed) {
                tracing::warn!(%error, "fences of issues cannot be read, nothing is written until they can");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// What becomes of a document that is not written, or does not stay; `None`: it may stand in the index.
fn judge(fences: &Looks, document: &Document) -> Option<Verdict> {
    match fences.get(&document.issue) {
        Some(Ok(fence)) => fence.excludes_article(&document.article, document.revision).map(Verdict::Excluded),
        Some(Err(reason)) => Some(Verdict::Failing(reason.clone())),
        None => Some(Verdict::Stopped),
    }
}

#[cfg(test)]
#[path = "fenced_tests.rs"]
mod tests;
