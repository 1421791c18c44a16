//! What is true of a heading's lines, and of two of them side by side: the clues that the weights in `headings.tsv` are for.

use super::weights::Hear;
use crate::extract::grammar::{labels, marks::names_a_body, unbracketed};
use crate::extract::head::{self, Part};
use crate::extract::phrases::{
    announces, attends, carries_on, clauses, dashed, hangs, is_place, is_quotation, names_its_form, part_of_series,
    parted, reports_words,
};
use crate::extract::text::{columns, is_blank, is_comma, is_han, leaves_open};

/// A line of a heading with all that is asked of it, looked at once.
pub(super) struct Look<'a> {
    /// The line.
    pub part: &'a Part,
    /// Its width in half-width columns.
    pub width: usize,
    /// Its pairs of neighbouring characters.
    pairs: Vec<&'a str>,
    clauses: bool,
    parted: bool,
    figures: bool,
    hangs: bool,
    announces: bool,
    holds_both: bool,
}

/// Widths, in half-width columns, up to which lines count as alike.
const WIDTHS: [usize; 13] = [8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 40, 60];
const NUMBERS: [&str; 14] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
/// Log odds that a line is a label, from -4 to 4.
const ODDS: [&str; 9] = ["-4", "-3", "-2", "-1", "0", "1", "2", "3", "4"];

fn sort_of(width: usize) -> usize {
    WIDTHS.iter().position(|most| width <= *most).unwrap_or(WIDTHS.len())
}

/// A number up to a greatest, as clues have it.
pub(super) fn figure(number: usize, most: usize) -> &'static str {
    NUMBERS[number.min(most).min(NUMBERS.len() - 1)]
}

/// Whether something holds of the line above, and of the one below.
fn both(above: bool, below: bool) -> &'static str {
    ["00", "01", "10", "11"][usize::from(above) * 2 + usize::from(below)]
}

/// The first, or the last, characters of a text.
fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn last(text: &str, most: usize) -> &str {
    text.char_indices().rev().nth(most - 1).map_or(text, |(at, _)| &text[at..])
}

/// Characters of a line whose pairs are looked at: no heading is longer.
const LONGEST: usize = 100;

fn pairs(text: &str) -> Vec<&str> {
    let ends = || text.char_indices().map(|(at, _)| at).chain([text.len()]).take(LONGEST);
    ends().zip(ends().skip(2)).map(|(from, to)| &text[from..to]).collect()
}

/// Whether a line of the first Markdown level is set more prominently than one of the second; 0 is none.
fn outranks(a: u8, b: u8) -> bool {
    a > 0 && (b == 0 || a < b)
}

/// `家门口的变化 走访`: a phrase, and after a blank a word of two characters, as where a label's sign was read with it.
fn has_sign(text: &str) -> bool {
    let Some((label, sign)) = text.trim().rsplit_once(is_blank) else { return false };
    let han = |text: &str| text.chars().all(is_han);
    sign.chars().count() == 2 && han(sign) && label.chars().count() >= 4 && han(label)
}

impl<'a> Look<'a> {
    /// Looks at a line.
    pub fn of(part: &'a Part) -> Self {
        let text = part.text.as_str();
        Self {
            part,
            width: columns(text),
            pairs: pairs(text),
            clauses: clauses(text),
            parted: parted(text),
            figures: text.contains(|c: char| c.is_ascii_digit()),
            hangs: hangs(text),
            announces: announces(text),
            holds_both: head::holds_both(text),
        }
    }

    /// Says what is true of the line.
    pub fn clues(&self, to: &mut impl Hear) {
        let text = self.part.text.as_str();
        to.clue("bias", "");
        to.clue("wide", figure(sort_of(self.width), WIDTHS.len()));
        for most in [1, 2] {
            to.clue("first", first(text, most));
            to.clue("last", last(text, most));
        }
        let mut bytes = [0; 4];
        text.chars().for_each(|c| to.clue("has", c.encode_utf8(&mut bytes)));
        self.pairs.iter().for_each(|pair| to.clue("has", pair));
        to.clue("figures", figure(text.chars().filter(char::is_ascii_digit).count(), 3));
        to.clue("numerals", figure(text.chars().filter(|c| "一二三四五六七八九十百千万亿两".contains(*c)).count(), 3));
        // A line that is too wide or too narrow for a label has no odds of being one.
        let odds = labels::score(text).map(|odds| (odds.clamp(-4.0, 4.0).round() + 4.0) as usize);
        to.clue("odds", odds.map_or("none", |odds| ODDS[odds]));
        let says: [(&str, bool); 25] = [
            ("parted", self.parted),
            ("clauses", self.clauses),
            ("dashed", dashed(text)),
            ("form", names_its_form(text)),
            ("hangs", self.hangs),
            ("announces", self.announces),
            ("label", labels::labels_section(text)),
            ("series", part_of_series(text)),
            ("reports", reports_words(text)),
            ("attends", attends(text)),
            ("carries-on", carries_on(text)),
            ("place", is_place(text)),
            ("body", names_a_body(text)),
            ("noted", unbracketed(text).is_some()),
            ("quotation", is_quotation(text)),
            ("signed", has_sign(text)),
            ("both", self.holds_both),
            ("comma", text.ends_with(is_comma)),
            ("colon", text.ends_with(['：', ':'])),
            ("inner-colon", text.trim_end_matches(['：', ':']).contains(['：', ':'])),
            ("asks", text.ends_with(['？', '?'])),
            ("calls", text.ends_with(['！', '!'])),
            ("opens", text.starts_with(['“', '「', '『', '"'])),
            ("closes", text.ends_with(['”', '」', '』', '"'])),
            ("bracketed", text.starts_with(['【', '〔', '［'])),
        ];
        says.into_iter().filter(|(_, holds)| *holds).for_each(|(clue, _)| to.clue(clue, ""));
    }

    /// Says what is true of the line and the one below it.
    pub fn clues_with(&self, below: &Self, to: &mut impl Hear) {
        let (above, under) = (self.part, below.part);
        let (a, b) = (above.text.as_str(), under.text.as_str());
        to.clue("bias", "");
        let ratio = (self.width.max(1) as f32 / below.width.max(1) as f32).max(0.1).ln() * 4.0 + 6.0;
        to.clue("ratio", figure(ratio.max(0.0) as usize, 9));
        let wide = |look: &Self| b'0' + u8::try_from(sort_of(look.width) / 2).unwrap_or(9);
        to.clue("widths", std::str::from_utf8(&[wide(self), b',', wide(below)]).unwrap_or(""));
        to.clue("parted", both(self.parted, below.parted));
        to.clue("clauses", both(self.clauses, below.clauses));
        to.clue("figures", both(self.figures, below.figures));
        to.clue("quotes", both(a.starts_with(['“', '"']), b.starts_with(['“', '"'])));
        to.clue("asks", both(a.ends_with(['？', '?', '！', '!']), b.ends_with(['？', '?', '！', '!'])));
        for most in [1, 2] {
            to.clue("last", last(a, most));
            to.clue("first", first(b, most));
        }
        to.clue("shares", figure(self.pairs.iter().filter(|pair| below.pairs.contains(pair)).count(), 2));
        let same_length = self.pairs.len() == below.pairs.len();
        let says: [(&str, bool); 16] = [
            ("opens", leaves_open(a) && !leaves_open(&format!("{a}{b}"))),
            ("comma", a.ends_with(is_comma)),
            ("open-comma", a.ends_with(is_comma) && !clauses(a.trim_end_matches(is_comma))),
            ("colon", a.ends_with(['：', ':'])),
            ("hangs", self.hangs),
            ("announces", self.announces),
            ("carries-on", carries_on(b)),
            ("torn", crate::dictionary::word_goes_on(a, b)),
            ("even", self.width == below.width),
            ("rhyme", same_length && a.chars().zip(b.chars()).any(|(x, y)| x == y)),
            ("tight", under.tight && above.line + 1 == under.line),
            ("level", above.heading == under.heading && above.heading > 0),
            ("down", outranks(above.heading, under.heading) || above.bold && !under.bold),
            ("up", outranks(under.heading, above.heading) || !above.bold && under.bold),
            ("vertical", above.vertical || under.vertical),
            ("both-below", below.holds_both),
        ];
        says.into_iter().filter(|(_, holds)| *holds).for_each(|(clue, _)| to.clue(clue, ""));
    }
}
