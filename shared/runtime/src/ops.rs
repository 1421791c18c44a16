//! The operator's side of a service: `/health/live`, `/health/ready`, `/metrics`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::registry::Registry;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::process::StartError;
use crate::process_metrics;

/// OpenMetrics' own media type, <https://github.com/prometheus/OpenMetrics>.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Section `[ops]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpsSettings {
    /// Address of the health and metrics server; port 0 takes a free one.
    pub listen: SocketAddr,
}

impl Default for OpsSettings {
    fn default() -> Self {
        Self { listen: (Ipv4Addr::LOCALHOST, 0).into() }
    }
}

/// What a service needs before it can work, each by name, ready or not.
#[derive(Debug, Clone, Default)]
pub struct Health {
    parts: Arc<Mutex<BTreeMap<String, bool>>>,
    /// Stands behind the name of each part that is set through this one.
    whose: Option<Arc<str>>,
}

impl Health {
    /// With these parts, none of them ready.
    pub fn of(parts: &[&str]) -> Self {
        let health = Self::default();
        health.expect(parts);
        health
    }

    /// The same parts, and what is said of a part here is said of that of one of several: `search/east`.
    pub fn of_one(&self, name: &str) -> Self {
        Self { parts: self.parts.clone(), whose: Some(name.into()) }
    }

    /// With these parts too, none of them ready.
    pub fn expect(&self, parts: &[&str]) {
        for part in parts {
            self.set(part, false);
        }
    }

    /// Says that `part` is ready or is not; true when that is news.
    pub fn set(&self, part: &str, ready: bool) -> bool {
        let name = self.whose.as_ref().map_or_else(|| part.to_owned(), |whose| format!("{part}/{whose}"));
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(name, ready) != Some(ready)
    }

    /// Every part is ready.
    pub fn is_ready(&self) -> bool {
        self.parts().values().all(|ready| *ready)
    }

    /// Every part, ready or not.
    pub fn parts(&self) -> BTreeMap<String, bool> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The running health and metrics server.
#[derive(Debug)]
pub struct Ops {
    address: SocketAddr,
    task: JoinHandle<std::io::Result<()>>,
}

impl Ops {
    /// Listens and serves until `shutdown`.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start(
        settings: &OpsSettings,
        registry: Registry,
        health: Health,
        shutdown: CancellationToken,
    ) -> Result<Self, StartError> {
        let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
            StartError::Unavailable(format!(
                "ops.listen {} cannot be bound: {error}; choose another address or stop what listens there",
                settings.listen
            ))
        })?;
        let address = listener.local_addr().map_err(|error| StartError::Internal(error.to_string()))?;
        let router = Router::new()
            .route("/health/live", get(|| async { "live\n" }))
            .route("/health/ready", get(ready))
            .route("/metrics", get(metrics))
            .with_state((health.clone(), Arc::new([process_metrics::registry(health), registry])));
        let task = tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).await
        });
        Ok(Self { address, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it has stopped.
    pub async fn join(self) {
        // A metrics server that fails takes nothing with it; whoever scrapes it notices.
        let _ = self.task.await;
    }
}

type Shared = State<(Health, Arc<[Registry; 2]>)>;

async fn ready(State((health, _)): Shared) -> Response {
    let ready = health.is_ready();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "parts": health.parts() }))).into_response()
}

async fn metrics(State((_, registries)): Shared) -> Response {
    let mut text = String::new();
    let written = registries.iter().try_for_each(|registry| encode_registry(&mut text, registry));
    match written.and_then(|()| encode_eof(&mut text)) {
        Ok(()) => ([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(address: SocketAddr, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    #[tokio::test]
    async fn readiness_names_what_is_not_ready_and_turns_with_it() {
        let health = Health::of(&["broker", "search"]);
        let shutdown = CancellationToken::new();
        let settings = OpsSettings::default();
        let ops = Ops::start(&settings, Registry::default(), health.clone(), shutdown.clone()).await.unwrap();
        assert_eq!(get(ops.address(), "/health/live").await.0, 200);
        assert!(health.set("broker", true));
        assert!(!health.set("broker", true));
        let (status, text) = get(ops.address(), "/health/ready").await;
        assert_eq!(status, 503);
        assert!(text.contains(r#""search":false"#) && text.contains(r#""broker":true"#), "{text}");
        health.set("search", true);
        assert_eq!(get(ops.address(), "/health/ready").await.0, 200);
        let (status, text) = get(ops.address(), "/metrics").await;
        assert!(status == 200 && text.ends_with("# EOF\n"), "{text}");
        for line in [
            "pressline_build_info{version=",
            "pressline_part_ready{part=\"search\"} 1",
            "process_resident_memory_bytes ",
        ] {
            assert!(text.contains(line), "no {line} in {text}");
        }
        health.of_one("east").set("search", false);
        let (status, text) = get(ops.address(), "/health/ready").await;
        assert!(status == 503 && text.contains(r#""search":true,"search/east":false"#), "{text}");
        shutdown.cancel();
        ops.join().await;
    }

    #[tokio::test]
    async fn an_address_in_use_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = OpsSettings { listen: taken.local_addr().unwrap() };
        let error = Ops::start(&settings, Registry::default(), Health::default(), CancellationToken::new());
        let error = error.await.unwrap_err().to_string();
        assert!(error.contains(&settings.listen.to_string()), "{error}");
    }
}
