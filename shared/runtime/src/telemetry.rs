//! Logs: structured, to standard error, so that standard output stays what a program may read.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line: for machines.
    #[default]
    Json,
    /// For people.
    Text,
}

/// Section `[telemetry]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telemetry {
    /// How log lines look.
    pub format: LogFormat,
    /// What is logged, in the language of `tracing`'s filters: `info`, `warn,parser=debug`.
    pub level: String,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: "info".into() }
    }
}

impl Telemetry {
    /// Starts logging for this process; a second call changes nothing.
    ///
    /// # Errors
    /// When `level` is not a filter; the text names it.
    pub fn start(&self) -> Result<(), String> {
        let filter = EnvFilter::try_new(&self.level)
            .map_err(|error| format!("telemetry.level `{}` is not a log filter: {error}", self.level))?;
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // Set already: in tests, or by a program that runs several services.
        let _ = match self.format {
            LogFormat::Json => builder.json().flatten_event(true).try_init(),
            LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init(),
        };
        Ok(())
    }
}
