//! The Chinese dictionary, loaded once for the whole process.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// The dictionary; the first use takes about a tenth of a second.
pub(crate) static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Characters looked at on either side of a line's end.
const REACH: usize = 6;

/// Whether a word goes on from the end of one line at the beginning of the next: 两岸居 | 民不必.
pub(crate) fn word_goes_on(before: &str, after: &str) -> bool {
    let tail = before.char_indices().rev().filter(|(_, c)| !c.is_whitespace()).take(REACH);
    let from = tail.last().map_or(before.len(), |(at, _)| at);
    let mut text = String::with_capacity(2 * REACH * 4);
    text.extend(before[from..].chars().filter(|c| !c.is_whitespace()));
    let cut = text.len();
    text.extend(after.chars().filter(|c| !c.is_whitespace()).take(REACH));
    DICTIONARY
        .cut(&text, false)
        .iter()
        .scan(0, |end, token| {
            let start = *end;
            *end += token.word.len();
            Some((start, *end))
        })
        .any(|(start, end)| start < cut && cut < end)
}

/// Whether a text is one word of the dictionary, of this sort.
fn is_word(text: &str, sort: impl Fn(&str) -> bool) -> bool {
    // Most texts are none, and to look one up costs less than to cut it.
    DICTIONARY.has_word(text)
        && matches!(DICTIONARY.tag(text, false)[..], [ref only] if only.tag != "x" && sort(only.tag))
}

/// Whether a word of the dictionary is this one.
pub(crate) fn has_word(text: &str) -> bool {
    DICTIONARY.has_word(text)
}

/// Whether a text is a word that is no person's name.
pub(crate) fn is_common_word(text: &str) -> bool {
    is_word(text, |tag| !tag.starts_with("nr"))
}

/// Whether a text is the name of a place and another one in it, which the dictionary may have as a name of any sort: 江苏南通.
pub(crate) fn is_places(text: &str) -> bool {
    let cuts = || text.char_indices().map(|(at, _)| at).skip(2).take(2);
    (4..=6).contains(&text.chars().count())
        && cuts().any(|at| is_place(&text[..at]) && is_word(&text[at..], |tag| tag.starts_with('n')))
}

/// Whether a text is the name of a place.
pub(crate) fn is_place(text: &str) -> bool {
    is_word(text, |tag| tag.starts_with("ns"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_places_are_told_from_names() {
        for word in ["方案", "时节", "成立"] {
            assert!(is_common_word(word), "{word}");
        }
        assert!(!is_common_word("陈小禾") && !is_common_word("李娜"));
        assert!(is_place("温州") && !is_place("新桥通车"));
        assert!(is_places("江苏南通") && !is_places("温州晴朗"));
    }

    #[test]
    fn a_word_cut_by_a_line_end_is_recognised() {
        assert!(word_goes_on("新桥通车以后，两岸居", "民不必再等渡船"));
        assert!(word_goes_on("今年冬天的积", "雪比往年厚"));
        assert!(!word_goes_on("新桥正式通车", "本报讯"));
        assert!(!word_goes_on("", ""));
    }
}
