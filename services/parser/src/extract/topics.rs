//! Whether neighbouring stretches of text speak of the same thing: pairs of characters they share, the rarer in the file
//! the weightier. No dictionary, so names and terms that no dictionary has count most. Linear in the text.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::lines::Line;
use super::text::{CharSet, is_han};

/// Characters of grammar rather than of content.
static GRAMMAR: LazyLock<CharSet> = LazyLock::new(|| {
    CharSet::of(
        "的了在是和与及为对中有个这那也都就而但并或被把将从向到以于之其他她它们我你不没一二三四五六七八九十百千万年月日时上下",
    )
});

/// Weight of pairs (about one for each pair) that both sides of a heading need before sharing or not sharing says anything.
const ENOUGH: f32 = 60.0;
/// The same inside a stretch, before a line and after it: a new article is a bold thing to say, so more is needed.
const ENOUGH_BEFORE: f32 = 150.0;
const ENOUGH_AFTER: f32 = 80.0;
/// Where something else speaks for a new article, less is.
const HINT_BEFORE: f32 = 70.0;
const HINT_AFTER: f32 = 35.0;

/// What the text on both sides of a line has in common, from 0 to 1; nothing where it is too short to tell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Shared {
    /// Between the stretch of text before this heading and the one after it.
    pub across_heading: Option<f32>,
    /// Between the lines before this line of text and this one with what follows, inside one stretch.
    pub within: Option<f32>,
    /// The same from less text.
    pub hint: Option<f32>,
}

/// Pairs of characters are their own good hash once mixed.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

type Pairs<V> = HashMap<u64, V, BuildHasherDefault<Mix>>;

/// Where a pair was seen last.
#[derive(Clone, Copy)]
struct Seen {
    lines: u32,
    stretch: u32,
    line: u32,
}

/// Compares each stretch of text lines with the next, and each line of a stretch with the lines before it. `text` says
/// which lines are running text, `breaks` which lines end a stretch.
pub(crate) fn shared(lines: &[Line], text: &[bool], breaks: &[bool]) -> Vec<Shared> {
    let pairs = lines.iter().zip(text).map(|(line, text)| if *text { line.text.len() / 3 } else { 0 }).sum();
    let mut table = Table::with_room(pairs);
    let ends: Vec<usize> = lines
        .iter()
        .zip(text)
        .enumerate()
        .map(|(at, (line, text))| {
            if *text {
                table.read(&line.text, at);
            }
            table.pairs.len()
        })
        .collect();
    let Table { pairs, mut seen, .. } = table;
    let pairs_of = |at: usize| &pairs[at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]];
    let mut out = vec![Shared::default(); lines.len()];
    // The first stretch is 2: nothing was seen in the one before it, and 0 is never.
    let mut stretch = 1u32;
    let mut at = 0;
    let mut before: Option<(f32, usize)> = None;
    while at < lines.len() {
        if breaks[at] || !text[at] {
            at += 1;
            continue;
        }
        let end = (at..lines.len()).find(|i| breaks[*i]).unwrap_or(lines.len());
        stretch += 1;
        // Links from a pair to its next occurrence; those that cross a line are what its two sides share.
        let mut crossing = vec![0f32; end - at + 1];
        let mut first = vec![0f32; end - at + 1];
        let mut last = vec![0f32; end - at + 1];
        let (mut whole, mut with_before) = (0f32, 0f32);
        for here in 0..end - at {
            for pair in pairs_of(at + here) {
                let known = &mut seen[*pair as usize];
                let weight = weight(known.lines);
                if known.stretch == stretch {
                    let there = known.line as usize - at;
                    crossing[there + 1] += weight;
                    crossing[here + 1] -= weight;
                    last[there] -= weight;
                } else {
                    if known.stretch + 1 == stretch {
                        with_before += weight;
                    }
                    whole += weight;
                    first[here] += weight;
                }
                last[here] += weight;
                (known.stretch, known.line) = (stretch, u32::try_from(at + here).unwrap_or(u32::MAX));
            }
        }
        let (mut common, mut left, mut right) = (0f32, 0f32, whole);
        for (here, shared) in out[at..end].iter_mut().enumerate() {
            common += crossing[here];
            let share = (common / left.min(right)).max(0.0);
            shared.within = (left >= ENOUGH_BEFORE && right >= ENOUGH_AFTER).then_some(share);
            shared.hint = (left >= HINT_BEFORE && right >= HINT_AFTER).then_some(share);
            left += first[here];
            right -= last[here];
        }
        if let Some((weight, from)) = before
            && weight.min(whole) >= ENOUGH
        {
            for shared in &mut out[from..at] {
                shared.across_heading = Some(with_before / weight.min(whole));
            }
        }
        before = Some((whole, end));
        at = end;
    }
    out
}

/// What a pair that stands in so many lines counts for.
fn weight(lines: u32) -> f32 {
    static FEW: LazyLock<[f32; 32]> = LazyLock::new(|| std::array::from_fn(|lines| 1.0 / (1.0 + lines as f32).ln()));
    FEW.get(lines as usize).copied().unwrap_or_else(|| 1.0 / (1.0 + lines as f32).ln())
}

/// The pairs of a file, numbered.
struct Table {
    numbers: Pairs<u32>,
    seen: Vec<Seen>,
    /// The pairs of each line, each once, line after line.
    pairs: Vec<u32>,
}

impl Table {
    /// For about so many pairs.
    fn with_room(pairs: usize) -> Self {
        let numbers = Pairs::with_capacity_and_hasher(pairs, BuildHasherDefault::default());
        Self { numbers, seen: Vec::with_capacity(pairs), pairs: Vec::with_capacity(pairs) }
    }

    /// Adds the pairs of a line; counts the lines that a pair stands in.
    fn read(&mut self, text: &str, at: usize) {
        let grammar = &*GRAMMAR;
        // Lines are counted from 1 here, so that 0 is none.
        let here = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let mut before: Option<char> = None;
        for c in text.chars() {
            if super::text::is_blank(c) {
                continue;
            }
            let content = is_han(c) && !grammar.has(c) || c.is_ascii_alphabetic();
            if let (Some(before), true) = (before, content) {
                let pair = u64::from(u32::from(before)) << 32 | u64::from(u32::from(c));
                let next = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
                let number = *self.numbers.entry(pair).or_insert(next);
                if number == next {
                    self.seen.push(Seen { lines: 0, stretch: 0, line: 0 });
                }
                let known = &mut self.seen[number as usize];
                if known.line != here {
                    known.line = here;
                    known.lines += 1;
                    self.pairs.push(number);
                }
            }
            before = content.then_some(c);
        }
    }
}

/// The pairs of neighbouring characters of a text that carry content.
pub(crate) fn content_pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    let content = |c: char| is_han(c) && !GRAMMAR.has(c) || c.is_ascii_alphabetic();
    let mut before: Option<char> = None;
    text.chars().filter(|c| !super::text::is_blank(*c)).filter_map(move |c| {
        let pair = before.filter(|_| content(c)).map(|before| (before, c));
        before = content(c).then_some(c);
        pair
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of its own words: so many characters that follow one another in the code chart.
    fn words(first: u32) -> String {
        (first..first + 220).filter_map(char::from_u32).collect()
    }

    fn within(texts: &[String]) -> Vec<Option<f32>> {
        let lines: Vec<Line> = texts.iter().map(|text| Line::of(1, text)).collect();
        let (text, breaks) = (vec![true; lines.len()], vec![false; lines.len()]);
        shared(&lines, &text, &breaks).into_iter().map(|s| s.within).collect()
    }

    #[test]
    fn another_subject_shares_nothing_and_the_same_one_does() {
        let (bridge, game) = (words(0x5000), words(0x7000));
        let found = within(&[bridge.clone(), bridge, game.clone(), game]);
        assert_eq!(found[0], None);
        assert!(found[1].unwrap_or(1.0) > 0.3, "{found:?}");
        assert!(found[2].unwrap() < 0.02, "{found:?}");
    }
}
