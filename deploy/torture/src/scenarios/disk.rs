//! A broker on a disk that is full for a while.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::while_sending;
use crate::Outcome;
use crate::line::Options;
use crate::rig::Rig;

const ISSUES: usize = 12;
const MEGABYTES: usize = 48;
const FILLER: &str = "filler";

/// The broker's data on a small file system in memory.
pub(super) fn small(options: Options) -> Outcome<Options> {
    let folder = tempfile::tempdir()?.keep();
    let size = format!("size={MEGABYTES}m");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).output()?;
    if mounted.status.success() {
        return Ok(Options { broker_folder: Some(folder), ..options });
    }
    fs::remove_dir(&folder)?;
    let reason = String::from_utf8_lossy(&mounted.stderr).trim().to_owned();
    Err(format!("a small disk cannot be mounted ({reason}): run this as root").into())
}

/// Unmounts when the scenario ends, however it ends.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: the broker still has files open there, which end with it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

pub(super) async fn full(rig: &Rig) -> Outcome<()> {
    let folder = rig.line.options.broker_folder.clone().ok_or("the line has no small disk")?;
    let mounted = Mounted(folder);
    let before = rig.ledger().retries;
    let breaking = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        fill(&mounted.0)?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        fs::remove_file(mounted.0.join(FILLER))?;
        // A broker that met a full disk may want an operator to start it again.
        rig.line.kill_nats(0, Duration::from_millis(100)).await
    };
    while_sending(rig, ISSUES, breaking).await?;
    if rig.ledger().retries > before { Ok(()) } else { Err("no sender was told to wait".into()) }
}

/// Until nothing goes in any more.
fn fill(folder: &Path) -> Outcome<()> {
    let mut filler = fs::File::create(folder.join(FILLER))?;
    for size in [1 << 20, 4 << 10, 1] {
        let block = vec![0; size];
        while filler.write_all(&block).is_ok() {}
    }
    Ok(())
}
