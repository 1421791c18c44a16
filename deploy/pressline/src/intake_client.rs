//! Intake's HTTP side, as a client: send a file, read a receipt, take something back.

use std::time::Duration;

use contract::{IssueId, Lane, Receipt};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Response, StatusCode};
use serde::Deserialize;

use crate::cli::Facts;
use crate::report::Problem;
use crate::web;

const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(120);
/// A busy intake says when to come back; this many times is asked again.
const ATTEMPTS: u32 = 8;
/// Longest wait between two attempts, whatever the server says.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// An intake and the token for it.
#[derive(Clone)]
pub struct IntakeClient {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// What intake said to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Admitted now.
    Accepted(IssueId),
    /// Had it already.
    Known(IssueId),
    /// Will not take it, with the reason.
    Refused(String),
}

#[derive(Deserialize)]
struct Admitted {
    id: IssueId,
}

/// RFC 9457, as far as a person needs it.
#[derive(Deserialize)]
struct ProblemDetails {
    title: Option<String>,
    detail: Option<String>,
}

impl IntakeClient {
    /// The intake at `url`.
    pub fn new(url: &str, token: Option<String>) -> Result<Self, Problem> {
        let http = web::client()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .build()
            .map_err(|error| Problem::internal(format!("http client: {error}")))?;
        Ok(Self { http, url: url.trim_end_matches('/').to_owned(), token })
    }

    /// Sends a file; a busy intake is asked again.
    pub async fn send(&self, name: &str, bytes: &[u8], facts: &Facts, lane: Lane) -> Result<Answer, Problem> {
        self.send_as(media_type(name), name, bytes, facts, lane).await
    }

    /// Sends an issue as what it is: also several files, as one multipart body.
    pub async fn send_as(
        &self,
        media_type: &str,
        name: &str,
        bytes: &[u8],
        facts: &Facts,
        lane: Lane,
    ) -> Result<Answer, Problem> {
        let mut query = vec![("name", name.to_owned()), ("lane", lane.to_string())];
        query.extend(facts.publication.as_ref().map(|id| ("publication", id.to_string())));
        query.extend(facts.date.map(|date| ("date", date.to_string())));
        query.extend(facts.edition.clone().map(|edition| ("edition", edition)));
        let query: Vec<_> =
            query.iter().map(|(k, v)| format!("{k}={}", utf8_percent_encode(v, NON_ALPHANUMERIC))).collect();
        let address = format!("{}/v1/issues?{}", self.url, query.join("&"));
        let mut attempt = 1;
        loop {
            let request = self.http.post(&address).header("content-type", media_type).body(bytes.to_vec());
            let answer = self.authorised(request).send().await.map_err(|error| self.unreachable(&error))?;
            match answer.status() {
                StatusCode::ACCEPTED => return Ok(Answer::Accepted(self.admitted(answer).await?)),
                StatusCode::OK => return Ok(Answer::Known(self.admitted(answer).await?)),
                StatusCode::UNAUTHORIZED => return Err(self.not_allowed()),
                StatusCode::FORBIDDEN => return Err(Problem::settings(reason(answer).await)),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS if attempt < ATTEMPTS => {
                    tokio::time::sleep(wait_asked_for(&answer)).await;
                    attempt += 1;
                }
                status if status.is_server_error() => {
                    let reason = reason(answer).await;
                    return Err(Problem::unavailable(format!("intake {} answers {status}: {reason}", self.url)));
                }
                _ => return Ok(Answer::Refused(reason(answer).await)),
            }
        }
    }

    /// The issue's receipt; `None` if intake does not know the issue. A busy intake is asked again.
    pub async fn receipt(&self, id: &IssueId) -> Result<Option<Receipt>, Problem> {
        let mut attempt = 1;
        loop {
            let request = self.http.get(format!("{}/v1/issues/{id}", self.url));
            let answer = self.authorised(request).send().await.map_err(|error| self.unreachable(&error))?;
            match answer.status() {
                StatusCode::OK => return answer.json().await.map(Some).map_err(|error| self.unreachable(&error)),
                StatusCode::NOT_FOUND => return Ok(None),
                StatusCode::UNAUTHORIZED => return Err(self.not_allowed()),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS if attempt < ATTEMPTS => {
                    tokio::time::sleep(wait_asked_for(&answer)).await;
                    attempt += 1;
                }
                status => {
                    let reason = reason(answer).await;
                    return Err(Problem::unavailable(format!("intake {} answers {status}: {reason}", self.url)));
                }
            }
        }
    }

    /// Takes `what` (`issues/ID`, `articles/ID`) out of the index for good. A busy intake is asked again.
    pub async fn take_back(&self, what: &str, reason: &str) -> Result<(), Problem> {
        let reason = utf8_percent_encode(reason, NON_ALPHANUMERIC);
        let address = format!("{}/v1/{what}?reason={reason}", self.url);
        let mut attempt = 1;
        loop {
            let request = self.authorised(self.http.delete(&address));
            let answer = request.send().await.map_err(|error| self.unreachable(&error))?;
            match answer.status() {
                StatusCode::ACCEPTED => return Ok(()),
                StatusCode::UNAUTHORIZED => return Err(self.not_allowed()),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS if attempt < ATTEMPTS => {
                    tokio::time::sleep(wait_asked_for(&answer)).await;
                    attempt += 1;
                }
                status if status.is_client_error() => return Err(Problem::failed(self::reason(answer).await)),
                status => {
                    let reason = self::reason(answer).await;
                    return Err(Problem::unavailable(format!("intake {} answers {status}: {reason}", self.url)));
                }
            }
        }
    }

    async fn admitted(&self, answer: Response) -> Result<IssueId, Problem> {
        answer.json::<Admitted>().await.map(|admitted| admitted.id).map_err(|error| self.unreachable(&error))
    }

    fn authorised(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    fn not_allowed(&self) -> Problem {
        Problem::settings(format!("intake {} wants another token; give it with --token or PRESSLINE_TOKEN", self.url))
    }

    fn unreachable(&self, error: &reqwest::Error) -> Problem {
        Problem::unavailable(format!(
            "intake {} does not answer: {}; is it running, and is --to its address?",
            self.url,
            root_cause(error)
        ))
    }
}

/// The media type that a name promises.
pub fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("md" | "markdown") => "text/markdown",
        Some("txt" | "text") => "text/plain",
        _ => "application/octet-stream",
    }
}

fn wait_asked_for(answer: &Response) -> Duration {
    let seconds = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1)).min(LONGEST_WAIT)
}

async fn reason(answer: Response) -> String {
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    serde_json::from_str::<ProblemDetails>(&text)
        .ok()
        .and_then(|problem| problem.detail.or(problem.title))
        .unwrap_or_else(|| status.to_string())
}

/// The innermost reason: `connection refused` rather than three layers around it.
pub fn root_cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(inner) = error.source() {
        error = inner;
    }
    error.to_string()
}
