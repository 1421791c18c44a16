//! Who wrote: 本报记者 A B 通讯员 C; 新华社记者 A、B; A 本报记者 B; 文/A 图/B; □ A; and the bracket at a lead's beginning or a
//! text's end.

use std::sync::LazyLock;

use contract::{Byline, Role};
use regex::Regex;

use super::{names, needs, simplified, unbracketed};
use crate::extract::text::{is_blank, is_han, trim, wider_than};

/// Widest line, in half-width columns, that is still read as a byline.
const WIDEST: usize = 140;

/// Marks that papers set before a name.
pub(super) const BULLETS: [char; 18] =
    ['□', '■', '○', '●', '◎', '◇', '◆', '▲', '△', '★', '☆', '·', '•', '▢', '◻', '◼', '❏', '\u{25ab}'];

pub(super) static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"(?P<org>本报|本刊|本社|本网|本台|新\s*华\s*社|新华网|中新社|中新网|央视|[\p{Han}]{2,8}(?:日报|晚报|时报|早报|晨报|商报|快报|周报|报社|新闻网|新闻|通讯社|电视台|融媒体|客户端))?",
        r"\s*(?:(?:驻[\p{Han}]{1,6}?|特派|特约|首席|实习|见习|高级|资深|全媒体|融媒体|融媒|主任|文字|摄影|[\p{Han}]{2,3}(?:站|分社))\s*)*",
        r"(?P<role>记者|通讯员|通訊員|记着|评论员|实习生|撰稿人|撰稿|撰文|采写)\s*[/／:：]?",
        r"|(?P<label>整理|编辑|作者|口述|讲述|编译|翻译|摄影|图片|图文|文图|文|图|摄|绘图|制图|绘)\s*[/／:：]\s*",
    ))
});

/// What a byline ends in: who wrote says what, or from where.
pub(super) static SUFFIX: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"\s*(?P<what>(?:(?:现场|独家)?(?:摄影|综合|联合|连线|采访|跟踪|专题|现场|独家)?(?:报道|报导|专电|采写))|文/图|文／图|文/摄|图/文|图／文|文图|图文|文并摄|摄影并文)\s*$",
        r"|[\s/／]+(?P<from>发自\s*[\p{Han}]{2,10})\s*$",
    ))
});

/// `A 文 B 图`, `A/文 B/图`, `A 文/图`: what the names before it did.
static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?P<names>[\p{Han}·\s、，,]{2,30}?)(?:\s*[/／]\s*|\s+)(?P<what>文\s*[/／]\s*图|图\s*[/／]\s*文|文\s*[/／]\s*摄|文图|图文|文|图|摄影|摄|绘|整理|画|口述|讲述|记录)(?:\s+|$|；|;|，|、)",
    )
});

fn role_of(word: &str) -> Role {
    match simplified(word).as_ref() {
        "通讯员" | "实习生" => Role::Correspondent,
        "记者" | "记着" => Role::Reporter,
        "摄影" | "图" | "摄" | "绘" | "画" | "图片" | "制图" | "绘图" | "供图" => Role::Photographer,
        "整理" | "编辑" | "编译" | "翻译" => Role::Editor,
        _ => Role::Author,
    }
}

/// Signatures that name a house and no person.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:(?:本报|本刊|本网|本社|新华社|[\p{Han}]{2,6}(?:日报|晚报|时报|周报))\s*(?:特约)?(?:记者|评论员|评论部|编辑部|社评|综合(?:报道|报导|消息|整理)?)|综合(?:报道|报导|消息|外电|整理)|编辑部)$",
    )
});

/// A line that is nothing but a byline; the list is empty where it names a house and no person.
pub(crate) fn whole(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, WIDEST) || line.contains(['。', '！', '？', '“', '《']) {
        return None;
    }
    let text = trim(line);
    let bare = text.trim_start_matches(BULLETS);
    let (bare, marked) = (trim(bare), bare.len() < text.len());
    let inner = unbracketed(bare);
    let colon = inner.unwrap_or(bare).trim_end_matches([':', '：']);
    if needs::UNNAMED.any(colon) && NOBODY.is_match(colon) {
        return Some(Vec::new());
    }
    if let Some(found) = with_roles(colon, inner.is_some()) {
        return Some(found);
    }
    if let Some(found) = inner.and_then(bare_name) {
        return Some(found);
    }
    // （A　作者单位：某校）
    let employed = inner.and_then(|inner| inner.split_once("作者单位"));
    if let Some(found) = employed.and_then(|(name, _)| bare_name(trim(name).trim_end_matches(['，', ',', '；']))) {
        return Some(found);
    }
    let bare = inner.unwrap_or(bare);
    if let Some(found) = trailing(bare, (Role::Author, None)) {
        let sure = bare.contains(['/', '／']) || found.iter().all(|b| names::begins_with_family(&b.name));
        return sure.then_some(found);
    }
    if marked {
        let people = names::parse(bare)?;
        return (people.len() <= 6 && people.iter().all(|name| names::begins_with_family(name) || name.contains('·')))
            .then(|| credit_all(people, Role::Author, None));
    }
    None
}

/// The words inside the brackets of a lead.
pub(crate) fn in_brackets(words: &str) -> Option<Vec<Byline>> {
    with_roles(trim(words).trim_end_matches([':', '：']), true)
}

/// A line that is one or two plain names: a byline only where a headline stands before it.
pub(crate) fn bare_name(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, 20) || !needs::bare_name(line) {
        return None;
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
        && people.iter().any(|name| names::looks_like_name(name))
    {
        return Some(credit_all(people, Role::Author, None));
    }
    let known = bare.len() == trim(line).len() && people.iter().all(|name| names::looks_like_name(name));
    let parted = people.len() < 3 || people.len() == 3 && bare.contains([' ', '\u{3000}', '、', '，', ',']);
    (known && parted).then(|| credit_all(people, Role::Author, None))
}

/// Widest signature, in half-width columns.
pub(crate) const SIGNATURE: usize = 32;

/// The name behind a place or 读者.
pub(super) static PLACED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:[\p{Han}]{2,8}(?:省|市|县|区|镇|乡|村|街道|社区|大学|学院|中学|公司)\s*)?(?:读者\s*)?(?P<n>[\p{Han}\s·]{2,12})$",
    )
});

/// Place and person as a letter to the editor is signed, or one plain name: read only where a text has ended.
pub(crate) fn signature(line: &str) -> Option<Vec<Byline>> {
    if wider_than(line, SIGNATURE) {
        return None;
    }
    let bare = bare_name(line);
    // Where neither a place nor 读者 can stand before it, the name is the whole line, which was looked at.
    if bare.is_none() && !needs::placed_name(line) {
        return None;
    }
    bare.filter(|people| people.len() == 1).or_else(|| bare_name(&PLACED.captures(trim(line))?["n"]))
}

fn credit_all(people: Vec<String>, role: Role, organization: Option<&str>) -> Vec<Byline> {
    let organization = organization.map(|org| org.replace(is_blank, ""));
    people.into_iter().map(|name| Byline { name, role, organization: organization.clone() }).collect()
}

/// Words before a byline that say that whoever wrote also photographed.
const BOTH: [&str; 10] =
    ["文/图", "图/文", "文·图", "文/摄影", "文字/摄影", "文／图", "图／文", "文／圖", "圖／文", "图文"];

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
fn with_roles(text: &str, bracketed: bool) -> Option<Vec<Byline>> {
    let both = BOTH
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .map(|rest| trim(rest.trim_start_matches([':', '：', ' '])));
    if let Some(rest) = both {
        return by_markers(rest, bracketed)
            .or_else(|| names::parse(rest).map(|people| credit_all(people, Role::Author, None)))
            .map(also_photographed);
    }
    let Some(suffix) = needs::suffix(text).and_then(|t| SUFFIX.captures(t)) else {
        return by_markers(text, bracketed);
    };
    let what = suffix.name("what").or_else(|| suffix.name("from"))?;
    let before = &text[..suffix.get(0)?.start()];
    let spaced = text[before.len()..].starts_with(is_blank);
    let placeless = without_place(before, spaced).and_then(|left| by_markers(left, bracketed));
    let found = placeless.or_else(|| by_markers(before, bracketed))?;
    Some(if what.as_str().contains(['摄', '攝', '图', '圖']) { also_photographed(found) } else { found })
}

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
    let (left, place) = text.rsplit_once(is_blank)?;
    let town = |part: &str| {
        !names::begins_with_family(part)
            || !spaced && part.ends_with(['城', '市', '县', '州', '省', '区', '镇', '乡', '村'])
    };
    let place = place.strip_prefix("发自").or_else(|| place.strip_prefix("發自")).unwrap_or(place);
    let parts = || place.split(['、', '，', ',']);
    (parts().all(han) && parts().any(town)).then_some(left)
}

fn by_markers(text: &str, bracketed: bool) -> Option<Vec<Byline>> {
    if !needs::names_a_role(text) {
        return None;
    }
    let mut abuts = true;
    let mut found: Vec<Byline> = Vec::new();
    let mut at = 0;
    let mut current: Option<(Role, Option<&str>, &str)> = None;
    for marker in MARKER.captures_iter(text) {
        let whole = marker.get(0)?;
        // 整理：本报记者 A: two words for one person, of which the second counts.
        let twice = text[..whole.start()].ends_with(['：', ':', '/', '／']) && at == whole.start();
        region(&text[at..whole.start()], current.filter(|_| !twice), &mut found)?;
        let word = marker.name("role").or_else(|| marker.name("label"))?.as_str();
        let mut organization = marker.name("org").map(|org| org.as_str());
        // 本报记者 A 摄影记者 B is one house; a correspondent does not inherit it.
        if organization.is_none() && role_of(word) == Role::Reporter {
            organization = current.and_then(|(_, org, _)| org);
        }
        current = Some((role_of(word), organization, word));
        at = whole.end();
        abuts &= text[at..].starts_with(is_han) && !whole.as_str().ends_with(is_blank);
    }
    current?;
    region(&text[at..], current, &mut found)?;
    // 记者走进…: words that stand right behind the role must look like a name to be one.
    let known = !abuts || bracketed || found.iter().any(|b| names::begins_with_family(&b.name));
    (known || found.iter().any(|b| b.role == Role::Author && b.organization.is_some())).then_some(found)
}

fn region(text: &str, current: Option<(Role, Option<&str>, &str)>, found: &mut Vec<Byline>) -> Option<()> {
    let marks = |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | ':' | '：' | '/' | '／' | '|' | '｜');
    let divides = |c: char| marks(c) || is_blank(c) || BULLETS.contains(&c);
    let text = text.trim_matches(divides);
    match (text.is_empty(), current) {
        (true, None) => {}
        // 本报评论员 signs without a name.
        (true, Some((_, Some(_), word))) if simplified(word).starts_with("评论") => {}
        (true, Some(_)) => return None,
        (false, current) => {
            let (role, org) = current.map_or((Role::Author, None), |(role, org, _)| (role, org));
            let people = names::parse(text).map(|people| credit_all(people, role, org));
            found.extend(people.or_else(|| trailing(text, (role, org)))?);
        }
    }
    Some(())
}

/// `王伟/文 李明/图`, `王伟 文 李明 图`, `王伟 文/图`, after a role or without one.
fn trailing(text: &str, (role, org): (Role, Option<&str>)) -> Option<Vec<Byline>> {
    let mut found = Vec::new();
    if !needs::trailing(text) {
        return None;
    }
    let mut rest = text;
    while !rest.is_empty() {
        let part = TRAILING.captures(rest)?;
        let people = names::parse(&part["names"])?;
        let what: String = simplified(&part["what"]).chars().filter(|c| is_han(*c)).collect();
        let photos = what.contains(['图', '摄']);
        if what.contains('文') || !photos {
            let role = if what.contains('文') { role } else { role_of(&what) };
            found.extend(credit_all(people.clone(), role, org));
        }
        if photos {
            found.extend(credit_all(people, Role::Photographer, org));
        }
        rest = trim(&rest[part.get(0)?.end()..]);
    }
    (!found.is_empty()).then_some(found)
}

/// People whom role words introduce, and nothing else.
pub(crate) fn introduced(text: &str) -> Option<Vec<Byline>> {
    by_markers(trim(text), true)
}

/// A byline in brackets at the end of a text: where it begins, and who.
pub(crate) fn tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    let end = text.trim_end_matches(['。', ' ']);
    let inner_end = end.strip_suffix(['）', ')', '】'])?.len();
    let open = text[..inner_end].rfind(['（', '(', '【'])?;
    let before = text[..open].chars().rev().find(|c| !c.is_whitespace())?;
    if !(crate::extract::text::is_stop(before) || crate::extract::text::is_closer(before)) {
        return None;
    }
    let inner = trim(text[open..inner_end].trim_start_matches(['（', '(', '【']));
    let found = with_roles(inner, true).or_else(|| bare_name(inner))?;
    Some((open, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(line: &str) -> Vec<(String, Role, Option<String>)> {
        whole(line).unwrap_or_default().into_iter().map(|b| (b.name, b.role, b.organization)).collect()
    }

    fn plain(name: &str, role: Role, org: Option<&str>) -> (String, Role, Option<String>) {
        (name.to_owned(), role, org.map(str::to_owned))
    }

    #[test]
    fn joint_bylines_keep_each_role_and_house() {
        use Role::{Author, Correspondent, Photographer, Reporter};
        let ours = Some("本报");
        assert_eq!(
            names_of("本报记者 陈小禾 林远 通讯员 周舟"),
            [plain("陈小禾", Reporter, ours), plain("林远", Reporter, ours), plain("周舟", Correspondent, None)]
        );
        assert_eq!(
            names_of("新华社记者 陈小禾、林远"),
            [plain("陈小禾", Reporter, Some("新华社")), plain("林远", Reporter, Some("新华社"))]
        );
        assert_eq!(names_of("周舟 本报记者 林　远"), [plain("周舟", Author, None), plain("林远", Reporter, ours)]);
        assert_eq!(names_of("文/陈小禾 图/林远"), [plain("陈小禾", Author, None), plain("林远", Photographer, None)]);
        assert_eq!(
            names_of("文/图 本报记者 陈小禾"),
            [plain("陈小禾", Reporter, ours), plain("陈小禾", Photographer, ours)]
        );
        assert_eq!(names_of("本报特派记者 陈小禾"), [plain("陈小禾", Reporter, ours)]);
        assert_eq!(names_of("本报记者 陈小禾 发自云城"), [plain("陈小禾", Reporter, ours)]);
        assert_eq!(
            names_of("□ 本报记者 陈小禾 文 林远 图"),
            [plain("陈小禾", Reporter, ours), plain("林远", Photographer, ours)]
        );
        assert_eq!(names_of("陈小禾　文/图"), [plain("陈小禾", Author, None), plain("陈小禾", Photographer, None)]);
        assert_eq!(
            names_of("文／陈小禾　圖／林远"),
            [plain("陈小禾", Author, None), plain("林远", Photographer, None)]
        );
        assert_eq!(names_of("文：陈小禾"), [plain("陈小禾", Author, None)]);
        assert_eq!(
            names_of("记者陈小禾、林远／云城连线報導"),
            [plain("陈小禾", Reporter, None), plain("林远", Reporter, None)]
        );
        assert_eq!(
            names_of("本报记者 陈小禾 见习记者 林远 沙城、云州报道"),
            [plain("陈小禾", Reporter, ours), plain("林远", Reporter, ours)]
        );
        assert_eq!(
            names_of("本报记者/陈小禾 摄影/林远"),
            [plain("陈小禾", Reporter, ours), plain("林远", Photographer, None)]
        );
        assert_eq!(names_of("（陈小禾）"), [plain("陈小禾", Author, None)]);
        assert_eq!(names_of("本报记者 陈小禾 云城报道"), [plain("陈小禾", Reporter, ours)]);
    }

    #[test]
    fn an_author_may_say_where_he_works_and_a_correspondent_is_no_town() {
        assert_eq!(names_of("（林远 作者单位：云城市第二中学）"), [plain("林远", Role::Author, None)]);
        assert_eq!(in_brackets("记者陈小禾 通讯员周舟海报道").map(|people| people.len()), Some(2));
    }

    #[test]
    fn marks_between_names_and_pen_names_are_read() {
        let names = |line: &str| names_of(line).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
        assert_eq!(names("■本报记者 陈小禾 ■通讯员 林远"), ["陈小禾", "林远"]);
        assert_eq!(names("本报全媒体记者 陈小禾 本报首席记者 林远"), ["陈小禾", "林远"]);
        let bare = |line| bare_name(line).unwrap_or_default().into_iter().map(|b| b.name).collect::<Vec<_>>();
        assert_eq!(bare("□言默"), ["言默"]);
        assert_eq!(bare("海　棠"), ["海棠"]);
        assert_eq!(bare("短 讯"), [""; 0]);
    }

    #[test]
    fn a_house_that_signs_is_a_byline_without_a_person() {
        for line in ["本报评论员", "（本报评论员）", "【綜合報導】", "云城日报编辑部"] {
            assert_eq!(whole(line), Some(Vec::new()), "{line}");
        }
    }

    #[test]
    fn running_text_is_no_byline() {
        for line in
            ["记者从市交通局获悉", "本报记者走进车间", "图书馆", "本报记者 陈小禾 林远 来到现场，看到了桥", "文化长廊"]
        {
            assert_eq!(whole(line), None, "{line}");
        }
    }

    #[test]
    fn a_signature_at_the_end_is_found_after_a_full_stop_only() {
        assert_eq!(tail("桥通了。（记者 陈小禾）").map(|(_, by)| by.len()), Some(1));
        assert_eq!(tail("桥通了。（陈小禾）").map(|(_, by)| by.len()), Some(1));
        assert_eq!(tail("他叫林远（林小远）"), None);
    }
}
