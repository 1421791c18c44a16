//! Manifest events: an issue is closed when all its articles can be found, or were given up.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, Failure, Handler, Incoming, PublishError};
use contract::event::{decode, encode};
use contract::names::Work;
use contract::receipt::{Indexed, Receipts};
use contract::{ArticleId, IssueIndexed, Manifest};
use jiff::Timestamp;

use crate::metrics::Metrics;
use crate::sink::{Sink, Which};

/// `ce-source` of what the indexer publishes.
pub const SOURCE: &str = "/pressline/indexer";

/// First pause before an issue is looked at again.
const FIRST_LOOK: Duration = Duration::from_millis(100);
/// Longest pause.
const LONGEST_LOOK: Duration = Duration::from_secs(2);
/// Every so many looks it is said that an issue still waits: about every ten minutes.
const LOOKS_PER_LINE: u64 = 300;

/// Handles manifest events.
#[derive(Debug)]
pub struct Manifests<S> {
    /// Where the documents are counted.
    pub sink: Arc<S>,
    /// Where the event goes.
    pub bus: Bus,
    /// Where it is written how the issue ended.
    pub receipts: Receipts,
    /// Numbers.
    pub metrics: Metrics,
}

/// How an issue stands.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Every article is found or given up.
    Complete { articles: u32, failed: u32 },
    /// So many are still on their way.
    Missing(u64),
    /// A newer revision has begun to come in; its own manifest will close the issue.
    Superseded,
}

/// Grows with the attempts: 100 ms, 200 ms … 2 s.
fn next_look(attempt: u64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(5) as u32;
    (FIRST_LOOK * 2u32.pow(doublings)).min(LONGEST_LOOK)
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl<S: Sink> Manifests<S> {
    async fn standing(&self, manifest: &Manifest) -> Result<Standing, String> {
        let issue = &manifest.issue.id;
        let articles: HashSet<&ArticleId> = manifest.articles.iter().collect();
        let total = articles.len() as u64;
        if total == 0 {
            return Ok(Standing::Complete { articles: 0, failed: 0 });
        }
        let count = |which| async move { self.sink.count(issue, which).await.map_err(|error| error.to_string()) };
        let found = count(Which::Of(manifest.revision)).await?.min(total);
        let missing = total - found;
        if missing == 0 {
            return Ok(Standing::Complete { articles: small(found), failed: 0 });
        }
        let failures = self.receipts.failures(issue).await.map_err(|error| error.to_string())?;
        let given_up: HashSet<&ArticleId> = failures
            .iter()
            .filter(|failed| failed.stage == Work::Index.stage())
            .filter_map(|failed| failed.article.as_ref())
            .filter(|article| articles.contains(article))
            .collect();
        // An article that was given up once and has been replayed since is found: it counts as found.
        if given_up.len() as u64 >= missing {
            return Ok(Standing::Complete { articles: small(found), failed: small(missing) });
        }
        if count(Which::NewerThan(manifest.revision)).await? > 0 {
            return Ok(Standing::Superseded);
        }
        Ok(Standing::Missing(missing))
    }
}

impl<S: Sink> Handler for Manifests<S> {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        let (manifest, envelope) = decode::<Manifest>(message).map_err(Failure::permanent)?;
        let (issue, revision) = (&manifest.issue.id, manifest.revision);
        // Nothing that stands behind this can be the manifest's fault.
        let later = |reason: String| Failure::not_yet(reason, next_look(message.attempt));
        let (articles, failed) = match self.standing(&manifest).await.map_err(later)? {
            Standing::Complete { articles, failed } => (articles, failed),
            Standing::Missing(missing) => {
                if message.attempt.is_multiple_of(LOOKS_PER_LINE) {
                    tracing::warn!(%issue, revision, missing, attempt = message.attempt, "issue still waits for articles");
                }
                return Err(later(format!("{missing} articles are not yet indexed")));
            }
            Standing::Superseded => {
                tracing::info!(%issue, revision, "issue has a newer revision, which will be closed instead");
                return Ok(());
            }
        };
        let at = Timestamp::now();
        let event = IssueIndexed { issue: issue.clone(), revision, articles, failed, at };
        let outgoing = encode(&event, &envelope.onward(SOURCE, at)).map_err(Failure::permanent)?;
        self.bus.publish(outgoing).await.map_err(|error| match error {
            PublishError::Unavailable { .. } | PublishError::Full { .. } => later(error.to_string()),
            other => Failure::permanent(other),
        })?;
        let receipt = Indexed { at, articles, failed };
        self.receipts.indexed(issue, &receipt).await.map_err(|error| later(error.to_string()))?;
        self.metrics.issue();
        tracing::info!(%issue, revision, articles, failed, "issue can be searched");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_less_often_and_never_less_than_every_two_seconds() {
        let looks: Vec<_> = [1, 2, 3, 5, 6, 1_000, u64::MAX].map(|n| next_look(n).as_millis()).to_vec();
        assert_eq!(looks, [100, 200, 400, 1_600, 2_000, 2_000, 2_000]);
    }
}
