//! Every number that the indexer shows, in one place. Labels come from closed sets.

use std::time::Duration;

use bus::ConsumeMetrics;
use contract::{Excluded, Lane};
use jiff::SignedDuration;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::sink::Later;

/// Cheap to clone; clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    documents: Counter,
    rejected: Counter,
    cut: Counter,
    issues: Counter,
    excluded: Family<Reason, Counter>,
    purges: Counter,
    late: Counter,
    batch_documents: Histogram,
    batch_bytes: Histogram,
    task_seconds: Histogram,
    retries: Family<Reason, Counter>,
    queued: Family<ServerLabel, Gauge>,
    searchable: Family<LaneLabel, Histogram, fn() -> Histogram>,
    /// What the consumers count.
    pub consume: ConsumeMetrics,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// One value for each server that the settings name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ServerLabel {
    server: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LaneLabel {
    lane: String,
}

/// From an issue that comes alone on a quiet line to one that waited out a night without a search server.
const TO_SEARCHABLE: [f64; 12] = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0];
/// From one document to the most that a batch may hold.
const DOCUMENTS: [f64; 9] = [1.0, 5.0, 20.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 10_000.0];
/// From one short article to the largest payload that servers usually take.
const BYTES: [f64; 7] = [4e3, 32e3, 256e3, 1e6, 4e6, 16e6, 100e6];
/// From the fastest task to one that an operator should look at.
const SECONDS: [f64; 12] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

impl Metrics {
    /// New numbers, and the registry that shows them.
    pub fn new() -> (Self, Registry) {
        let metrics = Self {
            documents: Counter::default(),
            rejected: Counter::default(),
            cut: Counter::default(),
            issues: Counter::default(),
            excluded: Family::default(),
            purges: Counter::default(),
            late: Counter::default(),
            batch_documents: Histogram::new(DOCUMENTS),
            batch_bytes: Histogram::new(BYTES),
            task_seconds: Histogram::new(SECONDS),
            retries: Family::default(),
            queued: Family::default(),
            searchable: Family::new_with_constructor(|| Histogram::new(TO_SEARCHABLE)),
            consume: ConsumeMetrics::default(),
        };
        let mut all = Registry::with_prefix("pressline_indexer");
        let m = &metrics;
        all.register("documents", "Documents written and searchable", m.documents.clone());
        all.register("rejected_documents", "Documents that the search engine refused", m.rejected.clone());
        all.register("cut_documents", "Documents whose body was cut to their bound", m.cut.clone());
        all.register("issues", "Issues whose articles can all be searched", m.issues.clone());
        all.register(
            "excluded_documents",
            "Documents not written, or taken out again, because a newer revision counts or they were taken back",
            m.excluded.clone(),
        );
        all.register(
            "purges",
            "Issues and articles taken out of the index, as a whole or in old revisions",
            m.purges.clone(),
        );
        all.register(
            "late_documents",
            "Documents that a dead indexer had sent, which came in after they were settled and were taken out again",
            m.late.clone(),
        );
        all.register("batch_documents", "Documents in a batch", m.batch_documents.clone());
        all.register("batch_bytes", "Bytes in a batch", m.batch_bytes.clone());
        all.register("task_seconds", "From sending a batch to the end of its task", m.task_seconds.clone());
        all.register("retries", "Batches sent again, by reason", m.retries.clone());
        all.register("queued_tasks", "Tasks of the search engine that are not done", m.queued.clone());
        let searchable = "From an issue's admission until all its articles can be searched";
        all.register("searchable_seconds", searchable, m.searchable.clone());
        m.consume.register(&mut all);
        (metrics, all)
    }

    /// A batch was closed.
    pub fn batch(&self, documents: usize, bytes: usize) {
        self.batch_documents.observe(documents as f64);
        self.batch_bytes.observe(bytes as f64);
    }

    /// A task has succeeded.
    pub fn written(&self, documents: usize, took: Duration) {
        self.documents.inc_by(documents as u64);
        self.task_seconds.observe(took.as_secs_f64());
    }

    /// The engine refused a document.
    pub fn rejected(&self) {
        self.rejected.inc();
    }

    /// A document's body was cut.
    pub fn cut(&self) {
        self.cut.inc();
    }

    /// An issue is complete.
    pub fn issue(&self) {
        self.issues.inc();
    }

    /// An issue can be searched so long after it was admitted.
    pub fn searchable(&self, lane: Lane, took: SignedDuration) {
        // Clocks of two machines may differ: never below nothing.
        let seconds = took.as_secs_f64().max(0.0);
        self.searchable.get_or_create(&LaneLabel { lane: lane.to_string() }).observe(seconds);
    }

    /// The search server of this name has so many tasks before it.
    pub fn queued(&self, server: &str, tasks: u64) {
        let label = ServerLabel { server: server.to_owned() };
        self.queued.get_or_create(&label).set(i64::try_from(tasks).unwrap_or(i64::MAX));
    }

    /// A document may not stand in the index.
    pub fn excluded(&self, why: Excluded) {
        self.excluded.get_or_create(&Reason { reason: why.as_str() }).inc();
    }

    /// Something leaves the index as a whole.
    pub fn purged(&self) {
        self.purges.inc();
    }

    /// So many documents came in late and were taken out.
    pub fn late(&self, documents: u64) {
        self.late.inc_by(documents);
    }

    /// A batch has to be sent again.
    pub fn retried(&self, why: Later) {
        self.retries.get_or_create(&Reason { reason: label(why) }).inc();
    }
}

fn label(why: Later) -> &'static str {
    match why {
        Later::Unreachable => "unreachable",
        Later::Timeout => "timeout",
        Later::Http => "http",
        Later::QueueFull => "queue_full",
        Later::Auth => "auth",
        Later::TaskLost => "task_lost",
        Later::TaskCanceled => "task_canceled",
        Later::Engine => "engine",
        Later::System => "system",
        Later::Index => "index",
    }
}
