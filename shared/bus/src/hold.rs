//! A durable that hands out nothing for a while: for a moment in which nobody may work.

use std::time::{Duration, SystemTime};

use crate::{Bus, BusError};

impl Bus {
    /// From now on the durable hands out nothing, until it is released or the time is over; what is in hand goes on. The server
    /// itself ends it: who holds it may die. Needs nats-server 2.11.
    pub async fn hold(&self, stream: &str, durable: &str, time: Duration) -> Result<(), BusError> {
        let what = || format!("hold durable {durable} of stream {stream}");
        let handle = self.jetstream.get_stream_no_info(stream).await.map_err(|error| self.failed(what(), error))?;
        let until = SystemTime::now() + time;
        handle.pause_consumer(durable, until.into()).await.map(drop).map_err(|error| self.failed(what(), error))
    }

    /// The durable hands out messages again.
    pub async fn release(&self, stream: &str, durable: &str) -> Result<(), BusError> {
        let what = || format!("release durable {durable} of stream {stream}");
        let handle = self.jetstream.get_stream_no_info(stream).await.map_err(|error| self.failed(what(), error))?;
        handle.resume_consumer(durable).await.map(drop).map_err(|error| self.failed(what(), error))
    }
}
