//! Words inside the words of the dictionary: 工会 in 总工会. What comes about across words is not meant: 市长 in 南京市长江.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::cut::{Cut, DICTIONARY, fold, is_han, lemma};
use super::{Added, INSIDE};

/// Longest word inside which another one is taken for meant: 中华全国总工会.
const LONGEST: usize = 7;
/// A word so long does not come about by chance.
const SURELY_ONE: usize = 4;
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
    let longer = longer_words(cut);
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
        let hidden = Hidden { start, end };
        if hidden.is_inside(cut, &longer) {
            let word = lemma(&cut.chars[start..end]);
            hidden.add_with_neighbours(cut, &word, added);
            added.word(&word);
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

/// Words of the dictionary that may hold others: those that the server takes for words, and those of four characters and
/// more (乒乓球拍 before 卖).
fn longer_words(cut: &Cut) -> Vec<(usize, usize)> {
    let mut longer = Vec::new();
    let mut text = String::new();
    for from in 0..cut.chars.len() {
        text.clear();
        for (at, c) in cut.chars.iter().enumerate().skip(from).take(LONGEST).take_while(|(_, c)| is_han(**c)) {
            text.push(*c);
            let (count, to) = (at + 1 - from, at + 1);
            let likely = count >= SURELY_ONE || count > 2 && cut.begins(from).is_some() && cut.ends(to).is_some();
            if likely && has_word(&text) {
                longer.push((from, to));
            }
        }
    }
    longer
}

/// Whether characters `from..to` are a word of two characters or more.
fn is_part(cut: &Cut, from: usize, to: usize) -> bool {
    to - from > 1 && has_word(&cut.text(from, to))
}

impl Hidden {
    /// 工会 in 总工会; 中学 in 高中学生 is none of its parts, which are 高中 and 学生. `longer` are in their order.
    fn is_inside(&self, cut: &Cut, longer: &[(usize, usize)]) -> bool {
        let first = longer.partition_point(|(from, _)| from + LONGEST <= self.start);
        longer[first..].iter().take_while(|(from, _)| *from <= self.start).any(|&(from, to)| {
            to >= self.end
                && to - from > self.end - self.start
                && !(from < self.start
                    && self.end < to
                    && (self.start + 1..self.end).any(|at| is_part(cut, from, at) && is_part(cut, at, to)))
        })
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

/// Whether a reader may ask for the character alone: not for adverbs, numbers and the small words.
fn is_asked_for(c: char) -> bool {
    static NEVER: LazyLock<HashSet<char>> = LazyLock::new(|| {
        let never = |c: &char| {
            let tag = DICTIONARY.tag(c.encode_utf8(&mut [0; 4]), false).first().map_or("", |tag| tag.tag).to_owned();
            NUMERALS.contains(*c)
                || matches!(tag.as_str(), "a" | "c" | "d" | "p" | "r" | "ud" | "ug" | "uv" | "uz" | "y")
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
