//! Indexes that change places.

use super::task::Task;
use crate::engine::meta::Meta;
use crate::engine::registry::Registry;
use crate::error::{Code, Failure, Result};
use crate::json::quoted;
use milli_core::heed::RwTxn;
use std::collections::BTreeSet;

/// Refuses a swap of indexes that are not there.
pub fn check(registry: &Registry, pairs: &[(String, String)]) -> Result<()> {
    let uids = pairs.iter().flat_map(|(one, other)| [one, other]);
    let missing: BTreeSet<&str> = uids.filter(|uid| registry.find(uid).is_none()).map(String::as_str).collect();
    match missing.iter().collect::<Vec<_>>()[..] {
        [] => Ok(()),
        [uid] => Err(Failure::index_not_found(uid)),
        _ => {
            let missing = quoted(&missing.into_iter().collect::<Vec<_>>());
            Err(Failure::new(Code::IndexNotFound, format!("Indexes {missing} not found.")))
        }
    }
}

/// Writes down that the indexes of each pair have each other's uid, and so have the tasks that made them what they
/// are: what was done to an index stands under the uid that it has now.
pub fn write_down(meta: &Meta, wtxn: &mut RwTxn<'_>, pairs: &[(String, String)]) -> Result<()> {
    for (one, other) in pairs {
        let first = meta.indexes.get(wtxn, one)?.ok_or_else(|| Failure::index_not_found(one))?;
        let second = meta.indexes.get(wtxn, other)?.ok_or_else(|| Failure::index_not_found(other))?;
        meta.indexes.put(wtxn, one, &second)?;
        meta.indexes.put(wtxn, other, &first)?;
    }
    let mut renamed = Vec::new();
    for item in meta.tasks.iter(wtxn)? {
        let (_, task) = item?;
        if task.finished_at.is_some()
            && let Some(uid) = task.index_uid.as_deref().and_then(|uid| partner(pairs, uid))
        {
            renamed.push(Task { index_uid: Some(uid.to_owned()), ..task });
        }
    }
    for task in renamed {
        meta.tasks.put(wtxn, &task.uid, &task)?;
    }
    Ok(())
}

fn partner<'p>(pairs: &'p [(String, String)], uid: &str) -> Option<&'p str> {
    pairs.iter().find_map(|(one, other)| match uid {
        _ if uid == one => Some(other.as_str()),
        _ if uid == other => Some(one.as_str()),
        _ => None,
    })
}
