//! How far an issue has come. Each stage writes a key of its own, so no two services write the same one.

use std::collections::BTreeMap;

use bus::{BusError, Entry, Kv};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::article::WarningCode;
use crate::ids::{ArticleId, IssueId, Lane, PublicationId};

/// How far an issue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Admitted; its articles are not yet known.
    Received,
    /// Its articles are known and on their way.
    Extracted,
    /// All its articles can be found, but for those that failed.
    Indexed,
    /// It could not be read; the reason says why.
    Failed,
}

/// What became of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// The issue.
    pub id: IssueId,
    /// The farthest stage it has reached.
    pub status: Stage,
    /// When and as what it was admitted.
    pub received: Received,
    /// What was found in it.
    pub extracted: Option<Extracted>,
    /// What of it can be searched.
    pub indexed: Option<Indexed>,
    /// What went wrong, if anything did.
    pub failed: Vec<Failed>,
}

/// Written by intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Received {
    /// When.
    pub at: Timestamp,
    /// The file's name.
    pub file_name: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// The queue it went into.
    pub lane: Lane,
    /// What the sender said the title is.
    pub publication: Option<PublicationId>,
    /// Its place in the stream: the issue's revision.
    pub revision: u64,
}

/// Written by parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extracted {
    /// When.
    pub at: Timestamp,
    /// How many articles.
    pub articles: u32,
    /// How many warnings of each kind, the issue's and its articles'.
    pub warnings: BTreeMap<WarningCode, u32>,
    /// The title, as far as known.
    pub publication: Option<String>,
    /// The date, as far as known.
    pub date: Option<Date>,
}

/// Written by indexer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Indexed {
    /// When.
    pub at: Timestamp,
    /// How many articles can be found.
    pub articles: u32,
    /// How many could not be indexed.
    pub failed: u32,
}

/// Written by the stage that gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// When.
    pub at: Timestamp,
    /// Which stage.
    pub stage: String,
    /// Why.
    pub reason: String,
    /// Which article; null: the issue as a whole.
    pub article: Option<ArticleId>,
}

/// Why a receipt cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The broker did not do it.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// What the bucket holds is not a receipt.
    #[error("receipt `{key}` is not valid: {reason}")]
    Invalid {
        /// The key in the bucket.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The receipts of all issues.
#[derive(Debug, Clone)]
pub struct Receipts(Kv);

const RECEIVED: &str = "received";
const EXTRACTED: &str = "extracted";
const INDEXED: &str = "indexed";
const FAILED: &str = "failed";

impl Receipts {
    /// Receipts kept in this bucket.
    pub fn new(bucket: Kv) -> Self {
        Self(bucket)
    }

    /// Notes that the issue was admitted.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn received(&self, issue: &IssueId, entry: &Received) -> Result<(), ReceiptError> {
        self.put(format!("{issue}.{RECEIVED}"), entry).await
    }

    /// Notes what was found in the issue.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn extracted(&self, issue: &IssueId, entry: &Extracted) -> Result<(), ReceiptError> {
        self.put(format!("{issue}.{EXTRACTED}"), entry).await
    }

    /// Notes that the issue can be searched.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn indexed(&self, issue: &IssueId, entry: &Indexed) -> Result<(), ReceiptError> {
        self.put(format!("{issue}.{INDEXED}"), entry).await
    }

    /// Notes that a stage gave up on the issue or on one article of it.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn failed(&self, issue: &IssueId, entry: &Failed) -> Result<(), ReceiptError> {
        let article = entry.article.as_ref().map_or("all", ArticleId::as_str);
        self.put(format!("{issue}.{FAILED}.{}.{article}", entry.stage), entry).await
    }

    /// Whether the issue was admitted before.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn is_known(&self, issue: &IssueId) -> Result<bool, ReceiptError> {
        Ok(self.0.get(&format!("{issue}.{RECEIVED}")).await?.is_some())
    }

    /// What went wrong with the issue, oldest first.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn failures(&self, issue: &IssueId) -> Result<Vec<Failed>, ReceiptError> {
        let mut failed: Vec<Failed> =
            self.0.entries(&format!("{issue}.{FAILED}")).await?.iter().map(parsed).collect::<Result<_, _>>()?;
        failed.sort_by_key(|entry| entry.at);
        Ok(failed)
    }

    /// The issue's receipt; `None` if it was never admitted.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn read(&self, issue: &IssueId) -> Result<Option<Receipt>, ReceiptError> {
        let (mut received, mut extracted, mut indexed) = (None, None, None);
        let mut failed: Vec<Failed> = Vec::new();
        for entry in self.0.entries(issue.as_str()).await? {
            match entry.key.split('.').nth(1) {
                Some(RECEIVED) => received = Some(parsed(&entry)?),
                Some(EXTRACTED) => extracted = Some(parsed(&entry)?),
                Some(INDEXED) => indexed = Some(parsed(&entry)?),
                Some(FAILED) => failed.push(parsed(&entry)?),
                // Written by a later version of Pressline.
                _ => {}
            }
        }
        let Some(received) = received else { return Ok(None) };
        failed.sort_by_key(|entry| entry.at);
        let status = if indexed.is_some() {
            Stage::Indexed
        } else if failed.iter().any(|entry| entry.article.is_none()) {
            Stage::Failed
        } else if extracted.is_some() {
            Stage::Extracted
        } else {
            Stage::Received
        };
        Ok(Some(Receipt { id: issue.clone(), status, received, extracted, indexed, failed }))
    }

    async fn put<T: Serialize>(&self, key: String, entry: &T) -> Result<(), ReceiptError> {
        let text = serde_json::to_vec(entry)
            .map_err(|error| ReceiptError::Invalid { key: key.clone(), reason: error.to_string() })?;
        self.0.put(&key, text).await?;
        Ok(())
    }
}

fn parsed<T: DeserializeOwned>(entry: &Entry) -> Result<T, ReceiptError> {
    serde_json::from_slice(&entry.value)
        .map_err(|error| ReceiptError::Invalid { key: entry.key.clone(), reason: error.to_string() })
}
