//! The API as clients meet it. The same tests run against a real Meilisearch when `MEILI_URL` and `MEILI_MASTER_KEY`
//! are set; `engine_only` holds what only makes sense for the engine in this crate and always runs on that.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod documents;
mod engine_only;
mod facets;
mod federated;
mod guard;
mod indexes;
mod keys;
mod rig;
mod searching;
mod settings;
mod swapping;
mod tasks;
mod tenants;
mod writing;
