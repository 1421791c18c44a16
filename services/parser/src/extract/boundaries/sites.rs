//! The places where an article may begin.

use std::ops::Range;

use super::clues::{self, Clue, Words};
use super::page::{Page, titles};
use crate::extract::content::Content;
use crate::extract::features::{Feature, Features};
use crate::extract::lines::Line;
use crate::extract::listed::listed;
use crate::extract::model::{Model, Role};

listed! {
    /// What may be the beginning of an article.
    Sort {
        /// The lines of a heading.
        Heading,
        /// The opening of a report, or another text, without a heading.
        Opening,
        /// A text with a credit below it or at its end.
        Picture,
        /// A text without a heading that hardly has a word in common with the one above.
        Stray,
    }
}

impl Sort {
    /// The line that the text begins with.
    pub fn text(self, lines: &Range<usize>) -> usize {
        if self == Self::Heading { lines.end } else { lines.start }
    }

    /// The roles of its lines where an article begins, and where none does.
    fn roles(self) -> (&'static [Role], &'static [Role]) {
        match self {
            Self::Heading => {
                (&[Role::Section, Role::Kicker, Role::Headline, Role::Notice, Role::Deck], &[Role::Subhead])
            }
            Self::Opening => (&[Role::Lead, Role::Opening], &[Role::Body]),
            Self::Picture => (&[Role::Caption, Role::Opening], &[Role::Body]),
            Self::Stray => (&[Role::Opening], &[Role::Body]),
        }
    }

    /// The same of its first line: no article begins with a deck.
    fn first(self) -> &'static [Role] {
        let roles = self.roles().0;
        roles.strip_suffix(&[Role::Deck]).unwrap_or(roles)
    }
}

/// A place where an article may begin.
pub(crate) struct Site {
    /// Its lines.
    pub lines: Range<usize>,
    /// What it may be the beginning of.
    pub sort: Sort,
    /// Whether one begins there by the roles the lines have.
    pub begins: bool,
    /// The roles they have if it is the other way round.
    pub otherwise: Vec<Role>,
    /// What is true of it.
    pub clues: Vec<(Clue, f32)>,
    /// The features of its first line, and of its last where it has several.
    pub first: Features,
    pub last: Features,
}

impl Site {
    /// What a clue says of it; nothing is 0.
    pub fn value(&self, clue: Clue) -> f32 {
        self.clues.iter().find(|(own, _)| *own == clue).map_or(0.0, |(_, value)| *value)
    }
}

/// More lines than this are no one heading.
const MOST: usize = 12;

/// Every place where an article may begin, but for the beginnings of pages.
pub(crate) fn find(
    lines: &[Line],
    content: &Content,
    all: &[Features],
    model: &Model,
    roles: &[(Role, f32)],
) -> Vec<Site> {
    let page = Page::of(lines, all, roles);
    let mut words = Words::of(&page, content);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some((sort, end)) = site_at(&page, at) else {
            at += 1;
            continue;
        };
        let text = |among: Range<usize>| page.paragraphs(among) > 0;
        // 夜航 between two poems of one poet.
        let verse = |at: usize| lines.get(at).is_some_and(|line| line.verse);
        let parts_verse = at > 0 && verse(at - 1) && verse(end);
        let may_begin = !lines[at].opens_page && !parts_verse && end - at <= MOST;
        let below = sort.text(&(at..end))..page.next_heading(end);
        if may_begin && text(page.article_above(at)..at) && text(below) {
            let mut site = site(&page, model, sort, at..end);
            clues::around(&page, &mut site);
            clues::headings(&page, &mut site);
            words.compare(&mut site);
            found.push(site);
        }
        at = end;
    }
    found
}

/// What may begin at a line, and where that ends.
fn site_at(page: &Page<'_>, at: usize) -> Option<(Sort, usize)> {
    let role = page.roles[at].0;
    if titles(role) {
        // Short items below the label of their column are headed as parts of an article are.
        let brief = page.has(at, &[Feature::UnderBriefs]);
        return page.heading_at(at).filter(|_| !brief).map(|heading| (Sort::Heading, heading.end));
    }
    if !page.is_text(at) || !page.is_bare(at) {
        return None;
    }
    let credit =
        |at: usize| page.roles.get(at).is_some_and(|(role, _)| *role == Role::Credit) && !page.lines[at].opens_page;
    if page.has(at, &[Feature::CreditAtEnd]) || credit(at + 1) || role == Role::Caption {
        // 图为… says it of itself.
        let told = page.has(at, &[Feature::Caption, Feature::CaptionHead]);
        return (!told).then_some((Sort::Picture, at + 1));
    }
    // Below what nobody has signed so far it is the first, whatever stands above: an editor's note, points.
    let signed = page.signs(page.article_above(at)..at);
    let opens = page.has(at, &[Feature::Lead]) || matches!(role, Role::Lead | Role::Opening);
    if opens {
        return signed.then_some((Sort::Opening, at + 1));
    }
    let apart = [Feature::Aside, Feature::Apart, Feature::NewTopic, Feature::Adrift, Feature::PerhapsAdrift];
    let stray = role == Role::Body && page.has(at, &[Feature::PrevPlain]) && page.has(at, &apart);
    stray.then_some((Sort::Stray, at + 1))
}

fn site(page: &Page<'_>, model: &Model, sort: Sort, lines: Range<usize>) -> Site {
    let (roles, inside) = sort.roles();
    let allowed = |at: usize| if at == lines.start { sort.first() } else { roles };
    let (yes, beginning) = model.best(page.lines, page.all, page.roles, lines.clone(), allowed);
    let (no, inside) = model.best(page.lines, page.all, page.roles, lines.clone(), |_| inside);
    let begins = match sort {
        Sort::Heading => lines.clone().any(|at| page.roles[at].0.begins_heading()),
        _ => roles.contains(&page.roles[lines.start].0),
    };
    Site {
        sort,
        begins,
        otherwise: if begins { inside } else { beginning },
        clues: vec![(Clue::Bias, 1.0), (Clue::Odds, (yes - no).clamp(-8.0, 8.0))],
        first: page.all[lines.start],
        last: if lines.len() > 1 { page.all[lines.end - 1] } else { Features::default() },
        lines,
    }
}
