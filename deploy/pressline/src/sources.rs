//! Which issues a path names. A file that is named is taken whatever it is; in a folder, only what can be an issue file. A
//! folder whose name begins with a date is one issue, its files are the pages, as in intake's drop folder.

use std::fs;
use std::path::{Path, PathBuf};

use contract::PublicationId;
use intake::source::folder::scan::begins_with_date;

use crate::report::Problem;

/// Endings of issue files in a folder.
const ENDINGS: [&str; 4] = ["txt", "text", "md", "markdown"];
/// A drop folder's own sub-folders: what lies there was dealt with.
const DEALT_WITH: [&str; 2] = ["done", "rejected"];
/// Deeper than any export lays its files; a guard against folders without end.
const DEPTH: usize = 16;

/// One issue, as it lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, or the folder of its files.
    pub path: PathBuf,
    /// Its files, in the order of their names; one for a file.
    pub files: Vec<PathBuf>,
    /// What the folder's name says of it.
    pub publication: Option<PublicationId>,
}

impl Source {
    /// It came as a folder: its files are one issue.
    pub fn is_folder(&self) -> bool {
        self.files.first() != Some(&self.path)
    }
}

/// The issues that `paths` name, folders walked, in the order of their names. With `drop_layout`, a folder is laid out as the
/// `incoming/` of a drop folder: its sub-folders are titles, and a folder in one of these is one issue, whatever its name.
///
/// # Errors
/// When a path cannot be read, by name.
pub fn issues(paths: &[PathBuf], drop_layout: bool) -> Result<Vec<Source>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path)
            .map_err(|error| Problem::settings(format!("{} cannot be read: {error}", path.display())))?;
        if !kind.is_dir() {
            found.push(Source { path: path.clone(), files: vec![path.clone()], publication: None });
        } else if drop_layout {
            incoming(path, &mut found)?;
        } else {
            walk(path, DEPTH, &mut found)?;
        }
    }
    Ok(found)
}

/// What lies in a folder: sub-folders and issue files, in the order of their names.
struct Listing {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

fn list(folder: &Path) -> Result<Listing, Problem> {
    let unreadable =
        |error: std::io::Error| Problem::settings(format!("folder {} cannot be read: {error}", folder.display()));
    let mut entries = fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut listing = Listing { folders: Vec::new(), files: Vec::new() };
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // `file_type` does not follow links: a link could lead round in a circle or out of the folder.
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && !DEALT_WITH.contains(&&*name) {
            listing.folders.push(entry.path());
        } else if kind.is_file() && is_issue(&entry.path()) {
            listing.files.push(entry.path());
        }
    }
    Ok(listing)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<Source>) -> Result<(), Problem> {
    let Listing { folders, files } = list(folder)?;
    // With folders in it, it is an archive that happens to be called after a day.
    if folders.is_empty() && is_dated(folder) {
        found.extend(whole(folder, files, None));
        return Ok(());
    }
    let files = files.into_iter().map(|file| (file, false));
    let mut entries: Vec<_> = folders.into_iter().map(|folder| (folder, true)).chain(files).collect();
    entries.sort();
    for (path, is_folder) in entries {
        if !is_folder {
            found.push(Source { files: vec![path.clone()], path, publication: None });
        } else if depth > 0 {
            walk(&path, depth - 1, found)?;
        }
    }
    Ok(())
}

/// `incoming/FILE`, `incoming/DATE…/`, `incoming/PUBLICATION/FILE`, `incoming/PUBLICATION/ISSUE/`.
fn incoming(folder: &Path, found: &mut Vec<Source>) -> Result<(), Problem> {
    let single = |path: PathBuf, publication: Option<&PublicationId>| Source {
        files: vec![path.clone()],
        path,
        publication: publication.cloned(),
    };
    let Listing { folders, files } = list(folder)?;
    found.extend(files.into_iter().map(|file| single(file, None)));
    for title in folders {
        if is_dated(&title) {
            found.extend(whole(&title, list(&title)?.files, None));
            continue;
        }
        let name = title.file_name().unwrap_or_default().to_string_lossy();
        let publication: PublicationId = name.parse().map_err(|_| {
            Problem::settings(format!(
                "folder {} is to name a title: 1 to 64 characters of a-z, 0-9 and -, not beginning with -",
                title.display()
            ))
        })?;
        let Listing { folders, files } = list(&title)?;
        found.extend(files.into_iter().map(|file| single(file, Some(&publication))));
        for issue in folders {
            found.extend(whole(&issue, list(&issue)?.files, Some(&publication)));
        }
    }
    Ok(())
}

fn whole(folder: &Path, files: Vec<PathBuf>, publication: Option<&PublicationId>) -> Option<Source> {
    (!files.is_empty()).then(|| Source { path: folder.to_owned(), files, publication: publication.cloned() })
}

fn is_dated(folder: &Path) -> bool {
    folder.file_name().is_some_and(begins_with_date)
}

fn is_issue(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each issue as `path: files`, below the folder.
    fn found(names: &[&str], drop_layout: bool) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), folder.path().join("round")).unwrap();
        let shown = |source: Source| {
            let path = source.path.strip_prefix(folder.path()).unwrap().display().to_string();
            let title = source.publication.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
            match source.is_folder() {
                true => format!("{title}{path}: {}", source.files.len()),
                false => format!("{title}{path}"),
            }
        };
        issues(&[folder.path().to_owned()], drop_layout).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn a_folder_gives_its_issue_files_in_order_without_hidden_done_or_rejected_ones() {
        let names = ["b.txt", "a.MD", "c.json", ".d.txt", "sub/e.text", "done/f.txt", "rejected/g.txt"];
        assert_eq!(found(&names, false), ["a.MD", "b.txt", "sub/e.text"]);
    }

    #[test]
    fn a_folder_called_after_a_day_is_one_issue_unless_it_holds_folders() {
        let names = ["2026-03-04/01.txt", "2026-03-04/02.txt", "20260305/x/01.txt", "20260305/02.txt"];
        assert_eq!(found(&names, false), ["2026-03-04: 2", "20260305/02.txt", "20260305/x/01.txt"]);
    }

    #[test]
    fn in_a_drop_folders_layout_folders_are_titles_and_folders_in_them_issues() {
        let names =
            ["one.txt", "2026-03-04/01.txt", "my-daily/a.txt", "my-daily/evening/01.txt", "my-daily/evening/02.txt"];
        let wanted = ["one.txt", "2026-03-04: 1", "my-daily: my-daily/a.txt", "my-daily: my-daily/evening: 2"];
        assert_eq!(found(&names, true), wanted);
    }

    #[test]
    fn a_named_file_is_taken_whatever_its_name_and_a_missing_one_is_named() {
        let file = tempfile::NamedTempFile::with_suffix(".bin").unwrap();
        assert_eq!(issues(&[file.path().to_owned()], false).unwrap()[0].files, [file.path()]);
        let error = issues(&["/nowhere/at-all.txt".into()], false).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at-all.txt"), "{error}");
    }
}
