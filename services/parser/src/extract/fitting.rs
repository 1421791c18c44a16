//! What the sequence model sees of a file, for fitting its weights (`fit/`).

use super::features::Feature;
use super::{Source, Unreadable, lines, observe, sheets};

/// One line as the model sees it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Seen {
    /// Number of its first line in the file, from 1.
    pub first: u32,
    /// Number of its last line in the file.
    pub last: u32,
    /// Its text.
    pub text: String,
    /// It is the first line of its page.
    pub opens_page: bool,
    /// What is true of it.
    pub features: Vec<usize>,
}

/// The lines of a file with their features.
///
/// # Errors
/// As [`super::extract`].
pub fn seen(source: &Source<'_>) -> Result<Vec<Seen>, Unreadable> {
    let (sheets, _) = sheets::read(source)?;
    let lines = match &sheets[..] {
        [only] => lines::split(&only.text),
        several => lines::split_sheets(several),
    };
    let features = observe::of(&lines);
    let seen = lines.iter().zip(features).map(|(line, features)| Seen {
        first: line.first,
        last: line.last,
        text: line.text.clone(),
        opens_page: line.opens_page,
        features: features.iter().map(|feature| feature as usize).collect(),
    });
    Ok(seen.collect())
}

/// The names of the features, in order.
pub fn names() -> Vec<String> {
    Feature::ALL.iter().map(|feature| format!("{feature:?}")).collect()
}
