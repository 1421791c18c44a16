//! What the figures of a line say: the number of a clause, a day.

use std::sync::LazyLock;

use super::scan::{DIGIT, Scan};
use crate::extract::text::{CharSet, marks_of};

static NUMERALS: LazyLock<CharSet> = LazyLock::new(|| CharSet::of("一二三四五六七八九十百"));
/// What a clause number may begin with, figures and blanks aside.
static NUMBERS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of_chars("（(一二三四五六七八九十百第其".chars().chain('①'..='⑳')));

/// Bytes that a clause number takes at the beginning of a line: 十一、, （3）, 第二条, ④, 一是, 其三，.
pub(crate) fn clause(line: &str) -> usize {
    let numbers = |c: char| NUMBERS.has(c) || c.is_whitespace() || DIGIT.has(c);
    if !line.starts_with(numbers) {
        return 0;
    }
    let start = Scan::of(line);
    let ended = |mut scan: Scan<'_>, marks: &[char]| {
        let ends = scan.step(|c| marks.contains(&c));
        scan.blanks();
        ends.then_some(scan.at)
    };
    let item = || {
        let mut scan = start;
        scan.step(|c| matches!(c, '（' | '('));
        scan.blanks();
        let number = !scan.run(|c| NUMERALS.has(c), 4).is_empty() || !scan.run(|c| DIGIT.has(c), 3).is_empty();
        scan.blanks();
        ended(scan, &['）', ')', '、', '.', '．', ':', '：']).filter(|_| number)
    };
    let article = || {
        let mut scan = start;
        let number = scan.step(|c| c == '第')
            && (0..5).take_while(|_| scan.step(|c| NUMERALS.has(c) || DIGIT.has(c))).count() > 0;
        ended(scan, &['条', '章', '节', '款', '项', '項']).filter(|_| number)
    };
    let numeral = |scan: &mut Scan<'_>| scan.step(|c| c != '百' && NUMERALS.has(c));
    let of_several = || {
        let mut scan = start;
        if scan.step(|c| matches!(c, '①'..='⑳')) {
            scan.blanks();
            return Some(scan.at);
        }
        if numeral(&mut scan) {
            return scan.step(|c| c == '是').then_some(scan.at);
        }
        let number = scan.step(|c| c == '其') && numeral(&mut scan);
        scan.blanks();
        (number && scan.step(|c| matches!(c, '，' | '、' | ':' | '：'))).then_some(scan.at)
    };
    item().or_else(article).or_else(of_several).unwrap_or(0)
}

/// Where a day, a year or an hour ends that stands at a place: 4月17日, 2024年, 12时30.
fn dated<'a>(scan: Scan<'a>) -> Option<usize> {
    let after = |most: usize, least: usize, mark: &str| {
        let mut scan = scan;
        let figures = scan.run(|c| DIGIT.has(c), most).chars().count();
        scan.blanks();
        (figures >= least && scan.word(mark)).then_some(scan)
    };
    let day = |mut scan: Scan<'a>| {
        scan.blanks();
        let figures = !scan.run(|c| DIGIT.has(c), 2).is_empty();
        scan.blanks();
        (figures && scan.word("日")).then_some(scan)
    };
    let hour = |mut scan: Scan<'a>| {
        scan.run(|c| DIGIT.has(c), 2);
        scan
    };
    let found = after(2, 1, "月").and_then(day).or_else(|| after(4, 4, "年"));
    found.or_else(|| after(2, 1, "时").map(hour)).map(|scan| scan.at)
}

/// Whether a text begins with a day: 4月17日, 2024年3月.
pub(crate) fn begins_with_day(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && dated(Scan::of(text)).is_some_and(|end| end < text.len())
}

/// Whether a text names a day, a year or an hour, as running text does and headings seldom do.
pub(crate) fn names_a_day(text: &str) -> bool {
    let scan = Scan::of(text);
    marks_of(text).any(|(at, c)| DIGIT.has(c) && dated(scan.from(at)).is_some())
}

/// Whether a text names a month and its day: 4月17日.
pub(crate) fn names_day_of_month(text: &str) -> bool {
    let digits = |part: &str| part.trim_end().ends_with(|c: char| c.is_ascii_digit());
    text.match_indices('月').any(|(at, _)| {
        let day = text[at + '月'.len_utf8()..].trim_start();
        let rest = day.trim_start_matches(|c: char| c.is_ascii_digit());
        digits(&text[..at]) && rest.len() < day.len() && rest.trim_start().starts_with('日')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::super::needs::tests::line;
    use super::super::pattern;

    use super::*;

    /// What [`clause`] and [`dated`] read, as patterns.
    static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:[（(]?\s*(?:[一二三四五六七八九十百]{1,4}|\d{1,3})\s*[）)、.．:：]\s*|第[一二三四五六七八九十百\d]{1,5}[条章节款项]\s*|[①-⑳]\s*|[一二三四五六七八九十]是|其[一二三四五六七八九十]\s*[，、:：])",
        )
    });
    static DATED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*年|\d{1,2}\s*时\d{0,2}"));

    #[test]
    fn clause_numbers_are_measured() {
        assert_eq!(clause("十一、竞买条件"), "十一、".len());
        assert_eq!(clause("（三）报名"), "（三）".len());
        assert_eq!(clause("新桥通车"), 0);
    }

    fn same(line: &str) -> Result<(), TestCaseError> {
        prop_assert_eq!(clause(line), CLAUSE.find(line).map_or(0, |found| found.end()), "{}", line);
        prop_assert_eq!(names_a_day(line), DATED.is_match(line), "{}", line);
        let begins = line.starts_with(|c: char| c.is_ascii_digit())
            && DATED.find(line).is_some_and(|found| found.start() == 0 && found.end() < line.len());
        prop_assert_eq!(begins_with_day(line), begins, "{}", line);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn lines_are_read_as_the_patterns_read_them(line in line()) {
            same(&line)?;
        }

        #[test]
        fn figures_are_read_as_the_patterns_read_them(
            line in "[0-9３１一二十百]{0,5}[ 　]?[月年时時日、.）第其是①条章项]?[ ]?[0-9３一]{0,3}[ ]?[日月年时条項，：]?[桥]?",
            bracket in "[（( ]?|第|其",
        ) {
            same(&format!("{bracket}{line}"))?;
        }
    }
}
