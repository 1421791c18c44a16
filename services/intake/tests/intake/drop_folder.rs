//! The drop folder, against a real nats-server.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use crate::common::{Intake, events, files, inline, page, settings, with_folder};
use contract::IssueId;
use contract::event::Payload;
use intake::{FolderSettings, Settings};
use testkit::eventually;

/// Waits until `incoming/` holds just these.
async fn left(intake: &Intake, names: &[&str]) {
    let incoming = intake.running.folder.clone().unwrap();
    eventually("incoming is worked off", || {
        let found = files(&incoming);
        async move { if found == names { Ok(()) } else { Err(format!("{found:?}")) } }
    })
    .await;
}

#[tokio::test]
async fn a_dropped_file_is_published_and_lies_in_done() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let settings = Settings {
        file_name_patterns: vec![r"(?<date>\d{4}-\d\d-\d\d)".into()],
        default_publication: Some("any-daily".into()),
        ..with_folder(&nats, root.path())
    };
    let intake = Intake::start(settings).await;
    intake.drop_file("2026-03-04.txt", page(1));
    intake.drop_file("hewan-daily/page.md", page(2));
    left(&intake, &[]).await;
    let mut events = events(&nats).await;
    events.sort_by_key(|event| event.subject.clone());
    let [by_default, by_folder] = &events[..] else { panic!("not two events") };
    assert_eq!(by_default.subject, "pressline.issue.received.live.any-daily");
    assert_eq!(by_default.issue.date, Some(jiff::civil::date(2026, 3, 4)));
    assert_eq!(by_folder.subject, "pressline.issue.received.live.hewan-daily");
    assert_eq!(by_folder.issue.media_type, "text/markdown");
    assert_eq!(inline(by_folder), &page(2));
    let done = files(&root.path().join("done"));
    assert!(done[0].ends_with("/2026-03-04.txt") && done[1].ends_with("/hewan-daily/page.md"), "{done:?}");
    let metrics = intake.metrics().await;
    assert!(metrics.contains(r#"files_total{source="folder",outcome="accepted"} 2"#), "{metrics}");
    eventually("ready", || intake.is_ready()).await;
    intake.stop().await;
}

#[tokio::test]
async fn what_cannot_be_admitted_lies_in_rejected_beside_the_reason() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let intake = Intake::start(Settings { max_bytes: 10_000, ..with_folder(&nats, root.path()) }).await;
    intake.drop_file("empty.txt", "");
    intake.drop_file("picture.txt", b"\x89PNG\r\n\x1a\nrest");
    intake.drop_file("page.pdf", page(1));
    intake.drop_file("large.txt", vec![b'x'; 10_001]);
    intake.drop_file("Two Words/page.txt", page(2));
    left(&intake, &[]).await;
    for (name, code, words) in [
        ("empty.txt", "empty", "the file is empty"),
        ("picture.txt", "binary", "PNG"),
        ("page.pdf", "media_type", "`page.pdf`"),
        ("large.txt", "too_large", "10001 bytes"),
        ("Two Words/page.txt", "bad_fact", "publication `Two Words`"),
    ] {
        let rejected = root.path().join("rejected");
        assert!(rejected.join(name).is_file(), "{:?}", files(&rejected));
        let reason = fs::read_to_string(rejected.join(format!("{name}.reason.txt"))).unwrap();
        assert!(reason.contains(&format!("code: {code}\n")) && reason.contains(words), "{reason}");
        assert!(reason.contains("what to do: "), "{reason}");
    }
    assert!(events(&nats).await.is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn links_hidden_and_unfinished_files_stay_and_names_in_other_encodings_pass() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let outside = root.path().join("outside.txt");
    fs::write(&outside, page(9)).unwrap();
    let intake = Intake::start(with_folder(&nats, root.path())).await;
    let incoming = intake.running.folder.clone().unwrap();
    symlink(&outside, incoming.join("link.txt")).unwrap();
    for name in [".hidden.txt", "page.txt.part", "page.tmp", "page.txt~"] {
        fs::write(incoming.join(name), page(1)).unwrap();
    }
    let strange = std::ffi::OsStr::from_bytes(b"\xB9\xA4\xC8\xCB.txt");
    fs::write(incoming.join(strange), page(2)).unwrap();
    left(&intake, &[".hidden.txt", "link.txt", "page.tmp", "page.txt.part", "page.txt~"]).await;
    fs::rename(incoming.join("page.txt.part"), incoming.join("page.txt")).unwrap();
    left(&intake, &[".hidden.txt", "link.txt", "page.tmp", "page.txt~"]).await;
    let ids: Vec<_> = events(&nats).await.into_iter().map(|event| event.issue.id).collect();
    assert_eq!(ids, [IssueId::of(page(2).as_bytes()), IssueId::of(page(1).as_bytes())]);
    let day = fs::read_dir(root.path().join("done")).unwrap().next().unwrap().unwrap().path();
    assert!(day.join(strange).is_file());
    intake.stop().await;
}

#[tokio::test]
async fn the_same_content_again_goes_to_done_and_not_onto_the_stream() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let intake = Intake::start(with_folder(&nats, root.path())).await;
    intake.drop_file("a.txt", page(1));
    left(&intake, &[]).await;
    intake.drop_file("a.txt", page(1));
    intake.drop_file("b.txt", page(1));
    left(&intake, &[]).await;
    intake.drop_file("a.txt", page(2));
    left(&intake, &[]).await;
    assert_eq!(events(&nats).await.len(), 2);
    let done = files(&root.path().join("done"));
    assert_eq!(done.len(), 4, "{done:?}");
    for id in [IssueId::of(page(1).as_bytes()), IssueId::of(page(2).as_bytes())] {
        assert!(done.iter().any(|name| name.ends_with(&format!("/a.{id}.txt"))), "{done:?}");
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_file_published_before_a_crash_is_moved_after_it_and_not_published_twice() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    // The crash came between ack and move: the event is there, the file still in incoming.
    let uploads_only = Intake::start(settings(&nats)).await;
    let answer = uploads_only.post("/v1/issues?name=a.txt").body(page(1)).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    uploads_only.stop().await;
    let incoming = root.path().join("incoming");
    fs::create_dir_all(&incoming).unwrap();
    fs::write(incoming.join("a.txt"), page(1)).unwrap();
    let intake = Intake::start(with_folder(&nats, root.path())).await;
    left(&intake, &[]).await;
    assert_eq!(events(&nats).await.len(), 1);
    assert_eq!(files(&root.path().join("done")).len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn without_the_broker_files_stay_and_go_through_when_it_is_back() {
    let mut nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let intake = Intake::start(with_folder(&nats, root.path())).await;
    nats.stop().await;
    for number in 0..3 {
        intake.drop_file(&format!("{number}.txt"), page(number));
    }
    eventually("a try has failed", || async {
        intake.metrics().await.contains(r#"files_total{source="folder",outcome="unavailable"}"#)
    })
    .await;
    assert_eq!(files(&root.path().join("incoming")), ["0.txt", "1.txt", "2.txt"]);
    eventually("not ready", || async { !intake.is_ready().await }).await;
    nats.restart().await;
    left(&intake, &[]).await;
    assert_eq!(events(&nats).await.len(), 3);
    eventually("ready again", || intake.is_ready()).await;
    intake.stop().await;
}

#[tokio::test]
async fn a_file_that_still_grows_waits_and_a_large_one_goes_by_the_object_store() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let folder = FolderSettings { scan_ms: 50, settle_ms: 1_500, ..FolderSettings::at(root.path()) };
    let intake = Intake::start(Settings { folder: Some(folder), ..settings(&nats) }).await;
    let path = intake.running.folder.clone().unwrap().join("growing.txt");
    let mut text = String::new();
    for number in 0..30 {
        // No step takes the settle time, unless this machine stands still for that long; then the next lines fail loudly.
        text.push_str(&page(number).repeat(300));
        fs::write(&path, &text).unwrap();
        intake.metrics().await;
    }
    left(&intake, &[]).await;
    let [event] = &events(&nats).await[..] else { panic!("a part was published") };
    assert_eq!(event.issue.id, IssueId::of(text.as_bytes()));
    assert!(matches!(&event.payload, Payload::Reference(name) if *name == event.issue.sha256));
    intake.stop().await;
}
