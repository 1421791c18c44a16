//! What tests on pages share: reading a page, reading its gold.

use std::path::Path;

use contract::{IssueId, IssueReceived};
use parser::{Extraction, Source, Unreadable, extract};
use serde_json::Value;

/// A JSON file.
pub fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The extraction of a file.
pub fn read(path: &Path) -> Result<Extraction, Unreadable> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let received = IssueReceived {
        id: IssueId::of(&bytes),
        file_name: None,
        media_type: "text/plain".into(),
        charset: None,
        sha256: String::new(),
        publication: None,
        date: None,
        edition: None,
        received: jiff::Timestamp::UNIX_EPOCH,
    };
    extract(&Source { bytes: &bytes, received: &received, revision: 1 })
}

/// A heading without what a recogniser or a pen may set in several ways.
pub fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '—' | '-' | '"' | '“' | '”' | '「' | '」' | '#' | '*'))
        .collect()
}
