//! A text cut into words as the search server will cut it.

use std::sync::LazyLock;

use charabia::{Language, Script, SeparatorKind, Tokenizer, TokenizerBuilder};
use compact_str::CompactString;
use jieba_rs::Jieba;

/// The locale under which the searched fields are indexed (see `index`).
const LOCALES: [Language; 1] = [Language::Cmn];

/// The dictionary that the server cuts by (it is the same in both versions of the crate).
pub static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

static TOKENIZER: LazyLock<Tokenizer<'static>> = LazyLock::new(|| TokenizerBuilder::<Vec<u8>>::new().into_tokenizer());

/// Longest word of the dictionary that is looked at: 中华全国总工会.
pub const LONGEST: usize = 7;

/// A text and its words.
pub struct Cut {
    /// The text.
    pub chars: Vec<char>,
    /// Its words in their order, without separators.
    pub words: Vec<Word>,
    /// For each character the number of the word it stands in.
    word_at: Vec<Option<u32>>,
}

/// One word.
pub struct Word {
    /// First character.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
    /// As the server keeps and compares it.
    pub lemma: CompactString,
    /// Numbers what stands between two hard separators: no phrase reaches across.
    pub clause: u32,
}

impl Word {
    /// How many characters.
    pub fn len(&self) -> usize {
        self.end - self.start
    }
}

impl Cut {
    /// Cuts `text`.
    pub fn new(text: &str) -> Self {
        let mut cutting = Cutting::new(text);
        let breaks: &[(char, bool)] = &BREAKS;
        let kind = |c: char| match c {
            c if is_common(c) => None,
            c => breaks.iter().find(|(known, _)| *known == c).map(|(_, hard)| *hard),
        };
        let (mut at, mut byte) = (0, 0);
        while at < cutting.chars.len() {
            if let Some(hard) = kind(cutting.chars[at]) {
                cutting.clause += u32::from(hard);
                cutting.passes(at, at + 1);
                byte += cutting.chars[at].len_utf8();
                at += 1;
                continue;
            }
            let piece = || cutting.chars[at..].iter().take_while(|c| kind(**c).is_none());
            let behind = at + piece().count();
            let end = byte + piece().map(|c| c.len_utf8()).sum::<usize>();
            if cutting.is_chinese(&cutting.chars[at..behind]) {
                cutting.chinese(&text[byte..end], at);
            } else {
                cutting.mixed(&text[byte..end], at);
            }
            cutting.passes(at, behind);
            (at, byte) = (behind, end);
        }
        cutting.done()
    }

    /// The number of the word that character `at` stands in.
    pub fn word_at(&self, at: usize) -> Option<usize> {
        self.word_at.get(at).copied().flatten().map(|number| number as usize)
    }

    /// The number of the word that begins with character `at`.
    pub fn begins(&self, at: usize) -> Option<usize> {
        self.word_at(at).filter(|number| self.words[*number].start == at)
    }

    /// The number of the word that ends before character `at`.
    pub fn ends(&self, at: usize) -> Option<usize> {
        self.word_at(at.checked_sub(1)?).filter(|number| self.words[*number].end == at)
    }

    /// The words before word `number` in its clause, `count` at most, in their order.
    pub fn before(&self, number: usize, count: usize) -> &[Word] {
        let clause = self.words[number].clause;
        let from = (number.saturating_sub(count)..number).find(|at| self.words[*at].clause == clause).unwrap_or(number);
        &self.words[from..number]
    }

    /// The words behind word `number` in its clause, `count` at most.
    pub fn behind(&self, number: usize, count: usize) -> &[Word] {
        let clause = self.words[number].clause;
        let all = &self.words[number + 1..(number + 1 + count).min(self.words.len())];
        &all[..all.iter().take_while(|word| word.clause == clause).count()]
    }

    /// For each character which of the runs that begin with it are words of the dictionary: bit `n` is set where its first
    /// `n` characters are one. Runs are of two to [`LONGEST`] characters.
    pub fn dictionary_words(&self) -> Vec<u8> {
        let mut words = vec![0; self.chars.len()];
        let text: String = self.chars.iter().collect();
        for token in DICTIONARY.cut_all(&text) {
            let count = token.end - token.start;
            if (2..=LONGEST).contains(&count) && is_han(self.chars[token.start]) {
                words[token.start] |= 1 << count;
            }
        }
        words
    }

    /// Characters `start..end` as text.
    pub fn text(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }
}

/// Characters that part words and change nothing else about how the text around them is cut, and whether no phrase reaches
/// across them. Asked of the server's tokenizer once; what is not here is left to it each time.
static BREAKS: LazyLock<Vec<(char, bool)>> = LazyLock::new(|| {
    let kind = |c: char| {
        let text = format!("一{c}一");
        let token = TOKENIZER.tokenize_with_allow_list(&text, Some(&LOCALES)).nth(1)?;
        token.separator_kind().map(|kind| (c, kind == SeparatorKind::Hard))
    };
    "，。、；：？！“”（）《》\u{3000}\n".chars().filter_map(kind).collect()
});

/// The server's way for a text of Chinese characters only costs ten times what is needed; so it is done here, and a test
/// compares. All else is left to its tokenizer.
struct Cutting {
    chars: Vec<char>,
    words: Vec<Word>,
    word_at: Vec<Option<u32>>,
    clause: u32,
    /// The last character of a script: digits and marks behind it belong to its group, whatever stands between.
    last: Option<char>,
}

impl Cutting {
    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let word_at = vec![None; chars.len()];
        Self { words: Vec::with_capacity(chars.len() / 2), chars, word_at, clause: 0, last: None }
    }

    fn done(self) -> Cut {
        Cut { chars: self.chars, words: self.words, word_at: self.word_at }
    }

    fn word(&mut self, start: usize, end: usize, lemma: CompactString) {
        self.word_at[start..end].fill(u32::try_from(self.words.len()).ok());
        self.words.push(Word { start, end, lemma, clause: self.clause });
    }

    fn passes(&mut self, from: usize, to: usize) {
        let last = self.chars[from..to].iter().rev().find(|c| is_common(**c) || Script::from(**c) != Script::Other);
        self.last = last.copied().or(self.last);
    }

    /// Whether `piece` is of Chinese characters and digits only, and the digits are cut as part of Chinese text.
    fn is_chinese(&self, piece: &[char]) -> bool {
        piece.iter().all(|c| is_common(*c) || c.is_ascii_digit())
            && (is_common(piece[0]) || self.last.is_some_and(is_common))
    }

    /// The dictionary's words; of those that are longer than two characters pairs and triples that are words, from the left.
    fn chinese(&mut self, text: &str, mut at: usize) {
        for word in DICTIONARY.cut(text, false) {
            let mut rest = word.word;
            let whole = rest.chars().nth(2).is_none() || rest.bytes().all(|c| c.is_ascii_digit());
            while !rest.is_empty() {
                let unit = [2, 3]
                    .into_iter()
                    .filter_map(|count| beginning(rest, count))
                    .find(|unit| DICTIONARY.has_word(unit));
                let unit = if whole { rest } else { unit.or_else(|| beginning(rest, 1)).unwrap_or(rest) };
                let end = at + unit.chars().count();
                let printed = &self.chars[at..end];
                // Nearly always: the word as it is printed.
                let lemma = if printed.iter().all(|c| fold(*c) == *c) { unit.into() } else { lemma(printed) };
                self.word(at, end, lemma);
                at = end;
                rest = &rest[unit.len()..];
            }
        }
    }

    fn mixed(&mut self, text: &str, at: usize) {
        let (prefix, skipped) = self.last.map_or((String::new(), 0), |last| (format!("{last} "), 2));
        let text = prefix + text;
        for token in TOKENIZER.tokenize_with_allow_list(&text, Some(&LOCALES)).skip(skipped) {
            self.clause += u32::from(token.separator_kind() == Some(SeparatorKind::Hard));
            let lemma = token.lemma().trim();
            if token.is_word() && !lemma.is_empty() {
                self.word(token.char_start - skipped + at, token.char_end - skipped + at, lemma.into());
            }
        }
    }
}

/// The first `count` characters, if there are so many.
fn beginning(text: &str, count: usize) -> Option<&str> {
    let (last, c) = text.char_indices().nth(count - 1)?;
    Some(&text[..last + c.len_utf8()])
}

/// A Chinese word's form as the server keeps it: variants of a character folded.
pub fn lemma(word: &[char]) -> CompactString {
    word.iter().map(|c| fold(*c)).collect()
}

/// A character's form as the server keeps it; itself where the form is more than one character.
pub fn fold(c: char) -> char {
    let at = u32::from(c).checked_sub(FIRST).map_or(usize::MAX, |at| at as usize);
    FOLDED.get(at).copied().unwrap_or(c)
}

const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;

/// The forms of the common characters, asked of the server's tokenizer once.
static FOLDED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let fold = |c: char| {
        let text = c.to_string();
        let token = TOKENIZER.tokenize_with_allow_list(&text, Some(&LOCALES)).next();
        let mut form = token.as_ref().map(|token| token.lemma().chars()).into_iter().flatten();
        form.next().filter(|_| form.next().is_none()).unwrap_or(c)
    };
    (FIRST..=LAST).filter_map(char::from_u32).map(fold).collect()
});

/// One of the characters whose form is known here.
fn is_common(c: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(c))
}

/// A character of a Chinese word.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn as_the_server_cuts(text: &str) -> Vec<(usize, usize, CompactString, u32)> {
        let mut clause = 0;
        let mut words = Vec::new();
        for token in TOKENIZER.tokenize_with_allow_list(text, Some(&LOCALES)) {
            clause += u32::from(token.separator_kind() == Some(SeparatorKind::Hard));
            if token.is_word() && !token.lemma().trim().is_empty() {
                words.push((token.char_start, token.char_end, token.lemma().trim().into(), clause));
            }
        }
        words
    }

    fn as_we_cut(text: &str) -> Vec<(usize, usize, CompactString, u32)> {
        Cut::new(text).words.into_iter().map(|word| (word.start, word.end, word.lemma, word.clause)).collect()
    }

    #[test]
    fn whole_issues_are_cut_as_the_server_cuts_them() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/issues");
        for file in std::fs::read_dir(folder).unwrap() {
            let Ok(text) = std::fs::read_to_string(file.unwrap().path()) else { continue };
            for line in text.lines() {
                assert_eq!(as_we_cut(line), as_the_server_cuts(line), "{line}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_cut_as_the_server_cuts_it(text in "[中国人民工会长江大学总研究生命發展〇5G２17c.·\\-“”，。、 ]{0,30}") {
            prop_assert_eq!(as_we_cut(&text), as_the_server_cuts(&text));
        }
    }
}
