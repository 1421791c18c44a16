//! The service's settings: what an operator may choose, and what is refused before anything is connected.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bus::{BusSettings, ConsumeSettings};
use contract::backfill::BackfillSettings;
use contract::names::TopologyOptions;
use reqwest::{Certificate, Url};
use runtime::settings::bounded;
use runtime::{OpsSettings, ServiceSettings, StartError, Telemetry};
use serde::Deserialize;

use crate::batch::Limits;
use crate::index::Extras;

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

/// Section `[search]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// Address of Meilisearch, or of a server that speaks its API.
    pub url: String,
    /// A key that may add documents, read tasks, create the index and change its settings.
    pub key: Option<String>,
    /// A file that holds the key, instead of `key`; read again when the server refuses the key.
    pub key_file: Option<PathBuf>,
    /// Root certificates (PEM) beside the public ones, for an address with https.
    pub tls_ca_file: Option<PathBuf>,
    /// The index.
    pub index: String,
    /// Longest wait for a connection.
    pub connect_timeout_ms: u64,
    /// Longest wait for one answer, the sending of a batch included.
    pub request_timeout_ms: u64,
    /// Longest wait for a task; then the batch is sent again.
    pub task_timeout_ms: u64,
    /// First pause before something is tried again.
    pub retry_min_ms: u64,
    /// Longest pause.
    pub retry_max_ms: u64,
    /// How often the server is looked at.
    pub check_ms: u64,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:7700".into(),
            key: None,
            key_file: None,
            tls_ca_file: None,
            index: "articles".into(),
            connect_timeout_ms: 2_000,
            request_timeout_ms: 30_000,
            task_timeout_ms: 300_000,
            retry_min_ms: 250,
            retry_max_ms: 10_000,
            check_ms: 5_000,
        }
    }
}

/// The key is shown as present or absent.
impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("url", &self.url)
            .field("key", &self.key.as_ref().map(|_| "…"))
            .field("key_file", &self.key_file)
            .field("tls_ca_file", &self.tls_ca_file)
            .field("index", &self.index)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("request_timeout_ms", &self.request_timeout_ms)
            .field("task_timeout_ms", &self.task_timeout_ms)
            .field("retry_min_ms", &self.retry_min_ms)
            .field("retry_max_ms", &self.retry_max_ms)
            .field("check_ms", &self.check_ms)
            .finish()
    }
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
    /// Refuses what cannot work and reads the key. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong, by key, value and bound.
    pub fn check(&self) -> Result<Option<String>, String> {
        self.nats.check().map_err(|error| error.to_string())?;
        let (search, batch) = (&self.search, &self.batch);
        search.check()?;
        search.roots()?;
        bounded("batch.count", batch.count as u64, 1, 10_000)?;
        bounded("batch.in_flight", batch.in_flight as u64, 1, 16)?;
        bounded("batch.wait_ms", batch.wait_ms, 0, 60_000)?;
        bounded("batch.document_bytes", batch.document_bytes as u64, 4 << 10, 64 << 20)?;
        bounded("batch.bytes", batch.bytes as u64, batch.document_bytes as u64, 1 << 30)?;
        bounded("sweep.soon_ms", self.sweep.soon_ms, 10, self.sweep.later_ms)?;
        bounded("sweep.later_ms", self.sweep.later_ms, 10, 86_400_000)?;
        self.consume.check().map_err(|error| error.to_string())?;
        self.index.extras()?;
        search.key()
    }
}

impl Search {
    fn check(&self) -> Result<(), String> {
        let url = Url::parse(&self.url)
            .map_err(|error| format!("search.url is not an address: {error}; give http://host:port"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("search.url begins with `{}`, give http:// or https:// and a host", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("search.url holds user or password, give search.key or search.key_file instead".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("search.url holds a query or fragment, give an address without".into());
        }
        // <https://www.meilisearch.com/docs/learn/getting_started/indexes#index-uid>
        let named = self.index.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if !named || !(1..=400).contains(&self.index.len()) {
            return Err(format!("search.index is `{}`, give 1 to 400 of a-z, A-Z, 0-9, - and _", self.index));
        }
        bounded("search.connect_timeout_ms", self.connect_timeout_ms, 1, 600_000)?;
        bounded("search.request_timeout_ms", self.request_timeout_ms, 1, 3_600_000)?;
        bounded("search.task_timeout_ms", self.task_timeout_ms, 1, 86_400_000)?;
        bounded("search.retry_min_ms", self.retry_min_ms, 1, self.retry_max_ms)?;
        bounded("search.retry_max_ms", self.retry_max_ms, 1, 3_600_000)?;
        bounded("search.check_ms", self.check_ms, 10, 3_600_000)
    }

    fn key(&self) -> Result<Option<String>, String> {
        let key = match (&self.key, &self.key_file) {
            (Some(_), Some(_)) => return Err("search.key and search.key_file are both given, give one".into()),
            (Some(key), None) => key.clone(),
            (None, None) => return Ok(None),
            (None, Some(path)) => std::fs::read_to_string(path)
                .map_err(|error| format!("search.key_file {} cannot be read: {error}", path.display()))?,
        };
        let key = key.trim();
        if key.is_empty() {
            return Err("search.key is empty, give the key or leave the setting out".into());
        }
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(
                "search.key holds characters that a header cannot, give the key as the server printed it".into()
            );
        }
        Ok(Some(key.to_owned()))
    }

    /// The root certificates of `tls_ca_file`.
    ///
    /// # Errors
    /// A file that cannot be read or holds none.
    pub fn roots(&self) -> Result<Vec<Certificate>, String> {
        let Some(path) = &self.tls_ca_file else { return Ok(Vec::new()) };
        let failed = |reason: &dyn fmt::Display| format!("search.tls_ca_file {}: {reason}", path.display());
        let text = std::fs::read(path).map_err(|error| failed(&format_args!("cannot be read: {error}")))?;
        match Certificate::from_pem_bundle(&text) {
            Ok(roots) if !roots.is_empty() => Ok(roots),
            _ => Err(failed(&"holds no certificate, give one or several in PEM")),
        }
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub(crate) fn task_timeout(&self) -> Duration {
        Duration::from_millis(self.task_timeout_ms)
    }
}

impl BatchSettings {
    pub(crate) fn limits(&self) -> Limits {
        Limits { count: self.count, bytes: self.bytes, wait: Duration::from_millis(self.wait_ms) }
    }

    /// Messages to take at once: enough for all batches in flight and the one that is being filled. With fewer, a
    /// batch would never be full.
    pub(crate) fn concurrency(&self) -> usize {
        self.count * (self.in_flight + 1)
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
        Settings::check(self).map(drop)
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
        assert_eq!(Settings::default().check(), Ok(None));
    }

    #[test]
    fn what_cannot_work_is_refused_by_key_value_and_bound() {
        assert_eq!(refused(|s| s.batch.count = 0), "batch.count is 0, give 1 to 10000");
        assert!(refused(|s| s.batch.bytes = 5).starts_with("batch.bytes is 5, give 1048576 to "));
        assert!(refused(|s| s.search.retry_min_ms = 20_000).contains("20000, give 1 to 10000"));
        assert!(refused(|s| s.search.index = "a b".into()).contains("`a b`"));
        assert!(refused(|s| s.search.url = "127.0.0.1:7700".into()).contains("search.url"));
        assert!(refused(|s| s.search.url = "ftp://h".into()).contains("`ftp`"));
        assert!(refused(|s| s.nats.url = " ".into()).contains("nats.url"));
    }

    #[test]
    fn no_message_and_no_debug_output_shows_a_secret() {
        assert!(!refused(|s| s.search.url = "http://joe:hidden@h".into()).contains("hidden"));
        assert!(!refused(|s| s.search.key = Some("hidden \n x".into())).contains("hidden"));
        let search = Search { key: Some("hidden".into()), ..Search::default() };
        assert!(!format!("{search:?}").contains("hidden"));
    }

    #[test]
    fn the_key_comes_from_one_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "secret-key\n").unwrap();
        let mut settings = Settings::default();
        settings.search.key_file = Some(file.path().to_owned());
        assert_eq!(settings.check(), Ok(Some("secret-key".into())));
        settings.search.key = Some("other".into());
        assert!(settings.check().unwrap_err().contains("both"));
        assert!(refused(|s| s.search.key_file = Some("/nowhere/key".into())).contains("/nowhere/key"));
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
