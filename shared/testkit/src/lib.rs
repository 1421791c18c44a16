//! Real servers for tests: a nats-server with JetStream and a search engine, each a child process on a free port with a
//! folder of its own that goes with it, and [`eventually`] instead of sleeping.
//!
//! A test says `let nats = testkit::nats().await;` and connects to `nats.url()`. What is missing is installed or built, or
//! the test fails with how to get it; nothing is skipped. Every function here panics on failure: it is for tests only.
//!
//! | module | holds |
//! | --- | --- |
//! | `nats` | [`nats()`], [`Nats`] |
//! | `cluster` | [`nats_cluster()`], [`NatsCluster`] |
//! | `engine` | [`engine()`], [`Engine`] |
//! | `tls` | [`certificates()`], [`Certificates`], [`tls_front()`], [`TlsFront`] |
//! | `eventually` | [`eventually`], [`Seen`] |

mod cluster;
mod engine;
mod eventually;
mod nats;
mod tls;

pub use cluster::{NatsCluster, nats_cluster};
pub use engine::{Engine, engine};
pub use eventually::{Seen, eventually, eventually_within};
pub use nats::{Nats, nats, nats_with};
pub use tls::{Certificates, TlsFront, certificates, tls_front};

use std::path::PathBuf;

/// A port of 127.0.0.1 that nobody listens on at this moment.
pub fn free_port() -> u16 {
    servers::ports::free().expect("no free port on 127.0.0.1")
}

/// Where servers are installed for tests: `.tools` at the root of the workspace.
fn tools() -> PathBuf {
    workspace().join(".tools")
}

fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or(here.clone(), Into::into)
}

/// A line for whoever watches the tests, past the test harness' capture of `eprintln`.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "testkit: {line}");
}
