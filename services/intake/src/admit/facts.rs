//! What the sender says of an issue: publication, date, edition, key, lane; by query, folder or file name.

use contract::{Lane, PublicationId};
use jiff::civil::Date;
use regex::Regex;

use super::Policy;
use crate::refusal::{Refusal, RefusalCode, shown};

/// Longest edition name.
const EDITION_LIMIT: usize = 64;
/// Longest key of an issue.
const KEY_LIMIT: usize = 128;
/// What a file-name pattern can capture.
const GROUPS: [&str; 4] = ["publication", "date", "edition", "issue"];

/// What a sender says, unchecked. An empty value says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// A publication id.
    pub publication: Option<String>,
    /// `YYYY-MM-DD` or `YYYYMMDD`.
    pub date: Option<String>,
    /// Any short name.
    pub edition: Option<String>,
    /// The sender's own key for the issue: what comes under one key are revisions of one issue.
    pub issue: Option<String>,
    /// `live` or `backfill`.
    pub lane: Option<String>,
}

/// What is known of an issue, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The title.
    pub publication: Option<PublicationId>,
    /// The day it is dated.
    pub date: Option<Date>,
    /// Morning, city, overseas …
    pub edition: Option<String>,
    /// The sender's own key for the issue.
    pub issue: Option<String>,
    /// The queue.
    pub lane: Lane,
}

/// A regular expression on file names whose groups `publication`, `date`, `edition` and `issue` are facts.
#[derive(Debug, Clone)]
pub struct FileNamePattern(Regex);

impl FileNamePattern {
    /// Reads one pattern of the settings.
    ///
    /// # Errors
    /// When it is no regular expression, or its groups are none or others than these.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let regex = Regex::new(pattern).map_err(|error| {
            format!("file_name_patterns holds `{}`, which is no regular expression: {error}", shown(pattern))
        })?;
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        match names.iter().find(|name| !GROUPS.contains(name)) {
            Some(name) => Err(format!(
                "file_name_patterns holds `{}` with the group `{name}`; the groups are {}",
                shown(pattern),
                GROUPS.join(", ")
            )),
            None if names.is_empty() => Err(format!(
                "file_name_patterns holds `{}` without a group; name one of {} as (?<date>…)",
                shown(pattern),
                GROUPS.join(", ")
            )),
            None => Ok(Self(regex)),
        }
    }

    /// Whether it says something of a file of this name.
    pub(super) fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    fn read(&self, name: &str) -> Option<Told> {
        let found = self.0.captures(name)?;
        let group = |key| found.name(key).map(|value| value.as_str().to_owned());
        let (publication, date, edition) = (group("publication"), group("date"), group("edition"));
        Some(Told { publication, date, edition, issue: group("issue"), lane: None })
    }
}

impl Facts {
    /// Puts the facts together: what the sender said beats the file's name, which beats the settings.
    ///
    /// # Errors
    /// With the key and value that cannot be.
    pub(super) fn gather(told: &Told, name: Option<&str>, policy: &Policy) -> Result<Self, Refusal> {
        let named = name.and_then(|name| policy.patterns.iter().find_map(|pattern| pattern.read(name)));
        let named = named.unwrap_or_default();
        let publication = pick(&told.publication, &named.publication).map(publication).transpose()?;
        Ok(Self {
            publication: publication.or_else(|| policy.default_publication.clone()),
            date: pick(&told.date, &named.date).map(date).transpose()?,
            edition: pick(&told.edition, &named.edition)
                .map(|said| short(said, "edition", EDITION_LIMIT))
                .transpose()?,
            issue: pick(&told.issue, &named.issue).map(|said| short(said, "issue", KEY_LIMIT)).transpose()?,
            lane: pick(&told.lane, &None).map(lane).transpose()?.unwrap_or(policy.default_lane),
        })
    }
}

/// The said value and where it was said.
struct Said<'a> {
    value: &'a str,
    by: &'static str,
}

fn pick<'a>(told: &'a Option<String>, named: &'a Option<String>) -> Option<Said<'a>> {
    let said = |value: &'a Option<String>, by| {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
        Some(Said { value, by })
    };
    said(told, "as given").or_else(|| said(named, "by the file's name"))
}

fn publication(said: Said<'_>) -> Result<PublicationId, Refusal> {
    said.value
        .parse()
        .map_err(|_| said.refuse("publication", "give 1 to 64 characters of a-z, 0-9 and -, not beginning with -"))
}

fn lane(said: Said<'_>) -> Result<Lane, Refusal> {
    said.value.parse().map_err(|_| said.refuse("lane", "give live or backfill"))
}

fn short(said: Said<'_>, key: &str, limit: usize) -> Result<String, Refusal> {
    let count = said.value.chars().count();
    if count > limit || said.value.chars().any(char::is_control) {
        return Err(said.refuse(key, &format!("give 1 to {limit} characters without control characters")));
    }
    Ok(said.value.to_owned())
}

fn date(said: Said<'_>) -> Result<Date, Refusal> {
    parse_date(said.value).ok_or_else(|| said.refuse("date", "give a day of the calendar as YYYY-MM-DD or YYYYMMDD"))
}

fn parse_date(text: &str) -> Option<Date> {
    let (year, month, day) = match (text.len(), text.as_bytes().get(4)) {
        (10, Some(b'-')) if text.as_bytes()[7] == b'-' => (text.get(..4)?, text.get(5..7)?, text.get(8..)?),
        (8, _) => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => return None,
    };
    let all_digits = [year, month, day].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if !all_digits {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

impl Said<'_> {
    fn refuse(&self, key: &str, advice: &str) -> Refusal {
        let reason = format!("{key} `{}` {} is not valid", shown(self.value), self.by);
        Refusal::new(RefusalCode::BadFact, reason, advice)
    }
}
