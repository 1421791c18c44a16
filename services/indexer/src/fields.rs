//! The fields of a document, and how an article fills them. Pure.

use contract::{Article, BlockKind};
use serde::Serialize;

/// The fields as the engine sees them. The order is that of a reader, not of relevance (see [`crate::index`]).
#[derive(Serialize)]
pub(crate) struct Fields<'a> {
    id: &'a str,
    article_id: &'a str,
    issue_id: &'a str,
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The date as a number (20250318): the engine compares numbers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    date_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<i8>,
    /// Year and month (2025-03): a histogram by months.
    #[serde(skip_serializing_if = "Option::is_none")]
    year_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issue_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    /// All pages it stands on.
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    pages: &'a [u32],
    position: u32,
    kind: contract::Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kicker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deck: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    byline: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    byline_organizations: Vec<&'a str>,
    /// Names with what each did, to be shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bylines: Vec<By<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline_place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) body: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) body_cut: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subheads: Vec<&'a str>,
    /// For each subhead the number of paragraphs before it, to be shown in its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subheads_before: Vec<usize>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    people: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    places: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    organizations: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keywords: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    continues_on_page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continued_from_page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<contract::Language>,
    confidence: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<contract::WarningCode>,
    /// Words that the engine would miss in the others (see [`crate::findable`]); searched, never shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) findable: String,
}

/// One name of the byline.
#[derive(Serialize)]
struct By<'a> {
    name: &'a str,
    role: contract::Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a str>,
}

fn blocks(article: &Article, kind: BlockKind) -> impl Iterator<Item = &str> {
    article.body.iter().filter(move |block| block.kind == kind).map(|block| block.text.as_str())
}

/// The paragraphs, a line each.
pub(crate) fn body_of(article: &Article) -> String {
    blocks(article, BlockKind::Paragraph).collect::<Vec<_>>().join("\n")
}

fn subheads_before(article: &Article) -> Vec<usize> {
    let mut paragraphs = 0;
    let mut before = Vec::new();
    for block in &article.body {
        match block.kind {
            BlockKind::Paragraph => paragraphs += 1,
            BlockKind::Subhead => before.push(paragraphs),
        }
    }
    before
}

/// Each value once, in the order of its first appearance.
fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

impl<'a> Fields<'a> {
    /// The fields of `article`, but for what is added to make it findable; `id` is the document's.
    pub(crate) fn new(article: &'a Article, id: &'a str, body: &'a str) -> Self {
        let issue = &article.issue;
        let publication = issue.publication.as_ref();
        Self {
            id,
            article_id: article.id.as_str(),
            issue_id: issue.id.as_str(),
            revision: article.revision,
            publication_id: publication.and_then(|p| p.id.as_ref()).map(|id| id.as_str()),
            publication: publication.and_then(|p| p.name.as_deref()),
            date: issue.date.map(|date| date.to_string()),
            date_number: issue.date.and_then(date_number),
            year: issue.date.map(|date| date.year()),
            month: issue.date.map(|date| date.month()),
            year_month: issue.date.map(|date| format!("{:04}-{:02}", date.year(), date.month())),
            issue_number: issue.number,
            edition: issue.edition.as_deref(),
            page: article.page,
            pages: &article.pages,
            position: article.position,
            kind: article.kind,
            section: article.section.as_deref(),
            kicker: article.kicker.as_deref(),
            headline: article.headline.as_deref(),
            deck: article.deck.as_deref(),
            byline: distinct(article.byline.iter().map(|by| by.name.as_str())),
            byline_organizations: distinct(article.byline.iter().filter_map(|by| by.organization.as_deref())),
            bylines: article.byline.iter().map(By::of).collect(),
            dateline_place: article.dateline.as_ref().and_then(|d| d.place.as_deref()),
            dateline_date: article.dateline.as_ref().and_then(|d| d.date).map(|d| d.to_string()),
            source: article.source.as_deref(),
            body,
            body_cut: false,
            subheads: blocks(article, BlockKind::Subhead).collect(),
            subheads_before: subheads_before(article),
            people: &article.people,
            places: &article.places,
            organizations: &article.organizations,
            keywords: &article.keywords,
            continues_on_page: article.continues_on_page,
            continued_from_page: article.continued_from_page,
            language: article.language,
            confidence: article.confidence,
            warnings: distinct(article.warnings.iter().map(|warning| warning.code)),
            findable: String::new(),
        }
    }

    /// The texts that are searched.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'a str> {
        let (people, places, organizations, keywords) = (self.people, self.places, self.organizations, self.keywords);
        let single =
            [self.headline, self.kicker, self.deck, self.section, Some(self.body), self.dateline_place, self.source];
        let several = [&self.byline, &self.byline_organizations, &self.subheads];
        let several: Vec<&'a str> = several.into_iter().flatten().copied().collect();
        let names = people.iter().chain(places).chain(organizations).chain(keywords).map(String::as_str);
        single.into_iter().flatten().chain(several).chain(names)
    }
}

impl<'a> By<'a> {
    fn of(by: &'a contract::Byline) -> Self {
        Self { name: &by.name, role: by.role, organization: by.organization.as_deref() }
    }
}

/// 2025-03-18 → 20250318; nothing for years before 0, which no newspaper has.
fn date_number(date: jiff::civil::Date) -> Option<u32> {
    let year = u32::try_from(date.year()).ok()?;
    let month = u32::try_from(date.month()).ok()?;
    let day = u32::try_from(date.day()).ok()?;
    Some(year * 10_000 + month * 100 + day)
}
