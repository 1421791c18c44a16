//! Manifest events: an issue is closed when all its articles can be found, or were given up. Then, and not before, its
//! older revisions leave the index.
//!
//! A replay may be read by a newer parser, which finds other articles in the same revision. Its manifest waits for just its
//! own, and takes out what the older parser had found besides; the older manifest, should it still wait, is done with then.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bus::{Bus, Failure, Handler, Incoming, PublishError};
use contract::event::{decode, encode};
use contract::names::Work;
use contract::receipt::{Indexed, Receipts};
use contract::{ArticleId, Envelope, Excluded, IssueId, IssueIndexed, Lane, Manifest};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use tracing::field::Empty;

use crate::metrics::Metrics;
use crate::servers::{Servers, come_again};
use crate::sink::{Purge, Sink, Which};

/// `ce-source` of what the indexer publishes.
pub const SOURCE: &str = "/pressline/indexer";

/// First pause before an issue is looked at again; each is twice the one before.
const FIRST_LOOK: Duration = Duration::from_millis(100);
/// Longest pause.
const LONGEST_LOOK: Duration = Duration::from_secs(2);
/// How long an issue is held and looked at, at each of its first deliveries. Those held are the oldest ones, and few: when
/// a backfill brings thousands of manifests before their articles are in, all of them asking every two seconds would
/// keep the search server busier than the articles.
const PATIENCE: Duration = Duration::from_secs(30);
/// The receipts are asked for articles that were given up at every so-manieth look, and when no more articles come in.
const LOOKS_PER_QUESTION: u64 = 5;
/// The deliveries that are held so long; more than one, because a restart takes one.
const PATIENT_DELIVERIES: u64 = 3;
/// Every so many deliveries it is said that an issue still waits: about every ten minutes.
const DELIVERIES_PER_LINE: u64 = 10;

/// Handles manifest events.
#[derive(Debug)]
pub struct Manifests<S> {
    /// Where the documents are counted, and older revisions taken out.
    pub servers: Arc<Servers<S>>,
    /// Where the event goes.
    pub bus: Bus,
    /// Where it is written how the issue ended.
    pub receipts: Receipts,
    /// Numbers.
    pub metrics: Metrics,
    /// Ends the waiting for articles.
    pub shutdown: CancellationToken,
}

/// How an issue stands.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Every article is found or given up.
    Complete { articles: u32, failed: u32 },
    /// So many are still on their way.
    Missing(u64),
    /// It may not stand in the index: nothing is left to close.
    Excluded(Excluded),
    /// Another manifest has closed this revision.
    Closed,
}

/// 100 ms, 200 ms … 2 s.
fn next_look(look: u64) -> Duration {
    (FIRST_LOOK * 2u32.pow(look.saturating_sub(1).min(10) as u32)).min(LONGEST_LOOK)
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl<S: Sink> Manifests<S> {
    /// How the issue stands when it is complete, or when patience ends.
    async fn standing(&self, manifest: &Manifest, replay: bool, attempt: u64) -> Result<Standing, String> {
        let articles: HashSet<&ArticleId> = manifest.articles.iter().collect();
        let total = articles.len() as u64;
        if total == 0 {
            return Ok(Standing::Complete { articles: 0, failed: 0 });
        }
        let (revision, all) = (manifest.revision, &manifest.articles[..]);
        let own = if replay { Which::Among(revision, all) } else { Which::Of(revision) };
        let patience = if attempt <= PATIENT_DELIVERIES { PATIENCE } else { Duration::ZERO };
        let deadline = Instant::now() + patience;
        let (mut look, mut before) = (0, None);
        loop {
            look += 1;
            let pause = next_look(look);
            let last = Instant::now() + pause > deadline || self.shutdown.is_cancelled();
            let standing = match self.count(manifest, own).await {
                Ok(found) if found >= total => return Ok(Standing::Complete { articles: small(total), failed: 0 }),
                Ok(found) => {
                    // As long as they come in, there is no need to ask for those that never will.
                    let stalled = found > 0 && before.replace(found) == Some(found);
                    if last || stalled || look % LOOKS_PER_QUESTION == 0 {
                        self.short_of(manifest, &articles, replay).await
                    } else {
                        Ok(Standing::Missing(total - found))
                    }
                }
                Err(reason) => Err(reason),
            };
            // The hand is for the issues of servers that answer.
            let away = self.servers.are_several() && standing.is_err();
            if last
                || away
                || matches!(standing, Ok(Standing::Complete { .. } | Standing::Excluded(_) | Standing::Closed))
            {
                return standing;
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return standing,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// How an issue stands of which some articles are not there.
    async fn short_of(
        &self,
        manifest: &Manifest,
        articles: &HashSet<&ArticleId>,
        replay: bool,
    ) -> Result<Standing, String> {
        let (issue, revision) = (&manifest.issue.id, manifest.revision);
        let fence = self.receipts.fence(issue).await.map_err(|error| error.to_string())?;
        if let Some(why) = fence.excludes(revision) {
            return Ok(Standing::Excluded(why));
        }
        let failures = self.receipts.failures(issue).await.map_err(|error| error.to_string())?;
        let given_up: HashSet<&ArticleId> = failures
            .iter()
            // What an older revision was given up for may go in well now; 0: its message did not say which.
            .filter(|failed| {
                failed.stage == Work::Index.stage() && (failed.revision == 0 || failed.revision == revision)
            })
            .filter_map(|failed| failed.article.as_ref())
            .chain(fence.killed.keys())
            .collect();
        let rest: Vec<ArticleId> =
            articles.iter().filter(|article| !given_up.contains(*article)).map(|article| (*article).clone()).collect();
        let there = if rest.is_empty() { 0 } else { self.count(manifest, Which::Among(revision, &rest)).await? };
        if there >= rest.len() as u64 {
            // An article that was given up once and has been replayed since is found: it counts as found.
            let found = self.count(manifest, Which::Among(revision, &manifest.articles)).await?;
            let failed = (articles.len() as u64).saturating_sub(found);
            return Ok(Standing::Complete { articles: small(found), failed: small(failed) });
        }
        if !replay {
            let receipt = self.receipts.read(issue).await.map_err(|error| error.to_string())?;
            if receipt.and_then(|receipt| receipt.indexed).is_some_and(|indexed| indexed.revision == revision) {
                return Ok(Standing::Closed);
            }
        }
        Ok(Standing::Missing(rest.len() as u64 - there))
    }

    /// Takes the older revisions out of the index, now that this one is whole; why not, if it may not stand there itself.
    async fn replace(&self, manifest: &Manifest, replay: bool, attempt: u64) -> Result<Option<Excluded>, Failure> {
        let (issue, revision) = (&manifest.issue.id, manifest.revision);
        let later = |reason: String| Failure::not_yet(reason, come_again(attempt));
        let raised = self.receipts.change_fence(issue, |fence| fence.raise(revision)).await;
        if let Some(why) = raised.map_err(|error| later(error.to_string()))?.excludes(revision) {
            return Ok(Some(why));
        }
        // A document of an older revision that comes in after this count is taken out by who wrote it.
        let server = self.servers.of(issue);
        let older =
            server.sink.count(issue, Which::Before(revision)).await.map_err(|error| later(error.to_string()))?;
        if older > 0 {
            server.purge(&Purge::Before(issue.clone(), revision), attempt).await?;
            tracing::info!(%issue, revision, older, "articles of older revisions are out of the index");
        }
        if replay {
            let besides = Purge::Besides(issue.clone(), revision, manifest.articles.clone());
            server.purge(&besides, attempt).await?;
        }
        Ok(None)
    }

    async fn count(&self, manifest: &Manifest, which: Which<'_>) -> Result<u64, String> {
        let issue = &manifest.issue.id;
        self.servers.of(issue).sink.count(issue, which).await.map_err(|error| error.to_string())
    }
}

impl<S: Sink> Manifests<S> {
    async fn close(&self, message: &Incoming, manifest: Manifest, envelope: Envelope) -> Result<(), Failure> {
        let (issue, revision) = (&manifest.issue.id, manifest.revision);
        // Nothing that stands behind this can be the manifest's fault.
        let later = |reason: String| Failure::not_yet(reason, come_again(message.attempt));
        self.servers.of(issue).is_open(message.attempt)?;
        let replay = envelope.replay.is_some();
        let (articles, failed) = match self.standing(&manifest, replay, message.attempt).await.map_err(later)? {
            Standing::Complete { articles, failed } => (articles, failed),
            Standing::Missing(missing) => {
                if message.attempt.is_multiple_of(DELIVERIES_PER_LINE) {
                    tracing::warn!(%issue, revision, missing, attempt = message.attempt, "issue still waits for articles");
                }
                return Err(later(format!("{missing} articles are not yet indexed")));
            }
            Standing::Excluded(why) => {
                tracing::info!(%issue, revision, why = why.as_str(), "revision is not closed");
                return Ok(());
            }
            Standing::Closed => return Ok(()),
        };
        if let Some(why) = self.replace(&manifest, replay, message.attempt).await? {
            tracing::info!(%issue, revision, why = why.as_str(), "revision is not closed");
            return Ok(());
        }
        let at = Timestamp::now();
        let event = IssueIndexed { issue: issue.clone(), revision, articles, failed, at };
        let outgoing = encode(&event, &envelope.onward(SOURCE, at)).map_err(Failure::permanent)?;
        self.bus.publish(outgoing).await.map_err(|error| match error {
            PublishError::Unavailable { .. } | PublishError::Full { .. } => later(error.to_string()),
            other => Failure::permanent(other),
        })?;
        let receipt = Indexed { at, revision, articles, failed };
        self.receipts.indexed(issue, &receipt).await.map_err(|error| later(error.to_string()))?;
        self.metrics.issue();
        self.admitted(issue, envelope.lane, at).await;
        tracing::info!(%issue, revision, articles, failed, "issue can be searched");
        Ok(())
    }

    /// Counts how long the issue took from admission. What was admitted long ago and is handled again took that long, too.
    async fn admitted(&self, issue: &IssueId, lane: Lane, searchable: Timestamp) {
        // A number less is no reason to close the issue again.
        if let Ok(Some(receipt)) = self.receipts.read(issue).await {
            self.metrics.searchable(lane, searchable.duration_since(receipt.received.at));
        }
    }
}

impl<S: Sink> Handler for Manifests<S> {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        let (manifest, mut envelope) = decode::<Manifest>(message).map_err(Failure::permanent)?;
        let span = tracing::info_span!("indexer.close", issue = %manifest.issue.id, trace_id = Empty);
        runtime::trace::join(&span, &mut envelope.traceparent);
        self.close(message, manifest, envelope).instrument(span).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_less_often_but_never_cease() {
        let looks = [1, 2, 3, 5, 6, u64::MAX].map(|look| next_look(look).as_millis());
        assert_eq!(looks, [100, 200, 400, 1_600, 2_000, 2_000]);
    }
}
