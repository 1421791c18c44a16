//! What is true of a place where an article may begin: of the article above it, and of the one that would begin.

use std::ops::Range;

use super::page::Page;
use super::sites::{Site, Sort};
use crate::extract::content::{Content, Pairs};
use crate::extract::features::Feature;
use crate::extract::listed::listed;
use crate::extract::model::Role;

listed! {
    /// What can be true of a place; most are 0 or 1.
    Clue {
        /// Always.
        Bias,
        /// The log odds that the sequence model sees, between -8 and 8.
        Odds,
        /// It has two lines; three or more.
        TwoLines,
        ThreeLines,
        /// Below it stands who wrote; the opening of a report.
        BylineBelow,
        LeadBelow,
        /// What stands above ends with a credit, a signature or a source; with a jump.
        ClosedAbove,
        JumpAbove,
        /// What stands below ends so.
        ClosedBelow,
        /// The article above says who wrote it, or where and when.
        SignedAbove,
        /// It does, and the one below does not; neither does.
        SignedAboveOnly,
        SignedNowhere,
        /// The first line ends with ——.
        Introduces,
        /// The article above begins with the opening of a report; one paragraph of it stands here; it is a picture's.
        OpenedAbove,
        OneParagraphAbove,
        PictureAbove,
        /// The openings of both name the same place and day; they do not.
        SameDateline,
        OtherDateline,
        /// Characters of text in the article above.
        Above80,
        Above200,
        Above400,
        Above800,
        Above1600,
        /// Characters of text up to where the next article begins.
        Below80,
        Below200,
        Below400,
        Below800,
        Below1600,
        /// Characters of text up to the next heading.
        Next80,
        Next200,
        Next400,
        Next800,
        Next1600,
        /// The article above has had one subhead; more.
        OneSubhead,
        Subheads,
        /// One of them is about as wide; all are much wider or narrower.
        LikeSubheads,
        UnlikeSubheads,
        /// The article above has a heading; it is much wider; much narrower.
        Headed,
        NarrowerThanHead,
        WiderThanHead,
        /// The heading above, or the one below, has as many lines, the first about as wide, and neither says who wrote.
        TwinHeading,
        /// How many of the next two headings have neither a byline nor an opening below them.
        UnsignedNext,
        /// The share of the file's other articles that have.
        Habit,
        /// The share of pairs of characters that the texts above and below have in common, and the same in steps.
        Shared,
        SharesNothing,
        SharesLittle,
        SharesMuch,
        /// How many of the pairs of the heading above, up to three, the text below has.
        EchoesHead,
    }
}

/// Characters of text that are a step.
const STEPS: [usize; 5] = [80, 200, 400, 800, 1600];

/// Differences in width, in half-width columns, up to which headings count as alike, and above which as unlike.
const ALIKE: usize = 4;
const UNLIKE: usize = 10;

/// Subheads of the article above that are looked at, the nearest.
const LOOKED_AT: usize = 8;

impl Site {
    fn add(&mut self, clues: impl IntoIterator<Item = (Clue, bool)>) {
        self.clues.extend(clues.into_iter().filter(|(_, holds)| *holds).map(|(clue, _)| (clue, 1.0)));
    }
}

/// What the texts above and below say of themselves.
pub(super) fn around(page: &Page<'_>, site: &mut Site) {
    use Clue as C;
    use Feature as F;
    let Range { start, end } = site.lines;
    let (above, from) = (page.article_above(start)..start, site.sort.text(&site.lines));
    let next = page.next_article(end);
    let closes = |at: usize| page.has(at, &[F::Credit, F::CreditAtEnd, F::Source, F::Signature, F::AuthorNote]);
    let closed = |at: usize| closes(at) || at + 1 < next && page.has(at + 1, &[F::PrevClosed]);
    let closed_below = (from.max(next.saturating_sub(2))..next).any(closed);
    let byline = site.sort == Sort::Heading && (end..end + 2).any(|at| page.has(at, &[F::Byline, F::BareName]));
    let lead = (from..from + 2).find(|at| page.has(*at, &[F::Lead]));
    let (signed, opened) = (page.signs(above.clone()), page.opening_above(start));
    let picture = page.roles[above.start].0 == Role::Caption || page.credits(above.clone()) > 0;
    site.add([
        (C::TwoLines, site.lines.len() == 2),
        (C::ThreeLines, site.lines.len() > 2),
        (C::BylineBelow, byline),
        (C::LeadBelow, lead.is_some()),
        (C::ClosedAbove, closes(start - 1) || page.has(start, &[F::PrevClosed])),
        (C::JumpAbove, page.has(start, &[F::PrevJump])),
        (C::ClosedBelow, closed_below),
        (C::SignedAbove, signed),
        (C::SignedAboveOnly, signed && !byline && lead.is_none() && !closed_below),
        (C::SignedNowhere, !signed && !byline && lead.is_none()),
        (C::Introduces, page.lines[start].text.ends_with('—')),
        (C::OpenedAbove, opened.is_some()),
        (C::OneParagraphAbove, page.paragraphs(above.clone()) == 1),
        (C::PictureAbove, picture),
    ]);
    let dateline = |at: usize| page.lines[at].lead().map(|lead| (&lead.place, lead.month, lead.day));
    if let (Some(opened), Some(lead)) = (opened, lead) {
        let same = dateline(opened) == dateline(lead);
        site.add([(C::SameDateline, same), (C::OtherDateline, !same)]);
    }
    for (characters, clues) in [
        (page.characters(above), [C::Above80, C::Above200, C::Above400, C::Above800, C::Above1600]),
        (page.characters(from..next), [C::Below80, C::Below200, C::Below400, C::Below800, C::Below1600]),
        (page.characters(from..page.next_heading(end)), [C::Next80, C::Next200, C::Next400, C::Next800, C::Next1600]),
    ] {
        site.add(STEPS.iter().zip(clues).map(|(step, clue)| (clue, characters > *step)));
    }
}

/// What the headings around say.
pub(super) fn headings(page: &Page<'_>, site: &mut Site) {
    use Clue as C;
    let Range { start, end } = site.lines;
    let (above, heading) = (page.article_above(start), site.sort == Sort::Heading);
    let (width, signed) = (page.lines[end - 1].width, page.is_signed(end));
    let before = page.headings.partition_point(|heading| heading.end <= start);
    let own = page.headings[..before]
        .iter()
        .rev()
        .take_while(|heading| heading.start >= above && !page.begins[heading.start]);
    let subheads: Vec<usize> = own.take(LOOKED_AT).map(|heading| page.lines[heading.end - 1].width).collect();
    let like = |most: usize| subheads.iter().any(|other| other.abs_diff(width) <= most);
    let lines = page.heading_at(above).cloned().into_iter().flatten();
    let widest = lines.map(|at| page.lines[at].width).max().unwrap_or(0);
    let after = before + usize::from(heading);
    let twin = |other: Option<&Range<usize>>| {
        other.is_some_and(|other| {
            let first = &page.lines[other.start];
            let alike = other.len() == site.lines.len() && first.width.abs_diff(page.lines[start].width) <= ALIKE;
            alike && !first.opens_page && !page.is_signed(other.end)
        })
    };
    let twin =
        twin(page.headings.get(after)) || twin(before.checked_sub(1).and_then(|before| page.headings.get(before)));
    site.add([
        (C::OneSubhead, subheads.len() == 1),
        (C::Subheads, subheads.len() > 1),
        (C::LikeSubheads, like(ALIKE)),
        (C::UnlikeSubheads, !subheads.is_empty() && !like(UNLIKE)),
        (C::Headed, widest > 0),
        (C::NarrowerThanHead, width * 4 < widest * 3),
        (C::WiderThanHead, widest > 0 && width * 5 > widest * 6),
        (C::TwinHeading, heading && !signed && twin),
    ]);
    let unsigned = |heading: &&Range<usize>| !page.lines[heading.start].opens_page && !page.is_signed(heading.end);
    let next = page.headings[after..].iter().take(2).take_while(unsigned).count();
    let (heads, others) = (page.heads, page.heads.0 - usize::from(heading && page.begins[start]));
    let habit = if heading && signed { 0.5 } else { (heads.1 as f32 + 0.5) / (others as f32 + 1.0) };
    site.clues.extend([(C::UnsignedNext, next as f32), (C::Habit, habit)]);
}

/// The pairs of characters of the texts on both sides of a place, those above gathered as the places are passed.
pub(super) struct Words<'p, 'a> {
    page: &'p Page<'a>,
    content: &'p Content,
    /// The lines above that were read.
    read: Range<usize>,
    above: Pairs,
    below: Pairs,
    head: Pairs,
}

/// Lines below a place where a text without a heading may begin that are compared with the text above.
const STRAY: usize = 24;

/// Shares of common pairs below which texts have nothing or little in common, and above which much.
const NOTHING: f32 = 0.02;
const LITTLE: f32 = 0.05;
const MUCH: f32 = 0.12;

impl<'p, 'a> Words<'p, 'a> {
    pub fn of(page: &'p Page<'a>, content: &'p Content) -> Self {
        let none = || Pairs::new(content);
        Self { page, content, read: 0..0, above: none(), below: none(), head: none() }
    }

    /// What the texts above and below have in common.
    pub fn compare(&mut self, site: &mut Site) {
        use Clue as C;
        let (page, start) = (self.page, site.lines.start);
        let article = page.article_above(start);
        if article != self.read.start || self.read.is_empty() {
            self.read = article..article;
            self.above.clear();
            self.head.clear();
            let head = page.heading_at(article).cloned().into_iter().flatten();
            head.for_each(|at| self.head.add(self.content.of_line(at)));
        }
        let above = (self.read.end..start).filter(|at| page.is_text(*at));
        above.for_each(|at| self.above.add(self.content.of_line(at)));
        self.read.end = start;
        self.below.clear();
        let below = (site.sort.text(&site.lines)..page.next_heading(site.lines.end)).filter(|at| page.is_text(*at));
        // Strays may begin at any line: of what stands below no more is read than tells.
        let most = if site.sort == Sort::Stray { STRAY } else { usize::MAX };
        below.take(most).for_each(|at| self.below.add(self.content.of_line(at)));
        let fewer = self.above.count().min(self.below.count()).max(1);
        let share = self.below.common(&self.above) as f32 / fewer as f32;
        let echoes = self.head.common(&self.below);
        site.clues.extend([(C::Shared, share), (C::EchoesHead, echoes.min(3) as f32)]);
        site.add([
            (C::SharesNothing, share < NOTHING),
            (C::SharesLittle, (NOTHING..LITTLE).contains(&share)),
            (C::SharesMuch, share > MUCH),
        ]);
    }
}
