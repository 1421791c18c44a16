//! All metrics of this service, `pressline_parser_…`.

use std::time::Duration;

use bus::ConsumeMetrics;
use contract::{Excluded, Lateness, WarningCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::Extraction;

/// The service's numbers.
#[derive(Debug, Clone)]
pub struct Metrics {
    issues: Counter,
    unreadable: Counter,
    skipped: Family<Reason, Counter>,
    articles: Counter,
    bytes: Counter,
    extract_seconds: Histogram,
    warnings: Family<Warned, Counter>,
    confidence: Histogram,
    dated: Family<Known, Counter>,
    late: Family<Late, Counter>,
    late_now: Family<Late, Gauge>,
    /// What the consumers count.
    pub consume: ConsumeMetrics,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Warned {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Known {
    title: &'static str,
    date: &'static str,
}

/// Tenths; most articles lie in the last ones.
const CONFIDENCE: [f64; 11] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Late {
    kind: &'static str,
}

/// From one page to the largest file that is taken.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

impl Metrics {
    /// New numbers, and the registry that shows them.
    pub fn new() -> (Self, Registry) {
        let metrics = Self {
            issues: Counter::default(),
            unreadable: Counter::default(),
            skipped: Family::default(),
            articles: Counter::default(),
            bytes: Counter::default(),
            extract_seconds: Histogram::new(SECONDS),
            warnings: Family::default(),
            confidence: Histogram::new(CONFIDENCE),
            dated: Family::default(),
            late: Family::default(),
            late_now: Family::default(),
            consume: ConsumeMetrics::default(),
        };
        let mut all = Registry::with_prefix("pressline_parser");
        let m = &metrics;
        all.register("issues", "Issues whose articles were published", m.issues.clone());
        all.register("unreadable_issues", "Files that are no text", m.unreadable.clone());
        all.register(
            "skipped_issues",
            "Issues not published, because a newer revision counts or they were withdrawn",
            m.skipped.clone(),
        );
        all.register("articles", "Articles published", m.articles.clone());
        all.register("read_bytes", "Bytes of the files read", m.bytes.clone());
        all.register("extract_seconds", "Reading one file, language analysis included", m.extract_seconds.clone());
        all.register("warnings", "Warnings on articles and issues, by code", m.warnings.clone());
        all.register("confidence", "How sure the parser is of an article, 0 to 1", m.confidence.clone());
        all.register("identified_issues", "Issues by whether their title and date are known", m.dated.clone());
        all.register("late_issues", "Issues that were late or short at their deadline", m.late.clone());
        all.register("late_titles", "Titles whose issue is late or short now", m.late_now.clone());
        m.late_now(0, 0);
        m.consume.register(&mut all);
        (metrics, all)
    }

    /// A file was read.
    pub fn read(&self, bytes: usize, took: Duration) {
        self.bytes.inc_by(bytes as u64);
        self.extract_seconds.observe(took.as_secs_f64());
    }

    /// A file is no text.
    pub fn unreadable(&self) {
        self.unreadable.inc();
    }

    /// An issue may not stand in the index.
    pub fn skipped(&self, why: Excluded) {
        self.skipped.get_or_create(&Reason { reason: why.as_str() }).inc();
    }

    /// An issue was found to be late, or short.
    pub fn late(&self, kind: Lateness) {
        self.late.get_or_create(&Late { kind: kind.as_str() }).inc();
    }

    /// So many are that now.
    pub fn late_now(&self, late: i64, short: i64) {
        for (kind, count) in [(Lateness::Late, late), (Lateness::Short, short)] {
            self.late_now.get_or_create(&Late { kind: kind.as_str() }).set(count);
        }
    }

    /// All of an issue was published.
    pub fn published(&self, extraction: &Extraction, warnings: impl Iterator<Item = (WarningCode, u32)>) {
        self.issues.inc();
        self.articles.inc_by(extraction.articles.len() as u64);
        for article in &extraction.articles {
            self.confidence.observe(article.confidence);
        }
        let issue = &extraction.manifest.issue;
        let known = |is: bool| if is { "known" } else { "unknown" };
        let labels = Known { title: known(issue.publication.is_some()), date: known(issue.date.is_some()) };
        self.dated.get_or_create(&labels).inc();
        for (code, count) in warnings {
            self.warnings.get_or_create(&Warned { code: label(code) }).inc_by(count.into());
        }
    }
}

/// The code as the contract writes it: a closed list, so the labels are one, too.
fn label(code: WarningCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
