//! An article and its parts, in the words of the trade.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::ArticleId;
use crate::issue::IssueRef;

/// One article of an issue. A part that the page does not say is null or empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Derived from the issue and the article's text.
    pub id: ArticleId,
    /// The issue it stood in.
    pub issue: IssueRef,
    /// The version of the issue that this article was taken from; a greater one is newer.
    #[serde(default)]
    pub revision: u64,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
    /// All pages it stands on, in reading order; empty where the file does not say.
    #[serde(default)]
    pub pages: Vec<u32>,
    /// Its place among the articles of the issue, from 1.
    pub position: u32,
    /// What sort of item it is.
    pub kind: Kind,
    /// The label of the column it belongs to (栏题).
    pub section: Option<String>,
    /// The line above the headline (引题).
    pub kicker: Option<String>,
    /// The headline (主题); null where the page lost it.
    pub headline: Option<String>,
    /// The line below the headline (副题).
    pub deck: Option<String>,
    /// Who wrote, photographed, edited.
    #[serde(default)]
    pub byline: Vec<Byline>,
    /// Where and when it was filed.
    pub dateline: Option<Dateline>,
    /// The agency or newspaper it was taken from.
    pub source: Option<String>,
    /// Paragraphs and subheads in reading order.
    pub body: Vec<Block>,
    /// The page named by 下转第N版.
    pub continues_on_page: Option<u32>,
    /// The page named by 上接第N版.
    pub continued_from_page: Option<u32>,
    /// The script it is printed in.
    pub language: Option<Language>,
    /// Words that tell it from other articles, the weightiest first.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// People named.
    #[serde(default)]
    pub people: Vec<String>,
    /// Places named.
    #[serde(default)]
    pub places: Vec<String>,
    /// Organizations named.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// How sure the extraction is, 0 to 1.
    pub confidence: f64,
    /// What an editor should look at.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// What sort of item an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A report.
    News,
    /// A picture with its caption.
    Photo,
    /// An announcement or advertisement.
    Notice,
    /// An opinion.
    Commentary,
    /// One of several short items.
    Brief,
}

/// One person (or agency) behind an article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Byline {
    /// The name as an editor would write it, without spaces inside.
    pub name: String,
    /// What the person did.
    pub role: Role,
    /// Whom the person works for, as printed (本报, 新华社, …).
    pub organization: Option<String>,
}

/// What a person in a byline did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 记者
    Reporter,
    /// 通讯员
    Correspondent,
    /// 摄影
    Photographer,
    /// 作者, 文
    Author,
    /// 编辑, 整理
    Editor,
}

/// Where and when an article was filed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Dateline {
    /// The place as printed.
    pub place: Option<String>,
    /// The day, its year inferred from the issue.
    pub date: Option<Date>,
}

/// One piece of a body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// Paragraph or subhead.
    #[serde(rename = "type")]
    pub kind: BlockKind,
    /// The text, joined over line and column ends.
    pub text: String,
}

/// Paragraph or subhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading inside the body (小标题).
    Subhead,
}

/// The script an article is printed in, as BCP 47 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Language {
    /// Chinese in simplified characters.
    #[serde(rename = "zh-Hans")]
    Simplified,
    /// Chinese in traditional characters.
    #[serde(rename = "zh-Hant")]
    Traditional,
    /// Mostly Latin letters.
    #[serde(rename = "en")]
    English,
}

/// Something about an extraction that an editor should look at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// What kind of thing.
    pub code: WarningCode,
    /// Which line or text, in English with the page's own words quoted.
    pub detail: String,
}

/// The closed list of what a warning can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// No headline was found.
    HeadlineMissing,
    /// The text stops in the middle of a sentence and no jump says where it goes on.
    Truncated,
    /// Looped lines were cut; the detail quotes what was cut.
    RepeatsRemoved,
    /// A short line stands between paragraphs and belongs nowhere.
    FragmentSetAside,
    /// The text begins in the middle of a sentence.
    BeginsMidSentence,
    /// Characters could not be decoded.
    UndecodableText,
    /// Solar date, lunar date or weekday of the masthead contradict one another.
    DateContradicts,
    /// No date was found for the issue.
    DateMissing,
    /// Nothing on the page could be read as an article.
    NoArticles,
    /// Columns of two articles seem to have been read into one another.
    Interleaved,
    /// The issue's date is no printed one: it was taken from the file's name or from datelines.
    DateInferred,
    /// The title was read with a wrong character; the detail says what was read and what was taken.
    TitleCorrected,
    /// A jump or a continuation whose other part should stand in the file and was not found, or not for certain.
    JumpOpen,
}
