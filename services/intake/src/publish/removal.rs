//! Taking back what was published: an event that has it taken out of the index, and a tombstone on the issue's fence.
//!
//! The event comes first: whoever takes it out puts up the tombstone, too, so that a crash between the two leaves nothing
//! half withdrawn. Only after both is the sender answered.

use contract::event::{Event, encode};
use contract::{ArticleId, ArticleKilled, ContractError, Envelope, IssueId, IssueWithdrawn, Lane, Tombstone};
use jiff::Timestamp;

use super::{Publisher, SOURCE, Undelivered};

impl From<ContractError> for Undelivered {
    fn from(error: ContractError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl Publisher {
    /// Withdraws an issue for good; gives the tombstone, which is the first one if it was withdrawn before. `None` if no such
    /// issue ever came.
    ///
    /// # Errors
    /// When the broker does not take it now; again later is right.
    pub async fn withdraw(&self, issue: &IssueId, reason: &str) -> Result<Option<Tombstone>, Undelivered> {
        let event = IssueWithdrawn { issue: issue.clone(), reason: reason.to_owned() };
        let Some(tombstone) = self.take_back(issue, &event, reason).await? else { return Ok(None) };
        let fence = self.receipts.change_fence(issue, |fence| fence.withdraw(tombstone.clone())).await?;
        Ok(fence.withdrawn)
    }

    /// Kills an article of `issue` for good, in all its revisions; gives the tombstone, which is the first one if it was
    /// killed before. `None` if no such issue ever came.
    ///
    /// # Errors
    /// When the broker does not take it now; again later is right.
    pub async fn kill(
        &self,
        article: &ArticleId,
        issue: &IssueId,
        reason: &str,
    ) -> Result<Option<Tombstone>, Undelivered> {
        let event = ArticleKilled { article: article.clone(), issue: issue.clone(), reason: reason.to_owned() };
        let Some(tombstone) = self.take_back(issue, &event, reason).await? else { return Ok(None) };
        let fence = self.receipts.change_fence(issue, |fence| fence.kill(article, tombstone.clone())).await?;
        Ok(fence.killed.get(article).cloned())
    }

    /// Publishes the event and gives the tombstone that goes with it.
    async fn take_back<E: Event>(
        &self,
        issue: &IssueId,
        event: &E,
        reason: &str,
    ) -> Result<Option<Tombstone>, Undelivered> {
        if !self.receipts.came(issue).await? {
            return Ok(None);
        }
        let at = Timestamp::now();
        let received = self.receipts.read(issue).await?.map(|receipt| receipt.received);
        let envelope = Envelope {
            source: SOURCE.to_owned(),
            time: at,
            // It must not wait for an archive, whatever queue the issue came by.
            lane: Lane::Live,
            publication: received.and_then(|received| received.publication),
            traceparent: None,
            replay: None,
        };
        self.bus.publish(encode(event, &envelope)?).await?;
        Ok(Some(Tombstone { at, reason: reason.to_owned() }))
    }
}
