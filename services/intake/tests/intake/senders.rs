//! Who may send what: hashed tokens, each for some titles, rotated while intake runs.

use std::path::Path;

use crate::common::{Intake, events, page, settings};
use contract::{IssueId, PublicationId};
use intake::{HttpSettings, Settings, Token, TokenLines};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use testkit::{Nats, eventually};

fn titles(ids: &[&str]) -> Vec<PublicationId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// A new token for these titles (none: for all), and its line.
fn token(ids: &[&str]) -> (Token, String) {
    let token = Token::new();
    let line = token.line(&titles(ids), None);
    (token, line)
}

fn guarded(nats: &Nats, lines: Vec<String>) -> Settings {
    let base = settings(nats);
    let http = HttpSettings { tokens: TokenLines(lines), ..base.http.clone() };
    Settings { http, ..base }
}

async fn ask(request: RequestBuilder, token: &Token) -> Response {
    request.bearer_auth(token.secret()).send().await.unwrap()
}

async fn status(request: RequestBuilder, token: &Token) -> u16 {
    ask(request, token).await.status().as_u16()
}

#[tokio::test]
async fn a_token_sends_sees_and_takes_back_its_own_titles_only() {
    let nats = testkit::nats().await;
    let (one, two, all) = (token(&["harbour-daily"]), token(&["harbour-daily", "coast-times"]), token(&[]));
    let intake = Intake::start(guarded(&nats, vec![one.1, two.1, all.1])).await;
    let (one, two, all) = (one.0, two.0, all.0);
    let post = |query: &str, number| intake.post(&format!("/v1/issues?name=a.txt{query}")).body(page(number));

    // A token of one title says the title where nothing else does.
    assert_eq!(status(post("", 1), &one).await, 202);
    let refused = ask(post("&publication=coast-times", 2), &one).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let problem: Value = refused.json().await.unwrap();
    assert_eq!((&problem["code"], &problem["titles"]), (&json!("forbidden"), &json!(["harbour-daily"])));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("`coast-times`") && detail.contains("harbour-daily"), "{detail}");
    assert_eq!(status(post("", 2), &two).await, 403, "of two titles it must be said which");
    assert_eq!(status(post("&publication=coast-times", 3), &two).await, 202);
    assert_eq!(status(post("&publication=river-times", 4), &all).await, 202);
    assert_eq!(status(post("", 5), &all).await, 202);

    // A form says it in a field.
    let form = |title: &'static str| {
        let form = reqwest::multipart::Form::new().text("publication", title);
        let file = reqwest::multipart::Part::text(page(6)).file_name("1.txt");
        intake.post("/v1/issues").multipart(form.part("p", file))
    };
    assert_eq!(status(form("river-times"), &two).await, 403);
    assert_eq!(status(form("harbour-daily"), &two).await, 202);

    // Another title's issue is, to whom it is not for, none at all.
    let at = |number| format!("/v1/issues/{}", IssueId::of(page(number).as_bytes()));
    for (number, token, seen) in
        [(1, &one, 200), (3, &one, 404), (5, &one, 404), (3, &two, 200), (4, &two, 404), (4, &all, 200)]
    {
        assert_eq!(status(intake.client.get(intake.url(&at(number))), token).await, seen, "{number}");
    }
    let delete = |number| intake.client.delete(intake.url(&format!("{}?reason=test", at(number))));
    let article = format!("/v1/articles/{}-aaaaaaaaaaaaa?reason=test", IssueId::of(page(3).as_bytes()));
    let kill = || intake.client.delete(intake.url(&article));
    assert_eq!((status(delete(3), &one).await, status(kill(), &one).await), (404, 404));
    assert_eq!((status(kill(), &two).await, status(delete(3), &two).await), (202, 202));

    let sent = events(&nats).await;
    let published = sent.iter().filter_map(|event| Some(event.issue.publication.as_ref()?.as_str()));
    let published: Vec<_> = published.collect();
    assert_eq!(published, ["harbour-daily", "coast-times", "river-times", "harbour-daily"]);
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"refused_requests_total{reason="forbidden"} 3"#), "{metrics}");
    intake.stop().await;
}

#[tokio::test]
async fn tokens_are_rotated_without_a_restart_and_a_broken_file_changes_nothing() {
    let nats = testkit::nats().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    let (old, new) = (token(&[]), token(&["harbour-daily"]));
    let base = settings(&nats);
    let http = HttpSettings { tokens_file: Some(file.clone()), ..base.http.clone() };
    std::fs::write(&file, &old.1).unwrap();
    let intake = Intake::start(Settings { http, ..base }).await;
    let opens = async |token: &Token| {
        let get = intake.client.get(intake.url(&format!("/v1/issues/{}", IssueId::of(b"none"))));
        status(get, token).await == 404
    };
    let kept = async |count: u32| {
        intake.metrics().await.contains(&format!(r#"reloads_total{{what="tokens",outcome="kept"}} {count}"#))
    };
    let unusable =
        async |now: u8| intake.metrics().await.contains(&format!(r#"unusable_files{{what="tokens"}} {now}"#));
    assert!(opens(&old.0).await && !opens(&new.0).await);

    replace(&file, &format!("{}\n{}\n", old.1, new.1));
    eventually("the new token opens", || opens(&new.0)).await;
    assert!(opens(&old.0).await);
    replace(&file, &new.1);
    eventually("the old token is out", async || !opens(&old.0).await).await;
    assert!(unusable(0).await);

    replace(&file, &format!("{}\n{}\nin-the-open\n", old.1, new.1));
    eventually("the broken file is noticed", || kept(1)).await;
    assert!(opens(&new.0).await && !opens(&old.0).await);
    std::fs::remove_file(&file).unwrap();
    eventually("that there is none is noticed, the broken one was said once", || kept(2)).await;
    assert!(opens(&new.0).await && unusable(1).await);
    replace(&file, &old.1);
    eventually("a good file is taken again", || opens(&old.0)).await;
    assert!(!opens(&new.0).await && unusable(0).await);
    intake.stop().await;
}

/// As careful people replace files that others read.
fn replace(file: &Path, text: &str) {
    let fresh = file.with_extension("new");
    std::fs::write(&fresh, text).unwrap();
    std::fs::rename(fresh, file).unwrap();
}

#[tokio::test]
async fn more_requests_than_a_minute_allows_are_told_when_to_come_again() {
    let nats = testkit::nats().await;
    let (one, two) = (token(&[]), token(&[]));
    let mut settings = guarded(&nats, vec![one.1, two.1]);
    settings.http.requests_per_minute = 5;
    let intake = Intake::start(settings).await;
    let get = || intake.client.get(intake.url("/v1/issues/UPPER"));
    for _ in 0..5 {
        assert_eq!(status(get(), &one.0).await, 400);
    }
    let refused = ask(get(), &one.0).await;
    assert_eq!(refused.status(), 429);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=12).contains(&seconds), "{seconds}");
    assert!(refused.text().await.unwrap().contains("http.requests_per_minute"));
    // Those who try tokens are bounded by their address, and hold up nobody who has one.
    let wrong = Token::new();
    let mut tried = Vec::new();
    for _ in 0..7 {
        tried.push(status(get(), &wrong).await);
    }
    assert_eq!(tried, [401, 401, 401, 401, 401, 429, 429]);
    assert_eq!(status(get(), &two.0).await, 400);
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"refused_requests_total{reason="too_many_requests"} 3"#), "{metrics}");
    assert!(metrics.contains(r#"refused_requests_total{reason="unauthorized"} 5"#), "{metrics}");
    intake.stop().await;
}
