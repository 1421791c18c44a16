//! Numbers in their other writing: 二〇二五年 and 2025年, 第二十届 and 第20届, 百分之五 and 5%, 五月一日 and 5月1日, 三十周年 and
//! 30周年.
//!
//! Chinese numerals are rare in print: their digits are added as words side by side, so that phrases find them. Digits
//! are in every article: their numerals are added as a query's neighbours joined, which the server tries by itself, so
//! that 2025年 is found by 二〇二五年 and not by 五年.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::Added;
use super::cut::{Cut, is_han};

/// What ordinal numbers count.
const UNITS: &str = "届期号次章条批轮名位版集卷季";
/// Those of which the first nine are asked for in digits, too; 第一次 is a word like others.
const UNITS_FROM_ONE: &str = "届期号";
/// What is counted in numerals and in digits alike: 十八届, 三十年, 三十周年, 二十一世纪.
const COUNTED: &str = "届年岁周世";
/// Before or behind a number they make it another one.
const MORE: &str = "千万亿点几多余两第.．";
/// Most terms that the server joins again when it looks for a word in a query.
const LONGEST_JOINED: usize = 3;

/// A number and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Number {
    Year(u32),
    Ordinal(u32, char),
    Percent(u32),
    /// Month and day; day 0: the month alone.
    Day(u32, u32),
    /// How many, and of what.
    Count(u32, char),
}

/// Where a number stands.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    number: Number,
    end: usize,
    /// Whether it is written in digits.
    digits: bool,
}

/// Adds the other writing of each number in `cut`.
pub fn add(cut: &Cut, added: &mut Added) {
    let mut seen = FxHashSet::default();
    let mut at = 0;
    while at < cut.chars.len() {
        let Some(found) = find(&cut.chars, at) else {
            at += 1;
            continue;
        };
        if seen.insert(cut.text(at, found.end)) {
            add_forms(cut, at, &found, added);
        }
        at = found.end;
    }
}

fn add_forms(cut: &Cut, start: usize, found: &Found, added: &mut Added) {
    if !found.digits {
        let words = Cut::new(&found.number.in_digits()).words;
        added.run(&words.iter().map(|word| &*word.lemma).collect::<Vec<_>>());
    }
    for form in found.number.in_numerals() {
        let words: Vec<CompactString> = Cut::new(&form).words.into_iter().map(|word| word.lemma).collect();
        // As printed and cut as it is alone: 二〇二四年度 is not.
        let here = cut.begins(start).zip(cut.ends(found.end));
        if here.is_some_and(|(first, last)| cut.words[first..=last].iter().map(|word| &word.lemma).eq(&words)) {
            continue;
        }
        let pieces = words.len().div_ceil(LONGEST_JOINED).max(1);
        for piece in words.chunks(words.len().div_ceil(pieces).max(1)) {
            added.word(&piece.concat());
        }
    }
}

/// The number that begins at `at`.
fn find(chars: &[char], at: usize) -> Option<Found> {
    if !begins(chars[at]) {
        return None;
    }
    let found = |number, end, digits| Some(Found { number, end, digits });
    let next = |end: usize| chars.get(end).copied();
    if chars[at] == '第' {
        let (run, digits) = run(chars, at + 1)?;
        let end = at + 1 + run.len();
        let unit = next(end).filter(|c| UNITS.contains(*c))?;
        let count = count(run, digits)?;
        let asked = digits || count > 9 || UNITS_FROM_ONE.contains(unit);
        return found(Number::Ordinal(count, unit), end + 1, digits).filter(|_| asked);
    }
    if chars[at..].starts_with(&['百', '分', '之']) {
        let (run, digits) = run(chars, at + 3)?;
        let end = at + 3 + run.len();
        let count = count(run, digits).filter(|count| *count <= 100 && next(end) != Some('点'))?;
        return found(Number::Percent(count), end, digits);
    }
    let (run, digits) = run(chars, at)?;
    if at > 0 && (same_kind(chars[at - 1], digits) || digits && chars[at - 1] == '.') {
        return None;
    }
    let end = at + run.len();
    match next(end)? {
        '年' if run.len() == 4 => {
            let year = run.iter().try_fold(0, |year, c| Some(year * 10 + value(*c)?))?;
            found(Number::Year(year), end + 1, digits).filter(|_| (1000..3000).contains(&year))
        }
        '%' | '％' if digits => found(Number::Percent(count(run, true)?), end + 1, true),
        '月' if count(run, digits).is_some_and(|month| month <= 12) => {
            let month = count(run, digits)?;
            let day = self::run(chars, end + 1).filter(|(_, kind)| *kind == digits).and_then(|(run, _)| {
                let end = end + 1 + run.len();
                next(end).filter(|c| matches!(c, '日' | '号'))?;
                Some((count(run, digits).filter(|day| *day <= 31)?, end + 1))
            });
            let (day, end) = day.unwrap_or((0, end + 1));
            found(Number::Day(month, day), end, digits)
        }
        // Below eleven numerals are words like others, and 十分 is none of ten.
        unit if unit != '月'
            && (digits && run.len() < 4 && COUNTED.contains(unit) || !digits && is_han(unit))
            && !MORE.contains(unit) =>
        {
            let alone = at == 0 || !MORE.contains(chars[at - 1]);
            let count = count(run, digits).filter(|count| alone && *count > 10)?;
            found(Number::Count(count, unit), end + 1, digits)
        }
        _ => None,
    }
}

/// Whether a number may begin with `c`: most characters are none of these.
fn begins(c: char) -> bool {
    c == '第' || is_digit(c) || same_kind(c, false)
}

/// Digits or numerals in a row, and whether they are digits.
fn run(chars: &[char], at: usize) -> Option<(&[char], bool)> {
    let digits = is_digit(*chars.get(at)?);
    let count = chars[at..].iter().take_while(|c| same_kind(**c, digits)).count();
    (count > 0).then(|| (&chars[at..at + count], digits))
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn same_kind(c: char, digits: bool) -> bool {
    if digits { is_digit(c) } else { !is_digit(c) && (value(c).is_some() || matches!(c, '十' | '百')) }
}

/// The value of one digit or numeral.
fn value(c: char) -> Option<u32> {
    match c {
        '〇' | '○' | '零' => Some(0),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10).or_else(|| NUMERALS.iter().position(|numeral| *numeral == c).map(|at| at as u32)),
    }
}

const NUMERALS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A number from 1 to 999, in digits or as it is spoken.
fn count(run: &[char], digits: bool) -> Option<u32> {
    if digits {
        let count = run.iter().take(4).try_fold(0, |count, c| Some(count * 10 + value(*c)?))?;
        return Some(count).filter(|count| (1..1_000).contains(count));
    }
    let (mut total, mut last) = (0, 0);
    for c in run.iter().take(8) {
        match c {
            '百' => total += 100 * std::mem::take(&mut last),
            '十' => total += 10 * std::mem::take(&mut last).max(1),
            _ => last = value(*c)?,
        }
    }
    let count = total + last;
    // 二〇 or 一三九 are digits one by one, and 三四十 is about so many.
    ((1..1_000).contains(&count) && spoken(count).chars().eq(run.iter().copied())).then_some(count)
}

/// 139 as it is spoken: 一百三十九.
fn spoken(count: u32) -> String {
    let numeral = |digit: u32| NUMERALS[digit as usize % 10];
    let (hundreds, tens, ones) = (count / 100, count / 10 % 10, count % 10);
    let mut text = String::new();
    if hundreds > 0 {
        text.extend([numeral(hundreds), '百']);
    }
    if tens > 1 || tens == 1 && hundreds > 0 {
        text.push(numeral(tens));
    } else if tens == 0 && hundreds > 0 && ones > 0 {
        text.push('零');
    }
    if tens > 0 {
        text.push('十');
    }
    if ones > 0 {
        text.push(numeral(ones));
    }
    text
}

impl Number {
    fn in_digits(self) -> String {
        match self {
            Self::Year(year) => format!("{year}年"),
            Self::Ordinal(count, unit) => format!("第{count}{unit}"),
            Self::Percent(count) => format!("{count}%"),
            Self::Day(month, 0) => format!("{month}月"),
            Self::Day(month, day) => format!("{month}月{day}日"),
            Self::Count(count, unit) => format!("{count}{unit}"),
        }
    }

    fn in_numerals(self) -> Vec<String> {
        match self {
            Self::Year(year) => {
                let digits = [1_000, 100, 10, 1].map(|place| (year / place % 10) as usize);
                let year: String = digits.iter().map(|digit| NUMERALS[*digit]).chain(['年']).collect();
                let typed = year.replace('〇', "零");
                if typed == year { vec![year] } else { vec![year, typed] }
            }
            Self::Ordinal(count, unit) => vec![format!("第{}{unit}", spoken(count))],
            Self::Percent(count) => vec![format!("百分之{}", spoken(count))],
            Self::Day(month, 0) => vec![format!("{}月", spoken(month))],
            Self::Day(month, day) => vec![format!("{}月{}日", spoken(month), spoken(day))],
            Self::Count(count, _) => vec![spoken(count)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(text: &str) -> Option<(Number, usize, bool)> {
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len()).find_map(|at| find(&chars, at)).map(|found| (found.number, found.end, found.digits))
    }

    #[test]
    fn numbers_are_read_in_both_writings() {
        assert_eq!(first("自二〇二五年起"), Some((Number::Year(2025), 6, false)));
        assert_eq!(first("二○二五年"), Some((Number::Year(2025), 5, false)));
        assert_eq!(first("２０２５年"), Some((Number::Year(2025), 5, true)));
        assert_eq!(first("第一百零五届"), Some((Number::Ordinal(105, '届'), 6, false)));
        assert_eq!(first("第20届"), Some((Number::Ordinal(20, '届'), 4, true)));
        assert_eq!(first("百分之十五"), Some((Number::Percent(15), 5, false)));
        assert_eq!(first("增长5%"), Some((Number::Percent(5), 4, true)));
        assert_eq!(first("十月二十三日"), Some((Number::Day(10, 23), 6, false)));
        assert_eq!(first("三月里"), Some((Number::Day(3, 0), 2, false)));
        assert_eq!(first("11月18日"), Some((Number::Day(11, 18), 6, true)));
        assert_eq!(first("三十周年"), Some((Number::Count(30, '周'), 3, false)));
        assert_eq!(first("18届"), Some((Number::Count(18, '届'), 3, true)));
    }

    #[test]
    fn what_is_another_number_is_left_alone() {
        for text in [
            "12025年",
            "3.5%",
            "第一次",
            "三四十年",
            "百分之五点六",
            "十三月",
            "第三",
            "第",
            "百分之",
            "十分",
            "二十万",
            "3.50年",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }

    #[test]
    fn digits_find_numerals_and_numerals_digits() {
        let added = |text: &str| crate::findable::words_to_add([text]);
        assert!(added("二〇二五年").contains("2025 年"));
        let words = added("2025年");
        assert!(words.contains("二〇;") && words.contains("二五年") && !words.split(';').any(|word| word == "五年"));
        assert!(added("第20届").contains("第二十屆"));
        assert!(added("第二十届").contains("第 20 屆"));
        assert!(added("下降5%").contains("百分之五"));
        assert!(added("11月18日").contains("十八日"));
        assert!(added("十八届三中全会").contains("18 屆"));
        assert!(added("改革30年").contains("三十"));
    }

    proptest! {
        #[test]
        fn any_count_is_read_as_it_is_spoken(number in 1u32..1_000) {
            let numerals: Vec<char> = spoken(number).chars().collect();
            prop_assert_eq!(count(&numerals, false), Some(number));
        }

        #[test]
        fn any_text_is_read_without_harm(text in "[第百分之十一二〇零0-9０年月日届%. ]{0,16}") {
            let _ = crate::findable::words_to_add([text.as_str()]);
        }
    }
}
