//! Text to lines: numbered, trimmed, free of Markdown marks, with what their place on the page says of them.

mod bylines;
mod framing;
mod line;
mod verse;

pub(crate) use line::{Line, Own};

use contract::Unplaced;

use super::grammar::{labels, masthead, needs, page};
use super::signs::Signs;
use super::text::{self, is_blank, is_han, is_wide_punctuation, trim};
use super::{tables, wrap};

/// One file of an issue as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// Its text.
    pub text: String,
    /// The page that its name says.
    pub page: Option<u32>,
}

/// Cuts the files of an issue, or its only one, into lines, numbered through, and numbers its pages; what stands in the files
/// and not on their pages comes apart.
pub(crate) fn of_sheets(sheets: &[Sheet]) -> (Vec<Line>, Vec<Unplaced>) {
    let (mut lines, mut framing): (Vec<Line>, Vec<Unplaced>) = (Vec::new(), Vec::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let before = lines.last().map_or(0, |line| line.last);
        let mut more = physical(&sheet.text);
        let mut taken = framing::take(&mut more);
        taken.iter_mut().for_each(|item| item.line += before);
        framing.append(&mut taken);
        for line in &mut more {
            line.first += before;
            line.last += before;
        }
        if let Some(first) = more.first_mut() {
            first.feed |= at > 0;
            first.named = sheet.page;
        }
        lines.append(&mut more);
    }
    (settle(lines), framing)
}

/// Cuts a text into lines and numbers its pages.
#[cfg(test)]
pub(crate) fn split(text: &str) -> Vec<Line> {
    of_sheets(&[Sheet { text: text.to_owned(), page: None }]).0
}

fn settle(mut lines: Vec<Line>) -> Vec<Line> {
    close_letters(&mut lines);
    lines = join_vertical(lines);
    lines = bylines::join(lines);
    tables::mark(&mut lines);
    lines = wrap::unwrap(lines);
    verse::mark(&mut lines);
    number_pages(&mut lines);
    mark_tight(&mut lines);
    lines
}

fn physical(text: &str) -> Vec<Line> {
    // Old files end lines with a carriage return alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let mut lines = Vec::new();
    let (mut gap, mut feed) = (0u16, false);
    let feeds = text.contains('\u{c}');
    for (at, whole) in text.split(end).enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if !feeds {
            match read(whole, number) {
                Some(mut line) => {
                    line.gap = std::mem::take(&mut gap);
                    lines.push(line);
                }
                None => gap = gap.saturating_add(1),
            }
            continue;
        }
        let mut pieces = whole.split('\u{c}').peekable();
        while let Some(piece) = pieces.next() {
            if let Some(mut line) = read(piece, number) {
                line.gap = gap;
                line.feed = feed;
                (gap, feed) = (0, false);
                lines.push(line);
            } else if pieces.peek().is_none() {
                gap = gap.saturating_add(1);
            }
            feed |= pieces.peek().is_some();
        }
    }
    lines
}

/// One line of the file; nothing for a blank one or a rule.
fn read(raw: &str, number: u32) -> Option<Line> {
    let blanks: usize = raw.chars().take_while(|c| is_blank(*c)).map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
    let mut text = trim(raw);
    if text.is_empty() || text.len() >= 3 && text.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | '#')) {
        return None;
    }
    let mut line = Line::at(number, u16::try_from(blanks).unwrap_or(u16::MAX));
    let quoted = text.trim_start_matches('>');
    if quoted.len() < text.len() && quoted.starts_with(is_blank) {
        text = trim(quoted);
    }
    let marks = text.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&marks) {
        let rest = &text[marks..];
        if rest.starts_with(is_blank) || !rest.ends_with('#') {
            line.heading = u8::try_from(marks).unwrap_or(6);
            text = trim(rest);
            if rest.starts_with(is_blank) && text.ends_with(" #") {
                text = trim(text.trim_end_matches('#'));
            }
        }
    } else if let Some(rest) =
        text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).or_else(|| text.strip_prefix("+ "))
    {
        text = trim(rest);
    }
    for mark in ["**", "__", "*"] {
        if let Some(inner) = text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark))
            && !inner.contains(mark)
        {
            line.bold |= mark.len() == 2;
            text = trim(inner);
        }
    }
    line.set(if text.as_bytes().contains(&b'*') && text.contains("**") {
        trim(&text.replace("**", "")).to_owned()
    } else {
        text.to_owned()
    });
    (!line.text.is_empty()).then_some(line)
}

/// Recognisers that put a blank between all characters of a page, and headings that are set so.
fn close_letters(lines: &mut [Line]) {
    let is_parted = |line: &&Line| line.signs.any(Signs::BLANK);
    let parted: Vec<&str> = lines.iter().filter(is_parted).map(|line| line.text.as_str()).collect();
    let whole: Vec<&str> = lines.iter().filter(|line| !is_parted(line)).map(|line| line.text.as_str()).collect();
    let page = text::is_spaced_out(&parted, &whole);
    let apart = |line: &&mut Line| page || line.signs.any(Signs::BLANK) && is_letter_spaced(&line.text);
    lines.iter_mut().filter(apart).for_each(|line| line.set(text::close_letters(&line.text)));
}

/// Fewest characters of a heading that is known to be letter-spaced; names and labels have fewer.
const LETTERS: usize = 5;

/// Whether blanks part all characters of a line; its figures and marks may stand together.
fn is_letter_spaced(text: &str) -> bool {
    let mut letters = 0;
    let apart = text::parts(text).all(|part| {
        let han = part.chars().filter(|c| is_han(*c)).count();
        letters += han;
        han == 1 && !part.contains(|c: char| c.is_ascii_alphanumeric())
            || han == 0 && (part.chars().nth(1).is_none() || part.bytes().all(|b| b.is_ascii_digit()))
    });
    apart && letters >= LETTERS
}

/// How many characters that are not blank a line has, counted no further than needed.
fn length(line: &Line, most: usize) -> usize {
    line.text.chars().filter(|c| !is_blank(*c)).take(most).count()
}

/// Most lines of a vertical headline.
const TALLEST: usize = 48;

/// Characters that stand one to a line are a vertical headline.
fn join_vertical(mut lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let stands =
            |c: char| is_han(c) || is_wide_punctuation(c) || c.is_ascii_alphanumeric() || "\"',.:;?!()".contains(c);
        let single = |line: &Line| length(line, 3) == 1 && line.text.chars().any(stands);
        let nearly = |line: &Line| length(line, 3) <= 2 && line.text.chars().all(|c| stands(c) || c.is_alphanumeric());
        // Where no blank lines part the characters, one parts two headlines.
        let close = lines[at + 1..].iter().take(2).all(|line| line.gap == 0);
        let end = (at + 1..lines.len().min(at + TALLEST))
            .find(|i| {
                !nearly(&lines[*i])
                    || lines[*i].feed
                    || lines[*i].gap > if close { 0 } else { lines[at + 1].gap.max(1) }
            })
            .unwrap_or(lines.len().min(at + TALLEST));
        let run = &lines[at..end];
        // 文教 above a vertical headline labels it.
        let label =
            |line: &Line| !single(line) && (page::is_page_name(&line.text) || labels::score(&line.text) >= Some(0.0));
        if run.len() > 3 && label(&run[0]) && run[1..].iter().all(single) {
            out.push(std::mem::take(&mut lines[at]));
            at += 1;
            continue;
        }
        let singles = run.iter().filter(|line| single(line)).count();
        if run.len() >= 3 && nearly(&run[0]) && singles * 4 >= run.len() * 3 {
            let mut joined = run[0].clone();
            joined.set(run.iter().map(|line| line.text.as_str()).collect());
            joined.last = run[run.len() - 1].last;
            joined.vertical = true;
            out.push(joined);
            at = end;
        } else {
            out.push(std::mem::take(&mut lines[at]));
            at += 1;
        }
    }
    out
}

/// In a file whose lines blank ones part, two lines without one between belong together.
fn mark_tight(lines: &mut [Line]) {
    let apart = lines.iter().skip(1).filter(|line| line.gap > 0).count();
    if apart * 3 >= lines.len() * 2 {
        lines.iter_mut().skip(1).for_each(|line| line.tight = line.gap == 0 && !line.opens_page);
    }
}

/// Lines of a file among which its page's own heading stands.
const FILE_HEAD: usize = 4;

/// Page headings, names of files and form feeds number the lines after them.
fn number_pages(lines: &mut [Line]) {
    let may = |line: &Line| !line.folio && needs::page_mark(line.signs);
    let mark = |line: &Line| may(line).then(|| page::page_mark(&line.text)).flatten();
    let mut marks: Vec<Option<u32>> = lines.iter().map(mark).collect();
    // Below the title of the file's page stands its number with any name.
    if marks.iter().take(FILE_HEAD).all(Option::is_none)
        && let Some((at, page)) =
            (1..lines.len().min(FILE_HEAD)).find_map(|at| Some((at, page::numbered(&lines[at].text)?)))
        && lines[..at].iter().any(|line| masthead::furniture(&line.text, line.signs, line.width) == 2)
    {
        marks[at] = Some(page);
    }
    let first = marks.iter().flatten().next().copied();
    let feeds = lines.iter().any(|line| line.feed);
    // What stands before the heading of page 2 is page 1.
    let mut page = match first {
        Some(n) if n > 1 && marks.iter().position(Option::is_some).is_some_and(|at| at > 3) => Some(n - 1),
        Some(1) | None if feeds => Some(1),
        Some(1) => Some(1),
        _ => None,
    };
    let mut opens = true;
    for at in 0..lines.len() {
        let mark = marks[at];
        // The page's own heading knows better than its file's name.
        let own = || marks[at..marks.len().min(at + FILE_HEAD)].iter().any(Option::is_some);
        let named = lines[at].named.filter(|_| !own());
        let line = &mut lines[at];
        if line.feed {
            page = page.map(|page| page + 1);
            opens = true;
        }
        page = named.or(page);
        if let Some(mark) = mark {
            opens |= page != Some(mark);
            page = Some(mark);
        }
        line.mark = (!line.folio).then_some(mark);
        line.page = page;
        line.opens_page = opens;
        opens = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        split(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn markdown_marks_become_features_and_leave_the_text() {
        let lines = split("## 新桥通车\n\n**两岸同城**\n\n---\n\n> 一段**引文**在此");
        let seen: Vec<_> = lines.iter().map(|l| (l.text.as_str(), l.heading, l.bold, l.gap)).collect();
        assert_eq!(seen, [("新桥通车", 2, false, 0), ("两岸同城", 0, true, 1), ("一段引文在此", 0, false, 3)]);
    }

    #[test]
    fn characters_one_to_a_line_are_one_headline() {
        assert_eq!(
            texts("正文在此结束。\n\n新\n桥\n通\n车\n\n后文从此开始。"),
            ["正文在此结束。", "新桥通车", "后文从此开始。"]
        );
    }

    #[test]
    fn lines_of_a_narrow_column_become_paragraphs_again() {
        let page = "　　新桥今天上午正式通车，两\n岸居民从此不必再等渡船，往返\n时间缩短了一半。\n　　据介绍，新桥全长三百米，\n宽二十四米，两侧设有步道，中\n间是双向四条车道，桥下净高八\n米，千吨的船可以通过。";
        let joined = [
            "新桥今天上午正式通车，两岸居民从此不必再等渡船，往返时间缩短了一半。",
            "据介绍，新桥全长三百米，宽二十四米，两侧设有步道，中间是双向四条车道，桥下净高八米，千吨的船可以通过。",
        ];
        assert_eq!(texts(page), joined);
    }

    #[test]
    fn stanzas_of_three_lines_are_verse_and_a_heading_of_two_is_not() {
        let verse = |text: &str| split(text).iter().map(|line| line.verse).collect::<Vec<_>>();
        let poem = "渡口\n\n船比人早醒\n把缆绳放进水里\n等第一声脚步\n\n他在船头喝茶\n茶是昨夜的\n凉得像一片月亮\n\n后来桥修好了，船就停在岸边。\n\n没有人再等它。\n\n只有江水还来。";
        assert_eq!(verse(poem), [false, true, true, true, true, true, true, false, false, false]);
        let poem = "渡口\n\n船比人早醒\n把缆绳放进水里\n等第一声脚步\n等第二声\n\n□ 陈小禾\n\n两岸居民从此不必等船。\n\n没有人再等它。";
        assert_eq!(verse(poem)[1..5], [true; 4]);
        let heading = "云城日报\n2025年4月9日 星期三\n第24618期 今日12版\n\n渡口提质行动收官\n三条航线\n串起两岸码头\n\n本报记者 陈小禾\n\n两岸居民从此不必再等渡船，往返时间缩短了一半，早市也跟着挪了过来。\n\n桥长三百米。\n\n从打桩到下线\n只用了十三个月\n——云江新船投产\n见闻\n\n□本报记者 林远\n\n两岸居民从此不必再等渡船，往返时间缩短了一半，早市也跟着挪了过来。";
        assert!(verse(heading).iter().all(|verse| !verse), "{:?}", verse(heading));
        assert_eq!(verse("云江大桥\n今日通车\n\n两岸居民从此不必等船。\n\n桥长三百米。"), [false; 4]);
    }

    #[test]
    fn pages_are_numbered_by_headings_and_form_feeds() {
        let pages = |text: &str| split(text).iter().map(|l| l.page).collect::<Vec<_>>();
        assert_eq!(pages("第01版 要闻\n甲\n第02版 综合\n乙"), [Some(1), Some(1), Some(2), Some(2)]);
        assert_eq!(pages("甲\n\u{c}乙"), [Some(1), Some(2)]);
        assert_eq!(pages("甲\n乙"), [None, None]);
    }
}
