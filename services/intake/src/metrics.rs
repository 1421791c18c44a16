//! What intake counts: `pressline_intake_*`, closed labels.

use std::fmt::{self, Write};

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::refusal::RefusalCode;

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The drop folder.
    Folder,
    /// An upload.
    Http,
}

impl EncodeLabelValue for Source {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(match self {
            Self::Folder => "folder",
            Self::Http => "http",
        })
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Published.
    Accepted,
    /// Known already.
    Duplicate,
    /// Not admitted, for this reason.
    Refused(RefusalCode),
    /// Not taken now: the broker is full or away.
    Unavailable,
}

impl EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Refused(code) => code.as_str(),
            Self::Unavailable => "unavailable",
        })
    }
}

/// Files that are read again when they change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reload {
    /// Senders' tokens.
    Tokens,
    /// Certificate and key.
    Tls,
}

impl Reload {
    /// As metric and log show it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Tls => "tls",
        }
    }
}

/// How a connection ended before a request of it could be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Broken {
    /// Its address had all connections that one may have.
    TooMany,
    /// No TLS came about.
    Handshake,
    /// Headers did not come in time.
    HeaderTimeout,
    /// Too many headers, or too long ones.
    HeadersTooLarge,
    /// What came is not HTTP.
    NotHttp,
    /// It broke off in the middle of a request or an answer.
    BrokenOff,
}

impl Broken {
    fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "too_many_connections",
            Self::Handshake => "tls_handshake",
            Self::HeaderTimeout => "header_timeout",
            Self::HeadersTooLarge => "headers_too_large",
            Self::NotHttp => "not_http",
            Self::BrokenOff => "broken_off",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReloadLabels {
    what: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WhatLabel {
    what: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FileLabels {
    source: Source,
    outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SourceLabel {
    source: Source,
}

/// The counters of one running intake; clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    files: Family<FileLabels, Counter>,
    bytes: Family<SourceLabel, Counter>,
    in_flight: Family<SourceLabel, Gauge>,
    publish: Histogram,
    connections: Gauge,
    refused: Family<Why, Counter>,
    reloads: Family<ReloadLabels, Counter>,
    unusable: Family<WhatLabel, Gauge>,
}

impl Metrics {
    /// Registers all of them.
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            files: Family::default(),
            bytes: Family::default(),
            in_flight: Family::default(),
            // 1 ms to 16 s: a publish takes one disk sync, or as long as the broker is away.
            publish: Histogram::new(exponential_buckets(0.001, 2.0, 15)),
            connections: Gauge::default(),
            refused: Family::default(),
            reloads: Family::default(),
            unusable: Family::default(),
        };
        let registry = registry.sub_registry_with_prefix("pressline_intake");
        registry.register("files", "Files that came, by source and outcome", metrics.files.clone());
        registry.register("received_bytes", "Bytes of files that were published", metrics.bytes.clone());
        registry.register("in_flight_files", "Files being read or published", metrics.in_flight.clone());
        registry.register("publish_seconds", "From admitted to acknowledged by JetStream", metrics.publish.clone());
        registry.register("open_connections", "Connections to the upload address", metrics.connections.clone());
        registry.register(
            "refused_requests",
            "Requests and connections that were refused or cut off, by reason",
            metrics.refused.clone(),
        );
        registry.register("reloads", "Changed files of tokens or TLS, in force or not", metrics.reloads.clone());
        registry.register("unusable_files", "Files of tokens or TLS that hold a mistake now", metrics.unusable.clone());
        metrics
    }

    /// One request was refused; `code` is one of those in the code of [`crate::source::http`], never a sender's text.
    pub fn refused(&self, code: &'static str) {
        self.refused.get_or_create(&Why { reason: code }).inc();
    }

    /// One connection ended before its request could be answered.
    pub fn broken(&self, broken: Broken) {
        self.refused(broken.as_str());
    }

    /// Changed files were read again, and what they hold is `in_force` or not.
    pub fn reloaded(&self, what: Reload, in_force: bool) {
        let outcome = if in_force { "in_force" } else { "kept" };
        self.reloads.get_or_create(&ReloadLabels { what: what.as_str(), outcome }).inc();
    }

    /// What the files hold now cannot be used, or can. The counter alone tells nobody: it says nothing of how it stands now.
    pub fn unusable(&self, what: Reload, unusable: bool) {
        self.unusable.get_or_create(&WhatLabel { what: what.as_str() }).set(i64::from(unusable));
    }

    /// One file has an outcome.
    pub fn count(&self, source: Source, outcome: Outcome) {
        self.files.get_or_create(&FileLabels { source, outcome }).inc();
    }

    /// One file was delivered: new, or known already.
    pub fn delivered(&self, source: Source, known: bool, bytes: usize) {
        if known {
            self.count(source, Outcome::Duplicate);
        } else {
            self.count(source, Outcome::Accepted);
            self.bytes.get_or_create(&SourceLabel { source }).inc_by(bytes as u64);
        }
    }

    /// Seconds from admitted to acknowledged.
    pub fn published(&self, seconds: f64) {
        self.publish.observe(seconds);
    }

    /// One file is in flight until the guard is dropped.
    pub fn in_flight(&self, source: Source) -> Counted {
        Counted::new(self.in_flight.get_or_create(&SourceLabel { source }).clone())
    }

    /// One connection is open until the guard is dropped.
    pub fn connection(&self) -> Counted {
        Counted::new(self.connections.clone())
    }
}

/// Takes back its count when dropped.
#[derive(Debug)]
pub struct Counted(Gauge);

impl Counted {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
