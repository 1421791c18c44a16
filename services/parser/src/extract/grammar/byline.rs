//! Who wrote: 本报记者 A B 通讯员 C; 新华社记者 A、B; A 本报记者 B; 文/A 图/B; □ A; and the bracket at a lead's beginning or a
//! text's end. [`roles`] reads role words and deeds, [`signed`] names with where somebody works, [`headed`] who wrote behind a heading.

mod deeds;
mod headed;
pub(super) mod roles;
mod signed;

pub(crate) use headed::{ends_heading, signs_heading};
pub(crate) use signed::is_letters;

use std::sync::LazyLock;

use contract::{Byline, Role};
use regex::Regex;

use super::{names, needs, unbracketed};
use crate::extract::text::{is_blank, is_closer, is_stop, trim, wider_than};

/// Widest line, in half-width columns, that is still read as a byline.
const WIDEST: usize = 140;

/// Marks that papers set before a name.
pub(super) const BULLETS: [char; 19] =
    ['□', '■', '○', '●', '◎', '◇', '◆', '▲', '△', '★', '☆', '·', '•', '▢', '◻', '◼', '❏', '\u{25ab}', '▍'];

/// Signatures that name a house and no person.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:(?:本报|本刊|本网|本社|新华社|[\p{Han}]{2,6}(?:日报|晚报|时报|周报))\s*(?:特约)?(?:记者|评论员(?:文章)?|评论部|编辑部|社评|综合(?:报道|报导|消息|整理)?)|综合(?:(?:新华社|中新社|本报)(?:[、\s]*(?:本报)?驻[\p{Han}]{1,6}记者)?)?(?:报道|报导|消息|外电|整理)|编辑部)$",
    )
});

/// A line that is nothing but a byline; the list is empty where it names a house and no person.
pub(crate) fn whole(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, WIDEST)
        || line.contains(['。', '！', '？', '!', '?', '“'])
        || line.contains('《') && !["》记者", "》报记者"].iter().any(|own| line.contains(own))
        || refers(line)
    {
        return None;
    }
    let text = trim(line);
    if let Some(name) = text.strip_prefix("By ").or_else(|| text.strip_prefix("BY ")) {
        let latin = names::parse(name).filter(|people| name.is_ascii() && people[0].contains(' '));
        return latin.map(|people| credit_all(people, Role::Author, None));
    }
    let text = trim(text.trim_start_matches(['—', '<', '＜']).trim_end_matches(['>', '＞']));
    let text = without_address(text);
    // 陈小禾 / 文 林远 / 图
    let close = text.contains(" / ").then(|| text.replace(" / ", "/"));
    let text = close.as_deref().unwrap_or(text);
    let bare = text.trim_start_matches(BULLETS);
    let (bare, marked) = (trim(bare), bare.len() < text.len());
    let inner = unbracketed(bare);
    let colon = inner.unwrap_or(bare).trim_end_matches([':', '：']);
    if needs::UNNAMED.any(colon) && NOBODY.is_match(colon) {
        return Some(Vec::new());
    }
    // （市气象台 市农技站）, （解答：市职工服务中心）: houses, and no person.
    if inner.is_some_and(names_houses) {
        return Some(Vec::new());
    }
    // 陈小禾 本报驻漳州记者
    // 陈小禾 本报特约书评人
    let own = |role: &str| role.starts_with("本报") && role.ends_with(['人', '家', '师']) && !wider_than(role, 18);
    let stationed = bare.rsplit_once(is_blank).filter(|(_, role)| is_role(role) || own(role));
    let stationed = stationed.and_then(|(name, _)| names::parse(name));
    if let Some(people) = stationed.filter(|people| people.iter().all(|name| names::looks_like_name(name))) {
        let house = bare.contains("本报").then_some("本报");
        return Some(credit_all(people, Role::Reporter, house));
    }
    // （云城日报记者 林远 漳州26日电）
    let wired = Some(inner.unwrap_or(bare)).filter(|words| words.ends_with(['电', '電']));
    let wired = wired.and_then(|words| words.rsplit_once(|c| is_blank(c) || matches!(c, '/' | '／')));
    if let Some((before, place)) = wired
        && place.contains(|c: char| c.is_ascii_digit() || c.is_numeric())
        && let Some(found) = roles::with_roles(trim(before), true)
    {
        return Some(found);
    }
    let ranked = ["（实习）", "(实习)", "（见习）", "(见习)"].iter().find(|note| colon.contains(*note));
    let unranked = ranked.map(|note| colon.replace(note, " "));
    let colon = unranked.as_deref().map_or(colon, trim);
    let noted = without_notes(colon);
    let plain = noted.as_ref().map_or(colon, |(plain, _)| plain.as_str());
    if let Some(found) = roles::with_roles(plain, inner.is_some()) {
        return Some(found);
    }
    // 陈小禾（云城大学教授）
    if let Some((name, notes)) = &noted {
        let known = |name: &String| names::looks_like_name(name) || names::is_of_another_language(name);
        let plain = trim(name.strip_prefix("作者").unwrap_or(name));
        let people = names::parse(plain).filter(|people| people.iter().all(known))?;
        // 陈小禾（发自云城）
        let sent = |note: &str| note.starts_with("发自") || note.starts_with("發自");
        let stations = |note: &String| sent(note) || note.split(['/', '／']).all(signed::is_station);
        let house = notes.first().filter(|note| people.len() == 1 && !sent(note)).map(String::as_str);
        return notes.iter().all(stations).then(|| credit_all(people, Role::Author, house));
    }
    if let Some(found) = inner.and_then(bare_name) {
        return Some(found);
    }
    // （边城）: a word that is a name where nothing else is.
    let penned =
        inner.and_then(names::pen_names).filter(|people| people.iter().all(|name| names::begins_with_family(name)));
    if let Some(people) = penned {
        return Some(credit_all(people, Role::Author, None));
    }
    // （A　作者单位：某校）
    let employed = inner.and_then(|inner| inner.split_once("作者单位"));
    if let Some(found) = employed.and_then(|(name, _)| bare_name(trim(name).trim_end_matches(['，', ',', '；']))) {
        return Some(found);
    }
    let employed = bare.strip_prefix("作者单位").map(|rest| rest.trim_start_matches([':', '：', ' ']));
    if let Some(found) = employed.or(inner).and_then(signed::attributed) {
        return Some(found);
    }
    if let Some(found) = mended(colon).and_then(|whole| roles::with_roles(&whole, inner.is_some())) {
        return Some(found);
    }
    let bare = inner.unwrap_or(bare);
    if let Some(found) = roles::by_deeds(bare, inner.is_some()) {
        let sure = bare.contains(['/', '／']) || found.iter().all(|b| names::begins_with_family(&b.name));
        return sure.then_some(found);
    }
    if marked {
        // □主管药师 陈小禾
        let placed = || bare.rsplit_once(is_blank).filter(|(station, _)| !station.contains(['，', ',', '、']));
        let Some(people) = names::parse(bare) else {
            return placed().and_then(|_| signed::attributed(bare)).filter(|_| !wider_than(bare, 48));
        };
        return (people.len() <= 6 && people.iter().all(|name| names::begins_with_family(name) || name.contains('·')))
            .then(|| credit_all(people, Role::Author, None));
    }
    None
}

/// A byline without the e-mail address at its end.
fn without_address(text: &str) -> &str {
    let address = |last: &str| last.contains('@') && last.is_ascii();
    text.rsplit_once(is_blank).filter(|(_, last)| address(last)).map_or(text, |(before, _)| trim(before))
}

/// Whether the words in a bracket are nothing but houses.
fn names_houses(inner: &str) -> bool {
    const HOUSES: &str = "局|台|站|所|委|院|中心|协会|学会|公司|大学|学校|工会|支队|大队|办公室|编辑部|评论部|出版社";
    const LABELS: [&str; 6] = ["解答", "答疑", "供稿", "提供", "整理", "咨询"];
    let labelled = inner.split_once(['：', ':']).filter(|(label, _)| LABELS.iter().any(|word| label.ends_with(word)));
    let houses = labelled.map_or(inner, |(_, houses)| houses);
    let houses = LABELS.iter().find_map(|word| houses.strip_suffix(word)).unwrap_or(houses);
    let han = |part: &str| part.chars().all(crate::extract::text::is_han) && wider_than(part, 7);
    let named = |part: &str| han(part) && HOUSES.split('|').any(|word| part.ends_with(word));
    let mut parts = houses.split(|c: char| is_blank(c) || matches!(c, '、' | '，')).filter(|part| !part.is_empty());
    parts.next().is_some_and(named) && parts.all(named)
}

/// `实习 生林远`, `本 报记 者 陈小禾`: with whole role words, where a recogniser or a line's end put blanks into them.
fn mended(text: &str) -> Option<String> {
    static TORN: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"本\s+报|记\s+者|读\s+者|通\s+讯\s*员|通\s*讯\s+员|实\s+习\s*生|实\s*习\s+生|见\s+习\s*生|见\s*习\s+生|评\s+论\s*员|评\s*论\s+员",
        )
    });
    if !text.contains(is_blank) || wider_than(text, SIGNED) || !TORN.is_match(text) {
        return None;
    }
    Some(TORN.replace_all(text, |found: &regex::Captures<'_>| found[0].replace(is_blank, "")).into_owned())
}

/// A text without what stands in brackets behind its names, and these notes.
fn without_notes(text: &str) -> Option<(String, Vec<String>)> {
    let (mut plain, mut notes, mut rest) = (String::new(), Vec::new(), text);
    while let Some(open) = rest.find(['（', '(']) {
        let inner = rest[open..].trim_start_matches(['（', '(']);
        let close = inner.find(['）', ')'])?;
        let note = trim(&inner[..close]);
        if trim(&rest[..open]).is_empty() && plain.is_empty() || needs::names_a_role(note) || wider_than(note, 40) {
            return None;
        }
        plain.push_str(&rest[..open]);
        plain.push(' ');
        notes.push(note.to_owned());
        rest = inner[close..].trim_start_matches(['）', ')']);
    }
    plain.push_str(rest);
    (!notes.is_empty()).then(|| (trim(&plain).to_owned(), notes))
}

/// The words inside the brackets of a lead.
pub(crate) fn in_brackets(words: &str) -> Option<Vec<Byline>> {
    let words = trim(words).trim_end_matches([':', '：']);
    roles::with_roles(words, true).or_else(|| roles::with_roles(&mended(words)?, true))
}

/// Widest line, in half-width columns, of plain names.
const NAMED: usize = 32;

/// A line that is a few plain names, or one with where its bearer works: a byline only where a headline stands before it.
pub(crate) fn bare_name(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, NAMED) || !needs::bare_name(line) {
        return None;
    }
    if let Some(found) = signed::attached(line) {
        return Some(found);
    }
    if let Some(name) = names::from_abroad(trim(line)) {
        return Some(credit_all(vec![name.to_owned()], Role::Author, None));
    }
    if let Some(name) = names::pen_name(trim(line)) {
        return Some(credit_all(vec![name], Role::Author, None));
    }
    let bare = trim(line).trim_start_matches(BULLETS);
    let people = names::parse(bare)?;
    // Of several names behind a mark some may be pen names.
    let set = bare.len() < trim(line).len() && (2..=4).contains(&people.len());
    if set
        && people.iter().all(|name| names::may_be_pen_name(name))
        && people.iter().any(|name| names::begins_with_family(name))
    {
        return Some(credit_all(people, Role::Author, None));
    }
    let known = |name: &String| names::looks_like_name(name) || names::is_of_another_language(name);
    let known = bare.len() == trim(line).len() && people.iter().all(known);
    let parted = people.len() < 3 || people.len() <= 4 && bare.contains([' ', '\u{3000}', '、', '，', ',']);
    (known && parted).then(|| credit_all(people, Role::Author, None))
}

/// Widest signature, in half-width columns.
pub(crate) const SIGNATURE: usize = 32;

/// The name behind a place or 读者.
pub(super) static PLACED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:[\p{Han}]{2,8}(?:省|市|县|区|镇|乡|村|街道|社区|大学|学院|中学|公司)\s*)?(?:[\p{Han}]{0,10}(?:读者|市民|网友|居民|村民|职工|业主|住户|商户|用户|店主|家长|学生|教师|员工)\s*)?(?P<n>[\p{Han}\s·]{2,12})$",
    )
});

/// Place and person as a letter to the editor is signed, or one plain name: read only where a text has ended.
pub(crate) fn signature(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, SIGNATURE) || refers(line) {
        return None;
    }
    if let Some(inner) = unbracketed(trim(line)) {
        let people = names::bracketed(inner).map(|people| credit_all(people, Role::Author, None));
        return people.or_else(|| bare_name(inner));
    }
    let bare = bare_name(line);
    // Where neither a place nor 读者 can stand before it, the name is the whole line, which was looked at.
    if bare.is_none() && !needs::placed_name(line) {
        return None;
    }
    bare.filter(|people| people.len() == 1).or_else(|| bare_name(&PLACED.captures(trim(line))?["n"]))
}

/// （讲话全文另发）, 陈小禾林远出席, （作者系…、主任）: characters that could be names, and point elsewhere, say who was there or what
/// somebody is.
fn refers(line: &str) -> bool {
    let describes = |line: &str| ["作者为", "作者系", "作者是"].iter().any(|words| line.starts_with(words));
    ["全文", "另发", "出席"].iter().any(|word| line.contains(word))
        || !line.contains(is_blank) && unbracketed(line).is_some_and(describes)
}

fn credit_all(people: Vec<String>, role: Role, organization: Option<&str>) -> Vec<Byline> {
    let organization = organization.map(|org| org.replace(is_blank, ""));
    people.into_iter().map(|name| Byline { name, role, organization: organization.clone() }).collect()
}

/// Whether a text is nothing but the role of whoever reports, with the house and the rank before it: 本报记者.
pub(crate) fn is_role(text: &str) -> bool {
    const ENDS: [char; 9] = ['者', '着', '著', '员', '員', '生', '站', ':', '：'];
    let text = trim(text.trim_start_matches(BULLETS));
    let found = Some(text).filter(|text| text.ends_with(ENDS)).and_then(|text| roles::MARKER.captures(text));
    let reports = |word: &str| matches!(deeds::role_of(word), Role::Reporter | Role::Correspondent);
    found.is_some_and(|found| &found[0] == text && found.name("role").is_some_and(|word| reports(word.as_str())))
}

/// People whom role words introduce, and nothing else.
pub(crate) fn introduced(text: &str) -> Option<Vec<Byline>> {
    roles::by_markers(trim(text), true)
}

/// Names in a bracket that can hold nothing else, with or without 报道 behind them.
pub(crate) fn named(text: &str) -> Option<Vec<Byline>> {
    let plain = ["报道", "報道", "报导", "報導"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let people = names::parse(trim(plain))?;
    // Beside a name what else stands there is one, too: （陈小禾 江宣）.
    let known = people.iter().filter(|name| names::looks_like_name(name)).count();
    let penned = |name: &String| (2..=3).contains(&name.chars().count()) && names::may_be_pen_name(name);
    let sure = known == people.len() || known > 0 && people.len() < 4 && people.iter().all(penned);
    sure.then(|| credit_all(people, Role::Author, None))
}

/// People beside words for what they did, and nothing else.
pub(crate) fn done(text: &str) -> Option<Vec<Byline>> {
    roles::by_deeds(trim(text), false)
}

/// A line that is a word of two or three characters, as pen names are.
pub(crate) fn penned(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, 6) {
        return None;
    }
    let people = names::pen_names(trim(line)).filter(|people| people.len() == 1)?;
    Some(credit_all(people, Role::Author, None))
}

/// Names that nothing but their place says are those of authors.
pub(crate) fn unmarked(line: &str) -> Option<Vec<Byline>> {
    signature(line).or_else(|| penned(line))
}

/// Widest signature without a bracket at a text's end, in half-width columns.
const SIGNED: usize = 60;

/// A byline at the end of a text, mostly in brackets: where it begins, and who.
pub(crate) fn tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    let end = text.trim_end_matches(['。', ' ']);
    let Some(inner_end) = end.strip_suffix(['）', ')', '】']).map(str::len) else { return open_tail(text) };
    let open = text[..inner_end].rfind(['（', '(', '【'])?;
    let before = text[..open].chars().rev().find(|c| !c.is_whitespace())?;
    if !(is_stop(before) || is_closer(before) || before == '.') {
        return None;
    }
    let inner = trim(text[open..inner_end].trim_start_matches(['（', '(', '【']));
    if needs::UNNAMED.any(inner) && NOBODY.is_match(inner) {
        return Some((open, Vec::new()));
    }
    let authored = || {
        let name = inner.strip_prefix("作者").map(|rest| rest.trim_start_matches([':', '：', ' ', '\u{3000}']))?;
        let name = name.split(['，', ',']).next().filter(|name| !name.starts_with(['系', '是', '为', '单']))?;
        Some(credit_all(names::pen_names(name)?, Role::Author, None))
    };
    let found = in_brackets(inner)
        .or_else(authored)
        .or_else(|| bare_name(inner))
        .or_else(|| roles::by_deeds(inner, true))
        .or_else(|| signed::attributed(inner))
        .or_else(|| names::pen_names(inner).map(|people| credit_all(people, Role::Author, None)))?;
    Some((open, found))
}

/// Blanks that set a name apart from the text before it.
const APART: usize = 4;

/// …。 本报记者 A: who wrote behind a text's last stop.
fn open_tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    // Most texts end in a stop, and then nothing stands behind it.
    if text.ends_with(is_stop) {
        return None;
    }
    let (at, stop) = text.char_indices().rev().take(SIGNED / 2).find(|(_, c)| is_stop(*c) || is_closer(*c))?;
    let rest = &text[at + stop.len_utf8()..];
    let words = trim(rest);
    let begins = text.len() - rest.trim_start_matches(is_blank).len();
    // …。□A, and a name set apart at the line's end.
    let bare = words.trim_start_matches(BULLETS);
    let apart = rest.chars().take_while(|c| is_blank(*c)).count() >= APART;
    if bare.len() < words.len() || apart && !words.contains(is_blank) {
        let name = trim(bare);
        let known = names::looks_like_name(name) || names::pen_names(name).is_some_and(|people| people.len() == 1);
        return known.then(|| (begins, credit_all(vec![name.to_owned()], Role::Author, None)));
    }
    let spaced = words.contains(is_blank) && !words.starts_with(is_blank);
    if !spaced || !needs::names_a_role(words) {
        return None;
    }
    let found = roles::with_roles(words, false)?;
    let sure = found.iter().any(|by| by.role != Role::Photographer)
        && found.iter().all(|by| names::may_be_name(&by.name) || by.name.contains('·'));
    sure.then_some((begins, found))
}

#[cfg(test)]
mod tests;
