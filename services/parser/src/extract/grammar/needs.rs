//! What a pattern needs: characters of which a text must have one for a pattern of the grammars to match. Most lines have
//! none, and one pass over them says so where the pattern itself would cost much more.

use std::sync::LazyLock;

use super::{byline, either_script, names};
use crate::extract::signs::Signs;
use crate::extract::text::{CharSet, is_blank, is_han, trim};

/// What the role words of `byline::MARKER` consist of, and what follows its labels.
static ROLES: LazyLock<CharSet> = LazyLock::new(|| either_script("者着讯论习稿文写/／:：".chars()));
/// One of these stands before each of those.
static ROLE_STARTS: LazyLock<CharSet> = LazyLock::new(|| either_script("记通评实撰采".chars()));
/// One of these ends every match of `byline::SUFFIX` that is no place.
static BYLINE_END: LazyLock<CharSet> = LazyLock::new(|| either_script("道导电写图摄文".chars()));
/// One of these stands in every match of `byline::TRAILING`.
static DONE: LazyLock<CharSet> = LazyLock::new(|| either_script("文图摄绘整画".chars()));
/// One of these stands in every match of `byline::NOBODY`.
pub(super) static UNNAMED: LazyLock<CharSet> = LazyLock::new(|| either_script("记评编综".chars()));

/// One of these stands before a name where the place of whoever signs does.
static PLACES: LazyLock<CharSet> = LazyLock::new(|| either_script("省市县区镇乡村道司学院者".chars()));
/// One of these ends every match of `masthead::GUIDE`, 内部… and 免费… aside.
pub(super) static GUIDED: LazyLock<CharSet> = LazyLock::new(|| either_script("读览目版".chars()));
/// One of these stands in every title.
pub(super) static TITLED: LazyLock<CharSet> = LazyLock::new(|| either_script("报讯刊".chars()));

/// Whether a text can hold what `byline::MARKER` matches: a role's word or a label's mark.
pub(super) fn names_a_role(text: &str) -> bool {
    let (roles, starts) = (&*ROLES, &*ROLE_STARTS);
    let mut start = false;
    text.chars().any(|c| {
        let found = matches!(c, '/' | '／' | ':' | '：') || start && roles.has(c);
        start = starts.has(c);
        found
    })
}

/// Whether a plain name can stand in a text behind a place or 读者.
pub(super) fn placed_name(text: &str) -> bool {
    let ends = text.char_indices().filter(|(_, c)| PLACES.has(*c));
    ends.map(|(at, c)| &text[at + c.len_utf8()..]).any(bare_name)
}

/// A text that can end in what ends a byline.
pub(super) fn suffix(text: &str) -> Option<&str> {
    let ends = text.trim_end().chars().next_back().is_some_and(|last| BYLINE_END.has(last));
    (ends || text.contains(['发', '發'])).then_some(text)
}

/// Whether a text can be names with what they did behind them.
pub(super) fn trailing(text: &str) -> bool {
    text.contains(|c| is_blank(c) || c.is_whitespace() || matches!(c, '/' | '／')) && DONE.any(text)
}

/// Whether a text can be a plain name: it begins with a family name, or it is set as pen names are.
pub(super) fn bare_name(text: &str) -> bool {
    let inner = trim(text);
    names::may_begin_with_family(inner) || inner.contains(is_blank) || inner.starts_with(byline::BULLETS)
}

/// Whether a text can hold a jump.
pub(crate) fn jump(signs: Signs) -> bool {
    signs.any(Signs::PAGES) && signs.any(Signs::TURN)
}

/// Whether a text can be a jump, or point to another page.
pub(crate) fn pointer(signs: Signs) -> bool {
    signs.any(Signs::PAGES) && signs.any(Signs::TURN.and(Signs::POINTS))
}

/// Whether a text can end in a credit.
pub(crate) fn credit_tail(signs: Signs) -> bool {
    signs.any(Signs::SHOT)
}

/// Whether a text can be a credit.
pub(crate) fn credit(signs: Signs) -> bool {
    signs.any(Signs::SHOT.and(Signs::LENT))
}

/// Whether a text can be a byline, of roles or without.
pub(crate) fn byline(signs: Signs) -> bool {
    const ANY: Signs = Signs::ROLES.and(Signs::UNNAMED).and(Signs::DONE).and(Signs::BULLET).and(Signs::BRACKET);
    signs.any(ANY) && !signs.any(Signs::SENTENCE)
}

/// Whether a text can name its source.
pub(crate) fn source(signs: Signs) -> bool {
    signs.any(Signs::FROM)
}

/// Whether a text can say that it is a caption.
pub(crate) fn caption(signs: Signs) -> bool {
    signs.any(Signs::PICTURED)
}

/// Whether a text can say who the author is.
pub(crate) fn author_note(signs: Signs) -> bool {
    signs.any(Signs::AUTHOR)
}

/// Whether a text can name a day, a year or an hour.
pub(crate) fn day(signs: Signs) -> bool {
    signs.any(Signs::FIGURE.and(Signs::FIGURES)) && signs.any(Signs::TIMES)
}

/// Whether a text can be a page's heading.
pub(crate) fn page_mark(signs: Signs) -> bool {
    signs.any(Signs::FIGURE.and(Signs::PAGES))
}

/// Whether a text can be a title.
pub(crate) fn title(signs: Signs) -> bool {
    signs.any(Signs::TITLED)
}

/// Whether a text has so many figures side by side as a telephone number has.
pub(super) fn has_phone(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        let figure = c.is_ascii_digit() || !c.is_ascii() && !is_han(c) && c.is_numeric();
        run = if figure { run + 1 } else { 0 };
        run >= 7
    })
}
