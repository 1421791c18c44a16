//! The index built anew while the line goes on: readers always find, nothing is lost, and there is a way back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use testkit::eventually;

use crate::pressline::{Up, err, json_lines, out, run, seeds};

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

    // Somebody reads all the time.
    let (over, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let reading = tokio::spawn({
        let (up, over, looks, least) = (up.clone(), over.clone(), looks.clone(), wanted);
        async move {
            while !over.load(Ordering::Relaxed) {
                let found = total(&up).await;
                assert!(found >= least, "a reader found {found} of {least}");
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
