//! How far an issue has come. Each stage writes a key of its own, so no two services write the same one.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bus::{BusError, Entry, Kv};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::article::WarningCode;
use crate::fence::{Fence, Tombstone};
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
    /// It was withdrawn, and does not come back.
    Withdrawn,
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
    /// What may stand in the index.
    #[serde(default)]
    pub fence: Fence,
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
    /// What the sender said the date is.
    #[serde(default)]
    pub date: Option<Date>,
    /// Its place in the stream: the issue's revision.
    pub revision: u64,
    /// SHA-256 of its bytes, in hex.
    #[serde(default)]
    pub sha256: String,
}

/// Written by parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extracted {
    /// When.
    pub at: Timestamp,
    /// Of which revision.
    #[serde(default)]
    pub revision: u64,
    /// How many articles.
    pub articles: u32,
    /// Pages that the file holds.
    #[serde(default)]
    pub pages_seen: Vec<u32>,
    /// Pages that were promised and are not there.
    #[serde(default)]
    pub pages_missing: Vec<u32>,
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
    /// Which revision.
    #[serde(default)]
    pub revision: u64,
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
    /// Of which revision.
    #[serde(default)]
    pub revision: u64,
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
pub struct Receipts(pub(crate) Kv);

pub(crate) const RECEIVED: &str = "received";
pub(crate) const EXTRACTED: &str = "extracted";
pub(crate) const INDEXED: &str = "indexed";
const FAILED: &str = "failed";
pub(crate) const FENCE: &str = "fence";

/// What is known of an issue that is about to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It never came, or came with other bytes, or a stage gave it up or an article of it: publish it. `replaces` is the
    /// revision that was the newest until now.
    Publish {
        /// The newest revision, if there is one.
        replaces: Option<u64>,
    },
    /// These bytes are its newest revision already.
    Same,
    /// It was withdrawn, and does not come back.
    Withdrawn(Tombstone),
}

impl Receipts {
    /// Receipts kept in this bucket.
    pub fn new(bucket: Kv) -> Self {
        Self(bucket)
    }

    /// Notes that a revision of the issue was admitted, unless a newer one is noted already.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn received(&self, issue: &IssueId, entry: &Received) -> Result<(), ReceiptError> {
        self.put_newer(format!("{issue}.{RECEIVED}"), entry, entry.revision, |old: &Received| old.revision).await
    }

    /// Notes what was found in a revision of the issue, unless a newer one is noted already.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn extracted(&self, issue: &IssueId, entry: &Extracted) -> Result<(), ReceiptError> {
        self.put_newer(format!("{issue}.{EXTRACTED}"), entry, entry.revision, |old: &Extracted| old.revision).await
    }

    /// Notes that a revision of the issue can be searched, unless a newer one is noted already.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn indexed(&self, issue: &IssueId, entry: &Indexed) -> Result<(), ReceiptError> {
        self.put_newer(format!("{issue}.{INDEXED}"), entry, entry.revision, |old: &Indexed| old.revision).await
    }

    /// Notes that a stage gave up on the issue or on one article of it.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn failed(&self, issue: &IssueId, entry: &Failed) -> Result<(), ReceiptError> {
        let article = entry.article.as_ref().map_or("all", ArticleId::as_str);
        self.put(format!("{issue}.{FAILED}.{}.{article}", entry.stage), entry).await
    }

    /// Forgets that a stage gave up on the issue or on one article of it: it is to be handled again.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn forget_failure(
        &self,
        issue: &IssueId,
        stage: &str,
        article: Option<&ArticleId>,
    ) -> Result<(), ReceiptError> {
        let article = article.map_or("all", ArticleId::as_str);
        Ok(self.0.delete(&format!("{issue}.{FAILED}.{stage}.{article}")).await?)
    }

    /// Forgets what a stage had given up of the issue before this moment, by the broker's clock: all of it is handled again.
    /// What is given up meanwhile stays.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn forget_failures_before(
        &self,
        issue: &IssueId,
        stage: &str,
        moment: SystemTime,
    ) -> Result<(), ReceiptError> {
        for entry in self.0.entries(&format!("{issue}.{FAILED}.{stage}")).await? {
            if entry.created < moment {
                self.0.delete_at(&entry.key, entry.revision).await?;
            }
        }
        Ok(())
    }

    /// Whether a file with this hash is the issue's newest revision already.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn known(&self, issue: &IssueId, sha256: &str) -> Result<Known, ReceiptError> {
        if let Some(tombstone) = self.fence(issue).await?.withdrawn {
            return Ok(Known::Withdrawn(tombstone));
        }
        let Some(entry) = self.0.get(&format!("{issue}.{RECEIVED}")).await? else {
            return Ok(Known::Publish { replaces: None });
        };
        let newest: Received = parsed(&entry)?;
        // What was given up, as a whole or in part, may be sent again, for instance to a parser that has been mended since.
        let given_up = |failed: &Failed| failed.revision == newest.revision;
        if newest.sha256 == sha256 && !self.failures(issue).await?.iter().any(given_up) {
            return Ok(Known::Same);
        }
        Ok(Known::Publish { replaces: Some(newest.revision) })
    }

    /// Whether anything is noted of the issue: it came, by intake or straight from a sender to the broker.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn came(&self, issue: &IssueId) -> Result<bool, ReceiptError> {
        Ok(!self.0.keys(issue.as_str()).await?.is_empty())
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
        let mut fence = Fence::default();
        for entry in self.0.entries(issue.as_str()).await? {
            match entry.key.split('.').nth(1) {
                Some(RECEIVED) => received = Some(parsed(&entry)?),
                Some(EXTRACTED) => extracted = Some(parsed(&entry)?),
                Some(INDEXED) => indexed = Some(parsed(&entry)?),
                Some(FAILED) => failed.push(parsed(&entry)?),
                Some(FENCE) => fence = parsed(&entry)?,
                // Written by a later version of Pressline.
                _ => {}
            }
        }
        let received: Option<Received> = received;
        let Some(received) = received else { return Ok(None) };
        // What went wrong with a revision before the newest is history.
        failed.retain(|entry| entry.revision == 0 || entry.revision >= received.revision);
        failed.sort_by_key(|entry| entry.at);
        let reached = |revision: u64| revision == 0 || revision >= received.revision;
        let status = if fence.withdrawn.is_some() {
            Stage::Withdrawn
        } else if indexed.as_ref().is_some_and(|entry: &Indexed| reached(entry.revision)) {
            Stage::Indexed
        } else if failed.iter().any(|entry| entry.article.is_none()) {
            Stage::Failed
        } else if extracted.as_ref().is_some_and(|entry: &Extracted| reached(entry.revision)) {
            Stage::Extracted
        } else {
            Stage::Received
        };
        Ok(Some(Receipt { id: issue.clone(), status, received, extracted, indexed, failed, fence }))
    }

    /// What of the issue may stand in the index; an empty fence if nothing is said of it yet.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn fence(&self, issue: &IssueId) -> Result<Fence, ReceiptError> {
        let entry = self.0.get(&format!("{issue}.{FENCE}")).await?;
        entry.as_ref().map_or(Ok(Fence::default()), parsed)
    }

    /// Changes the fence and gives back what it is then. `change` may be called again when another was faster; it says
    /// whether there is anything to write.
    ///
    /// # Errors
    /// When the broker does not answer or an entry is not valid.
    pub async fn change_fence(
        &self,
        issue: &IssueId,
        change: impl Fn(&mut Fence) -> bool,
    ) -> Result<Fence, ReceiptError> {
        let key = format!("{issue}.{FENCE}");
        loop {
            let found = self.0.get(&key).await?;
            let mut fence = found.as_ref().map_or(Ok(Fence::default()), parsed)?;
            if !change(&mut fence) || self.put_after(&key, &fence, found.as_ref()).await? {
                return Ok(fence);
            }
        }
    }

    /// Writes `entry` unless what stands there is of a newer revision.
    async fn put_newer<T: Serialize + DeserializeOwned>(
        &self,
        key: String,
        entry: &T,
        revision: u64,
        revision_of: impl Fn(&T) -> u64,
    ) -> Result<(), ReceiptError> {
        loop {
            let found = self.0.get(&key).await?;
            if let Some(found) = &found
                && revision_of(&parsed(found)?) > revision
            {
                return Ok(());
            }
            if self.put_after(&key, entry, found.as_ref()).await? {
                return Ok(());
            }
        }
    }

    /// Writes `entry` if `found` is still what stands there; false if another was faster.
    async fn put_after<T: Serialize>(&self, key: &str, entry: &T, found: Option<&Entry>) -> Result<bool, ReceiptError> {
        let text = written(key, entry)?;
        let put = match found {
            Some(found) => self.0.update(key, text, found.revision).await?,
            None => self.0.create(key, text).await?,
        };
        Ok(put.is_some())
    }

    async fn put<T: Serialize>(&self, key: String, entry: &T) -> Result<(), ReceiptError> {
        let text = written(&key, entry)?;
        self.0.put(&key, text).await?;
        Ok(())
    }
}

fn written<T: Serialize>(key: &str, entry: &T) -> Result<Vec<u8>, ReceiptError> {
    serde_json::to_vec(entry).map_err(|error| ReceiptError::Invalid { key: key.to_owned(), reason: error.to_string() })
}

pub(crate) fn parsed<T: DeserializeOwned>(entry: &Entry) -> Result<T, ReceiptError> {
    serde_json::from_slice(&entry.value)
        .map_err(|error| ReceiptError::Invalid { key: entry.key.clone(), reason: error.to_string() })
}
