//! Who photographed: 本报记者 X 摄; 新华社发(X 摄); X、Y 摄; 图/X: a line of its own, or the end of a caption.

use std::sync::LazyLock;

use contract::{Byline, Role};
use regex::Regex;

use super::{byline, either_script, names, needs};
use crate::extract::text::{CharSet, is_blank, is_closer, is_han, is_stop, trim, wider_than};

static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"^(?P<open>[（(【\[]\s*)?(?P<org>本报|本刊|本网|本社|新\s*华\s*社|新华网|中新社|中新网|[\p{Han}]{2,6}(?:日报|晚报|报|社|网))?\s*",
        r"(?:特派|特约|实习|见习|首席|全媒体|融媒体|摄影师|摄影)*\s*(?P<role>记者|通讯员|实习生|发)?\s*[/／:：]?\s*[（(]?\s*",
        r"(?P<names>[\p{Han}·]{1,10}?(?:[\s、，,/／和]+[\p{Han}·]{1,10}?)*?)(?P<gap>\s*[/／]?\s*)",
        r"(?P<did>摄影报道|摄影|摄|供图|图)\s*[）)】\]]*\s*(?:[（(][^（()）]{1,12}[)）])?\s*[。.]?$",
    ))
});

/// What says of several pictures at once who photographed them, or lets them.
static SHARED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:(?:本[版组文期栏]|以上|除署名外)[\p{Han}]{0,10}?(?:均|皆|全)?(?:由|为|(?P<label>摄影)\s*[:：/／]?)|均[由为]|(?:图片?|照片)均?由)\s*(?P<rest>\S.*)$",
    )
});

static NAMELESS: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^[（(【\[]?\s*(?:新华社发|新华社照片|(?:本报)?资料(?:图片?|照片)|图片来源[:：].{2,16}|(?:图片)?(?:由)?[\p{Han}]{2,14}(?:供图|供稿|提供(?:图片)?)|CFP(?:供图)?|视觉中国|人民图片|人民视觉|影像中国)\s*[）)】\]]?(?:\s*[（(][^（()）]{2,8}[）)])?$",
    )
});

/// One of these opens a credit that says first what was done, brackets aside.
static OPENS: LazyLock<CharSet> = LazyLock::new(|| either_script("图摄漫插供绘制照".chars()));
/// One of these opens what says it of several pictures.
static TOGETHER: LazyLock<CharSet> = LazyLock::new(|| either_script("本以除均图照".chars()));
/// One of these ends a credit that says last what was done, brackets aside.
static DID: LazyLock<CharSet> = LazyLock::new(|| either_script("道影摄图供绘作制".chars()));
/// One of these opens a credit without a name, or 供 stands in it.
static HOUSES: LazyLock<CharSet> = LazyLock::new(|| either_script("新资本图C视人影".chars()));

/// The first character of a text inside its bracket.
fn opening(text: &str) -> Option<char> {
    text.strip_prefix(['（', '(', '【', '[']).unwrap_or(text).trim_start().chars().next()
}

fn credit(people: Vec<String>, organization: Option<&str>) -> Vec<Byline> {
    people
        .into_iter()
        .map(|name| Byline {
            name,
            role: Role::Photographer,
            organization: organization.map(|org| org.replace(is_blank, "")),
        })
        .collect()
}

/// A line that is nothing but a credit; the list is empty where the credit names nobody.
pub(crate) fn whole(line: &str) -> Option<Vec<Byline>> {
    let text = trim(line);
    if wider_than(text, 70) || wrote_too(text) {
        return None;
    }
    if let Some((0, found)) = tail(text) {
        return Some(found);
    }
    let opens = opening(text);
    if opens.is_some_and(|first| TOGETHER.has(first))
        && let Some(found) = SHARED.captures(text)
        && let Some(people) = joint(&found["rest"])
            .or_else(|| found.name("label").and_then(|_| labelled(&format!("摄影/{}", &found["rest"]))))
    {
        return Some(people);
    }
    if opens.is_some_and(|first| OPENS.has(first))
        && let Some(found) = labelled(text)
    {
        return Some(found);
    }
    let nameless = || {
        let house = opens.is_some_and(|first| HOUSES.has(first)) || text.contains('供');
        (house && NAMELESS.is_match(text)).then(Vec::new)
    };
    joint(text).or_else(nameless)
}

/// `图/A`, `摄影：A B`, `摄影 本报记者 A`, `攝影A`: what was done, and by whom.
fn labelled(text: &str) -> Option<Vec<Byline>> {
    let inner = super::unbracketed(text).unwrap_or(text);
    let abutting = || {
        let name = ["摄影", "攝影"].iter().find_map(|word| inner.strip_prefix(word))?;
        names::looks_like_name(name).then(|| credit(vec![name.to_owned()], None))
    };
    let found = byline::introduced(inner).or_else(|| byline::done(inner)).or_else(abutting)?;
    (!found.is_empty() && found.iter().all(|by| by.role == Role::Photographer)).then_some(found)
}

/// `A 文/摄`: who wrote as well signs an article.
fn wrote_too(text: &str) -> bool {
    [
        "文/摄",
        "文／摄",
        "文/攝",
        "文并摄",
        "文、摄",
        "文·摄",
        "撰文摄影",
        "撰文/摄影",
        "摄影并文",
        "文/图",
        "文／图",
        "图/文",
        "图／文",
    ]
    .iter()
    .any(|did| text.trim_end_matches(|c| is_closer(c) || is_blank(c)).ends_with(did))
}

/// Characters of a foreign name.
const ABROAD: std::ops::RangeInclusive<usize> = 4..=12;

/// `本报记者 A 见习记者 B/摄`, `图／记者A摄`, `通讯员 A B 供图`: role words of every sort, then what they did.
fn joint(text: &str) -> Option<Vec<Byline>> {
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(concat!(
            r"^[（(【\[]?\s*(?:(?P<house>新\s*华\s*社|中新社|人民日报)\s*发\s*[（(]?\s*|[\p{Han}]{2,10}供图\s*[（(]\s*)?(?P<who>(?:热心)?(?:读者|网友|市民|摄友)\s*)?",
            r"(?P<names>[\p{Han}A-Za-z·\s、，,/／]{2,60}?)(?P<gap>\s*[/／]?\s*)(?P<did>摄影报道|摄影|拍摄|摄|供图|提供|绘制|绘|编制|制图|作)\s*[）)】\]]*$",
        ))
    });
    let ends = text.strip_suffix(['）', ')', '】', ']']).unwrap_or(text).trim_end().chars().next_back();
    if !ends.is_some_and(|last| DID.has(last)) {
        return None;
    }
    let found = MADE.captures(text)?;
    let drawn = found["did"].contains(['绘', '繪', '作', '制', '製']);
    // 合作, 绘制: only behind a blank or an agency it says who drew.
    if drawn && found["gap"].is_empty() && found.name("house").is_none() {
        return None;
    }
    let words = trim(&found["names"]);
    let plain = || {
        let people = names::parse(words)?;
        let sure = found.name("who").is_some() && people.iter().all(|name| name.chars().count() <= 3)
            || (!found["did"].starts_with('提') || found.name("who").is_none())
                && people.iter().all(|name| names::looks_like_name(name));
        sure.then(|| credit(people, None))
    };
    let marked = byline::introduced(words).filter(|people| !people.is_empty());
    // 新华社发（艾哈迈德 摄）: an agency's photographers abroad.
    let abroad = || {
        let name = words.chars().all(|c| is_han(c) || c == '·') && ABROAD.contains(&words.chars().count());
        (name && found.name("house").is_some()).then(|| credit(vec![words.to_owned()], None))
    };
    let people = marked.or_else(plain).or_else(abroad)?;
    Some(people.into_iter().map(|person| Byline { role: Role::Photographer, ..person }).collect())
}

/// A credit at the end of a text: where it begins, and whom it names.
pub(crate) fn tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    let outer = |c: char| is_blank(c) || is_closer(c) || matches!(c, '。' | '.');
    let mut end = text.trim_end_matches(outer);
    // 林远 摄（云城影像）
    if let Some(open) =
        text.trim_end_matches(['。', '.', ' ']).strip_suffix(['）', ')']).and_then(|t| t.rfind(['（', '(']))
        && text.len() - open <= 45
        && text[..open].trim_end().ends_with(['摄', '攝', '影', '道', '图', '圖'])
    {
        end = text[..open].trim_end();
    }
    if !end.ends_with(['摄', '攝', '道', '影', '图', '圖']) {
        return labelled_tail(text).or_else(|| lent_tail(text));
    }
    if wrote_too(end) {
        return None;
    }
    // Only the end is looked at, so that a long paragraph costs no more than a short one.
    let reach = text.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let window = &text[reach..];
    let from = needs::credit_begins(window);
    let begins = window.char_indices().map(|(at, _)| at).filter(|at| {
        let before = text[..reach + at].chars().next_back();
        let bracket = || window[*at..].starts_with(['（', '(']);
        *at >= from && (before.is_none_or(|c| is_blank(c) || is_stop(c) || is_closer(c)) || bracket())
    });
    for at in begins {
        let here = &window[at..];
        let Some(found) = CREDIT.captures(here) else { continue };
        let named = found.name("org").is_some() || found.name("role").is_some() || found.name("open").is_some();
        let spaced = !found["gap"].is_empty();
        let line = reach + at == 0;
        // A name that begins where the text has ended.
        let apart = || text[..reach + at].trim_end_matches(is_blank).ends_with(is_stop);
        let people = names::parse(&found["names"]);
        // 本报记者 A 通讯员 B 摄: role words of every sort.
        if people.is_none() && named && needs::names_a_role(&found["names"]) {
            match joint(here) {
                Some(people) => return Some((reach + at, people)),
                None => continue,
            }
        }
        if matches!(&found["did"], "图" | "圖") && !found["gap"].contains(['/', '／'])
            || matches!(&found["did"], "供图" | "供圖") && found.name("role").is_none() && !apart()
        {
            continue;
        }
        if let Some(people) = people
            && (named
                || spaced
                || (line || apart())
                    && people.iter().all(|name| names::looks_like_name(name) || apart() && is_unknown(name)))
            && (named || line && spaced || people.iter().any(|name| is_known(name)) || apart())
        {
            return Some((reach + at, credit(people, found.name("org").map(|org| org.as_str()))));
        }
    }
    labelled_tail(text).or_else(|| lent_tail(text))
}

/// Three characters that are no word, and no verb before 摄.
fn is_unknown(name: &str) -> bool {
    name.chars().count() == 3 && names::may_be_name(name) && !name.ends_with(['拍', '航', '街', '抓', '实'])
}

fn is_known(name: &str) -> bool {
    names::begins_with_family(name) || names::is_of_another_language(name) || names::is_of_sounds(name)
}

/// …。（受访者供图）, …。图/视觉中国, …。（陈小禾提供）: a picture that nobody of the paper made.
fn lent_tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    let end = text.trim_end_matches(|c| is_blank(c) || matches!(c, '。' | '.'));
    let stopped = |at: usize| text[..at].trim_end_matches(is_blank).ends_with(|c| is_stop(c) || is_closer(c));
    let bracket = end.ends_with(['）', ')']).then(|| end.rfind(['（', '('])).flatten();
    let stop = || end.char_indices().rev().take(LABELLED).find(|(_, c)| is_stop(*c)).map(|(at, c)| at + c.len_utf8());
    let at = bracket.or_else(stop).filter(|at| *at > 0 && stopped(*at))?;
    let words = trim(&end[at..]);
    let lent = words.contains(['供', '图', '圖']) && !words.contains(['，', '。']);
    let found = if lent { whole(words) } else { None };
    Some((end.len() - words.len(), found?))
}

/// …。图/A: what was done first, behind a text's last stop.
fn labelled_tail(text: &str) -> Option<(usize, Vec<Byline>)> {
    let end = text.trim_end_matches(is_blank);
    if end.ends_with(is_stop) {
        return None;
    }
    let stop = |(_, c): &(usize, char)| is_stop(*c);
    let (at, c) = end.char_indices().rev().take(LABELLED).find(stop)?;
    let begins = at + c.len_utf8();
    let begins = begins + end[begins..].len() - end[begins..].trim_start_matches(|c| is_blank(c) || c == '”').len();
    let words = &end[begins..];
    let marked = opening(words).is_some_and(|first| OPENS.has(first)) && words.contains(MARKS);
    marked.then(|| labelled(words)).flatten().map(|found| (begins, found))
}

/// Most characters of such a credit, and the marks that its word stands before.
const LABELLED: usize = 30;
const MARKS: [char; 7] = ['/', '／', ':', '：', '|', '｜', '丨'];

/// Credits inside a text, as where one caption describes several pictures: …。A 摄 ②…
pub(crate) fn inside(text: &str) -> Vec<Byline> {
    let mut found = Vec::new();
    for (at, c) in text.match_indices(['摄', '攝']) {
        let end = at + c.len();
        let next = text[end..].chars().next();
        if next.is_some_and(|next| is_blank(next) || is_stop(next) || is_closer(next) || ('①'..='⑳').contains(&next))
            && let Some((_, people)) = tail(&text[..end])
        {
            found.extend(people);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(line: &str) -> Vec<String> {
        whole(line).unwrap_or_default().into_iter().map(|b| b.name).collect()
    }

    #[test]
    fn credits_of_every_form_name_their_photographers() {
        assert_eq!(names_of("新华社发(陈小禾 摄)"), ["陈小禾"]);
        assert_eq!(names_of("新华社记者 林 远 摄"), ["林远"]);
        assert_eq!(names_of("陈小禾、林远 摄"), ["陈小禾", "林远"]);
        assert_eq!(names_of("（本报记者 陈小禾 摄）"), ["陈小禾"]);
        assert_eq!(names_of("图/林远"), ["林远"]);
        assert_eq!(whole("新华社发"), Some(Vec::new()));
        assert_eq!(names_of("通讯员 陈小禾 林远 供图"), ["陈小禾", "林远"]);
        assert_eq!(names_of("读者 陈小禾 供图"), ["陈小禾"]);
        assert_eq!(names_of("本报记者 陈小禾 见习记者 林远/摄"), ["陈小禾", "林远"]);
        assert_eq!(names_of("圖／記者陈小禾攝"), ["陈小禾"]);
        assert_eq!(names_of("林远摄（云城影像）"), ["林远"]);
        assert_eq!(names_of("摄影/林远"), ["林远"]);
        assert_eq!(names_of("新华社发（费尔南德斯 摄）"), ["费尔南德斯"]);
        assert_eq!(names_of("云江日报社供图（陈小禾 摄）"), ["陈小禾"]);
        assert_eq!(whole("本报记者 陈小禾 林远 文/摄"), None);
        assert_eq!(whole("（云江日报记者　水灵　文/图）"), None);
    }

    #[test]
    fn a_caption_ends_in_its_credit_and_a_verb_is_no_credit() {
        let text = "市民在新桥上散步。本报记者 陈小禾 摄";
        let (at, found) = tail(text).unwrap();
        assert_eq!((&text[..at], found.len()), ("市民在新桥上散步。", 1));
        assert_eq!(tail("他说，照片都在现场拍摄"), None);
        let names = |text: &str| tail(text).map(|(_, people)| people.into_iter().map(|by| by.name).collect::<Vec<_>>());
        assert_eq!(names("修复后的石塔。受访者供图"), Some(vec![]));
        assert_eq!(names("老街的清晨。（云城市档案馆供图）"), Some(vec![]));
        assert_eq!(names("牧民转场。努尔兰·哈力克 摄"), Some(vec!["努尔兰·哈力克".to_owned()]));
        assert_eq!(names("饮品三万份。药翔宇摄"), Some(vec!["药翔宇".to_owned()]));
        assert_eq!(tail("他走了一天。现场拍摄"), None);
        assert_eq!(whole("在现场拍摄"), None);
    }
}
