//! What is stored and what is waiting, for an operator's eyes and for metrics.

use futures::StreamExt;

use crate::{Bus, BusError};

/// One stream as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamOverview {
    /// Name; buckets are streams too, called `KV_…` and `OBJ_…`.
    pub name: String,
    /// Messages stored.
    pub messages: u64,
    /// Bytes stored.
    pub bytes: u64,
    /// Bytes it may store; -1 for no bound.
    pub max_bytes: i64,
    /// Sequence of the oldest message stored.
    pub first_sequence: u64,
    /// Sequence of the newest message ever stored.
    pub last_sequence: u64,
    /// Its durable consumers, by name.
    pub durables: Vec<DurableOverview>,
}

/// One durable consumer as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurableOverview {
    /// Name.
    pub name: String,
    /// Messages not yet delivered to anybody: the lag.
    pub pending: u64,
    /// Messages in hand or waiting for another try.
    pub ack_pending: u64,
    /// Of these, delivered more than once.
    pub redelivered: u64,
    /// Pull requests waiting: zero means nobody is working.
    pub waiting: u64,
    /// Sequence up to which all its messages are done with.
    pub done_to: u64,
    /// Subjects it reads; empty for all of the stream.
    pub filters: Vec<String>,
}

impl Bus {
    /// Every stream of the account with its durables, by name.
    pub async fn overview(&self) -> Result<Vec<StreamOverview>, BusError> {
        let mut found = Vec::new();
        let mut streams = self.jetstream.streams();
        while let Some(info) = streams.next().await {
            let info = info.map_err(|error| BusError::unavailable("list streams", error))?;
            found.push(StreamOverview {
                durables: self.durables_of(&info.config.name).await?,
                name: info.config.name,
                messages: info.state.messages,
                bytes: info.state.bytes,
                max_bytes: info.config.max_bytes,
                first_sequence: info.state.first_sequence,
                last_sequence: info.state.last_sequence,
            });
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    async fn durables_of(&self, stream: &str) -> Result<Vec<DurableOverview>, BusError> {
        let failed =
            |error: &dyn std::fmt::Display| BusError::unavailable(format!("list durables of stream {stream}"), error);
        let stream = self.jetstream.get_stream_no_info(stream).await.map_err(|error| failed(&error))?;
        let mut found = Vec::new();
        let mut consumers = stream.consumers();
        while let Some(info) = consumers.next().await {
            let info = info.map_err(|error| failed(&error))?;
            if info.config.durable_name.is_some() {
                let one = Some(info.config.filter_subject).filter(|filter| !filter.is_empty());
                found.push(DurableOverview {
                    name: info.name,
                    done_to: info.ack_floor.stream_sequence,
                    filters: one.into_iter().chain(info.config.filter_subjects).collect(),
                    pending: info.num_pending,
                    ack_pending: info.num_ack_pending as u64,
                    redelivered: info.num_redelivered as u64,
                    waiting: info.num_waiting as u64,
                });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }
}
