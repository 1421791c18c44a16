//! Uploads when the sender is slow, the broker away or full, or intake stops.

use std::time::Duration;

use crate::common::{Intake, events, page, settings};
use intake::{HttpSettings, Settings};
use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends the beginning of a request and reads until the server closes.
async fn talk(intake: &Intake, beginning: &str) -> String {
    let mut stream = TcpStream::connect(intake.running.http).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    read.expect("the server keeps a silent connection").unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_sender_that_falls_silent_is_cut_off_and_holds_up_nobody() {
    let nats = testkit::nats().await;
    let base = settings(&nats);
    let http = HttpSettings { header_timeout_ms: 300, body_timeout_ms: 300, max_connections: 2, ..base.http.clone() };
    let intake = Intake::start(Settings { http, ..base }).await;
    assert_eq!(talk(&intake, "").await, "", "silence from the start");
    assert_eq!(talk(&intake, "POST /v1/issues HTTP/1.1\r\nHost: x\r\n").await, "", "half a header");
    let head = "POST /v1/issues HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n";
    let answer = talk(&intake, &format!("{head}beginning")).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("body_timeout"), "{answer}");
    // More silent connections than there are places: they lose them by and by.
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(intake.running.http).await.unwrap());
    }
    let answer = intake.post("/v1/issues?name=a.txt").body(page(1)).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    intake.stop().await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let mut stream = TcpStream::connect(intake.running.http).await.unwrap();
    let head = "POST /v1/issues HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf";
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    let answer = intake.post("/v1/issues?name=a.txt").body(page(1)).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(events(&nats).await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn without_the_broker_uploads_are_told_to_come_again_and_do_so_with_success() {
    let mut nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    nats.stop().await;
    let send = || intake.post("/v1/issues?name=a.txt").body(page(1)).send();
    let answer = send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(answer.text().await.unwrap().contains("unavailable"));
    eventually("not ready", || async { !intake.is_ready().await }).await;
    nats.restart().await;
    eventually("the upload goes through", || async { send().await.unwrap().status().is_success() }).await;
    eventually("ready again", || intake.is_ready()).await;
    assert_eq!(events(&nats).await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn a_full_stream_is_503_and_evicts_nothing() {
    let nats = testkit::nats().await;
    let mut base = settings(&nats);
    base.topology.issues_max_bytes = 20_000;
    let intake = Intake::start(base).await;
    let mut taken = 0;
    let refused = loop {
        let body = page(taken).repeat(40);
        let answer = intake.post("/v1/issues?name=a.txt").body(body).send().await.unwrap();
        if answer.status() != 202 {
            break answer;
        }
        taken += 1;
    };
    assert!(taken > 0);
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    assert!(refused.text().await.unwrap().contains("\"full\""));
    assert_eq!(events(&nats).await.len(), taken as usize);
    eventually("not ready", || async { !intake.is_ready().await }).await;
    intake.stop().await;
}

#[tokio::test]
async fn a_stop_finishes_the_upload_in_hand_and_takes_no_other() {
    let nats = testkit::nats().await;
    let intake = Intake::start(settings(&nats)).await;
    let address = intake.running.http;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = page(1);
    let head = format!(
        "POST /v1/issues HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    eventually("the body is waited for", || async {
        intake.metrics().await.contains(r#"in_flight_files{source="http"} 1"#)
    })
    .await;
    intake.shutdown.cancel();
    eventually("nobody else is let in", || async { TcpStream::connect(address).await.is_err() }).await;
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    intake.stop().await;
    assert_eq!(events(&nats).await.len(), 1);
}
