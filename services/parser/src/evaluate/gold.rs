//! The annotation of a page: what an editor says stands in it, by line number.

use serde::Deserialize;

/// What an issue file holds. Line numbers count from 1, blank lines included, lines ending in `\n`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Gold {
    /// What the masthead says.
    pub issue: GoldIssue,
    /// Lines that belong to the page and to no article.
    pub furniture: Vec<usize>,
    /// The articles in page order.
    pub articles: Vec<GoldArticle>,
}

/// What the masthead says; null where the file does not.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GoldIssue {
    /// The title.
    pub publication: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// The running number.
    pub number: Option<u32>,
    /// How many pages the issue says it has.
    pub pages: Option<u32>,
}

/// One article.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GoldArticle {
    /// 栏题
    pub section: Option<String>,
    /// 引题
    pub kicker: Option<String>,
    /// 主题; null where the file lost it.
    pub headline: Option<String>,
    /// Other forms of the headline that are right too.
    pub headline_alt: Vec<String>,
    /// 副题
    pub deck: Option<String>,
    /// Who wrote.
    pub authors: Vec<String>,
    /// Who photographed.
    pub photographers: Vec<String>,
    /// Where and when it was filed.
    pub dateline: Option<GoldDateline>,
    /// The page in 下转第N版.
    pub jump: Option<u32>,
    /// The page in 上接第N版.
    pub continued_from_page: Option<u32>,
    /// Lines of the body in reading order, subheads among them.
    pub body: Vec<usize>,
    /// Lines that are subheads.
    pub subheads: Vec<usize>,
    /// Pairs of lines that are one paragraph, torn by a column's end.
    pub joins: Vec<(usize, usize)>,
    /// Lines that a recogniser looped and a reader must not see twice.
    pub repeats: Vec<usize>,
}

/// Where and when an article was filed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GoldDateline {
    /// The place as printed.
    pub place: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub date: Option<String>,
}

/// Why an annotation cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NoGold {
    /// Not JSON, or not of this form.
    #[error("gold is not readable: {0}")]
    Form(#[from] serde_json::Error),
    /// It names a line that the file does not have.
    #[error("gold names line {line}, the file has {lines}: annotate the file as it is now")]
    NoSuchLine {
        /// The line.
        line: usize,
        /// How many the file has.
        lines: usize,
    },
}

impl Gold {
    /// Reads an annotation; keys that are not known here are notes.
    ///
    /// # Errors
    /// [`NoGold::Form`].
    pub fn read(json: &str) -> Result<Self, NoGold> {
        Ok(serde_json::from_str(json)?)
    }

    /// Whether every line it names is there.
    ///
    /// # Errors
    /// [`NoGold::NoSuchLine`].
    pub fn check(&self, lines: usize) -> Result<(), NoGold> {
        let of = |article: &GoldArticle| -> Vec<usize> {
            let joins = article.joins.iter().flat_map(|(x, y)| [*x, *y]);
            article.body.iter().chain(&article.subheads).chain(&article.repeats).copied().chain(joins).collect()
        };
        let named = self.articles.iter().flat_map(of).chain(self.furniture.iter().copied());
        match named.into_iter().find(|line| *line == 0 || *line > lines) {
            Some(line) => Err(NoGold::NoSuchLine { line, lines }),
            None => Ok(()),
        }
    }
}
