//! The opening of a report: 本报讯(记者A 通讯员B), 本报云城11月17日电, 据新华社…电: where, when, who, from whom.

use std::sync::LazyLock;

use contract::Byline;
use regex::{Captures, Regex};

use super::{byline, either_script, simplified, within_brackets};
use crate::extract::text::{CharSet, is_blank, is_wide_punctuation, number, trim};

/// What the opening of a report says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lead {
    /// The place as printed.
    pub place: Option<String>,
    /// Month and day; the year is the issue's.
    pub month: Option<u32>,
    /// Day of the month.
    pub day: Option<u32>,
    /// Whether there is a dateline at all (…电), not only 本报讯.
    pub dated: bool,
    /// The agency, where it is not the paper itself.
    pub source: Option<String>,
    /// Who reports.
    pub byline: Vec<Byline>,
    /// Bytes of the text that the opening takes.
    pub length: usize,
}

const HOUSES: &str = r"本\s*报|本刊|本台|本网|本社|新\s*华\s*社|中新社|中新网|新华网|人民网|央视(?:新闻)?|中央社|法新社|路透社|美联社|塔斯社|共同社";

static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(&format!(
        r"^[（(]?(?P<from>据|综合)?\s*[【\[〔［（(]?(?:(?P<house>{HOUSES})|(?P<other>[\p{{Han}}]{{1,7}}?(?:日报|晚报|时报|早报|晨报|商报|快报|报|社|网|客户端|融媒体?)(?:[·—-]+[\p{{Han}}]{{2,5}}(?:网|报|客户端))?))\s*(?P<place>[\p{{Han}}“”]{{0,12}}?|(?:\p{{Han}}\s){{2,6}})\s*(?:[（(][\p{{Han}}]{{2,8}}[）)]\s*)?(?:(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月\s*)?(?:(?P<day>\d\s?\d?|[一二三四五六七八九十]{{1,3}})\s*[日曰]\s*)?(?P<kind>专电|综合电|急电|电|快讯|讯|综合消息|消息)\s*[】\]〕］）)]?\s*[:：]?\s*",
    ))
});

/// An opening that names no house: （云城十四日讯）, 【云城专讯】, 云城11月17日电.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    const MONTH: &str = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})\s*月\s*";
    const DAY: &str = r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日曰]\s*";
    super::pattern(&format!(
        r"^(?P<open>[【\[〔［（(])?\s*(?P<place>[\p{{Han}}]{{2,6}}?)\s*(?:{MONTH})?(?:{DAY})?(?P<kind>专电|专讯|特讯|讯|电)\s*(?P<close>[】\]〕］）)])?\s*",
    ))
});

static REPORTS: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?P<by>(?:本报|本刊|[\p{Han}]{1,7}?报|[\p{Han}]{1,7}?网)?(?:驻[\p{Han}]{1,6}?|特派|特约|实习|见习|首席|全媒体|融媒体)?(?:记者|通讯员)[^。，,：:“（(]{2,36}?)\s*(?:(?:摄影|综合|连线|联合)?(?:报道|报导))\s*[：:，,]?\s*",
    )
});

/// Ends of the houses that an opening names, of its kinds, what a signed lead begins with, and what it has.
static HOUSE: LazyLock<CharSet> = LazyLock::new(|| either_script("报社网刊台视端融".chars()));
static KIND: LazyLock<CharSet> = LazyLock::new(|| either_script("电讯息".chars()));
static SIGNED: LazyLock<CharSet> = LazyLock::new(|| either_script("本特实见首全融记通".chars()));
static REPORTED: LazyLock<CharSet> = LazyLock::new(|| either_script("道导".chars()));
/// Characters, blanks not counted, within which an opening has named its house, and behind it its kind.
const NAMED: usize = 16;
const TOLD: usize = 26;

/// Whether a text may begin as reports do: a house's name, then, not far behind it, 电, 讯 or 消息.
fn may_open(text: &str) -> bool {
    let mut house = None;
    for (at, c) in text.chars().take(REACH).filter(|c| !c.is_whitespace()).enumerate() {
        // Nothing but characters and figures stands between, behind 据 and a bracket; a place may have its country in one.
        let country = house.is_some() && matches!(c, '（' | '(' | '）' | ')');
        if at > 1 && c != '—' && !country && (is_wide_punctuation(c) || c.is_ascii() && !c.is_ascii_digit()) {
            return false;
        }
        if at < NAMED && HOUSE.has(c) {
            house = Some(at);
        } else if house.is_some_and(|house| at <= house + TOLD) && KIND.has(c) {
            return true;
        } else if at >= NAMED && house.is_none_or(|house| at > house + TOLD) {
            return false;
        }
    }
    false
}

/// How much of a text is looked at, in characters: no opening is longer.
const REACH: usize = 110;

/// Reads the opening of a paragraph, if it has one.
pub(crate) fn parse(text: &str) -> Option<Lead> {
    // ■本报讯
    let bulleted = text.len() - text.trim_start_matches(['■', '□', '●', '◆', '▲', '★', ' ']).len();
    if bulleted > 0 {
        let lead = parse(&text[bulleted..]).filter(|lead| lead.source.is_none())?;
        return Some(Lead { length: lead.length + bulleted, ..lead });
    }
    let first = text.chars().next()?;
    let bracket = matches!(first, '(' | '（' | '【' | '[' | '〔' | '［');
    if !crate::extract::text::is_han(first) && !bracket {
        return None;
    }
    if matches!(first, '(' | '（') && closing(text).is_some() {
        return None;
    }
    // 讯（记者陈小禾）: the recogniser lost the house.
    if let Some(rest) = text.strip_prefix(['讯', '訊']).filter(|rest| rest.starts_with(['（', '('])) {
        let (length, byline) = bracketed(rest)?;
        return Some(Lead { length: text.len() - rest.len() + length, byline, ..Lead::default() });
    }
    let opens = may_open(text);
    if !opens && !bracket && !may_sign(text, first) && !dated(text) {
        return None;
    }
    let end = text.char_indices().nth(REACH).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let Some(found) = opens.then(|| OPENING.captures(head)).flatten() else {
        return signed(head).or_else(|| elsewhere(head));
    };
    let mut lead = opening(&found)?;
    let rest = &head[lead.length..];
    let bracket = bracketed(rest)
        .or_else(|| enclosed(head, rest))
        .or_else(|| plain_names(rest))
        .or_else(|| REPORTS.captures(rest).and_then(|by| Some((by.get(0)?.end(), named(&by["by"])?))))
        .or_else(|| names_report(rest))
        .or_else(|| set_apart(rest))
        .or_else(|| learns(rest).map(|byline| (0, byline)));
    if let Some((length, byline)) = bracket {
        lead.length += length;
        lead.byline = byline;
    } else if found.name("house").is_none() && lead.day.is_none() {
        // Any words that end in 报 or 网 could stand before 讯: without a bracket or a day it is running text.
        return None;
    } else if lead.byline.is_empty() && !lead.dated && rest.starts_with(['的', '员', '息', '号', '是', '者']) {
        return None;
    }
    Some(lead)
}

/// What an opening says before any names behind it.
fn opening(found: &Captures<'_>) -> Option<Lead> {
    let mut lead = Lead { length: found.get(0)?.end(), ..Lead::default() };
    let group = |name: &str| found.name(name).map(|m| m.as_str());
    lead.place = group("place").filter(|place| !place.is_empty()).map(|place| place.replace(is_blank, ""));
    // （中央社记者陈小禾台北16日电）
    if let Some(by) = group("place").filter(|place| simplified(place).starts_with("记者")) {
        lead.byline = named(by)?;
        let name = &lead.byline.first()?.name;
        lead.place = by.split_once(name.as_str()).map(|(_, place)| place.to_owned()).filter(|place| !place.is_empty());
    }
    lead.month = group("month").and_then(number).filter(|month| (1..=12).contains(month));
    lead.day = group("day").and_then(|day| number(&day.replace(is_blank, ""))).filter(|day| (1..=31).contains(day));
    lead.dated = group("kind").is_some_and(|kind| kind.ends_with(['电', '電'])) || lead.day.is_some();
    let house = group("house").map(|house| house.chars().filter(|c| !c.is_whitespace()).collect::<String>());
    let other = group("other").map(str::to_owned);
    let own = house.as_deref().is_some_and(|house| house.starts_with('本'));
    if !own || group("from").is_some() {
        lead.source = house.filter(|house| !house.starts_with('本')).or(other);
    }
    Some(lead)
}

/// What stands in brackets on a line of its own below a text, and opens no other: （本报云城5月10日电）, （据新华社电　记者林远）.
pub(crate) fn closing(line: &str) -> Option<Lead> {
    let inner = within_brackets(trim(line)).filter(|inner| may_open(inner))?;
    let found = OPENING.captures(inner)?;
    let rest = trim(&inner[found.get(0)?.end()..]);
    let mut lead = opening(&found)?;
    if !rest.is_empty() {
        lead.byline = byline::in_brackets(rest)?;
    }
    (lead.dated || lead.source.is_some() || !lead.byline.is_empty()).then_some(lead)
}

/// Characters within which an opening without a house has said its day.
const DATED: usize = 16;

/// Whether a text may begin with a place and a day: 日 and 电 or 讯 side by side.
fn dated(text: &str) -> bool {
    let mut before = ' ';
    text.chars().take(DATED).filter(|c| !c.is_whitespace()).any(|c| {
        let found = matches!(before, '日' | '曰') && KIND.has(c);
        before = c;
        found
    })
}

/// An opening that names no house: in brackets with a day or 专讯, or with its place sure, else with month and day.
fn elsewhere(head: &str) -> Option<Lead> {
    let near: usize = head.chars().take(DATED).map(char::len_utf8).sum();
    let found = KIND.any(&head[..near]).then(|| ELSEWHERE.captures(head)).flatten()?;
    let group = |name: &str| found.name(name).map(|m| m.as_str());
    let (place, kind) = (group("place")?, simplified(group("kind")?));
    let month = group("month").and_then(number).filter(|month| (1..=12).contains(month));
    let day = group("day").and_then(number).filter(|day| (1..=31).contains(day));
    let enclosed = group("open").is_some() && group("close").is_some();
    let plain = simplified(place);
    let town = || plain.ends_with(['城', '市', '县', '州', '镇']) || crate::dictionary::is_place(&plain);
    let kind = kind.as_ref();
    let sure = match enclosed {
        true => day.is_some() || kind.starts_with(['专', '特']) && town() || kind == "讯" && town(),
        false => group("open").is_none() && month.is_some() && day.is_some(),
    };
    let length = found.get(0)?.end();
    if !sure || trim(&head[length..]).is_empty() {
        return None;
    }
    let (more, byline) = bracketed(&head[length..]).or_else(|| plain_names(&head[length..])).unwrap_or_default();
    let dated = day.is_some() || kind.ends_with('电');
    Some(Lead { place: Some(place.to_owned()), month, day, dated, byline, length: length + more, ..Lead::default() })
}

/// 本报讯（陈小禾 林远）: names alone in the bracket behind an opening.
fn plain_names(text: &str) -> Option<(usize, Vec<Byline>)> {
    let inner = text.strip_prefix(['(', '（'])?;
    let close = inner.find([')', '）'])?;
    let byline = byline::named(trim(&inner[..close]))?;
    let after = close + inner[close..].chars().next().map_or(0, char::len_utf8);
    let blanks = inner[after..].len() - inner[after..].trim_start().len();
    Some((text.len() - inner.len() + after + blanks, byline))
}

/// A lead that is only signed: `(记者 A)` or `本报记者 A 报道` before the first sentence.
fn signed(head: &str) -> Option<Lead> {
    if head.starts_with(['(', '（', '[', '【', '〔', '［']) {
        let (length, byline) = bracketed(head).or_else(|| plain_names(head))?;
        let rest = trim(&head[length..]);
        return (!rest.is_empty()).then(|| Lead { length, byline, ..Lead::default() });
    }
    if !head.chars().next().is_some_and(|first| may_sign(head, first)) || !REPORTED.any(head) {
        return None;
    }
    let found = REPORTS.captures(head)?;
    let length = found.get(0)?.end();
    let byline = named(&found["by"])?;
    (!trim(&head[length..]).is_empty()).then(|| Lead { length, byline, ..Lead::default() })
}

/// Whether a text may begin with who reports: 本报记者…, 云城晚报记者….
fn may_sign(text: &str, first: char) -> bool {
    let near = || &text[..text.char_indices().nth(NAMED / 2).map_or(text.len(), |(at, _)| at)];
    SIGNED.has(first)
        || text.chars().take(NAMED / 2).any(|c| matches!(c, '记' | '記' | '全'))
            && ["报记者", "報記者", "网记者", "網記者", "报全媒体"].iter().any(|word| near().contains(word))
}

/// `记者陈小禾 通讯员 林远 新桥…`: people whom blanks part from each other and from the text.
fn set_apart(text: &str) -> Option<(usize, Vec<Byline>)> {
    let role = |word| ["记者", "通讯员"].iter().find_map(|role| str::rsplit_once(word, *role));
    let first = text.split(is_blank).next().and_then(role)?;
    if first.0.chars().count() > RANK {
        return None;
    }
    let (mut end, mut people) = (0, 0);
    for word in text.split_inclusive(is_blank).take(PEOPLE) {
        let bare = trim(word);
        let name = role(bare).map_or(bare, |(_, name)| name);
        // Right behind its role a name may be a common word.
        let called = name.len() < bare.len() && super::names::may_be_called(name);
        let named = (called || super::names::looks_like_name(name)) && word.len() > bare.len();
        if !named && !name.is_empty() {
            break;
        }
        people += usize::from(named);
        end += word.len();
    }
    Some((end, byline::in_brackets(trim(&text[..end])).filter(|found| people > 0 && found.len() == people)?))
}

/// Words of the people before a text at most, and characters before 记者 that say of which house and rank.
const PEOPLE: usize = 8;
const RANK: usize = 6;

/// `记者陈小禾从市交通局获悉，…`: who is named inside the first sentence, which stays whole.
fn learns(text: &str) -> Option<Vec<Byline>> {
    static LEARNS: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"^(?P<by>(?:本报|本刊)?(?:全媒体|融媒体|见习|实习|首席|特约)?记者\s*(?P<n>[\p{Han}]{2,4}?))\s*(?:昨[天日]?|今[天日]?|近日|日前|(?:\d{1,2}月)?\d{1,2}日)?\s*(?:从|在)[^，。,]{2,40}?(?:获悉|了解到|看到|采访)",
        )
    });
    let found = text.contains("记者").then(|| LEARNS.captures(text)).flatten()?;
    super::names::may_be_name(&found["n"]).then(|| named(&found["by"])).flatten()
}

/// `陈小禾、特约记者林远报道：`
fn names_report(text: &str) -> Option<(usize, Vec<Byline>)> {
    static REPORT: LazyLock<Regex> =
        LazyLock::new(|| super::pattern(r"^(?P<by>[\p{Han}、\s]{2,36}?)\s*(?:报道|报导)\s*[：:]\s*"));
    let found = REPORT.captures(text)?;
    let people = byline::in_brackets(&found["by"]).or_else(|| byline::named(&found["by"]))?;
    Some((found.get(0)?.end(), people))
}

/// `【本报讯 记者 陈小禾】`: who reports stands in the opening's own bracket.
fn enclosed(head: &str, rest: &str) -> Option<(usize, Vec<Byline>)> {
    const CLOSES: [char; 4] = ['】', '〕', ']', '］'];
    let close = rest.find(CLOSES).filter(|_| head.starts_with(['【', '〔', '[', '［']))?;
    let length = rest.len() - rest[close..].trim_start_matches(|c| CLOSES.contains(&c) || is_blank(c)).len();
    Some((length, byline::in_brackets(&rest[..close]).filter(|people| !people.is_empty())?))
}

/// Whom the first sentence of a report names without an opening: 记者陈小禾从…获悉.
pub(crate) fn reporters(text: &str) -> Option<Vec<Byline>> {
    let near = text.char_indices().nth(NAMED).map_or(text.len(), |(at, _)| at);
    text[..near].contains("记者").then(|| learns(text)).flatten()
}

/// Whose report a text retells, as its first words say: 据共同社报道，…
pub(crate) fn retold(text: &str) -> Option<String> {
    static RETOLD: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"^据[\p{Han}]{0,4}?《?(?P<n>[\p{Han}]{1,8}?(?:社|报|网|台|新闻|客户端|周刊|杂志|通讯))》?(?:网站|客户端|微信公众号)?(?:(?:\d{1,2}月)?\d{1,2}日)?(?:报道|消息)[，,]",
        )
    });
    let found = text.starts_with(['据', '據']).then(|| RETOLD.captures(text)).flatten()?;
    Some(found["n"].to_owned())
}

/// People before 报道; what they did stands with them, so that a place between is seen.
fn named(by: &str) -> Option<Vec<Byline>> {
    byline::in_brackets(&format!("{}报道", trim(by))).filter(|people| !people.is_empty())
}

/// The byline in the brackets that a text begins with, and the bytes it takes.
fn bracketed(text: &str) -> Option<(usize, Vec<Byline>)> {
    let inner = text.strip_prefix(['(', '（', '[', '【', '〔', '［'])?;
    let close = inner.find([')', '）', ']', '】', '〕', '］'])?;
    let words = trim(&inner[..close]);
    let plain = simplified(words).replace(is_blank, "");
    if !["记者", "通讯员", "评论员", "文/", "文／", "特约", "实习"].iter().any(|word| plain.contains(word))
    {
        return None;
    }
    let byline = byline::in_brackets(words)?;
    let closed = &inner[close..];
    let after = closed.chars().next().map_or(0, char::len_utf8);
    let blanks = closed[after..].len() - closed[after..].trim_start().len();
    Some((text.len() - closed.len() + after + blanks, byline))
}

#[cfg(test)]
mod tests;
