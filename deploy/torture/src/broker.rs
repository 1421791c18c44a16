//! The broker past all proxies, as an operator's hand would reach it: what waits, what is dead, what is broken by hand.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use async_nats::jetstream::{self, Context, stream::Stream};
use bus::{Bus, BusSettings, DEAD_MESSAGE_ID, DEAD_REASON, DEAD_STAGE};
use bytes::Bytes;
use contract::names::{ARTICLES, DEAD, ISSUES, RECEIPTS, TopologyOptions};
use contract::receipt::Receipts;
use contract::{IssueId, Receipt};
use futures::{StreamExt, TryStreamExt, stream};

use crate::Outcome;

/// Receipts read at once.
const AT_ONCE: usize = 16;

/// A connection of one's own.
#[derive(Debug, Clone)]
pub struct Broker {
    bus: Bus,
    jetstream: Context,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// By whom.
    pub stage: String,
    /// Why.
    pub reason: String,
    /// The id it was published with.
    pub message_id: String,
    /// What it was about: an issue's or an article's id, where it says so.
    pub about: Option<String>,
}

impl Broker {
    /// Connects.
    ///
    /// # Errors
    /// When there is nobody.
    pub async fn connect(url: &str) -> Outcome<Self> {
        let nodes: Vec<async_nats::ServerAddr> = url.split(',').map(str::parse).collect::<Result<_, _>>()?;
        let client =
            async_nats::ConnectOptions::new().request_timeout(Some(Duration::from_secs(3))).connect(nodes).await?;
        Ok(Self { bus: Bus::connect(&BusSettings::at(url)).await?, jetstream: jetstream::new(client) })
    }

    async fn stream(&self, name: &str) -> Outcome<Stream> {
        Ok(self.jetstream.get_stream(name).await?)
    }

    /// Messages that nobody has acked yet, all streams together, and where they wait.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn waiting(&self) -> Outcome<(u64, String)> {
        let (mut count, mut places) = (0, Vec::new());
        for stream in self.bus.overview().await? {
            for durable in stream.durables {
                let waits = durable.pending + durable.ack_pending;
                count += waits;
                if waits > 0 {
                    places.push(format!("{} {} + {} in hand", durable.name, durable.pending, durable.ack_pending));
                }
            }
        }
        Ok((count, places.join(", ")))
    }

    /// Deliveries beyond the first of each message, by durable; those of a durable that was deleted are forgotten.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn redeliveries(&self) -> Outcome<BTreeMap<String, u64>> {
        let mut more = BTreeMap::new();
        for name in [ISSUES, ARTICLES] {
            let stream = self.stream(name).await?;
            let mut consumers = stream.consumers();
            while let Some(consumer) = consumers.try_next().await? {
                let mut messages = 0;
                for filter in &consumer.config.filter_subjects {
                    messages += self.messages(&stream, filter).await?;
                }
                if consumer.config.filter_subjects.is_empty() {
                    messages += self.messages(&stream, &consumer.config.filter_subject).await?;
                }
                let again = consumer.delivered.consumer_sequence.saturating_sub(messages);
                if again > 0 {
                    more.insert(consumer.name, again);
                }
            }
        }
        Ok(more)
    }

    async fn messages(&self, stream: &Stream, filter: &str) -> Outcome<u64> {
        let subjects: Vec<(String, usize)> = stream.info_with_subjects(filter).await?.try_collect().await?;
        Ok(subjects.iter().map(|(_, count)| *count as u64).sum())
    }

    /// Every dead letter.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn dead_letters(&self) -> Outcome<Vec<DeadLetter>> {
        let mut stream = self.stream(DEAD).await?;
        let state = stream.info().await?.state.clone();
        let mut letters = Vec::new();
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let message = stream.get_raw_message(sequence).await?;
            let header = |name: &str| message.headers.get(name).map(|value| value.as_str().to_owned());
            letters.push(DeadLetter {
                stage: header(DEAD_STAGE).unwrap_or_default(),
                reason: header(DEAD_REASON).unwrap_or_default(),
                message_id: header(DEAD_MESSAGE_ID).unwrap_or_default(),
                about: header("ce-subject"),
            });
        }
        Ok(letters)
    }

    /// The receipts of these issues, of those that have one.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn receipts(&self, issues: Vec<IssueId>) -> Outcome<HashMap<IssueId, Receipt>> {
        let receipts = Receipts::new(self.bus.kv(RECEIPTS).await?);
        let read = |issue: IssueId| {
            let receipts = receipts.clone();
            async move { receipts.read(&issue).await.map(|receipt| receipt.map(|receipt| (issue, receipt))) }
        };
        let reading = stream::iter(issues).map(read).buffer_unordered(AT_ONCE);
        Ok(reading.try_filter_map(|receipt| async move { Ok(receipt) }).try_collect().await?)
    }

    /// Publishes something, whatever it is, and waits for the ack.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn publish(&self, subject: String, message_id: &str, payload: impl Into<Bytes>) -> Outcome<()> {
        let mut headers = async_nats::HeaderMap::new();
        headers.insert("Nats-Msg-Id", message_id);
        self.jetstream.publish_with_headers(subject, headers, payload.into()).await?.await?;
        Ok(())
    }

    /// Publishes the last events that a stream holds once more, the newest first, under ids that the broker has never seen.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn send_stored_again(&self, stream: &str, last: u64) -> Outcome<()> {
        let mut stored = self.stream(stream).await?;
        let state = stored.info().await?.state.clone();
        let first = state.first_sequence.max((state.last_sequence + 1).saturating_sub(last)).max(1);
        for sequence in (first..=state.last_sequence).rev() {
            let message = stored.get_raw_message(sequence).await?;
            let mut headers = message.headers.clone();
            // A poison is none of its events.
            if headers.get("ce-type").is_some() {
                headers.insert("Nats-Msg-Id", format!("again-{}-{sequence}", state.last_sequence));
                self.jetstream.publish_with_headers(message.subject, headers, message.payload).await?.await?;
            }
        }
        Ok(())
    }

    /// Deletes a durable by hand.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn delete_durable(&self, stream: &str, durable: &str) -> Outcome<()> {
        self.stream(stream).await?.delete_consumer(durable).await?;
        Ok(())
    }

    /// Bounds a stream by what it holds already: full.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn fill(&self, stream: &str) -> Outcome<()> {
        let mut found = self.stream(stream).await?;
        let info = found.info().await?;
        let max_bytes = i64::try_from(info.state.bytes).unwrap_or(i64::MAX).max(1);
        let config = jetstream::stream::Config { max_bytes, ..info.config.clone() };
        self.jetstream.update_stream(config).await?;
        Ok(())
    }

    /// Gives a stream the room again that it should have.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn empty(&self, stream: &str) -> Outcome<()> {
        let usual = TopologyOptions::default();
        let max_bytes = if stream == ISSUES { usual.issues_max_bytes } else { usual.articles_max_bytes };
        let mut found = self.stream(stream).await?;
        let config = jetstream::stream::Config { max_bytes, ..found.info().await?.config.clone() };
        self.jetstream.update_stream(config).await?;
        Ok(())
    }
}
