//! The indexes by uid.

use super::meta::{DEFAULT_TYPO_LENGTHS, IndexEntry, Meta};
use super::slot::Slot;
use crate::error::{Code, Failure, Result};
use crate::options::Settings;
use crate::settings::apply;
use milli_core::Index;
use milli_core::update::IndexerConfig;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The indexes by uid. A uid leads to a numbered folder, so that renaming and swapping touch no data.
pub struct Registry {
    folder: PathBuf,
    map_size: usize,
    max_map_size: usize,
    meta: Meta,
    open: RwLock<BTreeMap<String, Arc<Slot>>>,
}

impl Registry {
    /// Opens every index that the database names, and removes folders that it does not name (a creation or
    /// deletion that a crash cut short).
    pub fn open(settings: &Settings, meta: Meta) -> Result<Self> {
        let folder = settings.data_dir.join("indexes");
        fs::create_dir_all(&folder)?;
        let mut open = BTreeMap::new();
        let mut folders = HashSet::new();
        {
            let rtxn = meta.read()?;
            for item in meta.indexes.iter(&rtxn)? {
                let (uid, entry) = item?;
                let path = folder.join(entry.folder.to_string());
                let slot = Slot::open(path, settings.map_size, settings.max_map_size)?;
                open.insert(uid.to_owned(), Arc::new(slot));
                folders.insert(entry.folder.to_string());
            }
        }
        remove_strangers(&folder, &folders)?;
        Ok(Self {
            folder,
            map_size: settings.map_size,
            max_map_size: settings.max_map_size,
            meta,
            open: RwLock::new(open),
        })
    }

    /// The database beside the indexes.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Runs `work` on an index.
    pub fn read<T>(&self, uid: &str, work: impl FnOnce(&Index) -> Result<T>) -> Result<T> {
        let slot = self.slot(uid)?;
        slot.read(work).unwrap_or_else(|| Err(Failure::index_not_found(uid)))
    }

    /// The index with this uid.
    pub fn slot(&self, uid: &str) -> Result<Arc<Slot>> {
        self.find(uid).ok_or_else(|| Failure::index_not_found(uid))
    }

    /// The index with this uid, if there is one.
    pub fn find(&self, uid: &str) -> Option<Arc<Slot>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(uid).cloned()
    }

    /// All uids, in order.
    pub fn uids(&self) -> Vec<String> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.keys().cloned().collect()
    }

    /// What the database knows of an index.
    pub fn entry(&self, uid: &str) -> Result<IndexEntry> {
        let rtxn = self.meta.read()?;
        let entry = self.meta.indexes.get(&rtxn, uid)?;
        entry.ok_or_else(|| Failure::index_not_found(uid))
    }

    /// Makes an index in a new folder, with the engine's typo lengths set as `apply` explains. It is known to
    /// searches only after [`Registry::publish`].
    pub fn create(&self, config: &IndexerConfig, primary_key: Option<&str>) -> Result<(IndexEntry, Arc<Slot>)> {
        let mut wtxn = self.meta.write()?;
        let folder = self.meta.next(&mut wtxn, "folder")?;
        wtxn.commit()?;
        let path = self.folder.join(folder.to_string());
        let slot = Slot::open(path, self.map_size, self.max_map_size)?;
        slot.write(|index| apply::initialize(index, config, primary_key))?;
        let entry = IndexEntry { folder, typo_lengths: DEFAULT_TYPO_LENGTHS };
        Ok((entry, Arc::new(slot)))
    }

    /// Makes a created index known, in the database and to searches.
    pub fn publish(&self, uid: &str, entry: &IndexEntry, slot: Arc<Slot>) -> Result<()> {
        let mut wtxn = self.meta.write()?;
        self.meta.indexes.put(&mut wtxn, uid, entry)?;
        wtxn.commit()?;
        self.insert(uid, slot);
        Ok(())
    }

    /// Makes an index known to searches that the database knows already.
    pub fn insert(&self, uid: &str, slot: Arc<Slot>) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(uid.to_owned(), slot);
    }

    /// Takes an index away from searches and removes its data; the database must have forgotten it before.
    pub fn remove(&self, uid: &str) {
        let slot = {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            open.remove(uid)
        };
        if let Some(slot) = slot
            && let Err(error) = slot.delete()
        {
            // Harmless now, and the next start removes it.
            tracing::warn!(uid, %error, "the folder of a deleted index could not be removed");
        }
    }

    /// Lets searches find each index of a pair under the other's uid, all pairs at once; the database must know
    /// before.
    pub fn swap(&self, pairs: &[(String, String)]) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        for (one, other) in pairs {
            if let (Some(first), Some(second)) = (open.remove(one), open.remove(other)) {
                open.insert(one.clone(), second);
                open.insert(other.clone(), first);
            }
        }
    }

    /// Closes all indexes.
    pub fn close(&self) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        for slot in open.values() {
            slot.close();
        }
    }
}

/// Meilisearch's rule for uids: 1 to 400 of `a-z A-Z 0-9 - _`.
pub fn is_uid(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=400).contains(&text.len()) && text.bytes().all(fits)
}

/// Refuses what is no uid.
pub fn check_uid(uid: &str) -> Result<()> {
    if is_uid(uid) {
        return Ok(());
    }
    Err(Failure::new(
        Code::InvalidIndexUid,
        format!(
            "`{uid}` is not a valid index uid. Index uid can be an integer or a string containing only \
             alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 400 bytes."
        ),
    ))
}

fn remove_strangers(folder: &Path, known: &HashSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = name.bytes().all(|byte| byte.is_ascii_digit());
        if is_ours && !known.contains(&name) {
            tracing::info!(folder = name, "removing the folder of an index that is not in the database");
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_uid;

    #[test]
    fn uids_are_short_ascii_names() {
        for good in ["a", "articles-2026_1", &"x".repeat(400)] {
            assert!(check_uid(good).is_ok(), "{good}");
        }
        for bad in ["", "文章", "a b", "a/b", &"x".repeat(401)] {
            assert!(check_uid(bad).is_err(), "{bad}");
        }
    }
}
