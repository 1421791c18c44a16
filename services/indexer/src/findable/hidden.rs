//! Words inside the words of the dictionary: 工会 in 总工会. What comes about across words is not meant: 市长 in 南京市长江.

use std::sync::{LazyLock, RwLock};

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cut::{Cut, DICTIONARY, LONGEST, Word, fold, is_han, lemma};
use super::small::is_small;
use super::{Added, INSIDE};

/// A word so long does not come about by chance.
const SURELY_ONE: usize = 4;
/// Neighbours before a hidden word: phrases seldom end in one.
const BEFORE: usize = 1;
/// Neighbours behind it; two make a phrase of three words findable.
const BEHIND: usize = 2;
/// Before a word that begins with a numeral it makes an ordinal: 一天 in 第一天 is no day.
const ORDINAL: char = '第';

/// What numbers are written with.
fn is_numeral(c: char) -> bool {
    ['〇', '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '两'].contains(&c)
}

/// A word of the dictionary that the server does not cut out where it stands.
struct Hidden {
    start: usize,
    end: usize,
}

/// Adds the words that are hidden in `cut`. `words` are [`Cut::dictionary_words`].
pub fn add(cut: &Cut, words: &[u8], added: &mut Added) {
    for (start, lengths) in words.iter().enumerate() {
        // What the server would cut here if a word of the dictionary began: a pair, or three characters that do not begin
        // with a pair; longer words it cuts into these.
        let end = match lengths {
            lengths if lengths & 1 << 2 != 0 => start + 2,
            lengths if lengths & 1 << 3 != 0 => start + 3,
            _ => continue,
        };
        // The end of a number is another number.
        let number = is_numeral(cut.chars[start]);
        if number && start > 0 && (is_numeral(cut.chars[start - 1]) || cut.chars[start - 1] == ORDINAL) {
            continue;
        }
        let own = cut.begins(start).is_some_and(|number| cut.words[number].end == end);
        let hidden = Hidden { start, end };
        if !own && hidden.is_inside(cut, words) {
            let word = lemma(&cut.chars[start..end]);
            if !hidden.is_doubtful(cut) {
                hidden.add_with_neighbours(cut, &word, added);
            }
            added.word(&word);
        }
    }
}

/// Whether characters `from..to` may hold other words: those that the server takes for words, and those of four characters
/// and more (乒乓球拍 before 卖).
fn may_hold(cut: &Cut, from: usize, to: usize) -> bool {
    to - from >= SURELY_ONE || to - from > 2 && cut.begins(from).is_some() && cut.ends(to).is_some()
}

impl Hidden {
    /// 工会 in 总工会; 中学 in 高中学生 is none of its parts, which are 高中 and 学生.
    fn is_inside(&self, cut: &Cut, words: &[u8]) -> bool {
        let is_word = |from: usize, to: usize| words[from] & 1 << (to - from) != 0;
        let parts = |from: usize, to: usize| {
            (self.start + 1..self.end).any(|at| is_word(from, at) && at + LONGEST >= to && is_word(at, to))
        };
        (self.start.saturating_sub(LONGEST - 1)..=self.start).filter(|from| words[*from] != 0).any(|from| {
            let ends = (self.end..=from + LONGEST).filter(|to| to - from > self.end - self.start && is_word(from, *to));
            ends.filter(|to| may_hold(cut, from, *to))
                .any(|to| !(from < self.start && self.end < to && parts(from, to)))
        })
    }

    /// 书馆 in 图书馆: the word that the server cuts there, which ends inside this one, is the more frequent. Few ask for
    /// such a word, and none for a phrase that begins in it. 工会 in 总工会 is the more frequent one.
    fn is_doubtful(&self, cut: &Cut) -> bool {
        let Some(server) = cut.word_at(self.start).map(|number| &cut.words[number]) else { return false };
        if server.start == self.start || server.end >= self.end {
            return false;
        }
        let frequency = |start: usize, end: usize| {
            static KNOWN: LazyLock<RwLock<FxHashMap<Box<[char]>, usize>>> = LazyLock::new(RwLock::default);
            let word = &cut.chars[start..end];
            if let Some(known) = KNOWN.read().ok().and_then(|known| known.get(word).copied()) {
                return known;
            }
            let frequency = DICTIONARY.suggest_freq(&word.iter().collect::<String>());
            if let Ok(mut known) = KNOWN.write() {
                known.insert(word.into(), frequency);
            }
            frequency
        };
        frequency(self.start, self.end) < frequency(server.start, server.end)
    }

    fn add_with_neighbours(&self, cut: &Cut, word: &str, added: &mut Added) {
        let before = cut.begins(self.start).map_or(&[][..], |number| cut.before(number, BEFORE));
        let behind = cut.ends(self.end).map_or(&[][..], |number| cut.behind(number, BEHIND));
        run(cut, before, word, behind, added);
    }
}

/// Adds `word` between its neighbours, as far as they are words that phrases are made of.
pub fn run(cut: &Cut, before: &[Word], word: &str, behind: &[Word], added: &mut Added) {
    let said = |word: &&Word| !is_small(&cut.chars[word.start..word.end]);
    let before = before.iter().rev().take_while(said).map(|word| &*word.lemma);
    let behind = behind.iter().take_while(said).map(|word| &*word.lemma);
    let mut lemmas: Vec<&str> = before.collect();
    lemmas.reverse();
    lemmas.push(word);
    lemmas.extend(behind);
    if lemmas.len() > 1 {
        added.run(&lemmas);
    }
}

/// Whether a reader may ask for the character alone: for things and for what is done, not for numbers, directions and the
/// small words.
fn is_asked_for(c: char) -> bool {
    static NEVER: LazyLock<FxHashSet<char>> = LazyLock::new(|| {
        let never = |c: &char| {
            let tag = DICTIONARY.tag(c.encode_utf8(&mut [0; 4]), false).first().map_or("", |tag| tag.tag).to_owned();
            let tag = tag.as_str();
            is_numeral(*c)
                || matches!(tag, "a" | "c" | "d" | "f" | "k" | "m" | "p" | "r" | "ud" | "ug" | "uv" | "uz" | "y")
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
                added.word(&CompactString::from_iter([character, INSIDE]));
            }
        }
    }
}
