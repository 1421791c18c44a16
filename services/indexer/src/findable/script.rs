//! Simplified and traditional forms.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, RwLock};

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use super::Added;
use super::cut::{Cut, is_han, lemma};
use super::hidden::has_word;

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());
static TO_TRADITIONAL: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2t).ok());

/// Most terms that the server joins again when it looks for a word in a query.
const LONGEST_JOINED: usize = 3;

/// `text` in simplified characters.
pub fn to_simplified(text: &str) -> String {
    convert(&TO_SIMPLIFIED, text)
}

/// The simplified form, if it is another one.
pub fn simplified(text: &str) -> Option<String> {
    let traditional: &HashSet<char> = &ONLY_TRADITIONAL;
    if !text.chars().any(|c| traditional.contains(&c)) {
        return None;
    }
    Some(to_simplified(text)).filter(|form| form != text)
}

/// Characters that have a simplified form: a text without them has no other, and most have none.
static ONLY_TRADITIONAL: LazyLock<HashSet<char>> = LazyLock::new(|| {
    let other = |c: &char| to_simplified(c.encode_utf8(&mut [0; 4])).chars().ne([*c]);
    ('\u{3400}'..='\u{9fff}').filter(other).collect()
});

/// The traditional form of a word of the dictionary, or of a character: as many as there are of these are remembered.
fn traditional(word: &str) -> String {
    static KNOWN: LazyLock<RwLock<HashMap<String, String>>> = LazyLock::new(RwLock::default);
    if let Some(form) = KNOWN.read().ok().and_then(|known| known.get(word).cloned()) {
        return form;
    }
    let form = convert(&TO_TRADITIONAL, word);
    if let Ok(mut known) = KNOWN.write() {
        known.insert(word.to_owned(), form.clone());
    }
    form
}

fn convert(by: &Option<OpenCC>, text: &str) -> String {
    by.as_ref().map_or_else(|| text.to_owned(), |by| by.convert(text))
}

/// Adds the clauses that are printed in traditional characters as they would be cut in simplified ones.
pub fn add_simplified(printed: &Cut, simplified: &Cut, added: &mut Added) {
    for clause in simplified.words.chunk_by(|one, next| one.clause == next.clause) {
        let differs =
            |word: &super::cut::Word| printed.chars[word.start..word.end] != simplified.chars[word.start..word.end];
        if clause.iter().any(differs) {
            added.run(&clause.iter().map(|word| &*word.lemma).collect::<Vec<_>>());
        }
    }
}

/// Adds the traditional forms of the words of `reading`: those that the server cuts, and several of them that the
/// dictionary knows as one. The server cuts traditional text into characters, and joins up to three of them again when it
/// looks for a query's words; so each word stands there in one piece.
pub fn add_traditional(printed: &Cut, reading: &Cut, added: &mut Added) {
    for (number, first) in reading.words.iter().enumerate() {
        for last in &reading.words[number..] {
            let range = first.start..last.end;
            if range.len() > LONGEST_JOINED || !reading.chars[range.clone()].iter().all(|c| is_han(*c)) {
                break;
            }
            let word = reading.text(range.start, range.end);
            if first.start != last.start && !has_word(&word) {
                continue;
            }
            let form: Vec<char> = traditional(&word).chars().collect();
            if form != reading.chars[range.clone()] && form != printed.chars[range.clone()] {
                let form = lemma(&form);
                if form != lemma(&reading.chars[range]) {
                    added.word(&form);
                }
            }
        }
    }
}
