//! Reading annotations, and comparing with them.

use std::path::Path;

use serde_json::Value;

/// A JSON file.
pub fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A heading without what a recogniser or a pen may set in several ways.
pub fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '—' | '-' | '"' | '“' | '”' | '「' | '」' | '#' | '*'))
        .collect()
}
