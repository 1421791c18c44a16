//! The three folders, and the moves between them: a rename on one file system, then a sync of both folders.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use contract::IssueId;
use jiff::Timestamp;
use jiff::civil::Date;

use super::scan;
use super::settling::Mark;
use crate::refusal::Refusal;

/// Longest name that file systems take, in bytes.
const NAME_LIMIT: usize = 255;
const REASON: &str = ".reason.txt";

/// `incoming/`, `done/`, `rejected/`.
#[derive(Debug)]
pub struct Layout {
    root: PathBuf,
    /// Held from choosing a free name to taking it.
    moving: Mutex<()>,
}

/// What became of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// The file lies there now.
    To(PathBuf),
    /// The file is gone, or another one lies in its place: nothing was moved.
    Changed,
}

impl Layout {
    /// Makes the folders where absent, and tries that files can be moved between them.
    ///
    /// # Errors
    /// With the folder and what is missing.
    pub fn open(root: &Path) -> Result<Self, String> {
        let layout = Self { root: root.to_owned(), moving: Mutex::new(()) };
        let mut devices = Vec::new();
        for folder in [layout.incoming(), layout.done(), layout.rejected()] {
            fs::create_dir_all(&folder).map_err(|error| explain(&folder, "made", &error))?;
            fs::read_dir(&folder).map_err(|error| explain(&folder, "read", &error))?;
            devices.push(fs::metadata(&folder).map_err(|error| explain(&folder, "read", &error))?.dev());
        }
        if devices.iter().any(|device| *device != devices[0]) {
            return Err(layout.apart());
        }
        layout.probe()?;
        Ok(layout)
    }

    /// Where files are dropped.
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn done(&self) -> PathBuf {
        self.root.join("done")
    }

    fn rejected(&self) -> PathBuf {
        self.root.join("rejected")
    }

    fn apart(&self) -> String {
        format!(
            "folder.path {}: incoming, done and rejected lie on different file systems, where a move is not whole \
             or nothing; put them on one",
            self.root.display()
        )
    }

    /// Moves a file of ours through the folders: rights and mounts show themselves only in the doing.
    fn probe(&self) -> Result<(), String> {
        let name = format!(".pressline-probe-{}", std::process::id());
        let mut at = self.incoming().join(&name);
        File::create(&at).map_err(|error| explain(&self.incoming(), "written", &error))?;
        let mut outcome = Ok(());
        for folder in [self.done(), self.rejected()] {
            let next = folder.join(&name);
            match fs::rename(&at, &next) {
                Ok(()) => at = next,
                Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                    outcome = Err(self.apart());
                    break;
                }
                Err(error) => {
                    outcome = Err(explain(&folder, "written", &error));
                    break;
                }
            }
        }
        let removed = fs::remove_file(&at).map_err(|error| explain(&self.rejected(), "written", &error));
        outcome.and(removed)
    }

    /// Moves a published file, or issue's folder, to `done/DAY/`; where its name is taken, its id goes into the name.
    ///
    /// # Errors
    /// When the file system refuses; the file stays where it is.
    pub fn to_done(&self, path: &Path, mark: &Mark, id: &IssueId, day: Date) -> io::Result<Moved> {
        let folder = self.done().join(day.to_string()).join(path.parent().unwrap_or(Path::new("")));
        let name = path.file_name().unwrap_or_default();
        self.moved(path, mark, &folder, |folder| {
            let plain = folder.join(name);
            if is_free(&plain)? {
                return Ok(plain);
            }
            // The same name with the same id is the same content: putting one file over the other loses nothing.
            let mut target = folder.join(with_part(name, &format!(".{id}"), NAME_LIMIT));
            let mut count = 1;
            while mark.issue && !is_free(&target)? {
                count += 1;
                target = folder.join(with_part(name, &format!(".{id}.{count}"), NAME_LIMIT));
            }
            Ok(target)
        })
    }

    /// Moves a refused file, or issue's folder, to `rejected/`, beside a file that says why.
    ///
    /// # Errors
    /// When the file system refuses; the file stays where it is.
    pub fn to_rejected(&self, path: &Path, mark: &Mark, refusal: &Refusal, at: Timestamp) -> io::Result<Moved> {
        let folder = self.rejected().join(path.parent().unwrap_or(Path::new("")));
        let name = path.file_name().unwrap_or_default();
        self.moved(path, mark, &folder, |folder| {
            // So short that its reason's name is one too.
            let limit = NAME_LIMIT - REASON.len();
            let mut target = folder.join(with_part(name, "", limit));
            let mut count = 1;
            while !is_free(&target)? {
                count += 1;
                target = folder.join(with_part(name, &format!(".{count}"), limit));
            }
            // Before the move: a file in rejected/ never lacks its reason.
            write_reason(&target, refusal, at)?;
            Ok(target)
        })
    }

    fn moved(
        &self,
        path: &Path,
        mark: &Mark,
        folder: &Path,
        choose: impl FnOnce(&Path) -> io::Result<PathBuf>,
    ) -> io::Result<Moved> {
        let from = self.incoming().join(path);
        let one_at_a_time = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let files = match fs::symlink_metadata(&from) {
            Ok(data) if data.is_file() && scan::mark(&data) == *mark => Vec::new(),
            Ok(data) if data.is_dir() && mark.issue => match scan::issue_as(&from, mark)? {
                Some(files) => files,
                None => return Ok(Moved::Changed),
            },
            Ok(_) => return Ok(Moved::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Moved::Changed),
            Err(error) => return Err(error),
        };
        self.make(folder)?;
        let target = choose(folder)?;
        match fs::rename(&from, &target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => return Ok(Moved::Changed),
            Err(error) => return Err(error),
        }
        if mark.issue {
            give_back(&files, &target, &from)?;
        }
        drop(one_at_a_time);
        sync(folder)?;
        sync(from.parent().unwrap_or(&self.root))?;
        Ok(Moved::To(target))
    }

    /// Makes `folder` below the root, each step on disk before the next.
    fn make(&self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.exists()).collect();
        for new in missing.into_iter().rev() {
            match fs::create_dir(new) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => sync(new.parent().unwrap_or(&self.root))?,
            }
        }
        Ok(())
    }
}

/// Puts what came into an issue's folder while it was moved back to where it was dropped: it was not read.
fn give_back(read: &[(OsString, Mark)], moved: &Path, from: &Path) -> io::Result<()> {
    for entry in fs::read_dir(moved)? {
        let entry = entry?;
        let name = entry.file_name();
        let mark = scan::mark(&entry.metadata()?);
        let known = read.iter().any(|(file, seen)| *file == name && *seen == mark);
        if !known && !scan::is_hidden(name.as_bytes()) {
            fs::create_dir_all(from)?;
            fs::rename(entry.path(), from.join(name))?;
        }
    }
    Ok(())
}

fn explain(folder: &Path, what: &str, error: &io::Error) -> String {
    format!(
        "folder.path: {} cannot be {what}: {error}; give intake's user the right to read and write it",
        folder.display()
    )
}

fn is_free(target: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(target) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync a folder; they have no more to give.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        outcome => outcome,
    }
}

fn write_reason(target: &Path, refusal: &Refusal, at: Timestamp) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default();
    let reason = target.with_file_name(OsString::from_vec([name.as_bytes(), REASON.as_bytes()].concat()));
    let Refusal { code, reason: why, advice } = refusal;
    let text = format!(
        "file: {}\ncode: {code}\nreason: {why}\nwhat to do: {advice}\ntime: {at}\n",
        name.to_string_lossy().replace(char::is_control, "\u{fffd}")
    );
    let mut file = File::create(reason)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// `page.txt` with `.2` is `page.2.txt`; cut before the part (between characters) so that it has at most `limit` bytes.
fn with_part(name: &OsStr, part: &str, limit: usize) -> OsString {
    let bytes = name.as_bytes();
    let dot = bytes.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0).unwrap_or(bytes.len());
    let (stem, end) = bytes.split_at(dot);
    let end = if part.len() + end.len() >= limit { b"" } else { end };
    let mut keep = stem.len().min(limit - part.len() - end.len());
    while keep > 0 && stem.get(keep).is_some_and(|byte| byte & 0xC0 == 0x80) {
        keep -= 1;
    }
    OsString::from_vec([&stem[..keep], part.as_bytes(), end].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::RefusalCode;

    fn dropped(layout: &Layout, name: &[u8], text: &str) -> (PathBuf, Mark) {
        let path = PathBuf::from(OsStr::from_bytes(name));
        let whole = layout.incoming().join(&path);
        fs::create_dir_all(whole.parent().unwrap()).unwrap();
        fs::write(&whole, text).unwrap();
        (path, scan::mark(&fs::symlink_metadata(whole).unwrap()))
    }

    fn open() -> (tempfile::TempDir, Layout) {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::open(root.path()).unwrap();
        (root, layout)
    }

    #[test]
    fn a_name_that_is_taken_in_done_gets_the_id() {
        let (root, layout) = open();
        let day = jiff::civil::date(2026, 3, 4);
        for (text, target) in [
            ("one", "done/2026-03-04/daily/a.txt".to_owned()),
            ("two", { format!("done/2026-03-04/daily/a.{}.txt", IssueId::of(b"two")) }),
        ] {
            let (path, mark) = dropped(&layout, b"daily/a.txt", text);
            let moved = layout.to_done(&path, &mark, &IssueId::of(text.as_bytes()), day).unwrap();
            assert_eq!(moved, Moved::To(root.path().join(&target)));
            assert_eq!(fs::read_to_string(root.path().join(target)).unwrap(), text);
        }
        assert!(fs::read_dir(layout.incoming().join("daily")).unwrap().next().is_none());
    }

    #[test]
    fn a_refused_file_lies_beside_its_reason_whatever_its_name() {
        let (root, layout) = open();
        let refusal = Refusal::new(RefusalCode::Empty, "the file is empty", "send it again");
        let long = [b"x".repeat(251).as_slice(), b".txt"].concat();
        for name in [b"a.txt".as_slice(), b"a.txt", b"\xB9\xA4.txt", &long, &long] {
            let (path, mark) = dropped(&layout, name, "");
            let moved = layout.to_rejected(&path, &mark, &refusal, Timestamp::UNIX_EPOCH).unwrap();
            assert!(matches!(moved, Moved::To(_)), "{moved:?}");
        }
        let names: Vec<_> =
            fs::read_dir(root.path().join("rejected")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names.len(), 10, "{names:?}");
        let text = fs::read_to_string(root.path().join("rejected/a.2.txt.reason.txt")).unwrap();
        assert!(text.contains("code: empty\nreason: the file is empty\nwhat to do: send it again\n"), "{text}");
    }

    #[test]
    fn a_file_that_changed_or_went_is_not_moved() {
        let (root, layout) = open();
        let (path, mark) = dropped(&layout, b"a.txt", "one");
        fs::write(root.path().join("incoming/a.txt"), "longer").unwrap();
        let day = jiff::civil::date(2026, 3, 4);
        let id = IssueId::of(b"one");
        assert_eq!(layout.to_done(&path, &mark, &id, day).unwrap(), Moved::Changed);
        fs::remove_file(root.path().join("incoming/a.txt")).unwrap();
        assert_eq!(layout.to_done(&path, &mark, &id, day).unwrap(), Moved::Changed);
    }

    #[test]
    fn an_issues_folder_is_moved_as_one_and_what_came_late_goes_back() {
        let (root, layout) = open();
        let folder = layout.incoming().join("daily/monday");
        let day = jiff::civil::date(2026, 3, 4);
        let path = Path::new("daily/monday");
        let id = IssueId::of(b"one");
        for target in ["monday".to_owned(), format!("monday.{id}"), format!("monday.{id}.2")] {
            dropped(&layout, b"daily/monday/1.txt", "one");
            let scan::Issue::Whole(files) = scan::issue(&folder).unwrap() else { panic!("not whole") };
            let mark = scan::issue_mark(&files);
            dropped(&layout, b"daily/monday/2.txt", "two");
            assert_eq!(layout.to_done(path, &mark, &id, day).unwrap(), Moved::Changed, "it grew");
            fs::remove_file(folder.join("2.txt")).unwrap();
            let target = root.path().join("done/2026-03-04/daily").join(target);
            assert_eq!(layout.to_done(path, &mark, &id, day).unwrap(), Moved::To(target.clone()));
            assert!(target.join("1.txt").is_file() && !folder.exists());
            fs::write(target.join("late.txt"), "three").unwrap();
            give_back(&files, &target, &folder).unwrap();
            assert!(folder.join("late.txt").is_file() && !target.join("late.txt").exists());
            fs::remove_file(folder.join("late.txt")).unwrap();
        }
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Layout::open(file.path()).unwrap_err();
        assert!(error.contains("incoming") && error.contains("right"), "{error}");
    }

    #[test]
    fn names_are_cut_between_characters() {
        let name = "工".repeat(84) + ".txt";
        let cut = with_part(OsStr::new(&name), ".12", NAME_LIMIT);
        assert!(cut.len() <= NAME_LIMIT && cut.to_str().unwrap().ends_with("工.12.txt"), "{cut:?}");
    }
}
