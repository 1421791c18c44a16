//! Whether a line begins in the middle of a sentence, as the rest of an article does whose beginning stands on another page:
//! by its first character, by whether a word begins with it, and by where the first mark stands. The weights in
//! `starts.tsv` are fitted to annotated pages (`fit/starts.py`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::clues;
use super::features::Feature;
use super::text::is_han;

/// Below text that has ended: log odds from which a line, and shares of common words (`topics`) below which it and the text
/// have too little in common to be one article. Of a hundred lines as the first row says, 95 begin the rest of another
/// one; as the others say, half.
const SURELY: (f32, f32) = (1.0, 0.02);
const PERHAPS: [(f32, f32); 2] = [(0.0, 0.01), (-1.0, 0.003)];

/// Longest word that is looked up at a line's beginning, and characters within which its first mark says something.
const LONGEST: usize = 4;
const REACH: usize = 6;
const MARKS: &str = "，。、；：,;:.！？";

/// Whether a line below text that has ended, with which it shares so much, begins the rest of another article:
/// [`Feature::Adrift`] or [`Feature::PerhapsAdrift`].
pub(crate) fn adrift(text: &str, share: f32) -> Option<Feature> {
    if share >= SURELY.1 {
        return None;
    }
    let score = score(text);
    let as_far = |(least, most): &(f32, f32)| score >= *least && share < *most;
    if as_far(&SURELY) {
        return Some(Feature::Adrift);
    }
    PERHAPS.iter().any(as_far).then_some(Feature::PerhapsAdrift)
}

/// Whether a line begins as lines do in the middle of a sentence.
pub(crate) fn goes_on(text: &str) -> bool {
    score(text) >= 0.0
}

/// The log odds that a line that begins so begins in the middle of a sentence.
fn score(text: &str) -> f32 {
    let table = &*TABLE;
    let chars: Vec<char> = text.chars().take(REACH).collect();
    let Some(first) = chars.first() else { return 0.0 };
    let word = |from: usize, to: usize| {
        chars.get(from..to).is_some_and(|word| crate::dictionary::has_word(&word.iter().collect::<String>()))
    };
    let length = (2..=LONGEST).rev().find(|to| word(0, *to)).unwrap_or(1);
    let mut score = table.bias + table.length[length - 1] + table.char.get(first).copied().unwrap_or(0.0);
    if length == 1 {
        score += table.alone.get(first).copied().unwrap_or(0.0);
        if is_han(*first) && chars.get(1).is_some_and(|c| is_han(*c)) {
            score += table.then[usize::from(word(1, 3))];
        }
    }
    let mark = chars.iter().enumerate().find(|(_, c)| MARKS.contains(**c));
    score + mark.and_then(|(at, c)| table.mark.get(&(at, *c)).copied()).unwrap_or(0.0)
}

/// What each clue adds.
#[derive(Default)]
struct Table {
    bias: f32,
    /// By the length of the word of the dictionary that begins the line, from 1: none of two characters and more.
    length: [f32; LONGEST],
    /// By the first character, always and where no longer word begins with it.
    char: FxHashMap<char, f32>,
    alone: FxHashMap<char, f32>,
    /// Whether a word begins with the second character, where none of two and more begins with the first.
    then: [f32; 2],
    /// By the first mark and where it stands.
    mark: FxHashMap<(usize, char), f32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    clues::read(include_str!("starts.tsv"), |kind, of, weight| {
        let first = of.chars().next();
        match kind {
            "bias" => table.bias = weight,
            "word" => *table.length.get_mut(of.parse::<usize>().ok()?.checked_sub(1)?)? = weight,
            "char" => _ = table.char.insert(first?, weight),
            "alone" => _ = table.alone.insert(first?, weight),
            "then" => table.then[usize::from(of == "word")] = weight,
            "mark" => _ = table.mark.insert((first?.to_digit(10)? as usize, of.chars().nth(1)?), weight),
            _ => return None,
        }
        Some(())
    });
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_with_a_sentence_is_told_from_what_begins_one() {
        for rest in [
            "的做法，让渡口的船工都有了新活路。",
            "子里的水最深处没过膝盖。",
            "元，比去年多了一成。",
            "了三成，桥头的店也多了。",
        ] {
            assert!(score(rest) >= SURELY.0, "{rest}: {}", score(rest));
        }
        for start in [
            "据介绍，新桥全长两公里。",
            "“过江只要十分钟。”船工说。",
            "新桥今天上午正式通车。",
            "目前，桥头的早市已经开张。",
        ] {
            assert!(score(start) < 0.0, "{start}: {}", score(start));
        }
    }
}
