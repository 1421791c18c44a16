//! What tests on texts share: reading one.

use contract::IssueReceived;
use parser::{Extraction, Source, Unreadable, extract};

/// The extraction of a text.
pub fn extraction(bytes: &[u8]) -> Result<Extraction, Unreadable> {
    let received = IssueReceived::of(bytes);
    extract(&Source { bytes, received: &received, revision: 1 })
}
