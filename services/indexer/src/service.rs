//! The service: start, wait for what it needs, work, watch, drain.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, BusError, Consume, Handler};
use contract::Lane;
use contract::backfill::{BackfillSettings, Control, Lanes};
use contract::names::{self, Work};
use contract::receipt::Receipts;
use runtime::{Health, Ops, RunError, Running, StartError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::articles::Articles;
use crate::batcher;
use crate::fenced::Fenced;
use crate::index::{self, Drift};
use crate::manifests::Manifests;
use crate::meilisearch::{Look, Meilisearch};
use crate::metrics::Metrics;
use crate::removals::Removals;
use crate::settings::Settings;
use crate::sink::WriteError;
use crate::sweep::Sweep;
use crate::writer::{Pace, WRITES, Writer};

const BROKER: &str = "broker";
const SEARCH: &str = "search";
const SETTINGS: &str = "settings";

/// Issues that are looked at, at once, in each lane.
const CLOSING: usize = 32;
/// Withdrawn issues and killed articles in hand at once, in each lane.
const REMOVING: usize = 8;
/// Most articles of the backfill lane that one indexer takes in a second, unless the operator says otherwise: well below what
/// a search server on two cores takes, so that today's articles find it free.
const BACKFILL_PER_SECOND: Option<NonZeroU32> = NonZeroU32::new(200);

/// [`start`] and [`Running::join`].
///
/// # Errors
/// As both.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), StartError> {
    Ok(start(settings, shutdown).await?.join().await?)
}

/// Starts the service. It returns when the broker is there and has the topology, however long that takes; the search
/// server may come later, until then nothing is consumed and readiness says so.
///
/// # Errors
/// Bad settings, at once; an address in use; a topology that differs from what is there.
pub async fn start(settings: Settings, shutdown: CancellationToken) -> Result<Running, StartError> {
    let key = settings.check().map_err(StartError::Settings)?;
    let extras = settings.index.extras().map_err(StartError::Settings)?;
    let sink = Meilisearch::new(&settings.search, key.as_deref()).map_err(StartError::Settings)?.with(extras);
    let health = Health::of(&[BROKER, SEARCH, SETTINGS, WRITES]);
    let (metrics, registry) = Metrics::new();
    // Not the shutdown itself: health and metrics are of use while draining, too.
    let stop = CancellationToken::new();
    let server = Ops::start(&settings.ops, registry, health.clone(), stop.clone()).await?;
    let stop_server = stop.drop_guard();
    let bus = bus::patiently(&shutdown, || connect(&settings)).await.map_err(|error| match error {
        BusError::Settings { .. } => StartError::Settings(error.to_string()),
        other => StartError::Unavailable(other.to_string()),
    })?;
    let work = match bus {
        None => tokio::spawn(async { Ok(()) }),
        Some((bus, receipts, control)) => {
            health.set(BROKER, true);
            let paused = control.follow(shutdown.clone()).await;
            let lanes = lanes(&settings.backfill, &paused);
            let line = Line {
                settings,
                sink: Arc::new(sink),
                bus,
                receipts,
                lanes,
                health: health.clone(),
                metrics,
                shutdown,
            };
            tokio::spawn(line.run())
        }
    };
    Ok(Running::new("indexer", health, work, server, stop_server))
}

async fn connect(settings: &Settings) -> Result<(Bus, Receipts, Control), BusError> {
    let bus = Bus::connect(&settings.nats).await?;
    bus.ensure(&names::topology(&settings.topology)).await?;
    let receipts = Receipts::new(bus.kv(names::RECEIPTS).await?);
    let control = Control::open(&bus).await?;
    Ok((bus, receipts, control))
}

/// How the lanes share this process, by kind of work. Only articles cost enough to be capped; what is to leave the index
/// never waits.
fn lanes(settings: &BackfillSettings, paused: &watch::Receiver<bool>) -> HashMap<Work, Lanes> {
    [(Work::Index, BACKFILL_PER_SECOND), (Work::Close, None)]
        .map(|(work, cap)| (work, Lanes::new(settings, cap, paused.clone())))
        .into()
}

/// Everything that works once the broker is there.
struct Line {
    settings: Settings,
    sink: Arc<Meilisearch>,
    bus: Bus,
    receipts: Receipts,
    lanes: HashMap<Work, Lanes>,
    health: Health,
    metrics: Metrics,
    shutdown: CancellationToken,
}

impl Line {
    async fn run(self) -> Result<(), RunError> {
        let watch = Watch {
            sink: self.sink.clone(),
            bus: self.bus.clone(),
            health: self.health.clone(),
            pace: self.pace(),
            every: Duration::from_millis(self.settings.search.check_ms),
            metrics: self.metrics.clone(),
            said: None,
        };
        let ready = CancellationToken::new();
        let watching = tokio::spawn(watch.run(ready.clone()));
        let ended = tokio::select! {
            () = self.shutdown.cancelled() => Ok(()),
            () = ready.cancelled() => self.consume().await,
        };
        watching.abort();
        self.bus.close().await;
        ended
    }

    fn pace(&self) -> Pace {
        let search = &self.settings.search;
        Pace { min: Duration::from_millis(search.retry_min_ms), max: Duration::from_millis(search.retry_max_ms) }
    }

    /// Takes messages until asked to stop, and finishes what is in hand.
    async fn consume(&self) -> Result<(), RunError> {
        let batch = &self.settings.batch;
        // Ends all consumers when one of them ends by itself.
        let stop = self.shutdown.child_token();
        let (metrics, health) = (self.metrics.clone(), self.health.clone());
        let writer = Arc::new(Writer::new(self.sink.clone(), self.pace(), health, metrics.clone(), stop.clone()));
        let fenced = Fenced::new(writer.clone(), self.receipts.clone(), metrics.clone(), stop.clone());
        let (jobs, received) = mpsc::channel(batch.count);
        let batches =
            tokio::spawn(batcher::run(received, fenced.into(), batch.limits(), batch.in_flight, metrics.clone()));
        let articles = Arc::new(Articles {
            jobs,
            limit: batch.document_bytes,
            receipts: self.receipts.clone(),
            metrics: metrics.clone(),
        });
        let manifests = Arc::new(Manifests {
            sink: self.sink.clone(),
            writer: writer.clone(),
            bus: self.bus.clone(),
            receipts: self.receipts.clone(),
            metrics: metrics.clone(),
            shutdown: stop.clone(),
        });
        for after in self.settings.sweep.after() {
            let (sink, writer, bus, metrics) = (self.sink.clone(), writer.clone(), self.bus.clone(), metrics.clone());
            tokio::spawn(Sweep { sink, writer, bus, after, metrics, shutdown: stop.clone() }.run());
        }
        let removals = Arc::new(Removals { writer, receipts: self.receipts.clone() });
        let mut consumers = JoinSet::new();
        for lane in Lane::ALL {
            self.spawn(&mut consumers, Work::Index, lane, batch.concurrency(), articles.clone(), &stop);
            self.spawn(&mut consumers, Work::Close, lane, CLOSING, manifests.clone(), &stop);
            self.spawn(&mut consumers, Work::Remove, lane, REMOVING, removals.clone(), &stop);
        }
        drop(articles);
        tracing::info!(index = self.settings.search.index, "indexing");
        let mut ended = Ok(());
        while let Some(one) = consumers.join_next().await {
            let failed = match one {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(panic) => panic.to_string(),
            };
            stop.cancel();
            ended = Err(RunError(format!("consuming ended: {failed}")));
        }
        // Whoever waited for what is still being written has been told to come again.
        batches.abort();
        ended
    }

    fn spawn<H: Handler>(
        &self,
        consumers: &mut JoinSet<Result<(), BusError>>,
        work: Work,
        lane: Lane,
        concurrency: usize,
        handler: Arc<H>,
        stop: &CancellationToken,
    ) {
        let consume = Consume {
            concurrency,
            ack_wait: self.settings.topology.ack_wait(),
            observer: Arc::new(self.metrics.consume.clone()),
            ..Consume::new(work.stream(), work.durable(lane), work.dead_prefix(), work.stage())
                .with(&self.settings.consume)
        };
        let consume = match self.lanes.get(&work) {
            Some(lanes) => lanes.consume(lane, consume),
            None => Some(consume),
        };
        let Some(consume) = consume else { return };
        let (bus, stop) = (self.bus.clone(), stop.clone());
        consumers.spawn(async move { bus.consume(consume, handler, stop).await });
    }
}

/// Prepares the index, then keeps an eye on server and broker.
struct Watch {
    sink: Arc<Meilisearch>,
    bus: Bus,
    health: Health,
    pace: Pace,
    every: Duration,
    metrics: Metrics,
    /// What was said last, so that it is said once.
    said: Option<String>,
}

impl Watch {
    /// Runs until aborted; cancels `ready` when the index is prepared for the first time.
    async fn run(mut self, ready: CancellationToken) {
        self.prepare().await;
        ready.cancel();
        loop {
            tokio::time::sleep(self.every).await;
            self.health.set(BROKER, self.bus.is_connected());
            match self.sink.look().await {
                Ok(Look::There(drifts)) => {
                    self.answers();
                    // A key without tasks.get would stop the writing, too, which says so.
                    if let Ok(tasks) = self.sink.queued().await {
                        self.metrics.queued(tasks);
                    }
                    self.drifted(&drifts);
                }
                Ok(Look::Gone) => {
                    self.health.set(SETTINGS, false);
                    tracing::warn!(
                        "the index is gone, making it anew, empty; what stood in it is still in the article stream"
                    );
                    self.prepare().await;
                }
                Err(error) => self.down(error.to_string()),
            }
        }
    }

    /// Returns when the index is there with our settings.
    async fn prepare(&mut self) {
        let mut pause = self.pace.min;
        loop {
            match self.sink.prepare().await {
                Ok(changed) => {
                    self.answers();
                    for Drift { setting, found, wanted } in &changed {
                        tracing::info!(setting, %found, %wanted, version = index::VERSION, "index setting applied");
                    }
                    self.health.set(SETTINGS, true);
                    return;
                }
                Err(WriteError::Later(_, reason) | WriteError::Engine(reason) | WriteError::Documents(reason)) => {
                    self.down(reason);
                }
            }
            self.health.set(BROKER, self.bus.is_connected());
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(self.pace.max);
        }
    }

    fn answers(&mut self) {
        if self.health.set(SEARCH, true) {
            tracing::info!("search server is ready");
            self.said = None;
        }
    }

    fn down(&mut self, reason: String) {
        self.health.set(SEARCH, false);
        self.say(reason, "waiting for the search server, nothing is lost");
    }

    /// Settings changed by hand stay until the next start: two indexers of different versions must not fight.
    fn drifted(&mut self, drifts: &[Drift]) {
        if drifts.is_empty() {
            self.said = None;
            return;
        }
        let settings: Vec<_> = drifts.iter().map(|drift| drift.setting.as_str()).collect();
        self.say(settings.join(", "), "index settings were changed by someone else; a restart applies ours again");
    }

    fn say(&mut self, detail: String, line: &'static str) {
        if self.said.as_ref() != Some(&detail) {
            tracing::warn!(detail, "{line}");
            self.said = Some(detail);
        }
    }
}
