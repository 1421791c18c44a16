//! Uploads and what takes them back: `POST /v1/issues`, `GET` and `DELETE /v1/issues/{id}`, `DELETE /v1/articles/{id}`.
//!
//! A connection is bounded in number and in the time its headers take ([`server`]); a request is judged by all that is
//! known before its body ([`upload`]), several files of one issue come as a [`form`]; a body is bounded in size, time and number ([`body`]); every refusal is a
//! [`problem`]. [`removal`] withdraws issues and kills articles.

pub mod auth;
pub mod body;
pub mod disposition;
pub mod form;
pub mod problem;
pub mod removal;
pub mod server;
pub mod upload;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use contract::IssueId;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::admit::Policy;
use crate::metrics::Metrics;
use crate::publish::Publisher;
use crate::settings::{Checked, HttpSettings};
use auth::Guard;
use problem::Problem;

/// What the handlers share.
pub struct Uploads {
    policy: Policy,
    guard: Guard,
    publisher: Publisher,
    metrics: Metrics,
    body_timeout: Duration,
    /// One place for each body in memory.
    places: Arc<Semaphore>,
    max_uploads: usize,
    /// Deliveries outlive their connections: a sender that hangs up must not part an event from its receipt.
    deliveries: TaskTracker,
}

impl Uploads {
    /// What the handlers need, by the settings.
    pub fn new(checked: &Checked, settings: &HttpSettings, publisher: Publisher, metrics: Metrics) -> Self {
        Self {
            policy: checked.policy.clone(),
            guard: Guard::new(&checked.tokens),
            publisher,
            metrics,
            body_timeout: Duration::from_millis(settings.body_timeout_ms),
            places: Arc::new(Semaphore::new(settings.max_uploads)),
            max_uploads: settings.max_uploads,
            deliveries: TaskTracker::new(),
        }
    }

    /// Waits for deliveries whose senders have hung up.
    pub async fn drained(&self) {
        self.deliveries.close();
        self.deliveries.wait().await;
    }
}

/// All paths.
pub fn router(uploads: Arc<Uploads>) -> Router {
    Router::new()
        .route("/v1/issues", post(upload::receive).fallback(|| async { Problem::method("POST") }))
        .route(
            "/v1/issues/{id}",
            get(receipt).delete(removal::withdraw).fallback(|| async { Problem::method("GET,HEAD,DELETE") }),
        )
        .route("/v1/articles/{id}", delete(removal::kill).fallback(|| async { Problem::method("DELETE") }))
        .fallback(|| async {
            Problem::not_found("no such path; there are /v1/issues, /v1/issues/{id} and /v1/articles/{id}")
        })
        .with_state(uploads)
}

async fn receipt(
    State(uploads): State<Arc<Uploads>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if !uploads.guard.admits(&headers) {
        return Err(Problem::unauthorized());
    }
    let id: IssueId =
        id.parse().map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "bad_id", format!("{error}")))?;
    match uploads.publisher.receipt(&id).await? {
        Some(receipt) => Ok(([(header::CACHE_CONTROL, "no-store")], Json(receipt)).into_response()),
        None => Err(Problem::not_found(format!("no issue `{id}` was received here"))),
    }
}
