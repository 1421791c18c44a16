//! What lies in `incoming/`: regular files, directly or one folder deep (`incoming/PUBLICATION/`), and folders that hold
//! the files of one issue (`incoming/PUBLICATION/ISSUE/`, or `incoming/DATE…/`).

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
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
    /// Files and issues' folders by their path inside `incoming/`, oldest first.
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
        if is_hidden(name.as_bytes()) || is_temporary(name.as_bytes()) {
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
    let dated = path.file_name().is_some_and(begins_with_date);
    let listed = if inside.as_os_str().is_empty() && !dated {
        list_folder(incoming, &path, listing)
    } else {
        issue(&incoming.join(&path)).map(|issue| match issue {
            Issue::Whole(files) if !files.is_empty() => listing.files.push((path.clone(), issue_mark(&files))),
            Issue::Whole(_) | Issue::Unfinished => {}
            Issue::Mixed(reason) => listing.left.push((path.clone(), reason)),
        })
    };
    match listed {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => listing.left.push((path, error.to_string())),
    }
}

/// What a folder with the files of one issue holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// Nothing but files, in the order of their names.
    Whole(Vec<(OsString, Mark)>),
    /// A file in the making.
    Unfinished,
    /// Something that is no file: what, and what to do.
    Mixed(String),
}

/// Looks into an issue's folder.
///
/// # Errors
/// When it cannot be read.
pub fn issue(folder: &Path) -> io::Result<Issue> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if is_temporary(name.as_bytes()) {
            return Ok(Issue::Unfinished);
        }
        if is_hidden(name.as_bytes()) {
            continue;
        }
        let data = entry.metadata()?;
        if !data.is_file() {
            let what = if data.is_dir() { "a folder" } else { kind(&data) };
            let name = name.to_string_lossy().into_owned();
            return Ok(Issue::Mixed(format!("it holds {what}, `{name}`; leave only the issue's files in it")));
        }
        files.push((name, mark(&data)));
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(Issue::Whole(files))
}

/// The files of an issue's folder, if they are just those of the mark.
///
/// # Errors
/// When it cannot be read.
pub fn issue_as(folder: &Path, mark: &Mark) -> io::Result<Option<Vec<(OsString, Mark)>>> {
    match issue(folder) {
        Ok(Issue::Whole(files)) if issue_mark(&files) == *mark => Ok(Some(files)),
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The mark of an issue's folder: it changes when a file in it does, comes or goes.
pub fn issue_mark(files: &[(OsString, Mark)]) -> Mark {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Mark {
        size: files.iter().map(|(_, mark)| mark.size).sum(),
        modified: files.iter().map(|(_, mark)| mark.modified).max().unwrap_or(SystemTime::UNIX_EPOCH),
        inode: hasher.finish(),
        issue: true,
    }
}

/// Whether a name begins with a day: `2026-03-04`, `20260304-evening`.
pub fn begins_with_date(name: &OsStr) -> bool {
    let name = name.as_bytes();
    let day = |year: &[u8], month: &[u8], day: &[u8]| {
        let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<i16>().ok();
        let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else { return false };
        let (month, day) = (i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0));
        jiff::civil::Date::new(year, month, day).is_ok()
    };
    let ends = |rest: &[u8]| !rest.first().is_some_and(u8::is_ascii_alphanumeric);
    let parted = name.len() >= 10
        && name[4] == b'-'
        && name[7] == b'-'
        && day(&name[..4], &name[5..7], &name[8..10])
        && ends(&name[10..]);
    parted || name.len() >= 8 && day(&name[..4], &name[4..6], &name[6..8]) && ends(&name[8..])
}

/// The mark of a file.
pub fn mark(data: &Metadata) -> Mark {
    Mark {
        size: data.len(),
        modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH),
        inode: data.ino(),
        issue: false,
    }
}

pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".") || name.starts_with(b"~$")
}

fn is_temporary(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    name.ends_with(b"~") || TEMPORARY.iter().any(|ending| lower.ends_with(ending))
}

fn kind(data: &Metadata) -> &'static str {
    if data.is_symlink() { "a link" } else { "a device, pipe or socket" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn regular_files_are_listed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("daily/deep/deeper")).unwrap();
        fs::create_dir(at(".hidden-folder")).unwrap();
        for name in ["a.txt", "daily/b.md", "daily/deep/deeper/c.txt", ".hidden-folder/d.txt"] {
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
    fn the_files_of_an_issues_folder_are_one() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        for folder in ["2026-03-04", "20260305-evening", "daily/monday", "daily/empty", "2026-13-04", "daily/copying"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for name in ["2026-03-04/1.txt", "2026-03-04/2.txt", "20260305-evening/1.txt", "daily/monday/.DS_Store"] {
            fs::write(at(name), "text").unwrap();
        }
        for name in ["daily/monday/1.txt", "2026-13-04/page.txt", "daily/copying/1.txt", "daily/copying/2.txt.part"] {
            fs::write(at(name), "text").unwrap();
        }
        let listing = list(root.path()).unwrap();
        let mut found: Vec<_> =
            listing.files.iter().map(|(path, mark)| (path.to_str().unwrap(), mark.size, mark.issue)).collect();
        found.sort_unstable();
        let issues = [("2026-03-04", 8, true), ("2026-13-04/page.txt", 4, false), ("20260305-evening", 4, true)];
        assert_eq!(found, [&issues[..], &[("daily/monday", 4, true)]].concat());
        let before = listing.files.iter().find(|(path, _)| path.ends_with("2026-03-04")).unwrap().1;
        fs::rename(at("2026-03-04/1.txt"), at("2026-03-04/3.txt")).unwrap();
        let Issue::Whole(files) = issue(&at("2026-03-04")).unwrap() else { panic!("not whole") };
        assert_ne!(issue_mark(&files), before);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(list(Path::new("/nowhere/incoming")).is_err());
    }
}
