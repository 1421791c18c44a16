//! Uploads and what takes them back: `POST /v1/issues`, `GET` and `DELETE /v1/issues/{id}`, `DELETE /v1/articles/{id}`.
//!
//! A connection is bounded in number, in all and from one address ([`places`]), and in the time that its handshake ([`tls`])
//! and its headers take ([`server`]). Every request has a caller ([`auth`]), who may make so many a minute ([`rate`]). It is
//! judged by all that is known before its body ([`upload`]); several files of one issue come as a [`form`]; a body is bounded
//! in size, time and number ([`body`]); every refusal is a [`problem`], and counted. [`removal`] withdraws issues and kills
//! articles.

pub mod auth;
pub mod body;
pub mod disposition;
pub mod form;
pub mod places;
pub mod problem;
pub mod rate;
pub mod removal;
pub mod server;
pub mod tls;
pub mod upload;

use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Json, Router};
use contract::IssueId;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::admit::Policy;
use crate::metrics::Metrics;
use crate::publish::Publisher;
use crate::settings::HttpSettings;
use crate::tokens::Book;
use auth::{Caller, Guard};
use body::Upload;
use places::Places;
use problem::{Code, Problem};
use rate::{Rate, Who};

/// Whom a connection is with.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// What the handlers share.
pub struct Uploads {
    policy: Policy,
    guard: Guard,
    rate: Rate,
    publisher: Publisher,
    metrics: Metrics,
    body_timeout: Duration,
    /// One place for each body in memory.
    places: Places,
    max_uploads: usize,
    /// Deliveries outlive their connections: a sender that hangs up must not part an event from its receipt.
    deliveries: TaskTracker,
}

impl Uploads {
    /// What the handlers need, by the settings.
    pub fn new(
        policy: Policy,
        senders: watch::Receiver<Arc<Book>>,
        settings: &HttpSettings,
        publisher: Publisher,
        metrics: Metrics,
    ) -> Self {
        Self {
            policy,
            guard: Guard::new(senders),
            rate: Rate::new(settings.requests_per_minute),
            publisher,
            metrics,
            body_timeout: Duration::from_millis(settings.body_timeout_ms),
            places: Places::new(settings.max_uploads),
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
        .layer(from_fn_with_state(Arc::clone(&uploads), gate))
        .with_state(uploads)
}

/// What every request passes, whatever its path: who asks, how often, and the count of what is refused.
async fn gate(State(uploads): State<Arc<Uploads>>, mut request: Request, next: Next) -> Response {
    // Beside a Content-Length, which hyper takes away, two servers in a row may differ on where the body ends. Whatever
    // follows such a body is not read as a request (RFC 9112, 6.1).
    let codings = request.headers().get_all(header::TRANSFER_ENCODING);
    let (chunked, plain) = codings.iter().fold((false, true), |(_, plain), value| {
        (true, plain && value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"))
    });
    let admitted = if plain { uploads.caller(&request) } else { Err(Problem::transfer_encoding()) };
    let mut response = match admitted {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => {
            let (parts, body) = request.into_parts();
            Upload::new(body, &parts.headers).linger();
            problem.into_response()
        }
    };
    if let Some(Code(code)) = response.extensions().get() {
        uploads.metrics.refused(code);
    }
    if chunked {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

impl Uploads {
    fn caller(&self, request: &Request) -> Result<Caller, Problem> {
        let Some(Peer(address)) = request.extensions().get().copied() else {
            return Err(upload::internal("a request has no peer"));
        };
        let caller = self.guard.caller(request.headers(), address);
        // A valid token is never held up by what others try from the same address.
        let who = caller.as_ref().map_or(Who::at(address), |caller| caller.who);
        self.rate.take(who, Instant::now()).map_err(Problem::too_many)?;
        caller.ok_or_else(Problem::unauthorized)
    }
}

/// The id in a path, where it is text.
type Id = Result<Path<String>, PathRejection>;

fn read_id<T: FromStr<Err: Display>>(id: Id) -> Result<T, Problem> {
    let Path(id) = id.map_err(|rejection| Problem::bad_id(&rejection.body_text()))?;
    id.parse().map_err(|error| Problem::bad_id(&error))
}

async fn receipt(
    State(uploads): State<Arc<Uploads>>,
    Extension(caller): Extension<Caller>,
    id: Id,
) -> Result<Response, Problem> {
    let id: IssueId = read_id(id)?;
    match uploads.publisher.receipt(&id).await? {
        Some(receipt) if caller.may(receipt.received.publication.as_ref()) => {
            Ok(([(header::CACHE_CONTROL, "no-store")], Json(receipt)).into_response())
        }
        // That another title's issue is here is not this caller's to know.
        _ => Err(caller.unknown(&id)),
    }
}
