//! What is on its way, by how far each consumer has come.

use bus::{DurableOverview, StreamOverview};
use contract::Lane;
use contract::names::{self, Work};

use crate::operator::{Operator, broker};
use crate::report::Problem;

/// The consumers at one moment.
#[derive(Debug)]
pub struct Flow {
    streams: Vec<StreamOverview>,
}

impl Flow {
    /// As it is now. What was settled by now has left its mark in the ledger, which is to be read after this.
    pub async fn now(operator: &Operator) -> Result<Self, Problem> {
        Ok(Self { streams: operator.bus.overview().await.map_err(broker)? })
    }

    /// The sequences that the stream of received files holds.
    pub fn files(&self) -> (u64, u64) {
        self.stream(names::ISSUES).map_or((0, 0), |stream| (stream.first_sequence, stream.last_sequence))
    }

    /// Whether the received file at this place may still be worked on, in whatever lane.
    pub fn has_file(&self, sequence: u64) -> bool {
        self.stream(names::ISSUES).is_none_or(|stream| sequence > stream.last_sequence)
            || self.of(Work::Parse).any(|durable| busy(durable) && sequence > durable.done_to)
    }

    /// Whether anything that changes the index is on its way.
    pub fn has_articles(&self) -> bool {
        [Work::Index, Work::Close, Work::Remove].into_iter().any(|work| self.of(work).any(busy))
    }

    fn of(&self, work: Work) -> impl Iterator<Item = &DurableOverview> {
        let names = Lane::ALL.map(|lane| work.durable(lane));
        self.stream(work.stream())
            .into_iter()
            .flat_map(|stream| &stream.durables)
            .filter(move |durable| names.contains(&durable.name))
    }

    fn stream(&self, name: &str) -> Option<&StreamOverview> {
        self.streams.iter().find(|stream| stream.name == name)
    }
}

fn busy(durable: &DurableOverview) -> bool {
    durable.pending > 0 || durable.ack_pending > 0
}
