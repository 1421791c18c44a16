//! Settings of the engine, and the errors of starting it.

use serde::{Deserialize, Serialize};
use std::{fmt, net::SocketAddr, path::PathBuf};

/// Settings of the engine. Every field has a default, unknown fields are refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where HTTP is served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where everything is kept; made if absent.
    pub data_dir: PathBuf,
    /// Opens every route, and the texts of the API keys follow from it; none: open to all who can connect.
    pub master_key: Option<String>,
    /// Bytes of address space that an index starts with.
    pub map_size: usize,
    /// Bytes an index may grow to; then tasks fail with `database_size_limit_reached`.
    pub max_map_size: usize,
    /// Bytes of a request body.
    pub payload_limit: usize,
    /// Threads that index; 0 means one per core.
    pub indexing_threads: usize,
    /// Documents tasks that are indexed in one transaction at most.
    pub max_batched_tasks: usize,
    /// Bytes of payloads that are indexed in one transaction at most.
    pub max_batched_bytes: u64,
    /// Tasks kept; above it the oldest finished ones are forgotten.
    pub max_tasks: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7700)),
            data_dir: PathBuf::from("data.ms"),
            master_key: None,
            map_size: 1 << 30,
            max_map_size: 10 << 30,
            payload_limit: 100 << 20,
            indexing_threads: 0,
            max_batched_tasks: 1_000,
            max_batched_bytes: 256 << 20,
            max_tasks: 100_000,
        }
    }
}

/// The master key is shown as present or absent.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("data_dir", &self.data_dir)
            .field("master_key", &self.master_key.as_ref().map(|_| "…"))
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Checks what types cannot: sizes in order, no empty key.
    pub fn validate(&self) -> Result<(), StartError> {
        let refuse = |message: String| Err(StartError::Settings(message));
        if self.master_key.as_deref().is_some_and(str::is_empty) {
            return refuse("master_key is empty: leave it out or give at least one byte".into());
        }
        for (name, value) in [("map_size", self.map_size), ("max_map_size", self.max_map_size)] {
            if value < 1 << 20 {
                return refuse(format!("{name} is {value} bytes: give at least 1048576"));
            }
        }
        if self.map_size > self.max_map_size {
            return refuse(format!(
                "map_size ({}) is above max_map_size ({}): lower the one or raise the other",
                self.map_size, self.max_map_size
            ));
        }
        if self.max_batched_tasks == 0 || self.max_tasks == 0 || self.payload_limit == 0 {
            return refuse("max_batched_tasks, max_tasks and payload_limit must be at least 1".into());
        }
        Ok(())
    }
}

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting makes no sense.
    #[error("bad settings: {0}")]
    Settings(String),
    /// The data folder cannot be used.
    #[error("cannot use the data folder {}: {source}; give another or mend its rights", .path.display())]
    DataDir {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process has the data folder.
    #[error("the data folder {} is in use by another process: stop it or give another folder", .0.display())]
    InUse(PathBuf),
    /// The data could not be opened.
    #[error("cannot open the data in {}: {message}", .path.display())]
    Open {
        /// Where.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; free the port or give another")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        Settings::default().validate().unwrap();
    }

    #[test]
    fn sizes_out_of_order_are_refused() {
        let settings = Settings { map_size: 2 << 30, max_map_size: 1 << 30, ..Settings::default() };
        assert!(settings.validate().is_err());
    }
}
