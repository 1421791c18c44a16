//! Messages that would break the connection at each delivery: headers or a subject that the client cannot read.
//!
//! JetStream stores whatever bytes a publisher sends; async-nats 0.51 drops the connection at the first line that it cannot
//! read, and the message comes again. So at the start and after each lost connection the messages that were delivered and
//! not acked are looked at through the stream's API, where they travel in base64; what the client could not read is kept as
//! bytes in the dead letters, and then taken out of the stream.

use std::{str::FromStr, time::SystemTime};

use async_nats::{HeaderMap, HeaderName, HeaderValue, StatusCode, jetstream::response::Response};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::{Bus, BusError, Handler, Incoming, hands::Hands};

/// Most messages that are looked at after one lost connection; the next one goes on where this ended.
const MOST: usize = 2_000;

/// Where looking goes on.
#[derive(Debug, Default)]
pub(crate) struct Search {
    next: u64,
}

/// A message as the stream's API gives it.
#[derive(Debug, Deserialize)]
struct Stored {
    subject: String,
    seq: u64,
    #[serde(default)]
    hdrs: String,
    #[serde(default)]
    data: String,
}

#[derive(Deserialize)]
struct Found {
    message: Stored,
}

#[derive(Serialize)]
struct Get<'a> {
    seq: u64,
    next_by_subj: &'a str,
}

#[derive(Serialize)]
struct Delete {
    seq: u64,
    no_erase: bool,
}

#[derive(Deserialize)]
struct Deleted {
    success: bool,
}

/// No message there, in the words of nats-server's `server/errors.json`.
const NO_MESSAGE: u64 = 10_037;

impl Search {
    /// Looks at messages that were delivered and not acked, and buries those that cannot be read. Returns how many.
    pub(crate) async fn run<H: Handler>(&mut self, hands: &Hands<H>) -> Result<usize, BusError> {
        let (stream, durable) = (&hands.consume.stream, &hands.consume.durable);
        let Some(info) = hands.bus.durable_info(stream, durable).await? else { return Ok(0) };
        let (first, last) = (info.ack_floor.stream_sequence + 1, info.delivered.stream_sequence);
        let mut filters = info.config.filter_subjects;
        if !info.config.filter_subject.is_empty() {
            filters.push(info.config.filter_subject);
        }
        if filters.is_empty() {
            filters.push(">".into());
        }
        let from = if (first..=last).contains(&self.next) { self.next } else { first };
        let (mut buried, mut left) = (0, MOST);
        let mut reached = last + 1;
        for filter in &filters {
            // The part from where the last search ended, then what comes before it.
            for (mut at, end) in [(from, last), (first, from.saturating_sub(1))] {
                while at <= end && left > 0 {
                    let Some(stored) = hands.bus.stored_after(stream, at, filter).await? else { break };
                    if stored.seq > end {
                        break;
                    }
                    at = stored.seq + 1;
                    left -= 1;
                    if let Some(fault) = fault(&stored) {
                        bury(hands, &stored, &fault).await?;
                        buried += 1;
                    }
                }
                if left == 0 {
                    reached = reached.min(at);
                }
            }
        }
        self.next = reached;
        Ok(buried)
    }
}

/// Dead letter, its ack, the handler's hook, then out of the stream: its ack would need the delivery that never came.
async fn bury<H: Handler>(hands: &Hands<H>, stored: &Stored, fault: &str) -> Result<(), BusError> {
    let bytes = |text: &str| BASE64.decode(text.as_bytes()).unwrap_or_default();
    let raw = bytes(&stored.hdrs);
    let message = Incoming {
        subject: readable(&stored.subject),
        headers: salvage(&raw),
        payload: bytes(&stored.data).into(),
        stream_sequence: stored.seq,
        attempt: 1,
        published: SystemTime::now(),
    };
    let what = || format!("dead letter of message {} of stream {}", stored.seq, hands.consume.stream);
    hands.store_unreadable(&message, &raw, fault).await.map_err(|error| BusError::unavailable(what(), error))?;
    hands.bus.erase(&hands.consume.stream, stored.seq).await
}

impl Bus {
    async fn stored_after(&self, stream: &str, seq: u64, filter: &str) -> Result<Option<Stored>, BusError> {
        let what = || format!("look at message {seq} of stream {stream}");
        let subject = format!("STREAM.MSG.GET.{stream}");
        let answer: Response<Found> = self
            .jetstream
            .request(subject, &Get { seq, next_by_subj: filter })
            .await
            .map_err(|error| self.failed(what(), error))?;
        match answer {
            Response::Ok(found) => Ok(Some(found.message)),
            Response::Err { error } if error.error_code().0 == NO_MESSAGE => Ok(None),
            Response::Err { error } => Err(BusError::unavailable(what(), error)),
        }
    }

    /// Without a look at it first, which would not be readable.
    async fn erase(&self, stream: &str, seq: u64) -> Result<(), BusError> {
        let what = || format!("remove message {seq} of stream {stream}");
        let subject = format!("STREAM.MSG.DELETE.{stream}");
        let answer: Response<Deleted> = self
            .jetstream
            .request(subject, &Delete { seq, no_erase: true })
            .await
            .map_err(|error| self.failed(what(), error))?;
        match answer {
            Response::Ok(Deleted { success: true }) => Ok(()),
            Response::Ok(_) => Err(BusError::unavailable(what(), "the server did not do it")),
            Response::Err { error } if error.error_code().0 == NO_MESSAGE => Ok(()),
            Response::Err { error } => Err(BusError::unavailable(what(), error)),
        }
    }
}

/// What the client would stumble over, as its parser goes (async-nats 0.51, `connection.rs`).
fn fault(stored: &Stored) -> Option<String> {
    // The server writes bytes of a subject that are no text as U+FFFD. The client parts the line at every white space.
    if stored.subject.contains(|c: char| c.is_whitespace() || c == char::REPLACEMENT_CHARACTER) {
        return Some("its subject is no text without spaces".into());
    }
    if stored.hdrs.is_empty() {
        return None;
    }
    match BASE64.decode(stored.hdrs.as_bytes()) {
        Ok(bytes) => fault_in_headers(&bytes).map(str::to_owned),
        Err(_) => Some("its headers are not readable".into()),
    }
}

fn fault_in_headers(bytes: &[u8]) -> Option<&'static str> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some("its headers are not UTF-8");
    };
    // The client panics over it, which ends its connection for good.
    if text.lines().any(|line| line.contains('\r')) {
        return Some("its headers have a carriage return within a line");
    }
    let mut lines = text.lines().peekable();
    let Some(status) = lines.next().and_then(|line| line.strip_prefix("NATS/1.0")) else {
        return Some("its headers do not begin with NATS/1.0");
    };
    let status = status.trim();
    let status = status.split_once(' ').map_or(status, |(status, _)| status.trim());
    if !status.is_empty() && status.parse::<StatusCode>().is_err() {
        return Some("its headers begin with a status that is no number");
    }
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return Some("its headers have a line without a colon");
        };
        if HeaderName::from_str(name).is_err() {
            return Some("its headers have a name with characters that no name has");
        }
        while lines.next_if(|line| line.starts_with(char::is_whitespace)).is_some() {}
    }
    None
}

/// The headers that can be read: they say whose message it was.
fn salvage(bytes: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let lines = bytes.split(|byte| *byte == b'\n').skip(1);
    for line in lines.filter_map(|line| std::str::from_utf8(line).ok()) {
        let Some((name, value)) = line.trim_end().split_once(':') else { continue };
        if let (Ok(name), Ok(value)) = (HeaderName::from_str(name), HeaderValue::from_str(value.trim())) {
            headers.append(name, value);
        }
    }
    headers
}

/// A subject that can be published on.
fn readable(subject: &str) -> String {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == char::REPLACEMENT_CHARACTER;
    subject.chars().map(|c| if bad(c) { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stored(subject: &str, headers: &[u8]) -> Stored {
        Stored { subject: subject.into(), seq: 1, hdrs: BASE64.encode(headers), data: String::new() }
    }

    #[test]
    fn what_the_client_cannot_read_is_told_from_what_it_can() {
        let fault = |headers: &[u8]| fault(&stored("a.b", headers));
        for well in [
            &b"NATS/1.0\r\nce-id: 7\r\n\r\n"[..],
            b"NATS/1.0 503\r\n\r\n",
            b"NATS/1.0\r\nmany: one\r\n two\r\n\r\n",
            "NATS/1.0\r\nname: 报\r\n\r\n".as_bytes(),
            b"",
        ] {
            assert_eq!(fault(well), None, "{}", String::from_utf8_lossy(well));
        }
        for ill in [
            &b"NATS/1.0\r\nname: \xb1\xa8\r\n\r\n"[..],
            b"NATS/1.0 many\r\n\r\n",
            b"NATS/2.0\r\n\r\n",
            b"NATS/1.0\r\nno colon\r\n\r\n",
            b"NATS/1.0\r\nname: one\rtwo\r\n\r\n",
        ] {
            assert!(fault(ill).is_some(), "{}", String::from_utf8_lossy(ill));
        }
        assert!(super::fault(&stored("a.b\u{3000}c", b"")).is_some());
        assert!(super::fault(&stored("a.\u{fffd}", b"")).is_some());
    }

    #[test]
    fn readable_lines_of_bad_headers_are_kept() {
        let headers = salvage(b"NATS/1.0\r\nce-id: 7\r\nname: \xb1\xa8\r\nno colon\r\nce-type: x\r\n\r\n");
        let names = ["ce-id", "ce-type", "name"].map(|name| headers.get(name).map(ToString::to_string));
        assert_eq!(names, [Some("7".into()), Some("x".into()), None]);
        assert_eq!(readable("a.b\u{3000}c"), "a.b_c");
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = fault(&stored("a", &bytes));
            let _ = salvage(&bytes);
        }
    }
}
