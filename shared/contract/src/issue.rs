//! What is known of an issue, and the events about whole issues.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::article::Warning;
use crate::ids::{ArticleId, IssueId, PublicationId};

/// The title an issue belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Publication {
    /// The operator's id for it, where known.
    pub id: Option<PublicationId>,
    /// Its name as printed, where known.
    pub name: Option<String>,
}

/// An issue as its articles refer to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct IssueRef {
    /// By what its sender calls it, or else by its content.
    pub id: IssueId,
    /// The title.
    pub publication: Option<Publication>,
    /// The day it is dated.
    pub date: Option<Date>,
    /// The running number (第N期).
    pub number: Option<u32>,
    /// How many pages it says it has (今日N版).
    pub pages: Option<u32>,
    /// Morning, city, overseas …, as the sender names it.
    pub edition: Option<String>,
}

/// What the masthead says beyond [`IssueRef`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Masthead {
    /// The weekday as printed; where the other dates show that it was misread, as they say.
    pub weekday: Option<String>,
    /// The lunar date as printed; where the other dates show that it was misread, as they say.
    pub lunar_date: Option<String>,
    /// The number in China's register of serials (CN 11-0002).
    pub cn_number: Option<String>,
    /// The body that publishes the title.
    pub publisher: Option<String>,
}

/// A file as a newsroom sent it. Its bytes are the event's payload (or lie in the object store); these are its headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueReceived {
    /// By what its sender calls it, or else by its bytes: other bytes under one id are another revision.
    pub id: IssueId,
    /// The file's name, without folders; that of the folder, where the issue came as several files.
    pub file_name: Option<String>,
    /// As declared or inferred from the name, e.g. `text/markdown`.
    pub media_type: String,
    /// As declared by the sender; null: to be found out.
    pub charset: Option<String>,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// What the sender said the title is.
    pub publication: Option<PublicationId>,
    /// What the sender said the date is.
    pub date: Option<Date>,
    /// What the sender said the edition is.
    pub edition: Option<String>,
    /// When intake admitted it.
    pub received: Timestamp,
}

impl IssueReceived {
    /// A plain text of which nothing is known but these bytes, received at the epoch.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            id: IssueId::of(bytes),
            file_name: None,
            media_type: "text/plain".into(),
            charset: None,
            sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
            publication: None,
            date: None,
            edition: None,
            received: Timestamp::UNIX_EPOCH,
        }
    }
}

/// What was found in an issue; published after all of its articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The issue, completed from its masthead.
    pub issue: IssueRef,
    /// The version of the issue; a greater one is newer.
    #[serde(default)]
    pub revision: u64,
    /// The file's name.
    pub file_name: Option<String>,
    /// What the masthead says beyond the issue's own fields.
    #[serde(default)]
    pub masthead: Masthead,
    /// Where the title's name comes from; null where there is none.
    #[serde(default)]
    pub title_from: Option<FactSource>,
    /// Where the date comes from; null where there is none.
    #[serde(default)]
    pub date_from: Option<FactSource>,
    /// Ids of its articles, in page order.
    pub articles: Vec<ArticleId>,
    /// Pages that the file holds.
    #[serde(default)]
    pub pages_seen: Vec<u32>,
    /// Pages that the masthead promises, or else the title's registry entry, and the file lacks.
    #[serde(default)]
    pub pages_missing: Vec<u32>,
    /// Jumps whose continuation was not found.
    #[serde(default)]
    pub open_jumps: Vec<OpenJump>,
    /// Continuations whose beginning was not found; the page is the one that they say they come from.
    #[serde(default)]
    pub open_continuations: Vec<OpenJump>,
    /// Text of the file that stands in no article, with the reason: nothing is dropped silently.
    #[serde(default)]
    pub unplaced: Vec<Unplaced>,
    /// Warnings about the issue as a whole.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// Where something known of an issue comes from, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactSource {
    /// The page's own masthead or folio.
    Page,
    /// The sender.
    Sender,
    /// The registry of titles, by the id that the sender gave.
    Registry,
    /// The file's name.
    FileName,
    /// The newest dateline, its year from the day when the file came.
    Datelines,
}

/// A jump whose other part was not found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct OpenJump {
    /// The article that jumps, or continues.
    pub article: ArticleId,
    /// The page it names.
    pub page: u32,
}

/// Text of a file that stands in no article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Unplaced {
    /// Line in the file, from 1.
    pub line: u32,
    /// The line's text.
    pub text: String,
    /// Why it stands in no article.
    pub reason: UnplacedReason,
}

/// Why a line stands in no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnplacedReason {
    /// Masthead, folio, telephone numbers: it belongs to the page.
    Furniture,
    /// A scrap that fits no article.
    Fragment,
    /// A recogniser's repetition of a line before it.
    Repeat,
    /// The heading of a continuation that is now one article with its beginning.
    Continuation,
}

/// All articles of an issue can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueIndexed {
    /// The issue.
    pub issue: IssueId,
    /// Which version of it.
    pub revision: u64,
    /// How many of its articles are in the index.
    pub articles: u32,
    /// How many were set aside as dead letters.
    pub failed: u32,
    /// When the last of them could be found.
    pub at: Timestamp,
}

/// An issue must leave the index and not come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueWithdrawn {
    /// The issue.
    pub issue: IssueId,
    /// Why, for the record.
    pub reason: String,
}

/// An article must leave the index and not come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleKilled {
    /// The article.
    pub article: ArticleId,
    /// The issue it stood in.
    pub issue: IssueId,
    /// Why, for the record.
    pub reason: String,
}

/// An issue that should be there by now is not, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueLate {
    /// The title, as the registry has it.
    pub publication: PublicationId,
    /// The day of the issue.
    pub date: Date,
    /// Not there at all, or pages missing.
    pub kind: Lateness,
    /// When it should have been there.
    pub deadline: Timestamp,
    /// Pages that are missing of what came; empty where nothing came.
    pub pages_missing: Vec<u32>,
    /// What came of it.
    pub issues: Vec<IssueId>,
    /// When that was found.
    pub at: Timestamp,
}

/// What is wrong with an issue at its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lateness {
    /// Nothing of it came.
    Late,
    /// It came without all of its pages.
    Short,
}

impl Lateness {
    /// As it stands in events, keys and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Short => "short",
        }
    }
}
