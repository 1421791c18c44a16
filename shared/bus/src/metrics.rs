//! What every consumer counts, ready to be shown.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::{Observer, Outcome};

/// Deliveries, messages in hand and restarts, by durable. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct ConsumeMetrics {
    deliveries: Family<Delivery, Counter>,
    in_flight: Family<Durable, Gauge>,
    restarts: Family<Durable, Counter>,
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

impl ConsumeMetrics {
    /// Shows the numbers in a service's registry, under its prefix.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("deliveries", "Messages handled, by outcome", self.deliveries.clone());
        registry.register("in_flight_messages", "Messages in hand", self.in_flight.clone());
        registry.register("restarts", "Consumers set up anew", self.restarts.clone());
    }
}

impl Observer for ConsumeMetrics {
    fn outcome(&self, durable: &str, outcome: Outcome, _took: Duration) {
        let outcome = match outcome {
            Outcome::Done => "done",
            Outcome::Retried => "retried",
            Outcome::NotYet => "not_yet",
            Outcome::Dead => "dead",
        };
        self.deliveries.get_or_create(&Delivery { durable: durable.to_owned(), outcome }).inc();
    }

    fn in_flight(&self, durable: &str, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.in_flight.get_or_create(&Durable { durable: durable.to_owned() }).set(count);
    }

    fn restarted(&self, durable: &str) {
        self.restarts.get_or_create(&Durable { durable: durable.to_owned() }).inc();
    }
}
