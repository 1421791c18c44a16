//! Connections: bounded in number, in the time that handshake and headers take, and drained at the end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::Peer;
use super::places::Addresses;
use super::rate::Who;
use crate::metrics::{Broken, Metrics};
use crate::settings::HttpSettings;

/// Most bytes of a request's headers, and of what is read ahead of a body.
const BUFFER: usize = 64 << 10;
/// Pause after the system refused a connection (no file handles left): trying at once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long the word to come again may take.
const TURN_AWAY: Duration = Duration::from_secs(1);
const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\nconnection: close\r\n\
    content-type: application/problem+json\r\n\r\n\
    {\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,\"code\":\"too_many_connections\",\
    \"detail\":\"more connections from this address than http.max_connections_per_address; close some\"}";

/// Bounds of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the headers of a request, and the silence before them, may take.
    pub header_timeout: Duration,
    /// Most connections at a time.
    pub max_connections: usize,
    /// Most from one address.
    pub max_connections_per_address: usize,
    /// How long open requests may take after the stop.
    pub drain: Duration,
}

impl Limits {
    /// As the settings say.
    pub fn new(settings: &HttpSettings, drain: Duration) -> Self {
        Self {
            header_timeout: Duration::from_millis(settings.header_timeout_ms),
            max_connections: settings.max_connections,
            max_connections_per_address: settings.max_connections_per_address,
            drain,
        }
    }
}

/// What connections are served with.
#[derive(Debug, Clone)]
pub struct Edge {
    /// All paths.
    pub router: Router,
    /// What TLS is served with at this moment; without it, there is none.
    pub tls: Option<watch::Receiver<Arc<ServerConfig>>>,
    /// Bounds.
    pub limits: Limits,
    /// Counts.
    pub metrics: Metrics,
}

/// Serves until `shutdown`, then finishes open requests, as long as the bound allows. Gives the moment when that ends.
pub async fn serve(listener: TcpListener, edge: Edge, shutdown: CancellationToken) -> Instant {
    let limits = edge.limits.clone();
    let places = Arc::new(Semaphore::new(limits.max_connections));
    let addresses = Addresses::new(limits.max_connections_per_address);
    let graceful = GracefulShutdown::new();
    while let Some((stream, peer, place)) = next(&listener, &places, &shutdown).await {
        // Answers are small; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let (edge, counted, watcher) = (edge.clone(), edge.metrics.connection(), graceful.watcher());
        let open = addresses.open(Who::at(peer));
        tokio::spawn(async move {
            let ended = match &open {
                Some(_) => edge.connection(stream, peer, watcher).await,
                None => edge.turn_away(stream).await,
            };
            if let Err(broken) = ended {
                edge.metrics.broken(broken);
            }
            drop((open, place, counted));
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

impl Edge {
    async fn connection(&self, stream: TcpStream, peer: IpAddr, watcher: Watcher) -> Result<(), Broken> {
        let Some(tls) = &self.tls else { return self.http(stream, peer, watcher).await };
        let acceptor = TlsAcceptor::from(Arc::clone(&tls.borrow()));
        match timeout(self.limits.header_timeout, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.http(stream, peer, watcher).await,
            Ok(Err(error)) => {
                tracing::debug!(%error, "no TLS came about");
                Err(Broken::Handshake)
            }
            Err(_) => Err(Broken::Handshake),
        }
    }

    async fn http<S>(&self, stream: S, peer: IpAddr, watcher: Watcher) -> Result<(), Broken>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        watcher.watch(connection).await.map_err(|error| {
            tracing::debug!(%error, "connection ended");
            match error {
                error if error.is_timeout() => Broken::HeaderTimeout,
                error if error.is_parse_too_large() => Broken::HeadersTooLarge,
                error if error.is_parse() => Broken::NotHttp,
                _ => Broken::BrokenOff,
            }
        })
    }

    /// Tells an address with too many connections to come again. Inside TLS that would cost more than it is worth.
    async fn turn_away(&self, mut stream: TcpStream) -> Result<(), Broken> {
        if self.tls.is_none() {
            let _ = timeout(TURN_AWAY, stream.write_all(TOO_MANY_CONNECTIONS)).await;
        }
        Err(Broken::TooMany)
    }
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, peer.ip(), place)),
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
