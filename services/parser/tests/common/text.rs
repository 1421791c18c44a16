//! What tests on texts share: reading one.

use contract::{IssueId, IssueReceived};
use parser::{Extraction, Source, Unreadable, extract};

/// The extraction of a text.
pub fn extraction(bytes: &[u8]) -> Result<Extraction, Unreadable> {
    let received = IssueReceived {
        id: IssueId::of(bytes),
        file_name: None,
        media_type: "text/plain".into(),
        charset: None,
        sha256: String::new(),
        publication: None,
        date: None,
        edition: None,
        received: jiff::Timestamp::UNIX_EPOCH,
    };
    extract(&Source { bytes, received: &received, revision: 1 })
}
