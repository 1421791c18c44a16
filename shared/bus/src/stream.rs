//! Reading what a stream keeps, page by page, beside the consumers that work on it: for who looks at what is there. Work is
//! taken by consuming.

use std::time::{Duration, SystemTime};

use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};
use async_nats::jetstream::stream::{DeleteMessageErrorKind, RawMessageErrorKind};
use bytes::Bytes;
use futures::StreamExt;

use crate::{Bus, BusError, Incoming, backoff};

/// A reader that nobody asks for so long is forgotten by the server.
const FORGOTTEN: Duration = Duration::from_secs(60);
/// How often a page is asked for until the reader gives up.
const TRIES: u32 = 6;
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_MOST: Duration = Duration::from_secs(2);
/// Header that the server puts where it leaves the payload out.
const SIZE: &str = "Nats-Msg-Size";

/// Which messages of a stream are read, and how much of each.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Subjects, wildcards allowed; empty for all.
    pub subjects: Vec<String>,
    /// From this sequence on.
    pub from: u64,
    /// Where no sequence is given: from this moment on.
    pub since: Option<SystemTime>,
    /// Without payloads; [`size_of`] still says how many bytes they have.
    pub headers_only: bool,
}

/// Reads a stream in order. It holds one page, however long the stream is, and finds its way back after an outage.
#[derive(Debug)]
pub struct Reader {
    bus: Bus,
    stream: String,
    reading: Reading,
    consumer: Option<Consumer<pull::Config>>,
}

/// Bytes of a message's payload, also where it was read without.
pub fn size_of(message: &Incoming) -> usize {
    let said = message.headers.get(SIZE).and_then(|size| size.as_str().parse().ok());
    if message.payload.is_empty() { said.unwrap_or(0) } else { message.payload.len() }
}

impl Bus {
    /// Reads a stream from a place on, beside its consumers.
    pub fn read(&self, stream: &str, reading: Reading) -> Reader {
        Reader { bus: self.clone(), stream: stream.to_owned(), reading, consumer: None }
    }

    /// Reads the keys of a bucket that fit `pattern` (`*` for one token, `>` for the rest), in order of change; a message's
    /// subject is the key, its payload the value. Removed keys are left out.
    pub fn read_keys(&self, bucket: &str, pattern: &str) -> KeyReader {
        let prefix = format!("$KV.{bucket}.");
        let reading = Reading { subjects: vec![format!("{prefix}{pattern}")], ..Reading::default() };
        KeyReader { reader: self.read(&format!("KV_{bucket}"), reading), prefix }
    }

    /// The message at this place of a stream; nothing if it is not there (any more).
    pub async fn message(&self, stream: &str, sequence: u64) -> Result<Option<Incoming>, BusError> {
        let what = format!("read message {sequence} of stream {stream}");
        let failed = |reason: String| BusError::unavailable(what.clone(), reason);
        let found = self.jetstream.get_stream_no_info(stream).await.map_err(|error| failed(error.to_string()))?;
        match found.get_raw_message(sequence).await {
            Ok(message) => Ok(Some(Incoming {
                subject: message.subject.to_string(),
                headers: message.headers,
                payload: message.payload,
                stream_sequence: message.sequence,
                attempt: 1,
                published: message.time.into(),
            })),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Removes a message from a stream; false if it is not there (any more).
    pub async fn remove(&self, stream: &str, sequence: u64) -> Result<bool, BusError> {
        if self.message(stream, sequence).await?.is_none() {
            return Ok(false);
        }
        let what = format!("remove message {sequence} of stream {stream}");
        let failed = |reason: String| BusError::unavailable(what.clone(), reason);
        let found = self.jetstream.get_stream_no_info(stream).await.map_err(|error| failed(error.to_string()))?;
        match found.delete_message(sequence).await {
            Ok(removed) => Ok(removed),
            // Somebody was faster.
            Err(error)
                if matches!(error.kind(), DeleteMessageErrorKind::JetStream(_))
                    && self.message(stream, sequence).await?.is_none() =>
            {
                Ok(false)
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

impl Reader {
    /// Where the next page begins.
    pub fn place(&self) -> u64 {
        self.reading.from
    }

    /// The next messages, `most` of them or fewer; empty when there is no more at this moment. Later there may be.
    pub async fn page(&mut self, most: usize) -> Result<Vec<Incoming>, BusError> {
        let mut last = None;
        for attempt in 1..=TRIES {
            match self.try_page(most).await {
                Ok(page) => {
                    if let Some(message) = page.last() {
                        self.reading.from = message.stream_sequence + 1;
                    }
                    return Ok(page);
                }
                Err(error @ BusError::NotFound { .. }) => return Err(error),
                Err(error) => last = Some(error),
            }
            // Set up anew from where we are: the server may have forgotten it, or given some of a page that broke off.
            self.consumer = None;
            tokio::time::sleep(backoff::delay(attempt, RETRY_FIRST, RETRY_MOST, rand::random())).await;
        }
        Err(last.unwrap_or_else(|| self.failed("no answer")))
    }

    async fn try_page(&mut self, most: usize) -> Result<Vec<Incoming>, BusError> {
        let timeout = self.bus.settings.request_timeout();
        if self.consumer.is_none() {
            self.consumer = Some(self.open().await?);
        }
        let Some(consumer) = self.consumer.as_mut() else { return Ok(Vec::new()) };
        let failed = |stream: &str, reason: String| BusError::unavailable(format!("read stream {stream}"), reason);
        let fetch = consumer.fetch().max_messages(most);
        let mut batch = fetch.messages().await.map_err(|error| failed(&self.stream, error.to_string()))?;
        let mut page = Vec::new();
        loop {
            let next = tokio::time::timeout(timeout, batch.next());
            match next.await.map_err(|_| failed(&self.stream, "no answer in time".into()))? {
                Some(message) => {
                    let message = message.map_err(|error| failed(&self.stream, error.to_string()))?;
                    page.push(incoming(message).map_err(|reason| failed(&self.stream, reason))?);
                }
                None => break,
            }
        }
        if page.is_empty() {
            // Nothing came: is there nothing, or did it not come?
            let info = consumer.info().await.map_err(|error| failed(&self.stream, error.to_string()))?;
            if info.num_pending > 0 {
                return Err(failed(&self.stream, format!("{} messages did not come", info.num_pending)));
            }
        }
        Ok(page)
    }

    async fn open(&self) -> Result<Consumer<pull::Config>, BusError> {
        crate::ensure::stream_exists(&self.bus, &self.stream, || format!("stream {}", self.stream)).await?;
        let stream = self.bus.jetstream.get_stream_no_info(&self.stream).await;
        let stream = stream.map_err(|error| self.failed(error))?;
        let deliver_policy = match self.reading.since {
            Some(since) if self.reading.from == 0 => DeliverPolicy::ByStartTime { start_time: since.into() },
            _ => DeliverPolicy::ByStartSequence { start_sequence: self.reading.from.max(1) },
        };
        let config = pull::Config {
            deliver_policy,
            ack_policy: AckPolicy::None,
            filter_subjects: self.reading.subjects.clone(),
            headers_only: self.reading.headers_only,
            inactive_threshold: FORGOTTEN,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        stream.create_consumer(config).await.map_err(|error| self.failed(error))
    }

    fn failed(&self, reason: impl ToString) -> BusError {
        BusError::unavailable(format!("read stream {}", self.stream), reason)
    }
}

/// Reads keys of a bucket; see [`Bus::read_keys`].
#[derive(Debug)]
pub struct KeyReader {
    reader: Reader,
    prefix: String,
}

impl KeyReader {
    /// The next keys and their values, `most` of them or fewer; nothing when there is no more at this moment.
    pub async fn page(&mut self, most: usize) -> Result<Option<Vec<(String, Bytes)>>, BusError> {
        let page = self.reader.page(most).await?;
        if page.is_empty() {
            return Ok(None);
        }
        let keys = page.into_iter().filter(|message| message.headers.get("KV-Operation").is_none());
        Ok(Some(keys.map(|message| (message.subject[self.prefix.len()..].to_owned(), message.payload)).collect()))
    }
}

fn incoming(message: async_nats::jetstream::Message) -> Result<Incoming, String> {
    let info = message.info().map_err(|error| error.to_string())?;
    let (stream_sequence, published) = (info.stream_sequence, info.published.into());
    let async_nats::Message { subject, headers, payload, .. } = message.message;
    Ok(Incoming {
        subject: subject.to_string(),
        headers: headers.unwrap_or_else(HeaderMap::new),
        payload,
        stream_sequence,
        attempt: 1,
        published,
    })
}
