//! A file's lines with what is asked of them again and again where articles may begin.

use std::ops::Range;

use crate::extract::features::{Feature, Features};
use crate::extract::lines::Line;
use crate::extract::model::Role;

/// The lines, what they have and what they are.
pub(super) struct Page<'a> {
    pub lines: &'a [Line],
    pub all: &'a [Features],
    pub roles: &'a [(Role, f32)],
    /// Lines of headings that stand together.
    pub headings: Vec<Range<usize>>,
    /// Whether an article begins at a line.
    pub begins: Vec<bool>,
    /// Headings that begin articles, and those of them with a byline or an opening below.
    pub heads: (usize, usize),
    /// The line that the article of each line begins with, and the first opening of a report in it up to that line.
    article: Vec<usize>,
    opening: Vec<Option<usize>>,
    /// The first line from each line on with which a heading or a page begins, and with which an article does.
    next_heading: Vec<usize>,
    next_article: Vec<usize>,
    /// Before each line: characters of text, paragraphs, lines that say who wrote, and credits.
    characters: Vec<usize>,
    paragraphs: Vec<usize>,
    signed: Vec<usize>,
    credits: Vec<usize>,
}

/// A line of a heading, be it an article's or a part's.
pub(super) fn titles(role: Role) -> bool {
    role.titles() || role.begins_heading() || role == Role::Subhead
}

impl<'a> Page<'a> {
    pub fn of(lines: &'a [Line], all: &'a [Features], roles: &'a [(Role, f32)]) -> Self {
        let count = lines.len();
        let headings = headings(lines, roles);
        let mut begins: Vec<bool> = lines.iter().map(|line| line.opens_page).collect();
        for heading in &headings {
            begins[heading.start] |= heading.clone().any(|at| roles[at].0.begins_heading());
        }
        let mut page = Self {
            lines,
            all,
            roles,
            headings,
            begins,
            heads: (0, 0),
            article: vec![0; count],
            opening: vec![None; count],
            next_heading: vec![count; count + 1],
            next_article: vec![count; count + 1],
            characters: vec![0; count + 1],
            paragraphs: vec![0; count + 1],
            signed: vec![0; count + 1],
            credits: vec![0; count + 1],
        };
        for at in 0..count {
            let opens = matches!(roles[at].0, Role::Lead | Role::Opening | Role::Caption);
            page.begins[at] |= opens && page.is_bare(at);
            let goes_on = at > 0 && !page.begins[at];
            page.article[at] = if goes_on { page.article[at - 1] } else { at };
            let known = if goes_on { page.opening[at - 1] } else { None };
            page.opening[at] = known.or_else(|| page.has(at, &[Feature::Lead]).then_some(at));
            let text = page.is_text(at);
            page.characters[at + 1] = page.characters[at] + if text { lines[at].width / 2 } else { 0 };
            page.paragraphs[at + 1] = page.paragraphs[at] + usize::from(text);
            page.signed[at + 1] = page.signed[at] + usize::from(page.has(at, &[Feature::Byline, Feature::Lead]));
            page.credits[at + 1] = page.credits[at] + usize::from(roles[at].0 == Role::Credit);
        }
        for at in (0..count).rev() {
            let heading = titles(roles[at].0) || lines[at].opens_page;
            page.next_heading[at] = if heading { at } else { page.next_heading[at + 1] };
            page.next_article[at] = if page.begins[at] { at } else { page.next_article[at + 1] };
        }
        let begin = page.headings.iter().filter(|heading| page.begins[heading.start]);
        let signed: Vec<bool> = begin.map(|heading| page.is_signed(heading.end)).collect();
        page.heads = (signed.len(), signed.iter().filter(|signed| **signed).count());
        page
    }

    /// Whether a line is running text.
    pub fn is_text(&self, at: usize) -> bool {
        matches!(self.roles[at].0, Role::Lead | Role::Body | Role::Opening | Role::Caption | Role::Terms)
    }

    /// Whether a line, if there is one, has any of these features.
    pub fn has(&self, at: usize, any: &[Feature]) -> bool {
        self.all.get(at).is_some_and(|features| any.iter().any(|feature| features.has(*feature)))
    }

    /// Whether text, and neither heading nor byline, stands right above a line.
    pub fn is_bare(&self, at: usize) -> bool {
        at > 0 && !self.lines[at].opens_page && !titles(self.roles[at - 1].0) && self.roles[at - 1].0 != Role::Byline
    }

    /// Whether a line or the one below it says who wrote, or where and when.
    pub fn is_signed(&self, at: usize) -> bool {
        (at..at + 2).any(|at| self.has(at, &[Feature::Byline, Feature::BareName, Feature::Lead]))
    }

    /// The first line of the article that stands above a line.
    pub fn article_above(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |above| self.article[above])
    }

    /// The heading that begins at a line.
    pub fn heading_at(&self, at: usize) -> Option<&Range<usize>> {
        let found = self.headings.partition_point(|heading| heading.start < at);
        self.headings.get(found).filter(|heading| heading.start == at)
    }

    /// The first line from here on with which a heading or a page begins.
    pub fn next_heading(&self, from: usize) -> usize {
        self.next_heading[from]
    }

    /// The first line from here on with which an article begins.
    pub fn next_article(&self, from: usize) -> usize {
        self.next_article[from]
    }

    /// The first opening of a report in the article that stands above a line.
    pub fn opening_above(&self, at: usize) -> Option<usize> {
        at.checked_sub(1).and_then(|above| self.opening[above])
    }

    pub fn characters(&self, among: Range<usize>) -> usize {
        self.characters[among.end] - self.characters[among.start]
    }

    pub fn paragraphs(&self, among: Range<usize>) -> usize {
        self.paragraphs[among.end] - self.paragraphs[among.start]
    }

    pub fn credits(&self, among: Range<usize>) -> usize {
        self.credits[among.end] - self.credits[among.start]
    }

    /// Whether any of these lines says who wrote.
    pub fn signs(&self, among: Range<usize>) -> bool {
        self.signed[among.end] > self.signed[among.start]
    }
}

fn headings(lines: &[Line], roles: &[(Role, f32)]) -> Vec<Range<usize>> {
    let mut headings: Vec<Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| titles(roles[*at].0)) {
        match headings.last_mut() {
            Some(last) if last.end == at && !lines[at].opens_page => last.end += 1,
            _ => headings.push(at..at + 1),
        }
    }
    headings
}
