//! What a file's name says of the issue: its day and its title, where the page itself is silent.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::grammar::{masthead, pattern};
use super::text::{is_han, number};

/// Year, month and day with something between them.
static PARTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^0-9A-Za-z]|[a-z])(?P<y>(?:19|20)\d{2})\s*[年._ /-]\s*(?P<m>\d{1,2})\s*[月._ /-]\s*(?P<d>\d{1,2})(?:日|[^0-9]|$)",
    )
});
/// Letters or nothing, eight digits, then nothing or a page. Longer runs of letters and digits are hashes and clocks.
static CLOSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[A-Za-z]{0,12}(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<t>\d{2}|[A-Za-z]{1,4}\d{0,3})?$")
});
/// A page's number in words of its own: `第3版`.
static PAGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"第?\s*[A-Z]?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*版"));
/// A page's number as one of the words of a name: `03`, `P03`, `page3`.
static FOLIO: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[A-Za-z]|[Pp]age|[Bb]an)?(?P<n>\d{1,3})$"));
/// Most bytes of a name that are looked at.
const REACH: usize = 256;

fn stem(name: &str) -> &str {
    let name = if name.len() > REACH { "" } else { name };
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(name, |(stem, _)| stem)
}

/// The day in a file's name: `2025-11-18`, `20251118`, `2025年11月18日`.
pub(crate) fn date(name: &str) -> Option<Date> {
    let stem = stem(name);
    let day = |found: regex::Captures<'_>| {
        let field = |name: &str| number(&found[name]);
        let (year, month, day) = (field("y")?, field("m")?, field("d")?);
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    if let Some(found) = PARTED.captures(stem) {
        return day(found);
    }
    stem.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|run| CLOSE.captures(run).and_then(day))
}

/// The page in a file's name: `第3版`, `A03`, `2025-11-18-03`, `20251118p03`.
pub(crate) fn page(name: &str) -> Option<u32> {
    let stem = stem(name);
    // The day's own numbers are none of a page.
    let rest = match PARTED.captures(stem).and_then(|found| found.name("d").map(|d| d.end())) {
        Some(end) => &stem[end..],
        None => stem,
    };
    let number_in = |found: regex::Captures<'_>| number(&found["n"]).filter(|page| (1..=200).contains(page));
    if let Some(found) = PAGE.captures(rest) {
        return number_in(found);
    }
    let word = |word: &str| FOLIO.captures(word).and_then(number_in);
    let close = |run: &str| {
        let found = CLOSE.captures(run)?;
        word(found.name("t")?.as_str())
    };
    rest.split(|c: char| !c.is_ascii_alphanumeric()).rev().find_map(|run| word(run).or_else(|| close(run)))
}

/// The title in a file's name: `云城日报2025-11-18`.
pub(crate) fn title(name: &str) -> Option<String> {
    stem(name).split(|c: char| !is_han(c)).find_map(masthead::title)
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_read_in_the_forms_that_exports_use() {
        for name in [
            "2025-11-18.txt",
            "20251118.md",
            "云城日报2025年11月18日.txt",
            "云城日报20251118第3版.txt",
            "ycrb_20251118_A03.txt",
            "ycrb20251118p03.txt",
            "2025111803.txt",
            "yc-2025.11.18-final.txt",
            "rb2025-11-18-1.txt",
        ] {
            assert_eq!(date(name), Some(civil::date(2025, 11, 18)), "{name}");
        }
        assert_eq!(title("云城日报2025年11月18日.txt").as_deref(), Some("云城日报"));
        assert_eq!(title("要闻2025.txt"), None);
    }

    #[test]
    fn digits_of_hashes_clocks_and_numbers_are_no_day() {
        for name in [
            "9f20251118ab.txt",
            "20251118093045.txt",
            "a1b2c320251118.txt",
            "20251318.txt",
            "2025-13-18.txt",
            "3d20251118.txt",
            "120251118.txt",
            "page.txt",
            "",
        ] {
            assert_eq!(date(name), None, "{name}");
        }
    }

    #[test]
    fn pages_are_read_in_the_forms_that_exports_use() {
        for name in [
            "03.txt",
            "3.txt",
            "P03.txt",
            "A03.md",
            "page3.txt",
            "第3版.txt",
            "云城日报20251118第03版.txt",
            "第三版 要闻.txt",
            "2025-11-18-03.txt",
            "ycrb_2025-11-18_A03.txt",
            "20251118_03.txt",
            "20251118p03.txt",
            "2025111803.txt",
        ] {
            assert_eq!(page(name), Some(3), "{name}");
        }
        for name in ["2025-11-18.txt", "20251118.txt", "front.txt", "9f3a77.txt", "2025.txt", ""] {
            assert_eq!(page(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_read_without_a_panic(name in ".{0,60}") {
            let _ = (date(&name), title(&name), page(&name));
        }
    }
}
