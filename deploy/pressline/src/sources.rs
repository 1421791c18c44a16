//! Which files a path names. A file that is named is taken whatever it is; in a folder, only what can be an issue file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::report::Problem;

/// Endings of issue files in a folder.
const ENDINGS: [&str; 4] = ["txt", "text", "md", "markdown"];
/// A drop folder's own sub-folders: what lies there was dealt with.
const DEALT_WITH: [&str; 2] = ["done", "rejected"];
/// Deeper than any export lays its files; a guard against folders without end.
const DEPTH: usize = 16;

/// The files that `paths` name, folders walked, in the order of their names.
///
/// # Errors
/// When a path cannot be read, by name.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path)
            .map_err(|error| Problem::settings(format!("{} cannot be read: {error}", path.display())))?;
        if kind.is_dir() {
            walk(path, DEPTH, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let unreadable =
        |error: std::io::Error| Problem::settings(format!("folder {} cannot be read: {error}", folder.display()));
    let mut entries = fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // `file_type` does not follow links: a link could lead round in a circle or out of the folder.
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && depth > 0 && !DEALT_WITH.contains(&&*name) {
            walk(&entry.path(), depth - 1, found)?;
        } else if kind.is_file() && is_issue(&entry.path()) {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn is_issue(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_issue_files_in_order_without_hidden_done_or_rejected_ones() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a.MD", "c.json", ".d.txt", "sub/e.text", "done/f.txt", "rejected/g.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), folder.path().join("round")).unwrap();
        let found = files(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a.MD"), Path::new("b.txt"), Path::new("sub/e.text")]);
    }

    #[test]
    fn a_named_file_is_taken_whatever_its_name_and_a_missing_one_is_named() {
        let file = tempfile::NamedTempFile::with_suffix(".bin").unwrap();
        assert_eq!(files(&[file.path().to_owned()]).unwrap(), [file.path()]);
        let error = files(&["/nowhere/at-all.txt".into()]).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at-all.txt"), "{error}");
    }
}
