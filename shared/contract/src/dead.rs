//! Dead letters: what a message that was given up says of itself, and the message as it was.

use bus::{
    DEAD_ATTEMPTS, DEAD_MESSAGE_ID, DEAD_OMITTED, DEAD_RAW_HEADERS, DEAD_REASON, DEAD_SEQUENCE, DEAD_STAGE,
    DEAD_STREAM, DEAD_SUBJECT, HeaderMap, Incoming, MESSAGE_ID,
};
use bytes::Bytes;
use jiff::Timestamp;

use crate::head::Head;
use crate::names::Work;

/// One dead letter, read with or without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its place in the stream of dead letters.
    pub sequence: u64,
    /// When it was stored.
    pub at: Timestamp,
    /// Who gave it up.
    pub stage: String,
    /// Why.
    pub reason: String,
    /// How often it was delivered.
    pub attempts: Option<u64>,
    /// Where it was published at first; `None`: nobody knows, so it cannot be published again.
    pub subject: Option<String>,
    /// The stream it came from.
    pub stream: Option<String>,
    /// Its place in that stream.
    pub original: Option<u64>,
    /// Bytes that are not in the letter, because it would have been too large; still in its stream unless `raw`.
    pub omitted: Option<usize>,
    /// Its headers as they came, in base64, where no client could read them: it cannot be published again.
    pub raw: Option<String>,
    /// What it says of itself.
    pub head: Head,
}

impl DeadLetter {
    /// Reads a message of the stream of dead letters.
    pub fn of(message: &Incoming) -> Self {
        let text = |name: &str| message.headers.get(name).map(|value| value.as_str().to_owned());
        let number = |name: &str| text(name).and_then(|value| value.parse::<u64>().ok());
        let subject = text(DEAD_SUBJECT);
        let mut original = message.clone();
        original.subject = subject.clone().unwrap_or_default();
        original.stream_sequence = number(DEAD_SEQUENCE).unwrap_or(0);
        Self {
            sequence: message.stream_sequence,
            at: Timestamp::try_from(message.published).unwrap_or(Timestamp::UNIX_EPOCH),
            stage: text(DEAD_STAGE).unwrap_or_else(|| stage_of(&message.subject)),
            reason: text(DEAD_REASON).unwrap_or_default(),
            attempts: number(DEAD_ATTEMPTS),
            subject,
            stream: text(DEAD_STREAM),
            original: number(DEAD_SEQUENCE),
            omitted: number(DEAD_OMITTED).and_then(|bytes| bytes.try_into().ok()),
            raw: text(DEAD_RAW_HEADERS),
            head: Head::of(&original),
        }
    }

    /// The stage that gave it up, where it is one of ours.
    pub fn work(&self) -> Option<Work> {
        Work::ALL.into_iter().find(|work| work.stage() == self.stage)
    }
}

/// The message as it was before it was given up. `payload` stands in where the letter does not hold it. `None` where the
/// letter does not say where the message was published, or what its headers were.
pub fn original(message: &Incoming, payload: Option<Bytes>) -> Option<Incoming> {
    let letter = DeadLetter::of(message);
    if letter.raw.is_some() {
        return None;
    }
    let mut headers = HeaderMap::new();
    for (name, values) in message.headers.iter() {
        let text: &str = name.as_ref();
        let ours = [DEAD_STAGE, DEAD_REASON, DEAD_ATTEMPTS, DEAD_SUBJECT, DEAD_STREAM, DEAD_SEQUENCE, DEAD_OMITTED];
        if text == MESSAGE_ID || text == DEAD_MESSAGE_ID || ours.contains(&text) {
            continue;
        }
        for value in values {
            headers.append(text, value.clone());
        }
    }
    Some(Incoming {
        subject: letter.subject?,
        headers,
        payload: payload.unwrap_or_else(|| message.payload.clone()),
        stream_sequence: letter.original?,
        attempt: 1,
        published: message.published,
    })
}

/// `pressline.dead.STAGE.…`, for a letter that came without its headers.
fn stage_of(subject: &str) -> String {
    let known = Work::ALL.into_iter().find(|work| subject.starts_with(&format!("{}.", work.dead_prefix())));
    known.map_or_else(|| "unknown".to_owned(), |work| work.stage().to_owned())
}
