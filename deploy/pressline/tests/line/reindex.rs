//! The index built anew while the line goes on: readers always find, nothing is lost, and there is a way back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bus::{Bus, BusSettings};
use contract::names::RECEIPTS;
use serde_json::{Value, json};
use testkit::{eventually, eventually_within};

use crate::pressline::{Up, command, err, json_lines, out, run, seeds};

/// How long a page may take on a machine that has other things to do.
const PAGE_WITHIN: Duration = Duration::from_secs(180);

async fn total(up: &Up) -> u64 {
    let all = up.search(json!({ "q": "", "hitsPerPage": 1 })).await;
    all["totalHits"].as_u64().unwrap_or_else(|| panic!("{all}"))
}

#[tokio::test]
async fn readers_find_all_the_time_and_what_comes_meanwhile_is_in_the_fresh_index_and_in_the_old_one_after_an_undo() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = Arc::new(Up::start(&data, &[]).await);
    let data_text = data.to_str().unwrap().to_owned();
    let data = data_text.as_str();
    let page = std::fs::read_to_string(seeds().join("issues/full-masthead.txt")).unwrap();
    let write = |name: &str, count: usize| {
        let exported = folder.path().join(name);
        std::fs::create_dir(&exported).unwrap();
        for copy in 0..count {
            std::fs::write(exported.join(format!("{name}{copy}.txt")), format!("{page}\n\n{name}第{copy}份完。\n"))
                .unwrap();
        }
        exported.to_str().unwrap().to_owned()
    };
    let publish = async |folder: &str| {
        let sent = run(&["publish", "--data", data, "--wait", "--json", folder]).await;
        assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
        let lines = json_lines(&sent);
        lines.iter().map(|row| row["receipt"]["indexed"]["articles"].as_u64().unwrap()).sum::<u64>()
    };
    let reindex = async |more: &[&str]| run(&[&["reindex", "--data", data], more].concat()).await;
    let mut wanted = publish(&write("before", 12)).await;

    let nothing = reindex(&["--resume"]).await;
    assert_eq!(nothing.status.code(), Some(1), "{}", err(&nothing));

    // Somebody reads all the time, and what was found once is found from then on.
    let (over, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let reading = tokio::spawn({
        let (up, over, looks, mut least) = (up.clone(), over.clone(), looks.clone(), wanted);
        async move {
            while !over.load(Ordering::Relaxed) {
                let found = total(&up).await;
                assert!(found >= least, "a reader found {found}, and {least} before");
                least = found;
                looks.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let coming = write("during", 6);
    let (built, came) = tokio::join!(reindex(&[]), publish(&coming));
    assert_eq!(built.status.code(), Some(0), "{} {}", out(&built), err(&built));
    wanted += came;
    eventually("what came meanwhile is there", async || {
        let found = total(&up).await;
        if found == wanted { Ok(()) } else { Err(format!("{found} of {wanted}")) }
    })
    .await;
    let status = reindex(&["--status", "--json"]).await;
    assert_eq!(json_lines(&status)[0]["reindex"]["phase"], "swapped", "{}", out(&status));
    let again = reindex(&[]).await;
    assert_eq!(again.status.code(), Some(1), "the old one is still kept: {}", out(&again));

    wanted += publish(&write("after", 2)).await;
    let back = reindex(&["--undo"]).await;
    assert_eq!(back.status.code(), Some(0), "{}", err(&back));
    assert_eq!(total(&up).await, wanted, "the old index has what came after the swap, too");
    let dropped = reindex(&["--drop-old"]).await;
    assert_eq!(dropped.status.code(), Some(0), "{}", err(&dropped));
    assert_eq!(out(&reindex(&["--status"]).await).trim(), "no reindexing");

    over.store(true, Ordering::Relaxed);
    reading.await.unwrap();
    assert!(looks.load(Ordering::Relaxed) > 10);
    let audit = run(&["audit", "--json", "--data", data]).await;
    let summary: Value = json_lines(&audit).pop().unwrap();
    assert_eq!((audit.status.code(), &summary["documents"]), (Some(0), &json!(wanted)), "{}", out(&audit));
}

#[tokio::test]
async fn one_that_is_killed_again_and_again_is_resumed_and_ends_whole() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = Up::start(&data, &[]).await;
    let data = data.to_str().unwrap();
    let page = std::fs::read_to_string(seeds().join("issues/full-masthead.txt")).unwrap();
    let exported = folder.path().join("exported");
    std::fs::create_dir(&exported).unwrap();
    for copy in 0..20 {
        std::fs::write(exported.join(format!("{copy}.txt")), format!("{page}\n\n第{copy}份完。\n")).unwrap();
    }
    let sent = run(&["publish", "--data", data, "--wait", exported.to_str().unwrap()]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    let wanted = total(&up).await;

    let bus = Bus::connect(&BusSettings::at(up.address("nats"))).await.unwrap();
    let kept = bus.kv(RECEIPTS).await.unwrap();
    let state = async || kept.get("control.reindex").await.unwrap().map(|entry| (entry.revision, entry.value));
    let mut step: &[&str] = &[];
    let mut kills = 0;
    loop {
        let before = state().await.map(|(revision, _)| revision);
        let mut running = command(&[&["reindex", "--data", data], step].concat()).spawn().unwrap();
        let ended = eventually_within(PAGE_WITHIN, "it writes down how far it is, or ends", async || {
            if let Some(ended) = running.try_wait().unwrap() {
                return Some(Some(ended));
            }
            (state().await.map(|(revision, _)| revision) != before).then_some(None)
        })
        .await;
        if let Some(ended) = ended {
            assert_eq!(ended.code(), Some(0));
            break;
        }
        running.kill().unwrap();
        running.wait().unwrap();
        kills += 1;
        step = &["--resume"];
    }
    assert!(kills >= 2, "killed {kills} times");
    let (_, last) = state().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&last).unwrap()["phase"], "swapped");
    assert_eq!(total(&up).await, wanted);
    let audit = run(&["audit", "--json", "--data", data]).await;
    let summary: Value = json_lines(&audit).pop().unwrap();
    assert_eq!((audit.status.code(), &summary["documents"]), (Some(0), &json!(wanted)), "{}", out(&audit));
}
