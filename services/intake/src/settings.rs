//! Settings of intake: what the operator writes, and what is made of it before anything is opened or connected.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use bus::BusSettings;
use contract::Lane;
use contract::names::TopologyOptions;
use runtime::{OpsSettings, ServiceSettings, Telemetry};
use serde::Deserialize;

use crate::admit::Policy;
use crate::admit::facts::FileNamePattern;
use crate::admit::media::MediaTypes;

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

/// Section `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// Address for uploads; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Bearer tokens, any of which opens; in a variable of the environment they are parted by commas.
    pub tokens: Tokens,
    /// A file with one token a line; empty lines and lines that begin with `#` are skipped.
    pub tokens_file: Option<PathBuf>,
    /// Lets anyone upload on an address that other machines reach.
    pub allow_anonymous: bool,
    /// How long the headers of a request (and a silent connection) may take, in milliseconds.
    pub header_timeout_ms: u64,
    /// How long the body of a request may take, in milliseconds.
    pub body_timeout_ms: u64,
    /// Most connections at a time; more wait in the system's queue.
    pub max_connections: usize,
    /// Most bodies read at a time; an upload that finds no place soon is answered 503.
    pub max_uploads: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            tokens: Tokens::default(),
            tokens_file: None,
            allow_anonymous: false,
            header_timeout_ms: 10_000,
            body_timeout_ms: 60_000,
            max_connections: 256,
            max_uploads: 8,
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

/// Secrets that no log shows.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Tokens(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<String>),
    One(String),
}

impl From<OneOrMany> for Tokens {
    fn from(given: OneOrMany) -> Self {
        match given {
            OneOrMany::Many(tokens) => Self(tokens),
            OneOrMany::One(text) => {
                Self(text.split(',').map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()).collect())
            }
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

/// What is made of the settings before anything is connected.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What is let in.
    pub policy: Policy,
    /// All bearer tokens, those of the file too.
    pub tokens: Tokens,
}

impl Settings {
    /// Checks what serde cannot, and reads the file of tokens.
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
        Ok(Checked { policy, tokens: self.http.all_tokens()? })
    }

    fn check_bounds(&self) -> Result<(), String> {
        let mut at_least_one = vec![
            ("max_bytes", self.max_bytes as u64),
            ("drain_ms", self.drain_ms),
            ("http.header_timeout_ms", self.http.header_timeout_ms),
            ("http.body_timeout_ms", self.http.body_timeout_ms),
            ("http.max_connections", self.http.max_connections as u64),
            ("http.max_uploads", self.http.max_uploads as u64),
        ];
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

impl HttpSettings {
    fn all_tokens(&self) -> Result<Tokens, String> {
        let mut tokens = self.tokens.0.clone();
        if let Some(path) = &self.tokens_file {
            let text = std::fs::read_to_string(path).map_err(|error| {
                format!("http.tokens_file {} cannot be read: {error}; give intake's user the right", path.display())
            })?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let before = tokens.len();
            tokens.extend(lines.map(str::to_owned));
            if tokens.len() == before {
                return Err(format!("http.tokens_file {} holds no token; write one a line", path.display()));
            }
        }
        // RFC 6750's b68token is stricter; what matters is that the header can carry it and that it is not blank.
        if tokens.iter().any(|token| token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err("http.tokens holds a token that is empty or has other characters than visible ASCII; \
                        make one with `openssl rand -hex 32`"
                .to_owned());
        }
        if tokens.is_empty() && !self.allow_anonymous && !self.listen.ip().is_loopback() {
            return Err(format!(
                "http.listen {} is reached by other machines and http.tokens is empty; \
                 set http.tokens or http.tokens_file, or http.allow_anonymous = true",
                self.listen
            ));
        }
        Ok(Tokens(tokens))
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
    fn the_defaults_are_valid() {
        assert!(Settings::default().check().is_ok());
    }

    #[test]
    fn an_open_address_needs_tokens_or_an_explicit_word() {
        let open = |settings: &mut Settings| settings.http.listen = "0.0.0.0:0".parse().unwrap();
        assert!(refused(open).contains("http.listen 0.0.0.0:0"));
        let mut settings = Settings::default();
        open(&mut settings);
        settings.http.tokens = Tokens(vec!["t0ken".into()]);
        assert!(settings.check().is_ok());
        settings.http.tokens = Tokens::default();
        settings.http.allow_anonymous = true;
        assert!(settings.check().is_ok());
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
        assert!(refused(|s| s.http.tokens = Tokens(vec!["two words".into()])).contains("http.tokens"));
    }

    #[test]
    fn tokens_of_list_and_file_are_joined_and_never_shown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "# the newsroom\nfrom-file\n\n").unwrap();
        let mut settings = Settings::default();
        settings.http.tokens = serde_json::from_str("\"one, two\"").unwrap();
        settings.http.tokens_file = Some(file.path().to_owned());
        let tokens = settings.check().unwrap().tokens;
        assert_eq!(tokens.0, ["one", "two", "from-file"]);
        assert_eq!(format!("{tokens:?}"), "3 tokens");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"http": {"lisen": "127.0.0.1:1"}}"#).is_err());
        assert!(serde_json::from_str::<Settings>(r#"{"folder": {"path": "/x", "depth": 1}}"#).is_err());
    }
}
