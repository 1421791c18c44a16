//! What goes wrong between the printed page and the text, several things at a time.

use crate::chance::Chance;
use crate::story::{Kind, Piece, Signature, Story, number};
use crate::style::{Flow, Gaps, Style};
use crate::typeset::{Line, Tag};
use crate::words::phrases;

/// Which defects a page has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Defects {
    /// Paragraphs of a hundred that a column's end tears.
    pub tear: usize,
    /// Headings of a hundred that are vertical, after the text, or lost.
    pub heading: usize,
    /// Scraps that stand alone.
    pub scraps: bool,
    /// Page numbers in the middle.
    pub folios: bool,
    /// A looped line.
    pub loops: bool,
    /// Characters of a thousand that are taken for others.
    pub confusions: usize,
    /// Quotation marks that are dropped.
    pub quotes: bool,
    /// The end is missing.
    pub truncated: bool,
    /// Two articles are read one into the other.
    pub interleaved: bool,
}

impl Defects {
    /// Some, a few or none.
    pub fn draw(chance: &mut Chance) -> Self {
        // One page of five has nearly everything at once.
        let all = if chance.percent(20) { 4 } else { 1 };
        Self {
            tear: *chance.pick(&[0, 0, 15, 30, 50]),
            heading: *chance.pick(&[0, 0, 0, 12, 25]),
            scraps: chance.percent(20 * all),
            folios: chance.percent(12 * all),
            loops: chance.percent(12 * all),
            confusions: *chance.pick(&[0, 0, 0, 4, 10]),
            quotes: chance.percent(12),
            truncated: chance.percent(12 * all),
            interleaved: chance.percent(6 * all),
        }
    }
}

/// Cuts the end of a page's last story off, in the middle of a sentence.
pub fn truncate(story: &mut Story, chance: &mut Chance) -> bool {
    let whole = !matches!(story.signature, Signature::End(_) | Signature::Below(_))
        && story.source.is_none()
        && story.jump.is_none();
    if !whole || !matches!(story.kind, Kind::Report | Kind::Feature) {
        return false;
    }
    if let Some(Piece::Paragraph(text)) = story.body.last_mut() {
        let count = text.chars().count();
        let keep = chance.between(count / 2, count * 4 / 5);
        let mut cut: String = text.chars().take(keep).collect();
        while cut.ends_with(['。', '！', '？', '”', '，', '、', '“']) {
            cut.pop();
        }
        *text = cut;
    }
    true
}

/// The form of an item's number, the number, and what follows it.
fn item(text: &str) -> Option<(&'static str, usize, &str)> {
    const FORMS: [&str; 4] = ["（{}）", "{}、", "#.", "#、"];
    let text = text.trim_start();
    FORMS.into_iter().find_map(|form| {
        let at = (1..40).find(|at| text.starts_with(&number(form, *at)))?;
        Some((form, at, &text[number(form, at).len()..]))
    })
}

/// Repeats a line as a recogniser does that has lost its way.
pub fn repeat(lines: &mut Vec<Line>, kind: Kind, style: &Style, chance: &mut Chance) -> bool {
    let fit = |line: &Line| line.tag == Tag::Body && line.text.chars().count() >= 10;
    let alone = |at: usize| at + 1 == lines.len() || lines[at + 1].tag != Tag::Body;
    let numbered = |line: &Line| item(&line.text).is_some();
    let spots: Vec<usize> = (0..lines.len())
        .filter(|at| fit(&lines[*at]) && !lines[*at].torn && (kind != Kind::Notice || numbered(&lines[*at])))
        .filter(|at| style.flow != Flow::Hard || kind != Kind::Notice || alone(*at))
        .collect();
    if spots.is_empty() {
        return false;
    }
    let at = if kind == Kind::Notice { spots[spots.len() - 1] } else { *chance.pick(&spots) };
    let line = lines[at].clone();
    let count = chance.between(2, 7);
    let mut looped = Vec::new();
    for time in 1..=count {
        if style.gaps == Gaps::Blocks && style.flow != Flow::Hard {
            looped.push(Line::blank());
        }
        let differs = kind == Kind::Notice;
        let text = if differs {
            let (form, first, rest) = item(&line.text).unwrap_or(("{}、", 1, &line.text));
            format!("{}{}{rest}", style.indent, number(form, first + time))
        } else {
            line.text.clone()
        };
        looped.push(Line { text, tag: Tag::Repeat(differs), ..line.clone() });
    }
    lines.splice(at + 1..at + 1, looped);
    true
}

/// Puts something between two lines of running text of one article, a column's end for instance.
pub fn between(lines: &mut Vec<Line>, text: String, tag: Tag, style: &Style, chance: &mut Chance) -> bool {
    let body = |line: &Line| line.tag == Tag::Body;
    let gap = |at: usize| lines[at].tag == Tag::Blank && at > 0 && at + 1 < lines.len();
    let same =
        |at: usize| body(&lines[at - 1]) && body(&lines[at + 1]) && lines[at - 1].article == lines[at + 1].article;
    let spots: Vec<usize> = if style.gaps == Gaps::None {
        let article = |at: usize| lines[at].article;
        (1..lines.len())
            .filter(|at| body(&lines[at - 1]) && body(&lines[*at]) && article(at - 1) == article(*at))
            .collect()
    } else {
        (0..lines.len()).filter(|at| gap(*at) && same(*at)).collect()
    };
    if spots.is_empty() {
        return false;
    }
    let at = *chance.pick(&spots);
    let line = Line::of_page(text, tag);
    if style.gaps == Gaps::None {
        lines.insert(at, line);
    } else {
        lines.splice(at..at, [Line::blank(), line]);
    }
    true
}

/// Takes characters for others, in running text only.
pub fn confuse(lines: &mut [Line], of_thousand: usize, chance: &mut Chance) {
    for line in lines.iter_mut().filter(|line| line.tag == Tag::Body) {
        let mut first = true;
        line.text = line
            .text
            .chars()
            .map(|c| match phrases::CONFUSIONS.iter().find(|(right, _)| *right == c) {
                // Never the first of a line: bylines and datelines stand there, and they are asked for as printed.
                Some((_, wrong)) if !std::mem::take(&mut first) && chance.between(0, 999) < of_thousand * 10 => *wrong,
                _ => c,
            })
            .collect();
    }
}

/// Drops one of a pair of quotation marks here and there.
pub fn drop_quotes(lines: &mut [Line], chance: &mut Chance) {
    for line in lines.iter_mut().filter(|line| line.tag == Tag::Body) {
        if let Some(at) = line.text.find(['“', '”'])
            && chance.percent(30)
        {
            line.text.remove(at);
        }
    }
}
