//! What came of each title on each day, and whether that is all: keys beside the receipts.
//!
//! | key | written by | holds |
//! | --- | --- | --- |
//! | `day.TITLE.DATE.ISSUE` | parser, for each issue that it reads | [`Arrived`] |
//! | `standing.TITLE` | parser, every minute where it changes | [`Standing`] |
//! | `late.TITLE.DATE.KIND` | parser, once | when it was said that the issue is late, or short |

use bus::{BusError, Kv};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{IssueId, PublicationId};
use crate::issue::Lateness;

const DAY: &str = "day";
const STANDING: &str = "standing";
const LATE: &str = "late";

/// An issue of a title and day that was read: all of it, or some of its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Which revision.
    pub revision: u64,
    /// When it was read.
    pub at: Timestamp,
    /// Pages that it holds.
    pub pages_seen: Vec<u32>,
    /// Pages that were promised and are not in it; another file may hold them.
    pub pages_missing: Vec<u32>,
    /// How many articles.
    pub articles: u32,
}

/// How far a title's issue of the day has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The title does not appear today, or its days are not known.
    None,
    /// Nothing came yet.
    Expected,
    /// Some pages came.
    Partial,
    /// All of it came.
    Complete,
    /// Nothing came by the deadline.
    Late,
    /// Pages are missing after the deadline.
    Short,
}

impl State {
    /// What is wrong, if anything is.
    pub fn lateness(self) -> Option<Lateness> {
        match self {
            Self::Late => Some(Lateness::Late),
            Self::Short => Some(Lateness::Short),
            Self::None | Self::Expected | Self::Partial | Self::Complete => None,
        }
    }

    /// As people read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Expected => "expected",
            Self::Partial => "partial",
            Self::Complete => "complete",
            Self::Late => "late",
            Self::Short => "short",
        }
    }
}

/// How a title stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The title.
    pub publication: PublicationId,
    /// Its name.
    pub name: String,
    /// The day, by the title's own clocks.
    pub date: Date,
    /// How far its issue has come.
    pub state: State,
    /// When it should be there, where that is known.
    pub deadline: Option<Timestamp>,
    /// Pages that came.
    pub pages_seen: Vec<u32>,
    /// Pages that did not.
    pub pages_missing: Vec<u32>,
    /// Articles that came.
    pub articles: u32,
    /// The files, or issues in several files, that it came in.
    pub issues: Vec<IssueId>,
}

/// The keys, in the bucket of receipts.
#[derive(Debug, Clone)]
pub struct Days(Kv);

impl Days {
    /// Kept in this bucket.
    pub fn new(bucket: Kv) -> Self {
        Self(bucket)
    }

    /// Notes what came.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn arrived(
        &self,
        publication: &PublicationId,
        date: Date,
        issue: &IssueId,
        arrived: &Arrived,
    ) -> Result<(), BusError> {
        let value = serde_json::to_vec(arrived).unwrap_or_default();
        self.0.put(&format!("{DAY}.{publication}.{date}.{issue}"), value).await.map(drop)
    }

    /// What came of a title on a day.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn of_day(&self, publication: &PublicationId, date: Date) -> Result<Vec<(IssueId, Arrived)>, BusError> {
        let entries = self.0.entries(&format!("{DAY}.{publication}.{date}")).await?;
        // What a later version wrote otherwise is left out, not a reason to say that nothing came.
        let read = entries.iter().filter_map(|entry| {
            let issue = entry.key.rsplit('.').next()?.parse().ok()?;
            Some((issue, serde_json::from_slice(&entry.value).ok()?))
        });
        Ok(read.collect())
    }

    /// True for the first who says it.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn say_once(
        &self,
        publication: &PublicationId,
        date: Date,
        kind: Lateness,
        at: Timestamp,
    ) -> Result<bool, BusError> {
        let key = format!("{LATE}.{publication}.{date}.{}", kind.as_str());
        Ok(self.0.create(&key, at.to_string()).await?.is_some())
    }

    /// Takes back that it was said: the event could not be published.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn unsay(&self, publication: &PublicationId, date: Date, kind: Lateness) -> Result<(), BusError> {
        self.0.delete(&format!("{LATE}.{publication}.{date}.{}", kind.as_str())).await
    }

    /// Notes how a title stands, where that has changed.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn note(&self, standing: &Standing) -> Result<(), BusError> {
        let key = format!("{STANDING}.{}", standing.publication);
        let value = serde_json::to_vec(standing).unwrap_or_default();
        if self.0.get(&key).await?.is_some_and(|entry| *entry.value == *value) {
            return Ok(());
        }
        self.0.put(&key, value).await.map(drop)
    }

    /// How each registered title stands, by name of the title.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn standings(&self) -> Result<Vec<Standing>, BusError> {
        let entries = self.0.entries(STANDING).await?;
        let mut all: Vec<Standing> =
            entries.iter().filter_map(|entry| serde_json::from_slice(&entry.value).ok()).collect();
        all.sort_by(|one, other| one.publication.cmp(&other.publication));
        Ok(all)
    }
}
