//! Role words and what they say of the names beside them: 本报记者 A 通讯员 B, 文/A 图/B, A 口述 B 整理.

use std::sync::LazyLock;

use contract::{Byline, Role};
use regex::Regex;

use super::super::{names, needs, pattern, simplified};
use super::deeds::{Deed, house, nobody, role_of};
use super::{BULLETS, credit_all};
use crate::extract::text::{is_blank, is_han, trim};

/// A word for a role, with the house and the rank before it, or a label, with the mark behind it.
pub(in crate::extract::grammar) static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<org>本\s*报|本刊|本社|本网|本台|新\s*华\s*社|央视|《[\p{Han}]{2,8}》报?|",
        r"[\p{Han}]{1,10}?(?:报|报社|社|网|台|刊|客户端|新闻|融媒体中心|融媒体|融媒|全媒体|广电|传媒|电视台)(?:\s*[·•—+＋-]+\s*[\p{Han}]{2,8}(?:报|社|网|台|客户端|新闻|融媒体|融媒|广电))?)?",
        r"\s*(?:(?:[驻赴][\p{Han}]{1,6}?|特派|特约|首席|实习|见习|高级|资深|全媒体|融媒体|融媒|主任|文字|摄影|图片|视频|数据|财经|体育|文化|教育|时政|经济|社会|国际|健康|科技|法治|都市|民生|新闻|[\p{Han}]{2,3}(?:站|分社))\s*)*",
        r"(?P<role>记者站|记者|摄影师|通讯员|通訊員|記着|记着|评论员|特派员|实习生|见习生|撰稿人|撰稿|撰文|采写|执笔人|执笔|主笔|特约作者)\s*[/／:：|｜丨]?",
        r"|(?P<label>整理人?|解答(?:律师|专家|人)|编辑|作者|口述人?|讲述人?|记录人?|采访|文字|编译|翻译|译者|译|统稿|报道|报導|图片摄影|摄影|图片|图文|文图|文稿|供稿|供图|漫画|插图|插画|图表|制图|绘图|文|图|摄|绘)\s*[/／:：|｜丨]\s*",
    ))
});

/// What a byline ends in: who wrote says what, or from where.
pub(in crate::extract::grammar) static SUFFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\s*(?P<what>(?:现场|独家|专题|图文|文图|参与)?(?:摄影|综合|联合|连线|采访|跟踪|专题|现场|独家)?(?:报道|报导|专电|专访|专題報導|采写)|摄影并文)\s*$",
        r"|[\s/／]+(?:(?:\d{1,2}月)?\d{1,2}日(?:凌晨|早|上午|中午|下午|晚|夜)?)?(?P<from>发自\s*[\p{Han}]{2,10})\s*$",
    ))
});

/// What a byline consists of, from left to right.
#[derive(Debug)]
enum Part<'a> {
    /// 本报记者.
    Role(Role, Option<&'a str>, &'a str),
    /// 图/.
    Label(Role, Deed),
    /// People.
    Names(Vec<String>),
    /// Behind names what they did, before them a label without a mark.
    Deed(Deed),
    /// 受访者提供: nobody whom the paper names.
    Nobody,
}

/// Those of the people who wrote photographed as well.
fn also_photographed(mut found: Vec<Byline>) -> Vec<Byline> {
    let photos: Vec<Byline> = found
        .iter()
        .filter(|b| b.role != Role::Photographer)
        .map(|b| Byline { role: Role::Photographer, ..b.clone() })
        .collect();
    found.extend(photos);
    found
}

/// `记者 A 通讯员 B`, with or without 报道 and the place before it at the end.
pub(super) fn with_roles(text: &str, bracketed: bool) -> Option<Vec<Byline>> {
    let Some(suffix) = needs::suffix(text).and_then(|t| SUFFIX.captures(t)) else {
        // 記者 陳小禾／茄萣
        let placed = || {
            let parts = text.rsplit_once(['/', '／']).filter(|(_, place)| is_town(trim(place)));
            parts.filter(|(left, _)| left.contains(['记', '記']))
        };
        let placed = placed().and_then(|(left, _)| by_markers(trim(left), bracketed));
        return placed.or_else(|| by_markers(text, bracketed));
    };
    let what = suffix.name("what").or_else(|| suffix.name("from"))?;
    let before = trim(&text[..suffix.get(0)?.start()]).trim_end_matches(['/', '／']);
    let spaced = text[before.len()..].starts_with(is_blank);
    let plain = || {
        // 林远 发自云城, 林远参与采写
        let helped = what.as_str().trim_start().starts_with("参与");
        let photographed = what.as_str().contains(['摄', '攝']);
        let people = names::parse(before).filter(|_| (spaced || helped) && !photographed)?;
        people.iter().all(|name| names::looks_like_name(name)).then(|| credit_all(people, Role::Author, None))
    };
    let placeless = without_place(before, spaced).and_then(|left| by_markers(left, bracketed));
    let edited = || by_deeds(before, bracketed).filter(|_| bracketed);
    let found = placeless
        .or_else(|| by_markers(before, bracketed))
        .or_else(|| bracketed.then(|| without_abroad(before)).flatten())
        .or_else(edited)
        .or_else(plain)?;
    Some(if what.as_str().contains(['摄', '攝', '图', '圖']) { also_photographed(found) } else { found })
}

/// Places that begin as names of people do and that the dictionary takes for such.
const TOWNS: [&str; 8] = ["金山", "黄石", "黄山", "温哥华", "柏林", "马尼拉", "石家庄", "高雄"];

/// `记者 林远 云城报道`, `记者林远／云城报道`: what stands before the place, if one stands there. `林远报道` ends in a name:
/// family names and the space before 报道 speak for one.
fn without_place(text: &str, spaced: bool) -> Option<&str> {
    let han = |part: &str| {
        let plain = (2..=6).contains(&part.chars().count()) && part.chars().all(is_han);
        plain && !part.starts_with("通讯员") && !part.starts_with("记者") && !part.starts_with("通訊員")
    };
    if let Some((left, place)) = text.rsplit_once(['/', '／'])
        && han(trim(place))
        && !trim(left).ends_with(['者', '员', '員'])
    {
        return Some(left);
    }
    let town = |part: &str| {
        !names::begins_with_family(part)
            || !spaced && part.ends_with(['城', '市', '县', '州', '省', '区', '镇', '乡', '村'])
            || !spaced && crate::dictionary::is_common_word(&simplified(part))
            || TOWNS.contains(&simplified(part).as_ref())
    };
    let Some((left, place)) = text.rsplit_once(is_blank) else {
        // 记者陈小禾云城报道
        let at = text.char_indices().rev().nth(1).map(|(at, _)| at).filter(|_| !spaced)?;
        return crate::dictionary::is_place(&simplified(&text[at..])).then_some(&text[..at]);
    };
    let place = place.strip_prefix("发自").or_else(|| place.strip_prefix("發自")).unwrap_or(place);
    let parts = || place.split(['、', '，', ',']);
    (parts().all(han) && parts().any(town)).then_some(left)
}

/// Whether a word behind a stroke is a place: neither a name nor what somebody did.
fn is_town(word: &str) -> bool {
    (2..=4).contains(&word.chars().count())
        && word.chars().all(is_han)
        && !names::begins_with_family(word)
        && Deed::of(word).is_none()
        && !nobody(word)
        && !word.contains(['记', '記', '员', '員'])
}

/// `本報記者陳小禾紐約`: one name and right behind it a place that no dictionary has.
fn without_abroad(text: &str) -> Option<Vec<Byline>> {
    if text.contains(is_blank) {
        return None;
    }
    let cuts = text.char_indices().rev().map(|(at, _)| at).skip(1).take(3);
    cuts.filter_map(|at| by_markers(&text[..at], true))
        .find(|people| people.iter().all(|by| names::looks_like_name(&by.name) && by.name.chars().count() == 3))
}

/// Names and role words, and nothing else.
pub(super) fn by_markers(text: &str, bracketed: bool) -> Option<Vec<Byline>> {
    if !needs::names_a_role(text) {
        return None;
    }
    let mut abuts = true;
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut at = 0;
    for marker in MARKER.captures_iter(text) {
        let whole = marker.get(0)?;
        if let Some(label) = marker.name("label")
            && !is_label(text, label.range(), whole.end())
        {
            continue;
        }
        let house = marker.name("org").map(house);
        let before = &text[at..house.map_or(whole.start(), |house| whole.start() + house.named)];
        pieces(if at == 0 { without_rank(before, whole.as_str()) } else { before }, &mut parts)?;
        at = whole.end();
        if let Some(word) = marker.name("role") {
            abuts &= text[at..].starts_with(is_han) && !whole.as_str().ends_with(is_blank);
            match (house, Deed::of(word.as_str())) {
                // 撰文/摄影, 撰文：本报记者 A: what was done, and by whom.
                (None, Some(deed)) if next_deed(text, at) => parts.push(Part::Deed(deed)),
                (None, Some(deed)) => parts.push(Part::Label(Role::Author, deed)),
                (house, _) => {
                    parts.push(Part::Role(role_of(word.as_str()), house.map(|house| house.name), word.as_str()));
                }
            }
        } else {
            let word = marker.name("label")?.as_str();
            parts.push(Part::Label(role_of(word), Deed::of(word).unwrap_or(Deed::WROTE)));
            abuts = false;
        }
    }
    pieces(&text[at..], &mut parts)?;
    let parts = merged(parts);
    let marked = parts.iter().any(|part| matches!(part, Part::Role(..) | Part::Label(..)));
    let found = if marked { credits(&parts)? } else { return None };
    // 记者走进…: words that stand right behind the role must look like a name to be one.
    let known = !abuts || bracketed || found.iter().any(|b| names::begins_with_family(&b.name));
    (known || found.iter().any(|b| b.role == Role::Author && b.organization.is_some())).then_some(found)
}

/// Words before a role word without those that say which sort it is: 学生 of 学生记者, 大河 of 大河记者.
fn without_rank<'a>(text: &'a str, marker: &str) -> &'a str {
    if text.ends_with(divides) || marker.starts_with(is_blank) {
        return text;
    }
    let from = text.char_indices().rev().find(|(_, c)| divides(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let rank = &text[from..];
    let word = (2..=4).contains(&rank.chars().count()) && rank.chars().all(is_han) && !names::looks_like_name(rank);
    if word && Deed::of(rank).is_none() { &text[..from] } else { text }
}

/// Whether a label's word labels what comes next: 文/ of `A 文/图` and the end of a longer word do not.
fn is_label(text: &str, word: std::ops::Range<usize>, end: usize) -> bool {
    let before = text[..word.start].chars().next_back();
    let single = text[word].chars().count() == 1;
    let torn = single && before.is_some_and(is_han);
    // 文／图 names one deed.
    !torn && !next_deed(text, end)
}

/// Whether a word for a deed stands next.
fn next_deed(text: &str, from: usize) -> bool {
    let rest = text[from..].trim_start_matches(divides);
    rest.split(divides).next().is_some_and(|next| Deed::of(next).is_some())
}

/// Deeds that stand side by side as one: 文/图.
fn merged(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut all: Vec<Part<'_>> = Vec::with_capacity(parts.len());
    for part in parts {
        match (all.last_mut(), part) {
            (Some(Part::Deed(before)), Part::Deed(deed)) if before.with(deed).is_some() => {
                *before = before.with(deed).unwrap_or(deed);
            }
            (Some(Part::Deed(before)), Part::Label(role, deed)) => {
                let both = *before != deed && before.with(deed).is_some();
                let part = if both { Part::Label(Role::Author, Deed::BOTH) } else { Part::Label(role, deed) };
                // A 文 图/B: what stands behind a name is a deed of its own.
                match both {
                    true => *all.last_mut().unwrap_or_else(|| unreachable!("a last one was matched")) = part,
                    false => all.push(part),
                }
            }
            (_, part) => all.push(part),
        }
    }
    all
}

fn marks(c: char) -> bool {
    matches!(c, '、' | ',' | '，' | ';' | '；' | ':' | '：' | '/' | '／' | '．' | '|' | '｜' | '丨')
}

fn divides(c: char) -> bool {
    marks(c) || is_blank(c) || BULLETS.contains(&c) && c != '·' && c != '•'
}

/// What stands between two markers: names, and what they did.
fn pieces<'a>(text: &'a str, parts: &mut Vec<Part<'a>>) -> Option<()> {
    let text = text.trim_matches(|c| divides(c) || BULLETS.contains(&c));
    if text.is_empty() {
        return Some(());
    }
    let start = |token: &str| token.as_ptr() as usize - text.as_ptr() as usize;
    let tokens: Vec<&str> = text.split(divides).filter(|token| !token.is_empty()).collect();
    let single = |token: &str| token.chars().count() == 1;
    let (mut at, mut from, mut again) = (0, 0, false);
    let names_until = |end: usize, from: usize, parts: &mut Vec<Part<'a>>| -> Option<()> {
        let words = text[from..end].trim_matches(divides);
        if !words.is_empty() {
            parts.push(Part::Names(names::parse(words)?));
        }
        Some(())
    };
    while at < tokens.len() {
        let token = tokens[at];
        // 王　文: two single characters are one name.
        let deeds = |next: &str| Deed::of(token).is_some() && Deed::of(next).is_some();
        let joins = |next: &str| single(next) && !deeds(next);
        // 图/文 王 伟: the second half of one deed is no family name.
        let half = text[..start(token)].ends_with(['/', '／']) && Deed::of(token).is_some();
        if let Some(next) = tokens.get(at + 1)
            && single(token)
            && names::begins_with_family(token)
            && !half
        {
            // 陈　禾图: the second half of a name stands right before what he did.
            if let Some((rest, deed)) = Deed::behind_half(next) {
                names_until(start(next) + rest.len(), from, parts)?;
                parts.push(Part::Deed(deed));
                (from, again) = (start(next) + next.len(), true);
            }
            if from > start(token) || joins(next) {
                at += 2;
                continue;
            }
        }
        let end = start(token) + token.len();
        if nobody(token) {
            names_until(start(token), from, parts)?;
            parts.push(Part::Nobody);
            from = end;
        } else if let Some(deed) = Deed::of(token) {
            names_until(start(token), from, parts)?;
            parts.push(Part::Deed(deed));
            from = end;
        } else if let Some((deed, length)) = Deed::before(token) {
            names_until(start(token), from, parts)?;
            parts.push(Part::Deed(deed));
            from = start(token) + length;
        } else if let Some((name, deed)) = Deed::behind(token, again) {
            names_until(start(token) + name.len(), from, parts)?;
            parts.push(Part::Deed(deed));
            (from, again) = (end, true);
        }
        at += 1;
    }
    names_until(text.len(), from, parts)
}

/// Who did what: role words and labels say it of the names behind them, deeds of the names before them, or, where nothing
/// ends in one, of those behind them.
fn credits(parts: &[Part<'_>]) -> Option<Vec<Byline>> {
    let behind = matches!(parts.iter().rev().find(|part| !matches!(part, Part::Nobody)), Some(Part::Deed(_)));
    let mut found: Vec<Byline> = Vec::new();
    let (mut role, mut org, mut label) = (Role::Author, None, None::<Deed>);
    // Since the last deed, and since the last role word.
    let (mut open, mut empty) = (0, false);
    let only = parts.iter().filter(|part| matches!(part, Part::Deed(_))).count();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Role(next, house, word) => {
                // 本报记者 A 摄影记者 B is one house; a correspondent does not inherit it.
                org = house.or(org.filter(|_| *next == Role::Reporter));
                // 图/本报记者 A: the label says what he did, the role who he is.
                role = label
                    .filter(|_| empty)
                    .map_or(*next, |deed| if deed == Deed::SHOT { Role::Photographer } else { *next });
                label = label.filter(|deed| empty && *deed == Deed::BOTH);
                // 本报评论员 signs without a name.
                let nameless = simplified(word).starts_with("评论") && org.is_some();
                if !nameless && !matches!(parts.get(at + 1), Some(Part::Names(_) | Part::Nobody)) {
                    return None;
                }
                empty = false;
            }
            Part::Label(next, deed) => {
                (role, org, label, empty) = (*next, None, Some(*deed), true);
                open = found.len();
                if at + 1 == parts.len() {
                    return None;
                }
            }
            Part::Names(people) => {
                let first = found.len();
                found.extend(credit_all(people.clone(), role, org));
                if label == Some(Deed::BOTH) {
                    let also = also_photographed(found.split_off(first));
                    found.extend(also);
                }
                empty = false;
            }
            // 受访者/供图
            Part::Deed(_) if behind && at > 0 && matches!(parts[at - 1], Part::Nobody) => open = found.len(),
            Part::Deed(deed) if behind => {
                // Of a byline that says it once, all did it.
                let first = if *deed == Deed::BOTH && only == 1 { 0 } else { open };
                let mut people = found.split_off(first);
                if people.is_empty() {
                    return None;
                }
                if *deed == Deed::BOTH {
                    people = also_photographed(people);
                } else {
                    people.iter_mut().for_each(|by| by.role = deed.role(by.role));
                }
                found.extend(people);
                open = found.len();
            }
            Part::Deed(deed) => {
                // 摄影 林远: only what is surely a name is one behind a word without a mark.
                match parts.get(at + 1) {
                    Some(Part::Names(people)) if people.iter().all(|name| names::looks_like_name(name)) => {}
                    Some(Part::Role(..)) => {}
                    _ => return None,
                }
                (role, org, label, empty) = (deed.role(Role::Author), None, Some(*deed), true);
            }
            Part::Nobody => empty = false,
        }
    }
    Some(found)
}

/// `A 文 B 图`, `A/文 B/图`, `撰文 A 摄影 B`: deeds alone say who did what.
pub(super) fn by_deeds(text: &str, bracketed: bool) -> Option<Vec<Byline>> {
    if !needs::deeds(text, bracketed) {
        return None;
    }
    let mut parts = Vec::new();
    pieces(text, &mut parts)?;
    let parts = merged(parts);
    let deeds = parts.iter().any(|part| matches!(part, Part::Deed(_)));
    let named = parts.iter().any(|part| matches!(part, Part::Names(_)));
    (deeds && named).then(|| credits(&parts)).flatten()
}
