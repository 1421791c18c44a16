//! Articles, manifests and settings as the tests need them.

use bus::ConsumeSettings;
use bytes::Bytes;
use contract::event::encode;
use contract::{Article, ArticleId, Block, BlockKind, Envelope, IssueId, IssueRef, Kind, Lane, Manifest};
use indexer::document::{Document, from_article};
use indexer::settings::{BatchSettings, Search, SweepSettings};

/// The scripted server fails every task that holds a document with this headline.
pub const BAD: &str = "坏稿";
/// The scripted server's engine fails over every task that holds a document with this headline.
pub const POISON: &str = "毒稿";

/// The issue of this name.
pub fn issue(name: &str) -> IssueId {
    IssueId::of(name.as_bytes())
}

/// The `number`th article of the issue of this name.
pub fn article(issue_name: &str, number: u32, headline: &str) -> Article {
    let id = issue(issue_name);
    let text = format!("{headline}：第{number}号渡船今晨从北岸开出，船上装着新收的橘子。");
    Article {
        id: ArticleId::of(&id, &text, number),
        issue: IssueRef {
            id,
            publication: None,
            date: Some(jiff::civil::date(2025, 3, 8)),
            number: None,
            pages: None,
            edition: None,
        },
        revision: 7,
        page: Some(1),
        pages: vec![1],
        position: number,
        kind: Kind::News,
        section: None,
        kicker: None,
        headline: Some(headline.into()),
        deck: None,
        byline: vec![],
        dateline: None,
        source: None,
        body: vec![Block { kind: BlockKind::Paragraph, text }],
        continues_on_page: None,
        continued_from_page: None,
        language: None,
        keywords: vec![],
        people: vec![],
        places: vec![],
        organizations: vec![],
        confidence: 0.9,
        warnings: vec![],
    }
}

/// The manifest of these articles, all of one issue.
pub fn manifest(articles: &[Article]) -> Manifest {
    Manifest {
        issue: articles[0].issue.clone(),
        revision: articles[0].revision,
        file_name: None,
        masthead: contract::Masthead::default(),
        title_from: None,
        date_from: None,
        articles: articles.iter().map(|article| article.id.clone()).collect(),
        pages_seen: vec![1],
        pages_missing: vec![],
        open_jumps: vec![],
        open_continuations: vec![],
        unplaced: vec![],
        warnings: vec![],
    }
}

/// Documents with these headlines.
pub fn documents(headlines: &[&str]) -> Vec<Document> {
    let numbered = (1..).zip(headlines);
    numbered.map(|(number, headline)| from_article(&article("fixture", number, headline), 1 << 20).unwrap()).collect()
}

/// What a message of the parser carries beside its data.
pub fn envelope() -> Envelope {
    Envelope {
        source: "/pressline/parser".into(),
        time: jiff::Timestamp::now(),
        lane: Lane::Live,
        publication: None,
        traceparent: None,
        replay: None,
    }
}

/// The message of an article whose data is not an article's any more, but still names it.
pub fn broken(article: &Article) -> bus::Outgoing {
    let mut message = encode(article, &envelope()).unwrap();
    let names = serde_json::json!({ "id": article.id, "issue": { "id": article.issue.id }, "body": 3 });
    message.payload = Bytes::from(names.to_string());
    message
}

/// Settings for a search server at `url`, with short times.
pub fn settings(nats: &str, url: String, key: Option<String>, index: &str) -> indexer::Settings {
    indexer::Settings {
        nats: bus::BusSettings { connect_timeout_ms: 1_000, ..bus::BusSettings::at(nats) },
        topology: contract::names::TopologyOptions {
            issues_max_bytes: 8 << 20,
            articles_max_bytes: 64 << 20,
            dead_max_bytes: 8 << 20,
            files_max_bytes: 8 << 20,
            ..Default::default()
        },
        search: Search {
            url,
            key,
            index: index.into(),
            retry_min_ms: 20,
            retry_max_ms: 100,
            check_ms: 50,
            ..Search::default()
        },
        batch: BatchSettings { count: 50, wait_ms: 20, ..BatchSettings::default() },
        sweep: SweepSettings { soon_ms: 200, later_ms: 5_000 },
        consume: ConsumeSettings { attempts: 2, retry_base_ms: 20, retry_max_ms: 50, drain_ms: 5_000 },
        ..indexer::Settings::default()
    }
}
