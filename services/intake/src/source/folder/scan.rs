//! What lies in `incoming/`: regular files, directly or one folder deep (`incoming/PUBLICATION/`).

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::settling::Mark;

/// Ends of names that belong to files in the making: copies, downloads, editors, and our own reasons.
const TEMPORARY: [&[u8]; 7] = [b".part", b".tmp", b".partial", b".filepart", b".crdownload", b".swp", b".reason.txt"];

/// What one scan saw.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files by their path inside `incoming/`, oldest first.
    pub files: Vec<(PathBuf, Mark)>,
    /// What was left alone, and why; an operator may want to know.
    pub left: Vec<(PathBuf, String)>,
}

/// Looks through `incoming`.
///
/// # Errors
/// When `incoming` itself cannot be read.
pub fn list(incoming: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    list_folder(incoming, Path::new(""), &mut listing)?;
    listing.files.sort_by(|(a_path, a), (b_path, b)| (a.modified, a_path).cmp(&(b.modified, b_path)));
    Ok(listing)
}

fn list_folder(incoming: &Path, inside: &Path, listing: &mut Listing) -> io::Result<()> {
    for entry in fs::read_dir(incoming.join(inside))? {
        let entry = entry?;
        let name = entry.file_name();
        if is_hidden_or_temporary(name.as_bytes()) {
            continue;
        }
        let path = inside.join(&name);
        // Of the entry itself: a link is a link here, whatever it points to.
        match entry.metadata() {
            Ok(data) if data.is_file() => listing.files.push((path, mark(&data))),
            Ok(data) if data.is_dir() => sub_folder(incoming, inside, path, listing),
            Ok(data) => listing.left.push((path, format!("it is {}, not a regular file", kind(&data)))),
            // Gone since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => listing.left.push((path, error.to_string())),
        }
    }
    Ok(())
}

fn sub_folder(incoming: &Path, inside: &Path, path: PathBuf, listing: &mut Listing) {
    if !inside.as_os_str().is_empty() {
        listing.left.push((path, "it lies deeper than incoming/PUBLICATION/; move its files up".to_owned()));
        return;
    }
    match list_folder(incoming, &path, listing) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => listing.left.push((path, error.to_string())),
    }
}

/// The mark of a file.
pub fn mark(data: &Metadata) -> Mark {
    Mark { size: data.len(), modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH), inode: data.ino() }
}

fn is_hidden_or_temporary(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    name.starts_with(b".")
        || name.starts_with(b"~$")
        || name.ends_with(b"~")
        || TEMPORARY.iter().any(|ending| lower.ends_with(ending))
}

fn kind(data: &Metadata) -> &'static str {
    if data.is_symlink() { "a link" } else { "a device, pipe or socket" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::fs::symlink;

    #[test]
    fn regular_files_are_listed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("daily/deep")).unwrap();
        fs::create_dir(at(".hidden-folder")).unwrap();
        for name in ["a.txt", "daily/b.md", "daily/deep/c.txt", ".hidden-folder/d.txt"] {
            fs::write(at(name), "text").unwrap();
        }
        for name in [".hidden.txt", "a.txt.part", "b.TMP", "c.txt~", "~$d.txt", "e.txt.reason.txt"] {
            fs::write(at(name), "text").unwrap();
        }
        fs::write(folder.path().join(OsStr::from_bytes(b"\xB9\xA4.txt")), "text").unwrap();
        symlink(at("a.txt"), at("link.txt")).unwrap();
        let listing = list(folder.path()).unwrap();
        let mut names: Vec<_> = listing.files.iter().map(|(path, _)| path.as_os_str().as_bytes()).collect();
        names.sort_unstable();
        assert_eq!(names, [b"a.txt".as_slice(), b"daily/b.md", b"\xB9\xA4.txt"]);
        let mut left: Vec<_> = listing.left.iter().map(|(path, _)| path.to_str().unwrap()).collect();
        left.sort_unstable();
        assert_eq!(left, ["daily/deep", "link.txt"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(list(Path::new("/nowhere/incoming")).is_err());
    }
}
