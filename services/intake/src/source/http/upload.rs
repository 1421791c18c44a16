//! `POST /v1/issues`: one file (or several of one issue) in, its id and the address of its receipt out.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use contract::{IssueId, Stage, parts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::Uploads;
use super::auth::Caller;
use super::body::Upload;
use super::places::Place;
use super::problem::{No, Problem};
use super::{disposition, form};
use crate::admit::facts::Told;
use crate::admit::{Admitted, Offer, Policy, Screened};
use crate::metrics::{Outcome, Source};
use crate::publish::{Delivered, Undelivered};
use crate::refusal::{Refusal, RefusalCode, shown};

/// How long an upload waits for others to finish before it is told to come again.
const PLACE_WAIT: Duration = Duration::from_secs(5);
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");

/// What can be said in the query.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    name: Option<String>,
    publication: Option<String>,
    date: Option<String>,
    edition: Option<String>,
    issue: Option<String>,
    lane: Option<String>,
}

#[derive(Serialize)]
struct Accepted {
    id: IssueId,
    receipt: String,
    status: Stage,
}

/// The handler.
pub async fn receive(
    State(uploads): State<Arc<Uploads>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut upload = Upload::new(body, &parts.headers);
    let no = match uploads.admit(&caller, &parts, &mut upload).await {
        Ok((admitted, place)) => match uploads.deliver(&caller, admitted, place, &parts.headers).await {
            Ok(delivered) => return uploads.accepted(delivered).await,
            Err(no) => no,
        },
        Err(no) => {
            upload.linger();
            no
        }
    };
    let problem = match no {
        No::Refused(refusal) => {
            uploads.metrics.count(Source::Http, Outcome::Refused(refusal.code));
            tracing::info!(code = %refusal.code, reason = refusal.reason, sender = caller.name(), "upload refused");
            refusal.into()
        }
        No::Undelivered(undelivered) => {
            uploads.metrics.count(Source::Http, Outcome::Unavailable);
            if let Undelivered::Refused(reason) = &undelivered {
                tracing::error!(reason, "the broker refuses an upload");
            }
            undelivered.into()
        }
        No::Other(problem) => problem,
    };
    problem.into_response()
}

impl Uploads {
    /// Everything up to and with the last byte; the place is held as long as the bytes are.
    async fn admit(&self, caller: &Caller, parts: &Parts, upload: &mut Upload) -> Result<(Admitted, Place), No> {
        refuse_encoded(&parts.headers)?;
        let Query(asked) = Query::<Asked>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "bad_query", error.body_text()))?;
        let offer = offer(asked, &parts.headers);
        let form = offer.content_type.as_deref().is_some_and(parts::is_multipart);
        let policy = caller.policy(&self.policy);
        let judge = if form {
            // Its fields may still say the title.
            policy.screen_several(&offer)?;
            Judge::Form(policy, offer)
        } else {
            let screened = policy.screen(&offer)?;
            caller.check(screened.publication())?;
            Judge::File(screened)
        };
        let max = self.policy.max_bytes + if form { form::OVERHEAD } else { 0 };
        upload.check_length(max)?;
        let place = match timeout(PLACE_WAIT, self.places.take(caller.who)).await {
            Ok(Some(place)) => place,
            _ => return Err(Problem::busy(self.max_uploads).into()),
        };
        let _counted = self.metrics.in_flight(Source::Http);
        let bytes = upload.read(max, self.body_timeout).await?;
        let admitted = judge.bytes(bytes).await?;
        caller.check(admitted.event.publication.as_ref())?;
        Ok((admitted, place))
    }

    async fn deliver(
        &self,
        caller: &Caller,
        admitted: Admitted,
        place: Place,
        headers: &HeaderMap,
    ) -> Result<Delivered, No> {
        let given = headers.get(TRACE_PARENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (publisher, metrics, caller) = (self.publisher.clone(), self.metrics.clone(), caller.clone());
        let delivery = self.deliveries.spawn(async move {
            let _held = (place, metrics.in_flight(Source::Http));
            let size = admitted.bytes.len();
            let (file, lane) = (admitted.event.file_name.clone(), admitted.lane);
            let delivered = publisher.deliver(admitted, given.as_deref()).await?;
            metrics.delivered(Source::Http, delivered.known, size);
            let (sender, known) = (caller.name(), delivered.known);
            tracing::info!(issue = %delivered.id, file, %lane, bytes = size, known, sender, "upload taken");
            Ok::<_, Undelivered>(delivered)
        });
        match delivery.await {
            Ok(delivered) => delivered.map_err(No::from),
            Err(fault) => Err(internal(&fault.to_string()).into()),
        }
    }

    async fn accepted(&self, delivered: Delivered) -> Response {
        let Delivered { id, known } = delivered;
        let status = match known {
            // What became of it is a courtesy: the issue is here whether or not its receipt can be read just now.
            true => self.publisher.receipt(&id).await.ok().flatten().map_or(Stage::Received, |receipt| receipt.status),
            false => Stage::Received,
        };
        let receipt = format!("/v1/issues/{id}");
        let location = HeaderValue::try_from(&receipt).ok();
        let code = if known { StatusCode::OK } else { StatusCode::ACCEPTED };
        let mut response = (code, Json(Accepted { id, receipt, status })).into_response();
        response.headers_mut().extend(location.map(|location| (header::LOCATION, location)));
        response
    }
}

/// What judges a body.
enum Judge {
    /// It is a file.
    File(Screened),
    /// It is several files of one issue.
    Form(Policy, Offer),
}

impl Judge {
    /// Hashing a large file takes a moment that the connections' threads do not have.
    async fn bytes(self, bytes: Bytes) -> Result<Admitted, No> {
        let work = move || -> Result<Admitted, No> {
            match self {
                Self::File(screened) => Ok(screened.admit(bytes, Timestamp::now())?),
                Self::Form(policy, offer) => {
                    let (offer, files) = form::read(offer, &bytes)?;
                    Ok(policy.admit_several(&offer, files, Timestamp::now())?)
                }
            }
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(judged) => judged,
            Err(fault) => Err(internal(&fault.to_string()).into()),
        }
    }
}

/// A body is taken as it is. Unpacking would let a small upload take much memory.
fn refuse_encoded(headers: &HeaderMap) -> Result<(), Refusal> {
    let plain = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    match headers.get_all(header::CONTENT_ENCODING).iter().find(|value| !plain(value)) {
        None => Ok(()),
        Some(value) => Err(Refusal::new(
            RefusalCode::ContentEncoding,
            format!("the content-encoding `{}` is not taken", shown(&String::from_utf8_lossy(value.as_bytes()))),
            "send the text as it is, without compressing it",
        )),
    }
}

pub(super) fn internal(reason: &str) -> Problem {
    tracing::error!(reason, "an upload failed by a fault of the program");
    let detail = "the upload failed by a fault of the program; send it again, and tell the operator";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

fn offer(asked: Asked, headers: &HeaderMap) -> Offer {
    let disposed = headers.get(header::CONTENT_DISPOSITION).and_then(|value| disposition::file_name(value.as_bytes()));
    let content_type = headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into());
    Offer {
        file_name: asked.name.filter(|name| !name.trim().is_empty()).or(disposed),
        content_type,
        told: Told {
            publication: asked.publication,
            date: asked.date,
            edition: asked.edition,
            issue: asked.issue,
            lane: asked.lane,
        },
    }
}
