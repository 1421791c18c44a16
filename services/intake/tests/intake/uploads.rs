//! Every answer of the upload address, against a real nats-server.

use crate::common::{Intake, events, inline, page, settings};
use contract::event::Payload;
use contract::{IssueId, Receipt, Stage};
use intake::{HttpSettings, Settings, Token, TokenLines};
use reqwest::{Response, StatusCode};
use serde_json::Value;

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async fn problem(answer: Response, status: u16, code: &str) -> String {
    assert_eq!(answer.status(), status, "{}", answer.text().await.unwrap());
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["status"], &body["code"]), (&status.into(), &code.into()), "{body}");
    assert!(body["title"].is_string() && body["type"] == "about:blank", "{body}");
    body["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_upload_is_on_the_stream_with_all_its_facts_and_has_a_receipt() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let answer = intake
        .post("/v1/issues?publication=hewan-daily&date=20260304&lane=backfill")
        .header("content-type", "text/markdown; charset=utf-8")
        .header("content-disposition", "attachment; filename*=UTF-8''%E4%B8%80%E7%89%88.md")
        .header("traceparent", TRACE)
        .body(page(1));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let body: Value = answer.json().await.unwrap();
    let id: IssueId = body["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(location, format!("/v1/issues/{id}"));
    assert_eq!(body, serde_json::json!({"id": id, "receipt": location, "status": "received"}));

    let [event] = &events(&nats).await[..] else { panic!("not one event") };
    assert_eq!(event.subject, "pressline.issue.received.backfill.hewan-daily");
    assert_eq!(event.issue.file_name.as_deref(), Some("一版.md"));
    assert_eq!(event.issue.date, Some(jiff::civil::date(2026, 3, 4)));
    assert_eq!((event.issue.media_type.as_str(), event.issue.charset.as_deref()), ("text/markdown", Some("utf-8")));
    assert_eq!(event.envelope.traceparent.as_deref(), Some(TRACE));
    assert_eq!(inline(event), &page(1));

    let receipt: Receipt = intake.client.get(intake.url(&location)).send().await.unwrap().json().await.unwrap();
    assert_eq!((receipt.id, receipt.status, receipt.received.revision), (id, Stage::Received, 1));
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"pressline_intake_files_total{source="http",outcome="accepted"} 1"#), "{metrics}");
    assert!(metrics.contains("pressline_intake_publish_seconds_count 1"), "{metrics}");
    intake.stop().await;
}

#[tokio::test]
async fn the_same_bytes_again_are_200_with_the_same_id_and_nothing_twice() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let send = |name: &str| intake.post(&format!("/v1/issues?name={name}")).body(page(1)).send();
    let together = tokio::join!(send("a.txt"), send("b.txt"), send("c.txt"));
    let statuses = [together.0, together.1, together.2].map(|answer| answer.unwrap().status().as_u16());
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2, "{statuses:?}");
    let again = send("d.md").await.unwrap();
    assert_eq!(again.status(), StatusCode::OK);
    let body: Value = again.json().await.unwrap();
    assert_eq!(body["id"], IssueId::of(page(1).as_bytes()).as_str());
    assert_eq!(events(&nats).await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn an_event_whose_receipt_was_lost_in_a_crash_gets_it_and_is_not_published_twice() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let send = |number| intake.post("/v1/issues?name=a.txt").body(page(number)).send();
    assert_eq!(send(0).await.unwrap().status(), StatusCode::ACCEPTED);
    assert_eq!(send(1).await.unwrap().status(), StatusCode::ACCEPTED);
    let id = IssueId::of(page(1).as_bytes());
    let bus = bus::Bus::connect(&bus::BusSettings::at(nats.url())).await.unwrap();
    bus.kv(contract::names::RECEIPTS).await.unwrap().delete(&format!("{id}.received")).await.unwrap();
    let get = || intake.client.get(intake.url(&format!("/v1/issues/{id}"))).send();
    assert_eq!(get().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(send(1).await.unwrap().status(), StatusCode::OK);
    let receipt: Receipt = get().await.unwrap().json().await.unwrap();
    assert_eq!(receipt.received.revision, 2, "of the event that is there");
    assert_eq!(events(&nats).await.len(), 2);
    intake.stop().await;
}

#[tokio::test]
async fn what_cannot_be_admitted_gets_its_own_answer_and_leaves_nothing() {
    let nats = testkit::nats().await;
    let intake = Intake::start(Settings { max_bytes: 10_000, ..settings(&nats) }).await;
    let send = |query: &str, kind: &'static str, body: Vec<u8>| {
        intake.post(&format!("/v1/issues{query}")).header("content-type", kind).body(body).send()
    };
    let text = || page(1).into_bytes();
    problem(send("", "text/plain", vec![]).await.unwrap(), 422, "empty").await;
    let detail = problem(send("", "text/plain", b"%PDF-1.4".to_vec()).await.unwrap(), 422, "binary").await;
    assert!(detail.contains("PDF"), "{detail}");
    let detail = problem(send("", "application/pdf", text()).await.unwrap(), 415, "media_type").await;
    assert!(detail.contains("text/plain, text/markdown"), "{detail}");
    let detail = problem(send("?date=2026-02-30", "text/plain", text()).await.unwrap(), 400, "bad_fact").await;
    assert!(detail.contains("date `2026-02-30`"), "{detail}");
    problem(send("?publication=A%20B", "text/plain", text()).await.unwrap(), 400, "bad_fact").await;
    let packed = intake.post("/v1/issues").header("content-type", "text/plain").header("content-encoding", "gzip");
    let answer = packed.body(text()).send().await.unwrap();
    assert_eq!(answer.headers()["accept-encoding"], "identity");
    let detail = problem(answer, 415, "content_encoding").await;
    assert!(detail.contains("`gzip`"), "{detail}");
    problem(send("?lane=fast", "text/plain", text()).await.unwrap(), 400, "bad_fact").await;
    let detail = problem(send("?pubication=a", "text/plain", text()).await.unwrap(), 400, "bad_query").await;
    assert!(detail.contains("pubication"), "{detail}");
    let detail = problem(send("", "text/plain", vec![b'x'; 10_001]).await.unwrap(), 413, "too_large").await;
    assert!(detail.contains("10001") && detail.contains("10000"), "{detail}");
    // No length is declared: the bound holds while reading, and the sender of much more still hears the answer.
    for size in [10_001, 20_000_000] {
        let chunks =
            vec![b'x'; size].chunks(9_000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
        let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
        let answer = intake.post("/v1/issues").header("content-type", "text/plain").body(body).send();
        problem(answer.await.unwrap(), 413, "too_large").await;
    }
    assert!(events(&nats).await.is_empty());
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"files_total{source="http",outcome="too_large"} 3"#), "{metrics}");
    intake.stop().await;
}

#[tokio::test]
async fn paths_methods_and_ids_that_are_not_there_are_told_so() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let get = |path: &str| intake.client.get(intake.url(path)).send();
    let unknown = IssueId::of(b"never sent");
    problem(get(&format!("/v1/issues/{unknown}")).await.unwrap(), 404, "not_found").await;
    problem(get("/v1/issues/UPPER").await.unwrap(), 400, "bad_id").await;
    problem(get("/v1/issues/%ff%fe").await.unwrap(), 400, "bad_id").await;
    problem(get("/v2").await.unwrap(), 404, "not_found").await;
    let wrong = get("/v1/issues").await.unwrap();
    assert_eq!(wrong.headers().get_all("allow").iter().collect::<Vec<_>>(), ["POST"]);
    problem(wrong, 405, "method_not_allowed").await;
    let wrong = intake.post(&format!("/v1/issues/{unknown}")).send().await.unwrap();
    assert_eq!(wrong.headers().get_all("allow").iter().collect::<Vec<_>>(), ["GET,HEAD,DELETE"]);
    problem(wrong, 405, "method_not_allowed").await;
    let wrong = get(&format!("/v1/articles/{unknown}")).await.unwrap();
    assert_eq!(wrong.headers().get_all("allow").iter().collect::<Vec<_>>(), ["DELETE"]);
    problem(wrong, 405, "method_not_allowed").await;
    intake.stop().await;
}

#[tokio::test]
async fn without_a_valid_token_nobody_uploads_reads_receipts_or_takes_anything_back() {
    let nats = testkit::nats().await;
    let base = settings(&nats);
    let token = Token::new();
    let http = HttpSettings { tokens: TokenLines(vec![token.line(&[], None)]), ..base.http.clone() };
    let intake = Intake::start(Settings { http, ..base }).await;
    let post = || intake.post("/v1/issues?name=a.txt").body(page(1));
    let id = IssueId::of(page(1).as_bytes());
    let get = || intake.client.get(intake.url(&format!("/v1/issues/{id}")));
    let delete = |path: String| intake.client.delete(intake.url(&path));
    let (withdraw, kill) = (delete(format!("/v1/issues/{id}?reason=x")), delete(format!("/v1/articles/{id}?reason=x")));
    let wrong = [post().bearer_auth("wrong"), post().basic_auth(token.secret(), Some(token.secret()))];
    for request in [post(), get(), withdraw, kill].into_iter().chain(wrong) {
        let answer = request.send().await.unwrap();
        assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
        problem(answer, 401, "unauthorized").await;
    }
    assert!(events(&nats).await.is_empty());
    assert_eq!(post().bearer_auth(token.secret()).send().await.unwrap().status(), 202);
    assert_eq!(get().bearer_auth(token.secret()).send().await.unwrap().status(), 200);
    intake.stop().await;
}

#[tokio::test]
async fn a_large_file_lies_in_the_object_store_and_the_event_refers_to_it() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let large = page(1).repeat(20_000);
    let answer = intake.post("/v1/issues?name=a.txt").body(large.clone()).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let [event] = &events(&nats).await[..] else { panic!("not one event") };
    let Payload::Reference(name) = &event.payload else { panic!("inline") };
    assert_eq!(name, &event.issue.sha256);
    let bus = bus::Bus::connect(&bus::BusSettings::at(nats.url())).await.unwrap();
    let stored = bus.objects(contract::names::FILES).await.unwrap().get(name, large.len()).await.unwrap();
    assert_eq!(stored, large);
    intake.stop().await;
}
