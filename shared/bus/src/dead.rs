//! The dead letter: the message as it was, and beside it who gave it up and why.

use bytes::Bytes;
use data_encoding::BASE64;

use crate::{Consume, Incoming, MESSAGE_ID, Outgoing};

/// Header: who gave the message up.
pub const DEAD_STAGE: &str = "Pressline-Dead-Stage";
/// Header: why, one line.
pub const DEAD_REASON: &str = "Pressline-Dead-Reason";
/// Header: how often it was delivered.
pub const DEAD_ATTEMPTS: &str = "Pressline-Dead-Attempts";
/// Header: the subject it was published on.
pub const DEAD_SUBJECT: &str = "Pressline-Dead-Subject";
/// Header: the stream it came from.
pub const DEAD_STREAM: &str = "Pressline-Dead-Stream";
/// Header: its place in that stream.
pub const DEAD_SEQUENCE: &str = "Pressline-Dead-Sequence";
/// Header: the message id it was published with.
pub const DEAD_MESSAGE_ID: &str = "Pressline-Dead-Message-Id";
/// Header, only where the payload with these headers is more than the server takes: how many bytes of it are not here. The
/// payload itself is still at [`DEAD_SEQUENCE`] of [`DEAD_STREAM`], unless [`DEAD_RAW_HEADERS`] stands beside this.
pub const DEAD_OMITTED: &str = "Pressline-Dead-Omitted-Bytes";
/// Header, only of a message whose headers or subject no client could read: its headers as they came, in base64. The message
/// is no longer in its stream.
pub const DEAD_RAW_HEADERS: &str = "Pressline-Dead-Raw-Headers";

/// JetStream stores 64 KiB of headers; base64 makes four bytes of three, and the letter has headers of its own.
const RAW_MOST: usize = 36 << 10;
/// For what is added when the letter is published.
const HEADROOM: usize = 1_024;
/// A reason longer than this many bytes is cut.
const REASON_MOST: usize = 1_000;

/// The dead letter of `message`. Its id is that of the message and the stage, so that giving up twice stores it once.
pub(crate) fn letter(consume: &Consume, message: &Incoming, reason: &str) -> Outgoing {
    let mut headers = message.own_headers();
    let sequence = message.stream_sequence.to_string();
    headers.insert(DEAD_STAGE, one_line(&consume.stage).as_str());
    headers.insert(DEAD_REASON, one_line(reason).as_str());
    headers.insert(DEAD_ATTEMPTS, message.attempt.to_string().as_str());
    headers.insert(DEAD_SUBJECT, message.subject.as_str());
    headers.insert(DEAD_STREAM, consume.stream.as_str());
    headers.insert(DEAD_SEQUENCE, sequence.as_str());
    if let Some(id) = message.headers.get(MESSAGE_ID) {
        headers.insert(DEAD_MESSAGE_ID, id.clone());
    }
    Outgoing {
        subject: format!("{}.{}", consume.dead_subject_prefix, message.subject),
        headers,
        payload: message.payload.clone(),
        message_id: format!("dead.{}.{sequence}.{}", consume.stream, consume.stage),
    }
}

/// The same letter without its payload, for one that is too large with its new headers.
pub(crate) fn without_payload(mut letter: Outgoing) -> Outgoing {
    letter.headers.insert(DEAD_OMITTED, letter.payload.len().to_string().as_str());
    letter.payload = Bytes::new();
    letter
}

/// The letter of a message that could not be read, with its headers as they came, and as much of it as the server takes.
pub(crate) fn unreadable(consume: &Consume, message: &Incoming, raw: &[u8], reason: &str, most: usize) -> Outgoing {
    let mut letter = letter(consume, message, reason);
    letter.headers.insert(DEAD_RAW_HEADERS, BASE64.encode(&raw[..raw.len().min(RAW_MOST)]).as_str());
    let headers: usize = letter
        .headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .fold(HEADROOM, |sum, (name, value)| {
            let name: &str = name.as_ref();
            sum + name.len() + value.as_str().len() + 4
        });
    let room = most.saturating_sub(headers);
    if letter.payload.len() > room {
        letter.headers.insert(DEAD_OMITTED, (letter.payload.len() - room).to_string().as_str());
        letter.payload.truncate(room);
    }
    letter
}

/// Header values end at the line; a reason may hold anything.
fn one_line(text: &str) -> String {
    let mut line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((cut, _)) = line.char_indices().take_while(|(at, _)| *at <= REASON_MOST).last()
        && line.len() > REASON_MOST
    {
        line.truncate(cut);
        line.push('…');
    }
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use async_nats::HeaderMap;
    use proptest::prelude::*;

    use super::*;

    fn message() -> Incoming {
        let mut headers = HeaderMap::new();
        headers.insert("ce-id", "7");
        headers.append("many", "one");
        headers.append("many", "two");
        headers.insert(MESSAGE_ID, "original");
        headers.insert("nats-expected-stream", "ORIGINAL");
        Incoming {
            subject: "work.a".into(),
            headers,
            payload: Bytes::from_static(b"data"),
            stream_sequence: 42,
            attempt: 3,
            published: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_letter_holds_the_message_and_its_story() {
        let consume = Consume::new("WORK", "hands", "dead.hands", "hands");
        let letter = letter(&consume, &message(), "line one\r\nline two");
        assert_eq!(letter.subject, "dead.hands.work.a");
        assert_eq!(letter.message_id, "dead.WORK.42.hands");
        assert_eq!(&letter.payload[..], b"data");
        let header = |name| letter.headers.get(name).map(ToString::to_string);
        assert_eq!(header("ce-id").as_deref(), Some("7"));
        assert_eq!(letter.headers.get_all("many").count(), 2);
        assert_eq!(header(DEAD_MESSAGE_ID).as_deref(), Some("original"));
        assert_eq!(header(MESSAGE_ID), None);
        assert_eq!(header("nats-expected-stream"), None);
        assert_eq!(header(DEAD_SEQUENCE).as_deref(), Some("42"));
        assert_eq!(header(DEAD_ATTEMPTS).as_deref(), Some("3"));
        assert_eq!(header(DEAD_REASON).as_deref(), Some("line one  line two"));
        let bare = without_payload(letter);
        assert_eq!(bare.headers.get(DEAD_OMITTED).unwrap().as_str(), "4");
    }

    #[test]
    fn the_letter_of_an_unreadable_message_holds_its_bytes_as_far_as_they_fit() {
        let consume = Consume::new("WORK", "hands", "dead.hands", "hands");
        let whole = unreadable(&consume, &message(), b"NATS/1.0\r\n\xb1\r\n\r\n", "odd", 1 << 20);
        assert_eq!(whole.headers.get(DEAD_RAW_HEADERS).unwrap().as_str(), "TkFUUy8xLjANCrENCg0K");
        assert_eq!((&whole.payload[..], whole.headers.get(DEAD_OMITTED)), (&b"data"[..], None));
        let large = Incoming { payload: vec![b'x'; 4_000].into(), ..message() };
        let cut = unreadable(&consume, &large, b"", "odd", 4_000);
        let omitted: usize = cut.headers.get(DEAD_OMITTED).unwrap().as_str().parse().unwrap();
        assert_eq!(cut.payload.len() + omitted, 4_000);
    }

    proptest! {
        #[test]
        fn any_reason_becomes_one_bounded_line(reason in any::<String>()) {
            let line = one_line(&reason);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert!(line.len() <= REASON_MOST + '…'.len_utf8());
        }
    }
}
