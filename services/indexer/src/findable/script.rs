//! Simplified and traditional forms.

use std::sync::{LazyLock, RwLock};

use compact_str::CompactString;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Added;
use super::cut::{Cut, DICTIONARY, is_han, lemma};
use super::small::is_small;

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
    let variants: &Variants = &VARIANTS;
    if !text.chars().any(|c| variants.traditional.contains(&c)) {
        return None;
    }
    Some(with_aspect(&to_simplified(text))).filter(|form| form != text)
}

/// What stands before and behind 著 where it means a book or what is plain to see.
const AUTHORED: (&str, &str) = ("名原巨显卓土编论专昭遗合拙译所", "名作者述称录书");

/// 望著, 隨著: OpenCC leaves 著 as it is, which in simplified characters is 着 behind a verb.
fn with_aspect(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut form = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let authored = form.ends_with(|before| AUTHORED.0.contains(before))
            || chars.peek().is_none_or(|behind| AUTHORED.1.contains(*behind));
        form.push(if c == '著' && !authored { '着' } else { c });
    }
    form
}

/// Characters that exist in both scripts, in different forms.
struct Variants {
    /// Those that have a simplified form: a text without them has no other, and most have none.
    traditional: FxHashSet<char>,
    /// Their simplified forms, by code point from [`FIRST`]: a word without these is written alike in both.
    simplified: Vec<bool>,
}

/// The first and the last of the characters that have forms.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';

impl Variants {
    fn is_simplified(&self, c: char) -> bool {
        let at = u32::from(c).checked_sub(FIRST.into());
        at.and_then(|at| self.simplified.get(at as usize)).is_some_and(|is| *is)
    }
}

static VARIANTS: LazyLock<Variants> = LazyLock::new(|| {
    let mut traditional = FxHashSet::default();
    let mut simplified = vec![false; (FIRST..=LAST).count()];
    for c in FIRST..=LAST {
        let form = to_simplified(c.encode_utf8(&mut [0; 4]));
        if form.chars().ne([c]) {
            traditional.insert(c);
            for form in form.chars().filter(|form| (FIRST..=LAST).contains(form)) {
                simplified[(u32::from(form) - u32::from(FIRST)) as usize] = true;
            }
        }
    }
    Variants { traditional, simplified }
});

/// The traditional form of a word, as the server keeps it.
#[derive(Clone)]
struct Traditional {
    lemma: CompactString,
    /// Whether the dictionary knows it as one word.
    known: bool,
}

/// The traditional form of a word of the dictionary, or of a character, where it is another one to the server: as many as
/// there are of these are remembered.
fn traditional(word: &[char]) -> Option<Traditional> {
    static KNOWN: LazyLock<RwLock<FxHashMap<CompactString, Option<Traditional>>>> = LazyLock::new(RwLock::default);
    let key = CompactString::from_iter(word);
    if let Some(form) = KNOWN.read().ok().and_then(|known| known.get(&key).cloned()) {
        return form;
    }
    let form = convert(&TO_TRADITIONAL, &key);
    let other = Traditional { lemma: lemma(&form.chars().collect::<Vec<_>>()), known: DICTIONARY.has_word(&form) };
    let other = Some(other).filter(|other| other.lemma != lemma(word));
    if let Ok(mut known) = KNOWN.write() {
        known.insert(key, other.clone());
    }
    other
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

/// A character that some traditional texts write in one way and others in another, and that the server keeps apart.
const WAYS: (char, char) = ('裡', '裏');

/// Adds the other way to write what a traditional text prints in one.
pub fn add_other_way(printed: &Cut, added: &mut Added) {
    for (one, other) in [WAYS, (WAYS.1, WAYS.0)] {
        if printed.chars.contains(&one) {
            added.word(&lemma(&[other]));
        }
    }
}

/// Adds the traditional forms of the words of `reading`, whose [`Cut::dictionary_words`] are `words`. The server cuts
/// traditional text into characters and joins up to three of them again when it looks for a query's words; so each word
/// stands there in one piece. Several words that the dictionary knows as one are added only where it knows their traditional
/// form, too: then the server does not cut it.
pub fn add_traditional(printed: &Cut, reading: &Cut, words: &[u8], added: &mut Added) {
    let variants: &Variants = &VARIANTS;
    let mut seen = FxHashSet::default();
    for (number, first) in reading.words.iter().enumerate() {
        for last in &reading.words[number..] {
            let characters = &reading.chars[first.start..last.end];
            if characters.len() > LONGEST_JOINED || !characters.iter().all(|c| is_han(*c)) {
                break;
            }
            let one = first.start == last.start;
            if !one && words[first.start] & 1 << characters.len() == 0
                || !characters.iter().any(|c| variants.is_simplified(*c))
                || is_small(characters)
                || !seen.insert(characters)
            {
                continue;
            }
            if let Some(form) = traditional(characters).filter(|form| one || form.known)
                && form.lemma != lemma(&printed.chars[first.start..last.end])
            {
                added.word(&form.lemma);
            }
        }
    }
}
