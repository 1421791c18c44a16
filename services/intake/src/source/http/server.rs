//! Connections: bounded in number, in the time that headers take, and drained at the end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::settings::HttpSettings;

/// Most bytes of a request's headers, and of what is read ahead of a body.
const BUFFER: usize = 64 << 10;
/// Pause after the system refused a connection (no file handles left): trying at once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Bounds of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the headers of a request, and the silence before them, may take.
    pub header_timeout: Duration,
    /// Most connections at a time.
    pub max_connections: usize,
    /// How long open requests may take after the stop.
    pub drain: Duration,
}

impl Limits {
    /// As the settings say.
    pub fn new(settings: &HttpSettings, drain: Duration) -> Self {
        Self {
            header_timeout: Duration::from_millis(settings.header_timeout_ms),
            max_connections: settings.max_connections,
            drain,
        }
    }
}

/// Serves until `shutdown`, then finishes open requests, as long as the bound allows. Gives the moment when that ends.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: Metrics,
    shutdown: CancellationToken,
) -> Instant {
    let places = Arc::new(Semaphore::new(limits.max_connections));
    let graceful = GracefulShutdown::new();
    while let Some((stream, place)) = next(&listener, &places, &shutdown).await {
        // Answers are small; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        let counted = metrics.connection();
        tokio::spawn(async move {
            // How a connection ends is the client's affair.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop((place, counted));
        });
    }
    drop(listener);
    let deadline = Instant::now() + limits.drain;
    if timeout_at(deadline, graceful.shutdown()).await.is_err() {
        let limit = limits.drain.as_millis();
        tracing::warn!("uploads were not finished within drain_ms {limit}; their senders send them again");
    }
    deadline
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return Some((stream, place)),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => None,
        accepted = accepted => accepted,
    }
}
