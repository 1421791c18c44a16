//! The sink that is Meilisearch: push, wait for the task, count, prepare the index.

use std::time::{Duration, Instant};

use bytes::{BufMut, BytesMut};
use contract::IssueId;
use futures::io::Cursor;
use meilisearch_sdk::client::Client;
use meilisearch_sdk::documents::{DocumentDeletionQuery, DocumentsQuery};
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::request::{HttpClient, Method};
use meilisearch_sdk::task_info::TaskInfo;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::document::{Document, PRIMARY_KEY};
use crate::http::{CallError, Http, ServerError};
use crate::index::{Drift, Extras, drift, wanted_by};
use crate::settings::Search;
use crate::sink::{Later, Purge, Sink, Which, WriteError, failed_task, refused_call};

/// First pause between two looks at a task; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often the same is sent again within one call because its task was lost.
const RESENDS: u32 = 3;

/// One index of one server.
#[derive(Debug, Clone)]
pub struct Meilisearch {
    http: Http,
    index: Index<Http>,
    client: Client<Http>,
    base: String,
    task_timeout: Duration,
    extras: Extras,
}

/// How the index stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// It is there; where its settings are not ours, they are listed.
    There(Vec<Drift>),
    /// It has to be prepared (again).
    Gone,
}

/// A task, as far as it matters here. The SDK's own type does not know `canceled`.
#[derive(Debug, Deserialize)]
struct Task {
    status: Status,
    error: Option<ServerError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Enqueued,
    Processing,
    Succeeded,
    Failed,
    Canceled,
}

/// How a task ended.
enum End {
    Succeeded,
    Failed(Option<ServerError>),
    Canceled,
    /// The server does not know it any more.
    Lost,
    /// It did not end in time, or we may not look at it.
    Unknown(Later, String),
}

impl Meilisearch {
    /// The index that the settings name. Connects to nothing yet.
    ///
    /// # Errors
    /// When the key cannot be sent.
    pub fn new(settings: &Search, key: Option<&str>) -> Result<Self, String> {
        let http = Http::new(settings, key)?;
        let base = settings.url.trim_end_matches('/').to_owned();
        let client = Client::new_with_client(base.clone(), key, http.clone());
        let index = client.index(settings.index.clone());
        Ok(Self { http, index, client, base, task_timeout: settings.task_timeout(), extras: Extras::default() })
    }

    /// The same with more in the index' settings.
    #[must_use]
    pub fn with(self, extras: Extras) -> Self {
        Self { extras, ..self }
    }

    /// Makes sure that the index is there with our settings, and says what had to be changed.
    ///
    /// # Errors
    /// Whatever the server refuses; calling again is safe.
    pub async fn prepare(&self) -> Result<Vec<Drift>, WriteError> {
        let mut found = self.settings().await;
        if matches!(&found, Err(error) if error.code() == Some("index_not_found")) {
            self.create().await?;
            found = self.settings().await;
        }
        let found = found.map_err(|error| refused_call(&error))?;
        let wanted = wanted_by(&found, &self.extras);
        let wanted_json = serde_json::to_value(&wanted).map_err(|error| WriteError::Engine(error.to_string()))?;
        let drifts = drift(&found, &wanted_json);
        if !drifts.is_empty() {
            let task = sdk(self.index.set_settings(&wanted).await)?;
            self.finish(task.task_uid).await?;
        }
        Ok(drifts)
    }

    /// How the index stands at this moment; changes nothing.
    ///
    /// # Errors
    /// When the server does not answer, or does not let us in.
    pub async fn look(&self) -> Result<Look, CallError> {
        let found = match self.settings().await {
            Err(error) if error.code() == Some("index_not_found") => return Ok(Look::Gone),
            other => other?,
        };
        // Every new index searches everything; ours never does. Someone removed it, and a write made it anew.
        if found.get("searchableAttributes") == Some(&json!(["*"])) {
            return Ok(Look::Gone);
        }
        let wanted = serde_json::to_value(wanted_by(&found, &self.extras)).unwrap_or_default();
        Ok(Look::There(drift(&found, &wanted)))
    }

    /// Takes all documents out; the settings stay.
    ///
    /// # Errors
    /// Whatever the server refuses.
    pub async fn clear(&self) -> Result<(), WriteError> {
        let task = sdk(self.index.delete_all_documents().await)?;
        self.finish(task.task_uid).await
    }

    async fn create(&self) -> Result<(), WriteError> {
        let task = sdk(self.client.create_index(&self.index.uid, Some(PRIMARY_KEY)).await)?;
        match self.end(task.task_uid).await {
            // Another indexer was faster.
            End::Failed(Some(error)) if error.code == "index_already_exists" => Ok(()),
            end => settled(end),
        }
    }

    /// Tasks of the index that the server has not done with.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn queued(&self) -> Result<u64, CallError> {
        let index = &self.index.uid;
        let tasks = format!("/tasks?statuses=enqueued,processing&limit=1&indexUids={index}");
        Ok(self.get::<Total>(&tasks).await?.total)
    }

    async fn settings(&self) -> Result<Value, CallError> {
        // Not the SDK's type: one embedder of an unknown kind, and it would not parse.
        self.get(&format!("/indexes/{}/settings", self.index.uid)).await
    }

    async fn get<T: serde::de::DeserializeOwned + Send + 'static>(&self, path: &str) -> Result<T, CallError> {
        self.http
            .request::<(), (), T>(&format!("{}{path}", self.base), Method::Get { query: () }, 200)
            .await
            .map_err(CallError::from_sdk)
    }

    async fn finish(&self, task: u32) -> Result<(), WriteError> {
        settled(self.end(task).await)
    }

    /// Sends until the server keeps the task, and waits for its end.
    async fn done<F>(&self, send: impl Fn() -> F + Send) -> Result<(), WriteError>
    where
        F: Future<Output = Result<TaskInfo, meilisearch_sdk::errors::Error>> + Send,
    {
        let mut resends = 0;
        loop {
            let task = sdk(send().await)?;
            match self.end(task.task_uid).await {
                End::Lost if resends < RESENDS => resends += 1,
                end => return settled(end),
            }
        }
    }

    /// Looks at a task until it has ended. A look that fails is only a look; the deadline ends all.
    async fn end(&self, task: u32) -> End {
        let deadline = Instant::now() + self.task_timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            let last = match self.get::<Task>(&format!("/tasks/{task}")).await {
                Ok(Task { status: Status::Succeeded, .. }) => return End::Succeeded,
                Ok(Task { status: Status::Failed, error }) => return End::Failed(error),
                Ok(Task { status: Status::Canceled, .. }) => return End::Canceled,
                Ok(Task { status: Status::Enqueued | Status::Processing, .. }) => None,
                Err(error) if error.code() == Some("task_not_found") => return End::Lost,
                Err(CallError::Refused { status: status @ (401 | 403), message, .. }) => {
                    return End::Unknown(
                        Later::Auth,
                        format!("task {task} cannot be looked at: {status} {message}; the key needs tasks.get"),
                    );
                }
                Err(error) => Some(error),
            };
            if Instant::now() + pause >= deadline {
                let last = last.map(|error| format!(", last error: {error}")).unwrap_or_default();
                return End::Unknown(
                    Later::Timeout,
                    format!(
                        "task {task} did not end within {} ms (search.task_timeout_ms){last}",
                        self.task_timeout.as_millis()
                    ),
                );
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}

/// What the end of a task means for who waits for it.
fn settled(end: End) -> Result<(), WriteError> {
    match end {
        End::Succeeded => Ok(()),
        End::Failed(error) => Err(failed_task(error.as_ref())),
        End::Canceled => Err(WriteError::Later(Later::TaskCanceled, "task was canceled".into())),
        End::Lost => Err(WriteError::Later(Later::TaskLost, "task was lost".into())),
        End::Unknown(later, text) => Err(WriteError::Later(later, text)),
    }
}

/// What takes documents out carries none that could be at fault.
fn not_theirs(error: WriteError) -> WriteError {
    match error {
        WriteError::Documents(reason) => WriteError::Later(Later::Index, reason),
        WriteError::Engine(reason) => WriteError::Later(Later::Engine, reason),
        later @ WriteError::Later(..) => later,
    }
}

fn sdk(answer: Result<TaskInfo, meilisearch_sdk::errors::Error>) -> Result<TaskInfo, WriteError> {
    answer.map_err(|error| refused_call(&CallError::from_sdk(error)))
}

#[derive(Deserialize)]
struct Total {
    total: u64,
}

impl Sink for Meilisearch {
    async fn write(&self, documents: &[Document]) -> Result<(), WriteError> {
        let size = documents.iter().map(|document| document.json.len() + 1).sum();
        let mut lines = BytesMut::with_capacity(size);
        for document in documents {
            lines.put_slice(&document.json);
            lines.put_u8(b'\n');
        }
        let lines = lines.freeze();
        self.done(|| {
            let body = Cursor::new(lines.clone());
            self.index.add_or_replace_unchecked_payload(body, "application/x-ndjson", Some(PRIMARY_KEY))
        })
        .await
    }

    async fn delete(&self, ids: &[String]) -> Result<(), WriteError> {
        self.done(|| self.index.delete_documents(ids)).await.map_err(not_theirs)
    }

    async fn purge(&self, purge: &Purge) -> Result<(), WriteError> {
        let filter = purge.filter();
        let mut query = DocumentDeletionQuery::new(&self.index);
        query.with_filter(&filter);
        self.done(|| self.index.delete_documents_with(&query)).await.map_err(not_theirs)
    }

    async fn stand(&self, purge: &Purge) -> Result<u64, CallError> {
        self.matching(&purge.filter()).await
    }

    async fn count(&self, issue: &IssueId, which: Which<'_>) -> Result<u64, CallError> {
        self.matching(&which.filter(issue)).await
    }
}

impl Meilisearch {
    async fn matching(&self, filter: &str) -> Result<u64, CallError> {
        let mut query = DocumentsQuery::new(&self.index);
        query.with_filter(filter).with_limit(0);
        let found = self.index.get_documents_with::<IgnoredAny>(&query).await.map_err(CallError::from_sdk)?;
        Ok(u64::from(found.total))
    }
}
