//! What goes wrong is said in one line that names the thing, and nothing is left behind.

use std::fs;
use std::net::TcpListener;

use crate::pressline::{Up, err, expected, json_lines, out, run, seeds};

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_nothing_stays_behind() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for (section, setting) in [
        ("nats", format!("port = {port}")),
        ("search", format!("embedded = true\nport = {port}")),
        ("intake", format!("listen = \"127.0.0.1:{port}\"")),
    ] {
        let config = folder.path().join("up.toml");
        fs::write(&config, format!("[{section}]\n{setting}\n")).unwrap();
        let data = folder.path().join(section);
        let up = run(&["up", "--once", "--config", config.to_str().unwrap(), "--data", data.to_str().unwrap()]).await;
        assert_eq!(up.status.code(), Some(69), "{section}: {}", err(&up));
        assert_eq!(one_line(&err(&up)), 1, "{section}: {}", err(&up));
        assert!(err(&up).contains(&port.to_string()), "{section}: {}", err(&up));
        assert!(!data.join("addresses.json").exists());
    }
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_written_or_is_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let up = run(&["up", "--once", "--data", file.join("data").to_str().unwrap()]).await;
    assert_eq!(up.status.code(), Some(69));
    assert!(err(&up).contains(file.to_str().unwrap()) && one_line(&err(&up)) == 1, "{}", err(&up));

    let data = folder.path().join("data");
    let _running = Up::start(&data, &[]).await;
    let second = run(&["up", "--once", "--data", data.to_str().unwrap()]).await;
    assert_eq!(second.status.code(), Some(69));
    assert!(err(&second).contains("in use"), "{}", err(&second));
}

#[tokio::test]
async fn settings_that_are_unknown_and_paths_that_are_not_there_are_refused_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = folder.path().join("up.toml");
    fs::write(&config, "[nats]\nprot = 4222\n").unwrap();
    let up = run(&["up", "--config", config.to_str().unwrap(), "--data", data.to_str().unwrap()]).await;
    assert_eq!(up.status.code(), Some(64));
    assert!(err(&up).contains("prot"), "{}", err(&up));
    let up = run(&["up", "--data", data.to_str().unwrap(), "nowhere/page.txt"]).await;
    assert_eq!(up.status.code(), Some(64));
    assert!(err(&up).contains("nowhere/page.txt"), "{}", err(&up));
    assert!(!data.exists());
}

#[tokio::test]
async fn parse_shows_the_good_files_names_the_bad_one_and_leaves_with_1() {
    let good = seeds().join("issues/full-masthead.txt");
    let bad = seeds().join("rejected/empty.txt");
    let parsed = run(&["parse", bad.to_str().unwrap(), good.to_str().unwrap()]).await;
    assert_eq!(parsed.status.code(), Some(1));
    assert!(err(&parsed).contains("empty.txt"), "{}", err(&parsed));
    let articles = json_lines(&parsed);
    let headlines: Vec<_> = articles.iter().map(|article| &article["headline"]).collect();
    assert_eq!(headlines, expected()[0]["headlines"].as_array().unwrap().iter().collect::<Vec<_>>());

    let table = run(&["parse", "--format", "table", good.to_str().unwrap()]).await;
    let text = run(&["parse", "--format", "text", good.to_str().unwrap()]).await;
    for headline in headlines {
        let headline = headline.as_str().unwrap();
        assert!(out(&text).contains(headline), "{headline}: {}", out(&text));
        let first: String = headline.chars().take(4).collect();
        assert!(out(&table).contains(&first), "{first}: {}", out(&table));
    }
}

fn one_line(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}
