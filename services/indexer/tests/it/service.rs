//! The whole service between a real nats-server and a search server: the scripted one for what goes wrong on request, the
//! real engine for what must be found.

use std::time::Duration;

use bus::{Bus, Outgoing};
use contract::event::encode;
use contract::names::{self, Work};
use contract::receipt::{Receipts, Received};
use contract::{Article, IssueId, Lane, Stage};
use indexer::meilisearch::Meilisearch;
use indexer::sink::{Sink, Which};
use indexer::{Running, Settings};
use testkit::{Nats, eventually, eventually_within};
use tokio_util::sync::CancellationToken;

use crate::fixtures::{BAD, POISON, article, broken, envelope, issue, manifest, settings};
use crate::scripted::{Scripted, Step};

/// What was under way when an indexer stopped comes again after `topology.ack_wait_ms`; and that may happen twice.
const REDELIVERED: Duration = Duration::from_secs(90);

/// A running indexer, its broker, and a publisher's view of them.
pub struct Line {
    // Before the broker, so that it is dropped first.
    running: Running,
    shutdown: CancellationToken,
    pub bus: Bus,
    pub receipts: Receipts,
    pub nats: Nats,
}

impl Line {
    pub async fn start(change: impl FnOnce(&Nats) -> Settings) -> Self {
        let nats = testkit::nats().await;
        let settings = change(&nats);
        let shutdown = CancellationToken::new();
        let running = indexer::start(settings.clone(), shutdown.clone()).await.unwrap();
        let bus = Bus::connect(&settings.nats).await.unwrap();
        bus.ensure(&names::topology(&settings.topology)).await.unwrap();
        let receipts = Receipts::new(bus.kv(names::RECEIPTS).await.unwrap());
        Self { running, shutdown, bus, receipts, nats }
    }

    pub async fn on_scripted(server: &Scripted) -> Self {
        Self::start(|nats| settings(&nats.url(), server.url(), server.key(), "articles")).await
    }

    /// Publishes the articles and their manifest as the parser would; `again` makes other message ids of it.
    /// The service's parts, ready or not.
    pub fn parts(&self) -> std::collections::BTreeMap<String, bool> {
        self.running.health.parts()
    }

    pub async fn publish(&self, articles: &[Article], again: &str) {
        let id = &articles[0].issue.id;
        let received = Received {
            at: jiff::Timestamp::now(),
            file_name: None,
            bytes: 1,
            lane: Lane::Live,
            publication: None,
            date: None,
            revision: articles[0].revision,
            sha256: String::new(),
        };
        self.receipts.received(id, &received).await.unwrap();
        let manifest = encode(&manifest(articles), &envelope()).unwrap();
        let messages = articles.iter().map(|article| encode(article, &envelope()).unwrap());
        for message in messages.chain([manifest]) {
            self.send(message, again).await;
        }
    }

    pub async fn send(&self, mut message: Outgoing, again: &str) {
        message.message_id.push_str(again);
        self.bus.publish(message).await.unwrap();
    }

    /// How many articles of the issue are indexed, and how many failed, once its receipt says so.
    pub async fn indexed(&self, issue: &IssueId) -> (u32, u32) {
        let indexed = eventually_within(REDELIVERED, "receipt says indexed", || async {
            let receipt = self.receipts.read(issue).await.map_err(|error| error.to_string())?;
            let receipt = receipt.ok_or("no receipt")?;
            receipt.indexed.clone().ok_or_else(|| format!("{receipt:?}"))
        })
        .await;
        (indexed.articles, indexed.failed)
    }

    /// Messages that the durable has not settled yet: waiting or in hand.
    async fn open(&self, work: Work) -> u64 {
        let streams = self.bus.overview().await.unwrap();
        let durables = streams.iter().flat_map(|stream| &stream.durables);
        durables.filter(|d| d.name == work.durable(Lane::Live)).map(|d| d.pending + d.ack_pending).sum()
    }

    pub async fn settled(&self) {
        eventually_within(REDELIVERED, "everything is settled", || async {
            self.open(Work::Index).await + self.open(Work::Close).await + self.open(Work::Remove).await == 0
        })
        .await;
    }

    pub async fn messages(&self, stream: &str) -> u64 {
        let streams = self.bus.overview().await.unwrap();
        streams.iter().find(|found| found.name == stream).unwrap().messages
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.join().await.unwrap();
        self.bus.close().await;
        drop(self.nats);
    }
}

fn articles(issue: &str, count: u32) -> Vec<Article> {
    (1..=count).map(|number| article(issue, number, "渡船复航")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_is_closed_when_all_its_articles_are_in_and_a_second_delivery_adds_nothing() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let articles = articles("first", 120);
    line.publish(&articles, "").await;
    assert_eq!(line.indexed(&issue("first")).await, (120, 0));
    line.settled().await;
    line.publish(&articles, "again").await;
    line.settled().await;
    assert_eq!(server.headlines().len(), 120);
    assert_eq!(line.indexed(&issue("first")).await, (120, 0));
    assert_eq!(line.messages(names::EVENTS).await, 1);
    assert_eq!(line.messages(names::DEAD).await, 0);
    assert!(server.pushes().iter().all(|documents| *documents <= 50));
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_articles_become_dead_letters_their_neighbours_go_in_and_the_issue_is_closed_without_them() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let mut articles = articles("second", 20);
    articles[4] = article("second", 5, BAD);
    articles[11] = article("second", 12, POISON);
    // The first message of this article is not an article, so that the manifest's own copy is the one deduplicated.
    line.send(broken(&articles[17]), "").await;
    line.publish(&articles, "").await;
    assert_eq!(line.indexed(&issue("second")).await, (17, 3));
    line.settled().await;
    assert_eq!(server.headlines(), vec!["渡船复航"; 17]);
    assert_eq!(line.messages(names::DEAD).await, 3);
    let receipt = line.receipts.read(&issue("second")).await.unwrap().unwrap();
    assert_eq!(receipt.status, Stage::Indexed);
    let refused = receipt.failed.iter().find(|failed| failed.article.as_ref() == Some(&articles[4].id)).unwrap();
    assert!(refused.stage == "indexer" && refused.reason.contains("invalid_document_id"), "{refused:?}");
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stumbles_loses_nothing() {
    let server = Scripted::start().await;
    let steps = [Step::Html502, Step::QueueFull, Step::Lost, Step::Canceled, Step::Flaky, Step::Html502];
    server.script(steps);
    let line = Line::on_scripted(&server).await;
    line.publish(&articles("third", 90), "").await;
    assert_eq!(line.indexed(&issue("third")).await, (90, 0));
    line.settled().await;
    assert_eq!(line.messages(names::DEAD).await, 0);
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_manifest_gives_way_to_a_newer_revision() {
    let server = Scripted::start().await;
    let line = Line::on_scripted(&server).await;
    let old = articles("fourth", 3);
    let mut new = articles("fourth", 2);
    for article in &mut new {
        article.revision = 9;
    }
    line.publish(&new, "").await;
    assert_eq!(line.indexed(&issue("fourth")).await, (2, 0));
    // Its articles never come: without the newer revision it would wait for them.
    line.send(encode(&manifest(&old), &envelope()).unwrap(), "").await;
    line.settled().await;
    assert_eq!(line.indexed(&issue("fourth")).await, (2, 0));
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_leaves_the_rest_for_the_next_indexer() {
    let server = Scripted::start().await;
    server.locked(true);
    let line = Line::on_scripted(&server).await;
    server.locked(false);
    let settings = settings(&line.nats.url(), server.url(), server.key(), "articles");
    line.publish(&articles("fifth", 200), "").await;
    eventually("some are in", || async { !server.headlines().is_empty() }).await;
    line.shutdown.cancel();
    line.running.join().await.unwrap();
    let shutdown = CancellationToken::new();
    let next = indexer::start(settings, shutdown.clone()).await.unwrap();
    let line = Line { running: next, shutdown, ..line };
    assert_eq!(line.indexed(&issue("fifth")).await, (200, 0));
    assert_eq!(server.headlines().len(), 200);
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_are_found_in_the_real_engine_and_its_crash_in_the_middle_loses_nothing() {
    let mut engine = testkit::engine().await;
    // A server that is not ours may hold an index of an earlier run.
    let index = format!("indexer-{}", std::process::id());
    let key = Some(engine.key());
    let line = Line::start(|nats| settings(&nats.url(), engine.url(), key.clone(), &index)).await;
    let sink = {
        let settings = settings("", engine.url(), key.clone(), &index);
        Meilisearch::new(&settings.search, key.as_deref()).unwrap()
    };
    let mut first = articles("sixth", 30);
    first[3].headline = Some("灯塔重亮".into());
    line.publish(&first, "").await;
    assert_eq!(line.indexed(&issue("sixth")).await, (30, 0));
    assert_eq!(sink.count(&issue("sixth"), Which::Of(7)).await, Ok(30));
    assert_eq!(find(&engine, &index, "灯塔").await, [first[3].id.to_string()]);

    let second = articles("seventh", 300);
    line.publish(&second, "").await;
    if !engine.is_external() {
        engine.kill();
        engine.restart().await;
    }
    let ended = line.indexed(&issue("seventh")).await;
    let failures = line.receipts.failures(&issue("seventh")).await.unwrap();
    assert_eq!((ended, failures.first()), ((300, 0), None));
    assert_eq!(sink.count(&issue("seventh"), Which::Of(7)).await, Ok(300));

    line.publish(&first, "again").await;
    line.settled().await;
    assert_eq!(sink.count(&issue("sixth"), Which::Of(7)).await, Ok(30));
    assert_eq!(line.messages(names::DEAD).await, 0);
    line.stop().await;
    let gone = format!("{}/indexes/{index}", engine.url());
    reqwest::Client::new().delete(gone).bearer_auth(engine.key()).send().await.unwrap();
}

/// Articles that a frontend would find.
async fn find(engine: &testkit::Engine, index: &str, words: &str) -> Vec<String> {
    let answer: serde_json::Value = reqwest::Client::new()
        .post(format!("{}/indexes/{index}/search", engine.url()))
        .bearer_auth(engine.key())
        .json(&serde_json::json!({ "q": words, "matchingStrategy": "all" }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["article_id"].as_str().unwrap().to_owned()).collect()
}
