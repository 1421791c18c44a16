//! Signs that only a run of lines gives: who speaks in an interview, what signs a notice and where it sends its readers,
//! items of a list, the guide to other pages.

use rustc_hash::FxHashMap;

use super::features::{Feature as F, Features};
use super::grammar::{jump, labels, marks, simplified};
use super::lines::Line;
use super::notices;
use super::observe::is_text;
use super::signs::Signs;
use super::text::{ends_sentence, is_blank, is_comma, is_stop, wider_than};

/// Adds what the lines around each line say of it; before headings are looked for.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    speakers(lines, all);
    items(lines, all);
    rosters(lines, all);
    notices::mark(lines, all);
    guide(lines, all);
    labels(lines, all);
    staff(lines, all);
    notes(lines, all);
}

/// What else stands in brackets below a text is its last words, or says where its figures come from: （以发言先后为序）.
fn notes(lines: &[Line], all: &mut [Features]) {
    for at in 1..lines.len() {
        let (line, above) = (&lines[at], &lines[at - 1]);
        let bracketed =
            marks::is_bracketed(&line.text) || ["数据来源", "资料来源"].iter().any(|word| line.text.starts_with(word));
        let below = is_text(all[at - 1]) && ends_sentence(&above.text) && !line.opens_page;
        let other = [F::Byline, F::Credit, F::Jump, F::Source, F::AuthorNote, F::Furniture, F::BareName];
        if bracketed && below && line.heading == 0 && line.width > NOTE && !all_has(all, at, &other) {
            all[at].set(F::StopInside, true);
        }
    }
}

/// Narrowest note, in half-width columns: （上）, （之二） stand with headings.
const NOTE: usize = 10;

/// Words for those who make a page.
const STAFF: [&str; 18] = [
    "编辑", "责编", "审读", "校对", "校检", "版式", "美编", "组版", "视觉", "制图", "编审", "检校", "统筹", "编委",
    "主编", "设计", "排版", "审校",
];

/// Who made the page: nothing but such words, each with a name.
fn staff(lines: &[Line], all: &mut [Features]) {
    for (line, f) in lines.iter().zip(all.iter_mut()) {
        let text = line.text.as_str();
        let sentence = |c: char| matches!(c, '。' | '，' | '“' | '《');
        if line.heading > 0 || line.width > 90 || !line.signs.any(Signs::MADE) || text.contains(sentence) {
            continue;
        }
        let folded = simplified(text);
        let divides = |c: char| is_blank(c) || matches!(c, ':' | '：' | '/' | '／' | '|' | '｜' | '·' | ',' | '、');
        let (mut words, mut names, mut others) = (0, 0, 0);
        for token in folded.split(divides).filter(|token| !token.is_empty()) {
            let word = STAFF.iter().any(|word| token.ends_with(word) && token.len() <= word.len() + 12);
            match token.chars().count() {
                _ if word => words += 1,
                1..=4 => names += 1,
                _ => others += 1,
            }
        }
        f.set(F::Furniture, f.has(F::Furniture) || words >= 2 && names >= words && names <= words * 3 && others == 0);
    }
}

/// Fewest rows of a roster.
const ROSTER: usize = 3;

/// `陈小禾 云城桥梁厂电焊工`: rows of people and what they are, as announcements list them.
fn rosters(lines: &[Line], all: &mut [Features]) {
    let row = |at: usize| {
        let line: &Line = &lines[at];
        let text = line.text.as_str();
        if line.heading > 0 || line.bold || line.width > 64 || !line.signs.any(Signs::BLANK) {
            return false;
        }
        let Some((name, rest)) = text.split_once(is_blank) else { return false };
        let name = name.split(['(', '（']).next().unwrap_or_default();
        (2..=4).contains(&name.chars().count())
            && super::grammar::names::looks_like_name(name)
            && !all_has(all, at, &[F::Byline, F::Credit, F::Furniture])
            && rest.trim().chars().count() >= 5
            && !text.chars().any(|c| is_stop(c) || is_comma(c))
    };
    let rows: Vec<bool> = (0..lines.len()).map(row).collect();
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|i| !rows[*i]).unwrap_or(lines.len());
        if end - at >= ROSTER {
            all[at..end].iter_mut().for_each(|f| f.set(F::Row, true));
        }
        at = end.max(at + 1);
    }
}

fn all_has(all: &[Features], at: usize, any: &[F]) -> bool {
    any.iter().any(|f| all[at].has(*f))
}

/// Widest column label, in half-width columns.
const LABEL: usize = 16;

/// Short lines that stand more than once.
fn labels(lines: &[Line], all: &mut [Features]) {
    let label = |line: &Line, f: &Features| {
        !line.row && line.width <= LABEL && f.has(F::EndsPlain) && !f.has(F::Byline) && !f.has(F::Wide2)
    };
    let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
    for (line, _) in lines.iter().zip(all.iter()).filter(|(line, f)| label(line, f)) {
        *seen.entry(line.text.as_str()).or_default() += 1;
    }
    // A headline recurs above what goes on on another page.
    for pair in lines.windows(2).filter(|pair| jump::comes_from(&pair[1])) {
        seen.remove(pair[0].text.as_str());
    }
    for (line, f) in lines.iter().zip(all.iter_mut()) {
        f.set(F::Recurs, label(line, f) && seen.get(line.text.as_str()).is_some_and(|times| *times > 1));
    }
}

/// Most characters of a speaker's name.
const SPEAKER: usize = 8;

/// `记者：…`, `钟望：…`
pub(super) fn speaker(text: &str) -> Option<&str> {
    let (at, _) = text.char_indices().take(SPEAKER + 1).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = &text[..at];
    let plain = |c: char| c.is_alphabetic() || matches!(c, '·' | '《' | '》' | '(' | ')' | '（' | '）') || is_blank(c);
    (at > 0 && name.chars().all(plain) && text.len() > at + 6).then_some(name)
}

/// Two names that speak in turn, each more than once or one to the other.
fn speakers(lines: &[Line], all: &mut [Features]) {
    let mut turns: FxHashMap<&str, u32> = FxHashMap::default();
    let names: Vec<Option<&str>> =
        lines.iter().map(|line| if line.signs.any(Signs::COLON) { speaker(&line.text) } else { None }).collect();
    for (name, f) in names.iter().zip(all.iter()) {
        if let (Some(name), false) = (name, f.has(F::Furniture)) {
            *turns.entry(name).or_default() += 1;
        }
    }
    for ((name, f), line) in names.iter().zip(all.iter_mut()).zip(lines) {
        let ends = line.text.ends_with(|c: char| is_stop(c)) || ends_sentence(&line.text);
        let again = name.is_some_and(|name| turns.get(name).is_some_and(|turns| *turns >= 2));
        f.set(F::Speaker, again && ends && !f.has(F::Furniture) && !f.has(F::Byline));
    }
}

fn is_item(text: &str) -> bool {
    text.starts_with(['●', '■', '◆', '▲', '★', '◎', '○', '•', '·', '▪'])
}

/// Lines within which a list's second item stands.
const ITEMS: usize = 4;

/// A line before at least two items of a list.
fn items(lines: &[Line], all: &mut [Features]) {
    let item = |at: usize, all: &[Features]| {
        lines.get(at).is_some_and(|line| line.signs.any(Signs::BULLET) && is_item(&line.text) && !line.opens_page)
            && is_text(all[at])
    };
    for at in 0..lines.len() {
        // ●短讯 over items with the same bullet heads them.
        let above = item(at + 1, all);
        let labels = above && all[at].has(F::EndsPlain) && !is_text(all[at]) && labels::labels_section(&lines[at].text);
        let leads = above && (!is_item(&lines[at].text) || labels);
        all[at].set(F::NextItem, leads && (at + 2..=at + ITEMS).any(|next| item(next, all)));
        if labels && all[at].has(F::NextItem) {
            all[at].clear(F::BeginsBullet);
        }
    }
}

/// `秋粮收购怎么走　9版`: a headline and, after a blank, the page that it stands on.
fn points_to_page(text: &str) -> bool {
    // ▶2版 秋粮收购怎么走
    if let Some((page, head)) = text.trim_start_matches(['▶', '►', '→', '☞', '●']).split_once(['版', '页'])
        && (head.starts_with(is_blank) || head.starts_with(['·', '：', ':', '｜', '|']))
        && !wider_than(text, 64)
        && !text.contains('。')
        && wider_than(head, 7)
        && (1..=2).contains(&page.trim_start_matches('第').len())
        && page.trim_start_matches('第').bytes().all(|b| b.is_ascii_digit())
    {
        return true;
    }
    // 江东女排收获首胜 A12
    let sheet = |last: &str| {
        let numbers = last.trim_start_matches(|c: char| c.is_ascii_uppercase());
        last.len() > numbers.len()
            && (2..=8).contains(&last.len())
            && last.ends_with(|c: char| c.is_ascii_digit())
            && numbers.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-')
    };
    if let Some((head, last)) = text.rsplit_once(is_blank)
        && sheet(last)
        && wider_than(head, 9)
        && !wider_than(text, 72)
        && !text.contains('。')
    {
        return true;
    }
    let inner = text.trim_end_matches([')', '）']);
    if wider_than(text, 64) || !inner.ends_with('版') {
        return false;
    }
    let parts = |c: char| {
        is_blank(c)
            || matches!(c, '…' | '▶' | '►' | '→' | '☞' | '>' | '＞')
            || inner.len() < text.len() && matches!(c, '(' | '（')
    };
    let Some((head, page)) = inner.rsplit_once(parts) else { return false };
    let page = page.trim_start_matches('第').trim_end_matches('版');
    let page = page.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(page);
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    wider_than(head, 7) && !page.is_empty() && page.chars().count() <= 3 && page.chars().all(number)
}

/// The list of what other pages hold, and its heading.
fn guide(lines: &[Line], all: &mut [Features]) {
    for at in 0..lines.len() {
        let signs = lines[at].signs;
        let sheet = signs.any(Signs::SHEET) && signs.any(Signs::FIGURE);
        if (signs.any(Signs::PAGES) || sheet) && points_to_page(&lines[at].text) {
            all[at].set(F::Furniture, true);
            let heads = |before: &Line| {
                let bare: String = before.text.chars().filter(|c| !is_blank(*c)).collect();
                ["导读", "導讀", "提要", "导览", "看点", "看點"].iter().any(|word| bare.ends_with(word))
            };
            if let Some(before) = at.checked_sub(1).filter(|before| heads(&lines[*before])) {
                all[before].set(F::Furniture, true);
            }
        }
    }
}

/// For each line whether the text below it is signed at its end, or below it, before the next heading.
pub(crate) fn signed_below(lines: &[Line], all: &[Features], heading: &[bool], tails: &[bool]) -> Vec<bool> {
    let mut below = vec![false; lines.len()];
    for at in (0..lines.len().saturating_sub(1)).rev() {
        let (next, ends) = (all[at + 1], lines.get(at + 2).is_none_or(|line| line.opens_page));
        let last = ends || heading[at + 2] || all[at + 2].has(F::Furniture);
        let opens = next.has(F::Lead) || next.has(F::Caption) || next.has(F::Byline) && !last;
        below[at] = !heading[at + 1]
            && !lines[at + 1].opens_page
            && !opens
            && (tails[at + 1] || next.has(F::Byline) && is_text(all[at]) || below[at + 1]);
    }
    below
}

/// Headings behind gaps from which on a file's habit shows.
const HABIT: usize = 3;

/// A heading inside the text of a file whose articles gaps part; after headings were looked for.
pub(crate) fn habits(lines: &[Line], all: &mut [Features]) {
    let gaps = all.iter().filter(|f| f.has(F::GapBefore) && f.headingish()).count();
    let torn = lines.iter().filter(|line| line.gap > 0).count() * 3 > lines.len();
    if gaps < HABIT || torn {
        return;
    }
    for at in 1..lines.len() {
        let inside = is_text(all[at - 1]) && lines[at].gap == 0 && lines[at].heading == 0 && !lines[at].opens_page;
        let f = &mut all[at];
        let own = [F::NextLead, F::NextRow, F::CreditAhead, F::SectionWords].iter().any(|own| f.has(*own));
        f.set(F::GapMissing, inside && !own && f.headingish());
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::headlines;

    #[test]
    fn text_signed_at_its_end_below_a_signed_report_is_an_article() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n好桥要有人管\n\n桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路。\n\n（周舟）\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝加固工程昨天完工。";
        let all = ["云江新桥正式通车", "好桥要有人管", "水库大坝加固完工"];
        assert_eq!(headlines(page), all.map(|head| Some(head.to_owned())));
    }

    #[test]
    fn what_other_sheets_hold_is_no_part_of_an_article() {
        let page = "云江日报\n\n2025年11月18日　星期二　第1234期　今日8版\n\n今日看点\n\n高考录取今天开始，这些坑别踩 A04\n\n暑期博物馆预约攻略 A06-A07\n\n云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。";
        let found = super::super::layouts::articles(page);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].headline.as_deref(), found[0].kicker.as_deref()), (Some("云江新桥正式通车"), None));
    }
}
