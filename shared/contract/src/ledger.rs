//! What is written of an issue, key by key: for who looks at many of them.

use serde::de::DeserializeOwned;

use crate::fence::Fence;
use crate::ids::IssueId;
use crate::receipt::{EXTRACTED, Extracted, INDEXED, Indexed, RECEIVED, ReceiptError, Receipts, Received, parsed};

/// The keys of all receipts' first parts, as a pattern.
pub const ALL_RECEIVED: &str = "*.received";

/// What is written of an issue, but for what went wrong with it: each part as its stage left it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By intake; none where another system publishes by itself.
    pub received: Option<Received>,
    /// By parser.
    pub extracted: Option<Extracted>,
    /// By indexer.
    pub indexed: Option<Indexed>,
    /// What may stand in the index.
    pub fence: Fence,
}

impl Ledger {
    /// Nothing is written of the issue: it never came.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Receipts {
    /// What is written of the issue, key by key: cheaper than [`Receipts::read`] where many are looked at.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn ledger(&self, issue: &IssueId) -> Result<Ledger, ReceiptError> {
        Ok(Ledger {
            received: self.part(issue, RECEIVED).await?,
            extracted: self.part(issue, EXTRACTED).await?,
            indexed: self.part(issue, INDEXED).await?,
            fence: self.fence(issue).await?,
        })
    }

    async fn part<T: DeserializeOwned>(&self, issue: &IssueId, part: &str) -> Result<Option<T>, ReceiptError> {
        self.0.get(&format!("{issue}.{part}")).await?.as_ref().map(parsed).transpose()
    }
}
