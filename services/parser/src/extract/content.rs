//! What the lines of a file speak of: their pairs of neighbouring characters that carry content, numbered in the order in which
//! they come. No dictionary, so names and terms that no dictionary has count most. Linear in the text.

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

/// A character that carries content, in 16 bits: rare ones beyond the first 65,536 share those of the private use area, which
/// no text has.
fn content(set: &CharSet, c: char) -> Option<u32> {
    const PRIVATE: std::ops::Range<u32> = 0xe000..0xf900;
    let code = u32::from(c);
    match code {
        0..=0xffff => set.has(c).then_some(code),
        _ => is_han(c).then_some(PRIVATE.start + code % (PRIVATE.end - PRIVATE.start)),
    }
}

/// The pairs of each line of a file, each once.
pub(crate) struct Content {
    pairs: Vec<u32>,
    /// For each line where its pairs end.
    ends: Vec<usize>,
    /// How many different pairs there are.
    pub count: usize,
}

impl Content {
    /// Reads the lines of a file.
    pub fn of(lines: &[Line]) -> Self {
        let characters = lines.iter().map(|line| line.text.len() / 3).sum();
        let (mut table, mut pairs) = (Table::with_room(characters), Vec::with_capacity(characters));
        let mut ends = Vec::with_capacity(lines.len());
        let set = &*CONTENT;
        for (at, line) in (1..).zip(lines) {
            // 0 is none.
            let mut before = 0;
            for c in line.text.chars() {
                let Some(own) = content(set, c) else {
                    before = if is_blank(c) { before } else { 0 };
                    continue;
                };
                if before != 0 {
                    pairs.extend(table.number(before << 16 | own, at));
                }
                before = own;
            }
            ends.push(pairs.len());
        }
        Self { pairs, ends, count: table.lines.len() }
    }

    /// The pairs of a line.
    pub fn of_line(&self, at: usize) -> &[u32] {
        &self.pairs[at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]]
    }
}

/// The numbers of the pairs: a hash table that does nothing else, since every character of a file is looked up in it.
struct Table {
    /// For each hash a pair and, from 1, its number; a pair whose place is taken stands in the next that is free.
    slots: Vec<u64>,
    /// The line that each was seen in last, from 1.
    lines: Vec<u32>,
}

impl Table {
    /// For about so many characters.
    fn with_room(characters: usize) -> Self {
        Self { slots: vec![0; characters.next_power_of_two().max(64)], lines: Vec::with_capacity(characters / 2) }
    }

    /// Where a pair stands, or would.
    fn slot(&self, pair: u32) -> usize {
        let bits = self.slots.len().trailing_zeros();
        let mut at = (u64::from(pair).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - bits)) as usize;
        while self.slots[at] != 0 && (self.slots[at] >> 32) as u32 != pair {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// The number of a pair, unless the line has it already.
    fn number(&mut self, pair: u32, line: u32) -> Option<u32> {
        let at = self.slot(pair);
        if let Some(number) = (self.slots[at] as u32).checked_sub(1) {
            let last = &mut self.lines[number as usize];
            return (std::mem::replace(last, line) != line).then_some(number);
        }
        self.lines.push(line);
        let number = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        self.slots[at] = u64::from(pair) << 32 | u64::from(number);
        if self.lines.len() * 4 > self.slots.len() * 3 {
            self.grow();
        }
        Some(number - 1)
    }

    fn grow(&mut self) {
        let room = self.slots.len() * 2;
        for taken in std::mem::replace(&mut self.slots, vec![0; room]).into_iter().filter(|slot| *slot != 0) {
            let at = self.slot((taken >> 32) as u32);
            self.slots[at] = taken;
        }
    }
}

/// A set of pairs.
pub(crate) struct Pairs {
    bits: Vec<u64>,
    all: Vec<u32>,
}

impl Pairs {
    /// An empty one.
    pub fn new(content: &Content) -> Self {
        Self { bits: vec![0; content.count.div_ceil(64)], all: Vec::new() }
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    fn has(&self, pair: u32) -> bool {
        self.bits[pair as usize / 64] & (1 << (pair % 64)) != 0
    }

    /// Adds pairs.
    pub fn add(&mut self, pairs: &[u32]) {
        for pair in pairs {
            if !self.has(*pair) {
                self.bits[*pair as usize / 64] |= 1 << (pair % 64);
                self.all.push(*pair);
            }
        }
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        for pair in self.all.drain(..) {
            self.bits[pair as usize / 64] = 0;
        }
    }

    /// How many of these pairs are among the others.
    pub fn common(&self, others: &Self) -> usize {
        self.all.iter().filter(|pair| others.has(**pair)).count()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// The pairs of a text, told apart by themselves.
    fn pairs(text: &str) -> HashSet<(char, char)> {
        let words: Vec<char> = text.chars().filter(|c| !is_blank(*c)).collect();
        let carries = |c: char| content(&CONTENT, c).is_some();
        words.windows(2).filter(|two| carries(two[0]) && carries(two[1])).map(|two| (two[0], two[1])).collect()
    }

    proptest! {
        #[test]
        fn lines_share_as_many_numbers_as_pairs(texts in prop::collection::vec("[一-丣的， a]{0,60}", 1..30)) {
            let lines: Vec<Line> = texts.iter().map(|text| Line::of(1, text)).collect();
            let content = Content::of(&lines);
            let numbers: Vec<HashSet<u32>> =
                (0..lines.len()).map(|at| content.of_line(at).iter().copied().collect()).collect();
            let pairs: Vec<HashSet<(char, char)>> = texts.iter().map(|text| pairs(text)).collect();
            for (at, own) in numbers.iter().enumerate() {
                prop_assert_eq!(content.of_line(at).len(), pairs[at].len());
                for (other, others) in numbers.iter().enumerate() {
                    prop_assert_eq!(own.intersection(others).count(), pairs[at].intersection(&pairs[other]).count());
                }
            }
            prop_assert_eq!(content.count, pairs.into_iter().flatten().collect::<HashSet<_>>().len());
        }
    }

    #[test]
    fn a_set_counts_what_two_texts_have_in_common() {
        let lines: Vec<Line> = ["新桥通车", "新桥合龙", "新船靠岸"].iter().map(|text| Line::of(1, text)).collect();
        let content = Content::of(&lines);
        let (mut one, mut other) = (Pairs::new(&content), Pairs::new(&content));
        one.add(content.of_line(0));
        other.add(content.of_line(1));
        assert_eq!((one.count(), one.common(&other)), (3, 1));
        other.clear();
        other.add(content.of_line(2));
        assert_eq!((other.count(), one.common(&other)), (3, 0));
    }
}
