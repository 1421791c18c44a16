//! What goes wrong behind the services' backs is found by `audit`, and mended by `audit --repair`.

use bus::{Bus, BusSettings};
use contract::receipt::{Receipts, Received};
use contract::{IssueId, Lane, Tombstone, names};
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::eventually;

use crate::pressline::{Up, err, json_lines, out, run, seeds};

/// Kinds and counts, in the order of the list.
fn kinds(lines: &[Value]) -> Vec<(String, u64)> {
    let differences = lines.iter().filter_map(|line| line.get("difference"));
    differences.map(|one| (one["kind"].as_str().unwrap().to_owned(), one["count"].as_u64().unwrap())).collect()
}

#[tokio::test]
async fn lost_articles_forgotten_files_and_documents_that_may_not_be_there_are_found_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = Up::start(&data, &[]).await;
    let data = data.to_str().unwrap();
    let audit = async |more: &[&str]| run(&[&["audit", "--json", "--data", data], more].concat()).await;
    let pages = ["full-masthead.txt", "four-pages.txt"].map(|name| seeds().join("issues").join(name));
    let [one, two] = pages.each_ref().map(|page| page.to_str().unwrap());
    let sent = run(&["publish", "--data", data, "--wait", "--json", one, two]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    let receipts: Vec<Value> = json_lines(&sent).iter().map(|line| line["receipt"].clone()).collect();
    let issue = |n: usize| receipts[n]["id"].as_str().unwrap().parse::<IssueId>().unwrap();
    let articles = |n: usize| receipts[n]["indexed"]["articles"].as_u64().unwrap();

    let clean = eventually("all agrees when all is done", async || {
        let clean = audit(&[]).await;
        if clean.status.code() == Some(0) { Ok(clean) } else { Err(out(&clean) + &err(&clean)) }
    })
    .await;
    let summary = json_lines(&clean).pop().unwrap();
    assert_eq!(
        (&summary["issues"], &summary["documents"]),
        (&json!(2), &json!(articles(0) + articles(1))),
        "{summary}"
    );

    // Documents lost behind the indexer's back, documents that nobody sent, an issue withdrawn without its purge, and one that
    // was accepted and that the parser never saw.
    let bus = Bus::connect(&BusSettings::at(up.address("nats"))).await.unwrap();
    let ledger = Receipts::new(bus.kv(names::RECEIPTS).await.unwrap());
    let engine = Documents::new(&up, data);
    let lost = engine.of(&issue(0)).await;
    engine.remove(&lost[..2]).await;
    let stranger = IssueId::of(b"nobody sent it");
    let mut copy = engine.get(&lost[2]).await;
    copy["id"] = json!(stranger.as_str());
    copy["article_id"] = json!(stranger.as_str());
    copy["issue_id"] = json!(stranger.as_str());
    engine.add(&copy).await;
    let tombstone = Tombstone { at: Timestamp::now(), reason: "test".into() };
    ledger.change_fence(&issue(1), |fence| fence.withdraw(tombstone.clone())).await.unwrap();
    let forgotten = Received {
        at: Timestamp::now(),
        file_name: None,
        bytes: 1,
        lane: Lane::Live,
        publication: None,
        date: None,
        revision: 1,
        sha256: "0".repeat(64),
    };
    let vanished = IssueId::of(b"its file is gone");
    assert!(bus.remove(names::ISSUES, 1).await.unwrap());
    ledger.received(&vanished, &forgotten).await.unwrap();

    let found = audit(&[]).await;
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    let wanted = [("lost", 1), ("articles_missing", 2), ("withdrawn", articles(1)), ("unknown", 1)];
    let wanted: Vec<_> = wanted.map(|(kind, count)| (kind.to_owned(), count)).into();
    assert_eq!(kinds(&json_lines(&found)), wanted, "{}", out(&found));

    // The file of the first one is gone, too; that of the second is not needed.
    let mended = audit(&["--repair", "--purge-unknown"]).await;
    assert_eq!(mended.status.code(), Some(1), "{}", err(&mended));
    let shown = out(&mended);
    assert!(shown.contains("not mended") && shown.contains("purged"), "{shown}");
    assert_eq!(engine.of(&issue(1)).await, Vec::<String>::new());
    assert_eq!(engine.of(&stranger).await, Vec::<String>::new());

    // Sent again, nothing is left of it but what is really gone.
    let page = folder.path().join("other.txt");
    std::fs::write(&page, std::fs::read_to_string(one).unwrap() + "\n\n再发一次。\n").unwrap();
    let sent = run(&["publish", "--data", data, "--wait", "--json", page.to_str().unwrap()]).await;
    let other: IssueId = json_lines(&sent)[0]["receipt"]["id"].as_str().unwrap().parse().unwrap();
    engine.remove(&engine.of(&other).await).await;
    let mended = audit(&["--repair"]).await;
    assert!(out(&mended).contains("replayed from message"), "{}", out(&mended));
    eventually("what was missing is there again", async || {
        let there = engine.of(&other).await.len();
        if there > 0 { Ok(()) } else { Err(there) }
    })
    .await;
}

/// The engine's documents, with the operator's key.
struct Documents {
    http: reqwest::Client,
    url: String,
    key: String,
}

impl Documents {
    fn new(up: &Up, data: &str) -> Self {
        let key = std::fs::read_to_string(format!("{data}/keys/operator")).unwrap().trim().to_owned();
        Self { http: reqwest::Client::new(), url: format!("{}/indexes/articles", up.address("search")), key }
    }

    async fn ask(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    async fn done(&self, path: &str, body: &Value) {
        let task = self.ask(reqwest::Method::POST, path, Some(body)).await["taskUid"].to_string();
        let tasks = self.url.replace("/indexes/articles", "/tasks/");
        eventually("the engine has done it", async || {
            let task: Value = self
                .http
                .get(format!("{tasks}{task}"))
                .bearer_auth(&self.key)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            if task["status"] == "succeeded" { Ok(()) } else { Err(task.to_string()) }
        })
        .await;
    }

    async fn of(&self, issue: &IssueId) -> Vec<String> {
        let query = json!({ "filter": format!("issue_id = \"{issue}\""), "fields": ["id"], "limit": 100 });
        let found = self.ask(reqwest::Method::POST, "/documents/fetch", Some(&query)).await;
        found["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn get(&self, id: &str) -> Value {
        self.ask(reqwest::Method::GET, &format!("/documents/{id}"), None).await
    }

    async fn add(&self, document: &Value) {
        self.done("/documents", &json!([document])).await;
    }

    async fn remove(&self, ids: &[String]) {
        self.done("/documents/delete-batch", &json!(ids)).await;
    }
}
