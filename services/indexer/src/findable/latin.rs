//! Latin letters and digits: 5G behind Chinese text is torn into 5 and G, １２３５１ into single digits.

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;

use super::Added;
use super::cut::{Cut, is_han};
use super::hidden;

/// Neighbours behind such a word, for phrases; a phrase that begins before it is torn as the text is.
const BEHIND: usize = 2;

/// Adds each run of letters and digits that the server does not keep as one word.
pub fn add(cut: &Cut, added: &mut Added) {
    let mut at = 0;
    while at < cut.chars.len() {
        let run: Vec<char> = cut.chars[at..].iter().copied().map_while(narrow).collect();
        if !run.is_empty() {
            let word: CompactString = run.iter().collect();
            let end = at + run.len();
            if let Some(last) = cut.ends(end).filter(|_| cut.begins(at).is_none_or(|first| cut.words[first].end < end))
            {
                hidden::run(cut, &[], &word, cut.behind(last, BEHIND), added);
            }
            added.word(&word);
        }
        at += run.len().max(1);
    }
}

/// A letter or digit in its narrow, small form.
fn narrow(c: char) -> Option<char> {
    if c.is_ascii() || is_han(c) {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
    }
    let mut form = std::iter::once(c).nfkc();
    let only = form.next().filter(|_| form.next().is_none())?;
    only.is_ascii_alphanumeric().then(|| only.to_ascii_lowercase())
}
