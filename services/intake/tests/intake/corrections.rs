//! What is sent again, and what is taken back.

use std::fs;

use contract::event::decode;
use contract::names::{self, Work};
use contract::receipt::{Failed, Receipts};
use contract::{ArticleId, ArticleKilled, IssueId, IssueWithdrawn, Receipt, Stage};
use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Nats, eventually};

use crate::common::{Intake, events, inline, page, settings, with_folder};

async fn sent(intake: &Intake, query: &str, body: String) -> (StatusCode, IssueId) {
    let answer = intake.post(&format!("/v1/issues?{query}")).body(body).send().await.unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    (status, body["id"].as_str().unwrap_or_else(|| panic!("{body}")).parse().unwrap())
}

async fn receipt(intake: &Intake, id: &IssueId) -> Receipt {
    intake.client.get(intake.url(&format!("/v1/issues/{id}"))).send().await.unwrap().json().await.unwrap()
}

async fn delete(intake: &Intake, path: &str) -> (StatusCode, Value) {
    let answer = intake.client.delete(intake.url(path)).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn receipts(nats: &Nats) -> Receipts {
    let bus = bus::Bus::connect(&bus::BusSettings::at(nats.url())).await.unwrap();
    Receipts::new(bus.kv(names::RECEIPTS).await.unwrap())
}

#[tokio::test]
async fn other_bytes_under_one_name_are_its_next_revision_and_the_first_again_the_one_after() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let day = "publication=hewan-daily&date=2026-03-04&name=a.txt";
    let mut ids = Vec::new();
    for (number, status) in [(1, 202), (2, 202), (2, 200), (1, 202), (1, 200)] {
        let (answered, id) = sent(&intake, day, page(number)).await;
        assert_eq!(answered, status, "page {number}");
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(receipt(&intake, &ids[0]).await.received.revision, 3);
    let bodies: Vec<_> = events(&nats).await.iter().map(|event| inline(event).clone()).collect();
    assert_eq!(bodies, [page(1), page(2), page(1)]);
    let (_, other_page) = sent(&intake, "publication=hewan-daily&date=2026-03-04&name=a-02.txt", page(3)).await;
    let (_, keyed) = sent(&intake, "issue=monday&name=x.txt", page(4)).await;
    assert_eq!(sent(&intake, "issue=monday&name=y.txt", page(5)).await, (StatusCode::ACCEPTED, keyed.clone()));
    assert!(other_page != ids[0] && keyed != ids[0]);
    intake.stop().await;
}

#[tokio::test]
async fn what_was_given_up_is_taken_when_it_is_sent_again() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let (_, id) = sent(&intake, "name=a.txt", page(1)).await;
    let article = contract::ArticleId::of(&id, "text", 0);
    for (revision, stage, article) in [(1, Work::Parse, None), (2, Work::Index, Some(article))] {
        let failed = Failed {
            at: jiff::Timestamp::now(),
            stage: stage.stage().into(),
            reason: "it was broken".into(),
            article,
            revision,
        };
        receipts(&nats).await.failed(&id, &failed).await.unwrap();
        assert_eq!(receipt(&intake, &id).await.failed, [failed]);
        assert_eq!(sent(&intake, "name=a.txt", page(1)).await, (StatusCode::ACCEPTED, id.clone()));
        let receipt = receipt(&intake, &id).await;
        let stands = (receipt.status, receipt.received.revision, receipt.failed.len());
        assert_eq!(stands, (Stage::Received, revision + 1, 0));
        assert_eq!(sent(&intake, "name=a.txt", page(1)).await.0, StatusCode::OK);
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_withdrawn_issue_stays_out_whoever_sends_it_and_however_often() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let intake = Intake::start(with_folder(&nats, root.path())).await;
    let day = "publication=hewan-daily&date=2026-03-04&name=a.txt";
    let (_, id) = sent(&intake, day, page(1)).await;
    let path = format!("/v1/issues/{id}?reason=wrong%20edition");
    let (status, first) = delete(&intake, &path).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!((first["status"].as_str(), first["reason"].as_str()), (Some("withdrawn"), Some("wrong edition")));
    let (status, second) = delete(&intake, &format!("/v1/issues/{id}?reason=again")).await;
    assert_eq!((status, second), (StatusCode::ACCEPTED, first));
    let receipt = receipt(&intake, &id).await;
    assert_eq!((receipt.status, receipt.fence.withdrawn.unwrap().reason.as_str()), (Stage::Withdrawn, "wrong edition"));

    for number in [1, 2] {
        let answer = intake.post(&format!("/v1/issues?{day}")).body(page(number)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::GONE);
        let body: Value = answer.json().await.unwrap();
        assert!(body["code"] == "withdrawn" && body["detail"].as_str().unwrap().contains("wrong edition"), "{body}");
    }
    // By its name, an issue of the folder: the same file, withdrawn meanwhile, and a correction of it.
    intake.drop_file("hewan-daily/20260305.txt", page(3));
    let taken = eventually("the file is taken", || async { events(&nats).await.into_iter().nth(1) }).await;
    let done = || async { !root.path().join("incoming/hewan-daily/20260305.txt").exists() };
    eventually("it has left the folder", done).await;
    delete(&intake, &format!("/v1/issues/{}?reason=not%20ours", taken.issue.id)).await;
    intake.drop_file("hewan-daily/20260305.txt", page(4));
    let reason = root.path().join("rejected/hewan-daily/20260305.txt.reason.txt");
    let reason = eventually("the correction is rejected", || async { fs::read_to_string(&reason).ok() }).await;
    assert!(reason.contains("code: withdrawn") && reason.contains("not ours"), "{reason}");
    assert_eq!(events(&nats).await.len(), 2);
    intake.stop().await;
}

#[tokio::test]
async fn what_is_taken_back_is_an_event_and_a_tombstone_and_needs_a_reason_and_an_issue() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let (_, id) = sent(&intake, "name=a.txt&publication=hewan-daily&lane=backfill", page(1)).await;
    let article = ArticleId::of(&id, "text", 0);
    let (status, body) = delete(&intake, &format!("/v1/articles/{article}?reason=court%20order")).await;
    assert_eq!(
        (status, body["status"].as_str(), body["issue"].as_str()),
        (StatusCode::ACCEPTED, Some("killed"), Some(id.as_str()))
    );
    assert_eq!(receipt(&intake, &id).await.fence.killed[&article].reason, "court order");
    delete(&intake, &format!("/v1/issues/{id}?reason=all%20of%20it")).await;

    let unknown = IssueId::of(b"never sent");
    let old = "a".repeat(26);
    for (path, wanted, code) in [
        (format!("/v1/issues/{unknown}?reason=x"), 404, "not_found"),
        (format!("/v1/articles/{}?reason=x", ArticleId::of(&unknown, "", 0)), 404, "not_found"),
        (format!("/v1/articles/{old}?reason=x"), 400, "bad_id"),
        (format!("/v1/issues/{id}"), 400, "bad_query"),
        (format!("/v1/issues/{id}?reason=%20"), 400, "bad_query"),
        (format!("/v1/issues/{id}?why=x"), 400, "bad_query"),
    ] {
        let (status, body) = delete(&intake, &path).await;
        assert_eq!((status.as_u16(), body["code"].as_str()), (wanted, Some(code)), "{path}: {body}");
    }

    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream(names::ARTICLES).await.unwrap();
    let mut stored = Vec::new();
    for sequence in 1..=stream.cached_info().state.last_sequence {
        let raw = stream.get_raw_message(sequence).await.unwrap();
        stored.push(bus::Incoming {
            subject: raw.subject.to_string(),
            headers: raw.headers,
            payload: raw.payload,
            stream_sequence: sequence,
            attempt: 1,
            published: std::time::SystemTime::UNIX_EPOCH,
        });
    }
    let [killed, withdrawn] = &stored[..] else { panic!("{} events", stored.len()) };
    assert_eq!(killed.subject, "pressline.article.killed.live.hewan-daily");
    assert_eq!(decode::<ArticleKilled>(killed).unwrap().0.article, article);
    assert_eq!(withdrawn.subject, "pressline.issue.withdrawn.live.hewan-daily");
    assert_eq!(decode::<IssueWithdrawn>(withdrawn).unwrap().0.reason, "all of it");
    intake.stop().await;
}
