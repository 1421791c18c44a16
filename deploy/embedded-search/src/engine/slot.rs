//! One index on disk: opened, read and written behind a gate, and reopened larger when its map is full.

use crate::error::{Code, Failure, Result};
use milli_core::heed::{EnvOpenOptions, MdbError};
use milli_core::{Error, Index, InternalError, UserError};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// LMDB takes whole pages; a megabyte is a whole number of them everywhere.
const GRAIN: usize = 1 << 20;

/// Why work on an index did not succeed.
#[derive(Debug)]
pub enum Trouble {
    /// The engine's own error, not yet translated: the gate looks for a full map in it.
    Engine(Error),
    /// An error with its code.
    Refused(Failure),
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// Result of work on an index.
pub type Work<T> = std::result::Result<T, Trouble>;

/// One index. Readers share the gate; deleting and growing take it alone, because LMDB can only be closed, and so
/// enlarged, when nobody uses it.
pub struct Slot {
    path: PathBuf,
    max_map_size: usize,
    gate: RwLock<Option<Index>>,
}

impl Slot {
    /// Opens the index in `path`, or makes it.
    pub fn open(path: PathBuf, map_size: usize, max_map_size: usize) -> Result<Self> {
        fs::create_dir_all(&path)?;
        let size = starting_size(&path, map_size);
        let index = open_index(&path, size)?;
        Ok(Self { path, max_map_size, gate: RwLock::new(Some(index)) })
    }

    /// Runs `work` on the index; `None` if it was deleted meanwhile.
    ///
    /// Do not nest: a thread that waits to grow the index would wait for ever.
    pub fn read<T>(&self, work: impl FnOnce(&Index) -> T) -> Option<T> {
        let gate = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        gate.as_ref().map(work)
    }

    /// Runs `work`, which writes in one transaction, again on a larger map when the map is full, and once more
    /// after a panic (the engine was seen to panic on a full map too).
    pub fn write<T>(&self, work: impl Fn(&Index) -> Work<T>) -> Result<T> {
        let mut panics = 0;
        loop {
            let outcome = self.read(|index| catch_unwind(AssertUnwindSafe(|| work(index))));
            match outcome {
                None => return Err(Failure::internal("the index was closed")),
                Some(Ok(Ok(done))) => return Ok(done),
                Some(Ok(Err(Trouble::Refused(failure)))) => return Err(failure),
                Some(Ok(Err(Trouble::Engine(error)))) if is_map_full(&error) => {
                    if !self.grow()? {
                        return Err(Failure::new(
                            Code::DatabaseSizeLimitReached,
                            format!("The index reached its limit of {} bytes (max_map_size).", self.max_map_size),
                        ));
                    }
                }
                Some(Ok(Err(Trouble::Engine(error)))) if !is_panic(&error) => {
                    return Err(error.into());
                }
                Some(Err(_) | Ok(Err(Trouble::Engine(_)))) => {
                    panics += 1;
                    if panics > 1 {
                        return Err(Failure::internal("the indexer panicked twice on this batch"));
                    }
                    self.grow()?;
                }
            }
        }
    }

    /// Doubles the map up to its limit; false if it was there already.
    fn grow(&self) -> Result<bool> {
        let mut gate = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = gate.as_ref() else {
            return Ok(false);
        };
        let size = index.map_size();
        let larger = (size * 2).min(self.max_map_size) / GRAIN * GRAIN;
        if larger <= size {
            return Ok(false);
        }
        if let Some(index) = gate.take() {
            index.prepare_for_closing().wait();
        }
        // Back at the old size if the larger one cannot be had, so that at least searching goes on.
        let (index, grown) = match open_index(&self.path, larger) {
            Ok(index) => (index, true),
            Err(_) => (open_index(&self.path, size)?, false),
        };
        tracing::info!(folder = %self.path.display(), from = size, to = larger, grown, "index map was full");
        *gate = Some(index);
        Ok(grown)
    }

    /// Closes the index; later reads find nothing.
    pub fn close(&self) {
        let mut gate = self.gate.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = gate.take() {
            index.prepare_for_closing().wait();
        }
    }

    /// Closes the index and removes its folder.
    pub fn delete(&self) -> std::io::Result<()> {
        self.close();
        fs::remove_dir_all(&self.path)
    }
}

fn open_index(path: &Path, map_size: usize) -> Result<Index> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_size).max_readers(1024);
    Ok(Index::new(options, path, true)?)
}

/// At least `map_size`, and a quarter more than what is there already.
fn starting_size(path: &Path, map_size: usize) -> usize {
    let used = fs::metadata(path.join("data.mdb")).map_or(0, |data| data.len());
    let used = usize::try_from(used).unwrap_or(usize::MAX / 2);
    map_size.max(used.saturating_add(used / 4)).div_ceil(GRAIN) * GRAIN
}

/// Whether the index has no room left in its map.
pub fn is_map_full(error: &Error) -> bool {
    use milli_core::heed::Error as Heed;
    match error {
        Error::UserError(UserError::MaxDatabaseSizeReached) => true,
        Error::InternalError(internal) => match internal {
            InternalError::Store(error) => matches!(error, MdbError::MapFull),
            InternalError::StorePut { error, .. } | InternalError::StoreDeletion { error, .. } => {
                matches!(error, Heed::Mdb(MdbError::MapFull))
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_panic(error: &Error) -> bool {
    matches!(error, Error::InternalError(InternalError::PanicInThreadPool(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_starts_with_room_above_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(starting_size(folder.path(), 5 << 20), 5 << 20);
        fs::write(folder.path().join("data.mdb"), vec![0; 8 << 20]).unwrap();
        assert_eq!(starting_size(folder.path(), 5 << 20), 10 << 20);
    }
}
