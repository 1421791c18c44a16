//! Starting when something is wrong or missing, and what an operator sees meanwhile.

use std::net::SocketAddr;

use contract::event::encode;
use contract::names;
use runtime::StartError;
use serde_json::Value;
use testkit::eventually;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fixtures::{article, envelope, settings};
use crate::scripted::Scripted;

async fn ready(ops: SocketAddr) -> (u16, Value) {
    let answer = reqwest::get(format!("http://{ops}/health/ready")).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn is_ready(ops: SocketAddr) {
    eventually("ready", || async {
        match ready(ops).await {
            (200, _) => Ok(()),
            (_, parts) => Err(parts.to_string()),
        }
    })
    .await;
}

#[tokio::test]
async fn bad_settings_are_refused_at_once_with_the_exit_code_of_settings() {
    // Nothing listens there: a connection would be waited for.
    let mut settings = settings("nats://127.0.0.1:1", "http://127.0.0.1:1".into(), None, "articles");
    settings.batch.in_flight = 0;
    let error = indexer::start(settings, CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, StartError::Settings(_)) && error.exit_code() == 64, "{error}");
    assert_eq!(error.to_string(), "batch.in_flight is 0, give 1 to 16");
}

#[tokio::test]
async fn without_a_broker_it_waits_and_a_stop_ends_the_waiting() {
    let shutdown = CancellationToken::new();
    let settings = settings("nats://127.0.0.1:1", "http://127.0.0.1:1".into(), None, "articles");
    let starting = tokio::spawn(indexer::run(settings, shutdown.clone()));
    shutdown.cancel();
    starting.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_search_server_it_is_unready_consumes_nothing_and_goes_on_when_it_comes() {
    let nats = testkit::nats().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let shutdown = CancellationToken::new();
    let key = Some("the-right-key".to_owned());
    let settings = settings(&nats.url(), format!("http://{address}"), key, "articles");
    let running = indexer::start(settings.clone(), shutdown.clone()).await.unwrap();
    let (status, parts) = ready(running.ops).await;
    assert_eq!((status, &parts["parts"]["broker"], &parts["parts"]["search"]), (503, &true.into(), &false.into()));

    let bus = bus::Bus::connect(&settings.nats).await.unwrap();
    bus.ensure(&names::topology(&settings.topology)).await.unwrap();
    bus.publish(encode(&article("waiting", 1, "渡船复航"), &envelope()).unwrap()).await.unwrap();

    let server = Scripted::on(TcpListener::bind(address).await.unwrap());
    is_ready(running.ops).await;
    eventually("indexed", || async { server.headlines() == ["渡船复航"] }).await;
    eventually("numbers", || async {
        let text = reqwest::get(format!("http://{}/metrics", running.ops)).await.unwrap().text().await.unwrap();
        let counted = text.contains("pressline_indexer_documents_total 1")
            && text.contains(r#"pressline_indexer_deliveries_total{durable="indexer-live",outcome="done"} 1"#);
        if counted { Ok(()) } else { Err(text) }
    })
    .await;
    shutdown.cancel();
    running.join().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_unready_until_it_is_mended_and_a_removed_index_is_made_anew() {
    let nats = testkit::nats().await;
    let server = Scripted::start().await;
    server.locked(true);
    let shutdown = CancellationToken::new();
    let settings = settings(&nats.url(), server.url(), server.key(), "articles");
    let running = indexer::start(settings, shutdown.clone()).await.unwrap();
    assert_eq!(ready(running.ops).await.0, 503);
    server.locked(false);
    is_ready(running.ops).await;
    assert_eq!(server.settings_updates(), 1);
    server.locked(true);
    eventually("unready again", || async { ready(running.ops).await.0 == 503 }).await;
    server.locked(false);
    is_ready(running.ops).await;
    server.forget();
    eventually("made anew", || async { server.settings_updates() == 2 }).await;
    is_ready(running.ops).await;
    shutdown.cancel();
    running.join().await.unwrap();
}
