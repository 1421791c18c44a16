//! Whether neighbouring stretches of text speak of the same thing: pairs of characters they share, the rarer in the file
//! the weightier. No dictionary, so names and terms that no dictionary has count most. Linear in the text.

use std::sync::LazyLock;

use super::lines::Line;
use super::text::{CharSet, is_blank, is_han};

/// Characters of grammar rather than of content.
const GRAMMAR: &str = "的了在是和与及为对中有个这那也都就而但并或被把将从向到以于之其他她它们我你不没一二三四五六七八九十百千万年月日时上下";

/// Characters that carry content, among the first 65,536.
static CONTENT: LazyLock<CharSet> = LazyLock::new(|| {
    let grammar = CharSet::of(GRAMMAR);
    CharSet::of_chars(('\0'..='\u{ffff}').filter(|c| is_han(*c) && !grammar.has(*c) || c.is_ascii_alphabetic()))
});

fn is_content(set: &CharSet, c: char) -> bool {
    set.has(c) || c > '\u{ffff}' && is_han(c)
}

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

/// Compares each stretch of text lines with the next, and each line of a stretch with the lines before it. `text` says
/// which lines are running text, `breaks` which lines end a stretch.
pub(crate) fn shared(lines: &[Line], text: &[bool], breaks: &[bool]) -> Vec<Shared> {
    let characters = lines.iter().zip(text).map(|(line, text)| if *text { line.text.len() / 3 } else { 0 }).sum();
    let mut table = Table::with_room(characters);
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
    let Table { pairs, mut known, .. } = table;
    let few = &*FEW;
    // Room for each stretch in turn.
    let (mut crossing, mut first, mut last) = (Vec::new(), Vec::new(), Vec::new());
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
        for of_lines in [&mut crossing, &mut first, &mut last] {
            of_lines.clear();
            of_lines.resize(end - at + 1, 0f32);
        }
        let (mut whole, mut with_before) = (0f32, 0f32);
        for here in 0..end - at {
            for pair in pairs_of(at + here) {
                let known = &mut known[*pair as usize];
                let weight = few.get(known.lines as usize).copied().unwrap_or_else(|| weight(known.lines));
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
    1.0 / (1.0 + lines as f32).ln()
}

/// The same of most pairs, reckoned once.
static FEW: LazyLock<[f32; 32]> = LazyLock::new(|| std::array::from_fn(|lines| weight(lines as u32)));

/// A pair, how many lines it stands in, and where it was seen last.
#[derive(Clone, Copy)]
struct Known {
    pair: u64,
    lines: u32,
    stretch: u32,
    line: u32,
}

/// The pairs of a file, numbered: a hash table that does nothing else, since every character of a file is looked up in it.
struct Table {
    /// For each hash the number of a pair, from 1; a pair whose place is taken stands in the next that is free.
    slots: Vec<u32>,
    known: Vec<Known>,
    /// The pairs of each line, each once, line after line.
    pairs: Vec<u32>,
}

impl Table {
    /// For about so many characters.
    fn with_room(characters: usize) -> Self {
        let slots = vec![0; (characters * 2).next_power_of_two().max(64)];
        Self { slots, known: Vec::with_capacity(characters), pairs: Vec::with_capacity(characters) }
    }

    fn slot(&self, pair: u64) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - bits)) as usize
    }

    /// The number of a pair.
    fn number(&mut self, pair: u64) -> u32 {
        let mut at = self.slot(pair);
        loop {
            match self.slots[at] {
                0 => break,
                number if self.known[number as usize - 1].pair == pair => return number - 1,
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
        self.known.push(Known { pair, lines: 0, stretch: 0, line: 0 });
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        self.slots[at] = number;
        if self.known.len() * 2 > self.slots.len() {
            self.grow();
        }
        number - 1
    }

    fn grow(&mut self) {
        let room = self.slots.len() * 2;
        self.slots = vec![0; room];
        for number in 0..self.known.len() {
            let mut at = self.slot(self.known[number].pair);
            while self.slots[at] != 0 {
                at = (at + 1) & (room - 1);
            }
            self.slots[at] = u32::try_from(number + 1).unwrap_or(u32::MAX);
        }
    }

    /// Adds the pairs of a line; counts the lines that a pair stands in.
    fn read(&mut self, text: &str, at: usize) {
        let set = &*CONTENT;
        // Lines are counted from 1 here, so that 0 is none.
        let here = u32::try_from(at + 1).unwrap_or(u32::MAX);
        // 0 is none.
        let mut before = 0u64;
        for c in text.chars() {
            if !is_content(set, c) {
                before = if is_blank(c) { before } else { 0 };
                continue;
            }
            let own = u64::from(u32::from(c));
            if before != 0 {
                let number = self.number(before << 32 | own);
                let known = &mut self.known[number as usize];
                if known.line != here {
                    known.line = here;
                    known.lines += 1;
                    self.pairs.push(number);
                }
            }
            before = own;
        }
    }
}

/// The pairs of neighbouring characters of a text that carry content.
pub(crate) fn content_pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    let set = &*CONTENT;
    let mut before: Option<char> = None;
    text.chars().filter(|c| !is_blank(*c)).filter_map(move |c| {
        let content = is_content(set, c);
        let pair = before.filter(|_| content).map(|before| (before, c));
        before = content.then_some(c);
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
