//! Words that tell an article from others: how often it says them, against how rare they are (TF-IDF, jieba's table).

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use jieba_rs::{Jieba, KeywordExtract, KeywordExtractConfig, TfIdf};
use rustc_hash::FxHashMap;

use super::Span;
use super::tokens::Token;
use super::words::STOP;

/// Most keywords of an article.
const KEYWORDS: usize = 10;

/// How rare each word is. jieba-rs keeps its table to itself, so each word is asked for once and remembered; only words
/// of the dictionary are, which bounds what is kept.
pub(super) struct Rarity {
    table: TfIdf,
    of_unknown: f64,
    known: RwLock<FxHashMap<Box<str>, f64>>,
}

impl Rarity {
    pub fn new(jieba: &Jieba) -> Self {
        let mut table = TfIdf::default();
        *table.config_mut() = KeywordExtractConfig::builder()
            .set_stop_words(BTreeSet::new())
            .min_keyword_length(1)
            .use_hmm(false)
            .build();
        let of_unknown = ask(&table, jieba, "ssxxyyzz").unwrap_or(1.0);
        Self { table, of_unknown, known: RwLock::default() }
    }

    /// The rarity of each of the words, in their order.
    fn of<'a>(&self, jieba: &Jieba, words: impl Iterator<Item = &'a str>) -> Vec<f64> {
        let mut new: Vec<(usize, &str)> = Vec::new();
        let mut rarities: Vec<f64> = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let look = |(at, word): (usize, &'a str)| match known.get(word) {
                Some(rarity) => *rarity,
                None => {
                    new.push((at, word));
                    self.of_unknown
                }
            };
            words.enumerate().map(look).collect()
        };
        new.retain(|(_, word)| jieba.has_word(word));
        if !new.is_empty() {
            let asked: Vec<f64> =
                new.iter().map(|(_, word)| ask(&self.table, jieba, word).unwrap_or(self.of_unknown)).collect();
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            for ((at, word), rarity) in new.into_iter().zip(asked) {
                rarities[at] = rarity;
                known.insert(word.into(), rarity);
            }
        }
        rarities
    }
}

/// The weight of a word that is all of a text is its rarity; none where the word alone is cut into several.
fn ask(table: &TfIdf, jieba: &Jieba, word: &str) -> Option<f64> {
    let found = table.extract_keywords(jieba, word, 1, Vec::new());
    found.into_iter().next().filter(|found| found.keyword == word).map(|found| found.weight)
}

/// The weightiest words, as `printed`; those within the first `heading` bytes count twice. Words that are only pieces of
/// the `names` (in the order of the text) count as nothing.
pub(super) fn of(
    tokens: &[Token<'_>],
    names: &[Span],
    printed: &str,
    heading: usize,
    jieba: &Jieba,
    rarity: &Rarity,
) -> Vec<String> {
    let mut counts: FxHashMap<&str, (u32, usize)> = FxHashMap::default();
    let mut names = names.iter().peekable();
    for token in tokens {
        while names.peek().is_some_and(|name| name.end <= token.at) {
            names.next();
        }
        let piece = names.peek().is_some_and(|name| {
            name.start <= token.at && token.end() <= name.end && token.word.len() < name.end - name.start
        });
        if !piece && token.telling && token.chars >= 2 && !token.is(STOP) {
            counts.entry(token.word).or_insert((0, token.at)).0 += 1 + u32::from(token.at < heading);
        }
    }
    let rarities = rarity.of(jieba, counts.keys().copied());
    let mut weighed: Vec<(f64, &str, usize)> = counts
        .into_iter()
        .zip(rarities)
        .map(|((word, (count, at)), rarity)| (f64::from(count) * rarity, word, at))
        .collect();
    let heavier = |a: &(f64, &str, usize), b: &(f64, &str, usize)| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(&b.2));
    if weighed.len() > KEYWORDS {
        weighed.select_nth_unstable_by(KEYWORDS, heavier);
        weighed.truncate(KEYWORDS);
    }
    weighed.sort_unstable_by(heavier);
    weighed.into_iter().map(|(_, word, at)| printed[at..at + word.len()].to_owned()).collect()
}
