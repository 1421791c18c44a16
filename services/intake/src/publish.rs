//! From an admitted file to an acknowledged event and a receipt; the only place that writes to the broker.
//!
//! Order: known already? → (large) object store → event, JetStream's ack → receipt. A sender is answered only after the
//! last of these, so whatever breaks in between is repaired by sending again: the object has the content's name, the
//! event a message id of issue, content and the revision before, and only a receipt says "known".
//!
//! [`removal`] withdraws issues and kills articles.

pub mod removal;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bus::{Bus, BusError, Objects, PublishError};
use bytes::Bytes;
use contract::event::{Payload, encode_received};
use contract::receipt::{ReceiptError, Receipts, Received};
use contract::{Envelope, IssueId, Known, Receipt, Tombstone};
use tracing::Instrument;
use tracing::field::Empty;

use crate::admit::Admitted;
use crate::metrics::Metrics;
use crate::refusal::{Refusal, RefusalCode};
use crate::trace;

/// `ce-source` of intake's events.
const SOURCE: &str = "/pressline/intake";
/// What the event's headers may take of the server's largest message.
pub const HEADROOM: usize = 16 << 10;
/// A publish that failed within this time means: not ready. The folder's retries come more often than this; where only
/// uploads come, and none are sent to who is not ready, this is when the next may try whether a full stream has room.
const TROUBLE: Duration = Duration::from_secs(30);

/// Why a file could not be delivered now; sending it again later is right for each but the last.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The broker keeps no more until something is taken away.
    #[error("the broker is full: {0}")]
    Full(String),
    /// The broker does not answer, or refuses.
    #[error("the broker is not available: {0}")]
    Unavailable(String),
    /// The broker refuses this one file, which only an operator can change.
    #[error("the broker refuses the file: {0}")]
    Refused(String),
    /// Its issue was withdrawn.
    #[error(transparent)]
    Withdrawn(Refusal),
}

impl Undelivered {
    /// When it is worth trying again.
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(match self {
            Self::Full(_) => 30,
            Self::Unavailable(_) => 5,
            Self::Refused(_) | Self::Withdrawn(_) => 300,
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
            other if other.is_transient() => Self::Unavailable(other.to_string()),
            other => Self::Refused(other.to_string()),
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
        Self { bus, receipts, objects, inline_limit, metrics, trouble: Trouble::default() }
    }

    /// Delivers one file; the sender's `traceparent`, if it has one, goes on with the event.
    ///
    /// # Errors
    /// When the broker does not take it now; deliver it again later.
    pub async fn deliver(&self, admitted: Admitted, traceparent: Option<&str>) -> Result<Delivered, Undelivered> {
        let began = Instant::now();
        let span = tracing::info_span!("intake.admit", issue = %admitted.event.id, trace_id = Empty);
        let traceparent = trace::begin(&span, traceparent);
        let delivered = self.try_deliver(admitted, traceparent).instrument(span).await;
        // Every sender hears of its own failure; the log, only that it begins and ends.
        match &delivered {
            Ok(_) => self.recovered(),
            // Of this file only; what becomes of it is logged by its source.
            Err(Undelivered::Refused(_) | Undelivered::Withdrawn(_)) => {}
            Err(error) => {
                if self.trouble.now(matches!(error, Undelivered::Full(_))) {
                    tracing::warn!(%error, "files cannot be published; their senders try again");
                }
            }
        }
        if matches!(delivered, Ok(Delivered { known: false, .. })) {
            self.metrics.published(began.elapsed().as_secs_f64());
        }
        delivered
    }

    async fn try_deliver(&self, admitted: Admitted, traceparent: String) -> Result<Delivered, Undelivered> {
        let Admitted { event, lane, bytes } = admitted;
        let id = event.id.clone();
        let replaces = match self.receipts.known(&id, &event.sha256).await? {
            Known::Publish { replaces } => replaces,
            Known::Same => return Ok(Delivered { id, known: true }),
            Known::Withdrawn(tombstone) => {
                let Tombstone { at, reason } = tombstone;
                return Err(Undelivered::Withdrawn(Refusal::new(
                    RefusalCode::Withdrawn,
                    format!("issue {id} was withdrawn at {at}: {reason}"),
                    "it does not come back; if it must, send it as another issue, with a key of its own (issue=…)",
                )));
            }
        };
        let size = bytes.len() as u64;
        let payload = self.store(&event.sha256, bytes).await?;
        let envelope = Envelope {
            source: SOURCE.to_owned(),
            time: event.received,
            lane,
            publication: event.publication.clone(),
            traceparent: Some(traceparent),
            replay: None,
        };
        let published = self.bus.publish(encode_received(&event, payload, &envelope, replaces)).await?;
        let entry = Received {
            at: event.received,
            file_name: event.file_name,
            bytes: size,
            lane,
            publication: event.publication,
            date: event.date,
            revision: published.sequence,
            sha256: event.sha256,
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

    fn recovered(&self) {
        if self.trouble.over() {
            tracing::info!("the broker takes files again");
        }
    }

    /// After a failure asks whether the broker answers again, so that readiness does not wait for the next file.
    pub async fn probe(&self) {
        if self.trouble.can_be_asked() && self.receipts.fence(&IssueId::of(b"")).await.is_ok() {
            self.recovered();
        }
    }

    /// Connected, and the last publish went well or is long ago.
    pub fn is_ready(&self) -> bool {
        self.bus.is_connected() && !self.trouble.is_recent()
    }

    /// The connection it publishes on.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Ends the connection after what was sent is flushed.
    pub async fn close(&self) {
        self.bus.close().await;
    }
}

/// The last failure, if nothing has gone through since.
#[derive(Debug, Clone, Default)]
struct Trouble(Arc<Mutex<Option<Failure>>>);

#[derive(Debug, Clone, Copy)]
struct Failure {
    at: Instant,
    full: bool,
}

impl Trouble {
    /// True when that is news.
    fn now(&self, full: bool) -> bool {
        self.last().replace(Failure { at: Instant::now(), full }).is_none()
    }

    /// True when that is news.
    fn over(&self) -> bool {
        self.last().take().is_some()
    }

    fn is_recent(&self) -> bool {
        self.last().is_some_and(|failure| failure.at.elapsed() < TROUBLE)
    }

    /// A question to the broker can tell whether it is over; that a stream has room again, none can.
    fn can_be_asked(&self) -> bool {
        self.last().is_some_and(|failure| !failure.full)
    }

    fn last(&self) -> MutexGuard<'_, Option<Failure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
