//! The bus against a real nats-server, one for each test.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests, which clippy.toml cannot know")]

mod cluster;
mod common;
mod interruptions;
mod outcomes;
mod reading;
mod store;
mod turns;
mod unreadable;
