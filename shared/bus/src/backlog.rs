//! What waits at each durable and since when, as metrics that stay right when nobody works.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio_util::sync::CancellationToken;

use crate::{Bus, BusError, DurableOverview};

/// Messages and their age by durable, bytes by stream. Clones show the same.
#[derive(Debug, Clone, Default)]
pub struct Backlog {
    waiting: Family<Durable, Gauge>,
    in_hand: Family<Durable, Gauge>,
    redelivered: Family<Durable, Gauge>,
    oldest: Family<Durable, Gauge<f64, AtomicU64>>,
    messages: Family<Stream, Gauge>,
    bytes: Family<Stream, Gauge>,
    most: Family<Stream, Gauge>,
}

/// Durables are named in code, so the set of labels is closed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Durable {
    durable: String,
}

/// Streams and buckets are, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Stream {
    stream: String,
}

impl Backlog {
    /// Shows the numbers in this registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("waiting_messages", "Messages not yet handed to anybody: the lag", self.waiting.clone());
        registry.register("unsettled_messages", "Messages in hand or before another try", self.in_hand.clone());
        registry.register("redelivered_messages", "Of these, handed out more than once", self.redelivered.clone());
        let age = "Age of the oldest message that is not done; 0 when all are";
        registry.register_with_unit("oldest_message_age", age, Unit::Seconds, self.oldest.clone());
        registry.register("stream_messages", "Messages stored", self.messages.clone());
        registry.register("stream_bytes", "Bytes stored", self.bytes.clone());
        registry.register("stream_bytes_limit", "Bytes that may be stored; absent without a bound", self.most.clone());
    }

    /// Looks at the server `every` so often until `shutdown`. While it does not answer the numbers stay as they were.
    pub async fn watch(self, bus: Bus, every: Duration, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.look(&bus).await {
                tracing::debug!(%error, "backlog not read");
            }
        }
    }

    async fn look(&self, bus: &Bus) -> Result<(), BusError> {
        let small = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        for stream in bus.overview().await? {
            for durable in &stream.durables {
                let label = Durable { durable: durable.name.clone() };
                self.waiting.get_or_create(&label).set(small(durable.pending));
                self.in_hand.get_or_create(&label).set(small(durable.ack_pending));
                self.redelivered.get_or_create(&label).set(small(durable.redelivered));
                let since = bus.oldest_undone(&stream.name, durable).await?;
                let age = since.and_then(|since| SystemTime::now().duration_since(since).ok()).unwrap_or_default();
                self.oldest.get_or_create(&label).set(age.as_secs_f64());
            }
            let label = Stream { stream: stream.name };
            self.messages.get_or_create(&label).set(small(stream.messages));
            self.bytes.get_or_create(&label).set(small(stream.bytes));
            if stream.max_bytes > 0 {
                self.most.get_or_create(&label).set(stream.max_bytes);
            }
        }
        Ok(())
    }
}

impl Bus {
    /// When the oldest message was published that the durable has not done with; nothing when it is done with all.
    pub async fn oldest_undone(&self, stream: &str, durable: &DurableOverview) -> Result<Option<SystemTime>, BusError> {
        if durable.pending == 0 && durable.ack_pending == 0 {
            return Ok(None);
        }
        let what = || format!("oldest message of durable {}", durable.name);
        let handle =
            self.jetstream.get_stream_no_info(stream).await.map_err(|error| BusError::unavailable(what(), error))?;
        let all = [">".to_owned()];
        let filters = if durable.filters.is_empty() { &all[..] } else { &durable.filters };
        let mut oldest: Option<SystemTime> = None;
        for filter in filters {
            // None there is no fault: it was done with meanwhile.
            if let Ok(message) = handle.get_first_raw_message_by_subject(filter, durable.done_to + 1).await {
                let published = SystemTime::from(message.time);
                oldest = Some(oldest.map_or(published, |other| other.min(published)));
            }
        }
        Ok(oldest)
    }
}
