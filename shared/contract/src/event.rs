//! CloudEvents 1.0 over NATS in binary mode: attributes in headers, data as the payload.
//!
//! Header names and the percent-encoding of values follow the CloudEvents NATS protocol binding 1.0,
//! <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/nats-protocol-binding.md>.

use std::str::FromStr;

use bus::{HeaderMap, Incoming, Outgoing};
use bytes::Bytes;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::envelope::Envelope;
use crate::ids::{IssueId, PublicationId};
use crate::issue::{IssueReceived, IssueRef};
use crate::names;

const SPEC_VERSION: &str = "1.0";
const JSON: &str = "application/json";
/// Space, `"`, `%` and everything outside printable ASCII are encoded, as the HTTP binding (which NATS' follows) says.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// Why a message is not one of the contract's events.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// A header is missing.
    #[error("header `{0}` is missing")]
    Missing(&'static str),
    /// A header's value does not fit.
    #[error("header `{name}` is not valid: {reason}")]
    Header {
        /// The header.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// It is another event than the one wanted.
    #[error("event type is `{found}`, not `{wanted}`")]
    Type {
        /// What the message says it is.
        found: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// The data is not what the type says.
    #[error("data of `{kind}` is not valid: {reason}")]
    Data {
        /// The event's type.
        kind: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// The closed list of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A file was admitted.
    IssueReceived,
    /// An article was found in it.
    ArticleExtracted,
    /// All its articles were found.
    IssueExtracted,
    /// All its articles can be searched.
    IssueIndexed,
    /// It must leave the index.
    IssueWithdrawn,
    /// One article must leave the index.
    ArticleKilled,
    /// It is not there in time, or not whole.
    IssueLate,
}

impl EventKind {
    /// All of them.
    pub const ALL: [EventKind; 7] = [
        Self::IssueReceived,
        Self::ArticleExtracted,
        Self::IssueExtracted,
        Self::IssueIndexed,
        Self::IssueWithdrawn,
        Self::ArticleKilled,
        Self::IssueLate,
    ];

    /// The tokens of its subjects between `pressline.` and the lane.
    pub fn path(self) -> &'static str {
        match self {
            Self::IssueReceived => "issue.received",
            Self::ArticleExtracted => "article.extracted",
            Self::IssueExtracted => "issue.extracted",
            Self::IssueIndexed => "issue.indexed",
            Self::IssueWithdrawn => "issue.withdrawn",
            Self::ArticleKilled => "article.killed",
            Self::IssueLate => "issue.late",
        }
    }

    /// `ce-type`.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::IssueReceived => "pressline.issue.received.v1",
            Self::ArticleExtracted => "pressline.article.extracted.v1",
            Self::IssueExtracted => "pressline.issue.extracted.v1",
            Self::IssueIndexed => "pressline.issue.indexed.v1",
            Self::IssueWithdrawn => "pressline.issue.withdrawn.v1",
            Self::ArticleKilled => "pressline.article.killed.v1",
            Self::IssueLate => "pressline.issue.late.v1",
        }
    }

    /// `ce-dataschema`: the file's name under `shared/contract/schema/`.
    pub fn schema(self) -> String {
        format!("pressline:schema:{}.v1.json", self.path().replace('.', "-"))
    }
}

/// An event whose data is JSON.
pub trait Event: Serialize + DeserializeOwned {
    /// Which one.
    const KIND: EventKind;
    /// `ce-id`: with the source it names the event, and it is what JetStream deduplicates by.
    fn event_id(&self) -> String;
    /// `ce-subject`: what the event is about.
    fn about(&self) -> String;
}

/// The message that carries `event`.
///
/// # Errors
/// When the event cannot be written as JSON.
pub fn encode<E: Event>(event: &E, envelope: &Envelope) -> Result<Outgoing, ContractError> {
    let data = serde_json::to_vec(event)
        .map_err(|error| ContractError::Data { kind: E::KIND.type_name(), reason: error.to_string() })?;
    Ok(message(E::KIND, &event.event_id(), &event.about(), JSON, envelope, data.into()))
}

/// The event and the envelope that `message` carries.
///
/// # Errors
/// When the message is not this event.
pub fn decode<E: Event>(message: &Incoming) -> Result<(E, Envelope), ContractError> {
    let envelope = envelope(message, E::KIND)?;
    let event = serde_json::from_slice(&message.payload)
        .map_err(|error| ContractError::Data { kind: E::KIND.type_name(), reason: error.to_string() })?;
    Ok((event, envelope))
}

/// Where the bytes of a received file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// In the message.
    Inline(Bytes),
    /// In the object store, under this name (CloudEvents' claim check).
    Reference(String),
}

/// The message that says that a file was admitted. `replaces` is the revision that was the issue's newest until now: what
/// was sent, changed and sent again as it was at first is then not taken for the first sending.
pub fn encode_received(
    event: &IssueReceived,
    payload: Payload,
    envelope: &Envelope,
    replaces: Option<u64>,
) -> Outgoing {
    let (data, reference) = match payload {
        Payload::Inline(bytes) => (bytes, None),
        Payload::Reference(name) => (Bytes::new(), Some(name)),
    };
    let content = event.sha256.get(..16).unwrap_or(&event.sha256);
    let id = format!("{}.{content}.{}", event.id, replaces.unwrap_or(0));
    let about = event.id.to_string();
    let mut message = message(EventKind::IssueReceived, &id, &about, &event.media_type, envelope, data);
    let headers = &mut message.headers;
    put(headers, names::HEADER_SHA256, &event.sha256);
    let optional = [
        (names::HEADER_FILE_NAME, event.file_name.clone()),
        (names::HEADER_CHARSET, event.charset.clone()),
        (names::HEADER_PUBLICATION, event.publication.as_ref().map(ToString::to_string)),
        (names::HEADER_DATE, event.date.map(|date| date.to_string())),
        (names::HEADER_EDITION, event.edition.clone()),
        (names::HEADER_DATAREF, reference),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            put(headers, name, &value);
        }
    }
    message
}

/// The admitted file's facts, where its bytes are, and the envelope.
///
/// # Errors
/// When the message is not a received file.
pub fn decode_received(message: &Incoming) -> Result<(IssueReceived, Payload, Envelope), ContractError> {
    let envelope = envelope(message, EventKind::IssueReceived)?;
    let event = IssueReceived {
        id: parsed::<IssueId>(&message.headers, names::HEADER_SUBJECT)?
            .ok_or(ContractError::Missing(names::HEADER_SUBJECT))?,
        file_name: header(&message.headers, names::HEADER_FILE_NAME)?,
        media_type: needed(&message.headers, names::HEADER_CONTENT_TYPE)?,
        charset: header(&message.headers, names::HEADER_CHARSET)?,
        sha256: needed(&message.headers, names::HEADER_SHA256)?,
        publication: parsed(&message.headers, names::HEADER_PUBLICATION)?,
        date: parsed(&message.headers, names::HEADER_DATE)?,
        edition: header(&message.headers, names::HEADER_EDITION)?,
        received: envelope.time,
    };
    let payload = match header(&message.headers, names::HEADER_DATAREF)? {
        Some(name) => Payload::Reference(name),
        None => Payload::Inline(message.payload.clone()),
    };
    Ok((event, payload, envelope))
}

/// The version of the issue that a received file is: the one it had when it was first handled, or its place in the stream.
///
/// # Errors
/// When the header is not a number.
pub fn revision_of(message: &Incoming) -> Result<u64, ContractError> {
    Ok(parsed(&message.headers, names::HEADER_REVISION)?.unwrap_or(message.stream_sequence))
}

/// The message that has a stored message handled again, `replay` telling it from all others. A received file keeps the
/// revision that it had, so that handling it again changes nothing that is newer.
pub fn again(message: &Incoming, replay: &str) -> Outgoing {
    let mut headers = message.own_headers();
    put(&mut headers, names::HEADER_REPLAY, replay);
    let kind = message.headers.get(names::HEADER_TYPE).map(|value| value.as_str());
    let received = kind == Some(EventKind::IssueReceived.type_name());
    if received && message.headers.get(names::HEADER_REVISION).is_none() {
        put(&mut headers, names::HEADER_REVISION, &message.stream_sequence.to_string());
    }
    let (subject, payload) = (message.subject.clone(), message.payload.clone());
    Outgoing { message_id: format!("again:{}:{replay}", message.stream_sequence), subject, headers, payload }
}

fn message(
    kind: EventKind,
    id: &str,
    about: &str,
    content_type: &str,
    envelope: &Envelope,
    payload: Bytes,
) -> Outgoing {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (names::HEADER_SPEC_VERSION, SPEC_VERSION),
        (names::HEADER_ID, id),
        (names::HEADER_TYPE, kind.type_name()),
        (names::HEADER_SOURCE, &envelope.source),
        (names::HEADER_TIME, &envelope.time.to_string()),
        (names::HEADER_SUBJECT, about),
        (names::HEADER_DATA_SCHEMA, &kind.schema()),
        (names::HEADER_CONTENT_TYPE, content_type),
    ] {
        put(&mut headers, name, value);
    }
    if let Some(trace) = &envelope.traceparent {
        put(&mut headers, names::HEADER_TRACE, trace);
    }
    let mut message_id = format!("{}:{id}", kind.path());
    if let Some(replay) = &envelope.replay {
        put(&mut headers, names::HEADER_REPLAY, replay);
        message_id = format!("{message_id}@{replay}");
    }
    Outgoing {
        subject: names::subject(kind, envelope.lane, envelope.publication.as_ref()),
        headers,
        payload,
        message_id,
    }
}

fn envelope(message: &Incoming, kind: EventKind) -> Result<Envelope, ContractError> {
    let found = needed(&message.headers, names::HEADER_TYPE)?;
    if found != kind.type_name() {
        return Err(ContractError::Type { found, wanted: kind.type_name() });
    }
    let (lane, publication) = names::parse_subject(&message.subject)
        .ok_or_else(|| ContractError::Header { name: "subject", reason: format!("`{}`", message.subject) })?;
    Ok(Envelope {
        source: needed(&message.headers, names::HEADER_SOURCE)?,
        time: parsed(&message.headers, names::HEADER_TIME)?.ok_or(ContractError::Missing(names::HEADER_TIME))?,
        lane,
        publication,
        traceparent: header(&message.headers, names::HEADER_TRACE)?,
        replay: header(&message.headers, names::HEADER_REPLAY)?,
    })
}

pub(crate) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.insert(name, utf8_percent_encode(value, ENCODED).to_string());
}

pub(crate) fn header(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, ContractError> {
    headers
        .get(name)
        .map(|value| {
            percent_decode_str(value.as_str())
                .decode_utf8()
                .map(|text| text.into_owned())
                .map_err(|error| ContractError::Header { name, reason: error.to_string() })
        })
        .transpose()
}

fn needed(headers: &HeaderMap, name: &'static str) -> Result<String, ContractError> {
    header(headers, name)?.ok_or(ContractError::Missing(name))
}

fn parsed<T>(headers: &HeaderMap, name: &'static str) -> Result<Option<T>, ContractError>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    header(headers, name)?
        .map(|text| text.parse().map_err(|error: T::Err| ContractError::Header { name, reason: error.to_string() }))
        .transpose()
}

/// The title of an issue, as a token of subjects.
pub fn publication_of(issue: &IssueRef) -> Option<PublicationId> {
    issue.publication.as_ref().and_then(|publication| publication.id.clone())
}
