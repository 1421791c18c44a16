//! What belongs to the page: title, dates, number, pages, CN number, publisher, telephone numbers, page headings.

use std::borrow::Cow;
use std::sync::LazyLock;

use contract::Masthead;
use jiff::civil::Date;
use regex::Regex;

use super::dates::{self, DATE, MONTH};
use super::page::{CODE, PAGE_NAMES, is_page_name, page_mark};
use super::pattern;
use super::{needs, noise, own};
use crate::extract::calendar::Printed;
use crate::extract::signs::Signs;
use crate::extract::text::{columns, is_alphanumeric, number, trim, wider_than};

/// What the lines of a page's furniture say about the issue.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Said {
    /// The title.
    pub title: Option<String>,
    /// The solar date; after [`Said::read`] as printed.
    pub date: Option<Date>,
    /// The solar date field by field, and its words.
    pub printed: Option<(Printed, String)>,
    /// The running number.
    pub number: Option<u32>,
    /// How many pages there are.
    pub pages: Option<u32>,
    /// The rest.
    pub masthead: Masthead,
}

/// The title in capitals below the title.
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Z][A-Z .,'&-]{6,48}$"));
/// `百年老街的新账　7版`: what other pages hold.
static GUIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:今日|本期|今天|新闻|内容)?(?:导读|导览|要目)$|^内部(?:资料|刊物|交流)[\p{Han}\s]{0,12}$|^免费(?:赠阅|交流)$|^[^。，,]{4,28}\s+(?:第\s*[一二三四五六七八九十]{1,3}|第?\s*[A-Z]?\d{1,2})\s*版$",
    )
});
pub(super) static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:总\s*)?第\s*(?P<n>\d[\d,]{0,8})\s*[期号]|总\s*(?P<t>\d{2,7})\s*期"));
/// The number in all, where another counts from the year's beginning.
static TOTAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"总\s*(?:第\s*)?(?P<n>\d[\d,]{0,8})\s*[期号]"));
pub(super) static PAGES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:今\s*日|今\s*天|本\s*期|本日|今|共|对开)\s*(?:共)?\s*(?P<n>\d{1,3}|[一二三四五六七八九十廿百]{1,4})\s*[版页]",
    )
});
pub(super) static CN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:CN|ＣＮ)\s*(?P<n>\d{2}\s*[-—－–]\s*\d{4})(?:/[A-Z]+)?"));
static PUBLISHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:主管主办|主办|主管)(?:单位)?\s*[:：]\s*(?P<m>[\p{Han}]{3,24})|(?P<n>[\p{Han}]{3,24}?)(?:主管主办|主管、主办|主管|主办)",
    )
});
static TITLE_HOUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:主管主办|主办|主管|^|[^\p{Han}])(?P<n>[\p{Han}]{1,8}?报)(?:社|业集团|传媒集团)[\p{Han}]{0,4}?(?:编辑)?(?:出版|主办|编辑|出品)",
    )
});
static TITLE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[《]?(?P<n>[\p{Han}]{1,7}(?:日报|晚报|早报|晨报|时报|商报|周报|快报|都市报|青年报|导报|新报|公报|电讯|时讯|周刊|商讯|[\p{Han}]报))[》]?$",
    )
});
pub(super) static WEATHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:℃|°C|摄氏度).*|^(?:今日|今天|明天|明日|今晚|今夜)[\p{Han}]{0,4}(?:天气|多云|晴|阴|小雨|中雨|大雨|雪)")
});

/// Widest name of a section, in half-width columns, beside the page's name and the date.
const NAMED: usize = 8;

/// How surely a line, with these signs and of this width, belongs to the page rather than to an article: 0 not, 1 perhaps,
/// 2 surely.
pub(crate) fn furniture(line: &str, signs: Signs, wide: usize) -> u8 {
    let marks_page = || wide <= 64 && needs::page_mark(signs) && page_mark(line).is_some();
    furniture_or(line, signs, wide, marks_page)
}

/// What a line of those who make a page begins with.
const MAKERS: [&str; 12] =
    ["责编", "責編", "责任编辑", "責任編輯", "本版", "值班", "主编", "主編", "美编", "美編", "组版", "組版"];

/// As [`furniture`], where it is known whether the line is a page's heading.
pub(crate) fn furniture_or(line: &str, signs: Signs, wide: usize, marks_page: impl FnOnce() -> bool) -> u8 {
    let text = trim(line);
    if text.is_empty() || wide > 220 {
        return 0;
    }
    if !signs.any(Signs::LETTER) {
        return 2;
    }
    if text
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '(' | ')' | '（' | '）' | '—' | '、'))
    {
        return 2;
    }
    if marks_page() {
        return 2;
    }
    let guide = || text.ends_with(|c| needs::GUIDED.has(c)) || text.starts_with(['内', '免']);
    if text.ends_with('月') && MONTH.is_match(text) || wide <= 64 && guide() && GUIDE.is_match(text) {
        return 2;
    }
    if wide <= 72 && signs.any(Signs::DEGREE) && own::opens_forecast(text) {
        return 2;
    }
    if text.starts_with(|c: char| c.is_ascii_uppercase()) && CAPITALS.is_match(text) {
        return 1;
    }
    let dashed = |c: char| matches!(c, '—' | '-' | '－' | '─' | '━');
    if text.starts_with(dashed) && text.ends_with(dashed) && is_page_name(text.trim_matches(dashed)) {
        return 2;
    }
    if wide <= 110 && (own::speaks(text) || own::forecasts(text)) {
        return 2;
    }
    // 责编 陈小禾 美编 林远: blanks where others set colons.
    let makers = || MAKERS.iter().any(|word| text.starts_with(word));
    let may = signs.any(Signs::FIGURE.and(Signs::OTHER)) || signs.any(Signs::BLANK) && makers();
    if !may {
        return 0;
    }
    let mut left = Cow::Borrowed(text);
    let mut kinds = 0;
    let known: [(noise::Find, u8, bool); 7] = [
        (noise::codes, 2, needs::codes(signs)),
        (noise::cn, 2, signs.any(Signs::LATIN_C)),
        (noise::date, 1, needs::date(signs)),
        (noise::weekday, 1, needs::weekday(signs, text)),
        (noise::lunar, 1, needs::lunar(signs, text)),
        (noise::number, 2, needs::number(signs)),
        (noise::pages, 2, needs::pages(signs, text)),
    ];
    for (find, weight, _) in known.into_iter().filter(|(.., may)| *may) {
        let found = find(&left);
        if !found.is_empty() {
            kinds += weight;
            left = Cow::Owned(noise::replaced(&left, &found, " "));
        }
    }
    if wide <= 160 && !signs.any(Signs::ENDED) {
        let reached: [(noise::Find, bool); 2] =
            [(noise::phones, needs::names_a_phone(text)), (noise::staff, needs::staff(signs))];
        for (find, _) in reached.into_iter().filter(|(_, may)| *may) {
            let sure = wide <= 60 || kinds > 0 || left.contains(['●', '■', '◆']);
            let found = if sure || text.contains([':', '：']) { find(&left) } else { Vec::new() };
            // 热线：… 广告部：… 发行部：…
            if !found.is_empty() && (sure || found.len() > 1) && !in_running(find, text) {
                kinds += 2;
                left = Cow::Owned(noise::replaced(&left, &found, " "));
            }
        }
        if wide <= 80 && !left.contains('，') && needs::weather(signs, text) && WEATHER.is_match(&left) {
            kinds += 1;
        }
    }
    if kinds == 0 {
        return 0;
    }
    // Title, page's name and page's number beside a date.
    let own = |token: &str| title(token).is_some() || is_page_name(token) || CODE.is_match(token);
    let divides = |c: char| crate::extract::text::is_blank(c) || matches!(c, '·' | '|' | '｜');
    let rest: usize = left
        .split(divides)
        .filter(|token| !own(token))
        .map(|token| columns(&token.chars().filter(|c| is_alphanumeric(*c)).collect::<String>()))
        .sum();
    let titled = || text.split(crate::extract::text::is_blank).any(|token| title(token).is_some());
    let named = || left.split(divides).any(is_page_name);
    match kinds {
        // Title and date above another page, or in the midst of its text; 副刊·听涛 and the date.
        1 if rest == 0 && titled() || rest <= NAMED && !signs.any(Signs::SENTENCE) && named() => 2,
        1 if rest <= 2 => 1,
        1 => 0,
        _ if rest * 5 <= wide * 2 => 2,
        _ if rest * 2 <= wide => 1,
        _ => 0,
    }
}

/// Whether a clause goes before these words and no colon and no figure comes after them: 全员轮班，随时接电话….
fn in_running(find: noise::Find, text: &str) -> bool {
    let found = find(text).into_iter().next().filter(|found| !needs::has_phone(&text[found.clone()]));
    found.is_some_and(|found| text[..found.start].contains(['，', '；']) && !text.contains([':', '：', '@']))
}

/// Words that end as titles do and are none.
const NO_TITLE: [&str; 12] =
    ["本报", "机关报", "党报", "海报", "预报", "通报", "快报", "日报", "简报", "情报", "喜报", "汇报"];

/// Whether a line is a newspaper's title and no more.
pub(crate) fn title(line: &str) -> Option<String> {
    let ends = line.trim_end_matches(|c| crate::extract::text::is_blank(c) || c == '》');
    if !ends.ends_with(|c| needs::TITLED.has(c)) || wider_than(line, 24) {
        return None;
    }
    let bare: String = line.chars().filter(|c| !crate::extract::text::is_blank(*c)).collect();
    let found = TITLE_LINE.captures(&bare).map(|found| found["n"].to_owned())?;
    let plain = super::simplified(&found);
    (!NO_TITLE.contains(&plain.as_ref()) && !plain.ends_with("机关报") && !plain.ends_with("预报")).then_some(found)
}

/// The title that stands right before the date, behind the page's number and name: `6时评云城时报2025年…`.
fn before_date(line: &str) -> Option<String> {
    let head = &line[..DATE.find(line)?.start()];
    let from = head.char_indices().rev().take_while(|(_, c)| crate::extract::text::is_han(*c)).last()?.0;
    let words = &head[from..];
    let plain = super::simplified(words);
    let opinion = ["时评", "社评", "视点", "影像", "深度"];
    let name = PAGE_NAMES
        .iter()
        .chain(&opinion)
        .filter(|name| plain.starts_with(**name))
        .map(|name| name.chars().count())
        .max();
    let skipped: usize = words.chars().take(name.unwrap_or(0)).map(char::len_utf8).sum();
    title(&words[skipped..])
}

/// The title among the other words of a page's furniture.
pub(crate) fn title_within(line: &str) -> Option<String> {
    let divides = |c: char| crate::extract::text::is_blank(c) || matches!(c, '·' | '|' | '｜');
    title(line).or_else(|| line.split(divides).find_map(title)).or_else(|| before_date(line))
}

/// The CN number in a line.
pub(crate) fn cn_number(line: &str) -> Option<String> {
    let found = CN.captures(line)?;
    Some(found["n"].chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(['—', '－', '–'], "-"))
}

/// Whether a line is the Latin form of a title.
pub(crate) fn is_latin_title(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_uppercase() || crate::extract::text::is_blank(c))
        && CAPITALS.is_match(trim(line))
}

impl Said {
    /// Reads one more line; what is known already stays.
    pub fn read(&mut self, line: &str) {
        let text = trim(line);
        let (signs, _) = Signs::of(text);
        if self.printed.is_none() && signs.day() {
            self.printed = dates::solar(text);
            self.date = self.printed.as_ref().and_then(|(printed, _)| printed.date());
        }
        let first = |slot: &mut Option<String>, may: bool, find: &dyn Fn() -> Option<String>| {
            if slot.is_none() && may {
                *slot = find();
            }
        };
        first(&mut self.masthead.weekday, signs.any(Signs::WEEK), &|| dates::weekday(text));
        first(&mut self.masthead.lunar_date, signs.any(Signs::MOON), &|| dates::lunar(text));
        first(&mut self.masthead.cn_number, signs.any(Signs::LATIN_C), &|| cn_number(text));
        let publisher = || {
            let found = PUBLISHER.captures(text)?;
            found.name("n").or_else(|| found.name("m")).map(|m| m.as_str().to_owned())
        };
        let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
        first(&mut self.masthead.publisher, any(&["主管", "主办", "主辦"]), &publisher);
        let house = || TITLE_HOUSE.captures(text).map(|m| m["n"].to_owned());
        first(&mut self.title, any(&["报社", "報社", "报业", "報業", "报传", "報傳", "報传"]), &house);
        self.number = self.number.or_else(|| running_number(text, signs));
        self.pages = self.pages.or_else(|| page_count(text, signs));
    }
}

/// The running number in a line.
fn running_number(text: &str, signs: Signs) -> Option<u32> {
    if !needs::number(signs) {
        return None;
    }
    let found = TOTAL.captures(text).or_else(|| NUMBER.captures(text))?;
    found.iter().skip(1).flatten().next()?.as_str().replace(',', "").parse().ok()
}

/// How many pages a line says that there are.
fn page_count(text: &str, signs: Signs) -> Option<u32> {
    let found = needs::pages(signs, text).then(|| PAGES.captures(text)).flatten()?;
    number(&found["n"]).filter(|pages| (1..=400).contains(pages))
}

/// Whether a line says which issue this is or how many pages it has.
pub(crate) fn counts(line: &str) -> bool {
    let text = trim(line);
    let (signs, _) = Signs::of(text);
    running_number(text, signs).is_some() || page_count(text, signs).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn furniture(line: &str) -> u8 {
        let (signs, wide) = Signs::of(line);
        super::furniture(line, signs, wide)
    }

    #[test]
    fn a_masthead_in_pieces_is_put_together() {
        let mut said = Said::default();
        for line in [
            "2026年3月12日 星期四",
            "丙午年正月廿四 第10,234期 今日十二版",
            "云城市总工会主管主办 云城日报社编辑出版 国内统一连续出版物号 CN 99-0001 代号 9-1",
        ] {
            assert_eq!(furniture(line), 2, "{line}");
            said.read(line);
        }
        assert_eq!(said.date, Some(jiff::civil::date(2026, 3, 12)));
        assert_eq!((said.number, said.pages), (Some(10234), Some(12)));
        assert_eq!(said.title.as_deref(), Some("云城日报"));
        assert_eq!(said.masthead.lunar_date.as_deref(), Some("丙午年正月廿四"));
        assert_eq!(said.masthead.cn_number.as_deref(), Some("99-0001"));
        assert_eq!(said.masthead.publisher.as_deref(), Some("云城市总工会"));
    }

    #[test]
    fn mastheads_of_other_houses_are_read() {
        let said = |lines: &[&str]| {
            let mut said = Said::default();
            lines.iter().for_each(|line| said.read(line));
            said
        };
        let day = |line| said(&[line]).date;
        assert_eq!(day("二〇二五年九月二十四日　星期三"), Some(jiff::civil::date(2025, 9, 24)));
        assert_eq!(day("中華民國一一四年十二月八日 星期一"), Some(jiff::civil::date(2025, 12, 8)));
        assert_eq!(day("星期一 2025.12.1"), Some(jiff::civil::date(2025, 12, 1)));
        assert_eq!(day("2025年第37期（总第1206期）　9月15日　星期一"), Some(jiff::civil::date(2025, 9, 15)));
        assert_eq!(said(&["第37期（总第1206期）　本期24版"]).number, Some(1206));
        assert_eq!(said(&["總第9027期 今 日 4 版"]).pages, Some(4));
        assert_eq!(said(&["总第11482期 | 今日16版"]).number, Some(11482));
        assert_eq!(said(&["国内统一刊号CN99-0742"]).masthead.cn_number.as_deref(), Some("99-0742"));
        assert_eq!(title_within("云城晚报 · A05 本地新闻").as_deref(), Some("云城晚报"));
        assert_eq!(title_within("今日天气预报"), None);
        assert_eq!(title_within("6时评云城时报2025年10月27日").as_deref(), Some("云城时报"));
        for (line, page) in
            [("云城晚报 · A05 本地新闻", 5), ("要闻 · 2", 2), ("A07   城事      云城都市报", 7), ("影像 · 8", 8)]
        {
            assert_eq!(page_mark(line), Some(page), "{line}");
            assert_eq!(furniture(line), 2, "{line}");
        }
        for line in ["百年酱园的新账　7版", "今日导读", "今日天气　多云　14℃—25℃", "2025年11月"]
        {
            assert_eq!(furniture(line), 2, "{line}");
        }
        assert_eq!(page_mark("桥长 · 300米"), None);
    }

    #[test]
    fn telephone_lines_are_furniture_and_news_is_not() {
        assert_eq!(furniture("●总编室:(010)12345678"), 2);
        assert_eq!(furniture("责编 陈小禾 美编 林远 校对 周舟"), 2);
        assert_eq!(furniture("12345678"), 2);
        for line in [
            "新闻热线：400-××××-315 广告部：0371-65××6600",
            "扫码关注“云江发布”微信公众号",
            "本报常年法律顾问 陈小禾",
            "今天白天到夜间，多云到晴，东北风3～4级，气温6—15℃",
            "天气：多云　明多云转阴，局部有阵雨",
            "风力:今3—4级　明4—5级",
            "最低温度：今18℃　明19℃",
            "今日天氣 局部地區有驟雨 氣溫27至32度 相對濕度70至95%",
            "偏南风2到3级 紫外线强",
            "明日天气：多云转晴",
            "最高气温 21℃ 最低气温 9℃",
            "西北风 3、4 级",
            "穿衣指数：薄毛衣加外套",
            "云城今天 小雨转多云 9℃—15℃",
            "广告垂询：0371-6500 1234 发行：0371-6500 5678 终审：林远 责编：陈小禾",
            "今日出紙四大張 零售澳門幣十元 督印人 林遠",
            "（除署名外，均据新华社电）",
        ] {
            assert_eq!(furniture(line), 2, "{line}");
        }
        for line in [
            "新桥11月17日通车，全长299公里。",
            "市民可拨打热线12345678咨询，工作人员将在一个工作日内给予答复，并登记在册。",
            "新桥通车",
            "云城迎战38℃高温",
            "极端天气：城市如何应对",
            "扫一扫 办事咨询都能找",
            "在云城，值班员守着三部24小时电话在",
            "2024年4月18日",
        ] {
            assert!(furniture(line) < 2, "{line}");
        }
    }
}
