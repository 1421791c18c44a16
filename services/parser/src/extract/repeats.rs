//! Loops of a text recogniser: the same line again, but for its number or a few characters, and the same phrase again
//! inside a line.

use rustc_hash::{FxHashMap, FxHashSet};

use super::grammar::marks::clause;
use super::lines::Line;
use super::text::{is_alphanumeric, letters_of, marks_of};

/// How many lines back an equal line makes a loop: recognisers loop over up to this many lines.
const PERIOD: usize = 6;
/// Shorter lines may well stand twice.
const SHORTEST: usize = 10;
/// The shortest line that says the end of a paragraph again.
const TAIL: usize = 12;
/// A phrase must be at least this long, in characters, to count as looped inside a line where it comes twice.
const PHRASE: usize = 12;
/// Pairs of characters that two lines must share to be the same but for small edits.
const ALIKE: f32 = 0.9;

/// For each line whether it repeats one before it. An equal line is a repeat at once; of lines that are only alike the
/// second may be the author's, the third and all after it are the machine's.
pub(crate) fn find(lines: &[Line]) -> Vec<bool> {
    let mut repeats = vec![false; lines.len()];
    // Half-width or full-width marks make no difference.
    let clauses: Vec<usize> = lines.iter().map(|line| clause(&line.text)).collect();
    let mut letters: Vec<char> = Vec::with_capacity(lines.iter().map(|line| line.text.len() / 2).sum());
    let ends: Vec<usize> = lines
        .iter()
        .zip(&clauses)
        .map(|(line, clause)| {
            letters_of(&line.text[*clause..], &mut letters);
            letters.len()
        })
        .collect();
    let keys: Vec<&[char]> =
        ends.iter().enumerate().map(|(at, end)| &letters[at.checked_sub(1).map_or(0, |at| ends[at])..*end]).collect();
    // How many lines alike stand before each line in its run.
    let mut alike_before = vec![0u32; lines.len()];
    // Lines that only say the end of a paragraph again: one more like them, and they are the loop's beginning.
    let mut from_tail = vec![false; lines.len()];
    // The line before that a line differs from only in a number that is one higher.
    let mut counts: Vec<Option<usize>> = vec![None; lines.len()];
    for at in 1..lines.len() {
        let key = keys[at];
        if key.len() < SHORTEST || lines[at].heading > 0 {
            continue;
        }
        // The machine may break off in the middle of what it says again.
        let broken = clauses[at] > 0 && ends_plain(&lines[at].text);
        for back in (at.saturating_sub(PERIOD)..at).rev() {
            if counted(keys[back], key) {
                alike_before[at] = alike_before[at].max(alike_before[back] + 1);
                counts[at] = Some(back);
            } else if keys[back] == key || broken && keys[back].starts_with(key) {
                repeats[at] = true;
                alike_before[at] = alike_before[at].max(alike_before[back] + 1);
            } else if keys[back].len() > key.len() && key.len() >= TAIL && clauses[at] == 0 {
                // The loop may have begun at the end of a paragraph.
                let tail = &keys[back][keys[back].len() - key.len()..];
                repeats[at] |= tail == key;
                let alike = key.len() >= SHORTEST * 2 && near(tail, key);
                from_tail[at] |= alike;
                alike_before[at] = alike_before[at].max(u32::from(alike));
            } else if near(keys[back], key) {
                alike_before[at] = alike_before[at].max(alike_before[back] + 1);
                repeats[back] |= from_tail[back];
            }
        }
        repeats[at] |= alike_before[at] >= 2;
        // Three numbers in a row: the second was the machine's, too.
        if let Some(back) = counts[at].filter(|back| counts[*back].is_some()) {
            repeats[at] = true;
            repeats[back] = true;
        }
    }
    again(&keys, &clauses, &mut repeats);
    rounds(lines, &letters, &ends, &clauses, &mut repeats);
    repeats
}

/// Shortest line, and shortest phrase of it, in letters, that only says phrases of the lines before it again.
const ROUND: usize = 24;
const SAID: usize = 5;

/// Lines of phrases that the lines before them have.
fn rounds(lines: &[Line], letters: &[char], ends: &[usize], clauses: &[usize], repeats: &mut [bool]) {
    let begins = |at: usize| at.checked_sub(1).map_or(0, |before| ends[before]);
    let mut phrase = Vec::new();
    let mut met = Met::default();
    for at in 1..lines.len() {
        // A phrase may begin in one line and end in the next.
        met.add(&letters[begins(at - 1).saturating_sub(1)..ends[at - 1]], at);
        if ends[at] - begins(at) < SHORTEST || lines[at].heading > 0 || repeats[at] {
            continue;
        }
        let before = &letters[begins(at.saturating_sub(PERIOD))..begins(at)];
        let (mut said, mut all, mut fresh, mut last, mut twice) = (0, 0, 0, "", false);
        for words in lines[at].text.split(ends_phrase) {
            phrase.clear();
            letters_of(words, &mut phrase);
            all += phrase.len();
            twice |= words == last && phrase.len() >= SAID;
            last = words;
            // What a round begins with may be new.
            let heard = &phrase[usize::from(phrase.len() > SAID)..];
            let again = heard.len() >= SAID && met.may_have(heard) && contains(before, heard);
            said += if again { phrase.len() } else { 0 };
            fresh = if again { 0 } else { fresh + phrase.len() };
            if all > ROUND && said * 2 < all {
                break;
            }
        }
        // Clauses of one list read alike.
        repeats[at] = match twice {
            // What comes behind the loop is the text that goes on.
            true => said * 2 >= all && fresh < SHORTEST,
            false => all >= ROUND && said * 20 >= all * 19 && clauses[at] == 0,
        };
    }
}

/// Pairs of letters of the last lines, told apart by 16 bits: what has a pair that is none of them, as most that is looked for
/// has, does not stand in those lines.
struct Met {
    /// Of the latest lines and of those before them.
    bits: [Vec<u64>; 2],
}

impl Default for Met {
    fn default() -> Self {
        Self { bits: [(); 2].map(|()| vec![0; 1 << 10]) }
    }
}

impl Met {
    /// Lines whose pairs are kept; after as many again they are forgotten.
    const LINES: usize = 64;

    fn place(pair: &[char]) -> (usize, u64) {
        let own = u32::from(pair[0]).wrapping_mul(0x9e37_79b1) ^ u32::from(pair[1]).wrapping_mul(0x85eb_ca77);
        ((own >> 22) as usize, 1 << (own >> 16 & 63))
    }

    /// Adds the letters of the line before this one.
    fn add(&mut self, letters: &[char], at: usize) {
        if at.is_multiple_of(Self::LINES) {
            self.bits.swap(0, 1);
            self.bits[0].fill(0);
        }
        for pair in letters.windows(2) {
            let (word, bit) = Self::place(pair);
            self.bits[0][word] |= bit;
        }
    }

    fn may_have(&self, words: &[char]) -> bool {
        words.windows(2).all(|pair| {
            let (word, bit) = Self::place(pair);
            (self.bits[0][word] | self.bits[1][word]) & bit != 0
        })
    }
}

fn contains(text: &[char], words: &[char]) -> bool {
    let first = words[0];
    text.iter().enumerate().any(|(at, c)| *c == first && text[at..].starts_with(words))
}

fn ends_phrase(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '！' | '？' | '：' | '—' | ',' | ';')
}

/// Shortest line, in characters, that no two articles have in common.
const LONG: usize = 40;

/// Whole articles read twice: long lines that stand far above already, and the headline above the first of them.
fn again(keys: &[&[char]], clauses: &[usize], repeats: &mut [bool]) {
    let mut ends: FxHashMap<&[char], usize> = FxHashMap::default();
    // Where lines as short as headlines stood first.
    let mut seen: FxHashMap<&[char], usize> = FxHashMap::default();
    let headline = |key: &[char]| (SHORTEST..LONG).contains(&key.len());
    for (at, key) in keys.iter().copied().enumerate() {
        if key.len() >= LONG && !repeats[at] {
            let (middle, tail) = ends_of(key);
            let earlier = [middle, tail].into_iter().find_map(|end| ends.get(end).copied());
            // Clauses of one list read alike.
            let apart = |earlier: &usize| clauses[at] == 0 || at - earlier > PERIOD;
            if earlier.filter(apart).is_some_and(|earlier| nearly(keys[earlier], key)) {
                repeats[at] = true;
                let above = at.checked_sub(1).filter(|above| headline(keys[*above]));
                if let Some(above) = above.filter(|above| seen.get(keys[*above]).is_some_and(|n| *n < *above)) {
                    repeats[above] = true;
                }
            } else {
                ends.entry(middle).or_insert(at);
                ends.entry(tail).or_insert(at);
            }
        }
        if headline(key) {
            seen.entry(key).or_insert(at);
        }
    }
}

/// The last eight characters and eight at the middle, which errors of a recogniser leave alone at one of the two.
fn ends_of(key: &[char]) -> (&[char], &[char]) {
    let middle = key.len() / 2;
    (&key[middle..middle + 8], &key[key.len() - 8..])
}

/// The same text but for errors of a recogniser.
fn nearly(a: &[char], b: &[char]) -> bool {
    a.len().abs_diff(b.len()) * 20 <= a.len() && share_pairs(a, b)
}

/// Whether two texts have nearly all their pairs of characters in common.
fn share_pairs(a: &[char], b: &[char]) -> bool {
    let pairs = |text: &[char]| text.iter().copied().zip(text.iter().copied().skip(1)).collect::<FxHashSet<_>>();
    let (a, b) = (pairs(a), pairs(b));
    let shared = a.intersection(&b).count();
    shared as f32 >= ALIKE * (a.len() + b.len() - shared) as f32
}

/// Shortest line, in characters, whose number a loop counts up.
const COUNTED: usize = 16;

/// Whether two lines are the same but for one long number, which is one higher in the second.
fn counted(a: &[char], b: &[char]) -> bool {
    if a.len() != b.len() || a.len() < COUNTED {
        return false;
    }
    let Some(first) = a.iter().zip(b).position(|(a, b)| a != b) else { return false };
    let digit = |c: &char| c.is_ascii_digit();
    let from = a[..first].iter().rposition(|c| !digit(c)).map_or(0, |at| at + 1);
    let to = a[first..].iter().position(|c| !digit(c)).map_or(a.len(), |at| first + at);
    let number = |text: &[char]| text[from..to].iter().collect::<String>().parse::<u64>().ok();
    to - from >= 4 && a[to..] == b[to..] && number(a).zip(number(b)).is_some_and(|(a, b)| a + 1 == b)
}

fn ends_plain(text: &str) -> bool {
    text.ends_with(is_alphanumeric)
}

fn near(a: &[char], b: &[char]) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if short < SHORTEST * 2 || short * 10 < long * 7 {
        return false;
    }
    // Cheap first: a loop with small edits keeps its beginning or its end.
    if a[a.len() - 8..] != b[b.len() - 8..] && a[..8] != b[..8] {
        return false;
    }
    // Lists of amounts and dates read alike and are no loop.
    if !a.iter().filter(|c| c.is_ascii_digit()).eq(b.iter().filter(|c| c.is_ascii_digit())) {
        return false;
    }
    // One word in a dozen characters changed, as where a loop counts on.
    let changed = a.iter().zip(b).filter(|(a, b)| a != b).count();
    if a.len() == b.len() && changed * 12 <= a.len() {
        return true;
    }
    share_pairs(a, b)
}

/// A line without the phrases that follow themselves, and those phrases; nothing where none do.
pub(crate) fn cut_phrases(text: &str) -> Option<(String, Vec<String>)> {
    let mut phrases: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, c) in marks_of(text) {
        let next = at + c.len_utf8();
        if ends_phrase(c) && !text[next..].starts_with(ends_phrase) {
            phrases.push(&text[start..next]);
            start = next;
        }
    }
    if phrases.is_empty() {
        return None;
    }
    phrases.push(&text[start..]);
    // The first that is cut follows its like within the longest period.
    let again = |at: usize| phrases[at.saturating_sub(PERIOD)..at].contains(&phrases[at]);
    if !(1..phrases.len()).any(again) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::with_capacity(phrases.len());
    let mut cut = Vec::new();
    let mut at = 0;
    while at < phrases.len() {
        let period = (1..=PERIOD).find(|period| {
            let (Some(before), Some(again)) = (kept.len().checked_sub(*period), phrases.get(at..at + period)) else {
                return false;
            };
            let length = || again.iter().map(|phrase| phrase.chars().count()).sum::<usize>();
            // A short one is no loop until it has come four times; then all of it is cut but the first.
            let on = |times: usize| phrases.get(at + times * period..at + (times + 1) * period) == Some(again);
            let loops =
                || length() > SAID && (on(1) && on(2) || cut.last().is_some_and(|last| *last == again.concat()));
            kept[before] == again[0] && kept[before..] == *again && (length() >= PHRASE || loops())
        });
        match period {
            Some(period) => {
                let again = phrases[at..at + period].concat();
                at += period;
                // A loop of the column's lines ends inside a phrase: what goes on says the loop's beginning once more.
                if goes_on(&again, &phrases[at..]) {
                    kept.truncate(kept.len() - period);
                    cut.push(again.clone());
                }
                cut.push(again);
            }
            None => {
                kept.push(phrases[at]);
                at += 1;
            }
        }
    }
    (!cut.is_empty()).then(|| (kept.concat(), cut))
}

/// Characters of a loop that stand again at the beginning of what follows it.
const ONCE_MORE: usize = 6;

/// Whether what follows a loop begins as the loop does and is no further round of it.
fn goes_on(looped: &str, rest: &[&str]) -> bool {
    let mut after = rest.iter().flat_map(|phrase| phrase.chars());
    let same = looped.chars().take_while(|c| after.next() == Some(*c)).count();
    same >= ONCE_MORE && same < looped.chars().count()
}

#[cfg(test)]
mod tests;
