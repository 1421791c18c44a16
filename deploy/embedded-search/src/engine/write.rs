//! Adding and deleting documents. Each function is one transaction; the gate of the index runs it again if the map
//! was full.

use super::slot::{Trouble, Work};
use crate::error::{Code, Failure, Result};
use bumpalo::Bump;
use memmap2::{Mmap, MmapMut};
use milli_core::documents::PrimaryKey;
use milli_core::progress::Progress;
use milli_core::update::new::indexer::{self, DocumentDeletion, DocumentOperation};
use milli_core::update::{ClearDocuments, IndexerConfig};
use milli_core::vector::EmbeddingConfigs;
use milli_core::{Error, Filter, Index, InternalError, ThreadPoolNoAbort};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What happens to fields of a document that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// Fields that are not sent are gone.
    Replace,
    /// Fields that are not sent stay.
    Update,
}

/// What became of one payload of a batch.
pub type PayloadOutcome = Result<u64>;

/// A payload (NDJSON) in memory.
///
/// The engine wants a memory map; an anonymous one needs no `unsafe`, unlike mapping the file, and costs one copy.
pub fn load_payload(path: &Path) -> Result<Mmap> {
    let mut file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).map_err(Failure::internal)?;
    let mut map = MmapMut::map_anon(length)?;
    file.read_exact(&mut map[..length])?;
    Ok(map.make_read_only()?)
}

/// Adds the payloads, in order, in one transaction. The outcome is per payload: a payload with a bad document is
/// left out whole, the others are committed.
pub fn add(
    index: &Index,
    config: &IndexerConfig,
    payloads: &[(Method, Mmap)],
    primary_key: Option<&str>,
) -> Work<Vec<PayloadOutcome>> {
    // Before the read transaction: internal ids are handed out by what the latter sees.
    let mut wtxn = index.write_txn()?;
    let rtxn = index.read_txn()?;
    let fields = index.fields_ids_map(&rtxn)?;
    let mut new_fields = fields.clone();
    let mut operation = DocumentOperation::new();
    for (method, payload) in payloads {
        match method {
            Method::Replace => operation.replace_documents(payload)?,
            Method::Update => operation.update_documents(payload)?,
        }
    }
    let arena = Bump::new();
    let progress = Progress::default();
    let (changes, stats, new_primary_key) =
        operation.into_changes(&arena, index, &rtxn, primary_key, &mut new_fields, &|| false, progress.clone())?;
    if stats.iter().any(|payload| payload.document_count > 0) {
        indexer::index(
            &mut wtxn,
            index,
            pool(config)?,
            config.grenad_parameters(),
            &fields,
            new_fields,
            new_primary_key,
            &changes,
            EmbeddingConfigs::default(),
            &|| false,
            &progress,
        )?;
        wtxn.commit()?;
    }
    Ok(stats
        .into_iter()
        .map(|payload| match payload.error {
            None => Ok(payload.document_count),
            Some(error) => Err(Failure::from(Error::UserError(error))),
        })
        .collect())
}

/// Deletes documents by their ids; says how many there were.
pub fn delete(index: &Index, config: &IndexerConfig, ids: &[&str]) -> Work<u64> {
    let mut wtxn = index.write_txn()?;
    let rtxn = index.read_txn()?;
    let before = index.number_of_documents(&rtxn)?;
    if before == 0 || ids.is_empty() {
        return Ok(0);
    }
    let fields = index.fields_ids_map(&rtxn)?;
    let mut new_fields = fields.clone();
    let mut operation = DocumentOperation::new();
    operation.delete_documents(ids);
    let arena = Bump::new();
    let progress = Progress::default();
    let (changes, _, new_primary_key) =
        operation.into_changes(&arena, index, &rtxn, None, &mut new_fields, &|| false, progress.clone())?;
    indexer::index(
        &mut wtxn,
        index,
        pool(config)?,
        config.grenad_parameters(),
        &fields,
        new_fields,
        new_primary_key,
        &changes,
        EmbeddingConfigs::default(),
        &|| false,
        &progress,
    )?;
    // The engine counts ids that it never had, so count what is left.
    let after = index.number_of_documents(&wtxn)?;
    wtxn.commit()?;
    Ok(before.saturating_sub(after))
}

/// Deletes the documents that a filter matches; says how many there were.
pub fn delete_by_filter(index: &Index, config: &IndexerConfig, filter: &Value) -> Work<u64> {
    let mut wtxn = index.write_txn()?;
    let rtxn = index.read_txn()?;
    let Some(filter) = Filter::from_json(filter).map_err(document_filter)? else {
        return Ok(0);
    };
    let matching = filter.evaluate(&rtxn, index).map_err(document_filter)?;
    let count = matching.len();
    if count == 0 {
        return Ok(0);
    }
    let fields = index.fields_ids_map(&rtxn)?;
    let primary_key = index.primary_key(&rtxn)?.and_then(|name| PrimaryKey::new(name, &fields)).ok_or(
        Error::InternalError(InternalError::DatabaseMissingEntry { db_name: "main", key: Some("primary-key") }),
    )?;
    let mut deletion = DocumentDeletion::new();
    deletion.delete_documents_by_docids(matching);
    let arena = Bump::new();
    let progress = Progress::default();
    indexer::index(
        &mut wtxn,
        index,
        pool(config)?,
        config.grenad_parameters(),
        &fields,
        fields.clone(),
        None,
        &deletion.into_changes(&arena, primary_key),
        EmbeddingConfigs::default(),
        &|| false,
        &progress,
    )?;
    wtxn.commit()?;
    Ok(count)
}

/// Deletes all documents and keeps the settings; says how many there were.
pub fn clear(index: &Index) -> Work<u64> {
    let mut wtxn = index.write_txn()?;
    let count = ClearDocuments::new(&mut wtxn, index).execute()?;
    wtxn.commit()?;
    Ok(count)
}

/// An error in a filter over documents, which has another code than one in a search.
pub fn document_filter(error: Error) -> Trouble {
    let mut failure = Failure::from(error);
    if failure.code == Code::InvalidSearchFilter {
        failure.code = Code::InvalidDocumentFilter;
    }
    Trouble::Refused(failure)
}

fn pool(config: &IndexerConfig) -> Work<&ThreadPoolNoAbort> {
    config.thread_pool.as_ref().ok_or_else(|| Trouble::Refused(Failure::internal("no indexing threads")))
}
