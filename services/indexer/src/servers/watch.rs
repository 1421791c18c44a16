//! Prepares a server's index, then keeps an eye on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bus::Bus;
use runtime::Health;
use tokio_util::sync::CancellationToken;

use crate::index::{self, Drift};
use crate::meilisearch::{Look, Meilisearch};
use crate::metrics::Metrics;
use crate::sink::WriteError;
use crate::writer::Pace;

/// The part of [`Health`] that says whether the broker is there.
pub const BROKER: &str = "broker";
/// Whether the server answers.
pub const SEARCH: &str = "search";
/// Whether its index has our settings.
pub const SETTINGS: &str = "settings";

/// Keeps an eye on one server, and on the broker.
pub struct Watch {
    /// The server's name.
    pub name: String,
    /// The server.
    pub sink: Arc<Meilisearch>,
    /// The broker.
    pub bus: Bus,
    /// The service's parts.
    pub all: Health,
    /// The server's.
    pub health: Health,
    /// Whether work may be begun there.
    pub up: Arc<AtomicBool>,
    /// Pauses between tries to prepare the index.
    pub pace: Pace,
    /// Pause between two looks.
    pub every: Duration,
    /// Numbers.
    pub metrics: Metrics,
    /// What was said last, so that it is said once.
    pub said: Option<String>,
}

impl Watch {
    /// Runs until aborted; cancels `ready` when the index is prepared for the first time.
    pub async fn run(mut self, ready: CancellationToken) {
        self.prepare().await;
        ready.cancel();
        loop {
            tokio::time::sleep(self.every).await;
            self.all.set(BROKER, self.bus.is_connected());
            match self.sink.look().await {
                Ok(Look::There(drifts)) => {
                    self.answers();
                    self.up.store(true, Ordering::Relaxed);
                    // A key without tasks.get would stop the writing, too, which says so.
                    if let Ok(tasks) = self.sink.queued().await {
                        self.metrics.queued(&self.name, tasks);
                    }
                    self.drifted(&drifts);
                }
                Ok(Look::Gone) => {
                    self.health.set(SETTINGS, false);
                    self.up.store(false, Ordering::Relaxed);
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
                    self.up.store(true, Ordering::Relaxed);
                    return;
                }
                Err(WriteError::Later(_, reason) | WriteError::Engine(reason) | WriteError::Documents(reason)) => {
                    self.down(reason);
                }
            }
            self.all.set(BROKER, self.bus.is_connected());
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
        self.up.store(false, Ordering::Relaxed);
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
