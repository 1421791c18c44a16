//! Which issue a file is: under one name, other bytes are its next revision; without a name, its bytes are its name.
//!
//! | what is known | the issue is |
//! | --- | --- |
//! | a key (`issue=`, or the group `issue` of a file-name pattern) | publication or nothing, key |
//! | publication and date | publication, date, edition or nothing, part |
//! | a day of the calendar in the file's or folder's name | publication or nothing, name |
//! | none of these | its bytes |
//!
//! The *part* keeps pages apart that come as files of their own, so that none takes another one's place. It is the page that
//! the file's name says (`03`, `p3`, `第03版`, `A01`, `_2`) or else whatever words it has beside publication and date
//! (`要闻`), without those that tell a corrected file from the first (`v2`, `rev`, `final`, `修订`) and without long numbers,
//! which are clocks and counters. The files of a folder are one issue, which has no part. A name's ending (`.txt`) never counts.

use std::ops::Range;
use std::sync::LazyLock;

use contract::IssueId;
use jiff::civil::Date;
use regex::Regex;

use super::facts::Facts;

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A file, which may be one page of several that come alone.
    File,
    /// Whole: all files of the issue together.
    Whole,
}

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test uses each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// Year, month and day with something between them.
static PARTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^0-9])(?<day>(?<y>(?:19|20)[0-9]{2})\s*[年._ /-]\s*(?<m>[0-9]{1,2})\s*[月._ /-]\s*(?<d>[0-9]{1,2})日?)(?:[^0-9]|$)",
    )
});
/// Eight digits, then nothing or a page's two.
static CLOSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^0-9])(?<day>(?<y>(?:19|20)[0-9]{2})(?<m>[0-9]{2})(?<d>[0-9]{2}))(?:[0-9]{2}(?:[^0-9]|$)|[^0-9]|$)")
});
/// A page in words of its own, and not a version (`版本`).
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?<page>(?:第?\s*(?<letter>[a-z]?)\s*(?<number>[0-9]{1,3})|第\s*(?<han>[一二三四五六七八九十]{1,3}))\s*版)(?:[^本]|$)",
    )
});
/// A page as one of the words of a name.
static FOLIO: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:page|pg|ban)?(?<letter>[a-z]?)(?<number>[0-9]{1,3})$"));
/// A word that tells a corrected file from the first.
static CORRECTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:v|ver|version|rev|revised|revision|fix|fixed|final|correct|corrected|correction|corr|update|updated|new|copy)[0-9]*|(?:修订|修改|修正|更正|校正|校对|重发|补发|最终|终稿|定稿|新|版本)\p{Han}{0,2})$",
    )
});
/// A version that is written onto the number before it: `03v2`.
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?<number>[0-9])(?<version>(?:v|ver|rev)[0-9]+)"));
/// Words that say nothing of a file.
const EMPTY: [&str; 14] = [
    "page", "pages", "issue", "full", "all", "whole", "text", "file", "export", "upload", "paper", "报纸", "全部",
    "全版",
];
/// A run of Latin letters and digits, or of other letters.
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z0-9]+|[^\W_a-z0-9]+"));

/// The issue that a file or folder of this name is.
pub fn identify(facts: &Facts, name: Option<&str>, shape: Shape, bytes: &[u8]) -> IssueId {
    let publication = facts.publication.as_ref().map_or("", |publication| publication.as_str());
    if let Some(key) = &facts.issue {
        return IssueId::named(&["key", publication, key]);
    }
    let name = name.map(|name| if shape == Shape::File { stem(name) } else { name });
    if let (false, Some(date)) = (publication.is_empty(), facts.date) {
        let part = match (shape, name) {
            (Shape::File, Some(name)) => part(name, publication),
            _ => String::new(),
        };
        let edition = facts.edition.as_deref().unwrap_or_default();
        return IssueId::named(&["day", publication, &date.to_string(), edition, &part]);
    }
    match name.filter(|name| day(&folded(name)).is_some()) {
        Some(name) => IssueId::named(&["file", publication, name]),
        None => IssueId::of(bytes),
    }
}

/// A name without its ending: what follows the last full stop, if it is short and has a letter, as no day has.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, end))
            if !stem.is_empty()
                && (1..=8).contains(&end.len())
                && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && end.bytes().any(|byte| byte.is_ascii_alphabetic()) =>
        {
            stem
        }
        _ => name,
    }
}

/// In lower case, full-width characters (`０３`) as plain ones.
fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// Where a day of the calendar stands in a folded name.
fn day(name: &str) -> Option<Range<usize>> {
    [&PARTED, &CLOSE].into_iter().flat_map(|form| form.captures_iter(name)).find_map(|found| {
        let number = |group: &str| found[group].parse::<i16>().ok();
        let (year, month, day) = (number("y")?, number("m")?, number("d")?);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(found.name("day")?.range())
    })
}

/// The part of a day's issue that a file of this name is; empty: all of it.
fn part(name: &str, publication: &str) -> String {
    let mut rest = folded(name);
    while let Some(range) = day(&rest) {
        rest.replace_range(range, " ");
    }
    without(&mut rest, publication);
    let mut rest = VERSION.replace_all(&rest, "$number $version").into_owned();
    let mut pages = Vec::new();
    while let Some(found) = PAGE.captures(&rest) {
        let text = |group| found.name(group).map_or("", |text| text.as_str());
        pages.push(page(text("letter"), text("number"), text("han")));
        let range = found.name("page").map_or(0..0, |page| page.range());
        rest.replace_range(range, " ");
    }
    let mut words: Vec<&str> = Vec::new();
    let mut corrected = false;
    for word in WORD.find_iter(&rest).map(|word| word.as_str()) {
        // The number that follows such a word is its own: `rev 2`, `修订2`.
        let counts = corrected && word.bytes().all(|byte| byte.is_ascii_digit());
        corrected = CORRECTED.is_match(word);
        if corrected || counts {
            continue;
        }
        match FOLIO.captures(word) {
            Some(found) => pages.push(page(&found["letter"], &found["number"], "")),
            None if EMPTY.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit()) => {}
            None => words.push(word),
        }
    }
    if pages.is_empty() { words.join("-") } else { pages.join("-") }
}

fn page(letter: &str, number: &str, han: &str) -> String {
    let number = number.parse().unwrap_or_else(|_| han_number(han));
    format!("{}{number}", letter.trim_start_matches('p'))
}

/// 一 to 九十九.
fn han_number(text: &str) -> u32 {
    let digit =
        |c: char| "一二三四五六七八九".chars().zip(1..).find(|(digit, _)| *digit == c).map_or(0, |(_, value)| value);
    match text.split_once('十') {
        Some((tens, ones)) => {
            let tens = tens.chars().next_back().map_or(1, digit);
            tens * 10 + ones.chars().next().map_or(0, digit)
        }
        None => text.chars().fold(0, |sum, c| sum * 10 + digit(c)),
    }
}

/// Takes the publication's id out where it stands as a word.
fn without(name: &mut String, publication: &str) {
    let outside = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    let found = name
        .match_indices(publication)
        .map(|(at, _)| at..at + publication.len())
        .find(|range| outside(name[..range.start].chars().next_back()) && outside(name[range.end..].chars().next()));
    if let Some(range) = found {
        name.replace_range(range, " ");
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const DAILY: &str = "hewan-daily";

    fn facts(publication: Option<&str>, day: Option<Date>) -> Facts {
        let publication = publication.map(|id| id.parse().unwrap());
        Facts { publication, date: day, ..Facts::default() }
    }

    fn dated() -> Facts {
        facts(Some(DAILY), Some(date(2026, 3, 4)))
    }

    fn file(facts: &Facts, name: &str, bytes: &str) -> IssueId {
        identify(facts, Some(name), Shape::File, bytes.as_bytes())
    }

    #[test]
    fn the_part_is_the_page_or_else_what_the_name_says_beside_title_and_day() {
        for (name, wanted) in [
            ("", ""),
            ("hewan-daily_20260304", ""),
            ("2026-03-04", ""),
            ("2026年3月4日", ""),
            ("20260304v2", ""),
            ("hewan-daily 2026.3.4 rev 2", ""),
            ("2026-03-04-修订版2", ""),
            ("20260304_更正", ""),
            ("20260304-093045", ""),
            ("20260304-final", ""),
            ("03", "3"),
            ("p3", "3"),
            ("Page 3", "3"),
            ("20260304_2", "2"),
            ("2026030403", "3"),
            ("20260304p03", "3"),
            ("２０２６０３０４＿０３", "3"),
            ("hewan-daily_2026-03-04_03_v2", "3"),
            ("20260304第03版", "3"),
            ("第十二版 要闻", "12"),
            ("第二十版", "20"),
            ("A01", "a1"),
            ("20260304 A01 要闻", "a1"),
            ("B01版", "b1"),
            ("03_rev2", "3"),
            ("03v2", "3"),
            ("第3版v2", "3"),
            ("page", ""),
            ("统一版", "统一版"),
            ("20260304_要闻", "要闻"),
            ("20260304-sports-final", "sports"),
            ("20260304_hewan", "hewan"),
        ] {
            assert_eq!(part(name, DAILY), wanted, "{name}");
        }
    }

    #[test]
    fn names_have_days_in_the_usual_forms_and_no_others() {
        for name in ["a20260304", "2026-3-4.b", "日报2026年03月04日", "x_2026.03.04", "2026030412", "2026_03_04"] {
            assert!(day(name).is_some(), "{name}");
        }
        for name in ["20261304", "20260304093045", "120260304", "2026-03", "2026-02-30", "a1b2c3", ""] {
            assert!(day(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_key_beats_day_and_name_which_beat_the_content() {
        let keyed = Facts { issue: Some("no. 412".into()), ..dated() };
        assert_eq!(file(&keyed, "a.txt", "one"), file(&Facts { date: None, ..keyed.clone() }, "b.txt", "two"));
        assert_ne!(file(&keyed, "a.txt", "one"), file(&facts(None, None), "a.txt", "one"));
        let other = Facts { issue: Some("no. 413".into()), ..dated() };
        assert_ne!(file(&keyed, "a.txt", "one"), file(&other, "a.txt", "one"));

        let by_name = facts(Some(DAILY), None);
        assert_eq!(file(&by_name, "x 2026-03-04.txt", "one"), file(&by_name, "x 2026-03-04.md", "two"));
        assert_ne!(file(&by_name, "x 2026-03-04.txt", "one"), file(&by_name, "y 2026-03-04.txt", "one"));
        assert_ne!(file(&by_name, "x 2026-03-04.txt", "one"), file(&facts(None, None), "x 2026-03-04.txt", "one"));

        let nothing = facts(None, None);
        assert_eq!(file(&nothing, "page.txt", "one"), IssueId::of(b"one"));
        assert_eq!(file(&by_name, "page.txt", "one"), IssueId::of(b"one"));
        assert_eq!(identify(&nothing, None, Shape::File, b"one"), IssueId::of(b"one"));
    }

    #[test]
    fn an_edition_and_another_day_are_other_issues_and_a_whole_one_has_no_part() {
        let whole = |facts: &Facts, name: &str| identify(facts, Some(name), Shape::Whole, b"one");
        assert_eq!(whole(&dated(), "monday"), whole(&dated(), "03"));
        assert_eq!(whole(&dated(), "monday"), file(&dated(), "2026-03-04.txt", "two"));
        let morning = Facts { edition: Some("早".into()), ..dated() };
        assert_ne!(whole(&dated(), "monday"), whole(&morning, "monday"));
        assert_ne!(whole(&dated(), "monday"), whole(&facts(Some(DAILY), Some(date(2026, 3, 5))), "monday"));
        let undated = facts(Some(DAILY), None);
        assert_ne!(whole(&undated, "2026-03-04"), whole(&undated, "2026-03-04.evening"));
        assert_eq!(whole(&undated, "monday"), IssueId::of(b"one"));
    }

    proptest! {
        #[test]
        fn a_corrected_file_is_the_same_issue_and_another_page_never_is(
            pages in proptest::sample::subsequence((1u32..=120).collect::<Vec<_>>(), 2),
            form in 0usize..7,
            mark in proptest::sample::select(vec!["", "_v2", "-rev", " rev3", "_final", "修订", "-更正", "_v10"]),
            day in proptest::sample::select(vec!["", "20260304_", "2026-03-04-", "hewan-daily_20260304_", "2026年3月4日"]),
        ) {
            let name = |page: u32| {
                let page = [
                    format!("{page}"), format!("{page:02}"), format!("p{page}"), format!("page{page:03}"),
                    format!("第{page}版"), format!("第{page:02}版"), format!("P{page:02}"),
                ][form].clone();
                format!("{day}{page}")
            };
            // Straight after a date a number is the date's; in life there is something between them.
            let (one, two) = (name(pages[0]), name(pages[1]));
            prop_assert_ne!(file(&dated(), &format!("{one}.txt"), "x"), file(&dated(), &format!("{two}.txt"), "x"));
            prop_assert_eq!(file(&dated(), &format!("{one}.txt"), "x"), file(&dated(), &format!("{one}{mark}.md"), "y"));
        }

        #[test]
        fn no_name_panics_and_the_bytes_count_only_where_there_is_no_name(
            name in ".{0,60}", dated: bool, titled: bool, whole: bool, one in ".{0,9}", two in ".{0,9}",
        ) {
            let facts = facts(titled.then_some("a"), dated.then_some(date(2026, 3, 4)));
            let shape = if whole { Shape::Whole } else { Shape::File };
            let id = |bytes: &str| identify(&facts, Some(&name), shape, bytes.as_bytes());
            if one == two || dated && titled {
                prop_assert_eq!(id(&one), id(&two));
            } else {
                prop_assert!(id(&one) == id(&two) || id(&one) == IssueId::of(one.as_bytes()));
            }
        }
    }
}
