//! From one search engine to two: what stood on one is parted, and every command knows both.

use serde_json::{Value, json};

use crate::pressline::{Up, err, json_lines, out, run, seeds};

async fn counts(up: &Up) -> Vec<u64> {
    let shown = run(&["status", "--json", "--data", up.data()]).await;
    let status = json_lines(&shown).pop().unwrap();
    let engines = status["engines"].as_array().unwrap_or_else(|| panic!("{status}"));
    engines.iter().filter_map(|engine| engine["articles"].as_u64()).collect()
}

async fn audit(up: &Up, more: &[&str]) -> (Vec<Value>, Value) {
    let done = run(&[&["audit", "--json", "--data", up.data()], more].concat()).await;
    let mut lines = json_lines(&done);
    let summary = lines.pop().unwrap_or_else(|| panic!("{}", err(&done)));
    (lines, summary)
}

#[tokio::test]
async fn a_second_engine_takes_its_share_by_a_reindex_and_everything_is_found_on_both() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let settings = folder.path().join("up.toml");
    std::fs::write(&settings, "[page]\nenabled = false\n[search]\nembedded = true\nengines = 2\n").unwrap();

    let mut one = Up::start(&data, &[]).await;
    let issues = seeds().join("issues");
    let sent = run(&["publish", "--data", one.data(), "--wait", "--json", issues.to_str().unwrap()]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    let rows = json_lines(&sent);
    let articles: u64 = rows.iter().map(|row| row["receipt"]["indexed"]["articles"].as_u64().unwrap()).sum();
    let search_key = one.address("search_key");
    one.stop().await;

    let up = Up::start(&data, &["--config", settings.to_str().unwrap()]).await;
    assert_eq!(up.address("search_key"), search_key, "the second engine has the keys of the first");
    testkit::eventually("the second engine has an index, empty yet", async || {
        let counts = counts(&up).await;
        if counts == [articles, 0] { Ok(()) } else { Err(format!("{counts:?}")) }
    })
    .await;
    let (found, _) = audit(&up, &[]).await;
    assert!(!found.is_empty() && found.iter().any(|one| one["difference"]["kind"] == "elsewhere"), "{found:?}");

    let built = run(&["reindex", "--data", up.data()]).await;
    assert_eq!(built.status.code(), Some(0), "{} {}", out(&built), err(&built));
    let parted = counts(&up).await;
    assert!(parted.iter().sum::<u64>() == articles && parted.iter().all(|count| *count > 0), "{parted:?}");
    let (found, summary) = audit(&up, &[]).await;
    assert_eq!((found, &summary["documents"]), (vec![], &json!(articles)));

    // What readers find comes from both, and best first.
    let all = run(&["search", "--json", "--limit", "100", "--data", up.data(), ""]).await;
    let answer = json_lines(&all).pop().unwrap();
    assert_eq!(answer["hits"].as_array().unwrap().len() as u64, articles, "{}", err(&all));
    let days: Vec<_> =
        answer["hits"].as_array().unwrap().iter().filter_map(|hit| hit["date_number"].as_u64()).collect();
    assert!(days.is_sorted_by(|one, other| one >= other), "{days:?}");

    // Corrections, withdrawals and keys reach the engine that an issue stands on, whichever that is.
    for row in &rows {
        let issue = row["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{row}"));
        let gone = run(&["withdraw", issue, "--reason", "over", "--data", up.data()]).await;
        assert_eq!(gone.status.code(), Some(0), "{}", err(&gone));
    }
    testkit::eventually("nothing is left on either", async || {
        let counts = counts(&up).await;
        if counts == [0, 0] { Ok(()) } else { Err(format!("{counts:?}")) }
    })
    .await;
    let rotated = run(&["keys", "rotate", "--data", up.data()]).await;
    assert_eq!(rotated.status.code(), Some(0), "{}", err(&rotated));
    assert!(err(&rotated).contains("8 old keys deleted"), "{}", err(&rotated));
    let shown = run(&["search", "--json", "--data", up.data(), ""]).await;
    assert_eq!(shown.status.code(), Some(0), "the new key opens both: {}", err(&shown));
    assert!(!err(&shown).contains("missing"), "{}", err(&shown));
}
