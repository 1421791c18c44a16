//! How far a reindexing is: one key of the ledger, written after each page, so that another run goes on from there.

use std::collections::BTreeMap;

use bus::Kv;
use contract::names;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::operator::{Operator, broker};
use crate::report::Problem;

const KEY: &str = "control.reindex";

/// Where a reindexing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The fresh index is filled; readers have the old one.
    Building,
    /// The swap was sent; whether it was done, the engine tells.
    Swapping,
    /// Readers have the fresh index; the old one is kept.
    Swapped,
    /// Readers have the old index again; the fresh one is kept.
    Undone,
}

/// All that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// When it began.
    pub started: Timestamp,
    /// The index that readers search.
    pub index: String,
    /// The other one: the fresh one until the swap, the old one after it.
    pub other: String,
    /// When the index was made that is to be swapped in, at each server by its name; it keeps that, wherever it is.
    pub made: BTreeMap<String, String>,
    /// The next place in the stream of articles that is to be read.
    pub next: u64,
    /// Where the index that was swapped out stopped being written to.
    pub left: u64,
    /// Documents written.
    pub written: u64,
    /// Documents that the engine refused; they are dead letters, too.
    pub refused: u64,
}

/// The key, and the revision that it was read with: of two runs at once, one loses.
#[derive(Debug)]
pub struct Kept {
    bucket: Kv,
    revision: u64,
}

impl Kept {
    /// The state, if there is a reindexing.
    pub async fn read(operator: &Operator) -> Result<(Self, Option<State>), Problem> {
        let bucket = operator.bus.kv(names::RECEIPTS).await.map_err(broker)?;
        let Some(entry) = bucket.get(KEY).await.map_err(broker)? else {
            return Ok((Self { bucket, revision: 0 }, None));
        };
        let state = serde_json::from_slice(&entry.value)
            .map_err(|error| Problem::failed(format!("key {KEY} of {} is not valid: {error}", names::RECEIPTS)))?;
        Ok((Self { bucket, revision: entry.revision }, Some(state)))
    }

    /// Writes it.
    pub async fn write(&mut self, state: &State) -> Result<(), Problem> {
        let text = serde_json::to_vec(state).map_err(|error| Problem::internal(error.to_string()))?;
        let written = match self.revision {
            0 => self.bucket.create(KEY, text).await,
            revision => self.bucket.update(KEY, text, revision).await,
        };
        self.revision = written.map_err(broker)?.ok_or_else(|| {
            Problem::failed("another `pressline reindex` runs on this line: let it, or stop it and --resume")
        })?;
        Ok(())
    }

    /// Removes it: there is no reindexing any more.
    pub async fn remove(self) -> Result<(), Problem> {
        self.bucket.delete(KEY).await.map_err(broker)
    }
}
