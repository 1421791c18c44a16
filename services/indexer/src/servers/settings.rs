//! Section `[search]`: one search server, or several.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use contract::Route;
use reqwest::{Certificate, Url};
use runtime::settings::bounded;
use serde::Deserialize;

/// Where the one server is unless the settings say so.
const URL: &str = "http://127.0.0.1:7700";
/// What the one server is called.
const ONLY: &str = "search";

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
    /// Several servers instead of the one at `url`: each keeps the issues that [`contract::Route`] gives it.
    pub servers: Vec<ServerSettings>,
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
            url: URL.into(),
            key: None,
            key_file: None,
            tls_ca_file: None,
            servers: Vec::new(),
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
            .field("servers", &self.servers)
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

/// One of several servers.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Its name, by which issues are found again: it stays when the address changes.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Its key, where it is another one than `search.key`.
    #[serde(default)]
    pub key: Option<String>,
    /// The file of its key, where it is another one than `search.key_file`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
}

/// The key is shown as present or absent.
impl fmt::Debug for ServerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSettings")
            .field("name", &self.name)
            .field("url", &self.url)
            .field("key", &self.key.as_ref().map(|_| "…"))
            .field("key_file", &self.key_file)
            .finish()
    }
}

impl Search {
    /// Refuses what cannot work, the keys' files included. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong, by key, value and bound.
    pub fn check(&self) -> Result<(), String> {
        if !self.servers.is_empty() && self.url != URL {
            return Err("search.url and search.servers are both given, give one".into());
        }
        self.roots()?;
        let names = self.route()?;
        for (name, one) in names.names().iter().zip(self.each()) {
            let place = if self.servers.is_empty() { "search".to_owned() } else { format!("search.servers `{name}`") };
            check_url(&one.url).map_err(|wrong| format!("{place}: url {wrong}"))?;
            one.key().map_err(|wrong| format!("{place}: {wrong}"))?;
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

    /// Which server keeps which issue.
    ///
    /// # Errors
    /// When a server's name will not do.
    pub fn route(&self) -> Result<Route, String> {
        match &self.servers[..] {
            [] => Route::new([ONLY]),
            several => Route::new(several.iter().map(|server| &server.name)),
        }
        .map_err(|wrong| format!("search.servers: {wrong}"))
    }

    /// The settings of each server by itself, in the order of [`Search::route`].
    pub fn each(&self) -> Vec<Self> {
        if self.servers.is_empty() {
            return vec![self.clone()];
        }
        let one = |server: &ServerSettings| {
            let own = server.key.is_some() || server.key_file.is_some();
            let (key, key_file) = if own { (&server.key, &server.key_file) } else { (&self.key, &self.key_file) };
            Self {
                url: server.url.clone(),
                key: key.clone(),
                key_file: key_file.clone(),
                servers: Vec::new(),
                ..self.clone()
            }
        };
        self.servers.iter().map(one).collect()
    }

    /// The key of one server, from wherever the settings have it.
    ///
    /// # Errors
    /// Two keys, a file that cannot be read, or one that a header cannot carry.
    pub fn key(&self) -> Result<Option<String>, String> {
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

fn check_url(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| format!("is not an address: {error}; give http://host:port"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("begins with `{}`, give http:// or https:// and a host", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds user or password, give key or key_file instead".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("holds a query or fragment, give an address without".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Search)) -> String {
        let mut search = Search::default();
        change(&mut search);
        search.check().unwrap_err()
    }

    fn server(name: &str, key: Option<&str>) -> ServerSettings {
        ServerSettings {
            name: name.into(),
            url: format!("http://{name}:7700"),
            key: key.map(str::to_owned),
            key_file: None,
        }
    }

    #[test]
    fn an_address_that_cannot_be_one_is_refused_with_the_server_that_has_it() {
        assert!(refused(|s| s.url = "127.0.0.1:7700".into()).starts_with("search: url"));
        assert!(refused(|s| s.url = "ftp://h".into()).contains("`ftp`"));
        let two = |name: &str| vec![server("east", None), ServerSettings { url: "x".into(), ..server(name, None) }];
        assert!(refused(|s| s.servers = two("west")).starts_with("search.servers `west`: url is not an address"));
        assert!(refused(|s| s.servers = two("east")).contains("`east` is there twice"));
        let both = |s: &mut Search| (s.url, s.servers) = ("http://h".into(), vec![server("east", None)]);
        assert!(refused(both).contains("both given"));
    }

    #[test]
    fn each_server_has_its_own_key_or_the_one_of_all() {
        let search = Search {
            key: Some("all".into()),
            servers: vec![server("east", Some("own")), server("west", None)],
            ..Search::default()
        };
        search.check().unwrap();
        let found: Vec<_> = search.each().iter().map(|one| (one.url.clone(), one.key().unwrap())).collect();
        let wanted = [("http://east:7700", "own"), ("http://west:7700", "all")];
        assert_eq!(found, wanted.map(|(url, key)| (url.to_owned(), Some(key.to_owned()))));
        assert_eq!(Search::default().each().len(), 1);
    }

    #[test]
    fn no_message_and_no_debug_output_shows_a_secret() {
        assert!(!refused(|s| s.url = "http://joe:hidden@h".into()).contains("hidden"));
        assert!(!refused(|s| s.key = Some("hidden \n x".into())).contains("hidden"));
        let servers = vec![server("east", Some("hidden"))];
        let search = Search { key: Some("hidden".into()), servers, ..Search::default() };
        assert!(!format!("{search:?}").contains("hidden"));
    }

    #[test]
    fn the_key_comes_from_one_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "secret-key\n").unwrap();
        let mut search = Search { key_file: Some(file.path().to_owned()), ..Search::default() };
        assert_eq!(search.key(), Ok(Some("secret-key".into())));
        search.key = Some("other".into());
        assert!(search.check().unwrap_err().contains("both"));
        assert!(refused(|s| s.key_file = Some("/nowhere/key".into())).contains("/nowhere/key"));
    }
}
