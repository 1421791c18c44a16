//! Dead letters and stored issues handled again, on a line that runs.

use std::fs;

use bus::{
    Bus, BusSettings, DEAD_ATTEMPTS, DEAD_REASON, DEAD_SEQUENCE, DEAD_STAGE, DEAD_STREAM, DEAD_SUBJECT, Outgoing,
};
use contract::event::{Payload, encode_received};
use contract::{Envelope, IssueId, IssueReceived, Lane};
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::eventually;

use crate::pressline::{Up, err, json_lines, out, run, seeds};

/// The event of a file that was admitted; its hash is `sha256` or, if that is empty, right.
fn received(bytes: &[u8], publication: &str, sha256: &str) -> Outgoing {
    let publication: Option<contract::PublicationId> = Some(publication.parse().unwrap());
    let mut event = IssueReceived {
        file_name: Some("page.txt".into()),
        publication: publication.clone(),
        received: Timestamp::now(),
        ..IssueReceived::of(bytes)
    };
    if !sha256.is_empty() {
        event.sha256 = sha256.to_owned();
    }
    let envelope = Envelope {
        source: "/test".into(),
        time: Timestamp::now(),
        lane: Lane::Live,
        publication,
        traceparent: None,
        replay: None,
    };
    encode_received(&event, Payload::Inline(bytes.to_vec().into()), &envelope, None)
}

/// The dead letter of a message that no stream holds.
fn letter(of: Outgoing) -> Outgoing {
    let mut headers = of.headers;
    for (name, value) in [
        (DEAD_STAGE, "parser"),
        (DEAD_REASON, "the dictionary was broken"),
        (DEAD_ATTEMPTS, "5"),
        (DEAD_SUBJECT, &of.subject),
        (DEAD_STREAM, "PRESSLINE_ISSUES"),
        (DEAD_SEQUENCE, "1000"),
    ] {
        headers.insert(name, value);
    }
    Outgoing {
        subject: format!("pressline.dead.parser.{}", of.subject),
        headers,
        payload: of.payload,
        message_id: "letter".into(),
    }
}

async fn list(data: &str, more: &[&str]) -> Vec<Value> {
    let listed = run(&[&["dead-letters", "list", "--json", "--data", data], more].concat()).await;
    assert_eq!(listed.status.code(), Some(0), "{}", err(&listed));
    json_lines(&listed)
}

#[tokio::test]
async fn dead_letters_are_listed_shown_exported_replayed_once_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = Up::start(&data, &[]).await;
    let data = data.to_str().unwrap();
    let bus = Bus::connect(&BusSettings::at(up.address("nats"))).await.unwrap();

    // One that dies by itself, and will again.
    bus.publish(received(b"no such file", "harbour-daily", &"0".repeat(64))).await.unwrap();
    let first = eventually("the event becomes a dead letter", async || {
        list(data, &[]).await.into_iter().next().ok_or("none yet")
    })
    .await;
    assert_eq!((&first["stage"], &first["publication"]), (&json!("parser"), &json!("harbour-daily")), "{first:#}");
    assert_eq!(first["about"], json!(IssueId::of(b"no such file")));
    assert!(first["reason"].as_str().unwrap().contains("sha256"), "{first:#}");
    assert_eq!(list(data, &["--stage", "indexer"]).await, Vec::<Value>::new());
    let number = first["sequence"].to_string();

    let shown = run(&["dead-letters", "show", &number, "--data", data]).await;
    assert!(out(&shown).contains("sha256") && out(&shown).contains("no such file"), "{}", out(&shown));
    let table = run(&["dead-letters", "list", "--data", data]).await;
    assert!(out(&table).contains("harbour-daily"), "{}", out(&table));
    let exported = folder.path().join("letters");
    let export = run(&["dead-letters", "export", "--out", exported.to_str().unwrap(), "--data", data]).await;
    assert_eq!(export.status.code(), Some(0), "{}", err(&export));
    assert_eq!(fs::read(exported.join(format!("{number}.bin"))).unwrap(), b"no such file");
    assert!(fs::read_to_string(exported.join(format!("{number}.json"))).unwrap().contains("sha256"));

    let unsaid = run(&["dead-letters", "replay", "--data", data]).await;
    assert_eq!(unsaid.status.code(), Some(64), "{}", err(&unsaid));
    let replayed = run(&["dead-letters", "replay", &number, "--data", data]).await;
    assert_eq!(replayed.status.code(), Some(0), "{}", err(&replayed));
    let twice = run(&["dead-letters", "replay", &number, "--data", data]).await;
    assert_eq!(twice.status.code(), Some(1), "{}", out(&twice));
    let second = eventually("it dies again, as another letter", async || {
        let letters = list(data, &[]).await;
        letters.into_iter().next().filter(|letter| letter["sequence"] != first["sequence"]).ok_or("not yet")
    })
    .await;

    let metrics = up.metrics_of("parser").await;
    let counted = "pressline_parser_dead_letters_total{stage=\"parser\",reason=\"permanent\"} 2";
    assert!(metrics.contains(counted), "{metrics}");

    // One that died of something that has been mended.
    let page = fs::read(seeds().join("issues/full-masthead.txt")).unwrap();
    bus.publish(letter(received(&page, "mended-daily", ""))).await.unwrap();
    let arguments = ["dead-letters", "replay", "--publication", "mended-daily", "--since", "1h", "--data", data];
    let mended = run(&arguments).await;
    assert_eq!(mended.status.code(), Some(0), "{}", err(&mended));
    assert!(out(&mended).contains("1 dead letter replayed"), "{}", out(&mended));
    eventually("the mended issue is found", async || {
        let found = up.search(json!({ "q": "有轨电车 热滑" })).await;
        found["hits"][0]["headline"].as_str().map(str::to_owned).ok_or(found.to_string())
    })
    .await;

    let number = second["sequence"].to_string();
    let unsure = run(&["dead-letters", "drop", &number, "--data", data]).await;
    assert_eq!(unsure.status.code(), Some(64), "{}", err(&unsure));
    let dropped = run(&["dead-letters", "drop", &number, "--yes", "--data", data]).await;
    assert_eq!(dropped.status.code(), Some(0), "{}", err(&dropped));
    assert_eq!(list(data, &[]).await, Vec::<Value>::new());
}

#[tokio::test]
async fn stored_issues_are_replayed_with_the_revision_they_had_and_nothing_is_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = Up::start(&data, &[]).await;
    let data = data.to_str().unwrap();
    let page = seeds().join("issues/full-masthead.txt");
    let sent = ["publish", "--data", data, "--wait", "--json", "--publication", "tram-daily", page.to_str().unwrap()];
    let sent = run(&sent).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    let receipt = json_lines(&sent)[0]["receipt"].clone();
    let before = up.search(json!({ "q": "", "hitsPerPage": 100 })).await;

    let preview = run(&["replay", "--publication", "tram-daily", "--dry-run", "--json", "--data", data]).await;
    assert_eq!(preview.status.code(), Some(0), "{}", err(&preview));
    let preview = &json_lines(&preview)[0];
    assert_eq!((&preview["issues"], &preview["replayed"]), (&json!(1), &json!(0)), "{preview}");
    for (arguments, code) in [
        (vec!["replay"], 64),
        (vec!["replay", "--publication", "other-daily"], 1),
        (vec!["replay", "--issue", receipt["id"].as_str().unwrap(), "--lane", "backfill"], 0),
        (vec!["replay", "--since", "1h"], 0),
    ] {
        let replayed = run(&[&arguments[..], &["--data", data]].concat()).await;
        assert_eq!(replayed.status.code(), Some(code), "{arguments:?}: {} {}", out(&replayed), err(&replayed));
    }
    let bus = Bus::connect(&BusSettings::at(up.address("nats"))).await.unwrap();
    eventually("what was replayed is done", async || {
        let streams = bus.overview().await.unwrap();
        let durables = streams.iter().flat_map(|stream| &stream.durables);
        let left: u64 = durables.map(|durable| durable.pending + durable.ack_pending).sum();
        let issues = streams.iter().find(|stream| stream.name == "PRESSLINE_ISSUES").unwrap().messages;
        // Itself and a copy for each replay: copies are not copied.
        if left == 0 && issues == 3 { Ok(()) } else { Err(format!("{left} left, {issues} issues")) }
    })
    .await;
    let after = up.search(json!({ "q": "", "hitsPerPage": 100 })).await;
    assert_eq!(after["totalHits"], before["totalHits"]);
    let revisions: Vec<_> = after["hits"].as_array().unwrap().iter().map(|hit| &hit["revision"]).collect();
    assert!(revisions.iter().all(|revision| **revision == receipt["received"]["revision"]), "{revisions:?}");
}
