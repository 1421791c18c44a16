//! File systems of a line's own: a small one that can be full, and one whose power can be cut.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

const FILLER: &str = "filler";

/// A folder in which something is mounted; dropping it takes that away.
#[derive(Debug)]
pub struct Mounted {
    folder: PathBuf,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: servers still have files open there, which end with them.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
        let _ = fs::remove_dir(&self.folder);
        for image in [image(&self.folder), cut(&self.folder)] {
            let _ = fs::remove_file(image);
        }
    }
}

/// Where the blocks of a folder's disk are.
fn image(folder: &Path) -> PathBuf {
    folder.with_extension("img")
}

/// Where they are after the power was cut.
fn cut(folder: &Path) -> PathBuf {
    folder.with_extension("cut")
}

fn done(what: &str, command: &mut Command) -> Outcome<()> {
    let ended = command.output().map_err(|error| format!("{what}: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    Err(format!("{what} does not go: {said}; this scenario needs root and a kernel that lets it mount").into())
}

fn mount(arguments: &[&str], folder: &Path) -> Outcome<()> {
    done("mounting a file system", Command::new("mount").args(arguments).arg(folder))
}

/// A file system of so many megabytes, in memory.
///
/// # Errors
/// Where nothing can be mounted.
pub fn small(megabytes: u32) -> Outcome<PathBuf> {
    let folder = tempfile::tempdir()?;
    mount(&["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"], folder.path())?;
    Ok(folder.keep())
}

/// A file system of so many megabytes on a disk of its own, which keeps what it is told to keep and nothing else: neither the
/// journal nor the kernel writes by itself within the first half minute.
///
/// # Errors
/// Where there is no loop device, or nothing can be mounted.
pub fn disk(megabytes: u64) -> Outcome<PathBuf> {
    let folder = tempfile::tempdir()?;
    let disk = image(folder.path());
    fs::File::create(&disk)?.set_len(megabytes << 20)?;
    let made = done("making a file system", Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk))
        .and_then(|()| plug_in(&disk, folder.path()));
    if let Err(error) = made {
        fs::remove_file(&disk)?;
        return Err(error);
    }
    Ok(folder.keep())
}

fn plug_in(disk: &Path, folder: &Path) -> Outcome<()> {
    let disk = disk.to_str().ok_or("a temporary folder whose name is no text")?;
    mount(&["-t", "ext4", "-o", "loop,commit=600", disk], folder)
}

impl Mounted {
    /// What [`small`] or [`disk`] mounted there.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Fills it until nothing goes in any more.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn fill(&self) -> Outcome<()> {
        let mut filler = fs::File::create(self.folder.join(FILLER))?;
        for size in [1 << 20, 4 << 10, 1] {
            let block = vec![0; size];
            while filler.write_all(&block).is_ok() {}
        }
        Ok(())
    }

    /// Gives the room back.
    ///
    /// # Errors
    /// When the file is gone.
    pub fn make_room(&self) -> Outcome<()> {
        Ok(fs::remove_file(self.folder.join(FILLER))?)
    }

    /// Has the disk keep everything that was written until now.
    ///
    /// # Errors
    /// When it does not.
    pub fn keep(&self) -> Outcome<()> {
        done("sync", Command::new("sync").arg("-f").arg(&self.folder))
    }

    /// Cuts the disk's power and gives it back: what is there afterwards is what the disk was told to keep. Nobody may have
    /// files open there.
    ///
    /// # Errors
    /// When it cannot be mounted again.
    pub fn cut_power(&self) -> Outcome<()> {
        let (disk, left) = (image(&self.folder), cut(&self.folder));
        // Before it is unmounted, which would write what only the kernel knows.
        done("copying a disk", Command::new("cp").arg("--sparse=always").arg(&disk).arg(&left))?;
        done("unmounting", Command::new("umount").arg(&self.folder))?;
        fs::rename(left, &disk)?;
        plug_in(&disk, &self.folder)
    }
}
