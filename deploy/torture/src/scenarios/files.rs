//! What people put into drop folders.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use contract::Lane;
use futures::{StreamExt, TryStreamExt, stream};

use super::SETTLES_WITHIN;
use crate::Outcome;
use crate::process::until;
use crate::rig::Rig;
use crate::sender::drop_file;

/// More than intake takes in one file, as the line sets it up.
pub(crate) const MAX_BYTES: usize = 1 << 20;
const BURST: usize = 60;
const BURST_AT_ONCE: usize = 30;

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

pub(super) async fn burst(rig: &Rig) -> Outcome<()> {
    let dropping = stream::iter(rig.fresh(BURST)).map(|index| rig.drop_in(index)).buffer_unordered(BURST_AT_ONCE);
    dropping.try_collect::<()>().await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}
