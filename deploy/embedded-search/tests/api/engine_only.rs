//! What only the engine of this crate is asked: surviving stops and kills, growing, and serving while indexing.

use crate::rig::{KEY, Rig, articles, ids, name};
use embedded_search::{Settings, StartError, start};
use reqwest::Method;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[tokio::test]
async fn everything_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path(), |_| {}).await;
    let index = rig.with_articles().await;
    let lengths = json!({"minWordSizeForTypos": {"oneTypo": 3, "twoTypos": 200}});
    rig.done(Method::PATCH, &format!("/indexes/{index}/settings/typo-tolerance"), Some(lengths)).await;
    let settings = rig.get(&format!("/indexes/{index}/settings")).await;
    let view = rig.get(&format!("/indexes/{index}")).await;
    let tasks = rig.get("/tasks?limit=100").await;
    rig.stop().await;

    let rig = Rig::in_folder(folder.path(), |_| {}).await;
    assert!(rig.is_embedded());
    assert_eq!(ids(&rig.search(&index, json!({"q": "老桥"})).await), ["a4", "a1"]);
    assert_eq!(rig.get(&format!("/indexes/{index}/settings")).await, settings);
    assert_eq!(settings["typoTolerance"]["minWordSizeForTypos"], json!({"oneTypo": 3, "twoTypos": 200}));
    assert_eq!(rig.get(&format!("/indexes/{index}")).await, view);
    assert_eq!(rig.get("/tasks?limit=100").await, tasks);
    let next = rig.done(Method::POST, &format!("/indexes/{index}/documents"), Some(articles())).await;
    assert_eq!(next["uid"], tasks["total"], "numbers go on");
    rig.stop().await;
}

/// The program, killed when dropped.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Starts it on a free port and waits until it says where it listens.
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_embedded-search"))
            .args(["--http-addr", "127.0.0.1:0", "--master-key", KEY, "--no-analytics", "--env", "development"])
            .arg("--db-path")
            .arg(folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(format!("http{}", line.split_once("listening on http")?.1)));
        // Keeps reading, or the program would stand still when the pipe is full.
        std::thread::spawn(move || lines.map_while(Result::ok).count());
        let url: String = url.expect("it says where it listens").chars().filter(|c| c.is_ascii_graphic()).collect();
        Self { child, url }
    }

    fn rig(&self) -> Rig {
        Rig::at(self.url.clone(), KEY.to_owned())
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn tasks_that_a_kill_interrupts_are_done_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let index = name();
    let program = Program::start(folder.path());
    let rig = program.rig();
    let path = format!("/indexes/{index}/documents?primaryKey=id");
    let mut last = 0;
    for batch in 0..20 {
        let documents: Vec<Value> = (0..200)
            .map(|at| json!({"id": batch * 200 + at, "标题": format!("第{at}号渔船回港"), "正文": "渔船陆续回港,码头上堆满了新鲜的鱼和海带。"}))
            .collect();
        let (status, summary) = rig.ask(Method::POST, &path, Some(json!(documents))).await;
        assert_eq!(status, 202);
        last = summary["taskUid"].as_u64().unwrap();
    }
    program.kill();

    let program = Program::start(folder.path());
    let rig = program.rig();
    assert_eq!(rig.end(last).await["status"], "succeeded");
    let tasks = rig.get(&format!("/tasks?indexUids={index}&limit=100&statuses=succeeded")).await;
    assert_eq!(tasks["total"], 20);
    let stats = rig.get(&format!("/indexes/{index}/stats")).await;
    assert_eq!(stats["numberOfDocuments"], 4000);
    // They go after their task is seen to have ended, not before.
    let payloads = folder.path().join("payloads");
    testkit::eventually("payloads of finished tasks are gone", || async {
        std::fs::read_dir(&payloads).unwrap().next().is_none()
    })
    .await;
}

#[tokio::test]
async fn the_program_stops_cleanly_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let index = name();
    program.rig().done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let signaled = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(signaled.success());
    let status = program.child.wait().unwrap();
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn a_data_folder_belongs_to_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let _program = Program::start(folder.path());
    let settings =
        Settings { listen: ([127, 0, 0, 1], 0).into(), data_dir: folder.path().to_owned(), ..Settings::default() };
    match start(settings).await {
        Err(error @ StartError::InUse(_)) => {
            assert!(error.to_string().contains("in use by another process"), "{error}");
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it started twice"),
    }
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings =
        Settings { listen: taken.local_addr().unwrap(), data_dir: folder.path().to_owned(), ..Settings::default() };
    assert!(matches!(start(settings).await, Err(StartError::Listen { .. })));
}

#[tokio::test]
async fn eight_clients_search_while_documents_come_in() {
    let rig = Arc::new(Rig::embedded().await);
    let index = rig.with_articles().await;
    let indexing = Arc::new(AtomicBool::new(true));
    let searchers: Vec<_> = (0..8)
        .map(|_| {
            let (rig, index, indexing) = (Arc::clone(&rig), index.clone(), Arc::clone(&indexing));
            tokio::spawn(async move {
                let mut count = 0;
                while indexing.load(Ordering::Relaxed) || count == 0 {
                    let found = rig.search(&index, json!({"q": "老桥", "limit": 5, "filter": "版 > 0"})).await;
                    assert!(ids(&found).contains(&"a1"));
                    count += 1;
                }
                count
            })
        })
        .collect();
    for batch in 0..5 {
        let documents: Vec<Value> = (0..100)
            .map(|at| json!({"id": format!("n{batch}-{at}"), "标题": "集市开张", "正文": "集市今天开张,人来人往。", "版": 3}))
            .collect();
        rig.done(Method::POST, &format!("/indexes/{index}/documents"), Some(json!(documents))).await;
    }
    indexing.store(false, Ordering::Relaxed);
    for searcher in searchers {
        assert!(searcher.await.unwrap() > 0);
    }
    Arc::into_inner(rig).unwrap().stop().await;
}

#[tokio::test]
async fn an_index_grows_when_its_map_is_full_and_stops_at_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path(), |settings| {
        settings.map_size = 2 << 20;
        settings.max_map_size = 64 << 20;
    })
    .await;
    let index = name();
    let path = format!("/indexes/{index}/documents");
    let documents = |from: usize, count: usize| -> Value {
        let text = |at: usize| format!("第{at}篇:{}", "山上的茶园今年又添了新苗,采茶人起得比太阳还早。".repeat(20));
        (from..from + count).map(|at| json!({"id": at, "正文": text(at)})).collect()
    };
    rig.done(Method::POST, &path, Some(documents(0, 900))).await;
    let stats = rig.get("/stats").await;
    assert_eq!(stats["indexes"][&index]["numberOfDocuments"], 900);
    assert!(stats["databaseSize"].as_u64().unwrap() > 2 << 20, "it grew: {stats}");
    rig.stop().await;

    // The same data under a bound that is reached at once.
    let rig = Rig::in_folder(folder.path(), |settings| {
        settings.map_size = 2 << 20;
        settings.max_map_size = 2 << 20;
    })
    .await;
    let task = rig.task(Method::POST, &path, Some(documents(900, 2400))).await;
    assert_eq!(task["error"]["code"], "database_size_limit_reached", "{task}");
    let found = rig.search(&index, json!({"q": "茶园", "limit": 1})).await;
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "searching goes on");
    rig.stop().await;
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path(), |settings| settings.payload_limit = 1 << 20).await;
    let large = json!([{"id": 1, "正文": "长".repeat(700_000)}]);
    let refused = rig.refused(Method::POST, "/indexes/large/documents", Some(large)).await;
    assert_eq!(refused, (413, "payload_too_large".to_owned()));
    assert_eq!(rig.get("/tasks").await["total"], 0);
    rig.stop().await;
}

#[tokio::test]
async fn waiting_tasks_are_batched_canceled_and_pruned() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path(), |settings| settings.max_tasks = 50).await;
    let index = name();
    let path = format!("/indexes/{index}/documents?primaryKey=id");
    let big: Vec<Value> = (0..3000).map(|at| json!({"id": at, "正文": "稻田里的水满了,青蛙叫了一夜。"})).collect();
    let mut uids = Vec::new();
    for at in 0..10 {
        let body = if at == 0 { json!(big) } else { json!([{"id": format!("s{at}"), "正文": "短"}]) };
        let (_, summary) = rig.ask(Method::POST, &path, Some(body)).await;
        uids.push(summary["taskUid"].as_u64().unwrap());
    }
    // The first is being done or done; what came while it was goes together.
    let mut batches = Vec::new();
    for uid in &uids {
        let task = rig.end(*uid).await;
        assert_eq!(task["status"], "succeeded", "{task}");
        batches.push(task["batchUid"].as_u64().unwrap());
    }
    assert!(batches.is_sorted() && batches[9] < batches[0] + 9, "{batches:?}");

    let (_, first) = rig.ask(Method::POST, &path, Some(json!(big))).await;
    let (_, doomed) = rig.ask(Method::DELETE, &format!("/indexes/{index}"), None).await;
    let cancel = format!("/tasks/cancel?uids={}", doomed["taskUid"]);
    let cancel = rig.done(Method::POST, &cancel, None).await;
    let doomed = rig.end(doomed["taskUid"].as_u64().unwrap()).await;
    rig.end(first["taskUid"].as_u64().unwrap()).await;
    if cancel["details"]["canceledTasks"] == 1 {
        assert_eq!((&doomed["status"], &doomed["canceledBy"]), (&json!("canceled"), &cancel["uid"]));
    } else {
        assert_eq!(doomed["status"], "succeeded", "it was quicker than the cancelation");
    }
    for _ in 0..60 {
        rig.task(Method::DELETE, &format!("/indexes/{index}/documents/x"), None).await;
    }
    let total = rig.get("/tasks").await["total"].as_u64().unwrap();
    assert!(total <= 50, "{total} tasks are kept");
    rig.stop().await;
}
