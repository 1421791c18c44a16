//! The indexer against a scripted server (every way in which a search engine can misbehave) and against real ones.

mod fixtures;
mod scripted;
mod service;
mod sink;
mod start_up;
