//! What every consumer counts, ready to be shown.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::{Death, Observer, Outcome};

/// Deliveries, messages in hand and restarts, by durable. Clones count together.
#[derive(Debug, Clone)]
pub struct ConsumeMetrics {
    deliveries: Family<Delivery, Counter>,
    in_flight: Family<Durable, Gauge>,
    restarts: Family<Durable, Counter>,
    dead: Family<Dead, Counter>,
    seconds: Family<Durable, Histogram, fn() -> Histogram>,
}

/// From an empty message to one that waits for a server that is away.
const SECONDS: [f64; 10] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 120.0];

impl Default for ConsumeMetrics {
    fn default() -> Self {
        Self {
            deliveries: Family::default(),
            in_flight: Family::default(),
            restarts: Family::default(),
            dead: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        }
    }
}

/// Durables are named in code, so the set of labels is closed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Durable {
    durable: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Delivery {
    durable: String,
    outcome: &'static str,
}

/// Stages are named in code, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Dead {
    stage: String,
    reason: &'static str,
}

impl ConsumeMetrics {
    /// Shows the numbers in a service's registry, under its prefix.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("deliveries", "Messages handled, by outcome", self.deliveries.clone());
        registry.register("in_flight_messages", "Messages in hand", self.in_flight.clone());
        registry.register("handling_seconds", "From a message in hand to its outcome", self.seconds.clone());
        registry.register("dead_letters", "Messages given up, by stage and reason", self.dead.clone());
        registry.register("restarts", "Consumers set up anew", self.restarts.clone());
    }
}

impl Observer for ConsumeMetrics {
    fn outcome(&self, durable: &str, outcome: Outcome, took: Duration) {
        let outcome = match outcome {
            Outcome::Done => "done",
            Outcome::Retried => "retried",
            Outcome::NotYet => "not_yet",
            Outcome::Dead => "dead",
        };
        self.seconds.get_or_create(&Durable { durable: durable.to_owned() }).observe(took.as_secs_f64());
        self.deliveries.get_or_create(&Delivery { durable: durable.to_owned(), outcome }).inc();
    }

    fn in_flight(&self, durable: &str, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.in_flight.get_or_create(&Durable { durable: durable.to_owned() }).set(count);
    }

    fn dead(&self, stage: &str, why: Death) {
        let reason = match why {
            Death::Permanent => "permanent",
            Death::Attempts => "attempts",
            Death::Unreadable => "unreadable",
        };
        self.dead.get_or_create(&Dead { stage: stage.to_owned(), reason }).inc();
    }

    fn restarted(&self, durable: &str) {
        self.restarts.get_or_create(&Durable { durable: durable.to_owned() }).inc();
    }
}
