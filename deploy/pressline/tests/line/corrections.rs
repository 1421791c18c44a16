//! Issues that are corrected, withdrawn, or have an article killed, on a whole line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::pressline::{Up, err, json_lines, run};
use bus::{Bus, BusSettings};
use contract::event::{Payload, encode_received};
use contract::{Envelope, IssueReceived, Lane};
use serde_json::{Value, json};
use testkit::eventually;

const HEAD: &str = "2026年3月12日 星期四\n\n第1024期 今日四版 云城日报社出版\n\n";
const BRIDGE: &str = "云江新桥正式通车\n\n本报讯(记者林远)新桥今天通车,两岸居民从此不必再等渡船,往返时间缩短一半。\n\n据介绍,新桥全长三百米,双向四车道。\n\n";
const LIBRARY: &str =
    "图书馆夜间开放\n\n本报讯(记者周舟)市图书馆从本周起每天开放到夜里十点,读者可以在自习室里读书。\n\n";
const LIBRARY_LATER: &str =
    "图书馆夜间开放\n\n本报讯(记者周舟)市图书馆从下周起每天开放到夜里九点,读者可以在自习室里读书。\n\n";
const FERRY: &str = "渡口改作公园\n\n本报讯(记者何帆)老渡口停航以后将改作滨江公园,明年春天开放。\n\n";

/// The articles in the index by headline: article id and revision.
async fn found(up: &Up) -> BTreeMap<String, (String, u64)> {
    let all = up.search(json!({ "q": "", "limit": 1000 })).await;
    let hits = all["hits"].as_array().unwrap_or_else(|| panic!("{all}"));
    let fields = |hit: &Value| (hit["article_id"].as_str().unwrap().to_owned(), hit["revision"].as_u64().unwrap());
    let found: BTreeMap<_, _> =
        hits.iter().map(|hit| (hit["headline"].as_str().unwrap_or_default().to_owned(), fields(hit))).collect();
    assert_eq!(found.len(), hits.len(), "an article stands twice in {all}");
    found
}

fn headlines(found: &BTreeMap<String, (String, u64)>) -> BTreeSet<&str> {
    found.keys().map(String::as_str).collect()
}

struct Sender {
    up: Up,
    folder: tempfile::TempDir,
}

impl Sender {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let up = Up::start(&folder.path().join("data"), &[]).await;
        Self { up, folder }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().unwrap().to_owned()
    }

    /// Publishes the page under one name; what became of it, and the exit code.
    async fn publish(&self, page: &str) -> (Value, Option<i32>) {
        let file = self.folder.path().join("page.txt");
        fs::write(&file, page).unwrap();
        let (data, file) = (self.data(), file.to_str().unwrap());
        let facts = ["--publication", "yuncheng-daily", "--date", "2026-03-12"];
        let sent = run(&[&["publish", "--wait", "--json", "--data", &data, file][..], &facts].concat()).await;
        let mut lines = json_lines(&sent);
        assert_eq!(lines.len(), 1, "{}", err(&sent));
        (lines.remove(0), sent.status.code())
    }

    async fn take_back(&self, command: &str, id: &str) {
        let done = run(&[command, id, "--reason", "court order", "--data", &self.data()]).await;
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    }
}

#[tokio::test]
async fn a_correction_replaces_what_it_corrects_and_leaves_alone_what_it_does_not() {
    let sender = Sender::start().await;
    let first = [HEAD, BRIDGE, LIBRARY, FERRY].concat();
    let (row, code) = sender.publish(&first).await;
    assert_eq!((code, &row["receipt"]["status"]), (Some(0), &json!("indexed")), "{row:#}");
    let before = found(&sender.up).await;
    assert_eq!(before.len(), 3, "{before:?}");

    // One text changed, one article gone.
    let second = [HEAD, BRIDGE, LIBRARY_LATER].concat();
    let (row, code) = sender.publish(&second).await;
    assert_eq!((code, &row["new"]), (Some(0), &json!(true)), "{row:#}");
    let after = found(&sender.up).await;
    assert_eq!(headlines(&after), ["云江新桥正式通车", "图书馆夜间开放"].into());
    assert_eq!(after["云江新桥正式通车"].0, before["云江新桥正式通车"].0, "the same text keeps its id");
    assert_ne!(after["图书馆夜间开放"].0, before["图书馆夜间开放"].0);
    assert!(after.values().all(|(_, revision)| *revision == 2), "{after:?}");
    let (row, _) = sender.publish(&second).await;
    assert_eq!(row["new"], false, "{row:#}");

    // As it was at first, again: that is the newest now.
    let (row, code) = sender.publish(&first).await;
    assert_eq!((code, &row["new"]), (Some(0), &json!(true)), "{row:#}");
    let third = found(&sender.up).await;
    let ids = |found: &BTreeMap<String, (String, u64)>| found.values().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&third), ids(&before));
    assert!(third.values().all(|(_, revision)| *revision == 3), "{third:?}");
}

#[tokio::test]
async fn what_was_killed_or_withdrawn_stays_away_whatever_is_sent() {
    let sender = Sender::start().await;
    let (row, _) = sender.publish(&[HEAD, BRIDGE, LIBRARY, FERRY].concat()).await;
    let issue = row["receipt"]["id"].as_str().unwrap().to_owned();
    let killed = found(&sender.up).await["渡口改作公园"].0.clone();
    sender.take_back("kill", &killed).await;
    eventually("the article is gone", async || {
        let left = found(&sender.up).await;
        if left.len() == 2 { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await;
    let (row, _) = sender.publish(&[HEAD, BRIDGE, LIBRARY_LATER, FERRY].concat()).await;
    assert_eq!(row["receipt"]["indexed"]["articles"], 2, "{row:#}");
    let after = found(&sender.up).await;
    assert_eq!(headlines(&after), ["云江新桥正式通车", "图书馆夜间开放"].into());

    sender.take_back("withdraw", &issue).await;
    eventually("the issue is gone", async || found(&sender.up).await.is_empty()).await;
    let (row, code) = sender.publish(&[HEAD, BRIDGE].concat()).await;
    assert_eq!(code, Some(1), "{row:#}");
    assert!(row.to_string().contains("court order"), "{row:#}");
    assert!(found(&sender.up).await.is_empty());
    let unknown = run(&["withdraw", &"a".repeat(26), "--reason", "x", "--data", &sender.data()]).await;
    assert_eq!(unknown.status.code(), Some(1), "{}", err(&unknown));
}

#[tokio::test]
async fn a_correction_that_cannot_be_read_leaves_the_good_one_and_the_next_one_counts() {
    let sender = Sender::start().await;
    let good = [HEAD, BRIDGE, LIBRARY].concat();
    let (row, _) = sender.publish(&good).await;
    let before = found(&sender.up).await;
    assert_eq!(before.len(), 2, "{before:?}");
    // Intake would not let it in; who publishes by itself may send anything.
    let bytes: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0";
    let event = IssueReceived {
        id: row["receipt"]["id"].as_str().unwrap().parse().unwrap(),
        publication: Some("yuncheng-daily".parse().unwrap()),
        received: jiff::Timestamp::now(),
        ..IssueReceived::of(bytes)
    };
    let envelope = Envelope {
        source: "/newsroom".into(),
        time: event.received,
        lane: Lane::Live,
        publication: event.publication.clone(),
        traceparent: None,
        replay: None,
    };
    let bus = Bus::connect(&BusSettings::at(sender.up.address("nats"))).await.unwrap();
    bus.publish(encode_received(&event, Payload::Inline(bytes.into()), &envelope, Some(1))).await.unwrap();
    let status = || async { json_lines(&run(&["status", "--data", &sender.data(), "--json"]).await).remove(0) };
    eventually("it is a dead letter", async || {
        let status = status().await;
        if status["dead_letters"] == 1 { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    assert_eq!(found(&sender.up).await, before);
    let (row, code) = sender.publish(&[HEAD, BRIDGE].concat()).await;
    assert_eq!((code, &row["receipt"]["status"]), (Some(0), &json!("indexed")), "{row:#}");
    assert_eq!(found(&sender.up).await.len(), 1);
}
