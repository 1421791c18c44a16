//! The data folder of a line on this machine: what lies where, who holds it, where the line listens.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use indexer::settings::ServerSettings;
use serde::{Deserialize, Serialize};

use crate::keys::files::KeyFiles;
use crate::keys::role::Role;
use crate::report::Problem;

const ADDRESSES: &str = "addresses.json";
const LOCK: &str = "lock";
const KEYS: &str = "keys";

/// The data folder.
#[derive(Debug, Clone)]
pub struct Place(PathBuf);

/// Where a running line listens; lies in its data folder for the other commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// Meilisearch's HTTP API.
    pub search: String,
    /// Where there are several engines: each, by the name that issues are found under. The first is `search`, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<(String, String)>,
    /// A key that searches the index, if it wants one. The file is readable by its owner only.
    pub search_key: Option<String>,
    /// The index that the articles are in.
    pub index: String,
    /// Intake's HTTP side.
    pub intake: String,
    /// The token that intake wants, if it wants one.
    pub intake_token: Option<String>,
    /// Health and metrics of each service.
    pub metrics: Vec<(String, String)>,
    /// The drop folder.
    pub drop_folder: PathBuf,
    /// The broker.
    pub nats: String,
}

impl Addresses {
    /// The addresses of all engines.
    pub fn engines(&self) -> Vec<String> {
        match &self.servers[..] {
            [] => vec![self.search.clone()],
            several => several.iter().map(|(_, url)| url.clone()).collect(),
        }
    }

    /// The engines as settings have them.
    pub fn search_settings(&self) -> indexer::settings::Search {
        let mut search = indexer::settings::Search { index: self.index.clone(), ..Default::default() };
        if self.servers.is_empty() {
            search.url = self.search.clone();
        }
        search.servers = self
            .servers
            .iter()
            .map(|(name, url)| ServerSettings { name: name.clone(), url: url.clone(), ..Default::default() })
            .collect();
        search
    }
}

impl Place {
    /// The folder at `path`.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder, tries that it can be written, and holds it for this process.
    pub fn hold(&self) -> Result<Held, Problem> {
        let cannot = |error: std::io::Error| {
            Problem::unavailable(format!(
                "data folder {} cannot be written: {error}; name another one with --data",
                self.0.display()
            ))
        };
        fs::create_dir_all(&self.0).map_err(cannot)?;
        let lock = File::options().create(true).truncate(false).write(true).open(self.0.join(LOCK)).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => {
                let addresses = self.0.join(ADDRESSES);
                // Left by one that was killed: nobody listens there any more.
                let _ = fs::remove_file(&addresses);
                Ok(Held { _lock: lock, addresses })
            }
            Err(TryLockError::WouldBlock) => Err(Problem::unavailable(format!(
                "data folder {} is in use by another `pressline up`; stop it or name another folder with --data",
                self.0.display()
            ))),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    /// The broker's files.
    pub fn nats(&self) -> PathBuf {
        self.0.join("nats")
    }

    /// The files of an engine; the first of several goes on with those of one that was alone.
    pub fn search(&self, number: usize) -> PathBuf {
        match number {
            0 => self.0.join("search"),
            more => self.0.join(format!("search-{}", more + 1)),
        }
    }

    /// The keys of the search engine.
    pub fn keys(&self) -> KeyFiles {
        KeyFiles::at(self.0.join(KEYS))
    }

    /// The folder that holds `incoming/`, `done/` and `rejected/`.
    pub fn drop_folder(&self) -> PathBuf {
        self.0.clone()
    }

    /// Where the line that runs on this folder listens.
    pub fn addresses(&self) -> Result<Addresses, Problem> {
        let file = self.0.join(ADDRESSES);
        let text = fs::read_to_string(&file).map_err(|_| {
            Problem::unavailable(format!(
                "no line runs on {}: start `pressline up`, or name its data folder with --data",
                self.0.display()
            ))
        })?;
        let mut addresses: Addresses = serde_json::from_str(&text)
            .map_err(|error| Problem::unavailable(format!("{} is not valid: {error}", file.display())))?;
        // It may have been rotated since the line started.
        if let Some(key) = self.keys().read(Role::Search) {
            addresses.search_key = Some(key);
        }
        Ok(addresses)
    }
}

/// A data folder that this process holds; given up when dropped.
pub struct Held {
    _lock: File,
    addresses: PathBuf,
}

impl Held {
    /// Lets the other commands know where the line listens.
    pub fn announce(&self, addresses: &Addresses) -> Result<(), Problem> {
        let cannot = |error: std::io::Error| {
            Problem::unavailable(format!("{} cannot be written: {error}", self.addresses.display()))
        };
        let folder = self.addresses.parent().unwrap_or(Path::new("."));
        // A temporary file is readable by its owner only, and the keys are in it.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
        serde_json::to_writer_pretty(&mut file, addresses).map_err(|error| cannot(error.into()))?;
        file.persist(&self.addresses).map_err(|error| cannot(error.error))?;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.addresses);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_once_and_addresses_last_as_long_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::at(&folder.path().join("new"));
        let held = place.hold().unwrap();
        assert!(place.hold().is_err_and(|problem| problem.to_string().contains("in use")));
        let addresses = Addresses {
            search: "http://127.0.0.1:1".into(),
            servers: vec![],
            search_key: None,
            index: "articles".into(),
            intake: "http://127.0.0.1:2".into(),
            intake_token: None,
            metrics: vec![],
            drop_folder: "x".into(),
            nats: "nats://127.0.0.1:3".into(),
        };
        held.announce(&addresses).unwrap();
        assert_eq!(place.addresses().unwrap(), addresses);
        drop(held);
        assert!(place.addresses().is_err_and(|problem| problem.to_string().contains("pressline up")));
        place.hold().unwrap();
    }
}
