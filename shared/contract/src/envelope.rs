//! What every event carries beside its data.

use jiff::Timestamp;

use crate::ids::{Lane, PublicationId};

/// What every event carries beside its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The service that publishes, e.g. `/pressline/intake`.
    pub source: String,
    /// When it happened.
    pub time: Timestamp,
    /// Today's queue or the archive's.
    pub lane: Lane,
    /// The title, where known; a token of the subject.
    pub publication: Option<PublicationId>,
    /// W3C trace context, handed on as it came.
    pub traceparent: Option<String>,
    /// Set where something stored is handled again on purpose: tells its messages from those that JetStream still
    /// remembers, which it would take for the same.
    pub replay: Option<String>,
}

impl Envelope {
    /// The envelope of an event that `source` publishes because of this one.
    pub fn onward(&self, source: &str, time: Timestamp) -> Self {
        Self { source: source.to_owned(), time, ..self.clone() }
    }
}
