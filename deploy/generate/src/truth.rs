//! The truth about a page, in the form of the gold files under `seeds/gold`.

use serde::Serialize;

/// What a page holds, by line number from 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Truth {
    /// What the masthead says.
    pub issue: Issue,
    /// Lines that belong to the page.
    pub furniture: Vec<usize>,
    /// The articles in page order.
    pub articles: Vec<Article>,
}

/// What the masthead says; null where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The title.
    pub publication: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The running number.
    pub number: Option<u32>,
    /// How many pages.
    pub pages: Option<u32>,
}

/// One article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Article {
    /// news, photo or notice.
    pub kind: &'static str,
    /// 栏题
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// 引题
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kicker: Option<String>,
    /// 主题; null where the page lost it.
    pub headline: Option<String>,
    /// Others that are right too: the second of two lines, where the first may as well be a kicker.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headline_alt: Vec<String>,
    /// 副题
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deck: Option<String>,
    /// Lines of the headline.
    pub head_lines: Vec<usize>,
    /// Who wrote.
    pub authors: Vec<String>,
    /// Who photographed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photographers: Vec<String>,
    /// Where and when it was filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Dateline>,
    /// The page it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jump: Option<u32>,
    /// Lines of the body, subheads among them.
    pub body: Vec<usize>,
    /// Lines that are subheads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subheads: Vec<usize>,
    /// Pairs of lines that a column's end has torn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<(usize, usize)>,
    /// Looped lines that differ from the line they repeat.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repeats: Vec<usize>,
    /// What makes it hard; a note for people.
    pub habits: Vec<&'static str>,
}

/// Where and when an article was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dateline {
    /// The place.
    pub place: String,
    /// The day, `YYYY-MM-DD`; null where the page has no date to take the year from.
    pub date: Option<String>,
}
