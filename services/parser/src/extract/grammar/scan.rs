//! Reading a text by hand, character by character, as a pattern anchored at its beginning would: where a pattern's own
//! machinery costs many times more than the walk.

use std::sync::LazyLock;

use regex::Regex;

use super::fold;
use crate::extract::text::CharSet;

/// What `\d` matches.
pub(super) static DIGIT: LazyLock<CharSet> = LazyLock::new(|| class(r"\d+"));

/// The planes of characters that hold any.
const LAST: char = '\u{3ffff}';

/// All characters that a pattern matches runs of.
fn class(pattern: &str) -> CharSet {
    let pattern = Regex::new(pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"));
    let all: String = ('\0'..=LAST).collect();
    CharSet::wide(pattern.find_iter(&all).flat_map(|run| run.as_str().chars()))
}

/// A text and how far it is read. Copied where a reading may be taken back.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    text: &'a str,
    pub at: usize,
}

impl<'a> Scan<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The same text from another place on.
    pub fn from(self, at: usize) -> Self {
        Self { at, ..self }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What was read since an earlier place.
    fn since(&self, from: usize) -> &'a str {
        &self.text[from..self.at]
    }

    /// Passes over a character that is so.
    pub fn step(&mut self, so: impl Fn(char) -> bool) -> bool {
        let next = self.rest().chars().next().filter(|c| so(*c));
        self.at += next.map_or(0, char::len_utf8);
        next.is_some()
    }

    /// Passes over white space.
    pub fn blanks(&mut self) {
        while self.step(char::is_whitespace) {}
    }

    /// Passes over a word in either script; where it does not stand here, nothing is read.
    pub fn word(&mut self, word: &str) -> bool {
        let from = self.at;
        let read = word.chars().all(|own| self.step(|c| c == own || fold(c) == own));
        self.at = if read { self.at } else { from };
        read
    }

    /// Passes over characters that are so, as many as there are up to `most`.
    pub fn run(&mut self, so: impl Fn(char) -> bool, most: usize) -> &'a str {
        let from = self.at;
        let _ = (0..most).take_while(|_| self.step(&so)).count();
        self.since(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::grammar::{PAIRS, other_script};

    #[test]
    fn sets_are_what_the_patterns_match() {
        let digit = Regex::new(r"^\d$").unwrap();
        let mut bytes = [0; 4];
        for c in '\0'..=char::MAX {
            let text = c.encode_utf8(&mut bytes);
            assert_eq!(DIGIT.has(c), digit.is_match(text), "{c:?}");
        }
    }

    #[test]
    fn a_character_has_one_form_in_the_other_script() {
        let chars: Vec<char> = PAIRS.chars().collect();
        for pair in chars.chunks_exact(2) {
            assert_eq!(other_script(pair[0]), Some(pair[1]), "{pair:?}");
            assert_eq!((fold(pair[0]), fold(pair[1])), (pair[0], pair[0]), "{pair:?}");
        }
    }
}
