//! Several files that are one issue: a folder of the drop folder, a form with several files.

use std::fs;

use contract::IssueId;
use contract::parts::{self, Part};
use intake::Settings;
use reqwest::multipart::{Form, Part as FormPart};
use serde_json::Value;
use testkit::eventually;

use crate::common::{Event, Intake, events, files, inline, page, settings, with_folder};

fn parts_of(event: &Event) -> Vec<Part> {
    parts::split(&event.issue.media_type, inline(event)).unwrap()
}

fn names(parts: &[Part]) -> Vec<&str> {
    parts.iter().map(|part| part.name.as_deref().unwrap()).collect()
}

async fn worked_off(intake: &Intake) {
    let incoming = intake.running.folder.clone().unwrap();
    eventually("incoming is worked off", || {
        let found = files(&incoming);
        async move { if found.is_empty() { Ok(()) } else { Err(format!("{found:?}")) } }
    })
    .await;
}

#[tokio::test]
async fn a_folder_is_one_issue_and_is_moved_as_one() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let settings = Settings {
        file_name_patterns: vec![r"^(?<date>\d{4}-\d\d-\d\d)".into()],
        default_publication: Some("any-daily".into()),
        ..with_folder(&nats, root.path())
    };
    let intake = Intake::start(settings).await;
    // Built up under a name that is left alone, then renamed: it comes whole.
    for (name, number) in [("10.txt", 10), ("2.md", 2), ("1.txt", 1)] {
        intake.drop_file(&format!("hewan-daily/.sending/{name}"), page(number));
    }
    let incoming = intake.running.folder.clone().unwrap();
    fs::rename(incoming.join("hewan-daily/.sending"), incoming.join("hewan-daily/2026-03-04")).unwrap();
    worked_off(&intake).await;
    // Page by page; what is still being written holds all of them up.
    intake.drop_file("2026-03-05/2.txt.part", page(22));
    intake.drop_file("2026-03-05/1.txt", page(21));
    let one = incoming.join("2026-03-05");
    eventually("a page alone is passed over", || async { files(&one).len() == 2 }).await;
    intake.drop_file("alone.txt", page(3));
    eventually("a file beside it is taken", || async { events(&nats).await.len() == 2 }).await;
    fs::rename(one.join("2.txt.part"), one.join("2.txt")).unwrap();
    worked_off(&intake).await;

    let events = events(&nats).await;
    let [first, _, second] = &events[..] else { panic!("{} events", events.len()) };
    assert_eq!(first.subject, "pressline.issue.received.live.hewan-daily");
    assert_eq!(first.issue.file_name.as_deref(), Some("2026-03-04"));
    assert_eq!(first.issue.date, Some(jiff::civil::date(2026, 3, 4)));
    let parts = parts_of(first);
    assert_eq!(names(&parts), ["1.txt", "2.md", "10.txt"]);
    assert_eq!(parts[2].bytes, page(10));
    assert_eq!(second.subject, "pressline.issue.received.live.any-daily");
    assert_eq!(names(&parts_of(second)), ["1.txt", "2.txt"]);
    let done = files(&root.path().join("done"));
    let lies = |name: &str| done.iter().any(|path| path.ends_with(name));
    assert!(lies("/hewan-daily/2026-03-04/10.txt") && lies("/2026-03-05/2.txt"), "{done:?}");
    intake.stop().await;
}

#[tokio::test]
async fn a_folder_with_a_page_that_cannot_be_admitted_is_rejected_as_one() {
    let nats = testkit::nats().await;
    let root = tempfile::tempdir().unwrap();
    let intake = Intake::start(Settings { max_bytes: 10_000, ..with_folder(&nats, root.path()) }).await;
    let incoming = intake.running.folder.clone().unwrap();
    let send = |folder: &str, pages: &[(&str, Vec<u8>)]| {
        for (name, bytes) in pages {
            intake.drop_file(&format!("daily/.sending/{name}"), bytes);
        }
        fs::rename(incoming.join("daily/.sending"), incoming.join("daily").join(folder)).unwrap();
    };
    send("monday", &[("1.txt", page(1).into()), ("2.txt", b"%PDF-1.7".to_vec())]);
    send("tuesday", &[("1.txt", vec![b'x'; 6_000]), ("2.txt", vec![b'y'; 6_000])]);
    worked_off(&intake).await;
    let rejected = root.path().join("rejected/daily");
    for (folder, words) in [("monday", "`2.txt`: the file seems to be a PDF"), ("tuesday", "12000 bytes")] {
        assert!(rejected.join(folder).join("1.txt").is_file(), "{:?}", files(&rejected));
        let reason = fs::read_to_string(rejected.join(format!("{folder}.reason.txt"))).unwrap();
        assert!(reason.contains(words) && reason.contains("what to do: "), "{reason}");
    }
    assert!(events(&nats).await.is_empty());
    intake.stop().await;
}

fn form(pages: &[(&'static str, Vec<u8>)]) -> Form {
    pages.iter().fold(Form::new(), |form, (name, bytes)| {
        form.part("page", FormPart::bytes(bytes.clone()).file_name(*name).mime_str("text/plain").unwrap())
    })
}

#[tokio::test]
async fn a_form_with_several_files_is_one_issue() {
    let nats = testkit::nats().await;
    let intake = Intake::start(Settings { max_bytes: 10_000, ..settings(&nats) }).await;
    let pages = || form(&[("第10版.txt", page(10).into()), ("第2版.txt", page(2).into())]);
    let send = |form: Form, query: &str| intake.post(&format!("/v1/issues{query}")).multipart(form).send();
    let facts = |form: Form| form.text("publication", "hewan-daily").text("date", "2026-03-04");
    let answer = send(facts(pages()), "?name=monday").await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 202);
    let body: Value = answer.json().await.unwrap();
    let [event] = &events(&nats).await[..] else { panic!("not one event") };
    assert_eq!(event.subject, "pressline.issue.received.live.hewan-daily");
    assert_eq!(event.issue.date, Some(jiff::civil::date(2026, 3, 4)));
    assert_eq!(
        (event.issue.file_name.as_deref(), body["id"].as_str()),
        (Some("monday"), Some(event.issue.id.as_str()))
    );
    let parts = parts_of(event);
    assert_eq!(names(&parts), ["第2版.txt", "第10版.txt"]);
    assert_eq!(parts[0].bytes, page(2));
    // Another boundary, the same issue; one file is the file.
    assert_eq!(send(facts(pages()), "").await.unwrap().status(), 200);
    assert_eq!(send(form(&[("1.txt", page(1).into())]), "").await.unwrap().status(), 202);
    assert_eq!(inline(&events(&nats).await[1]), &page(1));
    assert_eq!(events(&nats).await[1].issue.id, IssueId::of(page(1).as_bytes()));
    intake.stop().await;
}

#[tokio::test]
async fn a_form_that_cannot_be_admitted_gets_its_own_answer() {
    let nats = testkit::nats().await;
    let intake = Intake::start(Settings { max_bytes: 10_000, ..settings(&nats) }).await;
    let half = || vec![b'x'; 6_000];
    for (form, status, code, words) in [
        (form(&[("1.txt", half()), ("2.txt", half())]), 413, "too_large", "12000 bytes together"),
        (form(&[("1.txt", page(1).into()), ("2.txt", vec![])]), 422, "empty", "`2.txt`: the file is empty"),
        (Form::new().text("date", "2026-03-04"), 422, "empty", "the issue has no files"),
        (
            form(&[("1.txt", page(1).into()), ("2.txt", page(2).into())]).text("date", "soon"),
            400,
            "bad_fact",
            "date `soon`",
        ),
    ] {
        let answer = intake.post("/v1/issues").multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), status);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], code, "{body}");
        assert!(body["detail"].as_str().unwrap().contains(words), "{body}");
    }
    let broken = intake.post("/v1/issues").header("content-type", "multipart/form-data; boundary=x").body("no form");
    let body: Value = broken.send().await.unwrap().json().await.unwrap();
    assert_eq!((&body["status"], &body["code"]), (&400.into(), &"bad_form".into()), "{body}");
    assert!(events(&nats).await.is_empty());
    intake.stop().await;
}
