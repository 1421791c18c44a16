//! The service: start, wait for what it needs, work, watch, drain.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bus::{Bus, BusError, Consume, Handler};
use contract::backfill::{BackfillSettings, Control, Lanes};
use contract::names::{self, Work};
use contract::receipt::Receipts;
use contract::{Lane, Route};
use runtime::{Health, Ops, RunError, Running, StartError};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use crate::articles::Articles;
use crate::batcher;
use crate::fenced::Fenced;
use crate::manifests::Manifests;
use crate::meilisearch::Meilisearch;
use crate::metrics::Metrics;
use crate::removals::Removals;
use crate::servers::watch::{BROKER, SEARCH, SETTINGS, Watch};
use crate::servers::{Server, Servers};
use crate::settings::Settings;
use crate::sweep::Sweep;
use crate::writer::{Pace, WRITES, Writer};

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
    settings.check().map_err(StartError::Settings)?;
    let health = Health::of(&[BROKER]);
    let (route, places) = places(&settings, &health).map_err(StartError::Settings)?;
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
            let line =
                Line { settings, route, places, bus, receipts, lanes, health: health.clone(), metrics, shutdown };
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

/// A search server, before anything is written to it.
struct Place {
    name: String,
    sink: Arc<Meilisearch>,
    health: Health,
    up: Arc<AtomicBool>,
    /// Says in the log which of several it is.
    span: Span,
}

/// The servers that the settings name. Connects to nothing.
fn places(settings: &Settings, health: &Health) -> Result<(Route, Vec<Place>), String> {
    let (route, each) = (settings.search.route()?, settings.search.each());
    let mut places = Vec::new();
    for (name, search) in route.names().iter().zip(&each) {
        let sink = Meilisearch::new(search, search.key()?.as_deref())?.with(settings.index.extras()?);
        let (health, span) = match each.len() {
            1 => (health.clone(), Span::none()),
            _ => (health.of_one(name), tracing::info_span!("server", name)),
        };
        health.expect(&[SEARCH, SETTINGS, WRITES]);
        places.push(Place { name: name.clone(), sink: sink.into(), health, up: Arc::default(), span });
    }
    Ok((route, places))
}

/// Everything that works once the broker is there.
struct Line {
    settings: Settings,
    route: Route,
    places: Vec<Place>,
    bus: Bus,
    receipts: Receipts,
    lanes: HashMap<Work, Lanes>,
    health: Health,
    metrics: Metrics,
    shutdown: CancellationToken,
}

impl Line {
    async fn run(self) -> Result<(), RunError> {
        let ready = CancellationToken::new();
        let mut watching = JoinSet::new();
        for place in &self.places {
            let watch = Watch {
                name: place.name.clone(),
                sink: place.sink.clone(),
                bus: self.bus.clone(),
                all: self.health.clone(),
                health: place.health.clone(),
                up: place.up.clone(),
                pace: self.pace(),
                every: Duration::from_millis(self.settings.search.check_ms),
                metrics: self.metrics.clone(),
                said: None,
            };
            watching.spawn(watch.run(ready.clone()).instrument(place.span.clone()));
        }
        // The first that is prepared is begun with; the others' articles wait at the broker.
        let ended = tokio::select! {
            () = self.shutdown.cancelled() => Ok(()),
            () = ready.cancelled() => self.consume().await,
        };
        watching.abort_all();
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
        let metrics = self.metrics.clone();
        let mut batches = JoinSet::new();
        let servers = self.places.iter().map(|place| self.server(place, &stop, &mut batches)).collect();
        let servers = Arc::new(Servers::new(self.route.clone(), servers));
        let receipts = self.receipts.clone();
        let articles = Arc::new(Articles {
            servers: servers.clone(),
            limit: batch.document_bytes,
            receipts: receipts.clone(),
            metrics: metrics.clone(),
        });
        let manifests = Arc::new(Manifests {
            servers: servers.clone(),
            bus: self.bus.clone(),
            receipts: receipts.clone(),
            metrics,
            shutdown: stop.clone(),
        });
        let removals = Arc::new(Removals { servers, receipts });
        let mut consumers = JoinSet::new();
        for lane in Lane::ALL {
            self.spawn(
                &mut consumers,
                Work::Index,
                lane,
                batch.concurrency(self.places.len()),
                articles.clone(),
                &stop,
            );
            self.spawn(&mut consumers, Work::Close, lane, CLOSING, manifests.clone(), &stop);
            self.spawn(&mut consumers, Work::Remove, lane, REMOVING, removals.clone(), &stop);
        }
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
        batches.abort_all();
        ended
    }

    /// A server with a writer and batches of its own.
    fn server(&self, place: &Place, stop: &CancellationToken, batches: &mut JoinSet<()>) -> Server<Meilisearch> {
        let (batch, metrics) = (&self.settings.batch, self.metrics.clone());
        let writer = Writer::new(place.sink.clone(), self.pace(), place.health.clone(), metrics.clone(), stop.clone());
        let writer = Arc::new(writer);
        let fenced = Fenced::new(writer.clone(), self.receipts.clone(), metrics.clone(), stop.clone());
        let (jobs, received) = mpsc::channel(batch.count);
        let run = batcher::run(received, fenced.into(), batch.limits(), batch.in_flight, metrics);
        batches.spawn(run.instrument(place.span.clone()));
        for after in self.settings.sweep.after() {
            let (sink, writer, bus) = (place.sink.clone(), writer.clone(), self.bus.clone());
            let sweep = Sweep { sink, writer, bus, after, metrics: self.metrics.clone(), shutdown: stop.clone() };
            tokio::spawn(sweep.run().instrument(place.span.clone()));
        }
        Server {
            name: place.name.clone(),
            sink: place.sink.clone(),
            writer,
            jobs,
            up: place.up.clone(),
            share: (self.places.len() > 1).then(|| Arc::new(Semaphore::new(batch.share()))),
        }
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
