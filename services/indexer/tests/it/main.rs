//! The indexer against a scripted server (every way in which a search engine can misbehave) and against real ones.

#![expect(clippy::unwrap_used, reason = "the helpers belong to tests, where a panic is the report")]

mod chinese;
mod encrypted;
mod fixtures;
mod revisions;
mod scripted;
mod search_sets;
mod service;
mod several;
mod sink;
mod start_up;
