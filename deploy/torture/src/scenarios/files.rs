//! What people put into drop folders.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use contract::Lane;

use super::SETTLES_WITHIN;
use crate::Outcome;
use crate::burst::drop_all;
use crate::process::until;
use crate::rig::Rig;
use crate::sender::drop_file;

/// More than intake takes in one file, as the line sets it up.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// Written in so many pieces.
const PIECES: usize = 30;
const BETWEEN: Duration = Duration::from_millis(20);
/// `pressline torture --burst` takes as many as one likes.
const BURST: usize = 150;

pub(super) async fn odd(rig: &Rig) -> Outcome<()> {
    let drop_folder = &rig.line.drop_folder;
    let folder = drop_folder.join("incoming").join("odd");
    fs::create_dir_all(&folder)?;
    for index in rig.fresh(1) {
        let mut entry = rig.attempt(index, 1);
        // Without a day in its name an issue is known by its content alone.
        entry.file_name = "gbk.txt".into();
        entry.publication = "odd".into();
        rig.ledger().issues.insert(index, entry.clone());
        let path = folder.join(OsStr::from_bytes(b"\xb2\xe2\xca\xd4.txt"));
        fs::write(&path, &entry.versions[0].bytes)?;
        until("a file with a name in GBK is taken", SETTLES_WITHIN, async || !path.exists()).await?;
        let (sent, retries) = rig.sender.send(&entry, &entry.versions[0].bytes, Lane::Live).await?;
        rig.ended(index, 0, &sent, retries)?;
    }
    let left_alone = ["fifo.txt", "link.txt", ".hidden.txt", "half.txt.part"].map(|name| folder.join(name));
    Command::new("mkfifo").arg(&left_alone[0]).status()?;
    symlink("/etc/hostname", &left_alone[1])?;
    fs::write(&left_alone[2], "hidden")?;
    fs::write(&left_alone[3], "half")?;
    let huge = vec![b'x'; MAX_BYTES + 1];
    let rejected = [("empty.txt", &b""[..]), ("huge.txt", &huge), ("binary.txt", &[0, 159, 146, 150, 0, 0, 1, 2])];
    for (name, bytes) in rejected {
        drop_file(drop_folder, "odd", name, bytes)?;
    }
    for (name, _) in rejected {
        let note = drop_folder.join("rejected").join("odd").join(format!("{name}.reason.txt"));
        until(&format!("{name} is rejected with a reason"), SETTLES_WITHIN, async || note.exists()).await?;
    }
    for path in left_alone {
        if fs::symlink_metadata(&path).is_err() {
            return Err(format!("{} was not left alone", path.display()).into());
        }
        fs::remove_file(path)?;
    }
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// Writers that put a file's bytes under its own name, piece by piece, and one that begins anew in the middle.
pub(super) async fn slow(rig: &Rig) -> Outcome<()> {
    let write = |index: usize, truncated: bool| async move {
        let entry = rig.attempt(index, 1);
        let bytes = &entry.versions[0].bytes;
        let folder = rig.line.drop_folder.join("incoming").join(&entry.publication);
        fs::create_dir_all(&folder)?;
        let path = folder.join(&entry.file_name);
        if truncated {
            in_pieces(&path, &bytes[..bytes.len() / 2]).await?;
        }
        in_pieces(&path, bytes).await?;
        until(&format!("{} is taken", path.display()), SETTLES_WITHIN, async || !path.exists()).await?;
        let taken = find(&rig.line.drop_folder.join("done"), &entry.file_name)?;
        let taken = fs::read(taken.ok_or("a file that was taken is not in done")?)?;
        if taken != *bytes {
            return Err(format!("{} bytes were written, {} were taken", bytes.len(), taken.len()).into());
        }
        let (sent, retries) = rig.sender.send(&entry, bytes, Lane::Live).await?;
        rig.ended(index, 0, &sent, retries)
    };
    let writing = rig.fresh(6).map(|index| write(index, index % 2 == 0));
    futures::future::try_join_all(writing).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// Truncates the file and writes it, each piece before intake could take it for finished.
async fn in_pieces(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut file = fs::File::create(path)?;
    for piece in bytes.chunks(bytes.len().div_ceil(PIECES)) {
        file.write_all(piece)?;
        tokio::time::sleep(BETWEEN).await;
    }
    Ok(())
}

/// The file of this name, however deep it lies.
fn find(folder: &Path, name: &str) -> Outcome<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = if entry.file_type()?.is_dir() {
            find(&entry.path(), name)?
        } else {
            (entry.file_name() == name).then(|| entry.path())
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

pub(super) async fn burst(rig: &Rig) -> Outcome<()> {
    let issues = rig.fresh(BURST);
    drop_all(rig, issues.clone()).await?;
    rig.send_all(issues).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}
