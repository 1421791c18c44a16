//! What is true of a heading's lines, and of two of them side by side: the clues that the weights in `headings.tsv` are for.

use std::collections::BTreeSet;

use crate::extract::grammar::labels;
use crate::extract::head::{self, Part};
use crate::extract::phrases::{
    announces, attends, carries_on, clauses, dashed, hangs, is_quotation, names_its_form, part_of_series, parted,
    reports_words,
};
use crate::extract::text::{columns, is_blank, is_comma, is_han, leaves_open};

/// A line of a heading with all that is asked of it, looked at once.
pub(super) struct Look<'a> {
    /// The line.
    pub part: &'a Part,
    /// Its width in half-width columns.
    pub width: usize,
    /// Its words and their sorts, marks and blanks aside.
    words: Vec<(&'a str, char)>,
    dashed: bool,
    forms: bool,
    clauses: bool,
    parted: bool,
    figures: bool,
    hangs: bool,
    announces: bool,
    labels: bool,
    holds_both: bool,
}

/// Widths, in half-width columns, up to which lines count as alike.
const WIDTHS: [usize; 13] = [8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 40, 60];

fn sort_of(width: usize) -> usize {
    WIDTHS.iter().position(|most| width <= *most).unwrap_or(WIDTHS.len())
}

/// The first, or the last, characters of a text.
fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn last(text: &str, most: usize) -> &str {
    text.char_indices().rev().nth(most - 1).map_or(text, |(at, _)| &text[at..])
}

fn pairs(text: &str) -> BTreeSet<&str> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    ends.windows(3).map(|pair| &text[pair[0]..pair[2]]).collect()
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
        let mut words = crate::dictionary::words(text);
        words.retain(|(word, _)| word.contains(char::is_alphanumeric));
        Self {
            part,
            width: columns(text),
            dashed: dashed(text),
            forms: names_its_form(text),
            words,
            clauses: clauses(text),
            parted: parted(text),
            figures: text.contains(|c: char| c.is_ascii_digit()),
            hangs: hangs(text),
            announces: announces(text),
            labels: labels::labels_section(text),
            holds_both: head::holds_both(text),
        }
    }

    fn sort_at(&self, word: Option<&(&str, char)>) -> char {
        word.map_or('x', |(_, sort)| *sort)
    }

    fn verbs(&self) -> usize {
        self.words.iter().filter(|(_, sort)| *sort == 'v').count()
    }

    /// What is true of the line.
    pub fn clues(&self) -> Vec<String> {
        let text = self.part.text.as_str();
        let mut clues: Vec<String> = vec!["bias".into(), format!("wide {}", sort_of(self.width))];
        for most in [1, 2] {
            clues.push(format!("first {}", first(text, most)));
            clues.push(format!("last {}", last(text, most)));
        }
        let each: BTreeSet<char> = text.chars().collect();
        clues.extend(each.into_iter().map(|c| format!("has {c}")));
        clues.extend(pairs(text).into_iter().map(|pair| format!("has {pair}")));
        let (begins, ends) = (self.sort_at(self.words.first()), self.sort_at(self.words.last()));
        clues.extend([format!("begins {begins}"), format!("ends {ends}"), format!("sorts {begins}{ends}")]);
        clues.push(format!("verbs {}", self.verbs().min(3)));
        let count = |so: fn(&char) -> bool| text.chars().filter(so).count().min(3);
        clues.push(format!("figures {}", count(char::is_ascii_digit)));
        clues.push(format!("numerals {}", count(|c| "一二三四五六七八九十百千万亿两".contains(*c))));
        // A line that is too wide or too narrow for a label has no odds of being one.
        let odds = labels::score(text).map_or(9, |odds| odds.clamp(-4.0, 4.0).round() as i32);
        clues.push(format!("odds {odds}"));
        let says: [(&str, bool); 22] = [
            ("parted", self.parted),
            ("clauses", self.clauses),
            ("dashed", self.dashed),
            ("form", self.forms),
            ("hangs", self.hangs),
            ("announces", self.announces),
            ("label", self.labels),
            ("series", part_of_series(text)),
            ("reports", reports_words(text)),
            ("attends", attends(text)),
            ("carries on", carries_on(text)),
            ("quotation", is_quotation(text)),
            ("signed", has_sign(text)),
            ("both", self.holds_both),
            ("comma", text.ends_with(is_comma)),
            ("colon", text.ends_with(['：', ':'])),
            ("colon inside", text.trim_end_matches(['：', ':']).contains(['：', ':'])),
            ("asks", text.ends_with(['？', '?'])),
            ("calls", text.ends_with(['！', '!'])),
            ("opens", text.starts_with(['“', '「', '『', '"'])),
            ("closes", text.ends_with(['”', '」', '』', '"'])),
            ("bracketed", text.starts_with(['【', '〔', '［'])),
        ];
        clues.extend(says.into_iter().filter(|(_, holds)| *holds).map(|(clue, _)| clue.to_owned()));
        clues
    }

    /// What is true of the line and the one below it.
    pub fn clues_with(&self, below: &Self) -> Vec<String> {
        let (a, b) = (self.part.text.as_str(), below.part.text.as_str());
        let flags = |x: bool, y: bool| format!("{}{}", u8::from(x), u8::from(y));
        let ratio = (self.width.max(1) as f32 / below.width.max(1) as f32).max(0.1).ln() * 4.0 + 6.0;
        let mut clues: Vec<String> = vec![
            "bias".into(),
            format!("ratio {}", (ratio as i32).min(9)),
            format!("wide {} {}", sort_of(self.width) / 2, sort_of(below.width) / 2),
            format!("verbs {}{}", self.verbs().min(2), below.verbs().min(2)),
            format!("parted {}", flags(self.parted, below.parted)),
            format!("clauses {}", flags(self.clauses, below.clauses)),
            format!("figures {}", flags(self.figures, below.figures)),
            format!("quotes {}", flags(a.starts_with(['“', '"']), b.starts_with(['“', '"']))),
            format!("asks {}", flags(a.ends_with(['？', '?', '！', '!']), b.ends_with(['？', '?', '！', '!']))),
        ];
        let sorts = |look: &Self| (look.sort_at(look.words.first()), look.sort_at(look.words.last()));
        let ((first_above, last_above), (first_below, last_below)) = (sorts(self), sorts(below));
        clues.push(format!("meets {last_above}{first_below}"));
        clues.push(format!("begin {first_above}{first_below}"));
        clues.push(format!("end {last_above}{last_below}"));
        for most in [1, 2] {
            clues.push(format!("last {}", last(a, most)));
            clues.push(format!("first {}", first(b, most)));
        }
        let word = |word: Option<&(&str, char)>| word.map_or("", |(word, _)| *word).to_owned();
        clues.push(format!("last word {}", word(self.words.last())));
        clues.push(format!("first word {}", word(below.words.first())));
        let (x, y) = (pairs(a), pairs(b));
        clues.push(format!("shares {}", x.intersection(&y).count().min(2)));
        let open = self.part.text.ends_with(is_comma) && !clauses(a.trim_end_matches(is_comma));
        let same_length = a.chars().count() == b.chars().count();
        let (above, under) = (self.part, below.part);
        let says: [(&str, bool); 18] = [
            ("opens", leaves_open(a) && !leaves_open(&format!("{a}{b}"))),
            ("comma", a.ends_with(is_comma)),
            ("open comma", open),
            ("colon", a.ends_with(['：', ':'])),
            ("hangs", self.hangs),
            ("announces", self.announces),
            ("carries on", carries_on(b)),
            ("torn", crate::dictionary::word_goes_on(a, b)),
            ("even", self.width == below.width),
            ("twin", self.width == below.width && self.words.iter().map(|w| w.1).eq(below.words.iter().map(|w| w.1))),
            ("rhyme", same_length && a.chars().zip(b.chars()).any(|(x, y)| x == y)),
            ("tight", under.tight && above.line + 1 == under.line),
            ("level", above.heading == under.heading && above.heading > 0),
            ("down", outranks(above.heading, under.heading)),
            ("up", outranks(under.heading, above.heading)),
            ("bold", above.bold && !under.bold),
            ("bold below", !above.bold && under.bold),
            ("both below", below.holds_both),
        ];
        clues.extend(says.into_iter().filter(|(_, holds)| *holds).map(|(clue, _)| clue.to_owned()));
        clues
    }
}
