//! An issue that is not there by its deadline is said once, and `status` shows how each title stands.

use std::fs;

use bus::{Bus, BusSettings, Reading};
use contract::{EventKind, Head, names};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use testkit::eventually;

use crate::pressline::{Up, err, json_lines, out, run, seeds};

async fn standing(data: &str, title: &str) -> Value {
    let status = run(&["status", "--data", data, "--json"]).await;
    let titles = json_lines(&status)[0]["expected"].clone();
    titles.as_array().unwrap().iter().find(|one| one["publication"] == title).cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_late_issue_is_a_metric_an_event_and_a_line_of_status_until_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (data, titles, config) =
        (folder.path().join("data"), folder.path().join("titles.toml"), folder.path().join("up.toml"));
    let days = r#"["mon", "tue", "wed", "thu", "fri", "sat", "sun"]"#;
    let text = format!(
        "[[title]]\nid = \"gone-daily\"\nname = \"杳然日报\"\ntimezone = \"UTC\"\ndays = {days}\ndeadline = \"00:00\"\n\n\
         [[title]]\nid = \"late-daily\"\nname = \"迟来日报\"\ntimezone = \"UTC\"\ndays = {days}\ndeadline = \"00:00\"\n"
    );
    fs::write(&titles, text).unwrap();
    fs::write(&config, format!("[titles]\nfile = {:?}\ncheck_ms = 200\n", titles.to_str().unwrap())).unwrap();
    let up = Up::start(&data, &["--config", config.to_str().unwrap()]).await;
    let data = data.to_str().unwrap();
    for title in ["gone-daily", "late-daily"] {
        eventually("both are late", async || {
            let standing = standing(data, title).await;
            if standing["state"] == "late" { Ok(()) } else { Err(standing.to_string()) }
        })
        .await;
    }

    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    let page = folder.path().join("page.txt");
    let text = fs::read_to_string(seeds().join("issues/no-masthead.txt")).unwrap();
    fs::write(&page, text).unwrap();
    let send = ["publish", "--data", data, "--wait", "--publication", "late-daily", "--date", &today];
    let sent = run(&[&send[..], &[page.to_str().unwrap()]].concat()).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));
    eventually("what came late is complete", async || {
        let standing = standing(data, "late-daily").await;
        if standing["state"] == "complete" { Ok(()) } else { Err(standing.to_string()) }
    })
    .await;
    let shown = run(&["status", "--data", data]).await;
    assert!(out(&shown).contains("迟来日报") && out(&shown).contains("complete"), "{}", out(&shown));

    let metrics = up.metrics_of("parser").await;
    assert!(metrics.contains("pressline_parser_late_titles{kind=\"late\"} 1"), "{metrics}");
    assert!(metrics.contains("pressline_parser_late_issues_total{kind=\"late\"} 2"), "{metrics}");
    // Looked at many times by now, and said once each.
    let bus = Bus::connect(&BusSettings::at(up.address("nats"))).await.unwrap();
    let events = bus.read(names::EVENTS, Reading::default()).page(100).await.unwrap();
    let late: Vec<_> = events.iter().filter(|event| Head::of(event).kind == Some(EventKind::IssueLate)).collect();
    assert_eq!(late.len(), 2);
    let data: Value = serde_json::from_slice(&late[0].payload).unwrap();
    assert_eq!((&data["publication"], &data["kind"]), (&json!("gone-daily"), &json!("late")));
}
