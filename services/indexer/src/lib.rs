//! Article events in, searchable documents out.
//!
//! An article event becomes a flat [`document`]; documents are collected into a [`batch`], by count, bytes and time, and
//! several batches are written at once ([`batcher`], [`writer`]) through a [`sink`], which is [`meilisearch`]. The event is
//! acked only after the engine's task has succeeded. A manifest event is acked when all its articles can be found or were
//! given up: older revisions leave the index, the receipt says `indexed`, and an issue-indexed event is published.
//!
//! What may stand in the index is said by each issue's fence ([`contract::fence`]), which is asked before and after each
//! write: older revisions, withdrawn issues and killed articles do not come back, whatever is delivered again.
//!
//! What is not a document's fault (a server that is down, full, locked, or behind a broken proxy) is waited out, with
//! readiness false and one line in the log, and nothing is dead-lettered for it. A document that the engine refuses is
//! found by halving its batch, and only that one becomes a dead letter.
//!
//! | module | holds |
//! | --- | --- |
//! | [`document`], `fields` | an article as the engine keeps it (pure) |
//! | [`findable`] | words that the engine would miss in a Chinese text (pure) |
//! | [`query`] | what a reader types as the engine should get it (pure) |
//! | [`batch`] | which documents go together, and when (pure) |
//! | [`index`] | the index' settings as code (pure) |
//! | [`synonyms`] | the file of synonyms that an operator edits |
//! | [`sink`] | what is asked of an engine, and what its refusals mean |
//! | [`writer`] | a batch to its end: waiting, halving |
//! | [`fenced`] | what fences let in, and out again what they exclude |
//! | [`batcher`] | several batches at once, everyone answered |
//! | [`meilisearch`], [`http`] | the engine at the other end of HTTP, with deadlines |
//! | [`sweep`] | what came in late, when nobody looked at the fence any more |
//! | [`articles`], [`manifests`], [`removals`] | the three handlers |
//! | [`servers`] | one search server or several, each with its issues |
//! | [`service`] | start, watch, drain |
//! | [`settings`], [`metrics`] | what an operator may choose and see |

pub mod articles;
pub mod batch;
pub mod batcher;
pub mod document;
pub mod fenced;
mod fields;
pub mod findable;
pub mod http;
pub mod index;
pub mod manifests;
pub mod meilisearch;
pub mod metrics;
pub mod query;
pub mod removals;
pub mod servers;
pub mod service;
pub mod settings;
pub mod sink;
pub mod sweep;
pub mod synonyms;
pub mod writer;

pub use runtime::Running;
pub use service::{run, start};
pub use settings::Settings;
