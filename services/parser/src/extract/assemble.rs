//! Roles to articles: every line goes into exactly one draft or into the list of what stands in none.

mod aside;
mod heading;

use contract::{Unplaced, UnplacedReason, WarningCode};

use super::briefs;
use super::draft::Draft;
use super::grammar::{byline, credit, jump, lead, marks, unbracketed};
use super::head::Part;
use super::interleave::Note;
use super::lines::Line;
use super::model::Role;
use super::pictures;
use super::signs::Signs;
use super::starts;
use super::text::ends_sentence;

/// What the lines of a file became.
#[derive(Debug, Default)]
pub(crate) struct Assembled {
    /// Articles in page order.
    pub drafts: Vec<Draft>,
    /// Lines that stand in none.
    pub unplaced: Vec<Unplaced>,
}

/// Most lines of a heading with those who made the article.
const HEADING: usize = 12;
/// Leads of a role over the next that count as sure, in the model's units.
const SURE: f32 = 0.7;

/// Puts articles together. `repeats` marks lines that the recogniser looped, `notes` say which lines were put elsewhere.
pub(crate) fn assemble(lines: &[Line], roles: &[(Role, f32)], repeats: &[bool], notes: &[Note]) -> Assembled {
    let mut levels = lines.iter().map(|line| line.heading).filter(|level| *level > 0);
    let graded = levels.next().is_some_and(|first| levels.any(|level| level != first));
    let mut work = Work {
        lines,
        roles,
        out: Assembled::default(),
        current: None,
        interrupted: None,
        orphans: Vec::new(),
        graded,
        anew: None,
    };
    for (at, repeat) in repeats.iter().enumerate().take(lines.len()) {
        if *repeat {
            work.repeat(at);
        } else {
            work.line(at);
        }
        if let (Some((_, note, seen)), Some(draft)) =
            (notes.iter().find(|(line, ..)| *line == lines[at].first), &mut work.current)
        {
            draft.warn(WarningCode::Interleaved, note.clone());
            draft.entangled |= *seen;
        }
    }
    work.end();
    work.adopt();
    let Assembled { mut drafts, mut unplaced } = work.out;
    for draft in &drafts {
        for (line, phrase) in &draft.cut {
            unplaced.push(Unplaced { line: *line, text: phrase.clone(), reason: UnplacedReason::Repeat });
        }
    }
    drafts.sort_by_key(|draft| draft.line);
    unplaced.sort_by_key(|item| item.line);
    Assembled { drafts, unplaced }
}

struct Work<'a> {
    lines: &'a [Line],
    roles: &'a [(Role, f32)],
    out: Assembled,
    current: Option<Draft>,
    /// The article that a picture's caption interrupted.
    interrupted: Option<Draft>,
    /// Vertical headlines that no text follows, with their page: the columns they head were read before them.
    orphans: Vec<(Part, Option<u32>)>,
    /// The file marks headings with more than one level, so that a level means something.
    graded: bool,
    /// Where a heading begins right below one that belongs to the text above.
    anew: Option<usize>,
}

/// Whether a text is the rest of a sentence.
fn is_rest(text: &str) -> bool {
    let stopped = text.chars().nth(1).is_some_and(|c| matches!(c, '。' | '，'));
    text.starts_with(['的', '了', '着', '们', '，', '。', '、'])
        || stopped
        || marks::begins_with_a_rest(text)
        || ends_sentence(text) && text.chars().count() <= REST
}

/// Whether an article broke off on the page of a line, and nothing says where it goes on.
fn is_broken(draft: &Draft, line: &Line) -> bool {
    draft.is_unfinished() && draft.continues.is_none() && draft.page == line.page
}

/// Most characters of a sentence's end that stands alone.
const REST: usize = 5;

impl Work<'_> {
    fn line(&mut self, at: usize) {
        let line = &self.lines[at];
        let (role, lead) = self.roles[at];
        if line.opens_page {
            self.end();
        }
        match role {
            // Whatever the model thought, what goes on from another page is no furniture.
            Role::Furniture if jump::comes_from(line) => self.body(at),
            Role::Furniture => self.set_aside(at, UnplacedReason::Furniture),
            Role::Fragment => self.fragment(at),
            Role::Section | Role::Kicker | Role::Headline | Role::Deck | Role::Notice => self.heading(at, role),
            Role::Byline => self.byline(at),
            // What a picture interrupted.
            Role::Opening
                if self.current.as_ref().is_some_and(|draft| draft.closed)
                    && (is_rest(&line.text) || self.word_goes_on(at) || self.column_goes_on(at)) =>
            {
                self.body(at);
            }
            Role::Lead | Role::Opening => {
                if self.current.as_ref().is_some_and(|draft| !draft.blocks.is_empty() && !draft.is_preface()) {
                    self.end();
                }
                let draft = self.draft(at);
                draft.text(line, true);
                draft.torn |= role == Role::Opening;
            }
            Role::Body | Role::Subhead if self.is_item(at) => self.heading(at, Role::Headline),
            Role::Body | Role::Terms => self.body(at),
            Role::Subhead => self.subhead(at),
            Role::Caption => self.caption(at),
            Role::Credit => self.credit(at),
            Role::Jump => self.jump(at),
            Role::Source => {
                let closing = lead::closing(&line.text);
                let source = marks::source(&line.text).or(closing.as_ref().and_then(|said| said.source.clone()));
                let draft = self.draft(at);
                draft.source = source.or(draft.source.take());
                if let Some(said) = closing {
                    draft.dateline_below(said);
                }
                draft.consumed.push(line.text.clone());
                draft.closed = true;
            }
        }
        if let Some(draft) = &mut self.current {
            draft.unsure += u32::from(lead < SURE && role != Role::Furniture);
        }
    }

    /// Ends the article, and the one that it interrupted.
    fn end(&mut self) {
        self.close();
        self.resume();
        self.close();
    }

    fn draft(&mut self, at: usize) -> &mut Draft {
        let line = &self.lines[at];
        self.current.get_or_insert_with(|| Draft::at(line.first, line.page))
    }

    /// Whether the next line that is not the page's own is text.
    fn text_follows(&self, at: usize) -> bool {
        self.next_role(at).is_some_and(|role| {
            matches!(role, Role::Body | Role::Lead | Role::Opening | Role::Byline | Role::Subhead | Role::Terms)
        })
    }

    /// The next line of the page that is neither the page's own nor a scrap.
    fn next(&self, at: usize) -> Option<usize> {
        (at + 1..self.lines.len())
            .take_while(|next| !self.lines[*next].opens_page)
            .find(|next| !matches!(self.roles[*next].0, Role::Furniture | Role::Fragment))
    }

    fn next_role(&self, at: usize) -> Option<Role> {
        self.next(at).map(|next| self.roles[next].0)
    }

    fn byline(&mut self, at: usize) {
        let line = &self.lines[at];
        let whole = line.byline().map(<[_]>::to_vec);
        // What comes next begins in the middle of a sentence: nobody signs that above it.
        let rest = self.lines.get(at + 1).is_some_and(|next| !next.opens_page && is_rest(&next.text));
        // A plain name, or one in brackets, signs what stands above; so does whatever stands above a text without a heading.
        let signs = rest || unbracketed(&line.text).is_some() || self.next_role(at) == Some(Role::Opening);
        let below = |draft: &Draft| whole.is_none() || draft.byline.is_empty() && signs;
        // Below an editor's note stands who wrote what follows.
        let text = |draft: &Draft| !draft.blocks.is_empty() && !draft.is_preface();
        let people = whole.clone().or_else(|| byline::unmarked(&line.text)).unwrap_or_default();
        if let Some(draft) = self.current.as_mut().filter(|draft| text(draft) && below(draft)) {
            draft.sign(people);
            draft.consumed.push(line.text.clone());
            // An answer may stand below a letter.
            draft.signed_off = !byline::is_letters(&line.text);
            return;
        }
        let follows = self.text_follows(at);
        if let Some(draft) = &self.current
            && text(draft)
            && follows
            && (draft.blocks.len() > 1 || !draft.byline.is_empty() || line.heading > 0)
        {
            self.end();
        }
        let draft = self.draft(at);
        draft.closed |= !draft.blocks.is_empty() && !follows;
        draft.sign(people);
        draft.consumed.push(line.text.clone());
    }

    fn body(&mut self, at: usize) {
        let line = &self.lines[at];
        // Whatever the model thought, what comes from another page begins here.
        if self.current.as_ref().is_some_and(|draft| !draft.blocks.is_empty()) && jump::comes_from(line) {
            self.end();
        }
        if self.current.as_ref().is_some_and(|draft| draft.closed && !draft.is_report() || draft.signed_off) {
            self.close();
            self.resume();
            // The column may have broken off at the picture and go on below it.
            let before = self.out.drafts.len().checked_sub(2);
            if self.current.is_none()
                && let Some(before) = before.filter(|before| is_broken(&self.out.drafts[*before], line))
            {
                self.current = Some(self.out.drafts.remove(before));
            }
        }
        // Below a headline that was read after its text another article goes on.
        if self.current.as_ref().is_some_and(|draft| draft.late && !draft.blocks.is_empty()) && is_rest(&line.text) {
            self.end();
        }
        let draft = self.draft(at);
        if line.verse || line.row {
            return draft.verse(line);
        }
        let opens = draft.blocks.is_empty();
        draft.text(line, opens);
    }

    /// Whether a line begins in the middle of a sentence, and the article before the picture broke off in one.
    fn column_goes_on(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let picture = self.current.as_ref().is_some_and(|draft| !draft.is_report());
        picture && starts::goes_on(&line.text) && self.out.drafts.last().is_some_and(|before| is_broken(before, line))
    }

    /// Whether a line has the rest of a word that the article before the current one broke off in.
    fn word_goes_on(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let broken = self.out.drafts.last().filter(|before| is_broken(before, line));
        let last = broken.and_then(|before| before.blocks.last());
        last.is_some_and(|block| crate::dictionary::word_goes_on(&block.text, &line.text))
    }

    fn subhead(&mut self, at: usize) {
        let line = &self.lines[at];
        // A heading that is set as prominently as the headline, or more so than the subheads so far, is no part of the article.
        let headline = |part: &Part| {
            let level = part.role == Role::Headline && line.heading <= part.heading;
            level && (self.graded || line.heading < part.heading)
        };
        let outranks = |draft: &Draft| draft.head.parts.iter().any(headline) || line.heading < draft.subheads;
        let other = |draft: &Draft| line.heading > 0 && draft.blocks.len() > 1 && outranks(draft);
        // Nor is one below the words that close an article.
        let ended = |draft: &Draft| !draft.blocks.is_empty() && self.closes_above(at);
        if self.current.as_ref().is_some_and(|draft| other(draft) || ended(draft)) || self.heads_anew(at) {
            return self.heading(at, Role::Headline);
        }
        // What labels short items heads no part of the article above.
        if briefs::heads_briefs(&line.text) && self.next_role(at) == Some(Role::Subhead) {
            return self.heading(at, Role::Section);
        }
        let plain = !line.signs.any(Signs::COMMA);
        match &mut self.current {
            // Who wrote, or a label, stands above the headline.
            Some(draft)
                if draft.blocks.is_empty() && draft.head.parts.iter().all(|p| p.role == Role::Section && plain) =>
            {
                draft.head.parts.push(Part::of(Role::Headline, line));
            }
            Some(draft) => {
                draft.subheads = if draft.subheads == 0 { line.heading } else { draft.subheads };
                draft.subhead(&line.text);
            }
            None => self.heading(at, Role::Headline),
        }
    }

    fn caption(&mut self, at: usize) {
        let line = &self.lines[at];
        let credited = self.next_role(at) == Some(Role::Credit) || credit::tail(&line.text).is_some();
        let dated = credited && marks::begins_with_day(&line.text);
        // 图①：… belongs to the report that it numbers the pictures of.
        let numbered = pictures::is_numbered(&line.text);
        let apart = |draft: &Draft| {
            let other = draft.is_report()
                || draft.blocks.len() > 2 && pictures::shows(&line.text)
                || dated && (draft.blocks.len() > 1 || draft.notice);
            !numbered && other
        };
        if self.current.as_ref().is_some_and(|draft| !draft.blocks.is_empty() && apart(draft) && !draft.caption)
            && self.interrupted.is_none()
        {
            self.interrupted = self.current.take();
        } else if self
            .current
            .as_ref()
            .is_some_and(|draft| draft.closed && (draft.caption || dated && !draft.is_report()))
        {
            self.close();
        }
        let fresh = self.current.is_none();
        let draft = self.draft(at);
        draft.caption |= fresh;
        draft.text(line, false);
        // A caption is one line; its credit may still follow.
        draft.closed |= fresh && !draft.is_unfinished();
    }

    fn credit(&mut self, at: usize) {
        let line = &self.lines[at];
        let people = line.credit().map(<[_]>::to_vec).unwrap_or_default();
        match &mut self.current {
            Some(draft) => {
                draft.sign(people);
                draft.consumed.push(line.text.clone());
                // Right below a headline: the picture's text is still to come.
                draft.closed = !draft.blocks.is_empty();
            }
            None => self.set_aside(at, UnplacedReason::Fragment),
        }
    }

    fn jump(&mut self, at: usize) {
        let line = &self.lines[at];
        let Some(found) = jump::whole(&line.text) else {
            // （详见3版） says nothing of this article.
            let points = marks::is_pointer(&line.text);
            return if points { self.set_aside(at, UnplacedReason::Furniture) } else { self.body(at) };
        };
        if found.from && self.current.as_ref().is_some_and(|draft| !draft.blocks.is_empty()) {
            self.end();
        }
        let draft = self.draft(at);
        draft.jump(&found);
        draft.consumed.push(line.text.clone());
    }

    /// Goes on with the article that a picture interrupted.
    fn resume(&mut self) {
        if self.current.is_none() {
            self.current = self.interrupted.take();
            if let Some(draft) = &mut self.current {
                draft.closed = false;
            }
        }
    }

    /// The current article is complete. A heading without anything below it is set aside.
    fn close(&mut self) {
        let Some(mut draft) = self.current.take() else { return };
        draft.complete();
        if !draft.blocks.is_empty() || !draft.byline.is_empty() && !draft.head.parts.is_empty() {
            self.out.drafts.push(draft);
            return;
        }
        let reason = UnplacedReason::Fragment;
        for part in draft.head.parts {
            self.out.unplaced.push(Unplaced { line: part.line, text: part.text, reason });
        }
        for text in draft.consumed {
            self.out.unplaced.push(Unplaced { line: draft.line, text, reason });
        }
    }
}
