//! A search engine of one's own, or the one that `MEILI_URL` names.

use std::{path::PathBuf, process::Command, sync::Mutex};

use servers::search::{Options, SearchServer};
use tempfile::TempDir;

const MASTER_KEY: &str = "testkit-master-key-of-this-run";

/// A running search engine. A child process is killed and its data removed on drop; an external one is left alone.
#[derive(Debug)]
pub struct Engine {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    External { url: String, key: String },
    Child { server: SearchServer, _folder: TempDir },
}

/// The server at `MEILI_URL` with `MEILI_MASTER_KEY` if they are set, else the embedded engine as a child process on a free
/// port with an empty database.
pub async fn engine() -> Engine {
    if let Ok(url) = std::env::var("MEILI_URL") {
        let key = std::env::var("MEILI_MASTER_KEY").unwrap_or_default();
        return Engine { kind: Kind::External { url, key } };
    }
    let program = tokio::task::spawn_blocking(embedded_search).await.expect("looking for embedded-search panicked");
    let folder = tempfile::tempdir().expect("no temporary folder for the search engine");
    let server = SearchServer::start(Options::new(program, folder.path(), Some(MASTER_KEY.to_owned())))
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    Engine { kind: Kind::Child { server, _folder: folder } }
}

impl Engine {
    /// `http://127.0.0.1:PORT`, or `MEILI_URL`.
    pub fn url(&self) -> String {
        match &self.kind {
            Kind::External { url, .. } => url.clone(),
            Kind::Child { server, .. } => server.url(),
        }
    }

    /// The master key.
    pub fn key(&self) -> String {
        match &self.kind {
            Kind::External { key, .. } => key.clone(),
            Kind::Child { server, .. } => server.master_key().unwrap_or_default().to_owned(),
        }
    }

    /// It is a server that the test did not start: it may hold other data and cannot be stopped.
    pub fn is_external(&self) -> bool {
        matches!(self.kind, Kind::External { .. })
    }

    /// Asks it to end and waits until it has.
    pub async fn stop(&mut self) {
        self.child().stop().await;
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.child().kill();
    }

    /// Starts it again on the same port with the same data; stops it before if it still runs.
    pub async fn restart(&mut self) {
        self.child().restart().await.unwrap_or_else(|error| panic!("{error}"));
    }

    fn child(&mut self) -> &mut SearchServer {
        match &mut self.kind {
            Kind::Child { server, .. } => server,
            Kind::External { url, .. } => {
                panic!("the search engine at {url} is not this test's to stop; unset MEILI_URL")
            }
        }
    }
}

/// The engine's program beside the test's own (`target/PROFILE/deps/TEST-…`), built first where it is missing.
fn embedded_search() -> PathBuf {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(|held| held.into_inner());
    let this = std::env::current_exe().expect("a test knows its own path");
    let mut folder = this.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder = folder.parent().expect("deps lies in a folder");
    }
    let program = folder.join("embedded-search");
    if program.is_file() {
        return program;
    }
    crate::say("building embedded-search, which this test needs (minutes, once)");
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "-p", "embedded-search", "--bin"])
        .arg("embedded-search")
        .current_dir(crate::workspace());
    if folder.ends_with("release") {
        build.arg("--release");
    }
    let status = build.status().expect("cargo could not be started");
    assert!(
        status.success() && program.is_file(),
        "{} is missing and could not be built ({status}); run cargo build -p embedded-search",
        program.display()
    );
    program
}
