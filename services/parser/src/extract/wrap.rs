//! Hard line ends undone: lines that a column's edge broke become paragraphs again, with or without blank lines between
//! paragraphs, and over a page number that stands in their midst.

mod setting;

use setting::{INDENT, Setting, is_plain, is_torn, setting};

use super::columns::SLACK;
use super::grammar::{byline, credit, jump, marks, masthead, needs};
use super::lines::Line;
use super::signs::Signs;
use super::text::{ends_sentence, is_alphanumeric, is_blank, is_comma, parts};

/// Widest bracket, in half-width columns, that only names who wrote.
const SIGNED: usize = 12;
/// Fewest lines that show that a blank line stands between all of them.
pub(super) const SPACED: usize = 20;

/// Joins the lines of paragraphs that were set in a column and kept its line ends.
pub(crate) fn unwrap(lines: Vec<Line>) -> Vec<Line> {
    let mut lines = lines;
    lines.iter_mut().for_each(|line| line.folio = is_number(&line.text));
    let gaps: Vec<(u32, u16)> = lines.iter().map(|line| (line.first, line.gap)).collect();
    close_up(&mut lines);
    let set = setting(&lines);
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    // Whether the last paragraph may go on, and with which line of the file it ends.
    let (mut open, mut end) = (false, 0);
    // Page numbers read since.
    let mut held: Vec<Line> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if open && line.folio && !line.feed {
            held.push(line.clone());
            continue;
        }
        // A bracket goes on in the next line, however narrow its own is.
        let closes = open_bracket(lines.get(end).filter(|_| end + 1 == at), line);
        let joins = closes || open && set.goes_on(&lines, end, at, !held.is_empty());
        match out.last_mut() {
            Some(last) if joins => last.append(line),
            _ => {
                out.extend(held.drain(..).map(alone));
                out.push(alone(line.clone()));
            }
        }
        open = set.is_full(&lines, at, !joins);
        if let Some(last) = out.last_mut() {
            last.short = set.is_short(at) && last.first == last.last && !needs::jump(last.signs);
        }
        if !open {
            out.append(&mut held);
        }
        end = at;
    }
    out.append(&mut held);
    for line in &mut out {
        line.gap = gaps.binary_search_by_key(&line.first, |(first, _)| *first).map_or(line.gap, |at| gaps[at].1);
    }
    out
}

/// Takes the blank lines away that a recogniser put between all lines: one more than these parts paragraphs.
fn close_up(lines: &mut [Line]) {
    let apart = lines.iter().filter(|line| line.gap > 0).count();
    if lines.len() >= SPACED && apart * 20 >= lines.len() * 19 {
        lines.iter_mut().for_each(|line| line.gap = line.gap.saturating_sub(1));
    }
}

/// A number between paragraphs is the page's; a letter with it names the page.
fn alone(mut line: Line) -> Line {
    line.folio = line.folio && line.text.starts_with(|c: char| c.is_ascii_digit());
    line
}

/// Whether a blank parts words; beside a figure, a Latin word or a single character it says nothing, nor behind a source:
/// 据市气象局消息 明天有雨.
fn is_parted(text: &str) -> bool {
    let parts: Vec<&str> = parts(text).collect();
    let whence = |part: &str| part.starts_with('据') && (part.ends_with("消息") || part.ends_with("报道"));
    let word = |part: &str| part.chars().nth(1).is_some();
    let plain = |c: char| c.is_ascii_alphanumeric();
    parts.iter().zip(parts.iter().skip(1)).enumerate().any(|(at, (before, behind))| {
        word(before)
            && word(behind)
            && !before.ends_with(plain)
            && !behind.starts_with(plain)
            && !(at == 0 && whence(before))
    })
}

/// Whether one blank between characters parts a line that ends no sentence.
fn parts_halves(line: &Line) -> bool {
    let mut parts = parts(&line.text);
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let whole = |part: &str| part.chars().count() >= 4;
    let han = first.ends_with(is_alphanumeric) && second.starts_with(|c| is_alphanumeric(c) || matches!(c, '“' | '"'));
    whole(first) && whole(second) && han && !line.signs.any(Signs::STOP) && !ends_sentence(&line.text)
}

/// Nothing but a page number: 14, A5, - 3 -, 第7页.
fn is_number(text: &str) -> bool {
    let bare = |c: char| is_blank(c) || matches!(c, '-' | '—' | '–' | '·' | '第' | '页' | '頁');
    let text = text.trim_matches(bare);
    let digits = text.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(text);
    (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

impl Setting {
    fn is_fixed(&self, lines: &[Line], at: usize) -> bool {
        *self.fixed[at].get_or_init(|| is_fixed(&lines[at]))
    }

    /// Whether a line reaches its column's edge, so that its paragraph may go on in the next line.
    fn is_full(&self, lines: &[Line], at: usize, fresh: bool) -> bool {
        self.reaches_edge(lines, at, fresh) && !self.is_fixed(lines, at)
    }

    fn reaches_edge(&self, lines: &[Line], at: usize, fresh: bool) -> bool {
        let Some(column) = self.column[at] else { return false };
        let line = &lines[at];
        // Who photographed ends a picture's text.
        let credited = line.text.ends_with(['摄', '攝'])
            && (self.width[at] + SLACK * 2 <= column || credit::tail(&line.text).is_some());
        if !is_plain(line) || self.width[at] > column + SLACK || credited {
            return false;
        }
        // A figure or a Latin word goes to the next line whole.
        let word = lines
            .get(at + 1)
            .map_or(0, |next| next.text.chars().take_while(|c| c.is_ascii_graphic() && *c != ',' && *c != '(').count());
        let word = if word > 2 && self.width[at] * 3 >= column * 2 { word } else { 0 };
        let mut reach = self.width[at] + SLACK + word;
        let next = lines.get(at + 1).filter(|next| !next.feed);
        if !fresh && is_torn(line) && next.is_some_and(|next| next.gap > 0 || next.folio) {
            return true;
        }
        let parted = line.signs.any(Signs::BLANK)
            && !line.signs.any(Signs::PROSE)
            && is_parted(&line.text)
            && (!line.signs.any(Signs::BRACKET) || !line.text.contains(['（', '(']));
        // 市民的一天 从渡口开始，到桥头结束: blanks that no other line has part the halves of a heading.
        let parted = parted || line.gap > 0 && self.tight && parts_halves(line);
        // 本报讯 通讯员陈小禾 记者叶茂 / 林报道: who reports is told at the text's beginning, blanks and all.
        let parted = parted && !names_itself(line) && !self.begins_paragraph(lines, at);
        // 关于封闭施工的通告, above its terms.
        let notice = || line.gap > 0 && marks::may_head_notice(&line.text) && marks::heads_notice(&line.text);
        if fresh && (parted || stands_alone(lines, at) || notice() || self.heads(lines, at)) {
            return false;
        }
        // A line alone before a blank one is no paragraph's first.
        let indent = fresh && self.lost_indents && next.is_some_and(|next| next.gap == 0);
        // Below a label or a heading a line that stays behind the edge is no paragraph's first.
        let headed = || {
            !line.signs.any(Signs::PROSE)
                && at.checked_sub(1).is_some_and(|before| self.is_short(before) && is_torn(&lines[before]))
        };
        if is_torn(line) {
            reach += if fresh && !indent && line.gap == 0 && headed() { 0 } else { 2 };
            if indent {
                reach += INDENT;
            }
        } else if indent {
            reach += INDENT - 1;
        }
        reach >= column
    }

    /// Whether a line that a paragraph might begin with is a heading's: not set in where paragraphs are, or alone between
    /// blank lines, above another that ends no sentence.
    fn heads(&self, lines: &[Line], at: usize) -> bool {
        let (Some(column), Some(next)) = (self.column[at], lines.get(at + 1)) else { return false };
        let quiet = |line: &Line| !line.signs.any(Signs::STOP) && !ends_sentence(&line.text) && is_plain(line);
        if next.feed || !quiet(&lines[at]) || !quiet(next) || self.indented[at] || self.indented[at + 1] {
            return false;
        }
        let ended = |before: usize| ends_sentence(&lines[before].text) || self.width[before] + SLACK * 2 <= column;
        let fresh = lines[at].gap > 0 || at.checked_sub(1).is_none_or(ended);
        let short = self.width[at + 1] + SLACK <= column && !next.text.ends_with(is_comma);
        let below = lines.get(at + 2);
        let ends = below.is_none_or(|below| below.gap > 0 || self.indented[at + 2] || self.is_fixed(lines, at + 2));
        let gaps = (lines[at].gap > 0, next.gap > 0);
        // Two lines between blank ones, or above who wrote, of which the second breaks off: no paragraph does.
        let enclosed = gaps.0 && below.is_some_and(|below| below.gap > 0 || self.is_fixed(lines, at + 2));
        fresh && short && ends && (gaps == (true, true) || enclosed || self.indents && gaps.0 == gaps.1)
    }

    /// Whether a line is set in as the first of a paragraph, and the next is not.
    fn begins_paragraph(&self, lines: &[Line], at: usize) -> bool {
        let next = lines.get(at + 1).filter(|next| next.gap == 0 && !next.feed);
        self.indents && self.indented[at] && next.is_some() && !self.indented[at + 1]
    }

    /// Whether another text begins right below a line: a paragraph set in, or a report that names its paper.
    fn stands_above(&self, lines: &[Line], at: usize) -> bool {
        let Some(next) = lines.get(at + 1).filter(|next| !next.feed) else { return false };
        !self.indented[at] && (self.indents && self.indented[at + 1] || names_itself(next))
    }

    /// Whether who wrote stands in a line of its own only because the line before it had no room left: （陈小禾）.
    fn had_no_room(&self, lines: &[Line], before: usize, at: usize) -> bool {
        let named = |text: &str| text.starts_with(['（', '(']) && byline::tail(&format!("。{text}")).is_some();
        self.column[before].is_some_and(|column| self.width[before] + lines[at].width > column)
            && lines[at].width <= SIGNED
            && ends_sentence(&lines[before].text)
            && named(&lines[at].text)
    }

    /// Whether a line stays far behind its column's edge.
    fn is_short(&self, at: usize) -> bool {
        self.column[at].is_some_and(|column| self.width[at] + SLACK * 2 <= column)
    }

    /// Whether a line goes on with the paragraph whose last line is `before`.
    fn goes_on(&self, lines: &[Line], before: usize, at: usize, numbered: bool) -> bool {
        let (line, last) = (&lines[at], &lines[before]);
        let Some(column) = self.column[before].or(self.column[at]) else { return false };
        if line.feed || !is_plain(line) || begins_item(&line.text) || self.width[at] > column + SLACK {
            return false;
        }
        if line.gap == 0 && self.had_no_room(lines, before, at) {
            return true;
        }
        let unmarked = |last: &Line| {
            !last.signs.any(Signs::PROSE) || !last.text.contains(['，', '。', '、', '；', '：', ',', ';'])
        };
        // 总投资61亿元的云江大桥 / 6月30日开工: below its heading a report's first line reaches the very edge.
        let begun =
            || before > 0 && self.width[before] + 1 >= column && !lines[before - 1].feed && self.is_short(before - 1);
        if needs::credit_tail(last.signs) && credit::tail(&last.text).is_some()
            || opens_news(&line.text) && unmarked(last) && !begun()
            || names_itself(line) && !last.text.ends_with(['据', '據'])
            || self.is_fixed(lines, at)
        {
            return false;
        }
        let ended = ends_sentence(&last.text);
        // （本报云城1月8日电）, （综合本报记者…报道）: nothing goes on with what closes a text.
        let closed = last.text.ends_with(['）', ')']) && !last.text.contains(['（', '(']) && self.is_short(before);
        if closed || marks::is_bracketed(&last.text) || ended && marks::is_bracketed(&line.text) {
            return false;
        }
        if (ended || !line.signs.any(Signs::PROSE)) && !ends_sentence(&line.text) && self.stands_above(lines, at) {
            return !ended && crate::dictionary::word_goes_on(&last.text, &line.text);
        }
        if ended && marks::begins_with_day(&line.text) && begins_caption(lines, at) {
            return false;
        }
        if self.indented[at] && (self.indents || ended) {
            return false;
        }
        if marks::clause(&line.text) > 0 && (ended || marks::clause(&last.text) > 0) {
            return false;
        }
        let closes = ends_sentence(&line.text) || line.signs.any(Signs::STOP);
        if line.gap > 0 || numbered {
            let unfinished = !ended && !last.text.ends_with([':', '：', '；', ';', '—']);
            return unfinished && (self.is_full(lines, at, true) || closes) && !opens_report(line);
        }
        let full = self.is_full(lines, at, false);
        if ended {
            // The first line of the next paragraph is two characters short where indents were lost.
            let first = !self.indents && self.width[at] + INDENT / 2 < column && is_torn(line) && full;
            return (full && !first || closes) && !opens_report(line);
        }
        if last.text.ends_with([':', '：']) {
            return full || closes;
        }
        // A short line after a broken one is the last of its column, or the heading of something else.
        let cuts_word = || crate::dictionary::word_goes_on(&last.text, &line.text);
        let last_of_column = lines.get(at + 1).is_none_or(|next| next.gap > 0 || next.folio || next.feed)
            || lines.get(at + 1).is_some_and(|next| needs::jump(next.signs) && jump::whole(&next.text).is_some());
        full || closes
            || line.signs.any(Signs::PROSE)
            || last_of_column
            || self.width[at] * 3 >= column * 2
            || cuts_word()
    }
}

/// Whether a line above a blank one has neither stops nor commas, as a heading.
fn stands_alone(lines: &[Line], at: usize) -> bool {
    let clauses = lines[at].signs.any(Signs::INNER.and(Signs::COMMA));
    !clauses && lines.get(at + 1).filter(|next| !next.feed).is_none_or(|next| next.gap > 0)
}

/// Whether a line goes on with the bracket that the line right before it has left open.
fn open_bracket(last: Option<&Line>, line: &Line) -> bool {
    let plain = line.gap == 0 && !line.feed && is_plain(line) && !begins_item(&line.text);
    plain && last.is_some_and(|last| is_plain(last) && closes_bracket(&last.text, &line.text))
}

/// Most characters of a bracket's rest, and bytes of its beginning.
const REST: usize = 12;
const BEGUN: usize = 60;

/// Whether a line closes the bracket that the line before it has opened near its end: who wrote or photographed; or says what he did.
fn closes_bracket(before: &str, text: &str) -> bool {
    let first = |c: char| matches!(c, '（' | '(' | '）' | ')');
    let closes = text.chars().take(REST).find(|c| first(*c)).is_some_and(|c| matches!(c, '）' | ')'));
    let opened = || before.rfind(first).filter(|at| before.len() - at <= BEGUN);
    let done = matches!(text, "摄" | "攝") && !ends_sentence(before);
    done || closes && opened().is_some_and(|at| before[at..].starts_with(['（', '(']))
}

fn opens_report(line: &Line) -> bool {
    line.text.starts_with(['【', '〔']) || line.lead().is_some()
}

/// Begins with the paper's or the agency's own name: 本报讯, 新华社北京1月2日电.
fn names_itself(line: &Line) -> bool {
    !line.text.starts_with(['（', '(']) && opens_report(line)
}

/// Begins as the first sentence of a report does.
fn opens_news(text: &str) -> bool {
    ["日前", "近日", "昨日", "昨天", "连日来"].iter().any(|word| text.starts_with(word))
        || marks::begins_with_day(text) && marks::names_day_of_month(text.get(..24).unwrap_or(text))
}

/// Lines of a caption at most.
const CAPTION: usize = 6;

/// Whether who photographed is named within a few lines.
pub(super) fn begins_caption(lines: &[Line], at: usize) -> bool {
    lines[at..].iter().take(CAPTION).enumerate().take_while(|(i, line)| *i == 0 || line.gap == 0).any(|(_, line)| {
        let text = line.text.as_str();
        needs::credit(line.signs) && (credit::tail(text).is_some_and(|(at, _)| at > 0) || line.credit().is_some())
    })
}

/// Begins an item of a list, or a question or an answer.
fn begins_item(text: &str) -> bool {
    text.starts_with(['●', '■', '□', '▲', '◆', '◇', '★', '☆', '▶', '►', '◎', '○', '△', '▼', '▽', '※', '◀'])
        || text.starts_with("——")
}

/// One of the lines that stand for themselves.
fn is_fixed(line: &Line) -> bool {
    let text = line.text.as_str();
    line.byline().is_some()
        || line.credit().is_some()
        || needs::jump(line.signs) && jump::whole(text).is_some()
        || !text.contains(['，', '。']) && masthead::furniture(text, line.signs, line.width) == 2
}

#[cfg(test)]
mod tests;
