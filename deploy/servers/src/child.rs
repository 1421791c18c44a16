//! A child process that never outlives its parent and keeps its log in a file.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    ServersError,
    unix::{self, Signal},
};

/// How much of a log's end an error shows.
const TAIL_BYTES: u64 = 4_000;
const TAIL_LINES: usize = 12;
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running child. Dropping it kills it and waits for it.
#[derive(Debug)]
pub struct Child {
    server: &'static str,
    process: std::process::Child,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

impl Child {
    /// Starts it, output appended to `log`, without standard input.
    pub fn spawn(server: &'static str, mut command: Command, log: &Path) -> Result<Self, ServersError> {
        let output =
            OpenOptions::new().create(true).append(true).open(log).map_err(ServersError::io("open log", log))?;
        let errors = output.try_clone().map_err(ServersError::io("open log", log))?;
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let program = PathBuf::from(command.get_program());
        let process = unix::spawn_bound(command).map_err(ServersError::io("start program", program))?;
        Ok(Self { server, process, log: log.to_owned(), ended: None })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its log file.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.process.try_wait().ok().flatten();
        }
        self.ended
    }

    /// Asks it to end and waits, at most `bound`; then kills it. Returns whether it ended by itself.
    pub async fn stop(&mut self, bound: Duration) -> bool {
        if self.ended().is_some() {
            return true;
        }
        unix::signal_group(self.process.id(), Signal::Terminate);
        let deadline = Instant::now() + bound;
        while Instant::now() < deadline {
            if self.ended().is_some() {
                return true;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        tracing::warn!(server = self.server, ?bound, "child did not end in time, killing it");
        self.kill();
        false
    }

    /// Kills it, as a crash would, and waits until it is gone.
    pub fn kill(&mut self) {
        if self.ended().is_some() {
            return;
        }
        unix::signal_group(self.process.id(), Signal::Kill);
        // The group's signal reaches it unless it has just ended; either way there is something to wait for.
        self.ended = self.process.wait().ok();
    }

    /// Takes it off the processors until [`Child::resume`]; it can still be killed.
    pub fn pause(&self) {
        self.signal_running(Signal::Stop);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal_running(Signal::Continue);
    }

    fn signal_running(&self, signal: Signal) {
        if self.ended.is_none() {
            unix::signal_group(self.process.id(), signal);
        }
    }

    /// Waits until `ready` says yes; an end of the process or the bound comes back as an error with the log's end.
    pub async fn until_ready<F, R>(&mut self, bound: Duration, mut ready: F) -> Result<(), ServersError>
    where
        F: FnMut() -> R,
        R: Future<Output = bool>,
    {
        let deadline = Instant::now() + bound;
        loop {
            if let Some(status) = self.ended() {
                return Err(ServersError::Ended {
                    server: self.server,
                    status: status.to_string(),
                    log: self.log.clone(),
                    tail: tail(&self.log),
                });
            }
            if ready().await {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(ServersError::Silent {
                    server: self.server,
                    seconds: bound.as_secs(),
                    log: self.log.clone(),
                    tail: tail(&self.log),
                });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The last lines of a log, or why they cannot be shown.
pub fn tail(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    match read() {
        Ok(text) => {
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
        }
        Err(error) => format!("(not readable: {error})"),
    }
}
