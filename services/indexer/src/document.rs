//! An article as the search engine keeps it: flat, bounded in size, each revision of its issue under an id of its own.
//!
//! The id holds the revision so that no delivery, however late, writes over a newer one: which revisions may stand in the
//! index is [`crate::fenced`]'s affair. Links of frontends use the article's id, which stays the same.
//!
//! A part that the page does not say is left out, not null: `NOT section EXISTS` then finds what has no section, the
//! documents stay small, and there is one way to ask instead of two.

use bytes::Bytes;
use contract::{Article, ArticleId, IssueId};

use crate::fields::{Fields, body_of};
use crate::findable::words_to_add;

/// The field that identifies a document.
pub const PRIMARY_KEY: &str = "id";

/// One document, ready to be sent: a line of NDJSON and what the indexer has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The primary key: [`id_of`] the article and the revision.
    pub id: String,
    /// The article.
    pub article: ArticleId,
    /// The issue it belongs to.
    pub issue: IssueId,
    /// The version of the issue that it stands in.
    pub revision: u64,
    /// The JSON object, without a line end.
    pub json: Bytes,
    /// Whether the body had to be cut to keep the document within its bound.
    pub cut: bool,
}

/// The primary key of the document of an article as it stands in a revision of its issue.
pub fn id_of(article: &ArticleId, revision: u64) -> String {
    format!("{article}-{revision}")
}

/// Why an article cannot become a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Even without its body it is over the bound.
    #[error("article {id} needs {bytes} bytes without its body, at most {limit} are allowed (batch.document_bytes)")]
    TooLarge {
        /// Which article.
        id: ArticleId,
        /// Bytes without the body.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// It cannot be written as JSON.
    #[error("article {id} cannot be written as json: {reason}")]
    Json {
        /// Which article.
        id: ArticleId,
        /// What serde says.
        reason: String,
    },
}

/// The document of `article`, of at most `limit` bytes of JSON.
///
/// What is too long loses the words that make it easier to find, then the end of its body, and says so in `body_cut`. Little
/// is lost by that: the engine itself indexes only the first 65,535 words of a field
/// (<https://www.meilisearch.com/docs/resources/help/known_limitations>).
///
/// # Errors
/// [`DocumentError::TooLarge`] when the rest of the article alone is over the bound.
pub fn from_article(article: &Article, limit: usize) -> Result<Document, DocumentError> {
    let body = body_of(article);
    let id = id_of(&article.id, article.revision);
    let mut fields = Fields::new(article, &id, &body);
    fields.findable = words_to_add(fields.texts());
    let mut json = to_json(&fields, &article.id)?;
    if json.len() > limit {
        fields.findable.clear();
        json = to_json(&fields, &article.id)?;
    }
    let cut = json.len() > limit;
    if cut {
        fields.body_cut = true;
        json = to_json(&fields, &article.id)?;
        // Every byte of text is at least one byte of JSON, so cutting the excess from the text is enough.
        let keep = body.len().saturating_sub(json.len().saturating_sub(limit));
        fields.body = &body[..body.floor_char_boundary_of(keep)];
        json = to_json(&fields, &article.id)?;
        if json.len() > limit {
            fields.body = "";
            let bytes = to_json(&fields, &article.id)?.len();
            return Err(DocumentError::TooLarge { id: article.id.clone(), bytes, limit });
        }
    }
    Ok(Document {
        article: article.id.clone(),
        issue: article.issue.id.clone(),
        revision: article.revision,
        json: Bytes::from(json),
        id,
        cut,
    })
}

/// `str::floor_char_boundary` is younger than the oldest compiler we promise.
trait FloorCharBoundary {
    fn floor_char_boundary_of(&self, index: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_of(&self, index: usize) -> usize {
        (0..=index.min(self.len())).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0)
    }
}

fn to_json(fields: &Fields<'_>, id: &ArticleId) -> Result<Vec<u8>, DocumentError> {
    serde_json::to_vec(fields).map_err(|error| DocumentError::Json { id: id.clone(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{Block, BlockKind, Byline, Dateline, IssueRef, Kind, Publication, Role, Warning, WarningCode};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn article(paragraphs: &[&str]) -> Article {
        let issue = IssueId::of(b"issue");
        Article {
            id: ArticleId::of(&issue, &paragraphs.concat(), 0),
            issue: IssueRef { id: issue, publication: None, date: None, number: None, pages: None, edition: None },
            revision: 3,
            page: None,
            pages: vec![],
            position: 1,
            kind: Kind::News,
            section: None,
            kicker: None,
            headline: None,
            deck: None,
            byline: vec![],
            dateline: None,
            source: None,
            body: paragraphs.iter().map(|p| Block { kind: BlockKind::Paragraph, text: (*p).into() }).collect(),
            continues_on_page: None,
            continued_from_page: None,
            language: None,
            keywords: vec![],
            people: vec![],
            places: vec![],
            organizations: vec![],
            confidence: 0.5,
            warnings: vec![],
        }
    }

    fn json(document: &Document) -> Value {
        serde_json::from_slice(&document.json).unwrap()
    }

    #[test]
    fn what_the_page_does_not_say_is_left_out() {
        let article = article(&["渡口的灯亮了。"]);
        let found = json(&from_article(&article, 10_000).unwrap());
        let wanted = json!({
            "id": format!("{}-3", article.id), "article_id": article.id, "issue_id": article.issue.id, "revision": 3, "position": 1, "kind": "news",
            "body": "渡口的灯亮了。", "confidence": 0.5, "findable": found["findable"],
        });
        assert_eq!(found, wanted);
    }

    #[test]
    fn every_part_has_its_flat_field() {
        let mut article = article(&["第一段。", "第二段。"]);
        article.issue = IssueRef {
            publication: Some(Publication {
                id: Some("harbour-daily".parse().unwrap()),
                name: Some("港湾日报".into()),
            }),
            date: Some(jiff::civil::date(2025, 3, 8)),
            number: Some(412),
            pages: Some(8),
            edition: Some("早".into()),
            ..article.issue
        };
        article.page = Some(2);
        article.section = Some("港城纪事".into());
        article.kicker = Some("清晨的码头".into());
        article.headline = Some("渡船复航".into());
        article.deck = Some("两岸往来恢复如常".into());
        let by = |name: &str, organization: Option<&str>| Byline {
            name: name.into(),
            role: Role::Reporter,
            organization: organization.map(Into::into),
        };
        article.byline = vec![by("林晓舟", Some("本报")), by("何帆", Some("本报")), by("林晓舟", None)];
        article.dateline = Some(Dateline { place: Some("南岸".into()), date: Some(jiff::civil::date(2025, 3, 7)) });
        article.body.insert(1, Block { kind: BlockKind::Subhead, text: "灯塔下".into() });
        article.people = vec!["何帆".into()];
        article.continues_on_page = Some(5);
        article.language = Some(contract::Language::Simplified);
        let warning = |detail: &str| Warning { code: WarningCode::Truncated, detail: detail.into() };
        article.warnings = vec![warning("one"), warning("two")];
        let found = json(&from_article(&article, 10_000).unwrap());
        let wanted = json!({
            "publication_id": "harbour-daily", "publication": "港湾日报", "date": "2025-03-08",
            "date_number": 20_250_308, "year": 2025, "month": 3, "year_month": "2025-03", "issue_number": 412, "edition": "早", "page": 2,
            "section": "港城纪事", "kicker": "清晨的码头", "headline": "渡船复航", "deck": "两岸往来恢复如常",
            "byline": ["林晓舟", "何帆"], "byline_organizations": ["本报"],
            "bylines": [
                { "name": "林晓舟", "role": "reporter", "organization": "本报" },
                { "name": "何帆", "role": "reporter", "organization": "本报" },
                { "name": "林晓舟", "role": "reporter" },
            ],
            "subheads_before": [1], "dateline_place": "南岸",
            "dateline_date": "2025-03-07", "body": "第一段。\n第二段。", "subheads": ["灯塔下"], "people": ["何帆"],
            "continues_on_page": 5, "language": "zh-Hans", "warnings": ["truncated"],
        });
        for (field, value) in wanted.as_object().unwrap() {
            assert_eq!(&found[field], value, "{field}");
        }
    }

    #[test]
    fn an_article_over_the_bound_without_its_body_is_refused() {
        let mut article = article(&["短。"]);
        article.people = vec!["名".repeat(2_000)];
        let error = from_article(&article, 4_096).unwrap_err();
        assert!(matches!(error, DocumentError::TooLarge { bytes: 6_000.., limit: 4_096, .. }), "{error}");
    }

    proptest! {
        #[test]
        fn a_document_is_within_its_bound_and_its_body_a_beginning(
            paragraphs in proptest::collection::vec("[字a\"\\\\\u{1}😀é]{0,60}", 0..12),
            limit in 340usize..1_500,
        ) {
            let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
            let article = article(&paragraphs);
            let document = from_article(&article, limit).unwrap();
            prop_assert!(document.json.len() <= limit);
            let found = json(&document);
            let body = found["body"].as_str().unwrap_or_default();
            let whole = paragraphs.join("\n");
            prop_assert!(whole.starts_with(body));
            prop_assert_eq!(document.cut, body.len() < whole.len());
            prop_assert_eq!(document.cut, found["body_cut"] == json!(true));
            // Cut no more than was needed: a character and what escaping may add to it.
            if document.cut {
                let escapes = document.json.len() - body.len();
                prop_assert!(limit - document.json.len() <= 5 * (whole.len() - body.len()) + escapes);
            }
        }
    }
}
