//! The dates of a masthead against one another: solar date, weekday, lunar date. They say the same thing three times over, so
//! a recogniser's mistake in one shows itself, and the others often say what it must have been.

use icu_calendar::Date as Day;
use icu_calendar::cal::ChineseTraditional;
use jiff::civil::{Date, Weekday};

/// Years for which the Chinese calendar is tabulated and newspapers are printed.
const YEARS: std::ops::RangeInclusive<i16> = 1912..=2100;

/// A day of the Chinese calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lunar {
    /// Place of the year in the cycle of sixty, from 1 (甲子).
    pub cycle: Option<u8>,
    /// Month and day.
    pub day: Option<MonthDay>,
}

/// Month and day of the Chinese calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MonthDay {
    /// From 1.
    pub month: u8,
    /// 闰
    pub leap: bool,
    /// From 1.
    pub day: u8,
}

/// The lunar date of a day.
pub(crate) fn lunar(date: Date) -> Option<Lunar> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    let found = Day::try_new_iso(i32::from(date.year()), month, day).ok()?.to_calendar(ChineseTraditional::new());
    let month = found.month().to_input();
    let day = MonthDay { month: month.number(), leap: month.is_leap(), day: found.day_of_month().0 };
    Some(Lunar { cycle: Some(found.cyclic_year().year), day: Some(day) })
}

/// The fields of a solar date as they were read, each possibly wrong or lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Printed {
    /// Four digits.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31.
    pub day: Option<i8>,
}

impl Printed {
    /// The day, where the fields make one.
    pub fn date(self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok().filter(|date| YEARS.contains(&date.year()))
    }

    /// Every day that differs from the fields in one of them; fields that were not read differ from nothing.
    fn one_field_off(self) -> Vec<Date> {
        let years = |year: Option<i16>| match year {
            Some(read) => YEARS.filter(|year| one_digit_off(*year, read)).collect(),
            None => Vec::new(),
        };
        let mut days = Vec::new();
        let mut add = |year: Option<i16>, month: Option<i8>, day: Option<i8>| {
            days.extend(Self { year, month, day }.date());
        };
        match (self.year, self.month, self.day) {
            (Some(_), Some(_), _) => (1..=31).for_each(|day| add(self.year, self.month, Some(day))),
            (None, Some(_), Some(_)) => {
                YEARS.for_each(|year| add(Some(year), self.month, self.day));
                return days;
            }
            (Some(_), None, Some(_)) => {}
            _ => return days,
        }
        (1..=12).for_each(|month| add(self.year, Some(month), self.day));
        years(self.year).into_iter().for_each(|year| add(Some(year), self.month, self.day));
        days.sort_unstable();
        days.dedup();
        days
    }
}

fn one_digit_off(a: i16, b: i16) -> bool {
    let digits = |n: i16| [n / 1000, n / 100 % 10, n / 10 % 10, n % 10];
    digits(a).iter().zip(digits(b)).filter(|(a, b)| **a != *b).count() == 1
}

/// What else a page (and its sender) says of the day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Witnesses {
    /// 星期二
    pub weekday: Option<Weekday>,
    /// 乙巳年九月廿九
    pub lunar: Option<Lunar>,
    /// What the sender or the file's name says.
    pub told: Option<Date>,
}

/// How a day fits the witnesses: each that speaks agrees or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fit {
    weekday: Option<bool>,
    cycle: Option<bool>,
    day: Option<bool>,
}

impl Witnesses {
    fn fit(&self, date: Date) -> Fit {
        let real = lunar(date);
        let said = self.lunar;
        Fit {
            weekday: self.weekday.map(|weekday| weekday == date.weekday()),
            cycle: said.and_then(|said| said.cycle).map(|cycle| real.and_then(|real| real.cycle) == Some(cycle)),
            day: said.and_then(|said| said.day).map(|day| {
                real.and_then(|real| real.day).is_some_and(|real| {
                    // 闰 is the smallest word of a masthead and the first that is lost.
                    (real.month, real.day) == (day.month, day.day) && (real.leap || !day.leap)
                })
            }),
        }
    }
}

impl Fit {
    /// Every witness agrees.
    fn whole(self) -> bool {
        self.against() == 0
    }

    /// How many witnesses do not agree.
    fn against(self) -> usize {
        [self.weekday, self.cycle, self.day].iter().filter(|fits| **fits == Some(false)).count()
    }
}

/// What the dates of a masthead come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is no date.
    None,
    /// All that speak agree, or the solar date speaks alone.
    Agreed(Date),
    /// The solar date was misread; the others decide it.
    Corrected(Date),
    /// The solar date stands; the weekday or the lunar date was misread.
    Upheld(Date),
    /// They contradict one another, and nothing decides; the solar date is kept as printed.
    Open(Date),
}

/// Judges the dates of a masthead.
pub(crate) fn judge(printed: Printed, witnesses: &Witnesses) -> Verdict {
    let two = witnesses.weekday.is_some() && witnesses.lunar.is_some_and(|lunar| lunar.day.is_some());
    let full = witnesses.lunar.is_some_and(|lunar| lunar.day.is_some() && lunar.cycle.is_some());
    // All that speak agree on nearly every page: then no other day need be looked at.
    if let Some(date) = printed.date().filter(|date| witnesses.fit(*date).whole()) {
        return Verdict::Agreed(date);
    }
    let others: Vec<Date> = printed.one_field_off().into_iter().filter(|date| witnesses.fit(*date).whole()).collect();
    let told = witnesses.told.filter(|told| printed.date() != Some(*told));
    let Some(date) = printed.date() else {
        return match (&others[..], told) {
            ([only], _) if two || full => Verdict::Corrected(*only),
            (_, Some(told)) if others.contains(&told) => Verdict::Corrected(told),
            _ => Verdict::None,
        };
    };
    let fit = witnesses.fit(date);
    // The sender's day, one field from the printed one, with all that the page says beside it.
    if let Some(told) = told.filter(|told| others.contains(told)) {
        return Verdict::Corrected(told);
    }
    if witnesses.told == Some(date) {
        return Verdict::Upheld(date);
    }
    match &others[..] {
        [only] if two && fit.against() >= 2 => Verdict::Corrected(*only),
        // A solar and a lunar day that agree are right; the weekday or the name of the year is not.
        _ if fit.day == Some(true) => Verdict::Upheld(date),
        // Solar date and weekday agree, and no slip of the solar date would explain the lunar one.
        [] if fit.weekday == Some(true) => Verdict::Upheld(date),
        _ => Verdict::Open(date),
    }
}

const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";
const DIGITS: &str = "一二三四五六七八九十";

/// Where a character stands in a row of characters, from 0.
fn place(row: &str, c: char) -> Option<usize> {
    row.chars().position(|one| one == c)
}

/// Reads a lunar date, with what recognisers make of its rarer characters: 末 for 未, 已 for 巳, 甘 for 廿.
pub(crate) fn read_lunar(text: &str) -> Option<Lunar> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let cycle = chars.windows(2).find_map(|pair| cycle(pair[0], pair[1]));
    let at = chars.iter().position(|c| *c == '月');
    let day = at.and_then(|at| month_day(&chars[..at], &chars[at + 1..]));
    (cycle.is_some() || day.is_some()).then_some(Lunar { cycle, day })
}

fn cycle(stem: char, branch: char) -> Option<u8> {
    let stem = if matches!(stem, '已' | '巳') { '己' } else { stem };
    let branch = match branch {
        '已' | '己' => '巳',
        '末' => '未',
        '戍' | '戊' => '戌',
        '西' => '酉',
        other => other,
    };
    let (stem, branch) = (place(STEMS, stem)?, place(BRANCHES, branch)?);
    // The year of the cycle with this stem (of ten) and this branch (of twelve); half of the pairs do not exist.
    (0..60).find(|year| year % 10 == stem && year % 12 == branch).and_then(|year| u8::try_from(year + 1).ok())
}

fn month_day(before: &[char], after: &[char]) -> Option<MonthDay> {
    let month = match before {
        [.., '十', '一'] | [.., '冬'] => 11,
        [.., '十', '二'] | [.., '腊' | '臘'] => 12,
        [.., '正'] => 1,
        [.., digit] => u8::try_from(place(DIGITS, *digit)? + 1).ok()?,
        [] => return None,
    };
    let leap = before.iter().any(|c| matches!(c, '闰' | '閏' | '润'));
    let after = after.strip_prefix(&['大']).or_else(|| after.strip_prefix(&['小'])).unwrap_or(after);
    let digit = |c: &char| place(&DIGITS[..27], *c).and_then(|at| u8::try_from(at + 1).ok());
    let day = match after {
        ['初', '十', ..] => 10,
        ['初', c, ..] => digit(c)?,
        ['二', '十', rest @ ..] | ['廿' | '甘' | '卄', rest @ ..] => {
            20 + rest.first().and_then(digit).unwrap_or(0)
        }
        ['三', '十', ..] | ['卅', ..] => 30,
        ['十', rest @ ..] => 10 + rest.first().and_then(digit).unwrap_or(0),
        _ => return None,
    };
    Some(MonthDay { month, leap, day })
}

/// Writes a lunar date as mastheads do.
pub(crate) fn write_lunar(date: Date) -> Option<String> {
    let Lunar { cycle: Some(cycle), day: Some(day) } = lunar(date)? else { return None };
    let year = usize::from(cycle.checked_sub(1)?);
    let digit = |n: u8| DIGITS.chars().nth(usize::from(n).saturating_sub(1)).map(String::from).unwrap_or_default();
    let month = match day.month {
        1 => "正".to_owned(),
        11 => "十一".to_owned(),
        12 => "十二".to_owned(),
        n => digit(n),
    };
    let written = match day.day {
        n @ 1..=10 => format!("初{}", digit(n)),
        n @ 11..=19 => format!("十{}", digit(n - 10)),
        20 => "二十".to_owned(),
        n @ 21..=29 => format!("廿{}", digit(n - 20)),
        _ => "三十".to_owned(),
    };
    let (stem, branch) = (STEMS.chars().nth(year % 10)?, BRANCHES.chars().nth(year % 12)?);
    Some(format!("{stem}{branch}年{}{month}月{written}", if day.leap { "闰" } else { "" }))
}

/// Reads a weekday, 曰 for 日 included.
pub(crate) fn read_weekday(text: &str) -> Option<Weekday> {
    let last = text.chars().rfind(|c| !c.is_whitespace())?;
    match last {
        '日' | '曰' | '天' => Some(Weekday::Sunday),
        _ => place(&DIGITS[..18], last).and_then(|at| Weekday::from_monday_one_offset(i8::try_from(at + 1).ok()?).ok()),
    }
}

/// Writes a weekday in place of another, in the words of that one: 周二 for 周一.
pub(crate) fn write_weekday(date: Date, printed: &str) -> String {
    let at = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let day = "一二三四五六日".chars().nth(at).unwrap_or('日');
    let mut words: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    words.pop();
    words.push(day);
    words
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// The fields of a day.
    fn fields(date: Date) -> Printed {
        Printed { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }

    fn said(weekday: &str, lunar: &str) -> Witnesses {
        Witnesses { weekday: read_weekday(weekday), lunar: read_lunar(lunar), told: None }
    }

    fn judged(day: Date, weekday: &str, lunar: &str) -> Verdict {
        judge(fields(day), &said(weekday, lunar))
    }

    #[test]
    fn lunar_dates_are_those_of_the_almanac() {
        for (day, text) in [
            (date(2025, 11, 18), "乙巳年九月廿九"),
            (date(2025, 8, 1), "乙巳年闰六月初八"),
            (date(2026, 2, 17), "丙午年正月初一"),
            (date(2026, 2, 16), "乙巳年十二月廿九"),
            (date(2024, 2, 9), "癸卯年十二月三十"),
            (date(2033, 12, 22), "癸丑年闰十一月初一"),
        ] {
            assert_eq!(write_lunar(day).as_deref(), Some(text));
            assert_eq!(read_lunar(text), lunar(day), "{text}");
        }
    }

    #[test]
    fn what_recognisers_make_of_rare_characters_is_read() {
        for (read, meant) in [
            ("乙已年九月甘九", "乙巳年九月廿九"),
            ("乙己年九月二十九", "乙巳年九月廿九"),
            ("丁末年腊月小初三", "丁未年十二月初三"),
            ("农历丙午年冬月初十", "丙午年十一月初十"),
        ] {
            assert_eq!(read_lunar(read), read_lunar(meant), "{read}");
        }
        assert_eq!(read_lunar("甲丑年"), None, "no such year");
        assert_eq!(read_weekday("星期曰"), Some(Weekday::Sunday));
        assert_eq!(read_weekday("周三"), Some(Weekday::Wednesday));
        assert_eq!(write_weekday(date(2025, 11, 18), "星 期 三"), "星期二");
    }

    #[test]
    fn a_misread_solar_date_is_what_weekday_and_lunar_date_say() {
        let right = Verdict::Corrected(date(2025, 11, 18));
        for wrong in [date(2025, 11, 13), date(2025, 11, 1), date(2025, 1, 18), date(2015, 11, 18)] {
            assert_eq!(judged(wrong, "星期二", "乙巳年九月廿九"), right, "{wrong}");
        }
        let lost = Printed { day: Some(48), ..fields(date(2025, 11, 18)) };
        assert_eq!(judge(lost, &said("星期二", "九月廿九")), right);
        assert_eq!(judge(Printed { day: None, ..lost }, &said("", "乙巳年九月廿九")), right);
    }

    #[test]
    fn a_misread_weekday_or_lunar_date_does_not_move_the_solar_date() {
        let day = date(2025, 11, 18);
        assert_eq!(judged(day, "星期二", "乙巳年九月廿九"), Verdict::Agreed(day));
        assert_eq!(judged(day, "", ""), Verdict::Agreed(day));
        assert_eq!(judged(day, "星期三", "乙巳年九月廿九"), Verdict::Upheld(day));
        assert_eq!(judged(day, "星期二", "乙亥年九月廿九"), Verdict::Upheld(day));
        assert_eq!(judged(day, "星期二", "乙巳年五月廿九"), Verdict::Upheld(day));
    }

    #[test]
    fn what_nothing_decides_stays_as_printed() {
        let day = date(2025, 11, 18);
        assert_eq!(judged(day, "星期三", ""), Verdict::Open(day));
        assert_eq!(judged(day, "", "乙巳年九月廿八"), Verdict::Open(day));
        // 11 and 18 November are both Tuesdays: either the day or the lunar day was misread.
        assert_eq!(judged(date(2025, 11, 11), "星期二", "九月廿九"), Verdict::Open(date(2025, 11, 11)));
        let told = Witnesses { told: Some(day), ..said("星期二", "九月廿九") };
        assert_eq!(judge(fields(date(2025, 11, 11)), &told), Verdict::Corrected(day));
        assert_eq!(judge(Printed::default(), &said("星期二", "")), Verdict::None);
    }

    proptest! {
        #[test]
        fn a_printed_day_is_never_given_up_without_two_witnesses(days in 0..60_000i32, weekday in 0..7i8, lunar in "[正二九十]月(初一|廿九)") {
            let day = date(1930, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let weekday = Weekday::from_monday_zero_offset(weekday).unwrap();
            let one = Witnesses { weekday: Some(weekday), ..Witnesses::default() };
            prop_assert!(!matches!(judge(fields(day), &one), Verdict::Corrected(_) | Verdict::None));
            let two = Witnesses { lunar: read_lunar(&lunar), ..one };
            if let Verdict::Corrected(taken) = judge(fields(day), &two) {
                prop_assert!(two.fit(taken).whole());
            }
        }
    }
}
