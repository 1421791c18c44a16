//! Logs: structured, to standard error, so that standard output stays what a program may read; and spans, where wanted.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::settings::bounded;
use crate::trace::{self, Export, Taking};

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
    /// Address of an OpenTelemetry collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`; absent: no export.
    pub otlp: Option<String>,
    /// Of the traces that begin here, so many in a hundred are exported.
    pub trace_percent: u8,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: "info".into(), otlp: None, trace_percent: 100 }
    }
}

impl Telemetry {
    /// Starts logging and the export of spans for this process; a second call changes nothing. `service` is the name under
    /// which a collector shows the spans.
    ///
    /// # Errors
    /// When `level` is not a filter or `otlp` no address; the text names it.
    pub fn start(&self, service: &'static str) -> Result<Export, String> {
        let filter = EnvFilter::try_new(&self.level)
            .map_err(|error| format!("telemetry.level `{}` is not a log filter: {error}", self.level))?;
        bounded("telemetry.trace_percent", self.trace_percent.into(), 0, 100)?;
        let (provider, export) = match &self.otlp {
            Some(url) => {
                let (provider, export) = trace::export(url, self.trace_percent, service)?;
                (Some(provider), export)
            }
            None => (None, Export::default()),
        };
        // Spans of traces say which issue a line is about, so they are there whatever the level.
        let filter = filter.or(Taking);
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let lines = match self.format {
            LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
            LogFormat::Text => {
                lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).with_filter(filter).boxed()
            }
        };
        let spans = provider.as_ref().map(trace::layer);
        // Set already: in tests, or by a program that runs several services.
        let _ = tracing_subscriber::registry().with(lines).with(spans).try_init();
        Ok(export)
    }
}
