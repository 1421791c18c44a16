//! Words inside and across the words that the server cuts.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::cut::{Cut, DICTIONARY, fold, is_han, lemma};
use super::{Added, INSIDE};

/// Longest word inside which another one is taken for meant: 中华全国总工会.
const LONGEST: usize = 8;
/// Characters that are looked at behind a word to tell whether it is meant.
const CONTEXT: usize = 8;
/// Neighbours before a hidden word: phrases seldom end in one.
const BEFORE: usize = 1;
/// Neighbours behind it; two make a phrase of three words findable.
const BEHIND: usize = 2;
/// What numbers are written with.
const NUMERALS: &str = "〇零一二三四五六七八九十百千万亿两";

/// Whether the dictionary has it.
pub fn has_word(word: &str) -> bool {
    DICTIONARY.has_word(word)
}

/// A word of the dictionary that the server does not cut out where it stands.
struct Hidden {
    start: usize,
    end: usize,
}

/// Adds the words that are hidden in `cut`.
pub fn add(cut: &Cut, added: &mut Added) {
    let mut text = String::new();
    for start in 0..cut.chars.len() {
        if !is_han(cut.chars[start]) {
            continue;
        }
        // The end of a number is another number.
        if start > 0 && [start - 1, start].iter().all(|at| NUMERALS.contains(cut.chars[*at])) {
            continue;
        }
        let Some(end) = unit(cut, start, &mut text) else { continue };
        let own = cut.begins(start).is_some_and(|number| cut.words[number].end == end);
        if own {
            continue;
        }
        let word = lemma(&cut.chars[start..end]);
        let hidden = Hidden { start, end };
        if hidden.is_inside(cut) {
            hidden.add_with_neighbours(cut, &word, added);
            added.word(&word);
        } else if added.found.contains(&word) {
        } else if hidden.is_meant(cut) {
            added.word(&word);
        } else {
            added.word(&format!("{word}{INSIDE}"));
        }
    }
}

/// The end of what the server would cut at `start` if a word of the dictionary began there: a pair, or three characters
/// that do not begin with a pair; longer words it cuts into these. `text` holds it then.
fn unit(cut: &Cut, start: usize, text: &mut String) -> Option<usize> {
    text.clear();
    text.push(cut.chars[start]);
    for end in start + 1..(start + 3).min(cut.chars.len()) {
        if !is_han(cut.chars[end]) {
            return None;
        }
        text.push(cut.chars[end]);
        if has_word(text) {
            return Some(end + 1);
        }
    }
    None
}

impl Hidden {
    /// 工会 in 总工会.
    fn is_inside(&self, cut: &Cut) -> bool {
        let (Some(first), Some(last)) = (cut.word_at(self.start), cut.word_at(self.end - 1)) else { return false };
        let (from, to) = (cut.words[first].start, cut.words[last].end);
        to - from > self.end - self.start && to - from <= LONGEST && (first == last || has_word(&cut.text(from, to)))
    }

    /// 长江 in 市长江大桥 is meant, though 市长 comes first. 市长 is not: it is found by who asks for it alone, and neither
    /// in a phrase nor by a query that excludes it.
    fn is_meant(&self, cut: &Cut) -> bool {
        let context: String =
            cut.chars[self.start..].iter().take(self.end - self.start + CONTEXT).take_while(|c| is_han(**c)).collect();
        let length = cut.chars[self.start..self.end].iter().map(|c| c.len_utf8()).sum::<usize>();
        DICTIONARY.cut(&context, false).first().is_some_and(|word| word.word.len() >= length)
    }

    fn add_with_neighbours(&self, cut: &Cut, word: &str, added: &mut Added) {
        let before = cut.begins(self.start).map_or(&[][..], |number| cut.before(number, BEFORE));
        let behind = cut.ends(self.end).map_or(&[][..], |number| cut.behind(number, BEHIND));
        if before.is_empty() && behind.is_empty() {
            return;
        }
        let lemmas: Vec<&str> = before
            .iter()
            .map(|word| &*word.lemma)
            .chain([word])
            .chain(behind.iter().map(|word| &*word.lemma))
            .collect();
        added.run(&lemmas);
    }
}

/// Whether a reader may ask for the character alone: not for verbs, numbers and the small words, which are a third of all.
fn is_asked_for(c: char) -> bool {
    static NEVER: LazyLock<HashSet<char>> = LazyLock::new(|| {
        let never = |c: &char| {
            let tag = DICTIONARY.tag(c.encode_utf8(&mut [0; 4]), false).first().map_or("", |tag| tag.tag).to_owned();
            NUMERALS.contains(*c)
                || matches!(tag.as_str(), "a" | "c" | "d" | "p" | "r" | "ud" | "ug" | "uv" | "uz" | "v" | "y")
        };
        ('\u{4e00}'..='\u{9fff}').filter(never).collect()
    });
    !NEVER.contains(&c)
}

/// Adds the characters inside words that no word begins with.
pub fn add_characters(cut: &Cut, added: &mut Added) {
    for word in cut.words.iter().filter(|word| word.len() > 1) {
        for c in cut.chars[word.start + 1..word.end].iter().filter(|c| is_han(**c) && is_asked_for(**c)) {
            let character = fold(*c);
            if !added.begins(character) {
                added.word(&String::from_iter([character, INSIDE]));
            }
        }
    }
}
