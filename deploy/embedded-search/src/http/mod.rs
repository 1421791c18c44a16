//! Meilisearch's HTTP API: `routes` lists it, `auth` guards it, `body` reads requests, `answer` writes errors, and a
//! file per resource does the rest. Nothing here blocks: work on indexes and tasks goes to blocking threads.

mod answer;
mod auth;
mod body;
mod documents;
mod facets;
mod indexes;
mod keys;
mod multi_search;
mod routes;
mod search;
mod settings;
mod swap;
mod tasks;

pub use routes::router;

use crate::Engine;
use crate::error::{Failure, Result};
use crate::keys::access::Access;
use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// What handlers share.
pub type App = Arc<Engine>;

/// JSON with status 202: a task was made.
pub type Accepted = (StatusCode, Json<Value>);

/// What the request may touch, as the guard found it.
pub type Caller = axum::Extension<Arc<Access>>;

/// The parameters of a query string, in order.
pub type Parameters = axum::extract::Query<Vec<(String, String)>>;

/// Runs what may block on a thread that may be blocked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Failure::internal(error)),
    }
}

/// Makes a task and answers with its short form.
pub async fn enqueue(app: App, index_uid: Option<String>, work: crate::tasks::task::Work) -> Result<Accepted> {
    let task = blocking(move || app.queue.register(index_uid, work)).await?;
    Ok((StatusCode::ACCEPTED, Json(task.summary())))
}
