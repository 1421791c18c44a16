//! The issue files that an example is given.

use std::error::Error;

use contract::IssueReceived;
use parser::{Source, Unreadable};

/// Reads one after the other.
pub fn each(
    paths: impl Iterator<Item = String>,
    mut read: impl FnMut(&str, &Source<'_>) -> Result<(), Unreadable>,
) -> Result<(), Box<dyn Error>> {
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let received = IssueReceived::of(&bytes);
        read(&path, &Source { bytes: &bytes, received: &received, revision: 1 })?;
    }
    Ok(())
}
