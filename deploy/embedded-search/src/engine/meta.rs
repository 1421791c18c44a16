//! The small database beside the indexes: which index is in which folder, the tasks, and the API keys.
//!
//! One LMDB environment, so that a task's end and what it did to the list of indexes are one transaction.

use crate::error::{Failure, Result};
use crate::keys::key::Key;
use crate::options::StartError;
use crate::tasks::task::Task;
use milli_core::heed::byteorder::BigEndian;
use milli_core::heed::types::{SerdeJson, Str, U32, U64, Unit};
use milli_core::heed::{Database, Env, EnvOpenOptions, RoTxn, RwTxn, WithoutTls};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Address space of the database: far above what the kept tasks need, and only reserved, not used.
const MAP_SIZE: usize = 8 << 30;

/// What is known of an index without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// Number of its folder; an index that is renamed or swapped keeps it.
    pub folder: u64,
    /// Typo lengths as the user gave them (one typo, two typos), in characters.
    pub typo_lengths: [u8; 2],
}

/// Typo lengths of Meilisearch when nobody sets them.
pub const DEFAULT_TYPO_LENGTHS: [u8; 2] = [5, 9];

/// The database.
#[derive(Clone)]
pub struct Meta {
    env: Env<WithoutTls>,
    /// By uid.
    pub indexes: Database<Str, SerdeJson<IndexEntry>>,
    /// By task uid.
    pub tasks: Database<U32<BigEndian>, SerdeJson<Task>>,
    /// Numbers of the tasks that are not done, so that a start need not read all.
    pub waiting: Database<U32<BigEndian>, Unit>,
    /// By uid.
    pub keys: Database<Str, SerdeJson<Key>>,
    counters: Database<Str, U64<BigEndian>>,
}

impl Meta {
    /// Opens the database in `folder`, which must exist.
    pub fn open(folder: &Path) -> Result<Self, StartError> {
        Self::try_open(folder).map_err(|failure| StartError::Open { path: folder.to_owned(), message: failure.message })
    }

    fn try_open(folder: &Path) -> Result<Self> {
        let env = open_environment(folder)?;
        let mut wtxn = env.write_txn()?;
        let indexes = env.create_database(&mut wtxn, Some("indexes"))?;
        let tasks = env.create_database(&mut wtxn, Some("tasks"))?;
        let waiting = env.create_database(&mut wtxn, Some("waiting"))?;
        let keys = env.create_database(&mut wtxn, Some("keys"))?;
        let counters = env.create_database(&mut wtxn, Some("counters"))?;
        wtxn.commit()?;
        Ok(Self { env, indexes, tasks, waiting, keys, counters })
    }

    /// A view of the database as it is now.
    pub fn read(&self) -> Result<RoTxn<'_, WithoutTls>> {
        Ok(self.env.read_txn()?)
    }

    /// The one write transaction at a time.
    pub fn write(&self) -> Result<RwTxn<'_>> {
        Ok(self.env.write_txn()?)
    }

    /// The next number of `counter`, starting with 0; never given twice.
    pub fn next(&self, wtxn: &mut RwTxn<'_>, counter: &str) -> Result<u64> {
        let next = self.counters.get(wtxn, counter)?.unwrap_or(0);
        self.counters.put(wtxn, counter, &(next + 1))?;
        Ok(next)
    }

    /// Closes the database once nobody reads it any more.
    pub fn close(self) {
        self.env.prepare_for_closing().wait();
    }
}

/// The only place that opens an LMDB environment by itself: milli opens those of the indexes.
#[allow(unsafe_code)]
fn open_environment(folder: &Path) -> Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(MAP_SIZE).max_dbs(8).max_readers(1024);
    // SAFETY: LMDB maps the file, so nobody else may change it; the lock on the data folder, taken before, keeps
    // other processes of ours out, and heed refuses to open the same path twice in one process.
    let env = unsafe { options.open(folder) };
    env.map_err(Failure::from)
}
