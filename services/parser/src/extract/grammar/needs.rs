//! What a pattern needs: characters of which a text must have one for a pattern of the grammars to match. Most lines have
//! none, and one pass over them says so where the pattern itself would cost much more.

use std::sync::LazyLock;

use super::{byline, either_script, names};
use crate::extract::signs::Signs;
use crate::extract::text::{CharSet, is_alphanumeric, is_blank, is_han, trim};

/// The second characters of the role words of `roles::MARKER`.
static ROLES: LazyLock<CharSet> = LazyLock::new(|| either_script("者着讯论习稿文写笔约影".chars()));
/// One of these stands before each of those.
static ROLE_STARTS: LazyLock<CharSet> = LazyLock::new(|| either_script("记通评实撰采见执主特摄".chars()));
/// What follows a label.
const LABELLED: [char; 7] = ['/', '／', ':', '：', '|', '｜', '丨'];
/// One of these ends every match of `roles::SUFFIX` that is no place.
static BYLINE_END: LazyLock<CharSet> = LazyLock::new(|| either_script("道导电写访文".chars()));
/// One of these ends every word for what somebody did.
static DONE: LazyLock<CharSet> = LazyLock::new(|| either_script("文图摄绘画作影片稿写笔访述答疑评理录译者".chars()));
/// One of these stands in every match of `byline::NOBODY`.
pub(super) static UNNAMED: LazyLock<CharSet> = LazyLock::new(|| either_script("记评编综".chars()));

/// One of these stands before a name where the place of whoever signs does.
static PLACES: LazyLock<CharSet> =
    LazyLock::new(|| either_script("省市县区镇乡村道司学院者民友工主户长生师员".chars()));
/// One of these ends every match of `masthead::GUIDE`, 内部… and 免费… aside.
pub(super) static GUIDED: LazyLock<CharSet> = LazyLock::new(|| either_script("读览目版".chars()));
/// One of these stands in every title.
pub(super) static TITLED: LazyLock<CharSet> = LazyLock::new(|| either_script("报讯刊".chars()));

/// Whether a text can hold what `roles::MARKER` matches: a role's word or a label's mark.
pub(crate) fn names_a_role(text: &str) -> bool {
    let (roles, starts) = (&*ROLES, &*ROLE_STARTS);
    let mut start = false;
    text.chars().any(|c| {
        let found = LABELLED.contains(&c) || start && roles.has(c);
        start = starts.has(c);
        found
    })
}

/// Whether a plain name can stand in a text behind a place or 读者.
pub(super) fn placed_name(text: &str) -> bool {
    let ends = text.char_indices().filter(|(_, c)| PLACES.has(*c));
    ends.map(|(at, c)| &text[at + c.len_utf8()..]).any(bare_name)
}

/// A text that can end in what ends a byline.
pub(super) fn suffix(text: &str) -> Option<&str> {
    let ends = text.trim_end().chars().next_back().is_some_and(|last| BYLINE_END.has(last));
    (ends || text.contains(['发', '發'])).then_some(text)
}

/// Whether a text can be names with what they did beside them.
pub(super) fn deeds(text: &str, bracketed: bool) -> bool {
    let parted = bracketed || text.contains(|c| is_blank(c) || c.is_whitespace() || matches!(c, '/' | '／'));
    parted && DONE.any(text)
}

/// Whether a text can be a plain name: it begins with a family name, or it is set as pen names are.
pub(super) fn bare_name(text: &str) -> bool {
    let inner = trim(text);
    names::may_begin_with_family(inner)
        || inner.starts_with(['［', '[', '（', '(', '〔'])
        || inner.contains(|c| is_blank(c) || matches!(c, '·' | '•'))
        || inner.starts_with(byline::BULLETS)
}

/// The first character before (or after) one of these, blanks passed over, that is one of those.
fn beside(text: &str, marks: &[char], before: bool, so: impl Fn(char) -> bool) -> bool {
    // Whether the last character that is no blank is of the first kind.
    let mut first = false;
    let blank = |c: char| !is_alphanumeric(c) && c.is_whitespace();
    text.chars().filter(|c| !blank(*c)).any(|c| {
        let mark = marks.contains(&c);
        let found = first && if before { mark } else { so(c) };
        first = if before { so(c) } else { mark };
        found
    })
}

/// Whether a text can hold the codes of a masthead.
pub(super) fn codes(signs: Signs) -> bool {
    signs.any(Signs::CODED)
}

/// Whether a text can hold a solar date.
pub(super) fn date(signs: Signs) -> bool {
    signs.day()
}

/// Whether a text can hold a weekday.
pub(super) fn weekday(signs: Signs, text: &str) -> bool {
    signs.any(Signs::WEEK) && beside(text, &['期', '周', '週', '拜'], false, |c| "一二三四五六日曰天".contains(c))
}

/// Whether a text can hold a lunar date.
pub(super) fn lunar(signs: Signs, text: &str) -> bool {
    signs.any(Signs::MOON) && beside(text, &['月'], true, |c| "正一二三四五六七八九十冬腊臘".contains(c))
}

/// Whether a text can hold a running number.
pub(super) fn number(signs: Signs) -> bool {
    signs.any(Signs::COUNT) && signs.any(Signs::FIGURE.and(Signs::FIGURES))
}

/// Whether a text can hold a number of pages.
pub(super) fn pages(signs: Signs, text: &str) -> bool {
    let counted = |c: char| c.is_numeric() || "一二三四五六七八九十廿百".contains(c);
    signs.any(Signs::PAGES) && beside(text, &['版', '页', '頁'], true, counted)
}

/// Whether a text can name those who make a page.
pub(super) fn staff(signs: Signs) -> bool {
    signs.any(Signs::STAFFED)
}

/// Whether a text can be a forecast.
pub(super) fn weather(signs: Signs, text: &str) -> bool {
    signs.any(Signs::DEGREE.and(Signs::SHOT)) || text.starts_with(['今', '明'])
}

/// From where on a credit that ends a text can begin: it holds no other marks than those between names, a last bracket aside.
pub(super) fn credit_begins(text: &str) -> usize {
    let end = text.rfind(['（', '(']).unwrap_or_else(|| text.trim_end_matches(['。', '.']).len());
    let other = |c: char| {
        let mark = matches!(c, '。' | '！' | '？' | '；' | '“' | '”' | '《' | '》' | '…' | '—' | '!' | '?' | ';' | '"');
        mark || c.is_ascii_alphanumeric()
    };
    text[..end].char_indices().rev().find(|(_, c)| other(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// Whether a text can hold a jump.
pub(crate) fn jump(signs: Signs) -> bool {
    signs.any(Signs::PAGES.and(Signs::SHEET)) && signs.any(Signs::TURN)
}

/// Whether a text can be a jump, or point to another page.
pub(crate) fn pointer(signs: Signs) -> bool {
    signs.any(Signs::PAGES.and(Signs::SHEET)) && signs.any(Signs::TURN.and(Signs::POINTS))
}

/// Whether a text can end in a credit.
pub(crate) fn credit_tail(signs: Signs) -> bool {
    signs.any(Signs::SHOT)
}

/// Whether a text can be a credit.
pub(crate) fn credit(signs: Signs) -> bool {
    signs.any(Signs::SHOT.and(Signs::LENT))
}

/// Whether a text can be a byline, of roles or without.
pub(crate) fn byline(signs: Signs) -> bool {
    const ANY: Signs = Signs::ROLES.and(Signs::UNNAMED).and(Signs::DONE).and(Signs::BULLET).and(Signs::BRACKET);
    signs.any(ANY) && !signs.any(Signs::SENTENCE)
}

/// Whether a text can begin as reports do.
pub(crate) fn lead(signs: Signs) -> bool {
    signs.any(Signs::NEWS.and(Signs::BRACKET))
}

/// Whether a text can name its source.
pub(crate) fn source(signs: Signs) -> bool {
    signs.any(Signs::FROM)
}

/// Whether a text can say that it is a caption.
pub(crate) fn caption(signs: Signs) -> bool {
    signs.any(Signs::PICTURED)
}

/// Whether a text can say who the author is.
pub(crate) fn author_note(signs: Signs) -> bool {
    signs.any(Signs::AUTHOR)
}

/// Whether a text can name a day, a year or an hour.
pub(crate) fn day(signs: Signs) -> bool {
    signs.any(Signs::FIGURE.and(Signs::FIGURES)) && signs.any(Signs::TIMES)
}

/// Whether a text can be a page's heading.
pub(crate) fn page_mark(signs: Signs) -> bool {
    signs.any(Signs::FIGURE.and(Signs::PAGES))
}

/// Whether a text can be a title.
pub(crate) fn title(signs: Signs) -> bool {
    signs.any(Signs::TITLED)
}

/// Whether a text has so many figures side by side as a telephone number has.
pub(super) fn has_phone(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        let figure = c.is_ascii_digit() || !c.is_ascii() && !is_han(c) && c.is_numeric();
        run = if figure { run + 1 } else { 0 };
        run >= 7
    })
}

/// Figures of a telephone number, with the blanks and dashes that part them and the crosses that hide some.
const PHONE: usize = 7;

/// Whether a text names a telephone number, in parts or not.
pub(crate) fn names_a_phone(text: &str) -> bool {
    let (mut figures, mut parted) = (0, 0);
    text.chars().any(|c| {
        match c {
            '0'..='9' | '×' | '*' | '０'..='９' => (figures, parted) = (figures + 1, 0),
            ' ' | '-' | '—' if figures > 0 && parted == 0 => parted = 1,
            _ => (figures, parted) = (0, 0),
        }
        figures >= PHONE
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::{credit, dates, jump, lead, marks, masthead, noise, page};
    use super::*;

    /// Pieces that the grammars are made of, in both scripts.
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "本报", "本報", "新华社", "新華社", "云城日报", "记者", "記者", "通讯员", "通訊員", "实习生", "實習生",
        "评论员", "評論員", "综合报道", "撰稿", "撰文", "采写", "特派", "陈小禾", "林远", "王　伟", "王 伟",
        "欧阳小禾", "阿依古丽·买买提", "言默", "摄", "攝", "摄影报道", "供图", "供圖", "提供", "图/", "圖／",
        "文/", "文/图", "图文", "文 ", "图 ", "整理", "编辑", "作者系", "作者单位：", "读者", "讀者", "云城市",
        "桥南街道", "大学", "发自", "發自", "报道", "報導", "资料图片", "新华社发", "新華社發", "CFP", "视觉中国",
        "照片", "（", "）", "(", ")", "【", "】", "□", "●", " ", "　", "、", "，", "。", "：", "下转", "下轉",
        "上接", "紧接", "第", "3", "３", "三", "版", "页", "頁", "详见", "据", "来源：", "《", "》", "图为",
        "▲", "11月17日", "2025年", "12时", "A05", "要闻", "星期二", "℃", "摄影 ", "摄影：", "供稿", "口述",
        "县人民法院", "农艺师", "明烛", "（明烛）", "｜", "综合", "央视新闻", "A3", "续", "專訊", "十四日訊",
        "台北", "均由", "本版图片", "作", "绘", "漫画/",
    ];

    /// Lines that look like those of the grammars.
    pub fn line() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            12 => proptest::sample::select(PIECES).prop_map(str::to_owned),
            1 => "[一-龥]{1,4}",
            1 => "\\PC{0,4}",
        ];
        vec(piece, 1..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn what_a_grammar_reads_its_filter_lets_through(line in line()) {
            let (signs, width) = Signs::of(&line);
            let line = line.as_str();
            let read: [(&str, bool, bool); 13] = [
                ("lead", lead::parse(line).is_some(), super::lead(signs)),
                ("byline", byline::whole(line).is_some(), super::byline(signs)),
                ("signature", byline::signature(line).is_some(), width <= byline::SIGNATURE),
                ("credit", credit::whole(line).is_some(), super::credit(signs)),
                ("credit's tail", credit::tail(line).is_some(), credit_tail(signs)),
                ("jump", jump::find(line).is_some(), super::jump(signs)),
                ("pointer", jump::whole(line).is_some() || marks::is_pointer(line), pointer(signs)),
                ("source", marks::source(line).is_some(), source(signs)),
                ("caption", marks::is_caption(line) || line.starts_with("圖為"), caption(signs)),
                ("author's note", marks::is_author_note(line), author_note(signs)),
                ("day", marks::names_a_day(line), day(signs)),
                ("page", page::page_mark(line).is_some(), page_mark(signs)),
                ("title", masthead::title(line).is_some(), title(signs)),
            ];
            for (name, matches, lets_through) in read {
                prop_assert!(lets_through || !matches, "{name}: {line}");
            }
            let speaks = marks::speaker(line).is_some_and(marks::asks) || marks::greets(line);
            prop_assert!(signs.any(Signs::COLON) || !speaks, "speech: {line}");
        }

        #[test]
        fn what_a_pattern_finds_inside_its_filter_lets_through(line in line()) {
            let (signs, _) = Signs::of(&line);
            let line = line.as_str();
            prop_assert!(names_a_role(line) || !byline::roles::MARKER.is_match(line), "role: {line}");
            prop_assert!(codes(signs) || noise::codes(line).is_empty(), "codes: {line}");
            prop_assert!(staff(signs) || noise::staff(line).is_empty(), "staff: {line}");
            let other: [(&str, &regex::Regex, bool); 6] = [
                ("date", &dates::DATE, date(signs)),
                ("weekday", &dates::WEEKDAY, weekday(signs, line)),
                ("lunar", &dates::LUNAR, lunar(signs, line)),
                ("number", &masthead::NUMBER, number(signs)),
                ("pages", &masthead::PAGES, pages(signs, line)),
                ("weather", &masthead::WEATHER, weather(signs, line)),
            ];
            for (name, pattern, lets_through) in other {
                prop_assert!(lets_through || !pattern.is_match(line), "{name}: {line}");
            }
            prop_assert!(suffix(line).is_some() || !byline::roles::SUFFIX.is_match(line), "suffix: {line}");
            let named = || byline::PLACED.captures(trim(line)).and_then(|found| byline::bare_name(&found["n"]));
            let placed = || byline::bare_name(line).is_none() && named().is_some();
            prop_assert!(placed_name(line) || !placed(), "signature: {line}");
        }
    }
}
