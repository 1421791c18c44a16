//! What tests on pages share: reading a page.

pub mod text;

use std::path::Path;

use parser::{Extraction, Unreadable};

/// The extraction of a file.
pub fn read(path: &Path) -> Result<Extraction, Unreadable> {
    text::extraction(&std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
