//! 下转第3版 and 上接第1版, in a line of their own or inside one.

use std::sync::LazyLock;

use regex::Regex;

use super::needs;
use crate::extract::lines::Line;
use crate::extract::text::{is_blank, number, trim, wider_than};

/// A jump found in a text: which way, to which page, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Jump {
    /// 上接 rather than 下转.
    pub from: bool,
    /// The page named.
    pub page: u32,
    /// Bytes of the text it takes.
    pub span: std::ops::Range<usize>,
}

static JUMP: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?P<open>[（(\[【〔［《<﹝]\s*)?[▶►→↓☞●◀◁◄←▲▼■★◆⇨>＞<＜]*\s*(?:紧\s*接|文)?(?P<way>下\s*转|下\s*接|转|上\s*接|紧\s*接|接|续)\s*(?:本报|今日)?\s*第?\s*(?P<sheet>[A-ZＡ-Ｚ])?\s*",
        r"(?P<page>[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[、,，—-]\s*[A-Z]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*)*(?P<unit>[版页])?\s*(?:[·•・．.\-—:：]\s*)?(?:[\p{Han}①-⑳]{0,4})?\s*[▶►→☞◀◁◄←▲▼■★>＞]*(?P<close>\s*[）)\]】〕］》>﹞])?",
    ))
});

/// Whether a line begins with the page that it comes from: （上接第1版）…
pub(crate) fn comes_from(line: &Line) -> bool {
    needs::jump(line.signs) && find(&line.text).is_some_and(|found| found.from && found.span.start == 0)
}

/// The first jump in a text. Inside a text it must stand in brackets; bare, it must end (or begin) the text.
pub(crate) fn find(text: &str) -> Option<Jump> {
    if !text.contains(['转', '轉', '接', '续', '續']) {
        return None;
    }
    JUMP.captures_iter(text).find_map(|found| {
        let whole = found.get(0)?;
        let way = &found["way"];
        let bracketed = found.name("open").is_some() && found.name("close").is_some();
        let full = way.chars().count() > 1;
        // （下转A3）: without 版 a page has its letter and a bracket, or the line.
        let unit = found.name("unit").is_some();
        let line = trim(&text[..whole.start()]).is_empty() && trim(&text[whole.end()..]).is_empty();
        if !unit && !(found.name("sheet").is_some() && (bracketed || line && full)) {
            return None;
        }
        let ends = trim(&text[whole.end()..]).is_empty();
        let begins = trim(&text[..whole.start()]).is_empty();
        // 转第二版 as a line.
        if !(bracketed || full && (ends || begins) || line && unit) {
            return None;
        }
        let page = number(&found["page"]).filter(|page| (1..=200).contains(page))?;
        Some(Jump { from: way.starts_with(['上', '紧', '緊', '接']), page, span: whole.range() })
    })
}

/// ▶3版: an arrow says that the article goes on there.
fn pointed(line: &str) -> Option<Jump> {
    let text = trim(line).trim_matches(['（', '）', '(', ')']);
    let arrow = |c: char| matches!(c, '▶' | '►' | '→' | '☞' | '⇨' | '>' | '＞');
    let sheet = text.strip_prefix(arrow)?.trim_start_matches(|c| arrow(c) || is_blank(c)).strip_suffix('版')?;
    let page = sheet.trim_start_matches('第').trim_start_matches(|c: char| c.is_ascii_uppercase());
    let page = number(trim(page)).filter(|page| (1..=200).contains(page))?;
    Some(Jump { from: false, page, span: 0..line.len() })
}

/// A line that is nothing but a jump.
pub(crate) fn whole(line: &str) -> Option<Jump> {
    if wider_than(line, 40) {
        return None;
    }
    if let Some(jump) = pointed(line) {
        return Some(jump);
    }
    let jump = find(line)?;
    let rest = format!("{}{}", &line[..jump.span.start], &line[jump.span.end..]);
    trim(rest.trim_matches(['。', '，', '.', '*', '_'])).is_empty().then_some(jump)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_found_alone_and_inside() {
        let page = |line| whole(line).map(|jump| (jump.from, jump.page));
        assert_eq!(page("(下转第3版)"), Some((false, 3)));
        assert_eq!(page("（上接第一版）"), Some((true, 1)));
        assert_eq!(page("下转A2版"), Some((false, 2)));
        assert_eq!(page("▶下转02版"), Some((false, 2)));
        assert_eq!(page("◀上接01版"), Some((true, 1)));
        assert_eq!(page("（下转第二版·综合）"), Some((false, 2)));
        assert_eq!(page("（ 下 转 第 ３ 版 ）"), Some((false, 3)));
        assert_eq!(page("（紧接第一版）"), Some((true, 1)));
        assert_eq!(find("（上接1版）新桥通车以后").map(|jump| (jump.from, jump.page)), Some((true, 1)));
        assert_eq!(find("桥通了。 (下转第3版)").map(|jump| jump.page), Some(3));
        assert_eq!(page("转第二版"), Some((false, 2)));
        assert_eq!(page("﹝下转第二版﹞"), Some((false, 2)));
        assert_eq!(find("他转接第3版"), None);
    }
}
