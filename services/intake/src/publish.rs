//! From an admitted file to an acknowledged event and a receipt; the only place that writes to the broker.
//!
//! Order: known already? → (large) object store → event, JetStream's ack → receipt. A sender is answered only after the
//! last of these, so whatever breaks in between is repaired by sending again: the object has the content's name, the
//! event the content's message id, and only a receipt says "known".

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bus::{Bus, BusError, Objects, PublishError};
use bytes::Bytes;
use contract::event::{Payload, encode_received};
use contract::receipt::{ReceiptError, Receipts, Received};
use contract::{Envelope, IssueId, Receipt};

use crate::admit::Admitted;
use crate::metrics::Metrics;

/// `ce-source` of intake's events.
const SOURCE: &str = "/pressline/intake";
/// What the event's headers may take of the server's largest message.
pub const HEADROOM: usize = 16 << 10;
/// A publish that failed within this time means: not ready. Retries come more often than this, so that while the
/// broker refuses nobody is sent here, and one silent time later somebody may try again.
const TROUBLE: Duration = Duration::from_secs(30);

/// Why a file could not be delivered now; sending it again later is right for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The broker keeps no more until something is taken away.
    #[error("the broker is full: {0}")]
    Full(String),
    /// The broker does not answer, or refuses.
    #[error("the broker is not available: {0}")]
    Unavailable(String),
}

impl Undelivered {
    /// When it is worth trying again.
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(match self {
            Self::Full(_) => 30,
            Self::Unavailable(_) => 5,
        })
    }
}

impl From<BusError> for Undelivered {
    fn from(error: BusError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ReceiptError> for Undelivered {
    fn from(error: ReceiptError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<PublishError> for Undelivered {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Full { .. } => Self::Full(error.to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// A file that is on the stream and has a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The issue it is.
    pub id: IssueId,
    /// These bytes were here before; nothing was published.
    pub known: bool,
}

/// Publishes admitted files; cheap to clone.
#[derive(Debug, Clone)]
pub struct Publisher {
    bus: Bus,
    receipts: Receipts,
    objects: Objects,
    inline_limit: usize,
    metrics: Metrics,
    trouble: Trouble,
}

impl Publisher {
    /// A publisher on a bus whose topology is there.
    pub fn new(bus: Bus, receipts: Receipts, objects: Objects, inline_limit: usize, metrics: Metrics) -> Self {
        Self { bus, receipts, objects, inline_limit, metrics, trouble: Trouble::new() }
    }

    /// Delivers one file; `traceparent` goes on with the event.
    ///
    /// # Errors
    /// When the broker does not take it now; deliver it again later.
    pub async fn deliver(&self, admitted: Admitted, traceparent: String) -> Result<Delivered, Undelivered> {
        let began = Instant::now();
        let delivered = self.try_deliver(admitted, traceparent).await;
        // Every sender hears of its own failure; the log, only that it begins and ends.
        match &delivered {
            Ok(_) if self.trouble.over() => tracing::info!("the broker takes files again"),
            Err(error) if self.trouble.now() => tracing::warn!(%error, "files cannot be published; senders try again"),
            _ => {}
        }
        if matches!(delivered, Ok(Delivered { known: false, .. })) {
            self.metrics.published(began.elapsed().as_secs_f64());
        }
        delivered
    }

    async fn try_deliver(&self, admitted: Admitted, traceparent: String) -> Result<Delivered, Undelivered> {
        let Admitted { event, lane, bytes } = admitted;
        let id = event.id.clone();
        if self.receipts.is_known(&id).await? {
            return Ok(Delivered { id, known: true });
        }
        let size = bytes.len() as u64;
        let payload = self.store(&event.sha256, bytes).await?;
        let envelope = Envelope {
            source: SOURCE.to_owned(),
            time: event.received,
            lane,
            publication: event.publication.clone(),
            traceparent: Some(traceparent),
        };
        let published = self.bus.publish(encode_received(&event, payload, &envelope)).await?;
        let entry = Received {
            at: event.received,
            file_name: event.file_name,
            bytes: size,
            lane,
            publication: event.publication,
            revision: published.sequence,
        };
        self.receipts.received(&id, &entry).await?;
        Ok(Delivered { id, known: published.duplicate })
    }

    async fn store(&self, name: &str, bytes: Bytes) -> Result<Payload, Undelivered> {
        if bytes.len() <= self.inline_limit {
            return Ok(Payload::Inline(bytes));
        }
        self.objects.put(name, bytes).await?;
        Ok(Payload::Reference(name.to_owned()))
    }

    /// The receipt of an issue; `None` if it never came.
    ///
    /// # Errors
    /// When the broker does not answer.
    pub async fn receipt(&self, id: &IssueId) -> Result<Option<Receipt>, Undelivered> {
        Ok(self.receipts.read(id).await?)
    }

    /// Connected, and the last publish went well or is long ago.
    pub fn is_ready(&self) -> bool {
        self.bus.is_connected() && !self.trouble.is_recent()
    }

    /// Ends the connection after what was sent is flushed.
    pub async fn close(&self) {
        self.bus.close().await;
    }
}

/// When a publish last failed, if none has succeeded since.
#[derive(Debug, Clone)]
struct Trouble {
    began: Instant,
    /// Milliseconds after `began`, plus one; 0: none.
    at: Arc<AtomicU64>,
}

impl Trouble {
    fn new() -> Self {
        Self { began: Instant::now(), at: Arc::default() }
    }

    /// True when that is news.
    fn now(&self) -> bool {
        let since = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.at.swap(since + 1, Ordering::Relaxed) == 0
    }

    /// True when that is news.
    fn over(&self) -> bool {
        self.at.swap(0, Ordering::Relaxed) != 0
    }

    fn is_recent(&self) -> bool {
        match self.at.load(Ordering::Relaxed) {
            0 => false,
            at => self.began.elapsed() < Duration::from_millis(at) + TROUBLE,
        }
    }
}
