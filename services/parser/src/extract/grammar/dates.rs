//! The dates that a masthead prints: solar in several forms, weekday, lunar.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::extract::calendar::Printed;
use crate::extract::text::{is_blank, number, trim};

/// A solar date: 2025年11月18日, 2025.11.18, 2025/11/18, 二〇二五年十一月十八日, 中華民國一一四年…
pub(super) static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?P<y>(?:19|20)\d{2}|[二一][〇零○九一二三四五六七八]{3})\s*[年./-]|(?:中华)?民国\s*(?P<r>\d{2,3}|[〇零○一二三四五六七八九十百]{2,5})\s*年)\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月./-]\s*(?:(?P<e>\d\s\d)\s*[日曰号]|(?P<d>\d{1,2}|[一二三四五六七八九十廿]{1,3})\s*[日曰]?)",
    )
});
/// The same with digits lost or taken for letters: only the words around them say that it is one.
static BROKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<y>[\dOoQDlI〇零○一二三四五六七八九]{2,5})\s*年\s*(?P<m>[\dOoQDlI]{0,3}|[一二三四五六七八九十]{1,2})\s*月\s*(?P<d>[\dOoQDlI]{0,3}|[一二三四五六七八九十廿]{1,3})\s*[日曰]",
    )
});
/// Year and number, then the day.
static APART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<y>(?:19|20)\d{2})\s*年\s*第\s*\d+\s*[期号].{0,24}?(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
});
/// The first line of a date that was set over several.
pub(super) static MONTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月$"));
pub(super) static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:星\s*期|周|礼拜)\s*[一二三四五六日曰天]"));
pub(super) static LUNAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:农历|夏历)?\s*(?:[甲乙丙丁戊己已巳庚辛壬癸][子丑寅卯辰巳已己午未末申酉西戌戍戊亥]年?)?\s*[闰润]?[正一二三四五六七八九十冬腊]{1,2}月[大小]?(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|[廿甘卄][一二三四五六七八九]?|二十[一二三四五六七八九]?|三十|[大小])",
    )
});

/// Whether a line is the first of a date set over several.
pub(crate) fn begins_date(line: &str) -> bool {
    MONTH.is_match(trim(line))
}

/// The solar date in a line, field by field, and the words that it was read from.
pub(crate) fn solar(text: &str) -> Option<(Printed, String)> {
    let whole = DATE.captures(text).and_then(|found| {
        let group = |name: &str| found.name(name).map(|m| m.as_str());
        let year = group("y").and_then(number).or_else(|| group("r").and_then(number)?.checked_add(1911));
        let spaced: Option<String> = group("e").map(|text| text.chars().filter(|c| !is_blank(*c)).collect());
        let day = spaced.as_deref().or(group("d")).and_then(number);
        let printed = fields(year, group("m").and_then(number), day);
        printed.date().map(|_| (printed, found[0].to_owned()))
    });
    let apart = || {
        let found = APART.captures(text)?;
        let printed = fields(number(&found["y"]), number(&found["m"]), number(&found["d"]));
        printed.date().map(|_| (printed, found[0].to_owned()))
    };
    let broken = || {
        let found = BROKEN.captures(text)?;
        let read = |name: &str| number(&letters_to_digits(&found[name]));
        Some((fields(read("y"), read("m"), read("d")), found[0].to_owned()))
    };
    whole.or_else(apart).or_else(broken).map(|(printed, words)| (printed, trim(&words).to_owned()))
}

/// Fields out of their bounds are lost.
fn fields(year: Option<u32>, month: Option<u32>, day: Option<u32>) -> Printed {
    let small =
        |field: Option<u32>, most: i8| field.and_then(|n| i8::try_from(n).ok()).filter(|n| (1..=most).contains(n));
    let year = year.and_then(|n| i16::try_from(n).ok()).filter(|year| (1900..=2100).contains(year));
    Printed { year, month: small(month, 12), day: small(day, 31) }
}

fn letters_to_digits(text: &str) -> String {
    text.chars()
        .filter(|c| !is_blank(*c))
        .map(|c| match c {
            'O' | 'o' | 'Q' | 'D' | '〇' | '零' | '○'
                if text.is_ascii() || text.contains(|c: char| c.is_ascii_digit()) =>
            {
                '0'
            }
            'O' | 'o' | 'Q' | 'D' => '〇',
            'l' | 'I' => '1',
            other => other,
        })
        .collect()
}

/// The weekday in a line.
pub(crate) fn weekday(text: &str) -> Option<String> {
    WEEKDAY.find(text).map(|found| bare(found.as_str()))
}

/// The lunar date in a line; a solar one in Chinese numerals looks much like it.
pub(crate) fn lunar(text: &str) -> Option<String> {
    let rest = BROKEN.replace_all(text, " ");
    let rest = DATE.replace_all(&rest, " ");
    LUNAR
        .find_iter(&rest)
        .find(|found| !rest[found.end()..].trim_start().starts_with(['日', '号', '號', '曰']))
        .map(|found| bare(found.as_str()))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn solar_dates_are_read_in_every_form() {
        for (text, day) in [
            ("2025年11月18日 星期二", date(2025, 11, 18)),
            ("2025.12.1", date(2025, 12, 1)),
            ("2025/12/01", date(2025, 12, 1)),
            ("2025-12-01", date(2025, 12, 1)),
            ("2025年11月1 8日", date(2025, 11, 18)),
            ("二〇二五年九月二十四日　星期三", date(2025, 9, 24)),
            ("二○二五年十一月十八日", date(2025, 11, 18)),
            ("中華民國一一四年十二月八日 星期一", date(2025, 12, 8)),
            ("民國114年12月8日", date(2025, 12, 8)),
            ("2025年第37期（总第1206期）　9月15日", date(2025, 9, 15)),
            ("2O25年ll月18曰", date(2025, 11, 18)),
            ("二O二五年十一月十八日", date(2025, 11, 18)),
        ] {
            assert_eq!(solar(text).and_then(|(printed, _)| printed.date()), Some(day), "{text}");
        }
    }

    #[test]
    fn lost_digits_leave_the_other_fields() {
        let (printed, words) = solar("2025年11月48日 星期二").unwrap();
        assert_eq!(
            (printed, words.as_str()),
            (Printed { year: Some(2025), month: Some(11), day: None }, "2025年11月48日")
        );
        assert_eq!(solar("225年11月18日").unwrap().0, Printed { year: None, month: Some(11), day: Some(18) });
        assert_eq!(solar("桥长300米"), None);
    }

    #[test]
    fn a_solar_date_in_chinese_numerals_is_no_lunar_one() {
        assert_eq!(lunar("二〇二五年十一月十八日 星期二"), None);
        assert_eq!(lunar("十一月十八日"), None);
        assert_eq!(lunar("二〇二五年十一月十八日 乙巳年九月廿九 星期二").as_deref(), Some("乙巳年九月廿九"));
        assert_eq!(lunar("2025年11月18日 农历乙已年 九月甘九").as_deref(), Some("农历乙已年九月甘九"));
        assert_eq!(lunar("乙巳年闰六月初八").as_deref(), Some("乙巳年闰六月初八"));
    }
}
