//! Whole issues of newspapers that never were, as many as one likes: about 15 articles of 200 to 1,500 characters a page, 4
//! to 16 pages, in the layout of a daily. For load tests and for tests that break things; [`crate::page()`] makes the odd pages
//! against which extraction is measured.
//!
//! An issue is made from a seed, its [`Title`], its number and a revision, and nothing is kept between two of them, so that memory
//! stays flat however many are asked for. A later revision is the same issue with one article changed, one gone and one new.

pub(crate) mod sentence;
mod title;

use std::collections::HashSet;

use jiff::civil::Date;

use crate::chance::Chance;
use crate::defects::{self, Defects};
use crate::fill::{Scope, han};
use crate::masthead::weekday;
use crate::story::{Desk, Kind, Piece, Signature, Story};
use crate::style::{Flow, Gaps, Style};
use crate::typeset::{Heading, Line, Tag, set};
use crate::words::phrases::PAGE_NAMES;
use crate::words::topic::TOPICS;
pub use title::Title;

/// What issues are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Everything is drawn from it.
    pub seed: u64,
    /// How many newspapers share the issues, at least 1.
    pub titles: usize,
    /// Torn columns, loops, odd recognisers.
    pub defects: bool,
    /// Every issue has so many pages, instead of what its title usually has.
    pub pages: Option<usize>,
    /// Articles of a page, at least 2, instead of 12 to 18.
    pub articles: Option<usize>,
}

/// An issue as a newsroom would send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its newspaper's id.
    pub title: String,
    /// Its day.
    pub day: Date,
    /// `<title>_<date>.txt`
    pub file_name: String,
    /// The file.
    pub text: String,
    /// How many articles were written into it.
    pub articles: usize,
}

/// An article of an issue, as it is known before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    seed: u64,
    /// 0 as first written, else the revision that changed it.
    changed: u64,
}

impl Plan {
    /// Whole issues of `titles` newspapers.
    pub fn new(seed: u64, titles: usize) -> Self {
        Self { seed, titles: titles.max(1), defects: false, pages: None, articles: None }
    }

    /// Issue `index`, from 0, in its revision `revision`, from 1. The titles take turns, a day after the other.
    pub fn issue(&self, index: usize, revision: u64) -> Issue {
        let title = Title::new(self.seed, index % self.titles);
        let number = index / self.titles + 1;
        let day = Title::day(number);
        let issue_seed = mix(&[self.seed, index as u64]);
        let mut pages = self.layout(&title, issue_seed);
        for revision in 2..=revision.max(1) {
            revise(&mut pages, issue_seed, revision);
        }
        let writer = Writer { title: &title, day, number, pages: pages.len(), defects: self.defects };
        let mut heads = HashSet::new();
        let mut text = String::new();
        for (at, slots) in pages.iter().enumerate() {
            writer.page(at + 1, slots, mix(&[issue_seed, 0x70, at as u64]), &mut heads, &mut text);
        }
        Issue {
            file_name: format!("{}_{day}.txt", title.id),
            title: title.id.clone(),
            day,
            text,
            articles: pages.iter().map(Vec::len).sum(),
        }
    }

    fn layout(&self, title: &Title, issue_seed: u64) -> Vec<Vec<Slot>> {
        let mut chance = Chance::new(issue_seed);
        let pages = self.pages.unwrap_or(title.pages).max(1);
        let mut made = 0;
        let mut page = |chance: &mut Chance| {
            let count = self.articles.unwrap_or_else(|| chance.between(12, 18)).max(2);
            let slots = (made..made + count).map(|at| Slot { seed: mix(&[issue_seed, 1, at as u64]), changed: 0 });
            made += count;
            slots.collect()
        };
        (0..pages).map(|_| page(&mut chance)).collect()
    }
}

/// One article changed, one gone, one new, on one page.
fn revise(pages: &mut [Vec<Slot>], issue_seed: u64, revision: u64) {
    let mut chance = Chance::new(mix(&[issue_seed, 2, revision]));
    let page = chance.between(0, pages.len() - 1);
    let slots = &mut pages[page];
    let gone = chance.between(0, slots.len() - 1);
    slots.remove(gone);
    let changed = chance.between(0, slots.len() - 1);
    slots[changed].changed = revision;
    let at = chance.between(0, slots.len());
    slots.insert(at, Slot { seed: mix(&[issue_seed, 3, revision]), changed: 0 });
}

struct Writer<'a> {
    title: &'a Title,
    day: Date,
    number: usize,
    pages: usize,
    defects: bool,
}

impl Writer<'_> {
    fn page(&self, page: usize, slots: &[Slot], seed: u64, heads: &mut HashSet<String>, out: &mut String) {
        let mut chance = Chance::new(seed);
        let plain = Style {
            name: "whole",
            flow: Flow::Whole,
            width: 24,
            indent: "",
            gaps: Gaps::Blocks,
            spaced: false,
            half: false,
            marks: None,
            margin: false,
            traditional: false,
        };
        let (style, defects) = if self.defects {
            (Style::draw(&mut chance), Defects::draw(&mut chance))
        } else {
            (plain, Defects::default())
        };
        let mut lines = self.heading(page, &mut chance);
        let looped = defects.loops.then(|| chance.between(0, slots.len() - 1));
        for (at, slot) in slots.iter().enumerate() {
            let story = self.story(*slot, heads);
            let mut article = Chance::new(mix(&[slot.seed, 4]));
            let mut body = set(&story, at, Heading::Above, &style, defects.tear, &mut article);
            if looped == Some(at) && story.kind == Kind::Report {
                defects::repeat(&mut body, story.kind, &style, &mut article);
            }
            if lines.last().is_some_and(|line| line.tag != Tag::Blank) {
                lines.push(Line::blank());
            }
            lines.append(&mut body);
        }
        defects::confuse(&mut lines, defects.confusions, &mut chance);
        if defects.quotes {
            defects::drop_quotes(&mut lines, &mut chance);
        }
        for line in &lines {
            out.push_str(&style.line(&line.text));
            out.push('\n');
        }
        out.push('\n');
    }

    fn heading(&self, page: usize, chance: &mut Chance) -> Vec<Line> {
        let date = format!("{}年{}月{}日 {}", self.day.year(), self.day.month(), self.day.day(), weekday(self.day));
        let name = if page == 1 { "要闻" } else { chance.word(PAGE_NAMES) };
        let mut lines = Vec::new();
        if page == 1 {
            let first = [
                self.title.name.clone(),
                date.clone(),
                format!("第{}期 今日{}版", self.number + 4_000, han(self.pages)),
            ];
            lines.extend(first.into_iter().flat_map(|line| [Line::of_page(line, Tag::Furniture), Line::blank()]));
        }
        lines.push(Line::of_page(format!("第{page:02}版 {name} {date}"), Tag::Furniture));
        lines.push(Line::blank());
        lines
    }

    /// The article of a slot; `heads` are the headlines of the issue so far, of which none comes again.
    fn story(&self, slot: Slot, heads: &mut HashSet<String>) -> Story {
        let mut chance = Chance::new(slot.seed);
        let chance = &mut chance;
        let kinds =
            [Kind::Report, Kind::Feature, Kind::Brief, Kind::Photo, Kind::Commentary, Kind::Interview, Kind::Notice];
        let kind = kinds[chance.weighted(&[52, 14, 16, 6, 5, 3, 4])];
        let desk = Desk { city: self.title.city.clone(), day: self.day, mark: "", between: " " };
        let mut story = Story::new(kind, &desk, chance);
        let scope = Scope::new(TOPICS[chance.between(0, TOPICS.len() - 1)], desk.city, desk.day, chance);
        if kind != Kind::Notice && (story.headline.is_empty() || chance.percent(70)) {
            story.headline = vec![sentence::headline(&scope, chance)];
        }
        while !heads.insert(story.headline.concat()) {
            story.headline = vec![sentence::headline(&scope, chance)];
        }
        enrich(&mut story, &scope, chance);
        if slot.changed > 0 {
            let mut chance = Chance::new(mix(&[slot.seed, 5, slot.changed]));
            let at = usize::from(matches!(story.signature, Signature::Lead(_))).min(story.body.len() - 1);
            let correction = sentence::sentence(&scope, &mut chance) + &sentence::sentence(&scope, &mut chance);
            match &mut story.body[at] {
                Piece::Paragraph(text) | Piece::Subhead(text) => text.push_str(&correction),
            }
        }
        story
    }
}

/// Puts sentences into every paragraph that no other article has.
fn enrich(story: &mut Story, scope: &Scope, chance: &mut Chance) {
    for piece in &mut story.body {
        if let Piece::Paragraph(text) = piece
            && text.ends_with('。')
        {
            let count = match story.kind {
                Kind::Notice => usize::from(chance.percent(30)),
                Kind::Photo => 1,
                _ => chance.between(1, 3),
            };
            for _ in 0..count {
                text.push_str(&sentence::sentence(scope, chance));
            }
        }
    }
    if story.kind == Kind::Notice
        && let Some(Piece::Paragraph(text)) = story.body.first_mut()
    {
        text.push_str(&sentence::sentence(scope, chance));
    }
}

/// Several numbers as one that looks like none of them (splitmix64's finisher, Steele, Lea and Flood 2014).
fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests;
