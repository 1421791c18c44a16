//! Who photographed: 本报记者 X 摄; 新华社发(X 摄); X、Y 摄; 图/X: a line of its own, or the end of a caption.

use std::sync::LazyLock;

use contract::{Byline, Role};
use regex::Regex;

use super::{either_script, names, needs};
use crate::extract::text::{CharSet, is_blank, is_closer, is_stop, trim, wider_than};

static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(concat!(
        r"^(?P<open>[（(【\[]\s*)?(?P<org>本报|本刊|本网|本社|新\s*华\s*社|新华网|中新社|中新网|[\p{Han}]{2,6}(?:日报|晚报|报|社|网))?\s*",
        r"(?:特派|特约|实习|见习|首席|全媒体|融媒体|摄影)*\s*(?P<role>记者|通讯员|实习生|发)?\s*[/／:：]?\s*[（(]?\s*",
        r"(?P<names>[\p{Han}·]{2,10}(?:[\s、，,/／和]+[\p{Han}·]{1,10})*|[\p{Han}]\s+[\p{Han}])(?P<gap>\s*[/／]?\s*)",
        r"(?P<did>摄影报道|摄影|摄|供图|图)\s*[）)】\]]*\s*(?:[（(][^（()）]{1,12}[)）])?\s*[。.]?$",
    ))
});

static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^[（(【\[]?\s*(?:图|摄影|摄|图片|攝影)\s*[/／:：丨|]\s*(?P<names>[\p{Han}·\s、，,/]{2,30})[）)】\]]?$",
    )
});

static NAMELESS: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^[（(【\[]?\s*(?:新华社发|新华社照片|资料图片|资料照片|本报资料(?:图片|照片)|图片来源[:：].{2,16}|(?:图片)?(?:由)?[\p{Han}]{2,14}(?:供图|供稿|提供(?:图片)?)|CFP(?:供图)?|视觉中国)\s*[）)】\]]?$",
    )
});

/// One of these opens a credit that says first what was done, brackets aside.
static OPENS: LazyLock<CharSet> = LazyLock::new(|| either_script("图摄".chars()));
/// One of these ends a credit that says last what was done, brackets aside.
static DID: LazyLock<CharSet> = LazyLock::new(|| either_script("道影摄图供".chars()));
/// One of these opens a credit without a name, or 供 stands in it.
static HOUSES: LazyLock<CharSet> = LazyLock::new(|| either_script("新资本图C视".chars()));

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
    if opens.is_some_and(|first| OPENS.has(first))
        && let Some(people) = BEFORE.captures(text).and_then(|found| names::parse(&found["names"]))
    {
        return Some(credit(people, None));
    }
    let nameless = || {
        let house = opens.is_some_and(|first| HOUSES.has(first)) || text.contains('供');
        (house && NAMELESS.is_match(text)).then(Vec::new)
    };
    joint(text).or_else(nameless)
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
        "摄影并文",
        "文/图",
        "文／图",
        "图/文",
        "图／文",
    ]
    .iter()
    .any(|did| text.ends_with(did))
}

/// `本报记者 A 见习记者 B/摄`, `图／记者A摄`, `通讯员 A B 供图`: role words of every sort, then what they did.
fn joint(text: &str) -> Option<Vec<Byline>> {
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(concat!(
            r"^[（(【\[]?\s*(?P<label>(?:图片?|摄影|摄)\s*[/／:：丨|]\s*)?(?P<who>(?:热心)?(?:读者|网友|市民|摄友)\s*)?",
            r"(?P<names>[\p{Han}A-Za-z·\s、，,/／]{2,60}?)\s*[/／]?\s*(?P<did>摄影报道|摄影|摄|供图|提供)?\s*[）)】\]]?$",
        ))
    });
    let ends = text.strip_suffix(['）', ')', '】', ']']).unwrap_or(text).trim_end().chars().next_back();
    if !opening(text).is_some_and(|first| OPENS.has(first)) && !ends.is_some_and(|last| DID.has(last)) {
        return None;
    }
    let found = MADE.captures(text)?;
    if found.name("label").is_none() && found.name("did").is_none() {
        return None;
    }
    let words = trim(&found["names"]);
    let plain = || {
        let people = names::parse(words)?;
        let sure = found.name("who").is_some() && people.iter().all(|name| name.chars().count() <= 3)
            || found.name("did").is_some_and(|did| !did.as_str().starts_with('提'))
                && people.iter().all(|name| names::looks_like_name(name));
        sure.then(|| credit(people, None))
    };
    let marked = super::byline::introduced(words).filter(|people| !people.is_empty());
    let people = marked.or_else(plain)?;
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
        && text[..open].trim_end().ends_with(['摄', '攝', '影'])
    {
        end = text[..open].trim_end();
    }
    if !end.ends_with(['摄', '攝', '道', '影', '图', '圖']) {
        return None;
    }
    // Only the end is looked at, so that a long paragraph costs no more than a short one.
    let reach = text.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let window = &text[reach..];
    let from = needs::credit_begins(window);
    let begins = window.char_indices().map(|(at, _)| at).filter(|at| {
        let before = text[..reach + at].chars().next_back();
        *at >= from && before.is_none_or(|c| is_blank(c) || is_stop(c) || is_closer(c))
    });
    for at in begins {
        let here = &window[at..];
        let Some(found) = CREDIT.captures(here) else { continue };
        let named = found.name("org").is_some() || found.name("role").is_some() || found.name("open").is_some();
        let spaced = !found["gap"].is_empty();
        let line = reach + at == 0;
        let people = names::parse(&found["names"]);
        if matches!(&found["did"], "图" | "圖") && !found["gap"].contains(['/', '／'])
            || matches!(&found["did"], "供图" | "供圖") && found.name("role").is_none()
        {
            continue;
        }
        if let Some(people) = people
            && (named || spaced || line && people.iter().all(|name| names::looks_like_name(name)))
            && (named || line && spaced || people.iter().any(|name| names::begins_with_family(name)))
        {
            return Some((reach + at, credit(people, found.name("org").map(|org| org.as_str()))));
        }
    }
    None
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
        assert_eq!(whole("本报记者 陈小禾 林远 文/摄"), None);
    }

    #[test]
    fn a_caption_ends_in_its_credit_and_a_verb_is_no_credit() {
        let text = "市民在新桥上散步。本报记者 陈小禾 摄";
        let (at, found) = tail(text).unwrap();
        assert_eq!((&text[..at], found.len()), ("市民在新桥上散步。", 1));
        assert_eq!(tail("他说，照片都在现场拍摄"), None);
        assert_eq!(whole("在现场拍摄"), None);
    }
}
