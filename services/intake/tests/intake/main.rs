//! intake as a whole, against a real nats-server.

#![allow(clippy::unwrap_used, reason = "the helpers belong to tests, where a panic is the report")]

mod common;
mod corrections;
mod drop_folder;
mod encrypted;
mod secrets;
mod senders;
mod starting;
mod uploads;
mod uploads_under_stress;
mod whole_issues;
