//! Where a heading belongs: to the text below it, or, read late, to the text above.

use contract::{Block, BlockKind, Role as Who, Unplaced, UnplacedReason};

use super::{HEADING, Work, is_rest};
use crate::extract::draft::Draft;
use crate::extract::grammar::{credit, labels, marks, needs, unbracketed};
use crate::extract::head::{Head, Part};
use crate::extract::late;
use crate::extract::lines::Line;
use crate::extract::model::Role;
use crate::extract::text::{ends_sentence, is_blank};
use crate::extract::{phrases, pictures};

/// Articles before a headline that was read last, among which its own is looked for.
const ADOPTS: usize = 24;

/// Paragraphs of a picture's text at most.
const PICTURE: usize = 2;
/// Pairs of characters by which a heading has more in common with the text above than with that below.
const LEANS: isize = 3;

/// Widest heading of a short item, in half-width columns.
const ITEM: usize = 48;

/// Fewest lines in a row that are no subheads, and narrowest of them, in half-width columns.
const STACKED: usize = 3;
const NARROW: usize = 10;

/// Whether an article of a page may be headed by a vertical headline that was read last.
fn is_open(draft: &Draft, page: Option<u32>) -> bool {
    let headed = draft.head.has(Role::Headline) || draft.head.has(Role::Kicker);
    !headed && draft.page == page && !draft.notice
}

/// Takes the last paragraphs, which are a picture's text up to a line, out of an article.
fn split_picture(draft: &mut Draft, paragraphs: usize, line: &Line) -> Draft {
    let blocks = draft.blocks.split_off(draft.blocks.len() - paragraphs);
    Draft { blocks, caption: true, late: true, ..Draft::at(line.first, line.page) }
}

impl Work<'_> {
    pub(super) fn heading(&mut self, at: usize, role: Role) {
        let line = &self.lines[at];
        let role = if self.anew == Some(at) { Role::Headline } else { role };
        // ■点评: what follows is a part of the article.
        let text_next = matches!(self.roles.get(at + 1), Some((Role::Body | Role::Opening, _)));
        if role == Role::Section
            && text_next
            && !line.opens_page
            && labels::labels_part(&line.text)
            && self.current.as_ref().is_some_and(|draft| draft.is_report() && !draft.blocks.is_empty())
        {
            return self.subhead(at);
        }
        let part = Part::of(if role == Role::Notice { Role::Headline } else { role }, line);
        // A headline may be read after the text it heads, a vertical one even at the page's end.
        let credited = role == Role::Headline && self.next_role(at) == Some(Role::Credit);
        let picture = if credited { self.take_picture_above(at) } else { None };
        let heads = role.begins_heading() && role != Role::Notice;
        let picture = picture.or_else(|| if heads { self.take_closed_picture(at) } else { None });
        if let Some(picture) = picture {
            self.end();
            let part = Part { role: Role::Headline, ..part };
            self.current = Some(Draft { head: Head { parts: vec![part] }, ..picture });
            return;
        }
        if self.ends_above(at)
            && let Some(draft) = &mut self.current
        {
            draft.late = true;
            let role = if line.vertical { Role::Headline } else { part.role };
            return draft.head.parts.push(Part { role, ..part });
        }
        let label = self.above_label(at);
        let told = if label.is_none() { self.told_above(at) } else { None };
        let run = label.or(told);
        // What the model took for the deck of the heading above begins another.
        let parted = told.filter(|end| role.begins_heading() && self.roles[*end].0 == Role::Deck);
        self.anew = parted.or(self.anew);
        let late = role != Role::Notice
            && (credited
                || parted.is_some()
                || self.speaks_of_above(at, run)
                || self.belongs_to_picture(at)
                || self.rest_follows(at)
                || !self.text_follows_heading(at));
        let late = late && (credited || !self.titles_picture(at));
        if late && line.vertical {
            return self.orphans.push((Part { role: Role::Headline, ..part }, line.page));
        }
        if let Some(draft) = &mut self.current {
            let headless = draft.late || draft.head.parts.is_empty() && !draft.notice;
            let heads = role != Role::Section || run.is_some() || draft.caption;
            if late && !draft.blocks.is_empty() && headless && heads {
                draft.late = true;
                let role = if role == Role::Section { Role::Headline } else { part.role };
                draft.head.parts.push(Part { role, ..part });
                return;
            }
            if role == Role::Deck && !draft.blocks.is_empty() {
                return self.subhead(at);
            }
            // Who wrote may stand between a label and the headline.
            let labelled =
                !draft.head.parts.is_empty() && draft.head.parts.iter().all(|part| part.role == Role::Section);
            if draft.has_content() && !(draft.blocks.is_empty() && (role == Role::Section || labelled)) {
                self.end();
            }
        }
        let draft = self.draft(at);
        // A notice is headed by what it is and what it is about.
        if role == Role::Notice
            && draft.notice
            && let Some(first) = draft.head.parts.last_mut()
        {
            first.text = format!("{} {}", first.text, part.text);
            return;
        }
        draft.notice |= role == Role::Notice;
        draft.head.parts.push(part);
    }

    /// Whether a line is the heading of one more of several short items: a few words with the bullet of the headline before it.
    pub(super) fn is_item(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let bullet = |text: &str| text.chars().next().filter(|_| marks::begins_with_bullet(text));
        let Some(draft) = self.current.as_ref().filter(|draft| !draft.blocks.is_empty()) else { return false };
        let first = draft.head.parts.iter().find(|part| part.role == Role::Headline);
        bullet(&line.text).is_some()
            && first.is_some_and(|part| bullet(&part.text) == bullet(&line.text))
            && line.width <= ITEM
            && !ends_sentence(&line.text)
            && self.text_follows(at)
            // A column's edge may have cut the item's first line.
            && self.lines.get(at + 1).is_none_or(|next| !is_rest(&next.text))
    }

    /// Whether a line is one of so many of a heading in a row, or one of two of which the first is a kicker by its end, that they
    /// head no part of an article but another.
    pub(super) fn heads_anew(&self, at: usize) -> bool {
        let plain = |line: &Line| {
            let cells = line.text.split(is_blank).count() > 2;
            let set_apart = line.heading > 0 || line.bold || cells || marks::begins_with_bullet(&line.text);
            !set_apart && line.width >= NARROW && marks::clause(&line.text) == 0 && !ends_sentence(&line.text)
        };
        let one = |i: &usize| self.roles[*i].0 == Role::Subhead && plain(&self.lines[*i]);
        let parted = |i: usize| self.lines[i].opens_page;
        if !one(&at) {
            return false;
        }
        // More lines than a heading has are none: a list, or what a recogniser looped.
        let above = (0..at).rev().take_while(|i| one(i) && !parted(*i + 1)).take(HEADING).count();
        let below = (at + 1..self.lines.len()).take_while(|i| one(i) && !parted(*i)).take(HEADING).count();
        let kicks = |i: usize| phrases::names_who(&self.lines[i].text);
        let kicked = below == 1 && above == 0 && kicks(at) || above == 1 && below == 0 && kicks(at - 1);
        let stacked = (STACKED..=HEADING).contains(&(above + 1 + below));
        (stacked || kicked) && self.text_follows(at + below)
    }

    /// Whether the line above says of a whole article where it comes from, or who its author is.
    pub(super) fn closes_above(&self, at: usize) -> bool {
        let Some(above) = at.checked_sub(1).filter(|_| !self.lines[at].opens_page) else { return false };
        let line = &self.lines[above];
        self.roles[above].0 == Role::Source || needs::author_note(line.signs) && marks::is_author_note(&line.text)
    }

    /// Takes the picture out of another article whose last paragraph is its text so far: it begins with its day, and its
    /// headline and who photographed stand below it.
    fn take_picture_above(&mut self, at: usize) -> Option<Draft> {
        let line = &self.lines[at.checked_sub(1)?];
        let draft = self.current.as_mut()?;
        let dated = |text: &str| marks::begins_with_day(text) && ends_sentence(text);
        let last = draft.blocks.last().filter(|last| dated(&last.text) && dated(&line.text))?;
        if draft.blocks.len() < 2 || draft.notice || last.kind != BlockKind::Paragraph {
            return None;
        }
        Some(split_picture(draft, 1, line))
    }

    /// The same where who photographed stands between the picture's text and the heading, which is not that of the text below:
    /// another heading follows, and its words are those of the picture.
    fn take_closed_picture(&mut self, at: usize) -> Option<Draft> {
        let (above, next) = (at.checked_sub(1)?, at + 1);
        let heads = self.roles.get(next)?.0.begins_heading();
        let parted = self.lines[at].opens_page || self.lines[next].opens_page;
        let line = &self.lines[above];
        let shot = || line.credit().map(<[_]>::to_vec).or_else(|| Some(credit::tail(&line.text)?.1));
        let draft = self.current.as_mut().filter(|_| heads && !parted)?;
        if draft.notice || draft.caption {
            return None;
        }
        let people = shot()?;
        let heading = &self.lines[at].text;
        let below: String = self.lines[next..].iter().take(HEADING).map(|line| line.text.as_str()).collect();
        let known = |blocks: &[Block]| -> usize { blocks.iter().map(|block| late::shared(heading, &block.text)).sum() };
        let own = |block: &Block| block.kind == BlockKind::Paragraph && pictures::begins_with_time(&block.text);
        let told = (1..draft.blocks.len().min(PICTURE + 1)).find(|told| {
            let (others, last) = draft.blocks.split_at(draft.blocks.len() - told);
            last.iter().all(own) && known(last) > known(others).max(late::shared(heading, &below))
        })?;
        let mut picture = split_picture(draft, told, line);
        draft.byline.retain(|by| !people.contains(by));
        picture.sign(people);
        picture.closed = true;
        Some(picture)
    }

    /// Whether a heading stands above a picture's text and has no words from the text before it; a vertical one, none from any
    /// article that it may head, or more from the picture's.
    fn titles_picture(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let shared = |draft: &Draft| late::shared_pairs(&line.text, draft);
        let Some(caption) = self.next(at).filter(|next| self.roles[*next].0 == Role::Caption) else { return false };
        if !line.vertical {
            return self.current.as_ref().is_none_or(|draft| shared(draft) < 2);
        }
        let own = late::shared(&line.text, &self.lines[caption].text);
        let before = self.out.drafts.iter().rev().take(ADOPTS).chain(&self.current);
        before.filter(|draft| is_open(draft, line.page)).all(|draft| shared(draft) <= own)
    }

    /// Whether a heading with a vertical headline was read after the text it heads, which has none.
    fn ends_above(&self, at: usize) -> bool {
        let headless = |draft: &Draft| draft.head.parts.iter().all(|part| part.role == Role::Section) || draft.late;
        let open = |draft: &Draft| !draft.blocks.is_empty() && !draft.notice && !draft.caption && headless(draft);
        self.current.as_ref().is_some_and(open) && late::above_another(self.lines, self.roles, at)
    }

    /// Whether a heading above another one has its words from the text before it, which has none, and not from what follows.
    /// `run` is where it ends above the label of another article.
    fn speaks_of_above(&self, at: usize, run: Option<usize>) -> bool {
        let begun = |draft: &Draft| draft.late && run.is_some();
        let headless =
            self.current.as_ref().filter(|draft| (draft.head.parts.is_empty() || begun(draft)) && !draft.notice);
        // A picture's text is one paragraph; who photographed closed it.
        let told = |draft: &&Draft| draft.blocks.len() > 1 || draft.caption && draft.closed;
        let Some(draft) = headless.filter(told) else { return false };
        let heads = |at: usize| self.roles[at].0.begins_heading();
        if !heads(at) || at + 1 >= self.lines.len() || !heads(at + 1) || self.lines[at + 1].opens_page {
            return false;
        }
        // A picture without a heading right above: a label never comes second.
        if begun(draft) || draft.caption && run.is_some() && late::shared_pairs(&self.lines[at].text, draft) > 0 {
            return true;
        }
        let end = run.unwrap_or(at + 1);
        let heading: String = self.lines[at..end].iter().map(|line| line.text.as_str()).collect();
        let below = self.lines[end..].iter().take(HEADING).take_while(|line| !line.opens_page);
        late::speaks_of(&heading, draft, below.map(|line| line.text.as_str()))
    }

    /// How far a heading has its words from a report above that has none, where the rest of it speaks of the text below.
    fn told_above(&self, at: usize) -> Option<usize> {
        let headless = |draft: &&Draft| draft.head.parts.is_empty() || draft.late;
        let draft = self.current.as_ref().filter(headless)?;
        if draft.notice || draft.blocks.len() < 2 {
            return None;
        }
        // The first of these lines may look like a label.
        let titles = |i: usize| self.roles[i].0.titles() || i == at && self.roles[i].0 == Role::Section;
        let heads = |i: &usize| titles(*i) && (*i == at || !self.lines[*i].opens_page);
        let end = (at..self.lines.len().min(at + HEADING)).take_while(heads).last()? + 1;
        let below: String = self.lines[end..].iter().take(HEADING).map(|line| line.text.as_str()).collect();
        let leans =
            |line: &Line| late::shared_pairs(&line.text, draft) as isize - late::shared(&line.text, &below) as isize;
        let leans: Vec<isize> = self.lines[at..end].iter().map(leans).collect();
        let above = |cut: usize| leans[..cut].iter().sum::<isize>();
        // Behind the dashes of a deck another heading begins.
        let dashed = (at..end - 1).find(|i| phrases::dashed(&self.lines[*i].text)).map(|deck| deck + 1 - at);
        if let Some(cut) = dashed.filter(|cut| above(*cut) > 0) {
            return Some(at + cut);
        }
        draft.lead.as_ref()?;
        let cut = (1..leans.len()).max_by_key(|cut| (above(*cut), std::cmp::Reverse(*cut)))?;
        let (most, own) = (above(cut), leans[cut..].iter().sum::<isize>());
        (most >= LEANS && own < 0).then_some(at + cut)
    }

    /// Whether a heading stands right below a picture without one, and is parted from what follows: by a blank line where none
    /// stands above it, or by the page's own lines, behind which another heading stands.
    fn belongs_to_picture(&self, at: usize) -> bool {
        let shot = |draft: &Draft| {
            draft.caption || !draft.byline.is_empty() && draft.byline.iter().all(|by| by.role == Who::Photographer)
        };
        let headless = |draft: &Draft| shot(draft) && draft.closed && draft.head.parts.is_empty();
        let Some(next) = self.lines.get(at + 1).filter(|next| !next.opens_page) else { return false };
        if !self.current.as_ref().is_some_and(headless) {
            return false;
        }
        let heads = |at: usize| self.roles[at].0.titles() || self.roles[at].0.begins_heading();
        let own = (at + 1..self.lines.len()).take_while(|i| self.roles[*i].0 == Role::Furniture).count();
        let after = at + 1 + own;
        let apart = self.lines[at].gap == 0 && next.gap > 0;
        (apart || own > 0) && after < self.lines.len() && heads(after) && !self.lines[after].opens_page
    }

    /// Where the label of another article ends the heading that a line stands in: labels come first.
    fn above_label(&self, at: usize) -> Option<usize> {
        let heads = |at: usize| self.roles[at].0.titles();
        let below = at + 1..self.lines.len().min(at + HEADING);
        let label = below.take_while(|at| !self.lines[*at].opens_page).find(|at| !heads(*at))?;
        // A short first line may have been taken for a label itself.
        let first = heads(at) || self.roles[at].0 == Role::Section && label > at + 1;
        (first && self.roles[label].0 == Role::Section).then_some(label)
    }

    /// Whether what stands below a heading is no text of its own: it begins in the middle of a sentence, or a name signs and
    /// another heading follows.
    fn rest_follows(&self, at: usize) -> bool {
        let same = |i: &usize| !self.lines[*i].opens_page;
        let Some(next) = (at + 1..self.lines.len()).take_while(same).find(|i| !self.roles[*i].0.titles()) else {
            return false;
        };
        match self.roles[next].0 {
            Role::Body | Role::Opening => is_rest(&self.lines[next].text),
            Role::Byline => {
                let bracketed = unbracketed(&self.lines[next].text).is_some();
                bracketed && self.roles.get(next + 1).is_some_and(|(role, _)| role.titles())
            }
            _ => false,
        }
    }

    /// Whether text stands below a heading, whatever of the heading and of who made it stands between.
    fn text_follows_heading(&self, at: usize) -> bool {
        let next = (at + 1..self.lines.len().min(at + 1 + HEADING))
            .take_while(|next| !self.lines[*next].opens_page)
            .find(|next| {
                let role = self.roles[*next].0;
                let head = role == Role::Section || role.titles();
                let made = matches!(role, Role::Byline | Role::Credit | Role::Source | Role::Jump);
                !(head || made || matches!(role, Role::Furniture | Role::Fragment))
            })
            .map(|next| self.roles[next].0);
        next.is_some_and(|role| role != Role::Caption && role != Role::Notice)
    }

    /// Gives vertical headlines that were read last to the articles without one that speak of the same.
    pub(super) fn adopt(&mut self) {
        for (part, page) in std::mem::take(&mut self.orphans) {
            let shares = |draft: &Draft| (late::shared_pairs(&part.text, draft), !draft.torn, draft.line);
            let before = self.out.drafts.iter_mut().rev().take(ADOPTS);
            match before.filter(|draft| is_open(draft, page) && draft.line < part.line).max_by_key(|d| shares(d)) {
                Some(draft) => draft.head.parts.push(part),
                None => {
                    let (line, text) = (part.line, part.text);
                    self.out.unplaced.push(Unplaced { line, text, reason: UnplacedReason::Fragment });
                }
            }
        }
    }
}
