//! What the lines of a file say of the columns they were set in.

use std::cell::OnceCell;

use crate::extract::columns::{COLUMN, SLACK, Window};
use crate::extract::grammar::marks;
use crate::extract::lines::Line;
use crate::extract::signs::Signs;
use crate::extract::text::{ends_sentence, is_alphanumeric};

use super::begins_caption;

/// The two characters by which a paragraph's first line is shorter where the indent was lost.
pub(super) const INDENT: usize = 4;
/// Lines on either side of a line that say how wide its column is.
const WINDOW: usize = 9;

/// What the page's lines say of the columns they were set in.
pub(super) struct Setting {
    /// The column's width around each line, where there is one.
    pub column: Vec<Option<usize>>,
    /// Each line's own width, its indent within the column included.
    pub width: Vec<usize>,
    /// Whether each line is set in from its column's edge.
    pub indented: Vec<bool>,
    /// Whether paragraphs of this file are set in at all.
    pub indents: bool,
    /// Whether the first line of a paragraph may be shorter by its indent, which was lost.
    pub lost_indents: bool,
    /// Whether hardly a line of running text has blanks inside.
    pub tight: bool,
    /// Whether each line stands for itself, where it was asked.
    pub fixed: Vec<OnceCell<bool>>,
}

/// Ends in a plain character, as most lines do that a column's edge broke.
pub(super) fn is_torn(line: &Line) -> bool {
    line.text.chars().next_back().is_some_and(is_alphanumeric)
}

/// Can be a line of a paragraph by its marks alone.
pub(super) fn is_plain(line: &Line) -> bool {
    line.heading == 0 && !line.bold && !line.vertical && !line.row && !line.folio
}

/// Looks at all lines.
pub(super) fn setting(lines: &[Line]) -> Setting {
    let prose: Vec<bool> = lines.iter().map(|line| line.width >= 16 && line.signs.any(Signs::PROSE)).collect();
    let torn: Vec<bool> = lines.iter().map(|line| is_plain(line) && is_torn(line)).collect();
    // The smallest indent near a line that others share is its column's left edge.
    let edge = |at: usize| {
        let own = lines[at].indent;
        // Of a line that is not set in nothing is asked.
        if own == 0 {
            return own;
        }
        let near = at.saturating_sub(WINDOW)..lines.len().min(at + WINDOW + 1);
        let least = own.saturating_sub(6);
        let (mut once, mut twice) = (0u8, 0u8);
        for i in near.filter(|i| prose[*i] && (least..own).contains(&lines[*i].indent)) {
            let indent = 1 << (lines[i].indent - least);
            twice |= once & indent;
            once |= indent;
        }
        if twice == 0 { own } else { least + u16::try_from(twice.trailing_zeros()).unwrap_or(0) }
    };
    let edges: Vec<u16> = (0..lines.len()).map(edge).collect();
    let indented: Vec<bool> = (0..lines.len()).map(|at| lines[at].indent >= edges[at] + 2).collect();
    let width: Vec<usize> =
        (0..lines.len()).map(|at| lines[at].width + if indented[at] { INDENT } else { 0 }).collect();
    let plain = |(line, width): (&Line, &usize)| COLUMN.contains(width) && is_plain(line);
    let plain: Vec<bool> = lines.iter().zip(&width).map(plain).collect();
    let mut window = Window::default();
    for (at, line) in lines.iter().enumerate().take(WINDOW).filter(|(at, _)| plain[*at]) {
        window.add(at, line, width[at], torn[at]);
    }
    let column = |at: usize| {
        if let Some(line) = lines.get(at + WINDOW).filter(|_| plain[at + WINDOW]) {
            window.add(at + WINDOW, line, width[at + WINDOW], torn[at + WINDOW]);
        }
        if let Some(gone) = at.checked_sub(WINDOW + 1).filter(|gone| plain[*gone]) {
            window.drop(gone, width[gone]);
        }
        window.column()
    };
    let mut columns: Vec<Option<usize>> = (0..lines.len()).map(column).collect();
    // A short report of two lines stands in the same column as the text around it.
    let mut usual = columns.iter().flatten().copied().collect::<Vec<_>>();
    usual.sort_unstable();
    if usual.len() * 2 > lines.len() {
        let middle = usual[usual.len() / 2];
        columns.iter_mut().for_each(|column| *column = column.or(Some(middle)));
    }
    inset(lines, &width, &torn, &mut columns);
    let indents = (0..lines.len()).filter(|at| indented[*at] && columns[*at].is_some()).count() >= 3;
    let prose: Vec<&Line> =
        lines.iter().filter(|line| line.width >= 16 && line.signs.any(Signs::STOP.and(Signs::COMMA))).collect();
    let tight = prose.iter().filter(|line| line.signs.any(Signs::BLANK)).count() * 8 < prose.len();
    let lost_indents = !indents && loses_indents(lines, &columns, &width);
    let fixed = vec![OnceCell::new(); lines.len()];
    Setting { column: columns, width, indented, indents, lost_indents, tight, fixed }
}

/// Narrowest line of an inset, fewest full ones of it, and by how much it is narrower than the column around it.
const INSET: (usize, usize, usize) = (16, 2, 8);

/// A picture's text that was set narrower than the column around it: lines of one width, broken off, and the shorter last one.
fn inset(lines: &[Line], width: &[usize], torn: &[bool], columns: &mut [Option<usize>]) {
    let (narrowest, fewest, by) = INSET;
    let mut at = 0;
    while at < lines.len() {
        let own = width[at];
        let same = |i: usize| {
            i == at || lines[i].gap == 0 && !lines[i].feed && width[i].abs_diff(own) <= 2 && is_plain(&lines[i])
        };
        let end = (at..lines.len()).find(|i| !same(*i)).unwrap_or(lines.len());
        let last = lines.get(end).filter(|last| last.gap == 0 && width[end] < own && ends_sentence(&last.text));
        let narrow = own >= narrowest && columns[at].is_some_and(|column| own + by <= column);
        let run = at..end + usize::from(last.is_some());
        let prose =
            lines[run.clone()].iter().any(|line| line.signs.any(Signs::PROSE) && line.text.contains(['，', '。', ',']));
        let broken = run.clone().take(run.len() - 1).filter(|i| torn[*i]).count();
        let dated = || marks::begins_with_day(&lines[at].text);
        // Two lines of a picture's text that has another paragraph, and who photographed below.
        let short = run.len() == fewest && broken + 1 == fewest && last.is_some();
        let long = run.len() > fewest && broken >= fewest;
        let credited = || begins_caption(lines, at);
        if narrow && prose && (long && (dated() || credited()) || short && dated() && credited()) {
            let edge = width[at..end].iter().copied().max();
            columns[run].iter_mut().for_each(|column| *column = edge);
        }
        at = end.max(at + 1);
    }
}

/// Fewest paragraphs whose first lines reach their column's edge that show that none is set in.
const FLUSH: usize = 4;

/// Whether the first lines of paragraphs are shorter than their column by an indent that was lost; so, too, where too few
/// tell.
fn loses_indents(lines: &[Line], columns: &[Option<usize>], width: &[usize]) -> bool {
    let (mut full, mut short) = (0, 0);
    for at in 1..lines.len() {
        let (Some(column), before) = (columns[at], &lines[at - 1]) else { continue };
        let ended = ends_sentence(&before.text) && width[at - 1] + SLACK * 2 <= column;
        let goes_on = lines.get(at + 1).is_some_and(|next| next.gap == 0 && !next.feed);
        if ended && goes_on && is_plain(&lines[at]) {
            full += usize::from(width[at] + 1 >= column && width[at] <= column);
            let less = (INDENT - 1..=INDENT + 2).contains(&column.saturating_sub(width[at]));
            short += usize::from(less && is_torn(&lines[at]));
        }
    }
    full < FLUSH || full < short * 2
}
