//! The service against a real broker.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

use std::sync::{Arc, Mutex};

use bus::{Bus, BusSettings, Consume, Failure, Handler, Incoming};
use bytes::Bytes;
use contract::event::{Payload, decode, encode_received};
use contract::names::{self, Work};
use contract::receipt::{Failed, Receipts, Received};
use contract::{Article, Envelope, IssueId, IssueReceived, Lane, Manifest, Stage};
use jiff::Timestamp;
use testkit::eventually;
use tokio_util::sync::CancellationToken;

const PAGE: &str = "2026年3月12日 星期四\n\n第1024期 今日八版 云城日报社出版\n\n两岸居民出行时间缩短一半\n\n云江新桥正式通车\n\n\
    本报讯(记者林远)新桥今天通车，两岸居民从此不必再等渡船，往返时间缩短一半。\n\n据介绍，新桥全长三百米，双向四车道。(下转第3版)\n\n\
    图书馆夜间开放\n\n本报讯(记者周舟)市图书馆从本周起每天开放到夜里十点，读者可以在自习室里读书。\n";

/// Notes everything that comes.
#[derive(Default)]
struct Noted(Mutex<Vec<Incoming>>);

impl Handler for Noted {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        self.0.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// A broker, the parser, and a reader of what it publishes.
struct Line {
    _nats: testkit::Nats,
    bus: Bus,
    receipts: Receipts,
    parser: parser::Running,
    articles: Arc<Noted>,
    manifests: Arc<Noted>,
    shutdown: CancellationToken,
}

impl Line {
    async fn start() -> Self {
        let nats = testkit::nats().await;
        let settings = parser::Settings { nats: BusSettings::at(nats.url()), ..Default::default() };
        let shutdown = CancellationToken::new();
        let parser = parser::start(settings, shutdown.clone()).await.unwrap();
        let bus = Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
        let receipts = Receipts::new(bus.kv(names::RECEIPTS).await.unwrap());
        let line =
            Self { _nats: nats, bus, receipts, parser, articles: Arc::default(), manifests: Arc::default(), shutdown };
        for (work, noted) in [(Work::Index, &line.articles), (Work::Close, &line.manifests)] {
            let consume = Consume::new(work.stream(), work.durable(Lane::Live), work.dead_prefix(), work.stage());
            let (bus, noted, stop) = (line.bus.clone(), noted.clone(), line.shutdown.clone());
            tokio::spawn(async move { bus.consume(consume, noted, stop).await });
        }
        line
    }

    /// Publishes a file as intake does.
    async fn receive(&self, bytes: &[u8], media_type: &str, payload: Payload) -> IssueId {
        self.receive_as(IssueId::of(bytes), bytes, media_type, payload).await
    }

    /// Publishes a revision of the issue as intake does.
    async fn receive_as(&self, id: IssueId, bytes: &[u8], media_type: &str, payload: Payload) -> IssueId {
        let event = IssueReceived {
            id: id.clone(),
            file_name: Some("page.txt".into()),
            media_type: media_type.into(),
            received: Timestamp::now(),
            ..IssueReceived::of(bytes)
        };
        let envelope = Envelope {
            source: "/pressline/test".into(),
            time: Timestamp::now(),
            lane: Lane::Live,
            publication: None,
            traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
            replay: None,
        };
        let published = self.bus.publish(encode_received(&event, payload, &envelope, None)).await.unwrap();
        let received = Received {
            at: Timestamp::now(),
            file_name: event.file_name,
            bytes: bytes.len() as u64,
            lane: Lane::Live,
            publication: None,
            date: None,
            revision: published.sequence,
            sha256: event.sha256,
        };
        self.receipts.received(&id, &received).await.unwrap();
        id
    }

    async fn inline(&self, bytes: &[u8], media_type: &str) -> IssueId {
        self.receive(bytes, media_type, Payload::Inline(Bytes::copy_from_slice(bytes))).await
    }

    /// Waits until the issue was given up; why.
    async fn given_up(&self, id: &IssueId) -> String {
        eventually("the receipt says that the issue was given up", || async {
            let receipt = self.receipts.read(id).await.ok()??;
            (receipt.status == Stage::Failed).then(|| receipt.failed[0].reason.clone())
        })
        .await
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.parser.join().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_becomes_articles_then_a_manifest_then_a_receipt() {
    let line = Line::start().await;
    let id = line.inline(PAGE.as_bytes(), "text/plain; charset=utf-8").await;
    let extracted =
        eventually("the receipt says extracted", || async { line.receipts.read(&id).await.ok()??.extracted }).await;
    assert_eq!((extracted.articles, extracted.publication.as_deref()), (2, Some("云城日报")));
    assert_eq!(extracted.date, Some(jiff::civil::date(2026, 3, 12)));

    let manifest = eventually("the manifest", || async { line.manifests.0.lock().unwrap().first().cloned() }).await;
    let articles = eventually("both articles", || async {
        let seen = line.articles.0.lock().unwrap().clone();
        (seen.len() == 2).then_some(seen)
    })
    .await;
    assert!(articles.iter().all(|article| article.stream_sequence < manifest.stream_sequence), "the manifest is last");
    let (manifest, envelope) = decode::<Manifest>(&manifest).unwrap();
    assert_eq!(envelope.traceparent.as_deref(), Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    assert_eq!((manifest.issue.id.clone(), manifest.revision, manifest.pages_seen.clone()), (id, 1, vec![1]));
    assert_eq!(manifest.open_jumps.len(), 1);
    let mut found: Vec<Article> = articles.iter().map(|message| decode::<Article>(message).unwrap().0).collect();
    found.sort_by_key(|article| article.position);
    assert_eq!(found.iter().map(|article| article.id.clone()).collect::<Vec<_>>(), manifest.articles);
    let first = &found[0];
    assert_eq!(
        (first.kicker.as_deref(), first.headline.as_deref()),
        (Some("两岸居民出行时间缩短一半"), Some("云江新桥正式通车"))
    );
    assert_eq!((first.byline[0].name.as_str(), first.continues_on_page, first.revision), ("林远", Some(3), 1));
    assert!(!first.keywords.is_empty());
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_fetched_from_the_object_store_and_its_content_checked() {
    let line = Line::start().await;
    let files = line.bus.objects(names::FILES).await.unwrap();
    files.put("page", Bytes::from_static(PAGE.as_bytes())).await.unwrap();
    let id = line.receive(PAGE.as_bytes(), "text/markdown", Payload::Reference("page".into())).await;
    let extracted =
        eventually("the receipt says extracted", || async { line.receipts.read(&id).await.ok()??.extracted }).await;
    assert_eq!(extracted.articles, 2);

    files.put("other", Bytes::from_static(b"something else")).await.unwrap();
    let other = line.receive(b"what the event names", "text/plain", Payload::Reference("other".into())).await;
    let reason = line.given_up(&other).await;
    assert!(reason.contains("its file has"), "{reason}");
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_text_is_given_up_with_the_reason_and_the_next_issue_is_read() {
    let line = Line::start().await;
    let picture = line.inline(b"\x89PNG\r\n\x1a\n\0\0\0", "text/plain").await;
    let document = line.inline(b"%PDF-1.7", "application/pdf").await;
    let blank = line.inline(b" \n \n", "text/plain").await;
    assert_eq!(line.given_up(&picture).await, "binary: the file is a PNG image, not text");
    assert_eq!(
        line.given_up(&document).await,
        "unsupported media type application/pdf: send text/plain or text/markdown"
    );
    assert_eq!(line.given_up(&blank).await, "empty: the file holds no text");
    let id = line.inline(PAGE.as_bytes(), "text/plain").await;
    eventually("the next issue is read", || async { line.receipts.read(&id).await.ok()??.extracted }).await;
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_articles_is_seen_and_not_lost() {
    let line = Line::start().await;
    let id = line.inline("●热线电话:(010)12345678\n".as_bytes(), "text/plain").await;
    let extracted =
        eventually("the receipt says extracted", || async { line.receipts.read(&id).await.ok()??.extracted }).await;
    assert_eq!(extracted.articles, 0);
    assert_eq!(extracted.warnings.get(&contract::WarningCode::NoArticles), Some(&1));
    line.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_revision_is_not_published_after_a_newer_and_an_unreadable_one_counts_for_nothing() {
    let line = Line::start().await;
    let id = IssueId::named(&["daily", "2026-03-12"]);
    let receive = async |bytes: &[u8]| {
        let payload = Payload::Inline(Bytes::copy_from_slice(bytes));
        line.receive_as(id.clone(), bytes, "text/plain", payload).await
    };
    let at = async |revision: u64| {
        eventually("the receipt says which revision was extracted", || async {
            let extracted = line.receipts.read(&id).await.ok()??.extracted?;
            (extracted.revision == revision).then_some(extracted)
        })
        .await
    };
    receive(PAGE.as_bytes()).await;
    assert_eq!(at(1).await.articles, 2);
    receive(b"\x89PNG\r\n\x1a\n\0\0\0").await;
    line.given_up(&id).await;
    assert_eq!(line.receipts.fence(&id).await.unwrap().revision, 1);
    receive(PAGE.split("\n\n图书馆").next().unwrap().as_bytes()).await;
    assert_eq!(at(3).await.articles, 1);
    assert_eq!(line.receipts.fence(&id).await.unwrap().revision, 3);

    for (sequence, replay) in [(1, "first"), (3, "third")] {
        let stored = line.bus.message(names::ISSUES, sequence).await.unwrap().unwrap();
        line.bus.publish(contract::event::again(&stored, replay)).await.unwrap();
    }
    // Nothing is left to be read, and manifests of just these revisions were published.
    let published = async |wanted: &[u64]| {
        eventually("only these are published", || async {
            let durables = line.bus.overview().await.unwrap().into_iter().flat_map(|stream| stream.durables);
            let read = durables.filter(|one| one.name == Work::Parse.durable(Lane::Live));
            let open: u64 = read.map(|one| one.pending + one.ack_pending).sum();
            let manifests = line.manifests.0.lock().unwrap().clone();
            let mut seen: Vec<_> = manifests.iter().map(|one| decode::<Manifest>(one).unwrap().0.revision).collect();
            seen.sort_unstable();
            if open == 0 && seen == wanted { Ok(()) } else { Err(format!("{open} open, manifests of {seen:?}")) }
        })
        .await;
    };
    published(&[1, 3, 3]).await;

    let tombstone = contract::Tombstone { at: Timestamp::UNIX_EPOCH, reason: "wrong edition".into() };
    line.receipts.change_fence(&id, |fence| fence.withdraw(tombstone.clone())).await.unwrap();
    receive(format!("{PAGE}\n\n").as_bytes()).await;
    line.inline(format!("{PAGE}\n").as_bytes(), "text/plain").await;
    published(&[1, 3, 3, 7]).await;
    line.stop().await;
}

#[tokio::test]
async fn bad_settings_are_refused_before_anything_is_connected() {
    let mut settings = parser::Settings { nats: BusSettings::at("nats://127.0.0.1:1"), ..Default::default() };
    settings.work.publishing = 0;
    let error = parser::start(settings, CancellationToken::new()).await.unwrap_err();
    assert_eq!((error.exit_code(), error.to_string().as_str()), (64, "work.publishing is 0, give 1 to 1000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_forgets_which_articles_were_given_up_before_it() {
    let line = Line::start().await;
    let id = line.inline(PAGE.as_bytes(), "text/plain").await;
    let articles = eventually("both articles are published", async || {
        let seen = line.articles.0.lock().unwrap().clone();
        (seen.len() == 2).then(|| seen.iter().map(|one| decode::<Article>(one).unwrap().0.id).collect::<Vec<_>>())
    })
    .await;
    let failed = |stage: Work| Failed {
        at: Timestamp::now(),
        stage: stage.stage().to_owned(),
        reason: "the search engine refused it".into(),
        article: Some(articles[0].clone()),
        revision: 1,
    };
    for stage in [Work::Index, Work::Close] {
        line.receipts.failed(&id, &failed(stage)).await.unwrap();
    }
    let stored = line.bus.message(names::ISSUES, 1).await.unwrap().unwrap();
    line.bus.publish(contract::event::again(&stored, "r1")).await.unwrap();
    let left = eventually("the indexer's failure is forgotten", async || {
        let left = line.receipts.failures(&id).await.unwrap();
        (left.len() == 1).then_some(left)
    })
    .await;
    assert_eq!(left[0].stage, Work::Close.stage());
    // By the time its articles are there, given up now is given up.
    line.receipts.failed(&id, &failed(Work::Index)).await.unwrap();
    eventually("its articles came once more", async || line.articles.0.lock().unwrap().len() == 4).await;
    assert_eq!(line.receipts.failures(&id).await.unwrap().len(), 2);
    line.stop().await;
}
