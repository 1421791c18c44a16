//! What `pressline publish` has sent already: a file of JSON lines, one for each issue that intake took, so that a run of
//! many files goes on where it was stopped without reading them again. A file that was changed since is sent again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use contract::IssueId;
use serde::{Deserialize, Serialize};

use crate::report::Problem;
use crate::sources::Source;

/// One issue that was taken.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    path: PathBuf,
    /// Bytes and change times of its files.
    stamp: String,
    /// Where it was sent, and what was said of it.
    to: String,
    id: IssueId,
}

/// The file, and what stood in it.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    to: String,
    known: HashMap<PathBuf, (String, IssueId)>,
}

impl Journal {
    /// Opens the journal, or begins one. `to` is where files are sent and what is said of them all: what was sent otherwise
    /// does not count.
    pub fn open(path: &Path, to: String) -> Result<Self, Problem> {
        let cannot =
            |error: std::io::Error| Problem::unavailable(format!("journal {} is not usable: {error}", path.display()));
        let file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(cannot)?;
        let mut known = HashMap::new();
        for line in BufReader::new(&file).split(b'\n') {
            // The last line of a run that was killed may be half a line.
            if let Ok(line) = serde_json::from_slice::<Line>(&line.map_err(cannot)?)
                && line.to == to
            {
                known.insert(line.path, (line.stamp, line.id));
            }
        }
        // So that half a line does not spoil the next one.
        (&file).write_all(b"\n").map_err(cannot)?;
        Ok(Self { path: path.to_owned(), file, to, known })
    }

    /// The issue that this was taken as, if it was and is still the same.
    pub fn knows(&self, source: &Source) -> Option<&IssueId> {
        let (stamp, id) = self.known.get(&absolute(&source.path))?;
        (Some(stamp) == stamp_of(source).as_ref()).then_some(id)
    }

    /// Notes that intake took it; the line is on its way to the disk when this returns.
    pub fn note(&mut self, source: &Source, stamp: Option<String>, id: &IssueId) -> Result<(), Problem> {
        let Some(stamp) = stamp else { return Ok(()) };
        let line = Line { path: absolute(&source.path), stamp, to: self.to.clone(), id: id.clone() };
        let mut text = serde_json::to_vec(&line).map_err(|error| Problem::internal(error.to_string()))?;
        text.push(b'\n');
        self.file.write_all(&text).map_err(|error| {
            Problem::unavailable(format!("journal {} cannot be written: {error}", self.path.display()))
        })
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Bytes and change times; `None` if a file is gone.
pub fn stamp_of(source: &Source) -> Option<String> {
    let mut stamp = String::new();
    for file in &source.files {
        let data = std::fs::metadata(file).ok()?;
        let changed = data.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        stamp.push_str(&format!("{}@{}.{} ", data.len(), changed.as_secs(), changed.subsec_nanos()));
    }
    Some(stamp.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_known_until_it_changes_or_goes_elsewhere_and_half_a_line_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, file) = (folder.path().join("journal"), folder.path().join("a.txt"));
        std::fs::write(&file, "one").unwrap();
        let source = Source { path: file.clone(), files: vec![file.clone()], publication: None };
        let id = IssueId::of(b"one");
        let mut open = Journal::open(&journal, "here".into()).unwrap();
        assert_eq!(open.knows(&source), None);
        open.note(&source, stamp_of(&source), &id).unwrap();
        OpenOptions::new().append(true).open(&journal).unwrap().write_all(b"{\"path\": \"/half").unwrap();

        let mut again = Journal::open(&journal, "here".into()).unwrap();
        assert_eq!(again.knows(&source), Some(&id));
        assert_eq!(Journal::open(&journal, "elsewhere".into()).unwrap().knows(&source), None);
        std::fs::write(&file, "other").unwrap();
        assert_eq!(again.knows(&source), None);
        again.note(&source, stamp_of(&source), &id).unwrap();
        assert_eq!(Journal::open(&journal, "here".into()).unwrap().knows(&source), Some(&id));
    }
}
