//! Who may do what: API keys, and tenant tokens made from them.
//!
//! A key's text is never kept: it is the HMAC of the key's uid under the master key, as in Meilisearch, so the same
//! uid and master key give the same text on either. `store` keeps the keys, `key` is one of them, `action` and
//! `pattern` say what and where, `token` reads tenant tokens, and `access` is what a request may do in the end.

pub mod access;
pub mod action;
pub mod key;
pub mod pattern;
pub mod store;
pub mod token;
