//! A story as lines: heading, byline, paragraphs, what stands after them. Each line knows what it is.

use crate::chance::Chance;
use crate::story::{Kind, Piece, Signature, Story};
use crate::style::{Flow, Gaps, Style};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Nothing.
    Blank,
    /// The page's own.
    Furniture,
    /// Of a headline.
    Head,
    /// Running text.
    Body,
    /// A heading inside.
    Subhead,
    /// A looped line; whether it differs from the line it repeats.
    Repeat(bool),
    /// Anything else that stands in no body: kicker, byline, credit, jump, scrap.
    Other,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// What it is.
    pub tag: Tag,
    /// The article it belongs to, if any.
    pub article: Option<usize>,
    /// Whether a column's end tore it from the body's line before it.
    pub torn: bool,
}

impl Line {
    /// A line of an article.
    pub fn new(text: impl Into<String>, tag: Tag, article: usize) -> Self {
        Self { text: text.into(), tag, article: Some(article), torn: false }
    }

    /// A line of the page.
    pub fn of_page(text: impl Into<String>, tag: Tag) -> Self {
        Self { text: text.into(), tag, article: None, torn: false }
    }

    /// A blank line.
    pub fn blank() -> Self {
        Self::of_page("", Tag::Blank)
    }
}

/// Where a heading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// Before the text.
    Above,
    /// Before the text, a character to a line.
    Vertical,
    /// After the text.
    Below,
    /// After the text, a character to a line.
    VerticalBelow,
    /// Nowhere.
    Lost,
}

/// Sets a story. `tear`: how many of a hundred paragraphs a column's end tears.
pub fn set(story: &Story, at: usize, heading: Heading, style: &Style, tear: usize, chance: &mut Chance) -> Vec<Line> {
    let mut set = Setter { at, style, lines: Vec::new() };
    match heading {
        Heading::Above | Heading::Vertical => set.heading(story, heading == Heading::Vertical, chance),
        Heading::Below | Heading::VerticalBelow | Heading::Lost => {}
    }
    if let Signature::Line(line) = &story.signature {
        let by = style.marks.map_or(("", ""), |marks| marks.by);
        set.part(format!("{}{line}{}", by.0, by.1), Tag::Other);
    }
    set.body(story, tear, chance);
    let below = [
        match &story.signature {
            Signature::Below(line) => Some(line.clone()),
            _ => None,
        },
        story.source.clone(),
    ];
    for line in below.into_iter().flatten() {
        set.part(line, Tag::Other);
    }
    if let Some(page) = story.jump
        && chance.percent(50)
    {
        set.part(jump(page), Tag::Other);
    } else if let (Some(page), Some(line)) = (story.jump, set.lines.iter_mut().rfind(|line| line.tag == Tag::Body)) {
        line.text.push_str(&format!(" {}", jump(page)));
    }
    match heading {
        Heading::Below | Heading::VerticalBelow => set.heading(story, heading == Heading::VerticalBelow, chance),
        _ => {}
    }
    set.lines
}

fn jump(page: u32) -> String {
    format!("（下转第{page}版）")
}

struct Setter<'a> {
    at: usize,
    style: &'a Style,
    lines: Vec<Line>,
}

impl Setter<'_> {
    fn gap(&mut self) {
        if self.style.gaps == Gaps::Blocks && self.lines.last().is_some_and(|line| line.tag != Tag::Blank) {
            self.lines.push(Line::blank());
        }
    }

    /// A line with space around it.
    fn part(&mut self, text: String, tag: Tag) {
        self.gap();
        self.lines.push(Line::new(text, tag, self.at));
        self.gap();
    }

    fn heading(&mut self, story: &Story, vertical: bool, chance: &mut Chance) {
        let marks = self.style.marks;
        let side = |text: &str| {
            let (before, after) = marks.map_or(("", ""), |marks| marks.side);
            format!("{before}{text}{after}")
        };
        if let Some(section) = &story.section {
            let text = match chance.weighted(&[60, 20, 10, 10]) {
                1 => format!("【{section}】"),
                2 => format!("■ {section}"),
                3 if marks.is_some() => format!("**{section}**"),
                _ => section.clone(),
            };
            self.part(text, Tag::Other);
        }
        if let Some(kicker) = &story.kicker {
            self.part(side(kicker), Tag::Other);
        }
        let head = marks.map_or("", |marks| marks.head);
        if vertical {
            self.gap();
            for c in story.headline.concat().chars().filter(|c| !c.is_whitespace()) {
                self.lines.push(Line::new(c, Tag::Head, self.at));
            }
            self.gap();
        } else {
            for line in &story.headline {
                let wide = story.kind == Kind::Notice && chance.percent(15);
                let line =
                    if wide { line.chars().map(String::from).collect::<Vec<_>>().join("  ") } else { line.clone() };
                self.part(format!("{head}{line}"), Tag::Head);
            }
        }
        if let Some(deck) = &story.deck {
            let dashes = if story.kicker.is_some() || chance.percent(60) { "——" } else { "" };
            self.part(side(&format!("{dashes}{deck}")), Tag::Other);
        }
    }

    fn body(&mut self, story: &Story, tear: usize, chance: &mut Chance) {
        let last = story.body.iter().rposition(|piece| matches!(piece, Piece::Paragraph(_)));
        for (place, piece) in story.body.iter().enumerate() {
            match piece {
                Piece::Subhead(text) => {
                    let (before, after) = self.style.marks.map_or(("", ""), |marks| marks.sub);
                    self.part(format!("{before}{text}{after}"), Tag::Subhead);
                }
                Piece::Paragraph(text) => {
                    let mut text = text.clone();
                    if let (0, Signature::Lead(lead)) = (place, &story.signature) {
                        let space = if chance.percent(30) && lead.ends_with('）') { " " } else { "" };
                        text.insert_str(0, &format!("{lead}{space}"));
                    }
                    if let (true, Signature::End(end)) = (Some(place) == last, &story.signature) {
                        text.push_str(end);
                    }
                    self.paragraph(&text, chance.percent(tear), chance);
                }
            }
        }
    }

    fn paragraph(&mut self, text: &str, tear: bool, chance: &mut Chance) {
        self.gap();
        let mut lines = self.style.wrap(text);
        let mut torn = None;
        if tear && self.style.flow == Flow::Hard && lines.len() > 2 {
            torn = Some(chance.between(1, lines.len() - 1));
        } else if tear
            && self.style.flow != Flow::Hard
            && let Some(cut) = cut(&lines[0], chance)
        {
            let rest = lines[0].split_off(cut);
            lines.push(rest.trim_start().to_owned());
            torn = Some(1);
        }
        let clean = |line: &String| !line.trim_end().ends_with(['。', '！', '？', '”']);
        let torn = torn.filter(|at| clean(&lines[at - 1]));
        for (at, line) in lines.into_iter().enumerate() {
            let torn = torn == Some(at);
            if torn && self.style.gaps != Gaps::None {
                self.lines.push(Line::blank());
            }
            self.lines.push(Line { torn, ..Line::new(line, Tag::Body, self.at) });
        }
        self.gap();
    }
}

/// Where a column's end may tear a text: in the middle of a sentence, in mid-word if it so happens.
pub fn cut(text: &str, chance: &mut Chance) -> Option<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    if chars.len() < 40 {
        return None;
    }
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let from = chance.between(12, chars.len() - 4);
    (from..chars.len() - 2).find(|at| han(chars[at - 1].1) && han(chars[*at].1)).map(|at| chars[at].0)
}
