//! What stands around the articles of a page: title, date, folio, telephone numbers, editors.

use icu_calendar::Date as Day;
use icu_calendar::cal::ChineseTraditional;

use crate::chance::Chance;
use crate::truth::Issue;
use crate::words::{people, phrases};
use jiff::civil::{Date, Weekday};

/// A page's furniture and what it says of the issue.
#[derive(Debug, Clone, Default)]
pub struct Masthead {
    /// Lines at the top; empty ones are blank lines.
    pub top: Vec<String>,
    /// Lines at the foot.
    pub foot: Vec<String>,
    /// What it says.
    pub issue: Issue,
}

/// The furniture of a page of a paper on a day.
pub fn masthead(paper: &str, day: Date, page: u32, chance: &mut Chance) -> Masthead {
    let mut out = Masthead::default();
    let issue = &mut out.issue;
    let weekday = weekday(day);
    let solar = format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let number = u32::try_from(chance.between(900, 23_000)).unwrap_or(900);
    let pages = *chance.pick(&[4u32, 8, 12, 16]);
    let name = chance.word(phrases::PAGE_NAMES);
    let mut top: Vec<String> = Vec::new();
    match chance.weighted(&[34, 18, 14, 12, 10, 12]) {
        0 => {
            top.extend([paper.to_owned(), format!("{solar} {weekday}")]);
            let lunar = lunar(day)
                .filter(|_| chance.percent(70))
                .map(|lunar| format!("{}{lunar} ", chance.word(&["", "农历"])));
            let lunar = lunar.unwrap_or_default();
            top.push(format!("{lunar}第{number}期 今日{}版", crate::fill::han(pages as usize)));
            if chance.percent(70) {
                top.push(format!(
                    "{paper}社出版 国内统一连续出版物号 CN 99-{:04} 代号 1-{}",
                    number % 10_000,
                    pages * 3
                ));
            }
            *issue = Issue {
                publication: Some(paper.to_owned()),
                date: Some(day.to_string()),
                number: Some(number),
                pages: Some(pages),
            };
        }
        1 => {
            top.push(format!("{paper} {solar} {weekday} 第{page:02}版 {name}"));
            *issue = Issue { publication: Some(paper.to_owned()), date: Some(day.to_string()), ..Issue::default() };
        }
        2 => {
            top.extend([format!("A{page:02} {name}"), format!("{solar} {weekday}"), paper.to_owned()]);
            *issue = Issue { publication: Some(paper.to_owned()), date: Some(day.to_string()), ..Issue::default() };
        }
        3 => {
            top.push(format!("{name}  {solar}  {weekday}  责任编辑：{}", people::name(chance)));
            issue.date = Some(day.to_string());
        }
        4 => top.push(format!("第{page:02}版 {name}")),
        _ => {}
    }
    out.top = top;
    if chance.percent(45) {
        out.foot = match chance.between(0, 3) {
            0 => vec![format!(
                "责任编辑：{}　版式：{}　校对：{}",
                people::name(chance),
                people::name(chance),
                people::name(chance)
            )],
            1 => vec![format!("●新闻热线：(0000)555{number:05} ●广告专线：(0000)556{number:05}")],
            2 => vec![
                format!("本版编辑 {} 美编 {}", people::name(chance), people::name(chance)),
                format!("电话：0000-8{number:06} 电子信箱：news@example.invalid"),
            ],
            _ => vec![format!("地址：{}{}号 邮编：000000 零售价：1.5元", people::street(chance), number % 300 + 1)],
        };
    }
    out
}

/// A day of the Chinese calendar: 乙巳年九月廿九.
fn lunar(day: Date) -> Option<String> {
    const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
    const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    const BRANCHES: [&str; 12] = ["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"];
    let (month, date) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    let found = Day::try_new_iso(i32::from(day.year()), month, date).ok()?.to_calendar(ChineseTraditional::new());
    let year = usize::from(found.cyclic_year().year.checked_sub(1)?);
    let month = found.month().to_input();
    let leap = if month.is_leap() { "闰" } else { "" };
    let date = usize::from(found.day_of_month().0);
    let date = match date {
        1..=10 => format!("初{}", crate::fill::han(date)),
        20 => "二十".to_owned(),
        21..=29 => format!("廿{}", crate::fill::han(date - 20)),
        _ => crate::fill::han(date),
    };
    let name = MONTHS.get(usize::from(month.number()).checked_sub(1)?)?;
    Some(format!("{}{}年{leap}{name}月{date}", STEMS[year % 10], BRANCHES[year % 12]))
}

pub(crate) fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}
