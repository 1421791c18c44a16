//! The HTTP client under meilisearch-sdk: with deadlines, and with errors that keep what the server said.
//!
//! The client that the SDK brings along has no time-out at all, and folds every answer that is not Meilisearch's own
//! JSON (a proxy's HTML 502, say) and every error code that it does not know into one.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use futures::{AsyncRead, AsyncReadExt};
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::request::{HttpClient, Method};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::settings::Search;

/// Longest answer that is read. Ours are short: tasks, settings, counts.
const ANSWER_LIMIT: usize = 8 << 20;
/// Longest part of a server's message that is kept: it may quote a document.
const MESSAGE_LIMIT: usize = 200;

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No connection, or it broke.
    #[error("search server cannot be reached: {0}")]
    Unreachable(String),
    /// No whole answer in time. Whether the call had an effect is unknown.
    #[error("search server did not answer within {0} ms (search.request_timeout_ms)")]
    Timeout(u128),
    /// An answer with another status than the one expected.
    #[error("search server answered {status} {}: {message}", code.as_deref().unwrap_or("without a code"))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Meilisearch's code; none if the answer is not Meilisearch's.
        code: Option<String>,
        /// Meilisearch's type of error: `invalid_request`, `internal`, `auth`, `system`.
        kind: Option<String>,
        /// The beginning of its message.
        message: String,
    },
    /// The status was right and the body was not.
    #[error("search server's answer cannot be read: {0}")]
    Unreadable(String),
}

impl CallError {
    /// The Meilisearch code, if the server named one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// What went wrong in a call of the SDK.
    pub fn from_sdk(error: Error) -> Self {
        match error {
            Error::Other(other) => match other.downcast::<Self>() {
                Ok(ours) => *ours,
                Err(other) => Self::Unreadable(other.to_string()),
            },
            other => Self::Unreadable(other.to_string()),
        }
    }
}

/// An error as Meilisearch writes it, in answers and in tasks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServerError {
    /// For people.
    pub message: String,
    /// For programs, <https://www.meilisearch.com/docs/reference/errors/error_codes>.
    pub code: String,
    /// The family of the code.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A client with deadlines.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    key: Arc<RwLock<Option<HeaderValue>>>,
    key_file: Option<PathBuf>,
    request_timeout: Duration,
}

impl Http {
    /// A client that sends `key` with every call. When the server refuses it, `key_file` is read again: keys are
    /// rotated while services run.
    ///
    /// # Errors
    /// When the key cannot stand in a header, or TLS cannot be set up.
    pub fn new(settings: &Search, key: Option<&str>) -> Result<Self, String> {
        let key = key.map(bearer).transpose()?;
        let client = settings
            .roots()?
            .into_iter()
            .fold(reqwest::Client::builder(), |client, root| client.add_root_certificate(root));
        let client = client
            .user_agent(concat!("pressline-indexer/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout())
            .timeout(settings.request_timeout())
            // Articles and key go where the settings say, whatever the environment or an answer would like better.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| format!("http client: {}", causes(&error)))?;
        let key = Arc::new(RwLock::new(key));
        Ok(Self { client, key, key_file: settings.key_file.clone(), request_timeout: settings.request_timeout() })
    }

    async fn call(&self, request: reqwest::RequestBuilder, expected: u16) -> Result<Vec<u8>, CallError> {
        let again = request.try_clone();
        let sent = self.current_key();
        let answer = self.try_call(request, sent.clone(), expected).await;
        if let (Err(CallError::Refused { status: 401 | 403, .. }), Some(again)) = (&answer, again) {
            self.read_key_again().await;
            // Another call may have read it before.
            let key = self.current_key();
            if key != sent {
                return self.try_call(again, key, expected).await;
            }
        }
        answer
    }

    fn current_key(&self) -> Option<HeaderValue> {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read_key_again(&self) {
        let Some(file) = &self.key_file else { return };
        let text = tokio::fs::read_to_string(file).await;
        if let Some(found) = text.ok().and_then(|text| bearer(text.trim()).ok()) {
            *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(found);
        }
    }

    async fn try_call(
        &self,
        request: reqwest::RequestBuilder,
        key: Option<HeaderValue>,
        expected: u16,
    ) -> Result<Vec<u8>, CallError> {
        let request = match key {
            Some(key) => request.header(AUTHORIZATION, key),
            None => request,
        };
        let mut answer = request.send().await.map_err(|error| self.failed(&error))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(&error))? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(CallError::Unreadable(format!("over {ANSWER_LIMIT} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        if status == expected { Ok(body) } else { Err(refused(status, &body)) }
    }

    fn failed(&self, error: &reqwest::Error) -> CallError {
        if error.is_timeout() && !error.is_connect() {
            CallError::Timeout(self.request_timeout.as_millis())
        } else {
            CallError::Unreachable(causes(error))
        }
    }
}

/// The header that carries a key.
fn bearer(key: &str) -> Result<HeaderValue, String> {
    let value = HeaderValue::try_from(format!("Bearer {key}"));
    let mut value = value.map_err(|_| "search.key holds characters that a header cannot".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

fn refused(status: u16, body: &[u8]) -> CallError {
    let (code, kind, message) = match serde_json::from_slice::<ServerError>(body) {
        Ok(error) => (Some(error.code), Some(error.kind), error.message),
        Err(_) => (None, None, String::from_utf8_lossy(body).into_owned()),
    };
    CallError::Refused { status, code, kind, message: beginning(&message) }
}

/// The beginning of a message, on one line.
pub fn beginning(message: &str) -> String {
    let mut text: String = message.chars().take(MESSAGE_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if message.chars().nth(MESSAGE_LIMIT).is_some() {
        text.push('…');
    }
    text
}

/// An error with its causes, which reqwest's own text leaves out. No URL: it stands in the settings.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
        next = error.source();
    }
    if texts.is_empty() { error.to_string() } else { texts.join(": ") }
}

#[async_trait]
impl HttpClient for Http {
    async fn stream_request<
        Query: Serialize + Send + Sync,
        Body: AsyncRead + Send + Sync + 'static,
        Output: DeserializeOwned + 'static,
    >(
        &self,
        url: &str,
        method: Method<Query, Body>,
        content_type: &str,
        expected_status_code: u16,
    ) -> Result<Output, Error> {
        let verb = match &method {
            Method::Get { .. } => reqwest::Method::GET,
            Method::Post { .. } => reqwest::Method::POST,
            Method::Patch { .. } => reqwest::Method::PATCH,
            Method::Put { .. } => reqwest::Method::PUT,
            Method::Delete { .. } => reqwest::Method::DELETE,
        };
        let mut request = self.client.request(verb, url).query(method.query());
        if let Some(body) = method.into_body() {
            // Read whole: a body of known length passes proxies that refuse chunked ones.
            let mut bytes = Vec::new();
            std::pin::pin!(body).read_to_end(&mut bytes).await.map_err(|error| Error::Other(Box::new(error)))?;
            request = request.header(CONTENT_TYPE, content_type).body(bytes);
        }
        let body = self.call(request, expected_status_code).await.map_err(|error| Error::Other(Box::new(error)))?;
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(body).map_err(|error| Error::Other(Box::new(CallError::Unreadable(error.to_string()))))
    }

    fn is_tokio(&self) -> bool {
        true
    }
}
