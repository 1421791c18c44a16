//! The two servers that Pressline needs, as child processes: found, installed where allowed, started, stopped.
//!
//! The flow: [`nats::find_or_install`] looks at the setting, PATH and the tools folder and else installs the wheel;
//! [`nats::NatsServer::start`] writes its settings file, starts it and waits until JetStream answers. [`search`] does the
//! same for a search engine with Meilisearch's command line and HTTP API. A [`child::Child`] dies with its parent, on
//! `stop`, on drop, and when the parent is killed; it keeps its log in a file, whose last lines come with every error.
//!
//! | module | holds |
//! | --- | --- |
//! | [`child`] | a child process that never outlives its parent |
//! | [`nats`] | nats-server with JetStream |
//! | [`search`] | Meilisearch or the embedded engine |
//! | `ask` | one question to a nats-server |
//! | [`ports`] | free and taken ports |
//! | `install` | finding programs, versions, the wheel |

mod ask;
pub mod child;
mod error;
mod install;
pub mod nats;
pub mod ports;
pub mod search;
mod unix;

pub use error::ServersError;
