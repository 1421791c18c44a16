//! What the added words cost: the same articles with and without them, side by side, each in an engine of its own.
//!
//!     cargo bench -p indexer --bench cost -- [ARTICLES [SEARCHES]]
//!
//! Documents are built on the fly as the indexer builds them and sent in its batches, two at a time, three times over. Then 8 clients search
//! for words of the texts. The two take turns, a few batches or searches each, so that what else the machine does falls on
//! both. The table names each figure without and with, and how many times the one is the other.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a bench prints, and a panic is its report"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use contract::{Article, ArticleId, Block, BlockKind, IssueId, IssueRef, Kind};
use generate::chance::Chance;
use generate::story::{Desk, Piece, Story};
use indexer::document::{Document, from_article};
use indexer::meilisearch::Meilisearch;
use indexer::settings::Search;
use indexer::sink::Sink;
use serde_json::{Map, Value, json};

const BATCH: usize = 1_000;
const IN_FLIGHT: usize = 2;
const CLIENTS: usize = 8;
const SEARCHES: usize = 4_000;
/// How often everything is indexed, in fresh engines: the table has the mean.
const ROUNDS: u32 = 3;
/// Batches in a turn.
const BATCHES: usize = 5;
/// Searches in a turn.
const TURN: usize = 500;
const LIMIT: usize = 1 << 20;

/// One engine, and what it took.
struct Side {
    added: bool,
    sink: Arc<Meilisearch>,
    client: Client,
    indexing: Duration,
    /// Of it, making the documents.
    building: Duration,
    bytes: u64,
    latencies: Vec<Duration>,
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|text| text.parse::<usize>().ok());
    let (count, searches) = (numbers.next().unwrap_or(10_000), numbers.next().unwrap_or(SEARCHES));
    let articles: Vec<Article> = articles(count);
    let characters: usize = articles.iter().flat_map(|article| &article.body).map(|b| b.text.chars().count()).sum();
    println!("{count} articles of {} characters on average, {searches} searches", characters / count.max(1));
    // Dictionaries and tables are loaded once in a process' life.
    from_article(&articles[0], LIMIT).unwrap();
    let mut spent = [Duration::ZERO; 2];
    let mut round = 0;
    // The engines of the last round are searched. One engine each, so that neither's size and caches are the other's.
    let (_engines, mut sides) = loop {
        let engines = [testkit::engine().await, testkit::engine().await];
        let mut sides = [Side::new(&engines[0], false).await, Side::new(&engines[1], true).await];
        for chunk in articles.chunks(BATCH * BATCHES) {
            for side in &mut sides {
                side.index(chunk).await;
            }
            sides.reverse();
        }
        sides.sort_by_key(|side| side.added);
        eprintln!(
            "indexed: {:.1} s without, {:.1} s with, {:.1} s of it to make the documents",
            sides[0].indexing.as_secs_f64(),
            sides[1].indexing.as_secs_f64(),
            sides[1].building.as_secs_f64()
        );
        spent.iter_mut().zip(&sides).for_each(|(spent, side)| *spent += side.indexing);
        round += 1;
        if round == ROUNDS {
            break (engines, sides);
        }
    };
    sides.iter_mut().zip(spent).for_each(|(side, spent)| side.indexing = spent / ROUNDS);
    let queries = queries(&articles, searches);
    for turn in queries.chunks(TURN) {
        let turn: Arc<Vec<String>> = Arc::new(turn.to_vec());
        for side in &mut sides {
            side.latencies.extend(ask(&side.client, &turn).await);
        }
        sides.reverse();
    }
    sides.sort_by_key(|side| side.added);
    for side in &mut sides {
        side.bytes = side.client.get("/stats").await["databaseSize"].as_u64().unwrap_or(0);
        side.latencies.sort_unstable();
    }
    print(&sides);
}

impl Side {
    async fn new(engine: &testkit::Engine, added: bool) -> Self {
        let search = Search { url: engine.url(), index: format!("cost-{added}"), ..Search::default() };
        let sink = Arc::new(Meilisearch::new(&search, Some(&engine.key())).unwrap());
        sink.prepare().await.unwrap();
        sink.clear().await.unwrap();
        let client = Client { http: reqwest::Client::new(), url: engine.url(), key: engine.key(), index: search.index };
        Self {
            added,
            sink,
            client,
            indexing: Duration::ZERO,
            building: Duration::ZERO,
            bytes: 0,
            latencies: Vec::new(),
        }
    }

    async fn index(&mut self, articles: &[Article]) {
        // Without: built and stripped before the clock starts, so that the building counts on one side only.
        let stripped: Vec<Document> = if self.added { vec![] } else { articles.iter().map(stripped).collect() };
        let began = Instant::now();
        let mut writing = tokio::task::JoinSet::new();
        for from in (0..articles.len()).step_by(BATCH) {
            let to = (from + BATCH).min(articles.len());
            let documents: Vec<Document> = if self.added {
                let began = Instant::now();
                let built = articles[from..to].iter().map(|article| from_article(article, LIMIT).unwrap()).collect();
                self.building += began.elapsed();
                built
            } else {
                stripped[from..to].to_vec()
            };
            if writing.len() == IN_FLIGHT {
                writing.join_next().await;
            }
            let sink = self.sink.clone();
            writing.spawn(async move { sink.write(&documents).await.unwrap() });
        }
        writing.join_all().await;
        self.indexing += began.elapsed();
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.latencies[(self.latencies.len() * percent / 100).min(self.latencies.len() - 1)].as_secs_f64() * 1e3
    }
}

fn stripped(article: &Article) -> Document {
    let mut document = from_article(article, LIMIT).unwrap();
    let mut fields: Map<String, Value> = serde_json::from_slice(&document.json).unwrap();
    fields.remove("findable");
    document.json = serde_json::to_vec(&fields).unwrap().into();
    document
}

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    url: String,
    key: String,
    index: String,
}

impl Client {
    async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.key).send().await;
        answer.unwrap().json().await.unwrap()
    }

    async fn search(&self, query: &str) -> Duration {
        let body = json!({ "q": query, "matchingStrategy": "all", "limit": 20, "attributesToHighlight": ["headline", "body"],
            "attributesToCrop": ["body"] });
        let began = Instant::now();
        let url = format!("{}/indexes/{}/search", self.url, self.index);
        let answer = self.http.post(url).bearer_auth(&self.key).json(&body).send().await.unwrap();
        answer.error_for_status().unwrap().bytes().await.unwrap();
        began.elapsed()
    }
}

async fn ask(client: &Client, queries: &Arc<Vec<String>>) -> Vec<Duration> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, queries, next) = (client.clone(), queries.clone(), next.clone());
        clients.spawn(async move {
            let mut latencies = Vec::new();
            while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
                latencies.push(client.search(query).await);
            }
            latencies
        });
    }
    clients.join_all().await.into_iter().flatten().collect()
}

/// Articles of 200 to 1,500 characters, no two alike.
fn articles(count: usize) -> Vec<Article> {
    let mut chance = Chance::new(1);
    let issue = IssueId::of(b"cost");
    (0..count)
        .map(|number| {
            let desk = Desk {
                city: generate::words::people::city(&mut chance),
                day: jiff::civil::date(2025, 3, 8),
                mark: "",
                between: " ",
            };
            let story = Story::new(generate::story::Kind::Feature, &desk, &mut chance);
            let mut body = Vec::new();
            let goal = chance.between(200, 1_500);
            let mut size = 0;
            let more = std::iter::repeat_with(|| Story::new(generate::story::Kind::Report, &desk, &mut chance));
            for piece in std::iter::once(story.clone()).chain(more).flat_map(|story| story.body) {
                let (kind, text) = match piece {
                    Piece::Paragraph(text) => (BlockKind::Paragraph, text),
                    Piece::Subhead(text) => (BlockKind::Subhead, text),
                };
                size += text.chars().count();
                body.push(Block { kind, text });
                if size >= goal {
                    break;
                }
            }
            article(&issue, number, story.headline.concat(), body)
        })
        .collect()
}

fn article(issue: &IssueId, number: usize, headline: String, body: Vec<Block>) -> Article {
    let text: String = body.iter().map(|block| block.text.as_str()).collect();
    Article {
        id: ArticleId::of(issue, &text, number as u32),
        issue: IssueRef { id: issue.clone(), publication: None, date: None, number: None, pages: None, edition: None },
        revision: 1,
        page: Some(1 + number as u32 % 16),
        pages: vec![],
        position: number as u32,
        kind: Kind::News,
        section: None,
        kicker: None,
        headline: Some(headline),
        deck: None,
        byline: vec![],
        dateline: None,
        source: None,
        body,
        continues_on_page: None,
        continued_from_page: None,
        language: None,
        keywords: vec![],
        people: vec![],
        places: vec![],
        organizations: vec![],
        confidence: 1.0,
        warnings: vec![],
    }
}

/// What readers may type: two to six characters in a row of some text, every third time two of them.
fn queries(articles: &[Article], count: usize) -> Vec<String> {
    let mut chance = Chance::new(2);
    let mut piece = || {
        let body = &articles[chance.between(0, articles.len() - 1)].body;
        let text: Vec<char> =
            body[chance.between(0, body.len() - 1)].text.chars().filter(|c| c.is_alphanumeric()).collect();
        let start = chance.between(0, text.len().saturating_sub(6));
        text[start..(start + chance.between(2, 6)).min(text.len())].iter().collect::<String>()
    };
    (0..count).map(|number| if number % 3 == 0 { format!("{} {}", piece(), piece()) } else { piece() }).collect()
}

fn print(sides: &[Side; 2]) {
    println!("{:<24}{:>10}{:>10}{:>8}", "", "without", "with", "times");
    let row = |name: &str, figure: &dyn Fn(&Side) -> f64| {
        let (without, with) = (figure(&sides[0]), figure(&sides[1]));
        println!("{name:<24}{without:>10.2}{with:>10.2}{:>8.2}", with / without);
    };
    row("index time, s", &|side| side.indexing.as_secs_f64());
    row("index size, MB", &|side| side.bytes as f64 / 1e6);
    for percent in [50, 99] {
        row(&format!("search p{percent}, ms"), &|side| side.percentile(percent));
    }
}
