//! Settings of intake: what the operator writes, and what is made of it before anything is opened or connected.

mod http;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus::BusSettings;
use contract::Lane;
use contract::names::TopologyOptions;
use runtime::{OpsSettings, ServiceSettings, StartError, Telemetry};
use serde::Deserialize;
use tokio_rustls::rustls::ServerConfig;

use crate::admit::Policy;
use crate::admit::facts::FileNamePattern;
use crate::admit::media::MediaTypes;
use crate::source::http::tls;
use crate::tokens::Book;

pub use http::HttpSettings;

/// Everything that intake can be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The broker.
    pub nats: BusSettings,
    /// What is made on the broker where it is absent.
    pub topology: TopologyOptions,
    /// Health and metrics.
    pub ops: OpsSettings,
    /// Logs.
    pub telemetry: Telemetry,
    /// Uploads.
    pub http: HttpSettings,
    /// The drop folder; absent: none is watched.
    pub folder: Option<FolderSettings>,
    /// Most bytes of one file. With `http.max_uploads` and `folder.concurrency` it bounds the memory of intake.
    pub max_bytes: usize,
    /// Files of more bytes go to the object store, and the event refers to them.
    pub inline_limit: usize,
    /// Media types that are let in.
    pub media_types: Vec<String>,
    /// Regular expressions on file names with the groups `publication`, `date`, `edition`, `issue`; the first that matches
    /// speaks.
    pub file_name_patterns: Vec<String>,
    /// The publication where neither the sender nor the file's name says one.
    pub default_publication: Option<String>,
    /// How long a stop waits for what is in flight, in milliseconds.
    pub drain_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            nats: BusSettings::default(),
            topology: TopologyOptions::default(),
            ops: OpsSettings::default(),
            telemetry: Telemetry::default(),
            http: HttpSettings::default(),
            folder: None,
            max_bytes: 32 << 20,
            inline_limit: 512 << 10,
            media_types: vec!["text/plain".to_owned(), "text/markdown".to_owned()],
            file_name_patterns: Vec::new(),
            default_publication: None,
            drain_ms: 20_000,
        }
    }
}

/// Section `[folder]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FolderSettings {
    /// Holds `incoming/`, `done/` and `rejected/`; they are made where absent.
    pub path: PathBuf,
    /// How often the folder is looked through, in milliseconds, whatever the system's notifications say.
    pub scan_ms: u64,
    /// How long size and time of a file must stay the same before it is read, in milliseconds.
    pub settle_ms: u64,
    /// How long all files of an issue's folder must stay the same, and none come, before it is read, in milliseconds.
    pub issue_settle_ms: u64,
    /// Most files read and published at a time.
    pub concurrency: usize,
    /// The queue for files of this folder.
    pub lane: Lane,
}

impl Default for FolderSettings {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            scan_ms: 2_000,
            settle_ms: 500,
            issue_settle_ms: 5_000,
            concurrency: 4,
            lane: Lane::Live,
        }
    }
}

impl FolderSettings {
    /// The folder at `path` with the defaults.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }
}

/// What is made of the settings before anything is connected.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What is let in.
    pub policy: Policy,
    /// All senders, those of the file too.
    pub senders: Book,
    /// What TLS is served with, where it is.
    pub tls: Option<Arc<ServerConfig>>,
}

impl Settings {
    /// Checks what serde cannot, and reads the files of tokens and of TLS.
    ///
    /// # Errors
    /// With the key, its value, and what to do.
    pub fn check(&self) -> Result<Checked, String> {
        self.nats.check().map_err(|error| error.to_string())?;
        self.check_bounds()?;
        let patterns = self.file_name_patterns.iter().map(|pattern| FileNamePattern::new(pattern));
        let default_publication = self.default_publication.as_deref().map(str::parse).transpose();
        let policy = Policy {
            media_types: MediaTypes::new(&self.media_types)?,
            patterns: patterns.collect::<Result<_, _>>()?,
            max_bytes: self.max_bytes,
            default_publication: default_publication.map_err(|error| format!("default_publication: {error}"))?,
            default_lane: Lane::Live,
        };
        let tls = self.http.tls_files()?.map(|(certificate, key)| tls::load(&certificate, &key)).transpose()?;
        Ok(Checked { policy, senders: self.http.senders()?, tls })
    }

    fn check_bounds(&self) -> Result<(), String> {
        let mut at_least_one = vec![("max_bytes", self.max_bytes as u64), ("drain_ms", self.drain_ms)];
        at_least_one.extend(self.http.bounds());
        if let Some(folder) = &self.folder {
            if folder.path.as_os_str().is_empty() {
                return Err("folder.path is empty; name the drop folder or leave the section out".to_owned());
            }
            at_least_one.extend([
                ("folder.scan_ms", folder.scan_ms),
                ("folder.settle_ms", folder.settle_ms),
                ("folder.issue_settle_ms", folder.issue_settle_ms),
                ("folder.concurrency", folder.concurrency as u64),
            ]);
        }
        match at_least_one.iter().find(|(_, value)| *value == 0) {
            Some((key, _)) => Err(format!("{key} is 0; set it to at least 1")),
            None => Ok(()),
        }
    }

    /// How long a stop waits for what is in flight.
    pub fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
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
    use crate::tokens::TokenLines;

    fn refused(change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.check().unwrap_err()
    }

    #[test]
    fn the_defaults_are_valid() {
        assert!(Settings::default().check().is_ok());
    }

    #[test]
    fn a_bad_value_is_named_with_its_key() {
        assert!(refused(|s| s.max_bytes = 0).contains("max_bytes"));
        assert!(refused(|s| s.folder = Some(FolderSettings::default())).contains("folder.path"));
        assert!(refused(|s| s.file_name_patterns = vec!["(".into()]).contains("file_name_patterns"));
        assert!(refused(|s| s.file_name_patterns = vec!["(?<dat>x)".into()]).contains("`dat`"));
        assert!(refused(|s| s.file_name_patterns = vec!["x".into()]).contains("without a group"));
        assert!(refused(|s| s.media_types = vec!["text".into()]).contains("`text`"));
        assert!(refused(|s| s.default_publication = Some("Two Words".into())).contains("Two Words"));
        assert!(refused(|s| s.http.tokens_file = Some("/nowhere/tokens".into())).contains("/nowhere/tokens"));
        assert!(refused(|s| s.http.tokens = TokenLines(vec!["in-the-open".into()])).contains("http.tokens: line 1"));
        assert!(refused(|s| s.http.requests_per_minute = 0).contains("http.requests_per_minute"));
        let tls = |s: &mut Settings| {
            (s.http.tls_cert_file, s.http.tls_key_file) = (Some("/nowhere/c".into()), Some("/nowhere/k".into()));
        };
        assert!(refused(tls).contains("http.tls_cert_file /nowhere/c"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"http": {"lisen": "127.0.0.1:1"}}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"folder": {"path": "/x", "depth": 1}}"#).is_err());
    }
}
