//! A started service: where its health is served, and its end.

use std::net::SocketAddr;

use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

use crate::ops::{Health, Ops};
use crate::process::RunError;

/// A started service.
#[derive(Debug)]
pub struct Running {
    /// Where health and metrics are served.
    pub ops: SocketAddr,
    /// What is ready.
    pub health: Health,
    service: &'static str,
    work: JoinHandle<Result<(), RunError>>,
    server: Ops,
    stop_server: DropGuard,
}

impl Running {
    /// The service of this name whose work is `work`; `stop_server` ends `server`, after the work has ended.
    pub fn new(
        service: &'static str,
        health: Health,
        work: JoinHandle<Result<(), RunError>>,
        server: Ops,
        stop_server: DropGuard,
    ) -> Self {
        Self { ops: server.address(), health, service, work, server, stop_server }
    }

    /// Waits until it has stopped: after its token was cancelled and what was in flight is finished.
    ///
    /// # Errors
    /// When it ended by itself.
    pub async fn join(self) -> Result<(), RunError> {
        let service = self.service;
        let ended = self.work.await.unwrap_or_else(|error| Err(RunError(format!("{service} panicked: {error}"))));
        drop(self.stop_server);
        self.server.join().await;
        ended
    }
}
