//! Who wrote at the end of a heading: 新桥该怎么管　本报记者 A, 新桥该怎么管 □ A.

use contract::{Byline, Role};

use super::super::names;
use super::{BULLETS, credit_all, roles};
use crate::extract::text::{is_blank, wider_than};

/// A heading with who wrote at its end: where the heading ends, who, and whether a mark or a role word says so; `□ A`,
/// `本报记者 A`, or a blank and a name of three characters.
pub(crate) fn ends_heading(text: &str) -> Option<(usize, Vec<Byline>, bool)> {
    if let Some((at, people)) = with_role_behind(text) {
        return Some((at, people, true));
    }
    let (at, last, marked) = behind_heading(text)?;
    let named = if marked { may_sign(last) } else { last.chars().count() == 3 && names::looks_like_name(last) };
    named.then(|| (at, credit_all(vec![last.to_owned()], Role::Author, None), marked))
}

/// Whether a mark or a role word says who wrote at a heading's end.
pub(crate) fn signs_heading(text: &str) -> bool {
    with_role_behind(text).is_some() || behind_heading(text).is_some_and(|(_, last, marked)| marked && may_sign(last))
}

/// Where a heading ends, the last word behind it, and whether a mark stands between.
fn behind_heading(text: &str) -> Option<(usize, &str, bool)> {
    let (before, last) = text.rsplit_once(|c: char| is_blank(c) || BULLETS.contains(&c) && c != '·' && c != '•')?;
    let at = before.trim_end_matches(|c: char| is_blank(c) || BULLETS.contains(&c)).len();
    wider_than(&text[..at], 9).then(|| (at, last, text[at..].contains(BULLETS)))
}

fn may_sign(last: &str) -> bool {
    (2..=3).contains(&last.chars().count()) && names::begins_with_family(last)
}

/// `新桥该怎么管　本报记者 A`: where the heading ends, and whom the role word introduces.
fn with_role_behind(text: &str) -> Option<(usize, Vec<Byline>)> {
    let parts = |c: char| is_blank(c) || matches!(c, '|' | '｜' | '丨');
    let begins = text.char_indices().filter(|(_, c)| parts(*c)).map(|(at, c)| (at, at + c.len_utf8()));
    let (at, people) = begins
        .filter(|(_, from)| ROLES.iter().any(|word| text[*from..].starts_with(word)))
        .find_map(|(at, from)| Some((at, roles::with_roles(text[from..].trim_end_matches(parts), false)?)))?;
    let at = text[..at].trim_end_matches(parts).len();
    let named = !people.is_empty() && people.iter().all(|by| names::begins_with_family(&by.name));
    (named && wider_than(&text[..at], 9)).then_some((at, people))
}

/// What introduces who wrote behind a heading.
const ROLES: [&str; 7] = ["本报", "记者", "通讯员", "见习记者", "实习记者", "特约记者", "新华社记者"];
