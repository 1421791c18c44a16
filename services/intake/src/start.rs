//! Start, drain and stop: settings, folder, address, broker, in this order, so that what is wrong here is said before
//! anything outside is asked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus::{Backlog, Bus, BusError, Objects};
use contract::names;
use contract::receipt::Receipts;
use prometheus_client::registry::Registry;
use runtime::{Health, Ops, RunError, StartError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::admit::Policy;
use crate::metrics::{Metrics, Reload};
use crate::publish::{HEADROOM, Publisher};
use crate::settings::{Checked, FolderSettings, Settings};
use crate::source::folder::layout::Layout;
use crate::source::folder::work::Bench;
use crate::source::http::server::Edge;
use crate::source::{folder, http};
use crate::watched::Watched;

/// Name of the broker in the health answer.
const BROKER: &str = "broker";
/// Name of the upload address in the health answer; not ready from the stop on, so that nobody is sent here any more.
const UPLOADS: &str = "uploads";
/// Parts of a large file that nobody has added to for so long belong to an intake that is no more.
const LEFT_OVER: Duration = Duration::from_secs(3_600);
const HEALTH_EVERY: Duration = Duration::from_millis(500);
/// How often the whole line's backlog is read: half of a usual scrape interval.
const BACKLOG_EVERY: Duration = Duration::from_secs(5);

/// A running intake.
pub struct Running {
    /// Where uploads go.
    pub http: SocketAddr,
    /// Health and metrics.
    pub ops: SocketAddr,
    /// The folder to drop files into (`…/incoming`), if one is watched.
    pub folder: Option<PathBuf>,
    ops_server: Ops,
    ops_shutdown: CancellationToken,
    parts: JoinSet<&'static str>,
    shutdown: CancellationToken,
    health: Health,
    publisher: Publisher,
}

/// Starts intake; it is up when this returns, and runs until `shutdown`. It returns when the broker is there and has the
/// topology, however long that takes; until then readiness says so, uploads wait for their connection, and files lie.
///
/// # Errors
/// Settings that cannot work (before anything is opened or connected), a folder without rights, an address that is
/// taken, a broker that holds other streams than wanted; a stop that comes before the broker does.
pub async fn start(settings: Settings, shutdown: CancellationToken) -> Result<Running, StartError> {
    let checked = settings.check().map_err(StartError::Settings)?;
    let layout = match settings.folder.clone() {
        Some(folder) => Some((open(&folder).await?, folder)),
        None => None,
    };
    let (listener, address) = bind(settings.http.listen).await?;
    if !address.ip().is_loopback() && checked.tls.is_none() && !checked.senders.is_empty() {
        tracing::warn!(http = %address, "tokens come over plain HTTP; set http.tls_cert_file, or let a proxy before it do TLS");
    }
    let mut registry = Registry::default();
    let metrics = Metrics::new(&mut registry);
    let backlog = Backlog::default();
    backlog.register(registry.sub_registry_with_prefix("pressline"));
    let health =
        Health::of(if layout.is_some() { &[BROKER, UPLOADS, folder::watch::HEALTH] } else { &[BROKER, UPLOADS] });
    let ops_shutdown = CancellationToken::new();
    let ops_server = Ops::start(&settings.ops, registry, health.clone(), ops_shutdown.clone()).await?;
    let stop_ops = ops_shutdown.clone().drop_guard();
    let publisher = connect(&settings, metrics.clone(), &shutdown).await?;
    stop_ops.disarm();

    let mut parts = JoinSet::new();
    let incoming = layout.as_ref().map(|(layout, _)| layout.incoming());
    if let Some((layout, folder)) = layout {
        let policy = Policy { default_lane: folder.lane, ..checked.policy.clone() };
        let bench = Bench { layout, policy, publisher: publisher.clone(), metrics: metrics.clone() };
        let watch = folder::watch(bench, folder, health.clone(), shutdown.clone(), settings.drain());
        parts.spawn(async move {
            watch.await;
            "the folder watch"
        });
    }
    parts.spawn(uploads(listener, &settings, checked, publisher.clone(), metrics, shutdown.clone()));
    health.set(BROKER, publisher.is_ready());
    health.set(UPLOADS, true);
    parts.spawn(watch_health(publisher.clone(), health.clone(), shutdown.clone()));
    // Here, because this service is never scaled to none, and the backlog counts most while the others are away.
    let backlog = backlog.watch(publisher.bus().clone(), BACKLOG_EVERY, shutdown.clone());
    parts.spawn(async move {
        backlog.await;
        "the backlog watch"
    });
    tracing::info!(http = %address, ops = %ops_server.address(), folder = ?incoming, "intake is up");
    Ok(Running {
        http: address,
        ops: ops_server.address(),
        folder: incoming,
        ops_server,
        ops_shutdown,
        parts,
        shutdown,
        health,
        publisher,
    })
}

/// Starts intake and waits until it has stopped.
///
/// # Errors
/// As [`start`]; or when a part of it ended by itself.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), StartError> {
    match start(settings, shutdown.clone()).await {
        Ok(running) => Ok(running.join().await?),
        // Asked to stop before the broker was there: that is a stop like any other.
        Err(StartError::Unavailable(_)) if shutdown.is_cancelled() => Ok(()),
        Err(error) => Err(error),
    }
}

impl Running {
    /// Waits for the stop and until what was in flight is finished.
    ///
    /// # Errors
    /// When a part of it ended before the stop was asked for.
    pub async fn join(mut self) -> Result<(), RunError> {
        let ended = tokio::select! {
            () = self.shutdown.cancelled() => Ok(()),
            Some(part) = self.parts.join_next() => match part {
                // Both at once: the stop was asked for.
                Ok(_) if self.shutdown.is_cancelled() => Ok(()),
                Ok(part) => Err(RunError(format!("{part} ended by itself"))),
                Err(fault) => Err(RunError(format!("a part of intake failed: {fault}"))),
            },
        };
        self.health.set(UPLOADS, false);
        self.shutdown.cancel();
        while self.parts.join_next().await.is_some() {}
        self.publisher.close().await;
        self.ops_shutdown.cancel();
        self.ops_server.join().await;
        ended
    }
}

async fn open(folder: &FolderSettings) -> Result<Layout, StartError> {
    let path = folder.path.clone();
    let opened = tokio::task::spawn_blocking(move || Layout::open(&path)).await;
    opened.map_err(|fault| StartError::Internal(fault.to_string()))?.map_err(StartError::Unavailable)
}

async fn bind(listen: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error: std::io::Error| {
        StartError::Unavailable(format!(
            "http.listen {listen} cannot be bound: {error}; choose another address or stop what listens there"
        ))
    };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

async fn connect(settings: &Settings, metrics: Metrics, shutdown: &CancellationToken) -> Result<Publisher, StartError> {
    let connected = bus::patiently(shutdown, || broker(settings)).await.map_err(|error| match error {
        BusError::Settings { .. } => StartError::Settings(error.to_string()),
        other => StartError::Unavailable(other.to_string()),
    })?;
    let (bus, receipts, objects) =
        connected.ok_or_else(|| StartError::Unavailable("stopped before the broker was there".into()))?;
    let most = bus.max_payload().saturating_sub(HEADROOM);
    if settings.inline_limit > most {
        return Err(StartError::Settings(format!(
            "inline_limit is {} bytes, the broker's max_payload leaves {most}; lower inline_limit or raise max_payload",
            settings.inline_limit
        )));
    }
    let leftovers = objects.clone();
    tokio::spawn(async move {
        match leftovers.sweep(LEFT_OVER).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "removed parts of large files that were never stored whole"),
            Err(error) => tracing::debug!(%error, "no look for parts of large files"),
        }
    });
    Ok(Publisher::new(bus, receipts, objects, settings.inline_limit, metrics))
}

async fn broker(settings: &Settings) -> Result<(Bus, Receipts, Objects), BusError> {
    let bus = Bus::connect(&settings.nats).await?;
    bus.ensure(&names::topology(&settings.topology)).await?;
    let receipts = Receipts::new(bus.kv(names::RECEIPTS).await?);
    let objects = bus.objects(names::FILES).await?;
    Ok((bus, receipts, objects))
}

/// Serves uploads, and keeps what they are judged and encrypted by as the files have it.
fn uploads(
    listener: TcpListener,
    settings: &Settings,
    checked: Checked,
    publisher: Publisher,
    metrics: Metrics,
    shutdown: CancellationToken,
) -> impl Future<Output = &'static str> + use<> {
    let http = settings.http.clone();
    let (senders, current) = watch::channel(Arc::new(checked.senders));
    let shared = Arc::new(http::Uploads::new(checked.policy, current, &http, publisher, metrics.clone()));
    let (tokens_file, tokens) = (http.tokens_file.clone(), http.clone());
    if let Some(file) = tokens_file {
        let load = Box::new(move || tokens.senders().map(Arc::new));
        let watched = Watched { what: Reload::Tokens, files: vec![file], load, current: senders };
        tokio::spawn(watched.run(metrics.clone(), shutdown.clone()));
    }
    let tls = checked.tls.zip(http.tls_files().ok().flatten()).map(|(config, (certificate, key))| {
        let (configs, current) = watch::channel(config);
        let files = vec![certificate.clone(), key.clone()];
        let load = Box::new(move || http::tls::load(&certificate, &key));
        let watched = Watched { what: Reload::Tls, files, load, current: configs };
        tokio::spawn(watched.run(metrics.clone(), shutdown.clone()));
        current
    });
    let limits = http::server::Limits::new(&http, settings.drain());
    async move {
        let edge = Edge { router: http::router(Arc::clone(&shared)), tls, limits, metrics };
        let deadline = http::server::serve(listener, edge, shutdown).await;
        if tokio::time::timeout_at(deadline, shared.drained()).await.is_err() {
            tracing::warn!("publishing was not finished within drain_ms; who sent the files sends them again");
        }
        "the upload server"
    }
}

async fn watch_health(publisher: Publisher, health: Health, shutdown: CancellationToken) -> &'static str {
    let mut tick = tokio::time::interval(HEALTH_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return "the health watch",
            _ = tick.tick() => {
                publisher.probe().await;
                let ready = publisher.is_ready();
                if health.set(BROKER, ready) {
                    tracing::info!(ready, "broker");
                }
            }
        }
    }
}
