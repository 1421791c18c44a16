//! What a consumer says: what to do with a message, what a failure means, and within which limits.

use std::{future::Future, num::NonZeroU32, sync::Arc, time::Duration, time::SystemTime};

use async_nats::HeaderMap;
use bytes::Bytes;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{Bus, BusError, ConsumeSettings, Precedence, work};

/// A message in hand.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Where it was published.
    pub subject: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its data.
    pub payload: Bytes,
    /// Its place in the stream: the same at every delivery.
    pub stream_sequence: u64,
    /// Which delivery this is, 1 = first, whoever had the earlier ones and however they ended.
    pub attempt: u64,
    /// When the stream stored it.
    pub published: SystemTime,
}

impl Incoming {
    /// Its headers without those that told JetStream how to store it: they must not tell it how to store what is made of it.
    pub fn own_headers(&self) -> HeaderMap {
        let mut own = HeaderMap::new();
        for (name, values) in self.headers.iter() {
            let name: &str = name.as_ref();
            if name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("nats-")) {
                continue;
            }
            for value in values {
                own.append(name, value.clone());
            }
        }
        own
    }
}

/// What is done with each message. Called in parallel, and again for the same message after a failure, a crash, or an ack
/// that got lost: doing it twice must do no harm.
pub trait Handler: Send + Sync + 'static {
    /// Does the work; `Ok` acks the message. A panic counts as [`Failure::Transient`]. It may take longer than
    /// `ack_wait`: the server is told that work goes on.
    fn handle(&self, message: &Incoming) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Called after the dead letter has been stored, before the message is given up: the place to tell others about it.
    fn dead(&self, message: &Incoming, reason: &str) -> impl Future<Output = ()> + Send {
        let _ = (message, reason);
        async {}
    }
}

/// Why a message was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It will never work: dead letter now.
    Permanent(String),
    /// The message may be at fault or not: again after a delay, dead letter after the last attempt.
    Transient {
        /// What went wrong.
        reason: String,
    },
    /// The message is not at fault (something else has to come first, or what stands behind is down): again after
    /// `after`, as often as it takes. Never dead-lettered, not counted as an attempt.
    NotYet {
        /// What it waits for.
        reason: String,
        /// How long until the next look; at least 100 ms are taken.
        after: Duration,
    },
}

impl Failure {
    /// A failure that another try may mend.
    pub fn transient(reason: impl ToString) -> Self {
        Self::Transient { reason: reason.to_string() }
    }

    /// A failure that no other try mends.
    pub fn permanent(reason: impl ToString) -> Self {
        Self::Permanent(reason.to_string())
    }

    /// Not the message's fault: look again after a while.
    pub fn not_yet(reason: impl ToString, after: Duration) -> Self {
        Self::NotYet { reason: reason.to_string(), after }
    }
}

/// How one delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Acked.
    Done,
    /// Failed, comes again.
    Retried,
    /// Waits for something else, comes again.
    NotYet,
    /// Dead-lettered.
    Dead,
}

/// Why a message became a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Death {
    /// No other try would mend it.
    Permanent,
    /// The last attempt failed like those before.
    Attempts,
    /// No client can read its headers or its subject.
    Unreadable,
}

/// Where numbers go. Every method has an empty default, and `()` watches nothing.
pub trait Observer: Send + Sync {
    /// A delivery ended so, after so long in hand.
    fn outcome(&self, durable: &str, outcome: Outcome, took: Duration) {
        let _ = (durable, outcome, took);
    }

    /// So many messages are in hand now.
    fn in_flight(&self, durable: &str, count: usize) {
        let _ = (durable, count);
    }

    /// A stage gave a message up, and its dead letter is stored.
    fn dead(&self, stage: &str, why: Death) {
        let _ = (stage, why);
    }

    /// Pulling had to be set up anew.
    fn restarted(&self, durable: &str) {
        let _ = durable;
    }
}

impl Observer for () {}

/// How a durable is consumed.
#[derive(Clone)]
pub struct Consume {
    /// The stream.
    pub stream: String,
    /// The durable; must exist ([`Bus::ensure`]).
    pub durable: String,
    /// Messages in hand at once, in this process. No more than these are ever taken from the server.
    pub concurrency: usize,
    /// As in the durable's settings: every third of it the server is told which messages are being worked on.
    pub ack_wait: Duration,
    /// How often this process tries a message that fails transiently before it is dead-lettered.
    pub attempts: u32,
    /// A message delivered more often than this is dead-lettered without being handled: it kills whoever takes it. Counts
    /// every delivery, so leave it empty where the handler may answer [`Failure::NotYet`].
    pub max_deliveries: Option<u64>,
    /// Delay after the first transient failure; doubles, with jitter.
    pub retry_base: Duration,
    /// The longest delay between attempts.
    pub retry_max: Duration,
    /// Dead letters go to `<dead_subject_prefix>.<subject>`.
    pub dead_subject_prefix: String,
    /// Who gives the message up, as the dead letter says.
    pub stage: String,
    /// How long, after shutdown was asked for, messages in hand may take to finish. The rest is delivered again.
    pub drain: Duration,
    /// This one goes first: those that come after it take messages only while it has nothing to do.
    pub first: Option<Precedence>,
    /// Takes messages only while who goes first has nothing in hand and its pull requests bring nothing. What is in hand
    /// already is finished.
    pub after: Option<Precedence>,
    /// Takes no more messages a second than these, in this process; at most one second's worth at once.
    pub per_second: Option<NonZeroU32>,
    /// Takes no messages while this says true.
    pub paused: Option<watch::Receiver<bool>>,
    /// Where numbers go.
    pub observer: Arc<dyn Observer>,
}

impl Consume {
    /// 16 in hand, 30 s `ack_wait`, 5 attempts from 1 s to 60 s apart, 20 s to drain, no turns to take, nobody watching.
    pub fn new(
        stream: impl Into<String>,
        durable: impl Into<String>,
        dead_subject_prefix: impl Into<String>,
        stage: impl Into<String>,
    ) -> Self {
        Self {
            stream: stream.into(),
            durable: durable.into(),
            concurrency: 16,
            ack_wait: Duration::from_secs(30),
            attempts: 5,
            max_deliveries: None,
            retry_base: Duration::from_secs(1),
            retry_max: Duration::from_secs(60),
            dead_subject_prefix: dead_subject_prefix.into(),
            stage: stage.into(),
            drain: Duration::from_secs(20),
            first: None,
            after: None,
            per_second: None,
            paused: None,
            observer: Arc::new(()),
        }
    }
}

impl Consume {
    /// With the operator's settings for failures and stops.
    pub fn with(self, settings: &ConsumeSettings) -> Self {
        Self {
            attempts: settings.attempts,
            retry_base: Duration::from_millis(settings.retry_base_ms),
            retry_max: Duration::from_millis(settings.retry_max_ms),
            drain: settings.drain(),
            ..self
        }
    }
}

impl Bus {
    /// Hands every message of the durable to the handler until shutdown is asked for, then finishes what is in hand and
    /// returns. A lost connection, a restarted server or a durable deleted by hand only interrupt it; an error comes back
    /// only if the durable does not exist at the start.
    ///
    /// Attempts are counted by this process, not taken from the server's delivery count, which also grows by
    /// [`Failure::NotYet`], by drains and by crashes: a message gets at least `attempts` tries and at most `attempts` from
    /// each process that meets it.
    pub async fn consume<H: Handler>(
        &self,
        consume: Consume,
        handler: Arc<H>,
        shutdown: CancellationToken,
    ) -> Result<(), BusError> {
        work::run(self.clone(), consume, handler, shutdown).await
    }
}
