//! What is known of the issue: from its masthead, the registry of titles, the sender, the file's name, the datelines.

use contract::{FactSource, IssueReceived, IssueRef, Publication, Warning, WarningCode};
use jiff::civil::Date;
use jiff::tz::{self, TimeZone};

use super::calendar::{self, Printed, Verdict, Witnesses};
use super::draft::Draft;
use super::file_name;
use super::grammar::masthead::Said;
use super::titles::{By, Known};

/// What is known of an issue, and how surely.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    /// The issue.
    pub issue: IssueRef,
    /// Where its title comes from.
    pub title_from: Option<FactSource>,
    /// Where its date comes from.
    pub date_from: Option<FactSource>,
    /// Pages that it should have.
    pub expected: Option<u32>,
    /// What an editor should know of these.
    pub warnings: Vec<Warning>,
}

/// Puts the facts together; what the masthead says wrongly and the rest decides is set right in `said`.
pub(crate) fn gather(said: &mut Said, received: &IssueReceived, known: Option<&Known<'_>>, drafts: &[Draft]) -> Facts {
    let mut warnings = Vec::new();
    let (name, title_from) = title(said, received, known, &mut warnings);
    let id = received.publication.clone().or_else(|| known.map(|known| known.title.id.clone()));
    let (date, date_from) = date(said, received, drafts, &mut warnings);
    said.date = date;
    let issue = IssueRef {
        id: received.id.clone(),
        publication: (name.is_some() || id.is_some()).then_some(Publication { id, name }),
        date,
        number: said.number,
        pages: said.pages,
        edition: received.edition.clone(),
    };
    let expected = said.pages.or_else(|| known.and_then(|known| known.title.pages));
    Facts { issue, title_from, date_from, expected, warnings }
}

fn title(
    said: &Said,
    received: &IssueReceived,
    known: Option<&Known<'_>>,
    warnings: &mut Vec<Warning>,
) -> (Option<String>, Option<FactSource>) {
    let Some(Known { title, by }) = known else {
        let named = || received.file_name.as_deref().and_then(file_name::title);
        return match said.title.clone() {
            Some(title) => (Some(title), Some(FactSource::Page)),
            None => named().map_or((None, None), |title| (Some(title), Some(FactSource::FileName))),
        };
    };
    if let By::Alike(read) = by {
        let detail = format!("the page says `{read}`, the registry has `{}`, which was taken", title.name);
        warnings.push(Warning { code: WarningCode::TitleCorrected, detail });
    }
    let from = match by {
        By::Page | By::Alike(_) => FactSource::Page,
        By::Sender if said.title.as_deref().is_some_and(|read| title.names().any(|name| name == read)) => {
            FactSource::Page
        }
        By::Sender => FactSource::Registry,
        By::FileName => FactSource::FileName,
    };
    (Some(title.name.clone()), Some(from))
}

fn date(
    said: &mut Said,
    received: &IssueReceived,
    drafts: &[Draft],
    warnings: &mut Vec<Warning>,
) -> (Option<Date>, Option<FactSource>) {
    let named = received.file_name.as_deref().and_then(file_name::date);
    if let Some(date) = printed(said, received.date.or(named), warnings) {
        if let Some(told) = received.date.filter(|told| *told != date) {
            let detail = format!("the page says {date}, the sender {told}; the page's was taken");
            warnings.push(Warning { code: WarningCode::DateContradicts, detail });
        }
        return (Some(date), Some(FactSource::Page));
    }
    if let Some(date) = received.date {
        return (Some(date), Some(FactSource::Sender));
    }
    if let Some(date) = named {
        return (Some(date), Some(FactSource::FileName));
    }
    let filed = received.received.to_zoned(TimeZone::fixed(tz::offset(8))).date();
    match newest_dateline(drafts, filed) {
        Some(date) => {
            let detail = format!(
                "no date is printed; {date} is the newest dateline, its year that of the day when the file came: \
                 the issue is of that day or the next"
            );
            warnings.push(Warning { code: WarningCode::DateInferred, detail });
            (Some(date), Some(FactSource::Datelines))
        }
        None => {
            let detail = "neither page, sender, file name nor datelines say the date".to_owned();
            warnings.push(Warning { code: WarningCode::DateMissing, detail });
            (None, None)
        }
    }
}

/// The masthead's day, its dates checked against one another.
fn printed(said: &mut Said, told: Option<Date>, warnings: &mut Vec<Warning>) -> Option<Date> {
    let (printed, words) = said.printed.clone().unwrap_or((Printed::default(), String::new()));
    let witnesses = Witnesses {
        weekday: said.masthead.weekday.as_deref().and_then(calendar::read_weekday),
        lunar: said.masthead.lunar_date.as_deref().and_then(calendar::read_lunar),
        told,
    };
    let read = [Some(words), said.masthead.weekday.clone(), said.masthead.lunar_date.clone()];
    let read = read.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let mut warn = |taken: String| {
        let detail = format!("the page says `{read}`; {taken}");
        warnings.push(Warning { code: WarningCode::DateContradicts, detail });
    };
    match calendar::judge(printed, &witnesses) {
        Verdict::None => None,
        Verdict::Agreed(date) => Some(date),
        Verdict::Corrected(date) => {
            correct(said, date);
            warn(format!("taken: {date}, as the other dates say"));
            Some(date)
        }
        Verdict::Upheld(date) => {
            correct(said, date);
            let others = [said.masthead.weekday.as_deref(), said.masthead.lunar_date.as_deref()];
            warn(format!("taken: {date} {}", others.into_iter().flatten().collect::<Vec<_>>().join(" ")));
            Some(date)
        }
        Verdict::Open(date) => {
            warn(format!("which of them is wrong cannot be told; {date} was kept as printed"));
            Some(date)
        }
    }
}

/// Sets weekday and lunar date to those of a day, in the form in which the masthead has them.
fn correct(said: &mut Said, date: Date) {
    let masthead = &mut said.masthead;
    if let Some(weekday) = &mut masthead.weekday
        && calendar::read_weekday(weekday) != Some(date.weekday())
    {
        *weekday = calendar::write_weekday(date, weekday);
    }
    if let Some(printed) = &mut masthead.lunar_date
        && let Some(real) = calendar::write_lunar(date)
        && let (Some(read), Some(right)) = (calendar::read_lunar(printed), calendar::lunar(date))
        && (read.day.is_some_and(|day| Some(day) != right.day)
            || read.cycle.is_some_and(|cycle| Some(cycle) != right.cycle))
    {
        let prefix: String = printed.chars().take_while(|c| "农農夏历曆".contains(*c)).collect();
        let day = real.split_once('年').map_or(real.as_str(), |(_, day)| day);
        *printed = format!("{prefix}{}", if read.cycle.is_some() { &real } else { day });
    }
}

/// Days between the newest dateline and the file's coming beyond which its year is anyone's guess.
const FRESH: i32 = 31;

/// The newest day of a dateline, where the file came soon after it.
fn newest_dateline(drafts: &[Draft], filed: Date) -> Option<Date> {
    let leads = drafts.iter().filter_map(|draft| draft.lead.as_ref()).filter(|lead| lead.dated);
    let day = |lead: &super::grammar::lead::Lead| {
        let (month, day) = (i8::try_from(lead.month?).ok()?, i8::try_from(lead.day?).ok()?);
        let of = |year: i16| Date::new(year, month, day).ok();
        // Clocks differ: a page of tomorrow's paper may come today.
        let recent = |date: &Date| (-1..=FRESH).contains(&(filed - *date).get_days());
        of(filed.year()).filter(recent).or_else(|| of(filed.year() - 1).filter(recent))
    };
    leads.filter_map(day).max()
}

#[cfg(test)]
mod tests {
    use contract::Titles;
    use jiff::civil::date;

    use super::*;
    use crate::extract::grammar::lead::Lead;
    use crate::extract::lines;
    use crate::extract::titles;

    fn received(file: &str) -> IssueReceived {
        IssueReceived {
            file_name: Some(file.to_owned()),
            received: "2026-01-02T03:04:05Z".parse().unwrap(),
            ..IssueReceived::of(b"page")
        }
    }

    fn said(line: &str) -> Said {
        let mut said = Said::default();
        said.read(line);
        said
    }

    fn codes(facts: &Facts) -> Vec<WarningCode> {
        facts.warnings.iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn a_misread_date_is_set_right_and_both_are_named() {
        let mut page = said("2025年11月13日 星期二 农历乙已年九月廿九");
        let facts = gather(&mut page, &received("a.txt"), None, &[]);
        assert_eq!((facts.issue.date, facts.date_from), (Some(date(2025, 11, 18)), Some(FactSource::Page)));
        assert_eq!(codes(&facts), [WarningCode::DateContradicts]);
        let detail = &facts.warnings[0].detail;
        assert!(detail.contains("2025年11月13日 星期二") && detail.contains("taken: 2025-11-18"), "{detail}");
    }

    #[test]
    fn a_misread_weekday_or_lunar_date_is_set_right_in_its_own_form() {
        let mut page = said("2025年11月18日 周三 九月廿九");
        let facts = gather(&mut page, &received("a.txt"), None, &[]);
        assert_eq!((facts.issue.date, page.masthead.weekday.as_deref()), (Some(date(2025, 11, 18)), Some("周二")));
        let mut page = said("2025年11月18日 星期二 农历乙巳年五月廿九");
        gather(&mut page, &received("a.txt"), None, &[]);
        assert_eq!(page.masthead.lunar_date.as_deref(), Some("农历乙巳年九月廿九"));
        let mut page = said("2025年11月18日 星期二 乙已年九月廿九");
        assert!(gather(&mut page, &received("a.txt"), None, &[]).warnings.is_empty(), "read as meant");
    }

    #[test]
    fn without_a_printed_date_sender_then_file_then_datelines_say_it() {
        let lead = Lead { month: Some(12), day: Some(31), dated: true, ..Lead::default() };
        let old = Lead { month: Some(12), day: Some(29), dated: true, ..Lead::default() };
        let drafts = [Draft { lead: Some(old), ..Draft::default() }, Draft { lead: Some(lead), ..Draft::default() }];
        let told = IssueReceived { date: Some(date(2026, 1, 1)), ..received("20251201.txt") };
        for (received, day, from) in [
            (told, date(2026, 1, 1), FactSource::Sender),
            (received("20251201.txt"), date(2025, 12, 1), FactSource::FileName),
            (received("a.txt"), date(2025, 12, 31), FactSource::Datelines),
        ] {
            let facts = gather(&mut Said::default(), &received, None, &drafts);
            assert_eq!((facts.issue.date, facts.date_from), (Some(day), Some(from)));
            assert_eq!(codes(&facts).contains(&WarningCode::DateInferred), from == FactSource::Datelines);
        }
        let late = IssueReceived { received: "2026-06-02T03:04:05Z".parse().unwrap(), ..received("a.txt") };
        let facts = gather(&mut Said::default(), &late, None, &drafts);
        assert_eq!((facts.issue.date, codes(&facts)), (None, vec![WarningCode::DateMissing]));
    }

    #[test]
    fn a_registered_title_gives_id_name_and_pages() {
        let titles = Titles::parse("[[title]]\nid = \"harbour-daily\"\nname = \"港湾日报\"\npages = 8").unwrap();
        let lines = lines::split("港湾曰报\n新桥通车");
        let known = titles::find(&lines, &received("a.txt"), &titles);
        let facts = gather(&mut said("港湾曰报"), &received("20251118.txt"), known.as_ref(), &[]);
        let publication = facts.issue.publication.clone().unwrap();
        assert_eq!(publication.id.unwrap().as_str(), "harbour-daily");
        assert_eq!((publication.name.as_deref(), facts.expected), (Some("港湾日报"), Some(8)));
        assert_eq!(codes(&facts), [WarningCode::TitleCorrected]);
        let facts = gather(&mut said("今日4版"), &received("20251118.txt"), known.as_ref(), &[]);
        assert_eq!(facts.expected, Some(4), "the masthead knows better");
    }
}
