//! The search engine as the operator's commands see it: documents, purges, indexes that change places.

use std::time::Duration;

use indexer::settings::Search;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::intake_client::root_cause;
use crate::report::Problem;
use crate::web;

/// How often what changes nothing is asked again.
const TRIES: u32 = 6;
const PAUSE_FIRST: Duration = Duration::from_millis(200);
/// Between two looks at a task.
const LOOK: Duration = Duration::from_millis(50);
const LOOK_MOST: Duration = Duration::from_secs(1);

/// One engine and a key that opens what the command needs.
#[derive(Debug, Clone)]
pub struct Engine {
    http: reqwest::Client,
    url: String,
    key: Option<String>,
    task_timeout: Duration,
}

/// Why the engine did not do it.
#[derive(Debug)]
pub struct Fault {
    /// Meilisearch's code, if it answered with one.
    pub code: Option<String>,
    reason: String,
    /// Another try may do better.
    again: bool,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault.code.as_deref() {
            Some("invalid_api_key" | "missing_authorization_header") => Self::settings(format!(
                "{}; the key needs the role `operator`: `pressline keys setup` makes one",
                fault.reason
            )),
            _ if fault.again => Self::unavailable(fault.reason),
            _ => Self::failed(fault.reason),
        }
    }
}

/// A page of documents.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// The documents, with the fields that were asked for.
    pub results: Vec<Value>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Engine {
    /// The engine at the one address of these settings.
    pub fn new(search: &Search) -> Result<Self, Problem> {
        let key = search.key().map_err(Problem::settings)?;
        let roots = search.roots().map_err(Problem::settings)?;
        let http = roots
            .into_iter()
            .fold(web::client(), reqwest::ClientBuilder::add_root_certificate)
            .connect_timeout(Duration::from_millis(search.connect_timeout_ms))
            .timeout(Duration::from_millis(search.request_timeout_ms))
            .build()
            .map_err(|error| Problem::internal(format!("http client: {error}")))?;
        let task_timeout = Duration::from_millis(search.task_timeout_ms);
        Ok(Self { http, url: search.url.trim_end_matches('/').to_owned(), key, task_timeout })
    }

    /// Asks for something that changes nothing; again and again while the engine is away for a moment.
    pub async fn read(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Fault> {
        let mut pause = PAUSE_FIRST;
        for _ in 1..TRIES {
            match self.ask(method.clone(), path, body).await {
                Err(fault) if fault.again => {}
                answer => return answer,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.ask(method, path, body).await
    }

    /// Documents of an index, as the body says: filter, fields, offset, limit.
    pub async fn documents(&self, index: &str, body: &Value) -> Result<Page, Fault> {
        let answer = self.read(Method::POST, &format!("/indexes/{index}/documents/fetch"), Some(body)).await?;
        serde_json::from_value(answer).map_err(|error| self.strange(&error.to_string()))
    }

    /// How many documents there are that fit the filter.
    pub async fn count(&self, index: &str, filter: Option<&str>) -> Result<u64, Fault> {
        Ok(self.documents(index, &json!({ "filter": filter, "limit": 0 })).await?.total)
    }

    /// Removes the documents that fit the filter; returns when they are gone.
    pub async fn purge(&self, index: &str, filter: &str) -> Result<(), Fault> {
        let path = format!("/indexes/{index}/documents/delete");
        self.done(Method::POST, &path, Some(&json!({ "filter": filter }))).await
    }

    /// Removes the documents with these keys; returns when they are gone.
    pub async fn remove(&self, index: &str, ids: &[String]) -> Result<(), Fault> {
        self.done(Method::POST, &format!("/indexes/{index}/documents/delete-batch"), Some(&json!(ids))).await
    }

    /// Sends a task that may be sent twice, and returns when it has succeeded.
    pub async fn done(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(), Fault> {
        let mut pause = PAUSE_FIRST;
        for _ in 1..TRIES {
            match self.done_once(method.clone(), path, body).await {
                Err(fault) if fault.again => {}
                answer => return answer,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.done_once(method, path, body).await
    }

    /// Sends a task once and does not wait for it. After a failure it may have been taken or not.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Result<(), Fault> {
        self.ask(method, path, Some(body)).await.map(drop)
    }

    async fn done_once(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(), Fault> {
        let task = self.ask(method, path, body).await?;
        let uid = task["taskUid"].as_u64().ok_or_else(|| self.strange("no taskUid"))?;
        let until = tokio::time::Instant::now() + self.task_timeout;
        let mut pause = LOOK;
        loop {
            let task = self.read(Method::GET, &format!("/tasks/{uid}"), None).await?;
            let failed = |again| Fault {
                code: task["error"]["code"].as_str().map(str::to_owned),
                reason: format!(
                    "search engine {}: task {uid} {}: {}",
                    self.url,
                    task["status"].as_str().unwrap_or("ended"),
                    task["error"]["message"].as_str().unwrap_or("no reason given")
                ),
                again,
            };
            match task["status"].as_str() {
                Some("succeeded") => return Ok(()),
                Some("enqueued" | "processing") if tokio::time::Instant::now() < until => {}
                Some("enqueued" | "processing" | "canceled") => return Err(failed(true)),
                _ => return Err(failed(false)),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LOOK_MOST);
        }
    }

    /// When an index was made, which it keeps when it changes places; `None` if it is not there.
    pub async fn made(&self, index: &str) -> Result<Option<String>, Fault> {
        match self.read(Method::GET, &format!("/indexes/{index}"), None).await {
            Ok(found) => Ok(found["createdAt"].as_str().map(str::to_owned)),
            Err(fault) if fault.code.as_deref() == Some("index_not_found") => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Fault> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let away = |error: reqwest::Error| Fault {
            code: None,
            reason: format!("search engine {} does not answer: {}", self.url, root_cause(&error)),
            again: true,
        };
        let answer = request.send().await.map_err(away)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(away)?;
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let code = value["code"].as_str().map(str::to_owned);
        let message = value["message"].as_str().unwrap_or("no reason given");
        Err(Fault {
            // A full task queue answers 422.
            again: code.is_none() || status.is_server_error() || code.as_deref() == Some("no_space_left_on_device"),
            reason: format!("search engine {} answers {}: {message}", self.url, status.as_u16()),
            code,
        })
    }

    fn strange(&self, reason: &str) -> Fault {
        let reason = format!("search engine {} does not answer as Meilisearch does: {reason}", self.url);
        Fault { code: None, reason, again: false }
    }
}
