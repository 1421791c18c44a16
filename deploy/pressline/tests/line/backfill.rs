//! An archive sent in many runs: previewed, stopped, gone on with, its folders joined into issues.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::eventually;

use crate::pressline::{Up, command, err, json_lines, out, run, seeds};

#[tokio::test]
async fn an_archive_is_previewed_stopped_in_the_middle_and_gone_on_with_and_its_folders_are_issues() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (archive, journal) = (folder.path().join("archive"), folder.path().join("journal"));
    let page = fs::read_to_string(seeds().join("issues/full-masthead.txt")).unwrap();
    for day in 1..=9 {
        let issue = archive.join(format!("old-daily/2019-03-0{day}"));
        fs::create_dir_all(&issue).unwrap();
        for number in 1..=2 {
            fs::write(issue.join(format!("0{number}.txt")), format!("{page}\n\n第{day}日{number}版完。\n")).unwrap();
        }
    }
    fs::write(archive.join("old-daily/loose.txt"), &page).unwrap();
    let (archive_text, journal_text) = (archive.to_str().unwrap(), journal.to_str().unwrap());
    let data_text = data.to_str().unwrap();
    let publish = ["publish", archive_text, "--drop-layout", "--lane", "backfill", "--journal", journal_text, "--data"];
    let publish = [&publish[..], &[data_text]].concat();

    let preview = run(&[&publish[..], &["--dry-run", "--json"]].concat()).await;
    assert_eq!(preview.status.code(), Some(0), "{}", err(&preview));
    let preview = &json_lines(&preview)[0];
    assert_eq!((&preview["issues"], &preview["files"], &preview["known"]), (&json!(10), &json!(19), &json!(0)));

    let up = Up::start(&data, &[]).await;
    // Stopped after the first that was noted.
    let mut child = command(&publish).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let noted = || fs::read_to_string(&journal).unwrap_or_default().lines().filter(|line| !line.is_empty()).count();
    eventually("one is noted", async || if noted() > 0 { Ok(()) } else { Err("none") }).await;
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let code = eventually("it ends", async || child.try_wait().unwrap().ok_or("running")).await.code();
    // It may have been done before the signal came.
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
    let before = noted();

    let on = run(&[&publish[..], &["--wait", "--json"]].concat()).await;
    assert_eq!(on.status.code(), Some(0), "{} {}", out(&on), err(&on));
    let rows = json_lines(&on);
    assert_eq!((rows.len(), noted()), (10, 10));
    assert_eq!(rows.iter().filter(|row| row["new"] == false).count(), before, "what was noted is not sent again");
    let joined: Vec<&Value> = rows.iter().filter(|row| !row["file"].as_str().unwrap().ends_with(".txt")).collect();
    assert_eq!(joined.len(), 9);
    assert!(joined.iter().all(|row| row["receipt"]["received"]["publication"] == "old-daily"), "{joined:#?}");
    assert!(joined.iter().all(|row| row["receipt"]["received"]["lane"] == "backfill"));
    let found = up.search(json!({ "q": "", "filter": "publication_id = 'old-daily'", "hitsPerPage": 1 })).await;
    assert!(found["totalHits"].as_u64().unwrap() >= 10, "{found}");

    let known = run(&[&publish[..], &["--dry-run", "--json"]].concat()).await;
    assert_eq!(json_lines(&known)[0]["known"], json!(10));
}
