//! What tests on pages share: reading a page.

use std::path::Path;

use contract::{IssueId, IssueReceived};
use parser::{Extraction, Source, Unreadable, extract};

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
