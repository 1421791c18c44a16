//! Columns that were not read one after the other: two articles read one into the other, and what goes on overleaf.

use crate::chance::Chance;
use crate::story::{Kind, Piece, Signature, Story};
use crate::style::{Flow, Gaps, Style};
use crate::typeset::{Heading, Line, Tag, set};

/// Fewest paragraphs on either side of a jump.
const SIDE: usize = 2;

/// Moves the rest of an article, from the middle of a sentence on, below the next article. Returns the article.
pub fn interleave(
    blocks: &mut Vec<Vec<Line>>,
    stories: &[Story],
    headings: &[Heading],
    style: &Style,
    chance: &mut Chance,
) -> Option<usize> {
    let report = |at: usize| matches!(stories[at].kind, Kind::Report | Kind::Feature) && stories[at].jump.is_none();
    let plain = |at: usize| report(at) && headings[at] == Heading::Above && stories[at].source.is_none();
    let open = |at: usize| !matches!(stories[at].signature, Signature::End(_));
    let spots: Vec<usize> =
        (0..stories.len().saturating_sub(1)).filter(|at| plain(*at) && open(*at) && plain(at + 1)).collect();
    let at = *spots.get(chance.between(0, spots.len().saturating_sub(1)))?;
    let block = &mut blocks[at];
    let (line, cut) = inside(block, style, chance)?;
    let mut rest = block.split_off(line + 1);
    if let Some(cut) = cut {
        let tail = block[line].text.split_off(cut);
        rest.insert(0, Line { torn: true, text: tail, ..block[line].clone() });
    } else if let Some(first) = rest.first_mut() {
        first.torn = true;
    }
    blocks.insert(at + 2, rest);
    Some(at)
}

/// A line in whose middle, or after which, a sentence of running text is open.
fn inside(block: &[Line], style: &Style, chance: &mut Chance) -> Option<(usize, Option<usize>)> {
    let body = |at: usize| block.get(at).is_some_and(|line| line.tag == Tag::Body && !line.torn);
    let ends = |at: usize| block[at].text.trim_end().ends_with(['。', '！', '？', '”', '；', '：']);
    let first = block.iter().position(|line| line.tag == Tag::Body)? + 1;
    if style.flow == Flow::Hard {
        let indented = |at: usize| block[at].text.starts_with([' ', '\u{3000}']);
        let spots: Vec<usize> = (first..block.len().saturating_sub(2))
            .filter(|at| body(*at) && body(at + 1) && !ends(*at) && !indented(at + 1))
            .collect();
        return Some((*spots.get(chance.between(0, spots.len().saturating_sub(1)))?, None));
    }
    let spots: Vec<(usize, usize)> = (first..block.len().saturating_sub(1))
        .filter(|at| body(*at))
        .filter_map(|at| Some((at, crate::typeset::cut(&block[at].text, chance)?)))
        .collect();
    let (at, cut) = *spots.get(chance.between(0, spots.len().saturating_sub(1)))?;
    Some((at, Some(cut)))
}

/// What of a story goes on overleaf.
#[derive(Debug, Clone)]
pub struct Overleaf {
    /// The story it is the rest of.
    pub story: usize,
    rest: Story,
}

/// Takes the second half of a story that jumps to `page`.
pub fn overleaf(stories: &mut [Story], first: usize, page: u32) -> Option<Overleaf> {
    let long = |story: &Story| story.jump.is_some() && story.body.len() >= 2 * SIDE && story.photographers.is_empty();
    let at = (0..first).find(|at| long(&stories[*at]))?;
    let story = &mut stories[at];
    let mut half = story.body.len().div_ceil(2);
    if matches!(story.body[half - 1], Piece::Subhead(_)) {
        half -= 1;
    }
    let body = story.body.split_off(half);
    story.jump = Some(page);
    let rest = Story {
        body,
        section: None,
        kicker: None,
        deck: None,
        signature: Signature::None,
        source: None,
        jump: None,
        ..story.clone()
    };
    Some(Overleaf { story: at, rest })
}

impl Overleaf {
    /// Its lines: where it comes from, mostly under the headline again.
    pub fn set(&self, page: u32, style: &Style, tear: usize, chance: &mut Chance) -> Vec<Line> {
        let from = Line::new(format!("（上接第{page}版）"), Tag::Other, self.story);
        let blank = || (style.gaps == Gaps::Blocks).then(Line::blank);
        let form = chance.between(0, 2);
        let heading = if form == 0 { Heading::Lost } else { Heading::Above };
        let mut lines = set(&self.rest, self.story, heading, style, tear, chance);
        for line in lines.iter_mut().filter(|line| line.tag == Tag::Head) {
            line.tag = Tag::Other;
        }
        let at = if form == 2 { lines.iter().position(|line| line.tag == Tag::Body).unwrap_or(0) } else { 0 };
        lines.splice(at..at, [Some(from), blank()].into_iter().flatten());
        lines
    }
}
