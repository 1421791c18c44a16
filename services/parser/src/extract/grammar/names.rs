//! Names of people as bylines print them: 2 to 4 characters, spaced out, set side by side, with a middle dot, or Latin.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

mod tables;

pub(crate) use tables::DOUBLE;
use tables::{FAMILY, NO_END, NO_NAME, POLITE, SOUNDS, STAGE, STAGE_BEGINS, STAGE_ENDS, WORDS};

use super::fold;
use crate::extract::text::{CharSet, is_blank, is_han, parts};

static FAMILIES: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(FAMILY));
/// What a name of [`DOUBLE`] begins with.
static DOUBLES: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of_chars(DOUBLE.iter().filter_map(|name| name.chars().next())));
static NO_NAMES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NO_NAME.into_iter().collect());
static COMMON: LazyLock<FxHashSet<&str>> = LazyLock::new(|| WORDS.into_iter().collect());

/// Whether a text begins with a family name.
pub(crate) fn begins_with_family(text: &str) -> bool {
    is_family(text.chars())
}

/// The same of characters.
fn is_family(chars: impl Iterator<Item = char> + Clone) -> bool {
    chars.clone().next().is_some_and(|first| FAMILIES.has(fold(first))) || is_double(chars)
}

/// Whether a family name of two characters comes first.
fn is_double(mut chars: impl Iterator<Item = char>) -> bool {
    let (Some(first), second) = (chars.next().filter(|first| DOUBLES.has(*first)), chars.next()) else { return false };
    DOUBLE.iter().any(|name| name.chars().eq([first].into_iter().chain(second)))
}

/// Whether the first of the names in a text, if it holds names, begins with a family name.
pub(crate) fn may_begin_with_family(text: &str) -> bool {
    begins_with_family(text.trim_start_matches(|c| is_blank(c) || divides(c)))
}

fn divides(c: char) -> bool {
    matches!(c, '、' | ',' | '，' | ';' | '；' | '/' | '／' | '|' | '｜' | '&')
}

/// Whether a text that no role word introduces is, taken alone, plausibly one person's name.
pub(crate) fn looks_like_name(text: &str) -> bool {
    let length = text.chars().count();
    (2..=3).contains(&length)
        && text.chars().all(is_han)
        && begins_with_family(text)
        && !text.ends_with(NO_END)
        && !is_polite(text)
        && !(text.starts_with(['左', '右']) && text.ends_with(['一', '二', '三', '四', '五', '六']))
        && !NO_NAMES.contains(text)
        && !COMMON.contains(text)
        && !crate::dictionary::is_common_word(text)
        || length == 4 && is_double(text.chars()) && text.chars().all(is_han)
}

/// Whether a text has the form of a name, be it a common word besides.
pub(super) fn may_be_called(text: &str) -> bool {
    (2..=3).contains(&text.chars().count())
        && text.chars().all(is_han)
        && begins_with_family(text)
        && !is_polite(text)
        && !NO_NAMES.contains(text)
}

/// Whether a name ends in how people are addressed who are not named in full: 陈女士.
pub(super) fn is_polite(name: &str) -> bool {
    POLITE.iter().any(|word| name.ends_with(word))
}

/// `阿依古丽·买买提`: a name with a dot in it, written with the characters that stand for sounds.
pub(super) fn is_of_another_language(text: &str) -> bool {
    text.contains(['·', '•'])
        && is_name(text)
        && text.chars().filter(|c| is_han(*c) && !SOUNDS.contains(*c)).count() <= 1
}

/// `［俄］伊万·彼得连科`, `（温州）陈小禾`: a name behind its bearer's country or town.
pub(super) fn from_abroad(text: &str) -> Option<&str> {
    const COUNTRIES: &str = "美英法德俄日韩韓意西葡荷比奥瑞波捷匈希印阿墨智秘古加澳新埃南以伊朝越泰马馬菲丹芬挪爱";
    let (country, name) = text.strip_prefix(['［', '[', '（', '(', '〔'])?.split_once(['］', ']', '）', ')', '〕'])?;
    let name = name.trim_start();
    let known = country.starts_with(|c| COUNTRIES.contains(c)) && country.chars().count() <= 3;
    let named = (2..=10).contains(&name.chars().count()) && name.chars().all(|c| is_han(c) || matches!(c, '·' | '•'));
    let town = || crate::dictionary::is_place(country) && looks_like_name(name);
    (known && named || town()).then_some(name)
}

/// `□言默`, `海　棠`: a name that is none by its first character is one by how it is set.
pub(super) fn pen_name(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(super::byline::BULLETS);
    let name: String = bare.chars().filter(|c| !is_blank(*c)).collect();
    let spaced = bare.chars().next().is_some_and(is_han) && stands_one_by_one(bare);
    let length = name.chars().count();
    let set = bare.len() < text.len() && (2..=3).contains(&length) || spaced && length == 2;
    // 方 圆: common words are not set so.
    let label = spaced && !begins_with_family(&name) && super::labels::score(&name) >= Some(super::labels::SURELY);
    let named = !label && (spaced && looks_like_family(&name) || may_be_pen_name(&name));
    (set && name.chars().all(is_han) && named).then_some(name)
}

/// Whether a text has blanks between all its characters.
fn stands_one_by_one(text: &str) -> bool {
    text.contains(is_blank) && parts(text).all(|part| part.chars().count() == 1)
}

/// Whether a text is one name of two characters with a blank between them: 王　伟.
pub(crate) fn is_set_apart(text: &str) -> bool {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let others = text.chars().any(|c| !is_han(c) && !is_blank(c));
    han == 2 && !others && stands_one_by_one(text) && begins_with_family(text)
}

/// Whether a word that is a common one begins as names do, and labels nothing.
fn looks_like_family(text: &str) -> bool {
    COMMON.contains(text) && begins_with_family(text) && !super::labels::labels_section(text)
}

/// `（明烛）`, `（纪澄 牧野）`: names, of which some may be pen names, in the bracket that a text ends in.
pub(super) fn pen_names(text: &str) -> Option<Vec<String>> {
    // Of several words in a bracket one must be a name by itself.
    bracketed(text).filter(|names| names.len() == 1 || names.iter().any(|name| looks_like_name(name)))
}

/// The same in a bracket that is a line: all of them may be pen names.
pub(super) fn bracketed(text: &str) -> Option<Vec<String>> {
    let tokens: Vec<&str> = text.split(|c| is_blank(c) || divides(c)).filter(|token| !token.is_empty()).collect();
    let refused = |token: &str| {
        token.starts_with(|c| STAGE_BEGINS.contains(c))
            || token.ends_with(|c| STAGE_ENDS.contains(c))
            || STAGE.contains(&token)
            || !may_be_pen_name(token)
    };
    let fits = |token: &&str| (2..=3).contains(&token.chars().count()) && token.chars().all(is_han) && !refused(token);
    ((1..=3).contains(&tokens.len()) && tokens.iter().all(fits))
        .then(|| tokens.into_iter().map(str::to_owned).collect())
}

/// Whether a word could be somebody's pen name: none of the words that stand where names do.
pub(crate) fn may_be_pen_name(text: &str) -> bool {
    !NO_NAMES.contains(text)
        && !COMMON.contains(text)
        && !super::labels::labels_section(text)
        && !super::marks::heads_notice(text)
        && !text.ends_with(['讯', '读', '示', '评', '闻', '版', '报', '訊', '讀', '評', '聞', '報'])
}

/// The names in a text that consists of names only; nothing where any part of it is no name.
pub(crate) fn parse(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for group in text.split(divides).flat_map(apart) {
        // 本报记者·陈小禾: a point that joins no two parts of a name parts it from its role.
        let bare = |token| str::trim_matches(token, ['·', '•', '・', '‧']);
        let tokens: Vec<&str> = group.split(is_blank).map(bare).filter(|token| !token.is_empty()).collect();
        let mut at = 0;
        // 陈 小 禾: three characters spaced out.
        let spaced = tokens.len() == 3 && tokens.iter().all(|token| token.chars().count() == 1);
        if spaced && is_name(&tokens.concat()) {
            names.push(tokens.concat());
            continue;
        }
        while at < tokens.len() {
            let single = |token: &&str| token.chars().count() == 1 && token.chars().all(is_han);
            if single(&tokens[at]) {
                // 王　伟: two single characters are one name; 王 小明 is one, too.
                let next = tokens.get(at + 1)?;
                let joined = format!("{}{next}", tokens[at]);
                if !is_name(&joined) {
                    return None;
                }
                names.push(joined);
                at += 2;
            } else if tokens[at].is_ascii() {
                let end = (at..tokens.len()).find(|i| !tokens[*i].is_ascii()).unwrap_or(tokens.len());
                let name = tokens[at..end].join(" ");
                if !name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | '-' | '\''))
                    || name.len() > 40
                {
                    return None;
                }
                names.push(name);
                at = end;
            } else if cut_by_a_wrap(&tokens[at..]) {
                names.push(format!("{}{}", tokens[at], tokens[at + 1]));
                at += 2;
            } else {
                split(tokens[at], &mut names)?;
                at += 1;
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

/// `陈小 禾`: a line's end cut the third character off, and what comes next is no part of another name with it.
fn cut_by_a_wrap(tokens: &[&str]) -> bool {
    let han = |token: &str, length: usize| token.chars().count() == length && token.chars().all(is_han);
    let [first, last, rest @ ..] = tokens else { return false };
    let stands_alone = match rest.first() {
        None => true,
        Some(next) => !begins_with_family(last) && !han(next, 1),
    };
    han(first, 2) && han(last, 1) && begins_with_family(first) && stands_alone
}

/// `王安和李强` is two names, `李和平` is one.
fn apart(group: &str) -> Vec<&str> {
    match group.split_once('和') {
        // 林远 和小禾: the family name 和.
        Some((left, right)) if left.ends_with(is_blank) && right.chars().count() == 2 => vec![group],
        Some((left, right)) if left.trim().chars().count() >= 2 && right.trim().chars().count() >= 2 => {
            vec![left, right]
        }
        _ => vec![group],
    }
}

/// A name of another language without a dot in it: four to six of the characters that stand for sounds.
pub(super) fn is_of_sounds(text: &str) -> bool {
    (4..=6).contains(&text.chars().count()) && text.chars().all(|c| SOUNDS.contains(c))
}

/// Whether a text could be a name beside a role word that says so: none of the words of the dictionary.
pub(super) fn may_be_name(text: &str) -> bool {
    looks_like_name(text)
        || is_of_another_language(text)
        || text.chars().count() >= 3 && text.chars().all(|c| SOUNDS.contains(c))
        || (2..=3).contains(&text.chars().count())
            && text.chars().all(is_han)
            && !is_polite(text)
            && may_be_pen_name(text)
            && !crate::dictionary::has_word(text)
}

fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    !NO_NAMES.contains(super::simplified(text).as_ref())
        && !text.ends_with("记者")
        && !text.ends_with("讯员")
        && !text.ends_with("报讯")
        && if text.contains(['·', '•', '・', '‧']) {
            (3..=16).contains(&length) && text.chars().all(|c| is_han(c) || matches!(c, '·' | '•' | '・' | '‧'))
        } else {
            text.chars().all(is_han)
                && ((2..=3).contains(&length) || length == 4 && is_double(text.chars()) || is_of_sounds(text))
        }
}

/// One token: a name, or names that stand together without a space.
fn split(token: &str, names: &mut Vec<String>) -> Option<()> {
    let chars: Vec<char> = token.chars().collect();
    let text = |range: &[char]| range.iter().collect::<String>();
    let family = |at: usize| is_family(chars[at..].iter().copied());
    let double = is_double(token.chars());
    if chars.len() == 4 && !double && family(0) && family(2) && chars.iter().all(|c| is_han(*c)) {
        names.push(text(&chars[..2]));
        names.push(text(&chars[2..]));
        return Some(());
    }
    if is_name(token) {
        names.push(token.to_owned());
        return Some(());
    }
    if (7..=12).contains(&chars.len()) && chars.iter().all(|c| is_han(*c)) {
        return several(&chars, names);
    }
    if !(5..=6).contains(&chars.len()) || !chars.iter().all(|c| is_han(*c)) || !family(0) {
        return None;
    }
    let cut = if chars.len() == 6 || family(3) { 3 } else { 2 };
    if !family(cut) {
        return None;
    }
    names.push(text(&chars[..cut]));
    names.push(text(&chars[cut..]));
    Some(())
}

/// Three names or more that stand together without a space: cut where family names stand, into as few as may be.
fn several(chars: &[char], names: &mut Vec<String>) -> Option<()> {
    let text = |range: &[char]| range.iter().collect::<String>();
    // For each end how few names reach it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; chars.len() + 1];
    best[0] = Some((0, 0));
    for end in 2..=chars.len() {
        for length in [3, 2] {
            let Some((count, _)) = end.checked_sub(length).and_then(|from| best[from]) else { continue };
            let name = text(&chars[end - length..end]);
            let better = best[end].is_none_or(|(known, _)| count + 1 < known);
            if better && begins_with_family(&name) && is_name(&name) {
                best[end] = Some((count + 1, end - length));
            }
        }
    }
    let (mut end, mut found) = (chars.len(), Vec::new());
    while end > 0 {
        let (_, from) = best[end]?;
        found.push(text(&chars[from..end]));
        end = from;
    }
    names.extend(found.into_iter().rev());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_however_they_are_set() {
        let all = |text| parse(text).unwrap();
        assert_eq!(all("陈小禾 林远"), ["陈小禾", "林远"]);
        assert_eq!(all("王　伟 成露"), ["王伟", "成露"]);
        assert_eq!(all("王 伟 李 明"), ["王伟", "李明"]);
        assert_eq!(all("陈 小 禾"), ["陈小禾"]);
        assert_eq!(all("林远、陈小 禾"), ["林远", "陈小禾"]);
        assert_eq!(all("陈小 禾 林远"), ["陈小禾", "林远"]);
        assert_eq!(all("林远 王 伟"), ["林远", "王伟"]);
        assert_eq!(all("陈小禾、林远，周舟"), ["陈小禾", "林远", "周舟"]);
        assert_eq!(all("王安和李强"), ["王安", "李强"]);
        assert_eq!(all("李和平"), ["李和平"]);
        assert_eq!(all("欧阳小禾"), ["欧阳小禾"]);
        assert_eq!(all("李娜王伟"), ["李娜", "王伟"]);
        assert_eq!(all("陈小禾林远周舟"), ["陈小禾", "林远", "周舟"]);
        assert_eq!(all("阿依古丽·买买提"), ["阿依古丽·买买提"]);
        assert_eq!(all("John Smith"), ["John Smith"]);
    }

    #[test]
    fn what_holds_anything_but_names_is_refused() {
        for text in ["", "从中国铁路集团获悉", "王伟2", "报道", "王"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["文化馆", "林业站", "程中的"] {
            assert!(!looks_like_name(text), "{text}");
        }
    }
}
