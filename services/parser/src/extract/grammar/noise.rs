//! What a page prints beside its title and date: codes, those who make it, telephone numbers, dates. Where in a text each of
//! them stands: their fixed words are looked for first, and then what belongs to them on either side, which a pattern that may
//! begin with any character would look for at each.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::dates::{DATE, LUNAR, WEEKDAY};
use super::masthead::{CN, NUMBER, PAGES};
use super::scan::Scan;
use super::{needs, pattern, simplified};
use crate::extract::signs::Signs;
use crate::extract::text::{is_blank, is_han};

/// Finds where in a text a kind of noise stands, from left to right.
pub(super) type Find = fn(&str) -> Vec<Range<usize>>;

/// What stands beside a page's number, and whether a text with these signs can hold it.
pub(super) fn beside_number(signs: Signs, text: &str) -> [(Find, bool); 6] {
    [
        (date, needs::date(signs)),
        (weekday, needs::weekday(signs, text)),
        (lunar, needs::lunar(signs, text)),
        (staff, needs::staff(signs)),
        (number, needs::number(signs)),
        (pages, needs::pages(signs, text)),
    ]
}

/// A text with something else where these stand.
pub(super) fn replaced(text: &str, spans: &[Range<usize>], with: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        out.push_str(&text[at..span.start]);
        out.push_str(with);
        at = span.end;
    }
    out + &text[at..]
}

fn all(pattern: &Regex, text: &str) -> Vec<Range<usize>> {
    pattern.find_iter(text).map(|found| found.range()).collect()
}

/// Solar dates.
pub(super) fn date(text: &str) -> Vec<Range<usize>> {
    all(&DATE, text)
}

/// Weekdays.
pub(super) fn weekday(text: &str) -> Vec<Range<usize>> {
    all(&WEEKDAY, text)
}

/// Lunar dates.
pub(super) fn lunar(text: &str) -> Vec<Range<usize>> {
    all(&LUNAR, text)
}

/// Running numbers.
pub(super) fn number(text: &str) -> Vec<Range<usize>> {
    all(&NUMBER, text)
}

/// Numbers of pages.
pub(super) fn pages(text: &str) -> Vec<Range<usize>> {
    all(&PAGES, text)
}

/// CN numbers.
pub(super) fn cn(text: &str) -> Vec<Range<usize>> {
    all(&CN, text)
}

/// Words of a code, in simplified characters: how many Chinese characters stand before them, and what stands behind.
struct Code {
    words: &'static [&'static str],
    before: (usize, usize),
    behind: &'static str,
}

const NONE: (usize, usize) = (0, 0);

const CODES: &[Code] = &[
    Code { words: &["国内统一"], before: NONE, behind: "(?:连续出版物)?刊?号" },
    Code {
        words: &["连续出版物号", "刊号", "邮发代号", "零售价", "定价", "月价", "年价"], before: NONE, behind: ""
    },
    Code { words: &["广告许可证", "广告经营许可证"], before: NONE, behind: "" },
    Code { words: &["代号"], before: NONE, behind: r"\s*[:：]?\s*\d+[-—－]\d+" },
    Code { words: &["https://", "http://", "www."], before: NONE, behind: r"[\w./?=&%#-]+" },
    Code { words: &["邮政编码", "邮编"], before: NONE, behind: r"\s*[:：]?\s*\d{6}" },
    Code {
        words: &["官方网址", "官方网站", "官方官网", "网址", "网站", "官网"], before: NONE, behind: r"\s*[:：]"
    },
    Code { words: &["内部资料", "内部刊物", "内部交流"], before: NONE, behind: r"\p{Han}{0,8}" },
    Code { words: &["免费赠阅", "免费交流"], before: NONE, behind: "" },
    Code { words: &["准印证"], before: NONE, behind: r"[^\s]{0,24}" },
    Code { words: &["每份"], before: NONE, behind: r"[\d.]+元" },
    Code { words: &["报社"], before: (2, 12), behind: r"\s*(?:编辑)?(?:出版|印刷|主办)" },
    Code { words: &["委机关报", "委员会机关报"], before: (2, 14), behind: "" },
    Code { words: &["内准字", "内资准字"], before: (1, 1), behind: r"第?\s*[A-Z]?\d+\s*号" },
    Code { words: &["主管主办", "主管", "主办"], before: (3, 24), behind: "" },
    Code { words: &["印务", "印刷厂", "印刷"], before: (2, 8), behind: "" },
];

type CodeWord = (&'static Code, Option<Regex>);

/// The words of [`CODES`], and what stands behind each of them.
static CODE_WORDS: LazyLock<(AhoCorasick, Vec<CodeWord>)> = LazyLock::new(|| {
    let each = CODES.iter().flat_map(|code| code.words.iter().map(move |word| (*word, code)));
    let behind = |code: &'static Code| (!code.behind.is_empty()).then(|| anchored(code.behind));
    (words(each.clone().map(|(word, _)| word)), each.map(|(_, code)| (code, behind(code))).collect())
});
static MAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\w.-]+@[\w.-]+\.\w+"));

fn anchored(text: &str) -> Regex {
    pattern(&format!("^(?:{text})"))
}

/// Fixed words; of two that begin at one place the first is meant.
fn words<'a>(words: impl Iterator<Item = &'a str>) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(words)
        .unwrap_or_else(|error| unreachable!("a few fixed words: {error}"))
}

/// How many bytes before a place Chinese characters take, `most` of them at most, if they are at least so many; several
/// houses that do something together stand apart.
fn han_before(text: &str, (least, most): (usize, usize), joint: bool) -> Option<usize> {
    let run = || text.chars().rev().take(most).take_while(|c| is_han(*c) || joint && is_blank(*c));
    (run().count() >= least).then(|| run().map(char::len_utf8).sum())
}

/// Codes: CN number and others, addresses, prices, publisher, printer.
pub(super) fn codes(text: &str) -> Vec<Range<usize>> {
    let (words, kinds) = &*CODE_WORDS;
    let folded = simplified(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for word in words.find_iter(folded.as_ref()) {
        let (code, behind) = &kinds[word.pattern().as_usize()];
        let Some(before) =
            folded.get(end..word.start()).and_then(|text| han_before(text, code.before, code.words.contains(&"主办")))
        else {
            continue;
        };
        let behind = match behind {
            Some(pattern) => pattern.find(&folded[word.end()..]).map(|found| found.end()),
            None => Some(0),
        };
        if let Some(behind) = behind {
            end = word.end() + behind;
            found.push(word.start() - before..end);
        }
    }
    if text.contains('@') {
        let outside = |mail: &Range<usize>| found.iter().all(|code| code.end <= mail.start || mail.end <= code.start);
        let mails: Vec<_> = all(&MAIL, text).into_iter().filter(outside).collect();
        found.extend(mails);
        found.sort_unstable_by_key(|code| code.start);
    }
    found
}

/// Words for those who make a page and how they are reached.
#[rustfmt::skip]
const STAFF: [&str; 45] = [
    "责任编辑", "责编", "主管单位", "主办单位", "主管", "主办", "社长", "总编辑", "总编", "编审", "社址", "本报地址", "邮政编码", "邮编",
    "值班编委", "值班主任", "视觉", "审校", "统筹", "值班总编", "值班编辑", "本版编辑", "组版", "版式", "版式设计", "美术编辑", "美编",
    "校对", "校检", "检校", "审读", "制图", "编辑", "主编", "电话", "热线", "传真", "邮箱", "电子信箱", "电子邮箱",
    "发行投诉", "法律顾问", "零售", "终审", "签审",
];
static STAFF_WORDS: LazyLock<AhoCorasick> =
    LazyLock::new(|| words(STAFF.into_iter().chain(["E-mail", "Email", "投稿邮箱"])));
/// The page that they made.
const MADE: [&str; 9] = ["本版", "一版", "二版", "三版", "四版", "五版", "六版", "七版", "八版"];

/// Those who make a page, with their names.
pub(super) fn staff(text: &str) -> Vec<Range<usize>> {
    let folded = simplified(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for word in STAFF_WORDS.find_iter(folded.as_ref()) {
        // Names hide the word.
        let Some(head) = folded.get(end..word.start()) else { continue };
        let before = MADE.iter().find(|page| head.ends_with(**page));
        let start = word.start() - before.map_or(0, |page| page.len());
        end = behind_staff(Scan::of(&folded).from(word.end()));
        found.push(start..end);
    }
    found
}

/// Where the names end that stand behind a word for those who make a page.
fn behind_staff(mut scan: Scan<'_>) -> usize {
    let named = |c: char| {
        is_han(c) || c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, '@' | '.' | '·' | '、' | '-')
    };
    let from = scan.at;
    scan.blanks();
    let marked = scan.step(|c| matches!(c, ':' | '：' | '/' | '／'));
    if marked || scan.at > from {
        scan.blanks();
        scan.run(named, 30);
    } else {
        scan.run(|c| is_han(c) || c.is_ascii_digit(), 4);
        if scan.step(|c| c == '、' || c.is_whitespace()) {
            scan.run(named, 30);
        }
    }
    scan.at
}

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    // Crosses hide some figures.
    pattern(
        r"(?:(?:[(（]?0\d{2,3}[)）]?\s*[-—]?\s*)?[\d×*]{7,8}|0\d{2,3}\s*[-—]\s*\d{4}\s\d{4}|[48]00\s*-\s*[\d×*]{3,4}\s*-\s*[\d×*]{3,4})(?:\s*[-—、转]?\s*\d{1,8})*",
    )
});
/// Most characters of the words right before a telephone number, and of those before these.
const NAMED: (usize, usize) = (8, 17);

/// Telephone numbers, with whose they are.
pub(super) fn phones(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for number in PHONE.find_iter(text) {
        let head = text[end..number.start()].trim_end();
        let head = head.strip_suffix([':', '：']).unwrap_or(head).trim_end();
        let head = without_last(head, NAMED.0, is_han);
        let head = without_last(head, NAMED.1, |c| is_han(c) || c.is_whitespace()).trim_end();
        let head = head.strip_suffix(['●', '○', '■', '◆', '·', '•']).unwrap_or(head);
        found.push(end + head.len()..number.end());
        end = number.end();
    }
    found
}

/// A text without its last characters that are so, `most` of them at most.
fn without_last(text: &str, most: usize, so: impl Fn(char) -> bool) -> &str {
    let last: usize = text.chars().rev().take(most).take_while(|c| so(*c)).map(char::len_utf8).sum();
    &text[..text.len() - last]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(find: Find, text: &str) -> Vec<&str> {
        find(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn codes_are_found_with_what_belongs_to_them() {
        let line = "中共云城市委机关报 云城日报社编辑出版 国内统一连续出版物号 CN 99-0001 邮发代号9-1 零售价每份1.5元";
        let all =
            ["中共云城市委机关报", "云城日报社编辑出版", "国内统一连续出版物号", "邮发代号", "零售价", "每份1.5元"];
        assert_eq!(found(codes, line), all);
        assert_eq!(
            found(codes, "投稿 a.b@yc.example.cn 网址：www.yc.example.cn"),
            ["a.b@yc.example.cn", "网址：", "www.yc.example.cn",]
        );
        assert_eq!(found(codes, "云桥内准字第018号"), ["桥内准字第018号"]);
        for line in ["市里主办", "他每份工作都做得好", "代号很多"] {
            assert!(codes(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn makers_and_telephones_are_found_with_their_names() {
        assert_eq!(found(staff, "本版责编：陈小禾 美编林远"), ["本版责编：陈小禾 美编林远"]);
        assert_eq!(found(staff, "云江（責編/陳小禾）（校對 林遠）"), ["責編/陳小禾", "校對 林遠"]);
        assert_eq!(
            found(phones, "●总编室:(0579)12345678，广告部 12345679-801"),
            ["●总编室:(0579)12345678", "广告部 12345679-801",]
        );
        assert_eq!(replaced("今日4版 星期二", &pages("今日4版 星期二"), " "), "  星期二");
    }
}
