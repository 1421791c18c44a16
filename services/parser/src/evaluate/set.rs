//! A set of annotated pages on disk: read, extracted, measured.

use std::io;
use std::path::{Path, PathBuf};

use contract::IssueReceived;

use super::{Figures, Gold, NoGold, Report, score};
use crate::extract::{Source, Unreadable, extract, text_of};

/// How an issue file may be called.
const ENDINGS: [&str; 2] = ["txt", "md"];

/// Why a set cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum NoFigures {
    /// A folder or file cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Nothing is annotated.
    #[error("{} holds no NAME.json: nothing to measure", .0.display())]
    Empty(PathBuf),
    /// An annotation without its page.
    #[error("{} has neither {name}.txt nor {name}.md, which {name}.json annotates", folder.display())]
    NoIssue {
        /// Where it was looked for.
        folder: PathBuf,
        /// The page.
        name: String,
    },
    /// An annotation that cannot be used.
    #[error("{name}.json: {error}")]
    Gold {
        /// The page.
        name: String,
        /// Why.
        error: NoGold,
    },
    /// An issue file that holds no page.
    #[error("{name}: {error}")]
    Issue {
        /// The page.
        name: String,
        /// Why.
        error: Unreadable,
    },
}

/// Extracts every issue that the gold of a folder names, in the order of names, and measures it.
///
/// # Errors
/// [`NoFigures`] at the first file that cannot be used.
pub fn folder(gold: &Path, issues: &Path) -> Result<Report, NoFigures> {
    let unreadable = |error| NoFigures::File { path: gold.to_owned(), error };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(gold).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "json") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    if names.is_empty() {
        return Err(NoFigures::Empty(gold.to_owned()));
    }
    names.sort();
    let mut report = Report::default();
    for name in names {
        let annotation = read(&gold.join(format!("{name}.json")))?;
        let path = ENDINGS.map(|end| issues.join(format!("{name}.{end}"))).into_iter().find(|path| path.exists());
        let path = path.ok_or_else(|| NoFigures::NoIssue { folder: issues.to_owned(), name: name.clone() })?;
        let unusable = |error| NoFigures::Gold { name: name.clone(), error };
        let annotation = Gold::read(&String::from_utf8_lossy(&annotation)).map_err(unusable)?;
        let figures = page(&annotation, &path, &name)?;
        report.add(name, figures);
    }
    Ok(report)
}

fn read(path: &Path) -> Result<Vec<u8>, NoFigures> {
    std::fs::read(path).map_err(|error| NoFigures::File { path: path.to_owned(), error })
}

fn page(gold: &Gold, path: &Path, name: &str) -> Result<Figures, NoFigures> {
    let bytes = read(path)?;
    let unread = |error| NoFigures::Issue { name: name.to_owned(), error };
    let text = text_of(&bytes, None).map_err(unread)?;
    let lines: Vec<&str> = text.split('\n').collect();
    gold.check(lines.len()).map_err(|error| NoFigures::Gold { name: name.to_owned(), error })?;
    let received = IssueReceived {
        file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()),
        ..IssueReceived::of(&bytes)
    };
    let found = extract(&Source { bytes: &bytes, received: &received, revision: 1 }).map_err(unread)?;
    Ok(score(gold, &lines, &found.articles))
}
