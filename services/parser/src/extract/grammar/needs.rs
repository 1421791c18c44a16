//! What a pattern needs: characters of which a text must have one for a pattern of the grammars to match. Most lines have
//! none, and one pass over them says so where the pattern itself would cost much more.

use std::sync::LazyLock;

use super::{byline, either_script, names};
use crate::extract::text::{CharSet, is_blank, is_han, trim};

/// One of these stands in every match of `byline::MARKER`.
pub(super) static BYLINE: LazyLock<CharSet> = LazyLock::new(|| either_script("记通评实撰采/／:：".chars()));
/// One of these ends every match of `byline::SUFFIX` that is no place.
static BYLINE_END: LazyLock<CharSet> = LazyLock::new(|| either_script("道导电写图摄文".chars()));
/// One of these stands in every match of `byline::TRAILING`.
static DONE: LazyLock<CharSet> = LazyLock::new(|| either_script("文图摄绘整画".chars()));
/// One of these stands in every match of `byline::NOBODY`.
pub(super) static UNNAMED: LazyLock<CharSet> = LazyLock::new(|| either_script("记评编综".chars()));

/// One of these stands before a name where the place of whoever signs does.
pub(super) static PLACES: LazyLock<CharSet> = LazyLock::new(|| either_script("省市县区镇乡村道司学院读讀".chars()));
/// One of these ends every match of `masthead::GUIDE`, 内部… and 免费… aside.
pub(super) static GUIDED: LazyLock<CharSet> = LazyLock::new(|| either_script("读览目版".chars()));
/// One of these stands in every match of `masthead::CODES`.
pub(super) static CODED: LazyLock<CharSet> = LazyLock::new(|| either_script("号@/w部免准价每证社主印刊代邮网".chars()));
/// One of these stands in every title.
pub(super) static TITLED: LazyLock<CharSet> = LazyLock::new(|| either_script("报讯刊".chars()));

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

/// Which of the characters that dates, numbers and pages are written with a text has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs(u16);

impl Signs {
    /// 0 to 9.
    pub const FIGURE: u16 = 1;
    /// What follows a year.
    pub const YEAR: u16 = 2;
    /// What follows a month.
    pub const MONTH: u16 = 4;
    /// 月
    pub const MOON: u16 = 8;
    /// Of a weekday.
    pub const WEEK: u16 = 16;
    /// What follows a running number.
    pub const COUNT: u16 = 32;
    /// What follows a number of pages.
    pub const PAGE: u16 = 64;
    /// C of a CN number.
    pub const LATIN: u16 = 128;
    /// Others without which a line is surely no furniture.
    pub const OTHER: u16 = 256;

    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self(text.chars().fold(0, |signs, c| {
            signs
                | match c {
                    '0'..='9' => Self::FIGURE,
                    '.' | '/' => Self::YEAR | Self::MONTH | Self::OTHER,
                    '-' => Self::YEAR | Self::MONTH,
                    'C' | 'Ｃ' => Self::LATIN,
                    '年' => Self::YEAR,
                    '月' => Self::MONTH | Self::MOON | Self::OTHER,
                    '期' => Self::WEEK | Self::COUNT | Self::OTHER,
                    '周' | '週' | '拜' => Self::WEEK,
                    '号' => Self::COUNT | Self::OTHER,
                    '號' => Self::COUNT,
                    '版' => Self::PAGE | Self::OTHER,
                    '页' | '頁' => Self::PAGE,
                    ':' | '：' | '报' | '報' | '办' | '℃' => Self::OTHER,
                    _ => 0,
                }
        }))
    }

    /// Whether it has any of these.
    pub fn any(self, signs: u16) -> bool {
        self.0 & signs != 0
    }

    /// Whether it can hold a date.
    pub fn day(self) -> bool {
        self.any(Self::YEAR) && self.any(Self::MONTH)
    }
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
