//! Getting and listing documents, and facts about an index.

use super::select::{Document, pick};
use super::slot::Trouble;
use super::write::document_filter;
use crate::error::{Code, Failure, Result};
use jiff::Timestamp;
use milli_core::heed::{RoTxn, WithoutTls};
use milli_core::{FieldsIdsMap, Filter, Index, all_obkv_to_json};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Which documents a listing asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// How many to leave out.
    pub offset: usize,
    /// How many to give.
    pub limit: usize,
    /// Fields of each; none: all.
    pub fields: Option<Vec<String>>,
    /// Which documents; none: all.
    pub filter: Option<Value>,
    /// Only these ids.
    pub ids: Option<Vec<String>>,
    /// Whether `_vectors` is asked for: always empty here.
    pub vectors: bool,
}

/// A page of documents.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The things.
    pub results: Vec<T>,
    /// How many were left out.
    pub offset: usize,
    /// How many were asked for.
    pub limit: usize,
    /// How many there are in all.
    pub total: usize,
}

/// Facts about an index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexView {
    /// Its name.
    pub uid: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The field that identifies a document.
    pub primary_key: Option<String>,
}

/// Counts of an index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexStats {
    number_of_documents: u64,
    raw_document_db_size: u64,
    avg_document_size: u64,
    is_indexing: bool,
    number_of_embeddings: u64,
    number_of_embedded_documents: u64,
    field_distribution: BTreeMap<String, u64>,
}

/// One document by its id.
pub fn document(index: &Index, id: &str, fields: Option<&[String]>) -> Result<Document> {
    let rtxn = index.read_txn()?;
    let internal = index.external_documents_ids().get(&rtxn, id)?;
    let internal =
        internal.ok_or_else(|| Failure::new(Code::DocumentNotFound, format!("Document `{id}` not found.")))?;
    let document = load(index, &rtxn, &index.fields_ids_map(&rtxn)?, internal)?;
    Ok(narrow(document, fields))
}

/// A page of documents in the order of their internal ids.
pub fn list(index: &Index, listing: &Listing) -> Result<Page<Document>> {
    let rtxn = index.read_txn()?;
    let mut ids = match &listing.filter {
        None => index.documents_ids(&rtxn)?,
        Some(value) => match Filter::from_json(value).map_err(filter_failure)? {
            None => index.documents_ids(&rtxn)?,
            Some(filter) => filter.evaluate(&rtxn, index).map_err(filter_failure)?,
        },
    };
    if let Some(wanted) = &listing.ids {
        let external = index.external_documents_ids();
        let mut known = HashSet::new();
        for id in wanted {
            if let Some(internal) = external.get(&rtxn, id)? {
                known.insert(internal);
            }
        }
        ids = ids.into_iter().filter(|id| known.contains(id)).collect();
    }
    let names = index.fields_ids_map(&rtxn)?;
    let mut results = Vec::new();
    for id in ids.iter().skip(listing.offset).take(listing.limit) {
        let document = load(index, &rtxn, &names, id)?;
        let mut document = narrow(document, listing.fields.as_deref());
        if listing.vectors {
            document.insert("_vectors".to_owned(), Value::Object(Document::new()));
        }
        results.push(document);
    }
    Ok(Page {
        results,
        offset: listing.offset,
        limit: listing.limit,
        total: usize::try_from(ids.len()).unwrap_or(usize::MAX),
    })
}

/// Name, dates and primary key.
pub fn view(uid: &str, index: &Index) -> Result<IndexView> {
    let rtxn = index.read_txn()?;
    Ok(IndexView {
        uid: uid.to_owned(),
        created_at: time_of(index.created_at(&rtxn)?.unix_timestamp_nanos()),
        updated_at: time_of(index.updated_at(&rtxn)?.unix_timestamp_nanos()),
        primary_key: index.primary_key(&rtxn)?.map(str::to_owned),
    })
}

/// Counts.
pub fn stats(index: &Index, is_indexing: bool) -> Result<IndexStats> {
    let rtxn = index.read_txn()?;
    let sizes = index.documents_stats(&rtxn)?.unwrap_or_default();
    Ok(IndexStats {
        number_of_documents: index.number_of_documents(&rtxn)?,
        raw_document_db_size: sizes.total_value_size(),
        avg_document_size: sizes.average_value_size(),
        is_indexing,
        number_of_embeddings: 0,
        number_of_embedded_documents: 0,
        field_distribution: index.field_distribution(&rtxn)?,
    })
}

/// A stored document, whole.
pub fn load(index: &Index, rtxn: &RoTxn<'_, WithoutTls>, names: &FieldsIdsMap, id: u32) -> Result<Document> {
    Ok(all_obkv_to_json(index.document(rtxn, id)?, names)?)
}

fn narrow(document: Document, fields: Option<&[String]>) -> Document {
    match fields {
        Some(fields) if !fields.iter().any(|field| field == "*") => pick(&document, fields),
        _ => document,
    }
}

fn filter_failure(error: milli_core::Error) -> Failure {
    match document_filter(error) {
        Trouble::Refused(failure) => failure,
        Trouble::Engine(error) => error.into(),
    }
}

fn time_of(nanoseconds: i128) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds).unwrap_or_default()
}
