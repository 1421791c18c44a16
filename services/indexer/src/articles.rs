//! Article events: each becomes a document, and is acked when that document can be found.

use std::sync::Arc;
use std::time::Duration;

use bus::{Failure, Handler, Incoming};
use contract::event::decode;
use contract::names::Work;
use contract::receipt::{Failed, Receipts};
use contract::{Article, ArticleId, IssueId};
use jiff::Timestamp;
use serde::Deserialize;
use tracing::Instrument;
use tracing::field::Empty;

use crate::document::from_article;
use crate::metrics::Metrics;
use crate::servers::Servers;
use crate::sink::Sink;

/// How often a receipt is tried before it is only logged.
const RECEIPT_TRIES: u32 = 5;
/// The pause between two tries.
const RECEIPT_PAUSE: Duration = Duration::from_secs(1);

/// Handles article events.
#[derive(Debug)]
pub struct Articles<S> {
    /// Where documents go.
    pub servers: Arc<Servers<S>>,
    /// Most bytes of a document.
    pub limit: usize,
    /// Where it is written that an article was given up.
    pub receipts: Receipts,
    /// Numbers.
    pub metrics: Metrics,
}

/// As much of an article as even a broken one may still say.
#[derive(Deserialize)]
struct Names {
    id: ArticleId,
    issue: IssueName,
    #[serde(default)]
    revision: u64,
}

#[derive(Deserialize)]
struct IssueName {
    id: IssueId,
}

/// Not this message's fault: another indexer, or this one's next start, takes it.
pub fn stopping() -> Failure {
    Failure::not_yet("the indexer is stopping", Duration::from_millis(100))
}

impl<S: Sink> Articles<S> {
    async fn write(&self, article: Article, attempt: u64) -> Result<(), Failure> {
        // A kill is kept on the fence of the issue that the article's id names.
        if article.id.issue().is_some_and(|issue| issue != article.issue.id) {
            return Err(Failure::permanent(format!("article {} is none of issue {}", article.id, article.issue.id)));
        }
        let server = self.servers.of(&article.issue.id);
        let _hand = server.hand(attempt)?;
        let document = from_article(&article, self.limit).map_err(Failure::permanent)?;
        drop(article);
        if document.cut {
            self.metrics.cut();
            tracing::warn!(article = %document.id, limit = self.limit, "body was cut to fit batch.document_bytes");
        }
        server.write(document).await
    }
}

impl<S: Sink> Handler for Articles<S> {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        let (article, mut envelope) = decode::<Article>(message).map_err(Failure::permanent)?;
        let span = tracing::info_span!("indexer.write", issue = %article.issue.id, trace_id = Empty);
        runtime::trace::join(&span, &mut envelope.traceparent);
        self.write(article, message.attempt).instrument(span).await
    }

    async fn dead(&self, message: &Incoming, reason: &str) {
        let names: Names = match serde_json::from_slice(&message.payload) {
            Ok(names) => names,
            Err(error) => {
                tracing::error!(
                    sequence = message.stream_sequence, %error,
                    "a dead letter does not say its issue, whose receipt will wait; fix and replay it"
                );
                return;
            }
        };
        let failed = Failed {
            at: Timestamp::now(),
            stage: Work::Index.stage().to_owned(),
            reason: reason.to_owned(),
            article: Some(names.id),
            revision: names.revision,
        };
        for tries in 1..=RECEIPT_TRIES {
            match self.receipts.failed(&names.issue.id, &failed).await {
                Ok(()) => return,
                Err(error) if tries == RECEIPT_TRIES => {
                    tracing::error!(issue = %names.issue.id, %error, "receipt of a dead letter was not written");
                }
                Err(_) => tokio::time::sleep(RECEIPT_PAUSE).await,
            }
        }
    }
}
