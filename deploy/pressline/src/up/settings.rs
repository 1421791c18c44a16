//! Settings of `pressline up`: what may be chosen, everything with a default that works on a laptop.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU8;
use std::path::PathBuf;

use contract::names::TopologyOptions;
use serde::Deserialize;

/// All of it; see `deploy/settings/up.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpSettings {
    /// The broker that is started here.
    pub nats: NatsSettings,
    /// The search engine.
    pub search: SearchSettings,
    /// Intake: HTTP and drop folder.
    pub intake: IntakeSettings,
    /// The search page.
    pub page: PageSettings,
    /// What is known of the newspapers that come in.
    pub titles: parser::settings::TitlesSettings,
    /// Streams; the same in every service.
    pub topology: TopologyOptions,
    /// Traces.
    pub telemetry: TelemetrySettings,
}

/// Section `[telemetry]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetrySettings {
    /// An OpenTelemetry collector that takes OTLP over HTTP; absent: no spans are exported.
    pub otlp: Option<String>,
}

/// Section `[nats]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NatsSettings {
    /// The nats-server program; else the one on PATH, in `.tools/`, or from its wheel.
    pub program: Option<PathBuf>,
    /// Port on this machine; else a free one.
    pub port: Option<u16>,
}

/// Section `[search]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchSettings {
    /// A Meilisearch that runs already; else one is started here.
    pub url: Option<String>,
    /// Its key for the indexer, where there is no master key; or the master key of the one started here.
    pub key: Option<String>,
    /// Its key for frontends, where there is no master key.
    pub search_key: Option<String>,
    /// File with the master key, with which the keys are made; for an engine started here one is made too.
    pub master_key_file: Option<PathBuf>,
    /// Port on this machine; else a free one.
    pub port: Option<u16>,
    /// So many embedded engines instead of one server, each with its share of the issues: to try out what several do.
    pub engines: Option<NonZeroU8>,
    /// Use the embedded engine even where a `meilisearch` program is on PATH.
    pub embedded: bool,
}

/// Section `[intake]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeSettings {
    /// Address of `POST /v1/issues`; port 0 is a free one.
    pub listen: SocketAddr,
    /// Hashed tokens of senders, as intake's `http.tokens`; none needed on a loopback address.
    pub tokens: intake::TokenLines,
    /// A file of them.
    pub tokens_file: Option<PathBuf>,
    /// Facts in file names: a regular expression with groups `publication`, `date`, `edition`.
    pub file_name_patterns: Vec<String>,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self {
            listen: loopback(None),
            tokens: intake::TokenLines::default(),
            tokens_file: None,
            file_name_patterns: Vec::new(),
        }
    }
}

/// Section `[page]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageSettings {
    /// Whether there is to be one; `--once` has none.
    pub enabled: bool,
    /// Where it is served; port 0 is a free one.
    pub listen: SocketAddr,
    /// A page that was built before; else it is built here, which needs Node and npm.
    pub dist: Option<PathBuf>,
    /// Meilisearch's address as browsers reach it; else the one that the services use.
    pub search_url: Option<String>,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self { enabled: true, listen: loopback(None), dist: None, search_url: None }
    }
}

/// An address on this machine, with this port or a free one.
pub fn loopback(port: Option<u16>) -> SocketAddr {
    (IpAddr::V4(Ipv4Addr::LOCALHOST), port.unwrap_or(0)).into()
}
