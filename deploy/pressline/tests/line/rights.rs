//! The line on a broker of one's own, as deploy/settings/nats describes it: TLS, a user for each service, and nothing that a
//! user need not do.

use std::time::Duration;

use bus::{Bus, BusError, BusSettings, HeaderMap, Outgoing};
use contract::names::{self, TopologyOptions};
use testkit::eventually_within;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::pressline::{err, out, run, seeds};

const BOUND: Duration = Duration::from_secs(90);
fn message(subject: &str) -> Outgoing {
    let payload = "not one of ours".into();
    Outgoing { subject: subject.to_owned(), headers: HeaderMap::new(), payload, message_id: subject.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_shipped_rights_every_service_does_its_work() {
    let broker = Broker::start().await;
    let topology = names::topology(&TopologyOptions::default());
    let forbidden = broker.connect("parser").await.ensure(&topology).await.unwrap_err();
    assert!(matches!(forbidden, BusError::Forbidden { .. }), "{forbidden}");
    assert!(forbidden.to_string().contains("pressline setup"), "{forbidden}");
    let refused = broker.refused().len();

    let file = broker.file();
    for _ in 0..2 {
        let setup = run(&["setup", "--config", &file]).await;
        assert_eq!(setup.status.code(), Some(0), "{}", err(&setup));
    }

    let engine = testkit::engine().await;
    let shutdown = CancellationToken::new();
    let search = indexer::settings::Search { url: engine.url(), key: Some(engine.key()), ..Default::default() };
    let indexer = indexer::Settings { nats: broker.settings("indexer"), search, ..Default::default() };
    let indexer = indexer::start(indexer, shutdown.clone()).await.unwrap();
    let parser = parser::Settings { nats: broker.settings("parser"), ..Default::default() };
    let parser = parser::start(parser, shutdown.clone()).await.unwrap();
    let mut intake = intake::Settings { nats: broker.settings("intake"), inline_limit: 2_000, ..Default::default() };
    intake.http.listen = ([127, 0, 0, 1], 0).into();
    let intake = intake::start(intake, shutdown.clone()).await.unwrap();
    let at = format!("http://{}", intake.http);

    // Above inline_limit, so by the object store; and below it, in the other lane.
    let http = reqwest::Client::new();
    let large = send(&http, &format!("{at}/v1/issues?name=a.txt"), seed("full-masthead.txt")).await;
    let small = send(&http, &format!("{at}/v1/issues?name=b.txt&lane=backfill"), seed("looped-notice.txt")).await;
    for id in [&large, &small] {
        reaches(&broker, &http, &at, id, "indexed").await;
    }
    let paused = run(&["backfill", "pause", "--config", &file]).await;
    assert!(out(&paused).contains("paused since"), "{}", err(&paused));
    let resumed = run(&["backfill", "resume", "--config", &file]).await;
    assert!(out(&resumed).contains("0 waiting"), "{}", err(&resumed));

    let gone = http.delete(format!("{at}/v1/issues/{small}?reason=test")).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 202);
    reaches(&broker, &http, &at, &small, "withdrawn").await;

    // What cannot be handled, and what cannot even be read, ends in the dead letters, which each service may write.
    let operator = broker.connect("operator").await;
    operator.publish(message("pressline.issue.received.live._")).await.unwrap();
    operator.publish(message("pressline.issue.received.live.a\u{3000}b")).await.unwrap();
    operator.publish(message("pressline.article.extracted.live._")).await.unwrap();
    eventually_within(BOUND, "three dead letters", || async {
        let overview = operator.overview().await.unwrap();
        let dead = overview.iter().find(|stream| stream.name == names::DEAD).unwrap().messages;
        if dead == 3 { Ok(()) } else { Err(format!("{dead} dead letters {:#?}", broker.refused())) }
    })
    .await;
    assert_eq!(broker.refused().len(), refused, "{:#?}", broker.refused());
    shutdown.cancel();
    for ended in [indexer.join().await, parser.join().await, intake.join().await] {
        ended.unwrap();
    }
}

fn seed(name: &str) -> Vec<u8> {
    std::fs::read(seeds().join("issues").join(name)).unwrap()
}

async fn send(http: &reqwest::Client, url: &str, body: Vec<u8>) -> String {
    let answer = http.post(url).header("content-type", "text/plain").body(body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 202);
    answer.json::<serde_json::Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn reaches(broker: &Broker, http: &reqwest::Client, at: &str, id: &str, status: &str) {
    eventually_within(BOUND, &format!("{id} is {status}"), || async {
        let answer = http.get(format!("{at}/v1/issues/{id}")).send().await.map_err(|error| error.to_string())?;
        let receipt = answer.text().await.map_err(|error| error.to_string())?;
        if receipt.contains(&format!("\"status\":\"{status}\"")) {
            Ok(())
        } else {
            Err(format!("{receipt} {:#?}", broker.refused()))
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_does_what_is_anothers() {
    let broker = Broker::start().await;
    let operator = broker.connect("operator").await;
    operator.ensure(&names::topology(&TopologyOptions::default())).await.unwrap();
    let received = "pressline.issue.received.live._";
    let (article, extracted) = ("pressline.article.extracted.live._", "pressline.issue.extracted.live._");
    let (withdrawn, indexed) = ("pressline.issue.withdrawn.live._", "pressline.issue.indexed.live._");
    let (dead_parser, dead_indexer) = ("pressline.dead.parser.x", "pressline.dead.indexer.x");
    let all = [received, article, extracted, withdrawn, indexed, dead_parser, dead_indexer];
    for (user, may) in [
        ("intake", &[received, withdrawn][..]),
        ("parser", &[article, extracted, dead_parser]),
        ("indexer", &[indexed, dead_indexer]),
        ("newsroom", &[received]),
    ] {
        let bus = Bus::connect(&BusSettings { publish_attempts: 1, ..broker.settings(user) }).await.unwrap();
        for subject in all {
            let published = bus.publish(message(subject)).await;
            assert_eq!(published.is_ok(), may.contains(&subject), "{user} {subject}: {published:?}");
        }
    }
    for (user, stream) in [("intake", "KV_pressline-control"), ("newsroom", "KV_pressline-receipts")] {
        let bucket = stream.trim_start_matches("KV_");
        let bus = broker.connect(user).await;
        let written = match bus.kv(bucket).await {
            Ok(kv) => kv.put("backfill", "1").await.map(drop),
            Err(error) => Err(error),
        };
        assert!(written.is_err(), "{user} writes {bucket}");
    }
}

#[tokio::test]
async fn a_broker_that_another_authority_vouches_for_is_refused() {
    let broker = Broker::start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let wrong = BusSettings {
        tls_ca_file: Some(testkit::certificates(elsewhere.path()).ca_file),
        connect_timeout_ms: 5_000,
        ..broker.settings("operator")
    };
    let error = Bus::connect(&wrong).await.unwrap_err();
    assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
    let nobody = BusSettings { password_file: None, password: Some("guessed".into()), ..broker.settings("operator") };
    assert!(Bus::connect(&nobody).await.is_err());
}
