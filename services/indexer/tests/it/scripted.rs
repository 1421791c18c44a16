//! A search server that misbehaves on request, and otherwise does what Meilisearch's API says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use contract::Article;
use indexer::document::from_article;

use crate::fixtures::{BAD, POISON};

const KEY: &str = "the-right-key";

/// What the next pushes and the tasks of accepted ones do; then everything goes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A proxy's answer.
    Html502,
    /// A proxy's limit.
    Html413,
    /// No answer at all.
    Hang,
    /// The task queue is full.
    QueueFull,
    /// Accepted, and then the task is not known any more.
    Lost,
    /// Accepted, and then canceled by someone.
    Canceled,
    /// Accepted, and then never worked on.
    Stuck,
    /// Accepted; the first looks at the task meet a broken proxy.
    Flaky,
    /// Accepted; the engine fails over it.
    Internal,
    /// Accepted; the index has another primary key.
    WrongPrimaryKey,
}

#[derive(Default)]
struct Inner {
    steps: VecDeque<Step>,
    documents: BTreeMap<String, Value>,
    tasks: Vec<Value>,
    flaky_looks: u32,
    pushes: Vec<usize>,
    settings: Option<Value>,
    settings_updates: usize,
    locked: bool,
}

/// The server.
#[derive(Clone)]
pub struct Scripted {
    inner: Arc<Mutex<Inner>>,
    url: String,
}

impl Scripted {
    /// Starts one on a free port; it ends with the test's runtime.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener)
    }

    /// Starts one on this listener.
    pub fn on(listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { inner: Arc::default(), url };
        let router = Router::new()
            .route("/indexes", post(create))
            .route("/indexes/{uid}/settings", get(settings).patch(update_settings))
            .route("/indexes/{uid}/documents", post(push))
            .route("/indexes/{uid}/documents/fetch", post(fetch))
            .route("/indexes/{uid}/documents/delete", post(delete))
            .route("/indexes/{uid}/documents/delete-batch", post(delete_batch))
            .route("/tasks/{uid}", get(task))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    pub fn key(&self) -> Option<String> {
        Some(KEY.to_owned())
    }

    /// What the next pushes meet, in order.
    pub fn script(&self, steps: impl IntoIterator<Item = Step>) {
        self.lock().steps.extend(steps);
    }

    /// Refuses every key, or none any more.
    pub fn locked(&self, locked: bool) {
        self.lock().locked = locked;
    }

    /// Forgets index, documents and settings.
    pub fn forget(&self) {
        let mut inner = self.lock();
        inner.settings = None;
        inner.documents.clear();
    }

    /// Headlines of what is in the index, sorted.
    pub fn headlines(&self) -> Vec<String> {
        let mut all: Vec<_> = self.lock().documents.values().map(headline).collect();
        all.sort();
        all
    }

    /// Ids of the documents that are in the index.
    pub fn ids(&self) -> Vec<String> {
        self.lock().documents.keys().cloned().collect()
    }

    /// Puts documents into the index, as a push would that comes from nobody who is still there.
    pub fn insert(&self, articles: &[Article]) {
        for article in articles {
            let document = from_article(article, 1 << 20).unwrap();
            self.lock().documents.insert(document.id, serde_json::from_slice(&document.json).unwrap());
        }
    }

    /// Documents in each push that was accepted.
    pub fn pushes(&self) -> Vec<usize> {
        self.lock().pushes.clone()
    }

    pub fn settings_updates(&self) -> usize {
        self.lock().settings_updates
    }

    /// Changes one setting behind the indexer's back.
    pub fn tamper(&self, setting: &str, value: Value) {
        if let Some(settings) = self.lock().settings.as_mut() {
            settings[setting] = value;
        }
    }

    fn take_out(&self, headers: &HeaderMap, which: impl Fn(&Value) -> bool) -> Response {
        if let Some(refused) = self.refuse(headers) {
            return refused;
        }
        let mut inner = self.lock();
        inner.documents.retain(|_, document| !which(document));
        accepted(&mut inner, json!({ "status": "succeeded", "error": null }), "documentDeletion")
    }

    fn refuse(&self, headers: &HeaderMap) -> Option<Response> {
        let given = headers.get("authorization").and_then(|value| value.to_str().ok());
        let right = given == Some(&format!("Bearer {KEY}")) && !self.lock().locked;
        (!right).then(|| error(403, "invalid_api_key", "auth"))
    }
}

fn headline(document: &Value) -> String {
    document["headline"].as_str().unwrap_or_default().to_owned()
}

fn error(status: u16, code: &str, kind: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(problem(code, kind))).into_response()
}

fn problem(code: &str, kind: &str) -> Value {
    json!({ "message": format!("scripted: {code}"), "code": code, "type": kind, "link": "" })
}

fn accepted(inner: &mut Inner, task: Value, kind: &str) -> Response {
    let uid = inner.tasks.len();
    inner.tasks.push(task);
    let summary = json!({
        "taskUid": uid, "indexUid": "articles", "status": "enqueued", "type": kind,
        "enqueuedAt": "2025-03-08T06:00:00.123456789Z",
    });
    (StatusCode::ACCEPTED, Json(summary)).into_response()
}

async fn create(State(server): State<Scripted>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Some(refused) = server.refuse(&headers) {
        return refused;
    }
    assert_eq!(body["primaryKey"], "id");
    let mut inner = server.lock();
    let task = if inner.settings.is_some() {
        json!({ "status": "failed", "error": problem("index_already_exists", "invalid_request") })
    } else {
        inner.settings = Some(json!({
            "searchableAttributes": ["*"],
            "typoTolerance": { "disableOnNumbers": false, "disableOnWords": [] },
        }));
        json!({ "status": "succeeded", "error": null })
    };
    accepted(&mut inner, task, "indexCreation")
}

async fn settings(State(server): State<Scripted>, headers: HeaderMap) -> Response {
    if let Some(refused) = server.refuse(&headers) {
        return refused;
    }
    match &server.lock().settings {
        Some(settings) => Json(settings.clone()).into_response(),
        None => error(404, "index_not_found", "invalid_request"),
    }
}

async fn update_settings(State(server): State<Scripted>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Some(refused) = server.refuse(&headers) {
        return refused;
    }
    let mut inner = server.lock();
    inner.settings_updates += 1;
    for (name, value) in body.as_object().unwrap() {
        inner.settings.as_mut().unwrap()[name] = value.clone();
    }
    accepted(&mut inner, json!({ "status": "succeeded", "error": null }), "settingsUpdate")
}

async fn push(State(server): State<Scripted>, headers: HeaderMap, body: String) -> Response {
    if let Some(refused) = server.refuse(&headers) {
        return refused;
    }
    let step = server.lock().steps.pop_front();
    match step {
        Some(Step::Html502) => return (StatusCode::BAD_GATEWAY, Html("<h1>502</h1>")).into_response(),
        Some(Step::Html413) => return (StatusCode::PAYLOAD_TOO_LARGE, Html("<h1>413</h1>")).into_response(),
        Some(Step::Hang) => std::future::pending().await,
        Some(Step::QueueFull) => return error(422, "no_space_left_on_device", "system"),
        _ => {}
    }
    assert_eq!(headers["content-type"], "application/x-ndjson");
    let documents: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let has = |headline_wanted: &str| documents.iter().any(|document| headline(document) == headline_wanted);
    let failed = |code: &str, kind: &str| json!({ "status": "failed", "error": problem(code, kind) });
    let task = match step {
        Some(Step::Lost) => Value::Null,
        Some(Step::Canceled) => json!({ "status": "canceled", "error": null, "canceledBy": 3 }),
        Some(Step::Stuck) => json!({ "status": "enqueued", "error": null }),
        Some(Step::Internal) => failed("internal", "internal"),
        Some(Step::WrongPrimaryKey) => failed("index_primary_key_already_exists", "invalid_request"),
        _ if has(BAD) => failed("invalid_document_id", "invalid_request"),
        _ if has(POISON) => failed("internal", "internal"),
        _ => json!({ "status": "succeeded", "error": null }),
    };
    let mut inner = server.lock();
    inner.pushes.push(documents.len());
    if step == Some(Step::Flaky) {
        inner.flaky_looks = 3;
    }
    if task["status"] == "succeeded" {
        for document in documents {
            inner.documents.insert(document["id"].as_str().unwrap().to_owned(), document);
        }
    }
    accepted(&mut inner, task, "documentAdditionOrUpdate")
}

async fn task(State(server): State<Scripted>, Path(uid): Path<usize>) -> Response {
    let mut inner = server.lock();
    if inner.flaky_looks > 0 {
        inner.flaky_looks -= 1;
        return (StatusCode::BAD_GATEWAY, Html("<h1>502</h1>")).into_response();
    }
    match inner.tasks.get(uid) {
        Some(Value::Null) | None => error(404, "task_not_found", "invalid_request"),
        Some(task) => Json(task.clone()).into_response(),
    }
}

/// Understands the filters that the indexer uses: comparisons joined by AND, or several such in brackets joined by OR.
fn passes(filter: &Value, document: &Value) -> bool {
    filter.as_str().unwrap().split(" OR ").any(|part| passes_all(part.trim_matches(['(', ')']), document))
}

fn passes_all(filter: &str, document: &Value) -> bool {
    let listed = |list: &[&str]| list.iter().any(|id| document["article_id"] == id.trim_matches(['[', ']', ',']));
    filter.split(" AND ").all(|condition| match condition.split(' ').collect::<Vec<_>>()[..] {
        ["article_id", "IN", ref list @ ..] => listed(list),
        ["article_id", "NOT", "IN", ref list @ ..] => !listed(list),
        ["revision", sign, revision] => {
            let (found, wanted) = (document["revision"].as_u64().unwrap(), revision.parse().unwrap());
            if sign == "=" { found == wanted } else { found < wanted }
        }
        [field, "=", value] => document[field] == value.trim_matches('"'),
        _ => panic!("{filter}"),
    })
}

async fn fetch(State(server): State<Scripted>, Json(body): Json<Value>) -> Response {
    let total = server.lock().documents.values().filter(|document| passes(&body["filter"], document)).count();
    Json(json!({ "results": [], "offset": 0, "limit": body["limit"], "total": total })).into_response()
}

async fn delete(State(server): State<Scripted>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    server.take_out(&headers, |document| passes(&body["filter"], document))
}

async fn delete_batch(State(server): State<Scripted>, headers: HeaderMap, Json(ids): Json<Vec<String>>) -> Response {
    server.take_out(&headers, |document| ids.iter().any(|id| document["id"] == id.as_str()))
}
