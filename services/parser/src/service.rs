//! The service: start, work, drain.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, BusError, Consume, Kv, Objects};
use contract::backfill::{Control, Lanes};
use contract::names::{self, Work};
use contract::receipt::Receipts;
use contract::{Days, Lane};
use runtime::{Health, Ops, RunError, Running, StartError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Analyzer;
use crate::handler::{Issues, LazyAnalyzer};
use crate::lateness::Watch;
use crate::metrics::Metrics;
use crate::settings::Settings;

const BROKER: &str = "broker";
/// Most issues of the backfill lane that one parser takes in a second, unless the operator says otherwise: about as many
/// articles as one indexer takes of that lane.
const BACKFILL_PER_SECOND: Option<NonZeroU32> = NonZeroU32::new(5);
/// How often it is looked whether the broker is there.
const LOOK: Duration = Duration::from_millis(500);

/// [`start`] and [`Running::join`].
///
/// # Errors
/// As both.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), StartError> {
    Ok(start(settings, shutdown).await?.join().await?)
}

/// Starts the service: settings, address, broker, topology. It returns when the broker is there and has the
/// topology, however long that takes; until then readiness says so.
///
/// # Errors
/// Bad settings, before anything is opened; an address in use; a broker whose streams differ.
pub async fn start(settings: Settings, shutdown: CancellationToken) -> Result<Running, StartError> {
    settings.check().map_err(StartError::Settings)?;
    let titles = settings.titles.load().map_err(StartError::Settings)?;
    let dictionary = settings.language.dictionary().map_err(StartError::Settings)?;
    let health = Health::of(&[BROKER]);
    let (metrics, registry) = Metrics::new();
    // Not the shutdown itself: health and metrics are of use while draining, too.
    let stop = CancellationToken::new();
    let server = Ops::start(&settings.ops, registry, health.clone(), stop.clone()).await?;
    let stop_server = stop.drop_guard();
    let connected = bus::patiently(&shutdown, || connect(&settings)).await.map_err(|error| match error {
        BusError::Settings { .. } => StartError::Settings(error.to_string()),
        other => StartError::Unavailable(other.to_string()),
    })?;
    let Some(Broker { bus, files, bucket, control }) = connected else {
        return Ok(Running::new("parser", health, tokio::spawn(async { Ok(()) }), server, stop_server));
    };
    let (receipts, days, titles) = (Receipts::new(bucket.clone()), Days::new(bucket), Arc::new(titles));
    let issues = Issues {
        files,
        receipts: receipts.clone(),
        days: days.clone(),
        analyzer: Arc::new(LazyAnalyzer::new(Box::new(move || Analyzer::with(&dictionary)))),
        titles: titles.clone(),
        readers: Arc::new(Semaphore::new(settings.work.issues)),
        publishing: settings.work.publishing,
        file_bytes: settings.work.file_bytes,
        metrics: metrics.clone(),
        bus: bus.clone(),
    };
    health.set(BROKER, true);
    let ops = server.address();
    tracing::info!(%ops, "parser is up");
    let watch = Watch { titles, days, receipts, bus: bus.clone(), metrics: metrics.clone() };
    tokio::spawn(watch.run(Duration::from_millis(settings.titles.check_ms), shutdown.clone()));
    let paused = control.follow(shutdown.clone()).await;
    let lanes = Lanes::new(&settings.backfill, BACKFILL_PER_SECOND, paused);
    let work = tokio::spawn(consume(settings, bus, lanes, Arc::new(issues), metrics, health.clone(), shutdown));
    Ok(Running::new("parser", health, work, server, stop_server))
}

/// What the service needs of the broker.
struct Broker {
    bus: Bus,
    files: Objects,
    bucket: Kv,
    control: Control,
}

async fn connect(settings: &Settings) -> Result<Broker, BusError> {
    let bus = Bus::connect(&settings.nats).await?;
    bus.ensure(&names::topology(&settings.topology)).await?;
    let (files, bucket) = (bus.objects(names::FILES).await?, bus.kv(names::RECEIPTS).await?);
    Ok(Broker { files, bucket, control: Control::open(&bus).await?, bus })
}

/// Takes issues of both lanes until asked to stop, and finishes what is in hand.
async fn consume(
    settings: Settings,
    bus: Bus,
    lanes: Lanes,
    issues: Arc<Issues>,
    metrics: Metrics,
    health: Health,
    shutdown: CancellationToken,
) -> Result<(), RunError> {
    // Ends the other lane when one ends by itself.
    let stop = shutdown.child_token();
    let mut working = JoinSet::new();
    for lane in Lane::ALL {
        let work = Work::Parse;
        let consume = Consume {
            concurrency: settings.work.issues,
            ack_wait: settings.topology.ack_wait(),
            observer: Arc::new(metrics.consume.clone()),
            ..Consume::new(work.stream(), work.durable(lane), work.dead_prefix(), work.stage()).with(&settings.consume)
        };
        let Some(consume) = lanes.consume(lane, consume) else { continue };
        let (bus, issues, stop) = (bus.clone(), issues.clone(), stop.clone());
        working.spawn(async move { bus.consume(consume, issues, stop).await });
    }
    let watched = bus.clone();
    let watch = tokio::spawn(async move {
        loop {
            health.set(BROKER, watched.is_connected());
            tokio::time::sleep(LOOK).await;
        }
    });
    let mut ended = Ok(());
    while let Some(lane) = working.join_next().await {
        let failed = match lane {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(panic) => panic.to_string(),
        };
        stop.cancel();
        ended = Err(RunError(format!("consuming ended: {failed}")));
    }
    watch.abort();
    bus.close().await;
    ended
}
