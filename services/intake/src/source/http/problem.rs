//! What went wrong with a request, as `application/problem+json` (RFC 9457).

use std::collections::BTreeSet;
use std::fmt::Display;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contract::PublicationId;
use serde::Serialize;

use crate::publish::Undelivered;
use crate::refusal::{Refusal, RefusalCode};

const MEDIA_TYPE: &str = "application/problem+json";

/// An answer that says what went wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<Duration>,
    /// Methods that the path knows, for 405.
    allow: Option<&'static str>,
    /// Titles that the token is for.
    titles: Vec<String>,
}

/// The code of an answer's problem, for who counts them.
#[derive(Debug, Clone, Copy)]
pub struct Code(pub &'static str);

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    titles: &'a [String],
}

/// Titles as a text; a long list is cut.
pub fn listed(titles: &BTreeSet<PublicationId>) -> String {
    const MOST: usize = 20;
    let first: Vec<_> = titles.iter().take(MOST).map(PublicationId::as_str).collect();
    let more = if titles.len() > MOST { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}

impl Problem {
    /// A problem; `code` is for programs, `detail` for people: value, bound, what to do.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), retry_after: None, allow: None, titles: Vec::new() }
    }

    /// No token, or a wrong one.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "the request carries no valid token; send `authorization: Bearer TOKEN` with one that the operator gave you",
        )
    }

    /// A token of other titles.
    pub fn forbidden(title: Option<&PublicationId>, titles: &BTreeSet<PublicationId>) -> Self {
        let what = match title {
            Some(title) => format!("the token is not for the title `{title}`"),
            None => "the request does not say of which title the issue is".to_owned(),
        };
        let detail = format!(
            "{what}; this token is for {}: say one of them (publication=…), or ask the operator for another token",
            listed(titles)
        );
        let titles = titles.iter().map(ToString::to_string).collect();
        Self { titles, ..Self::new(StatusCode::FORBIDDEN, "forbidden", detail) }
    }

    /// More requests than one sender or address may make.
    pub fn too_many(wait: Duration) -> Self {
        let detail = "more requests came from this sender than http.requests_per_minute allows; send them more slowly";
        // Whole seconds are all that the header has.
        let wait = Duration::from_secs(wait.as_millis().div_ceil(1000).max(1) as u64);
        Self { retry_after: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail) }
    }

    /// A transfer coding beside `chunked`.
    pub fn transfer_encoding() -> Self {
        let detail = "the request has a transfer-encoding other than chunked; send the text as it is";
        Self::new(StatusCode::NOT_IMPLEMENTED, "transfer_encoding", detail)
    }

    /// The body did not come in time.
    pub fn body_timeout(limit: Duration) -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "body_timeout",
            format!("the body did not come within {} ms; send it again over a faster line", limit.as_millis()),
        )
    }

    /// The body broke off.
    pub fn body_broken(reason: &str) -> Self {
        let detail = format!("the body cannot be read: {reason}; send it again");
        Self::new(StatusCode::BAD_REQUEST, "body_broken", detail)
    }

    /// Too many uploads at a time.
    pub fn busy(limit: usize) -> Self {
        let detail =
            format!("{limit} uploads are being read, which is the limit http.max_uploads; send it again later");
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail);
        Self { retry_after: Some(Duration::from_secs(1)), ..problem }
    }

    /// What stands where an id belongs is none.
    pub fn bad_id(reason: &dyn Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_id", reason.to_string())
    }

    /// The path is there, not for this method.
    pub fn method(allow: &'static str) -> Self {
        let detail = format!("this path knows only {allow}");
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail) }
    }

    /// No such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }
}

/// Why an upload has no id.
pub enum No {
    /// The file is not admitted.
    Refused(Refusal),
    /// The broker does not take it now.
    Undelivered(Undelivered),
    /// Whatever else is wrong with the request.
    Other(Problem),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Problem> for No {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            RefusalCode::Empty | RefusalCode::Binary | RefusalCode::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalCode::MediaType | RefusalCode::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RefusalCode::BadFact => StatusCode::BAD_REQUEST,
            RefusalCode::Withdrawn => StatusCode::GONE,
        };
        Self::new(status, refusal.code.as_str(), refusal.to_string())
    }
}

impl From<Undelivered> for No {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            Undelivered::Withdrawn(refusal) => Self::Refused(refusal),
            other => Self::Undelivered(other),
        }
    }
}

impl From<Undelivered> for Problem {
    fn from(undelivered: Undelivered) -> Self {
        let retry_after = Some(undelivered.retry_after());
        // What the broker said is the operator's and stands in the log.
        let (status, code, detail) = match undelivered {
            Undelivered::Withdrawn(refusal) => return refusal.into(),
            Undelivered::Full(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "full", "the broker keeps no more files now; send it again later")
            }
            Undelivered::Unavailable(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the broker does not answer now; send it again later")
            }
            Undelivered::Refused(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "broker_refuses", "the broker refuses this file; tell the operator")
            }
        };
        Self { retry_after, ..Self::new(status, code, detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            titles: &self.titles,
        };
        let mut response = (self.status, Json(body)).into_response();
        response.extensions_mut().insert(Code(self.code));
        let headers = response.headers_mut();
        if self.code == RefusalCode::ContentEncoding.as_str() {
            // What would be taken, RFC 9110, 15.5.16.
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pressline\""));
        }
        if let Some(after) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs()));
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}
