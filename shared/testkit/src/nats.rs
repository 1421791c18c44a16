//! A nats-server of one's own.

use std::path::PathBuf;

use servers::nats::{NatsServer, Options, find_or_install};
use tempfile::TempDir;

/// A running nats-server with JetStream. Dropping it kills it and removes its data.
#[derive(Debug)]
pub struct Nats {
    server: NatsServer,
    // After the server, so that it is dropped when nobody writes to it any more.
    _folder: TempDir,
}

/// Starts a nats-server on a free port with an empty store.
pub async fn nats() -> Nats {
    nats_with(|_| {}).await
}

/// As [`nats`], with other options.
pub async fn nats_with(change: impl FnOnce(&mut Options)) -> Nats {
    let program = program().await;
    let folder = tempfile::tempdir().expect("no temporary folder for nats-server");
    let mut options = Options::new(program, folder.path());
    change(&mut options);
    let server = NatsServer::start(options).await.unwrap_or_else(|error| panic!("{error}"));
    Nats { server, _folder: folder }
}

/// The program, installed first where it is missing.
pub(crate) async fn program() -> PathBuf {
    tokio::task::spawn_blocking(|| find_or_install(None, &crate::tools(), &crate::say))
        .await
        .expect("looking for nats-server panicked")
        .unwrap_or_else(|error| panic!("{error}"))
        .path
}

impl Nats {
    /// `nats://127.0.0.1:PORT`; the same after a restart.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.server.log()).unwrap_or_default()
    }

    /// Takes it off the processors, as a machine that hangs would.
    pub fn pause(&self) {
        self.server.pause();
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.server.resume();
    }

    /// Asks it to end and waits until it has.
    pub async fn stop(&mut self) {
        self.server.stop().await;
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Starts it again on the same port with the same data; stops it before if it still runs.
    pub async fn restart(&mut self) {
        self.server.restart().await.unwrap_or_else(|error| panic!("{error}"));
    }
}
