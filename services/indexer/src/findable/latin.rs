//! Latin letters and digits: 5G behind Chinese text is torn into 5 and G, １２３５１ into single digits.

use unicode_normalization::UnicodeNormalization;

use super::Added;
use super::cut::Cut;

/// Adds each run of letters and digits that the server does not keep as one word.
pub fn add(cut: &Cut, added: &mut Added) {
    let mut at = 0;
    while at < cut.chars.len() {
        let run: Vec<char> = cut.chars[at..].iter().copied().map_while(narrow).collect();
        if !run.is_empty() {
            added.word(&run.iter().collect::<String>());
        }
        at += run.len().max(1);
    }
}

/// A letter or digit in its narrow, small form.
fn narrow(c: char) -> Option<char> {
    let mut form = std::iter::once(c).nfkc();
    let only = form.next().filter(|_| form.next().is_none())?;
    only.is_ascii_alphanumeric().then(|| only.to_ascii_lowercase())
}
