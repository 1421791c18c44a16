//! A line that runs: files come in by folder and by HTTP, are found, and survive what happens to a machine.

use std::fs;

use crate::pressline::{Up, err, json_lines, out, run, seeds};
use serde_json::{Value, json};
use testkit::eventually;

#[tokio::test]
async fn a_file_dropped_and_a_file_sent_are_found_by_search_command_and_by_meilisearchs_route() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut up = Up::start(&data, &[]).await;
    let data = data.to_str().unwrap();

    fs::copy(seeds().join("issues/full-masthead.txt"), format!("{data}/incoming/page.txt")).unwrap();
    eventually("the dropped file is found", async || {
        let found = up.search(json!({ "q": "有轨电车 热滑" })).await;
        found["hits"][0]["headline"].as_str().map(str::to_owned).ok_or(found.to_string())
    })
    .await;
    let moved = fs::read_dir(format!("{data}/incoming")).unwrap().count();
    assert_eq!(moved, 0, "the dropped file is still in incoming/");

    let page = seeds().join("issues/gb18030.txt");
    let sent = run(&["publish", "--data", data, "--wait", "--json", page.to_str().unwrap()]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    assert_eq!(json_lines(&sent)[0]["receipt"]["status"], "indexed");

    let found = run(&["search", "--data", data, "有轨电车 热滑"]).await;
    assert!(out(&found).contains("热滑"), "{} {}", out(&found), err(&found));
    let filtered = run(&["search", "--data", data, "--json", "--filter", "page = 99", "电车"]).await;
    assert_eq!(json_lines(&filtered)[0]["hits"], json!([]), "{}", err(&filtered));

    let status = run(&["status", "--data", data, "--json"]).await;
    assert_eq!(status.status.code(), Some(0), "{} {}", out(&status), err(&status));
    let status = &json_lines(&status)[0];
    assert_eq!(status["dead_letters"], 0);
    let titles = status["titles"].as_array().unwrap();
    assert!(titles.iter().any(|title| title["name"] == "砚川日报" && title["searchable"] == 1), "{titles:?}");
    assert_eq!(titles.iter().map(|title| title["issues"].as_u64().unwrap()).sum::<u64>(), 2, "{titles:?}");

    let bundle = run(&["support-bundle", "--data", data, "--settings", "deploy/settings/up.toml"]).await;
    let bundle: Value = serde_json::from_str(&out(&bundle)).unwrap();
    assert_eq!(bundle["line"]["status"]["services"].as_array().unwrap().len(), 3, "{bundle:#}");
    assert!(bundle["line"]["metrics"]["parser"].as_str().unwrap().contains("pressline_parser_articles_total"));
    let key = fs::read_to_string(format!("{data}/keys/indexer")).unwrap();
    assert!(!bundle.to_string().contains(key.trim()), "a key in the bundle");
    let services: Vec<_> = status["services"].as_array().unwrap().iter().map(|service| &service["state"]).collect();
    assert_eq!(services, ["ready"; 3]);

    let nats = up.address("nats").trim_start_matches("nats://").to_owned();
    assert_eq!(up.stop().await, Some(0));
    assert!(std::net::TcpStream::connect(&nats).is_err(), "nats-server still listens on {nats}");
    let gone = run(&["status", "--data", data]).await;
    assert_eq!(gone.status.code(), Some(69));
    assert!(err(&gone).contains("pressline up"), "{}", err(&gone));
}

#[tokio::test]
async fn a_power_cut_in_the_middle_loses_nothing_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut up = Up::start(&data, &[]).await;
    // Copies that differ by a line, so that there is enough to be in the middle of.
    let page = fs::read_to_string(seeds().join("issues/full-masthead.txt")).unwrap();
    let exported = folder.path().join("export");
    fs::create_dir(&exported).unwrap();
    for copy in 0..30 {
        fs::write(exported.join(format!("{copy}.txt")), format!("{page}\n\n第{copy}号试样到此结束。\n")).unwrap();
    }
    let (exported, data_text) = (exported.to_str().unwrap(), data.to_str().unwrap());
    let sent = run(&["publish", "--data", data_text, exported]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    up.kill();

    let up = Up::start(&data, &[]).await;
    let again = run(&["publish", "--data", data_text, "--wait", "--json", exported]).await;
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    let rows = json_lines(&again);
    assert!(rows.iter().all(|row| row["new"] == false), "accepted before the cut, and forgotten");
    let wanted: u64 = rows.iter().map(|row| row["receipt"]["extracted"]["articles"].as_u64().unwrap()).sum();
    let all = up.search(json!({ "q": "", "hitsPerPage": 1 })).await;
    assert_eq!(all["totalHits"], Value::from(wanted));
}
