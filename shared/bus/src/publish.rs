//! One message, its ack, and what to do when the ack does not come.

use std::time::Duration;

use async_nats::{
    HeaderMap, Request, RequestErrorKind,
    jetstream::{ErrorCode, publish::PublishAck, response::Response},
};
use bytes::Bytes;

use crate::{Bus, PublishError, backoff, subjects};

/// The header that JetStream looks at to recognise a message it already has.
pub const MESSAGE_ID: &str = "Nats-Msg-Id";
const EXPECTED_STREAM: &str = "Nats-Expected-Stream";

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where it goes; no wildcards.
    pub subject: String,
    /// Headers; the message id and the expected stream are added when it is published.
    pub headers: HeaderMap,
    /// The data.
    pub payload: Bytes,
    /// The same for every try at the same message, so that it is stored once.
    pub message_id: String,
}

/// JetStream's ack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The stream that took it.
    pub stream: String,
    /// Its place in that stream.
    pub sequence: u64,
    /// It was there before, under the same message id.
    pub duplicate: bool,
}

impl Bus {
    /// Stores a message and waits for JetStream's ack. No ack in time means "unknown", so the same message with the
    /// same id is sent again, up to `publish_attempts` times.
    pub async fn publish(&self, message: Outgoing) -> Result<Published, PublishError> {
        let Outgoing { subject, mut headers, payload, message_id } = message;
        headers.insert(MESSAGE_ID, message_id.as_str());
        if let Some(stream) = self.stream_of(&subject) {
            headers.insert(EXPECTED_STREAM, stream.as_str());
        }
        let attempts = self.settings.publish_attempts;
        let mut last = String::new();
        for attempt in 1..=attempts {
            match self.try_publish(&subject, &headers, &payload).await {
                Ok(published) => return Ok(published),
                Err(Refusal::Final(error)) => return Err(error),
                Err(Refusal::Again(reason)) => {
                    tracing::debug!(subject, attempt, reason, "publish is tried again");
                    last = reason;
                }
            }
            if attempt < attempts {
                let wait = backoff::delay(attempt, RETRY_FIRST, RETRY_MOST, rand::random());
                tokio::time::sleep(wait).await;
            }
        }
        Err(PublishError::Unavailable { subject, attempts, reason: last })
    }

    fn stream_of(&self, subject: &str) -> Option<String> {
        let routes = self.routes.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        routes.iter().find(|(pattern, _)| subjects::covers(pattern, subject)).map(|(_, stream)| stream.clone())
    }

    async fn try_publish(&self, subject: &str, headers: &HeaderMap, payload: &Bytes) -> Result<Published, Refusal> {
        let too_large = || {
            Refusal::Final(PublishError::TooLarge {
                subject: subject.to_owned(),
                size: payload.len(),
                limit: self.max_payload(),
            })
        };
        let request = Request::new()
            .headers(headers.clone())
            .payload(payload.clone())
            .timeout(Some(self.settings.publish_timeout()));
        let reply =
            self.client.send_request(subject.to_owned(), request).await.map_err(|error| match error.kind() {
                RequestErrorKind::MaxPayloadExceeded => too_large(),
                RequestErrorKind::InvalidSubject => Refusal::Final(PublishError::Refused {
                    subject: subject.to_owned(),
                    reason: "the subject is not valid".into(),
                }),
                // A stream without a leader, or a server that is just starting, looks the same as no stream.
                RequestErrorKind::NoResponders => Refusal::Again("no stream listens on this subject".into()),
                RequestErrorKind::TimedOut => {
                    Refusal::Again(format!("no ack in {} ms", self.settings.publish_timeout_ms))
                }
                _ => Refusal::Again(error.to_string()),
            })?;
        match serde_json::from_slice::<Response<PublishAck>>(&reply.payload) {
            Ok(Response::Ok(ack)) => {
                Ok(Published { stream: ack.stream, sequence: ack.sequence, duplicate: ack.duplicate })
            }
            Ok(Response::Err { error }) => {
                Err(judge(error.error_code(), error.code(), error.to_string()).into_refusal(subject, too_large))
            }
            Err(error) => Err(Refusal::Again(format!("reply is no ack: {error}"))),
        }
    }
}

const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_MOST: Duration = Duration::from_secs(2);

enum Refusal {
    Again(String),
    Final(PublishError),
}

/// What a server error means for the publisher.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Full(String),
    TooLarge,
    Again(String),
    Refused(String),
}

impl Verdict {
    fn into_refusal(self, subject: &str, too_large: impl FnOnce() -> Refusal) -> Refusal {
        let subject = subject.to_owned();
        match self {
            Self::Full(reason) => Refusal::Final(PublishError::Full { subject, reason }),
            Self::TooLarge => too_large(),
            Self::Again(reason) => Refusal::Again(reason),
            Self::Refused(reason) => Refusal::Final(PublishError::Refused { subject, reason }),
        }
    }
}

/// Error codes: nats-server's `server/errors.json`. A full stream has no code of its own, only its words.
fn judge(code: ErrorCode, status: usize, reason: String) -> Verdict {
    match code {
        ErrorCode::ACCOUNT_RESOURCES_EXCEEDED
        | ErrorCode::INSUFFICIENT_RESOURCES
        | ErrorCode::STORAGE_RESOURCES_EXCEEDED
        | ErrorCode::MEMORY_RESOURCES_EXCEEDED => Verdict::Full(reason),
        ErrorCode::STREAM_STORE_FAILED if reason.contains("maximum bytes") || reason.contains("maximum messages") => {
            Verdict::Full(reason)
        }
        ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM | ErrorCode::STREAM_HEADER_EXCEEDS_MAXIMUM => Verdict::TooLarge,
        ErrorCode::STREAM_DUPLICATE_MESSAGE_CONFLICT | ErrorCode::STREAM_TOO_MANY_REQUESTS => Verdict::Again(reason),
        _ if status == 503 || status == 429 => Verdict::Again(reason),
        _ => Verdict::Refused(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stream_is_told_from_a_failing_one() {
        let full = judge(ErrorCode::STREAM_STORE_FAILED, 503, "maximum bytes exceeded".into());
        assert!(matches!(full, Verdict::Full(_)));
        let failing = judge(ErrorCode::STREAM_STORE_FAILED, 503, "i/o error".into());
        assert!(matches!(failing, Verdict::Again(_)));
        let wrong = judge(ErrorCode::STREAM_NOT_MATCH, 400, "expected stream".into());
        assert!(matches!(wrong, Verdict::Refused(_)));
    }
}
