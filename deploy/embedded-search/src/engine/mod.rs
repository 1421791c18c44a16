//! The indexes: which there are, and what is done with one.
//!
//! `registry` knows them by uid, `slot` is one of them on disk, `meta` the small database beside them; `write` adds and
//! deletes documents, `read` gets and lists them, `search` finds, `facets` finds values, `federate` and
//! `merge` make one list of several searches, `format` highlights and crops, `select` picks fields.

pub mod facets;
pub mod federate;
pub mod format;
pub mod merge;
pub mod meta;
pub mod read;
pub mod registry;
pub mod search;
pub mod select;
pub mod slot;
pub mod write;

pub use slot::is_map_full;

use crate::error::{Failure, Result};
use milli_core::ThreadPoolNoAbortBuilder;
use milli_core::update::IndexerConfig;

/// How indexing is done: the thread pool and the engine's parameters.
pub fn indexer_config(threads: usize) -> Result<IndexerConfig> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = if threads == 0 { cores } else { threads };
    let pool = ThreadPoolNoAbortBuilder::new()
        .thread_name(|at| format!("indexing-{at}"))
        .num_threads(threads)
        .build()
        .map_err(Failure::internal)?;
    Ok(IndexerConfig { thread_pool: Some(pool), ..IndexerConfig::default() })
}
