//! Newspapers that issues are of.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::words::people;

/// A newspaper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// As a publication's id and a folder's name: `title-001`.
    pub id: String,
    /// As readers know it.
    pub name: String,
    /// Where it appears.
    pub city: String,
    /// Pages of a usual issue, 4 to 16.
    pub pages: usize,
}

/// The day before the first issue of every title.
const BEFORE: Date = Date::constant(2023, 12, 31);

impl Title {
    /// The newspaper `index` of a seed.
    pub fn new(seed: u64, index: usize) -> Self {
        let mut chance = Chance::new(super::mix(&[seed, 0x7469_746c, index as u64]));
        let city = people::city(&mut chance);
        let name = people::paper(&city, &mut chance);
        Self { id: format!("title-{:03}", index + 1), name, city, pages: *chance.pick(&[4, 4, 8, 8, 8, 12, 16]) }
    }

    /// The day of its issue `number`, from 1; a daily misses none.
    pub fn day(number: usize) -> Date {
        i64::try_from(number).ok().and_then(|days| BEFORE.checked_add(days.days()).ok()).unwrap_or(BEFORE)
    }
}
