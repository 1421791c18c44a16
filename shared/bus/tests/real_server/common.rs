//! A bus on a server of its own, and a handler that tells what it saw.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use bus::{
    Bus, BusError, BusSettings, Consume, DurableSpec, Failure, Handler, HeaderMap, Incoming, Observer, Outcome,
    Outgoing, StreamSpec, Topology,
};
use testkit::Nats;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Long enough that a busy machine's pauses redeliver nothing.
pub const ACK_WAIT: Duration = Duration::from_secs(5);

pub async fn start() -> (Nats, Bus) {
    let nats = testkit::nats().await;
    let bus = Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
    bus.ensure(&topology()).await.unwrap();
    (nats, bus)
}

pub fn topology() -> Topology {
    Topology {
        streams: vec![StreamSpec::new("WORK", vec!["work.>".into()]), StreamSpec::new("DEAD", vec!["dead.>".into()])],
        durables: vec![DurableSpec {
            name: "hands".into(),
            stream: "WORK".into(),
            filters: vec![],
            ack_wait: ACK_WAIT,
            max_ack_pending: 1_000,
        }],
        ..Topology::default()
    }
}

pub fn message(subject: &str, id: &str) -> Outgoing {
    let mut headers = HeaderMap::new();
    headers.insert("ce-id", id);
    Outgoing { subject: subject.into(), headers, payload: id.to_owned().into(), message_id: id.into() }
}

pub async fn publish(bus: &Bus, count: usize) {
    for n in 0..count {
        let id = format!("m{n}");
        bus.publish(message("work.a", &id)).await.unwrap();
    }
}

pub fn consume() -> Consume {
    Consume {
        ack_wait: ACK_WAIT,
        attempts: 3,
        retry_base: Duration::from_millis(100),
        retry_max: Duration::from_millis(200),
        drain: Duration::from_secs(10),
        ..Consume::new("WORK", "hands", "dead.hands", "hands")
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// Answers as a closure says and keeps what it was asked, as `(id, attempt)`.
pub struct Told {
    answer: Box<dyn Fn(String, u64) -> Answer + Send + Sync>,
    seen: Mutex<Vec<(String, u64)>>,
    dead: Mutex<Vec<(String, String)>>,
}

impl Told {
    pub fn new<F, R>(answer: F) -> Arc<Self>
    where
        F: Fn(String, u64) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        Arc::new(Self {
            answer: Box::new(move |id, attempt| Box::pin(answer(id, attempt))),
            seen: Mutex::default(),
            dead: Mutex::default(),
        })
    }

    pub fn seen(&self) -> Vec<(String, u64)> {
        self.seen.lock().unwrap().clone()
    }

    pub fn times(&self, id: &str) -> usize {
        self.seen().iter().filter(|(seen, _)| seen == id).count()
    }

    pub fn dead(&self) -> Vec<(String, String)> {
        self.dead.lock().unwrap().clone()
    }
}

impl Handler for Told {
    async fn handle(&self, message: &Incoming) -> Result<(), Failure> {
        let id = String::from_utf8(message.payload.to_vec()).unwrap();
        self.seen.lock().unwrap().push((id.clone(), message.attempt));
        (self.answer)(id, message.attempt).await
    }

    async fn dead(&self, message: &Incoming, reason: &str) {
        let id = String::from_utf8_lossy(&message.payload).into_owned();
        self.dead.lock().unwrap().push((id, reason.into()));
    }
}

/// Counts what an observer is told.
#[derive(Default)]
pub struct Counted {
    outcomes: Mutex<Vec<Outcome>>,
    restarts: Mutex<u32>,
    most: Mutex<usize>,
}

impl Counted {
    pub fn outcomes(&self, which: Outcome) -> usize {
        let outcomes = self.outcomes.lock().unwrap();
        outcomes.iter().filter(|one| **one == which).count()
    }

    pub fn restarts(&self) -> u32 {
        *self.restarts.lock().unwrap()
    }

    pub fn most_in_hand(&self) -> usize {
        *self.most.lock().unwrap()
    }
}

impl Observer for Counted {
    fn outcome(&self, _durable: &str, outcome: Outcome, _took: Duration) {
        self.outcomes.lock().unwrap().push(outcome);
    }

    fn in_flight(&self, _durable: &str, count: usize) {
        let mut most = self.most.lock().unwrap();
        *most = count.max(*most);
    }

    fn restarted(&self, _durable: &str) {
        *self.restarts.lock().unwrap() += 1;
    }
}

/// A consume loop of its own task.
pub struct Running {
    shutdown: CancellationToken,
    task: JoinHandle<Result<(), BusError>>,
}

impl Running {
    pub fn start<H: Handler>(bus: &Bus, consume: Consume, handler: &Arc<H>) -> Self {
        let shutdown = CancellationToken::new();
        let (bus, handler, token) = (bus.clone(), handler.clone(), shutdown.clone());
        let task = tokio::spawn(async move { bus.consume(consume, handler, token).await });
        Self { shutdown, task }
    }

    pub fn shut_down(&self) {
        self.shutdown.cancel();
    }

    pub async fn join(self) {
        self.shutdown.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// As a crash of the caller would: the loop's future is dropped.
    pub async fn abort(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// Messages waiting and in hand at the durable.
pub async fn left(bus: &Bus) -> (u64, u64) {
    let overview = bus.overview().await.unwrap();
    let stream = overview.iter().find(|one| one.name == "WORK").unwrap();
    let durable = &stream.durables[0];
    (durable.pending, durable.ack_pending)
}

/// Nothing waits and nothing is in hand.
pub async fn all_settled(bus: &Bus) {
    testkit::eventually("all settled", || async {
        match left(bus).await {
            (0, 0) => Ok(()),
            left => Err(format!("{left:?} pending and in hand")),
        }
    })
    .await;
}

/// Everything in the stream of dead letters.
pub async fn dead_letters(nats: &Nats) -> Vec<async_nats::jetstream::message::StreamMessage> {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream("DEAD").await.unwrap();
    let mut found = Vec::new();
    for sequence in 1..=stream.cached_info().state.last_sequence {
        found.push(stream.direct_get(sequence).await.unwrap());
    }
    found
}
