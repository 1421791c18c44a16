//! A page's number and name: page headings and folios.

use std::sync::LazyLock;

use regex::Regex;

use super::masthead::title;
use super::{noise, pattern};
use crate::extract::signs::Signs;
use crate::extract::text::{CharSet, number, trim, wider_than};

/// A page's number as it stands in a folio.
pub(super) static CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[A-Z]?(?P<n>\d{1,2})版?|第(?P<m>\d{1,2})版)$"));
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s=\-—–·_*#【\[〔(（<]*(?:第?\s*[A-Z]?(?P<a>\d{1,3})\s*[版页]|第\s*(?P<b>[〇零一二三四五六七八九十百]{1,4})\s*[版页]|(?P<f>[一二三四五六七八九十]{1,3})版|[Pp]age\s*(?P<c>\d{1,3})|[A-Z](?P<d>\d{1,2})|版\s*[:：]?\s*[A-Z]?(?P<e>\d{1,2}))(?P<rest>.*)$",
    )
});
static PAGE_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?P<rest>[\p{Han}·\s/]{2,14}?)\s*[A-Z]?(?P<n>\d{1,2})\s*(?P<v>版)?$"));
/// What a page's heading begins with, figures aside, behind the marks of [`PAGE`].
static BEGINS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of_chars("第版Pp一二三四五六七八九十".chars().chain('A'..='Z')));
/// Marks of sentences, which stand in no folio.
static RUNNING: LazyLock<CharSet> = LazyLock::new(|| CharSet::of("，。！？“”；《》%％"));

/// Whether a text begins as a page's heading does.
fn may_begin(text: &str) -> bool {
    let marks = |c: char| c.is_whitespace() || "=-—–·_*#【[〔(（<".contains(c);
    let bare = text.trim_start_matches(marks);
    bare.starts_with(|c: char| matches!(c, '版' | 'A'..='Z' | 'p'))
        || bare.starts_with(|c: char| BEGINS.has(c) || c.is_numeric()) && text.contains(['版', '页', '頁'])
}

/// Page names that any daily uses.
pub(super) const PAGE_NAMES: [&str; 59] = [
    "要闻",
    "城事",
    "港闻",
    "两岸",
    "县域",
    "乡镇",
    "融媒",
    "综合",
    "综合新闻",
    "新闻",
    "国内",
    "国内新闻",
    "国际",
    "国际新闻",
    "时政",
    "时政新闻",
    "体育",
    "体育新闻",
    "文化",
    "文化新闻",
    "副刊",
    "文艺",
    "文学",
    "经济",
    "经济新闻",
    "社会",
    "社会新闻",
    "民生",
    "评论",
    "观点",
    "理论",
    "教育",
    "科技",
    "健康",
    "法治",
    "法制",
    "广告",
    "专版",
    "财经",
    "金融",
    "产业",
    "企业",
    "农业",
    "乡村",
    "生态",
    "旅游",
    "娱乐",
    "读书",
    "本地",
    "本市",
    "城市",
    "都市",
    "区县",
    "地方",
    "地方新闻",
    "民族",
    "军事",
    "头版",
    "今日要闻",
];

/// Whether a line is a page's name and no more.
pub(crate) fn is_page_name(text: &str) -> bool {
    static FIRST: LazyLock<CharSet> =
        LazyLock::new(|| CharSet::of_chars(PAGE_NAMES.iter().filter_map(|name| name.chars().next())));
    if text.len() > 30 || !trim(text).starts_with(|first| FIRST.has(super::fold(first))) {
        return false;
    }
    let bare: String = text.chars().filter(|c| !crate::extract::text::is_blank(*c)).collect();
    PAGE_NAMES.contains(&super::simplified(&bare).as_ref())
}

/// The page that a heading line such as `第03版 要闻` opens.
pub(crate) fn page_mark(line: &str) -> Option<u32> {
    let text = trim(line);
    if wider_than(text, 64) || !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '版' | '页' | '頁')) {
        return None;
    }
    let quiet = |rest: &str| {
        let (signs, _) = Signs::of(rest);
        let known = noise::beside_number(signs, rest);
        let mut rest = rest.to_owned();
        for (find, _) in known.into_iter().take(5).filter(|(_, may)| *may) {
            rest = noise::replaced(&rest, &find(&rest), "");
        }
        let bare = trim(rest.trim_matches(|c: char| !c.is_alphanumeric()));
        !wider_than(bare, 16) && !bare.contains(['，', '。', ',', '！', '？'])
    };
    if may_begin(text)
        && let Some(found) = PAGE.captures(text)
    {
        let page =
            ["a", "b", "c", "d", "e", "f"].iter().find_map(|name| found.name(name)).and_then(|m| number(m.as_str()))?;
        let rest = &found["rest"];
        // 三版 without 第 may begin a headline: only a page's name may follow it.
        let bare = found.name("f").is_none() || trim(rest).is_empty() || is_page_name(rest);
        return ((1..=200).contains(&page) && bare && quiet(rest)).then_some(page);
    }
    if let Some(page) = folio(text) {
        return Some(page);
    }
    if !text.ends_with(|c: char| c == '版' || c.is_numeric()) {
        return None;
    }
    let found = PAGE_LAST.captures(text)?;
    let page = number(&found["n"])?;
    let named = found.name("v").is_some() || found["n"].len() == 2 && found["n"].starts_with('0');
    // 影像 · 8
    let dotted = found["rest"].ends_with(['·', '/']) || found["rest"].trim_end().ends_with('·');
    ((1..=200).contains(&page)
        && (is_page_name(found["rest"].trim_end_matches(['·', '/', ' ']))
            || (named || dotted)
                && found["rest"].chars().count() <= 6
                && !found["rest"].contains(['转', '接', '见', '日', '共', '第'])))
    .then_some(page)
}

/// `2 案件`, `02 足球·篮球`: a page's number and its name, whatever that is, where nothing but a page's heading can stand.
pub(crate) fn numbered(line: &str) -> Option<u32> {
    let (page, name) = trim(line).split_once(crate::extract::text::is_blank)?;
    let name = trim(name);
    let named = name.chars().all(|c| crate::extract::text::is_han(c) || c == '·') && wider_than(name, 3);
    let page = page.parse().ok().filter(|_| page.len() <= 2 && page.bytes().all(|b| b.is_ascii_digit()))?;
    ((1..=99).contains(&page) && named && !wider_than(name, 12)).then_some(page)
}

/// Whether a word begins and ends as a page's number does.
fn may_be_code(token: &str) -> bool {
    token.starts_with(|c: char| c == '第' || c.is_ascii_uppercase() || c.is_numeric())
        && token.ends_with(|c: char| c == '版' || c.is_numeric())
}

/// Title, page's name and page's number side by side, with or without the date: `云城晚报 · A05 本地新闻`.
fn folio(text: &str) -> Option<u32> {
    if RUNNING.any(text) {
        return None;
    }
    let mut left = text.to_owned();
    let (signs, _) = Signs::of(text);
    for (find, _) in noise::beside_number(signs, text).into_iter().filter(|(_, may)| *may) {
        left = noise::replaced(&left, &find(&left), " ");
    }
    let divides = |c: char| crate::extract::text::is_blank(c) || matches!(c, '·' | '|' | '｜' | '—' | '-' | '/');
    let (mut page, mut titled, mut words) = (None, left != text, 0);
    for token in left.split(divides).filter(|token| !token.is_empty()) {
        if let Some(found) = may_be_code(token).then(|| CODE.captures(token)).flatten() {
            if page.is_some() {
                return None;
            }
            page = number(found.name("n").or_else(|| found.name("m"))?.as_str());
        } else {
            words += 1;
            titled |= title(token).is_some() || is_page_name(token);
            if !token.chars().all(crate::extract::text::is_han) || wider_than(token, 16) {
                return None;
            }
        }
    }
    page.filter(|page| (1..=200).contains(page) && titled && (1..=3).contains(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_heading_is_told_from_a_headline() {
        assert_eq!(page_mark("第03版 要闻"), Some(3));
        assert_eq!(page_mark("第 3 版"), Some(3));
        assert_eq!(page_mark("A03 综合新闻"), Some(3));
        assert_eq!(page_mark("— 第2页 —"), Some(2));
        assert_eq!(page_mark("要闻 02"), Some(2));
        assert_eq!(
            (numbered("2 案件"), numbered("02 足球·篮球"), numbered("3 个新码头今天同时开工")),
            (Some(2), Some(2), None)
        );
        for line in ["(下转第3版)", "3版税收新政明年起施行，企业普遍受益", "新增岗位150", "2024年4月18日"]
        {
            assert_eq!(page_mark(line), None, "{line}");
        }
    }
}
