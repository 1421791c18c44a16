//! One issue from its event to its articles' events.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bus::{Bus, BusError, Failure, Handler, Incoming, Objects, Outgoing, PublishError};
use bytes::Bytes;
use contract::event::{Payload, decode_received, encode, publication_of, revision_of};
use contract::names::Work;
use contract::receipt::{Extracted, Failed, ReceiptError, Receipts};
use contract::{Arrived, Days, Envelope, Excluded, IssueId, IssueReceived, Titles, WarningCode, parts};
use data_encoding::HEXLOWER;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tracing::Instrument;
use tracing::field::Empty;

use crate::metrics::Metrics;
use crate::{Analyzer, Extraction, Source, analyse, extract_with};

/// `ce-source` of what the parser publishes.
pub const SOURCE: &str = "/pressline/parser";

/// Dictionaries and statistics, loaded with the first issue: a parser that waits for one takes a seventh of the memory, and is
/// there at once.
pub type LazyAnalyzer = LazyLock<Analyzer, Box<dyn FnOnce() -> Analyzer + Send>>;

/// Pause after something failed that is not the issue's fault.
const PAUSE: Duration = Duration::from_secs(1);
/// How often a receipt is tried in one delivery of an issue.
const RECEIPT_TRIES: u32 = 30;

/// Handles events of received issues.
pub struct Issues {
    /// Where articles go.
    pub bus: Bus,
    /// Where large files are.
    pub files: Objects,
    /// Where it is written what was found.
    pub receipts: Receipts,
    /// Where it is written what came of each title and day.
    pub days: Days,
    /// Keywords and names.
    pub analyzer: Arc<LazyAnalyzer>,
    /// What is known of the newspapers that come in.
    pub titles: Arc<Titles>,
    /// Issues that are read at the same time: reading is work for a core.
    pub readers: Arc<Semaphore>,
    /// Articles of one issue that are published at the same time.
    pub publishing: usize,
    /// Most bytes of a file.
    pub file_bytes: usize,
    /// Numbers.
    pub metrics: Metrics,
}

/// Media types whose content is read, charset and parameters aside; several files are judged one by one.
fn is_text(media_type: &str) -> bool {
    if parts::is_multipart(media_type) {
        return true;
    }
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(name.as_str(), "text/plain" | "text/markdown" | "text/x-markdown" | "application/octet-stream")
}

fn later(error: impl ToString) -> Failure {
    Failure::not_yet(error, PAUSE)
}

impl Issues {
    async fn bytes(&self, received: &IssueReceived, payload: Payload) -> Result<Bytes, Failure> {
        let bytes = match payload {
            Payload::Inline(bytes) => bytes,
            Payload::Reference(name) => {
                self.files.get(&name, self.file_bytes).await.map_err(|error| match error {
                    BusError::Unavailable { .. } | BusError::Connect { .. } => later(error),
                    // The reference is published after the file, but a mirror of the store may lag behind.
                    BusError::NotFound { .. } => Failure::transient(error),
                    _ => Failure::permanent(error),
                })?
            }
        };
        let found = HEXLOWER.encode(&Sha256::digest(&bytes));
        if found == received.sha256 {
            return Ok(bytes);
        }
        Err(Failure::permanent(format!(
            "the event names a file with sha256 {}, its file has {found}; send the file through intake",
            received.sha256
        )))
    }

    /// Reads a file on a thread of its own: that is work, not waiting.
    async fn read(&self, bytes: Bytes, received: IssueReceived, revision: u64) -> Result<Extraction, Failure> {
        let permit = self.readers.clone().acquire_owned().await.map_err(Failure::transient)?;
        let (analyzer, titles) = (self.analyzer.clone(), self.titles.clone());
        let (size, started) = (bytes.len(), Instant::now());
        let reading = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut extraction = extract_with(&Source { bytes: &bytes, received: &received, revision }, &titles)?;
            analyse(&analyzer, &mut extraction.articles);
            Ok::<_, crate::Unreadable>(extraction)
        });
        let read = reading.await.map_err(|fault| Failure::transient(format!("reading the file failed: {fault}")))?;
        self.metrics.read(size, started.elapsed());
        read.map_err(|unreadable| {
            self.metrics.unreadable();
            Failure::permanent(unreadable)
        })
    }

    async fn publish(&self, message: Outgoing) -> Result<(), Failure> {
        match self.bus.publish(message).await {
            Ok(_) => Ok(()),
            Err(error @ (PublishError::Unavailable { .. } | PublishError::Full { .. })) => Err(later(error)),
            Err(error) => Err(Failure::permanent(error)),
        }
    }

    /// The messages of all articles, and the manifest's. What the broker would not take is found here, before the first
    /// is published: an issue goes out whole or not at all.
    fn messages(&self, extraction: &Extraction, envelope: &Envelope) -> Result<(Vec<Outgoing>, Outgoing), Failure> {
        let mut envelope = envelope.onward(SOURCE, Timestamp::now());
        // What the sender did not say, the registry of titles may know.
        let known = || extraction.manifest.issue.publication.as_ref().and_then(|publication| publication.id.clone());
        envelope.publication = envelope.publication.or_else(known);
        let articles: Vec<Outgoing> = extraction
            .articles
            .iter()
            .map(|article| encode(article, &envelope).map_err(Failure::permanent))
            .collect::<Result<_, _>>()?;
        let manifest = encode(&extraction.manifest, &envelope).map_err(Failure::permanent)?;
        let most = self.bus.max_payload().saturating_sub(HEADROOM);
        for message in articles.iter().chain([&manifest]) {
            let size = message.payload.len();
            if size > most {
                let id = &message.message_id;
                return Err(Failure::permanent(format!(
                    "{id} has {size} bytes, the broker takes {most}: split the file by pages, or raise the broker's max_payload"
                )));
            }
        }
        Ok((articles, manifest))
    }

    /// All articles, then the manifest, so that who reads the manifest can find what it names.
    async fn publish_all(&self, articles: Vec<Outgoing>, manifest: Outgoing) -> Result<(), Failure> {
        stream::iter(articles)
            .map(|message| self.publish(message))
            .buffer_unordered(self.publishing)
            .try_collect::<()>()
            .await?;
        self.publish(manifest).await
    }

    /// Why this revision is not published, as things stand; `None` if it is.
    async fn excluded(&self, issue: &IssueId, revision: u64) -> Result<Option<Excluded>, Failure> {
        Ok(self.receipts.fence(issue).await.map_err(unknown)?.excludes(revision))
    }

    /// From here on older revisions are done with. Why this one is, too, if it is.
    async fn raise(&self, issue: &IssueId, revision: u64) -> Result<Option<Excluded>, Failure> {
        let fence = self.receipts.change_fence(issue, |fence| fence.raise(revision)).await;
        Ok(fence.map_err(unknown)?.excludes(revision))
    }

    fn skip(&self, issue: &IssueId, revision: u64, why: Excluded) {
        self.metrics.skipped(why);
        tracing::info!(%issue, revision, why = why.as_str(), "issue is not published");
    }
}

/// What keeps the fence from being read: a broker that is away, or what no other try mends.
fn unknown(error: ReceiptError) -> Failure {
    match error {
        ReceiptError::Bus(error) => later(error),
        invalid @ ReceiptError::Invalid { .. } => Failure::permanent(invalid),
    }
}

/// Writes a receipt, however long the broker is away, within reason: what it is about has been done and need not be done again.
async fn noted<F>(write: impl Fn() -> F) -> Result<(), ReceiptError>
where
    F: Future<Output = Result<(), ReceiptError>>,
{
    let mut tries = 1;
    loop {
        match write().await {
            Err(ReceiptError::Bus(_)) if tries < RECEIPT_TRIES => tries += 1,
            done => return done,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Left of a message's bytes for its headers.
const HEADROOM: usize = 16 << 10;

fn warnings(extraction: &Extraction) -> BTreeMap<WarningCode, u32> {
    let mut counts = BTreeMap::new();
    let all = extraction.articles.iter().flat_map(|article| &article.warnings).chain(&extraction.manifest.warnings);
    for warning in all {
        *counts.entry(warning.code).or_default() += 1;
    }
    counts
}

impl Issues {
    async fn extract(
        &self,
        message: &Incoming,
        received: IssueReceived,
        payload: Payload,
        envelope: Envelope,
    ) -> Result<(), Failure> {
        if !is_text(&received.media_type) {
            return Err(Failure::permanent(format!(
                "unsupported media type {}: send text/plain or text/markdown",
                received.media_type
            )));
        }
        let issue = received.id.clone();
        let revision = revision_of(message).map_err(Failure::permanent)?;
        if let Some(why) = self.excluded(&issue, revision).await? {
            self.skip(&issue, revision, why);
            return Ok(());
        }
        let bytes = self.bytes(&received, payload).await?;
        let extraction = self.read(bytes, received, revision).await?;
        let (articles, manifest) = self.messages(&extraction, &envelope)?;
        // Not before it could be read: what cannot be takes no older revision out of the index.
        if let Some(why) = self.raise(&issue, revision).await? {
            self.skip(&issue, revision, why);
            return Ok(());
        }
        if envelope.replay.is_some() {
            // Its articles are handled anew. Before the first goes out, so that none is given up again meanwhile and forgotten.
            let index = Work::Index.stage();
            let forgotten = self.receipts.forget_failures_before(&issue, index, message.published).await;
            forgotten.map_err(unknown)?;
        }
        self.publish_all(articles, manifest).await?;
        let warnings = warnings(&extraction);
        let manifest = &extraction.manifest;
        let entry = Extracted {
            at: Timestamp::now(),
            revision,
            articles: u32::try_from(extraction.articles.len()).unwrap_or(u32::MAX),
            pages_seen: manifest.pages_seen.clone(),
            pages_missing: manifest.pages_missing.clone(),
            warnings: warnings.clone(),
            publication: manifest.issue.publication.as_ref().and_then(|publication| publication.name.clone()),
            date: manifest.issue.date,
        };
        noted(|| self.receipts.extracted(&issue, &entry)).await.map_err(later)?;
        if let (Some(publication), Some(date)) = (publication_of(&manifest.issue), manifest.issue.date) {
            let Extracted { at, revision, articles, .. } = entry;
            let (pages_seen, pages_missing) = (entry.pages_seen.clone(), entry.pages_missing.clone());
            let arrived = Arrived { revision, at, pages_seen, pages_missing, articles };
            self.days.arrived(&publication, date, &issue, &arrived).await.map_err(later)?;
        }
        self.metrics.published(&extraction, warnings.into_iter());
        tracing::info!(%issue, revision = manifest.revision, articles = entry.articles, "issue extracted");
        Ok(())
    }
}

impl Handler for Issues {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        let (received, payload, mut envelope) = decode_received(message).map_err(Failure::permanent)?;
        let span = tracing::info_span!("parser.extract", issue = %received.id, trace_id = Empty);
        runtime::trace::join(&span, &mut envelope.traceparent);
        self.extract(message, received, payload, envelope).instrument(span).await
    }

    async fn dead(&self, message: &Incoming, reason: &str) {
        let Ok((received, ..)) = decode_received(message) else { return };
        let failed = Failed {
            at: Timestamp::now(),
            stage: Work::Parse.stage().to_owned(),
            reason: reason.to_owned(),
            article: None,
            revision: revision_of(message).unwrap_or(message.stream_sequence),
        };
        if let Err(error) = noted(|| self.receipts.failed(&received.id, &failed)).await {
            tracing::warn!(issue = %received.id, %error, "the receipt does not say that the issue was given up; its dead letter does");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_under_every_name_that_it_goes_by() {
        for name in
            ["text/plain", "Text/Markdown; charset=gb18030", "application/octet-stream", "multipart/mixed; boundary=x"]
        {
            assert!(is_text(name), "{name}");
        }
        for name in ["application/pdf", "image/png", "text/html", ""] {
            assert!(!is_text(name), "{name}");
        }
    }
}
