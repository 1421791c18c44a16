//! Whether neighbouring stretches of text speak of the same thing: pairs of characters they share, the rarer in the file
//! the weightier. Linear in the text.

use std::sync::LazyLock;

use super::content::Content;

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
pub(crate) fn shared(content: &Content, text: &[bool], breaks: &[bool]) -> Vec<Shared> {
    let lines = text.len();
    let mut known = vec![Known::default(); content.count];
    for at in (0..lines).filter(|at| text[*at]) {
        content.of_line(at).iter().for_each(|pair| known[*pair as usize].lines += 1);
    }
    let few = &*FEW;
    // Room for each stretch in turn.
    let (mut crossing, mut first, mut last) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = vec![Shared::default(); lines];
    // The first stretch is 2: nothing was seen in the one before it, and 0 is never.
    let mut stretch = 1u32;
    let mut at = 0;
    let mut before: Option<(f32, usize)> = None;
    while at < lines {
        if breaks[at] || !text[at] {
            at += 1;
            continue;
        }
        let end = (at..lines).find(|i| breaks[*i]).unwrap_or(lines);
        stretch += 1;
        // Links from a pair to its next occurrence; those that cross a line are what its two sides share.
        for of_lines in [&mut crossing, &mut first, &mut last] {
            of_lines.clear();
            of_lines.resize(end - at + 1, 0f32);
        }
        let (mut whole, mut with_before) = (0f32, 0f32);
        for here in 0..end - at {
            for pair in content.of_line(at + here).iter().filter(|_| text[at + here]) {
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

/// How many lines of text a pair stands in, and where it was seen last.
#[derive(Clone, Copy, Default)]
struct Known {
    lines: u32,
    stretch: u32,
    line: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::lines::Line;

    /// A text of its own words: so many characters that follow one another in the code chart.
    fn words(first: u32) -> String {
        (first..first + 220).filter_map(char::from_u32).collect()
    }

    fn within(texts: &[String]) -> Vec<Option<f32>> {
        let lines: Vec<Line> = texts.iter().map(|text| Line::of(1, text)).collect();
        let (text, breaks) = (vec![true; lines.len()], vec![false; lines.len()]);
        shared(&Content::of(&lines), &text, &breaks).into_iter().map(|s| s.within).collect()
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
