//! Withdrawn issues and killed articles: a tombstone on the fence, then out of the index.

use std::sync::Arc;
use std::time::Duration;

use bus::{Failure, Handler, Incoming};
use contract::event::{Event, decode};
use contract::receipt::{ReceiptError, Receipts};
use contract::{ArticleKilled, ContractError, Envelope, IssueId, IssueWithdrawn, Tombstone};

use crate::servers::Servers;
use crate::sink::{Purge, Sink};

/// Pause after the fence could not be changed.
const PAUSE: Duration = Duration::from_secs(1);

/// Handles events of withdrawn issues and killed articles.
#[derive(Debug)]
pub struct Removals<S> {
    /// Where it is taken out.
    pub servers: Arc<Servers<S>>,
    /// Where the fences are.
    pub receipts: Receipts,
}

/// The event, if it is of this kind.
fn as_event<E: Event>(message: &Incoming) -> Result<Option<(E, Envelope)>, Failure> {
    match decode::<E>(message) {
        Ok(found) => Ok(Some(found)),
        Err(ContractError::Type { .. }) => Ok(None),
        Err(error) => Err(Failure::permanent(error)),
    }
}

fn not_changed(error: ReceiptError) -> Failure {
    match error {
        ReceiptError::Bus(error) => Failure::not_yet(error, PAUSE),
        invalid @ ReceiptError::Invalid { .. } => Failure::permanent(invalid),
    }
}

impl<S: Sink> Removals<S> {
    /// Who published the event without intake has put no tombstone up.
    async fn withdraw(&self, event: IssueWithdrawn, envelope: Envelope, attempt: u64) -> Result<(), Failure> {
        let IssueWithdrawn { issue, reason } = event;
        let tombstone = Tombstone { at: envelope.time, reason };
        let change = self.receipts.change_fence(&issue, |fence| fence.withdraw(tombstone.clone()));
        change.await.map_err(not_changed)?;
        self.purge(&issue, &Purge::Issue(issue.clone()), attempt).await?;
        tracing::info!(%issue, "issue withdrawn, it is out of the index");
        Ok(())
    }

    async fn kill(&self, event: ArticleKilled, envelope: Envelope, attempt: u64) -> Result<(), Failure> {
        let ArticleKilled { article, issue, reason } = event;
        if article.issue().is_some_and(|own| own != issue) {
            return Err(Failure::permanent(format!("article {article} is none of issue {issue}")));
        }
        let tombstone = Tombstone { at: envelope.time, reason };
        let change = self.receipts.change_fence(&issue, |fence| fence.kill(&article, tombstone.clone()));
        change.await.map_err(not_changed)?;
        self.purge(&issue, &Purge::Article(article.clone()), attempt).await?;
        tracing::info!(%article, "article killed, it is out of the index");
        Ok(())
    }

    /// On the issue's own server first, then on the others: it may have stood there before there were so many.
    async fn purge(&self, issue: &IssueId, purge: &Purge, attempt: u64) -> Result<(), Failure> {
        self.servers.of(issue).purge(purge, attempt).await?;
        for server in self.servers.besides(issue) {
            server.purge(purge, attempt).await?;
        }
        Ok(())
    }
}

impl<S: Sink> Handler for Removals<S> {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        if let Some((event, envelope)) = as_event(message)? {
            return self.withdraw(event, envelope, message.attempt).await;
        }
        match as_event(message)? {
            Some((event, envelope)) => self.kill(event, envelope, message.attempt).await,
            None => Err(Failure::permanent("neither a withdrawn issue nor a killed article")),
        }
    }
}
