//! What counts as the same text.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// What opens a report and may be taken out of its body: dateline, byline.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:本报讯|据?(?:本报|新华社)\S{0,14}?电)?\s*(?:[(（](?:本报|新华社)?(?:特派)?记者.*?[)）])?")
});

/// What ends one: credit, jump.
static TAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\s*(?:(?:本报|新华社)?(?:特派)?记者\s*\S+\s*摄|[(（]下转第\s*\d+\s*版[)）])\s*$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
}

/// Text without white space, quotation marks, dashes and Markdown marks, its widths folded (NFKC).
pub(super) fn norm(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_mark(*c)).collect()
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '*'
            | '#'
            | '`'
            | '—'
            | '-'
            | '–'
    )
}

/// A line without the byline, dateline, credit or jump that stand in it.
pub(super) fn bare(line: &str) -> String {
    let line = LEAD.replace(line, "");
    TAIL.replace_all(&line, "").into_owned()
}

/// The first `n` characters.
pub(super) fn head(text: &str, n: usize) -> &str {
    text.char_indices().nth(n).map_or(text, |(at, _)| &text[..at])
}

/// The last `n` characters.
pub(super) fn tail(text: &str, n: usize) -> &str {
    text.char_indices().rev().take(n).last().map_or("", |(at, _)| &text[at..])
}

/// The pairs of neighbouring characters of a text, sorted, so that two texts are compared in one pass.
pub(super) struct Pairs(Vec<u64>);

impl Pairs {
    /// Of a text.
    pub(super) fn of(text: &str) -> Self {
        let pair = |(a, b): (char, char)| (u64::from(u32::from(a)) << 32) | u64::from(u32::from(b));
        let mut pairs: Vec<u64> = text.chars().zip(text.chars().skip(1)).map(pair).collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The F1 of what both have.
    pub(super) fn f1(&self, other: &Self) -> f64 {
        let (a, b) = (&self.0, &other.0);
        let (mut i, mut j, mut both) = (0, 0, 0usize);
        while i < a.len() && j < b.len() {
            both += usize::from(a[i] == b[j]);
            let (x, y) = (a[i], b[j]);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        if both == 0 { 0.0 } else { (2 * both) as f64 / (a.len() + b.len()) as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_quotes_spaces_and_marks_make_no_difference() {
        assert_eq!(norm("## “桥 通了”，——两岸 近了１２"), norm("\"桥通了\",两岸近了12"));
        assert_eq!(norm("\u{3000}**新桥**\r"), "新桥");
    }

    #[test]
    fn what_an_extractor_may_move_out_is_left_out() {
        assert_eq!(bare("本报讯 (记者陈小禾)新桥通车。 (下转第3版)"), "新桥通车。");
        assert_eq!(bare("市民在桥上散步。 本报记者 林远 摄"), "市民在桥上散步。");
        assert_eq!(bare("据新华社云城11月2日电(记者林远)新桥通车。"), "新桥通车。");
        assert_eq!(bare("新桥通车。"), "新桥通车。");
    }

    #[test]
    fn ends_are_counted_in_characters() {
        assert_eq!((head("新桥通车", 2), tail("新桥通车", 2)), ("新桥", "通车"));
        assert_eq!((head("桥", 8), tail("桥", 8), tail("", 8)), ("桥", "桥", ""));
    }

    #[test]
    fn the_f1_counts_pairs_as_often_as_both_have_them() {
        let f1 = |a: &str, b: &str| Pairs::of(a).f1(&Pairs::of(b));
        assert!((f1("甲乙甲乙", "甲乙") - 0.5).abs() < 1e-12);
        assert_eq!((f1("甲乙丙", "甲乙丙"), f1("甲乙", "丙丁"), f1("", "甲乙")), (1.0, 0.0, 0.0));
    }
}
