//! The service's settings: what an operator may choose, and what is refused before anything is connected.

use std::path::PathBuf;
use std::time::Duration;

use bus::{BusSettings, ConsumeSettings};
use contract::backfill::BackfillSettings;
use contract::names::TopologyOptions;
use runtime::settings::bounded;
use runtime::{OpsSettings, ServiceSettings, StartError, Telemetry};
use serde::Deserialize;

use crate::batch::Limits;
use crate::index::Extras;
pub use crate::servers::settings::{Search, ServerSettings};

/// All of it. Every key has a default; a key that is not known is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `[nats]`: the broker.
    pub nats: BusSettings,
    /// `[ops]`: health and metrics.
    pub ops: OpsSettings,
    /// `[telemetry]`: logs.
    pub telemetry: Telemetry,
    /// `[topology]`: streams; the same in every service.
    pub topology: TopologyOptions,
    /// `[search]`: the search server.
    pub search: Search,
    /// `[index]`: what an operator adds to the index' settings.
    pub index: IndexSettings,
    /// `[batch]`: how articles are put together.
    pub batch: BatchSettings,
    /// `[sweep]`: when it is looked for what came in late.
    pub sweep: SweepSettings,
    /// `[consume]`: how messages are taken.
    pub consume: ConsumeSettings,
    /// `[backfill]`: how the lane for archives is worked on.
    pub backfill: BackfillSettings,
}

/// Section `[index]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexSettings {
    /// A file of synonyms; without it the index keeps those it has.
    pub synonyms: Option<PathBuf>,
}

impl IndexSettings {
    /// Reads what the settings name.
    ///
    /// # Errors
    /// The file, the line and what is wrong there.
    pub fn extras(&self) -> Result<Extras, String> {
        let synonyms = self.synonyms.as_deref().map(crate::synonyms::read).transpose()?;
        Ok(Extras { synonyms, ..Extras::default() })
    }
}

/// Section `[batch]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BatchSettings {
    /// Most documents in a batch.
    pub count: usize,
    /// Most bytes in a batch; a server's `http-payload-size-limit` must be above it.
    pub bytes: usize,
    /// Longest wait for a second document after the first.
    pub wait_ms: u64,
    /// Batches that are sent and not yet finished, at most.
    pub in_flight: usize,
    /// Most bytes of one document; what is longer loses the end of its body in the index.
    pub document_bytes: usize,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self { count: 1_000, bytes: 8 << 20, wait_ms: 200, in_flight: 2, document_bytes: 1 << 20 }
    }
}

/// Section `[sweep]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SweepSettings {
    /// So long after an issue was closed, withdrawn or had an article killed it is looked whether something of it came in late.
    pub soon_ms: u64,
    /// And so long after it once more.
    pub later_ms: u64,
}

impl Default for SweepSettings {
    fn default() -> Self {
        Self { soon_ms: 30_000, later_ms: 900_000 }
    }
}

impl SweepSettings {
    pub(crate) fn after(&self) -> [Duration; 2] {
        [self.soon_ms, self.later_ms].map(Duration::from_millis)
    }
}

impl Settings {
    /// Refuses what cannot work. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong, by key, value and bound.
    pub fn check(&self) -> Result<(), String> {
        self.nats.check().map_err(|error| error.to_string())?;
        let (search, batch) = (&self.search, &self.batch);
        search.check()?;
        bounded("batch.count", batch.count as u64, 1, 10_000)?;
        bounded("batch.in_flight", batch.in_flight as u64, 1, 16)?;
        bounded("batch.wait_ms", batch.wait_ms, 0, 60_000)?;
        bounded("batch.document_bytes", batch.document_bytes as u64, 4 << 10, 64 << 20)?;
        bounded("batch.bytes", batch.bytes as u64, batch.document_bytes as u64, 1 << 30)?;
        bounded("sweep.soon_ms", self.sweep.soon_ms, 10, self.sweep.later_ms)?;
        bounded("sweep.later_ms", self.sweep.later_ms, 10, 86_400_000)?;
        self.consume.check().map_err(|error| error.to_string())?;
        self.index.extras().map(drop)
    }
}

impl BatchSettings {
    pub(crate) fn limits(&self) -> Limits {
        Limits { count: self.count, bytes: self.bytes, wait: Duration::from_millis(self.wait_ms) }
    }

    /// Messages to take at once: enough for all batches in flight and the one that is being filled, at each server. With
    /// fewer, a batch would never be full. Where there are several, one of them may have twice that, and the others
    /// still have theirs.
    pub(crate) fn concurrency(&self, servers: usize) -> usize {
        let several = usize::from(servers > 1);
        self.count * (self.in_flight + 1) * (servers + several)
    }

    /// Of these, the most that one of several servers may have.
    pub(crate) fn share(&self) -> usize {
        self.count * (self.in_flight + 1) * 2
    }
}

impl ServiceSettings for Settings {
    fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    fn ops(&self) -> &OpsSettings {
        &self.ops
    }

    fn check(&self) -> Result<(), String> {
        Settings::check(self)
    }

    async fn reach(&self) -> Result<(), StartError> {
        let bus = bus::Bus::connect(&self.nats).await.map_err(|error| StartError::Unavailable(error.to_string()))?;
        bus.close().await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.check().unwrap_err()
    }

    #[test]
    fn the_defaults_can_work() {
        assert_eq!(Settings::default().check(), Ok(()));
    }

    #[test]
    fn what_cannot_work_is_refused_by_key_value_and_bound() {
        assert_eq!(refused(|s| s.batch.count = 0), "batch.count is 0, give 1 to 10000");
        assert!(refused(|s| s.batch.bytes = 5).starts_with("batch.bytes is 5, give 1048576 to "));
        assert!(refused(|s| s.search.retry_min_ms = 20_000).contains("20000, give 1 to 10000"));
        assert!(refused(|s| s.search.index = "a b".into()).contains("`a b`"));
        assert!(refused(|s| s.nats.url = " ".into()).contains("nats.url"));
    }

    #[test]
    fn the_shipped_settings_are_valid_and_say_what_the_defaults_are() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/settings/indexer.toml");
        let shipped: Settings = runtime::settings::load_from(Some(file.as_ref()), Default::default()).unwrap();
        shipped.check().unwrap();
        let defaults = Settings::default();
        assert_eq!(format!("{shipped:?}"), format!("{defaults:?}"));
    }
}
