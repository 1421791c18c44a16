//! Verse: short lines where the rest of the page has paragraphs.

use super::Line;
use crate::extract::grammar::{byline, labels, masthead, unbracketed};
use crate::extract::signs::Signs;
use crate::extract::text::ends_sentence;
use crate::extract::wrap;

/// Fewest lines of a verse, and the widest of them in half-width columns.
const VERSE: usize = 4;
/// Fewest lines of a stanza of several.
const STANZA: usize = 3;
const VERSE_WIDTH: usize = 36;

/// Short lines that stand close together where paragraphs are parted by blank lines are verse, or a list.
pub(super) fn mark(lines: &mut [Line]) {
    let apart = lines.iter().skip(1).filter(|line| line.gap > 0).count();
    let short = |line: &Line| line.width <= VERSE_WIDTH && is_plain(line);
    if apart * 2 < lines.len() {
        return;
    }
    if lines.len() >= wrap::SPACED && apart * 5 >= lines.len() * 4 {
        mark_spaced(lines);
    }
    let mut at = 0;
    // The stanza before, too short to be verse by itself.
    let mut before: Option<std::ops::Range<usize>> = None;
    while at < lines.len() {
        let end = (at + 1..lines.len())
            .find(|i| lines[*i].gap > 0 || lines[*i].feed || !short(&lines[*i]))
            .unwrap_or(lines.len());
        let stanza = if short(&lines[at]) && end - at >= STANZA { at..end } else { 0..0 };
        let again = before.take().filter(|before| !stanza.is_empty() && before.end == at);
        let own = |line: &Line| masthead::furniture(&line.text, line.signs, line.width) == 2;
        let owned = lines[stanza.clone()].iter().any(own);
        if (stanza.len() >= VERSE || again.is_some()) && !owned && !(again.is_none() && heads_report(&lines[end..])) {
            lines[again.map_or(at, |before| before.start)..end].iter_mut().for_each(|line| line.verse = true);
        }
        before = Some(stanza).filter(|stanza| !stanza.is_empty() && !owned);
        at = end;
    }
}

/// One line of the file, not marked and no row of a table.
fn is_plain(line: &Line) -> bool {
    line.heading == 0 && !line.bold && !line.vertical && !line.row && line.first == line.last
}

/// Fewest lines of a verse where a blank one parts all lines, and the widest of them.
const SPACED: (usize, usize) = (6, 32);
/// A line of two characters is a label or a title.
const LABEL: usize = 4;

/// The same in a file that has a blank line between nearly all lines: a run of short lines that end no sentence, below a title
/// and who wrote it.
fn mark_spaced(lines: &mut [Line]) {
    let (fewest, widest) = SPACED;
    let told = Signs::FIGURE.and(Signs::COLON).and(Signs::BRACKET).and(Signs::BULLET);
    let short = |line: &Line| {
        let narrow = (LABEL + 1..=widest).contains(&line.width);
        narrow && is_plain(line) && !line.signs.any(told) && !line.text.starts_with('—')
    };
    let labels = |line: &Line| {
        let label = labels::labels_section(&line.text) || labels::score(&line.text) >= Some(labels::SURELY);
        label || line.byline().is_some() || line.lead().is_some()
    };
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|i| !short(&lines[*i])).unwrap_or(lines.len());
        if end - at < fewest {
            at = end.max(at + 1);
            continue;
        }
        let end = (at..end).find(|i| labels(&lines[*i])).unwrap_or(end);
        let named = |at: usize| byline::bare_name(&lines[at].text).is_some();
        // A name in its midst is that of the next text's author.
        let end = (at + 2..end).find(|i| named(*i)).unwrap_or(end);
        let heads = |line: &Line| line.heading > 0 || line.bold || line.width <= LABEL || line.byline().is_some();
        let headed = at > 0 && heads(&lines[at - 1]);
        // Below a heading that is marked stands who wrote, if anybody; else the first line is the title.
        let title = at + usize::from(!headed && at < end);
        let from = title + usize::from(title < end && named(title));
        // The last line before a text, its deck or its author is the text's heading.
        let text = lines.get(end).is_some_and(|below| {
            let deck = below.text.starts_with('—') || below.first == below.last && below.width <= widest && named(end);
            below.heading == 0 && !below.bold && (below.width > widest || deck)
        });
        let to = end.saturating_sub(usize::from(text)).max(from);
        let ended = (from..to).filter(|i| ends_sentence(&lines[*i].text)).count();
        if to - from >= fewest && ended * 3 <= to - from {
            lines[from..to].iter_mut().for_each(|line| line.verse = true);
        }
        at = end.max(at + 1);
    }
}

/// Whether a report begins with these lines, so that those above them are its heading: its opening, or who wrote above its text.
fn heads_report(below: &[Line]) -> bool {
    let Some(next) = below.first().filter(|next| !next.feed) else { return false };
    let text = || below.get(1).is_some_and(|text| text.width > VERSE_WIDTH);
    next.lead().is_some() || next.byline().is_some() && unbracketed(&next.text).is_none() && text()
}

#[cfg(test)]
mod tests {
    use crate::extract::layouts::{articles, paragraphs_of};

    #[test]
    fn verse_keeps_its_lines_where_a_blank_one_parts_all() {
        let text = "水库大坝加固工程昨天完工，库容增加三成，下游五个乡镇的灌溉用水有了保证。";
        let verse = [
            "渡口把船一只一只放开",
            "我们把灯一盏一盏点上",
            "江水在脚下走过",
            "像一条不肯睡的路",
            "橹声里攥着的热",
            "足够焊住两岸",
            "还有从未见过面的人",
        ];
        let paragraphs = [text; 14].join("\n\n");
        let page = format!(
            "# 水库大坝加固完工\n\n{paragraphs}\n\n# 夜渡（外一首）\n\n陈小禾\n\n{}\n\n# 晾晒丰收\n\n{text}\n",
            verse.join("\n\n")
        );
        let found = articles(&page);
        assert_eq!(found[1].headline.as_deref(), Some("夜渡（外一首）"));
        assert_eq!(found[1].byline[0].name, "陈小禾");
        assert_eq!(paragraphs_of(&page, 1), verse);
        assert_eq!(found[2].headline.as_deref(), Some("晾晒丰收"));
    }
}
