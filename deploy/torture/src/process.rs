//! One process of the line: started, killed, stopped, started again; and how much memory it ever had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use servers::child::Child;

use crate::Outcome;
use crate::part::{ASK, Kind};

/// A part of the line as a process.
#[derive(Debug)]
pub struct Process {
    /// Its name in the figures: `parser-2`.
    pub name: String,
    kind: Kind,
    settings: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    /// Whether it should run; who is not wanted is not started again.
    wanted: bool,
    /// How often it was started.
    pub starts: u32,
    /// The most memory that any of its lives had, in bytes.
    pub peak: u64,
}

impl Process {
    /// A process with these settings, not yet started.
    pub fn new(name: String, kind: Kind, folder: &Path, settings: &str) -> Outcome<Self> {
        let file = folder.join(format!("{name}.toml"));
        fs::write(&file, settings)?;
        let log = folder.join(format!("{name}.log"));
        Ok(Self { name, kind, settings: file, log, child: None, wanted: false, starts: 0, peak: 0 })
    }

    /// Starts it, unless it runs.
    pub fn start(&mut self) -> Outcome<()> {
        self.wanted = true;
        if self.runs() {
            return Ok(());
        }
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(ASK).arg(self.kind.name()).arg(&self.settings);
        self.child = Some(Child::spawn(self.kind.name(), command, &self.log)?);
        self.starts += 1;
        Ok(())
    }

    /// Starts it again if it ended by itself, as a container's restart policy would.
    pub fn keep(&mut self) -> Outcome<()> {
        self.look();
        if self.wanted { self.start() } else { Ok(()) }
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.ended().is_none())
    }

    /// kill -9, and it stays down until it is started.
    pub fn kill(&mut self) {
        self.look();
        self.wanted = false;
        if let Some(child) = &mut self.child {
            child.kill();
        }
    }

    /// SIGSTOP: it holds what it has and says nothing.
    pub fn freeze(&self) {
        if let Some(child) = &self.child {
            child.pause();
        }
    }

    /// SIGCONT: it goes on as if nothing had been.
    pub fn thaw(&self) {
        if let Some(child) = &self.child {
            child.resume();
        }
    }

    /// Notes its memory.
    pub fn look(&mut self) {
        if let Some(child) = &self.child {
            self.peak = self.peak.max(peak(child.id()));
        }
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        servers::child::tail(&self.log)
    }
}

/// The most memory that a process has had, in bytes: VmHWM of proc(5); 0 where it is gone.
pub fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Waits until `ready` says yes.
pub async fn until(what: &str, bound: Duration, mut ready: impl AsyncFnMut() -> bool) -> Outcome<()> {
    let deadline = tokio::time::Instant::now() + bound;
    while !ready().await {
        if tokio::time::Instant::now() > deadline {
            return Err(format!("{what}: not within {bound:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
