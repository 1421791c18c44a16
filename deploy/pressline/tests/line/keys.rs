//! `pressline keys`: no service and no frontend has the master key, keys are rotated while the line runs, and a
//! tenant's token shows its titles only.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::pressline::{Up, err, json_lines, out, run, seeds};
use serde_json::{Value, json};
use testkit::eventually;

#[tokio::test]
async fn the_line_has_keys_of_its_own_that_are_rotated_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let page = seeds().join("issues/full-masthead.txt");
    let up = Up::start(&data, &[page.to_str().unwrap()]).await;
    let (url, text) = (up.address("search"), data.to_str().unwrap());
    let master = key(&data, "master");
    let old = ["indexer", "search", "status", "operator"].map(|role| key(&data, role));
    for (at, one) in old.iter().enumerate() {
        assert_ne!(*one, master);
        assert!(!old[at + 1..].contains(one), "each has its own");
    }
    for file in ["master", "indexer", "search", "status"] {
        let mode = fs::metadata(data.join("keys").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let found = json!({"q": "水库", "limit": 3});
    eventually("the seeds are searchable", async || hits(&url, &old[1], &found).await > 0).await;
    assert_eq!(status(&url, &old[1], "documents").await, 403, "the search key searches and nothing else");
    assert_eq!(status(&url, &old[0], "search").await, 403, "the indexer need not search");
    let shown = run(&["status", "--data", text, "--json"]).await;
    assert!(json_lines(&shown)[0]["search"]["articles"].as_u64().unwrap() > 0, "{}", out(&shown));

    // Twice: there is nothing to make the second time.
    let listed = json_lines(&run(&["keys", "list", "--json", "--data", text]).await);
    let again = run(&["keys", "setup", "--data", text]).await;
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    assert_eq!(json_lines(&run(&["keys", "list", "--json", "--data", text]).await), listed);
    let printed = format!("{}{}", out(&again), listed.iter().map(Value::to_string).collect::<String>());
    assert!(printed.contains(&old[1]) && !printed.contains(&old[0]) && !printed.contains(&master));

    let rotated = run(&["keys", "rotate", "--data", text]).await;
    assert_eq!(rotated.status.code(), Some(0), "{}", err(&rotated));
    let new = ["indexer", "search", "status", "operator"].map(|role| key(&data, role));
    for (new, old) in new.iter().zip(&old) {
        assert_ne!(new, old);
    }
    assert_eq!(status(&url, &old[1], "search").await, 403, "the old one is gone");
    assert!(hits(&url, &new[1], &found).await > 0);
    // The indexer goes on with its new key, and the other commands with theirs.
    let more = seeds().join("issues/four-pages.txt");
    let sent = run(&["publish", "--data", text, "--wait", more.to_str().unwrap()]).await;
    assert_eq!(sent.status.code(), Some(0), "{}{}", out(&sent), err(&sent));
    let searched = run(&["search", "--data", text, "--json", "水库"]).await;
    assert_eq!(searched.status.code(), Some(0), "{}", err(&searched));
}

#[tokio::test]
async fn a_token_for_a_title_finds_that_title_only() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut up = Up::start(&data, &[]).await;
    let (url, text) = (up.address("search"), data.to_str().unwrap());
    for (title, file) in [("harbour-daily", "full-masthead.txt"), ("hill-weekly", "four-pages.txt")] {
        let file = seeds().join("issues").join(file);
        let sent = run(&["publish", "--data", text, "--wait", "--publication", title, file.to_str().unwrap()]).await;
        assert_eq!(sent.status.code(), Some(0), "{}{}", out(&sent), err(&sent));
    }
    let token =
        run(&["keys", "tenant-token", "--data", text, "--publication", "harbour-daily", "--expires", "30d"]).await;
    assert_eq!(token.status.code(), Some(0), "{}", err(&token));
    let token = out(&token).trim().to_owned();
    let all = json!({"facets": ["publication_id"], "hitsPerPage": 0});
    let titles = |answer: Value| -> Vec<String> {
        let counts = answer["facetDistribution"]["publication_id"].as_object().unwrap();
        let mut titles: Vec<_> = counts.keys().cloned().collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(up.search(all.clone()).await), ["harbour-daily", "hill-weekly"]);
    assert_eq!(titles(search(&url, &token, &all).await), ["harbour-daily"]);
    let widened = json!({"facets": ["publication_id"], "filter": "publication_id = hill-weekly OR page > 0"});
    assert_eq!(titles(search(&url, &token, &widened).await), ["harbour-daily"]);
    up.stop().await;
}

#[tokio::test]
async fn an_engine_elsewhere_gets_its_keys_from_the_master_key_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let engine = testkit::engine().await;
    let (url, master) = (engine.url(), folder.path().join("master"));
    fs::write(&master, engine.key()).unwrap();
    let (master, index) = (master.to_str().unwrap(), format!("keys-{}", std::process::id()));
    let keys = |command: &'static [&'static str], master: &str| {
        let more = ["--url", &url, "--master-key-file", master, "--index", &index].map(str::to_owned);
        let all: Vec<String> = ["keys"].iter().chain(command).map(|word| (*word).to_owned()).chain(more).collect();
        async move { run(&all.iter().map(String::as_str).collect::<Vec<_>>()).await }
    };
    let made = keys(&["setup", "--json"], master).await;
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    let made = json_lines(&made);
    assert_eq!(made.iter().map(|key| &key["role"]).collect::<Vec<_>>(), ["indexer", "search", "status", "operator"]);
    assert!(made.iter().all(|key| key["key"].as_str().unwrap().len() == 64), "printed, for there is no data folder");
    let rotated = json_lines(&keys(&["rotate", "--only", "search", "--json"], master).await);
    assert_eq!(rotated.len(), 1);
    let again = json_lines(&keys(&["setup", "--json"], master).await);
    assert_eq!((&again[0], &again[1]["uid"]), (&made[0], &rotated[0]["uid"]), "only that one was changed");

    fs::write(folder.path().join("wrong"), "another-master-key").unwrap();
    let wrong = keys(&["list"], folder.path().join("wrong").to_str().unwrap()).await;
    assert_eq!(wrong.status.code(), Some(64), "{}", err(&wrong));
    assert!(!err(&wrong).contains("another-master-key"), "{}", err(&wrong));
    let missing = keys(&["list"], folder.path().join("nowhere").to_str().unwrap()).await;
    assert_eq!(missing.status.code(), Some(64));
    let none = run(&["keys", "list", "--url", &url]).await;
    assert_eq!(none.status.code(), Some(64));
    assert!(err(&none).contains("--master-key-file"), "{}", err(&none));
    let past = keys(&["tenant-token", "--publication", "a", "--expires=-1d"], master).await;
    assert_eq!(past.status.code(), Some(64), "{}", err(&past));
}

fn key(data: &Path, role: &str) -> String {
    fs::read_to_string(data.join("keys").join(role)).unwrap().trim().to_owned()
}

async fn ask(url: &str, key: &str, route: &str, query: &Value) -> reqwest::Response {
    let url = format!("{url}/indexes/articles/{route}");
    let client = reqwest::Client::new();
    let request = if route == "search" { client.post(url).json(query) } else { client.get(url) };
    request.bearer_auth(key).send().await.unwrap()
}

async fn status(url: &str, key: &str, route: &str) -> u16 {
    ask(url, key, route, &json!({})).await.status().as_u16()
}

async fn search(url: &str, key: &str, query: &Value) -> Value {
    ask(url, key, "search", query).await.json().await.unwrap()
}

async fn hits(url: &str, key: &str, query: &Value) -> usize {
    search(url, key, query).await["hits"].as_array().map_or(0, Vec::len)
}
