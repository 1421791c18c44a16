//! One connection, cheap to clone, that finds its way back by itself.

use std::{
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_nats::{
    Client, ConnectErrorKind, ConnectOptions, Event, ServerError,
    connection::State,
    jetstream::{self, context::ContextBuilder},
};
use tokio::{sync::watch, time::Instant};

use crate::{BusError, BusSettings, Kv, Objects, kv, objects};

/// A connection to JetStream. Clones share it.
#[derive(Clone)]
pub struct Bus {
    pub(crate) client: Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) settings: Arc<BusSettings>,
    /// Subject patterns of the ensured streams, so that a publish can name the stream it expects.
    pub(crate) routes: Arc<RwLock<Vec<(String, String)>>>,
    /// Grows whenever a lost connection is back: the server has forgotten the pull requests by then.
    pub(crate) reconnects: watch::Receiver<u64>,
    /// What the server last forbade, and when: a request that it forbids is not answered, and only times out.
    forbidden: Arc<Mutex<Option<(Instant, String)>>>,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").field("url", &self.settings.shown_url()).finish_non_exhaustive()
    }
}

impl Bus {
    /// Connects, trying again until `connect_timeout_ms` unless the server refuses the identity. Afterwards the
    /// connection is kept up without end: what is in flight fails or waits, and the readiness flag tells.
    pub async fn connect(settings: &BusSettings) -> Result<Self, BusError> {
        settings.check()?;
        let password = settings.password()?;
        let (reconnected, reconnects) = watch::channel(0);
        let watched = Watched { reconnected: Arc::new(reconnected), forbidden: Arc::default() };
        let deadline = Instant::now() + settings.connect_timeout();
        let mut last = None;
        let client = loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let failure = match tokio::time::timeout(left, try_connect(settings, password.as_deref(), &watched)).await {
                Ok(Ok(client)) => break client,
                Ok(Err(Attempt::Final(reason))) => {
                    return Err(BusError::Connect { url: settings.shown_url(), reason });
                }
                Ok(Err(Attempt::Again(reason))) => reason,
                // The last try has only what time was left: what the one before met says more.
                Err(_) => last.unwrap_or_else(|| format!("no answer in {} ms", settings.connect_timeout_ms)),
            };
            if Instant::now() + RECONNECT_FIRST >= deadline {
                return Err(BusError::Connect { url: settings.shown_url(), reason: failure });
            }
            last = Some(failure);
            tokio::time::sleep(RECONNECT_FIRST).await;
        };
        let jetstream = ContextBuilder::new().timeout(settings.request_timeout()).build(client.clone());
        let settings = Arc::new(settings.clone());
        Ok(Self { client, jetstream, settings, routes: Arc::default(), reconnects, forbidden: watched.forbidden })
    }

    /// The largest message the server takes, headers and payload together, in bytes.
    pub fn max_payload(&self) -> usize {
        self.client.max_payload()
    }

    /// The connection stands at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// The client's task has ended, by [`Bus::close`] or by a fault in it.
    pub(crate) fn is_gone(&self) -> bool {
        self.reconnects.has_changed().is_err()
    }

    /// The error of a request, which may be the server's forbidding it.
    pub(crate) fn failed(&self, what: impl Into<String>, reason: impl ToString) -> BusError {
        let forbidden = self.forbidden.lock().unwrap_or_else(PoisonError::into_inner).take();
        match forbidden {
            Some((when, reason)) if when.elapsed() < self.settings.request_timeout() + FORBIDDEN_JUST_NOW => {
                BusError::Forbidden { what: what.into(), reason }
            }
            _ => BusError::unavailable(what, reason),
        }
    }

    /// Sends what is still buffered and closes the connection, within the request timeout.
    pub async fn close(&self) {
        let bound = self.settings.request_timeout();
        if let Ok(Err(error)) = tokio::time::timeout(bound, self.client.drain()).await {
            tracing::debug!(%error, "nats connection was already closed");
        }
    }

    /// An existing key-value bucket.
    pub async fn kv(&self, bucket: &str) -> Result<Kv, BusError> {
        kv::open(self, bucket).await
    }

    /// An existing bucket of objects.
    pub async fn objects(&self, bucket: &str) -> Result<Objects, BusError> {
        objects::open(self, bucket).await
    }
}

const RECONNECT_FIRST: Duration = Duration::from_millis(100);
const RECONNECT_MOST: Duration = Duration::from_secs(2);

/// A request that the server forbids times out so much later than the server says so.
const FORBIDDEN_JUST_NOW: Duration = Duration::from_secs(1);
/// A server that hangs is noticed after three of these, and another one is asked.
const PING_EVERY: Duration = Duration::from_secs(5);

/// What events of the connection leave behind.
struct Watched {
    reconnected: Arc<watch::Sender<u64>>,
    forbidden: Arc<Mutex<Option<(Instant, String)>>>,
}

enum Attempt {
    Again(String),
    Final(String),
}

async fn try_connect(settings: &BusSettings, password: Option<&str>, watched: &Watched) -> Result<Client, Attempt> {
    let (reconnected, forbidden) = (watched.reconnected.clone(), watched.forbidden.clone());
    let lost = Arc::new(AtomicBool::new(false));
    let mut options = ConnectOptions::new()
        .name(&settings.name)
        .connection_timeout(settings.connect_timeout())
        .request_timeout(Some(settings.request_timeout()))
        .require_tls(settings.tls_required)
        .ping_interval(PING_EVERY)
        .reconnect_delay_callback(|attempts| {
            let doubled = RECONNECT_FIRST * 2u32.saturating_pow(attempts.min(10) as u32);
            crate::backoff::jittered(doubled.min(RECONNECT_MOST), rand::random())
        })
        .event_callback(move |event| {
            match event {
                Event::Connected => {
                    if lost.swap(false, Ordering::Relaxed) {
                        tracing::info!("nats connected again");
                        reconnected.send_modify(|count| *count += 1);
                    }
                }
                Event::Disconnected => {
                    lost.store(true, Ordering::Relaxed);
                    tracing::warn!("nats disconnected, connecting again");
                }
                Event::ServerError(ServerError::Other(words))
                    if words.to_lowercase().contains("permissions violation") =>
                {
                    tracing::warn!(reason = words, "nats forbids it");
                    *forbidden.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), words));
                }
                // Our own doing, at the end of a drain.
                Event::Draining | Event::Closed => tracing::debug!(%event, "nats connection event"),
                other => tracing::warn!(event = %other, "nats connection event"),
            }
            std::future::ready(())
        });
    if let Some(prefix) = &settings.inbox_prefix {
        options = options.custom_inbox_prefix(prefix);
    }
    if let Some(path) = &settings.tls_ca_file {
        options = options.add_root_certificates(path.clone());
    }
    if let (Some(certificate), Some(key)) = (&settings.tls_cert_file, &settings.tls_key_file) {
        options = options.add_client_certificate(certificate.clone(), key.clone());
    }
    if let (Some(user), Some(password)) = (&settings.user, password) {
        options = options.user_and_password(user.clone(), password.to_owned());
    }
    if let Some(token) = &settings.token {
        options = options.token(token.clone());
    }
    if let Some(path) = &settings.credentials_file {
        options = options
            .credentials_file(path)
            .await
            .map_err(|error| Attempt::Final(format!("credentials file {} is not usable: {error}", path.display())))?;
    }
    let addresses: Vec<String> =
        settings.url.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    options.connect(addresses).await.map_err(|error| {
        let reason = error.to_string();
        match error.kind() {
            ConnectErrorKind::ServerParse
            | ConnectErrorKind::Authentication
            | ConnectErrorKind::AuthorizationViolation
            | ConnectErrorKind::Tls => Attempt::Final(reason),
            _ => Attempt::Again(reason),
        }
    })
}
