//! Which tasks a client asks for.

use super::task::{Kind, Status, Task};
use crate::error::{Code, Failure, Result};
use crate::json::only_known;
use crate::keys::pattern::Pattern;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A choice of tasks; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskFilter {
    /// By number.
    pub uids: Option<Vec<u32>>,
    /// By batch.
    pub batch_uids: Option<Vec<u32>>,
    /// By who canceled them.
    pub canceled_by: Option<Vec<u32>>,
    /// By status.
    pub statuses: Option<Vec<Status>>,
    /// By kind; kinds that this engine never has are left out.
    pub kinds: Option<Vec<Kind>>,
    /// By index.
    pub index_uids: Option<Vec<String>>,
    /// By the indexes of the key that asks; none: all, and tasks that are about none.
    pub scope: Option<Vec<Pattern>>,
    /// By time of asking: after, before.
    pub enqueued: [Option<Timestamp>; 2],
    /// By time of beginning.
    pub started: [Option<Timestamp>; 2],
    /// By time of ending.
    pub finished: [Option<Timestamp>; 2],
    /// The query string as it came.
    pub original: String,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskPage {
    /// Which.
    pub filter: TaskFilter,
    /// How many.
    pub limit: usize,
    /// The first one.
    pub from: Option<u32>,
    /// Oldest first.
    pub reverse: bool,
}

const FILTERS: &[&str] = &[
    "uids",
    "batchUids",
    "canceledBy",
    "types",
    "statuses",
    "indexUids",
    "afterEnqueuedAt",
    "beforeEnqueuedAt",
    "afterStartedAt",
    "beforeStartedAt",
    "afterFinishedAt",
    "beforeFinishedAt",
];

/// Kinds of Meilisearch that this engine does not have: they may be asked for and match nothing.
const OTHER_KINDS: &[&str] = &[
    "documentEdition",
    "dumpCreation",
    "snapshotCreation",
    "export",
    "upgradeDatabase",
    "indexCompaction",
    "networkTopologyChange",
];

impl TaskPage {
    /// From the query string of `GET /tasks`.
    pub fn read(parameters: &[(String, String)]) -> Result<Self> {
        let known: Vec<_> = ["limit", "from", "reverse"].into_iter().chain(FILTERS.iter().copied()).collect();
        only_known(parameters.iter().map(|(name, _)| name), &known, "parameter")?;
        let mut page = Self { filter: TaskFilter::default(), limit: 20, from: None, reverse: false };
        for (name, text) in parameters {
            match name.as_str() {
                "limit" => page.limit = number(name, text, Code::InvalidTaskLimit)?,
                "from" => page.from = Some(number(name, text, Code::InvalidTaskFrom)?),
                "reverse" => {
                    page.reverse = text.parse().map_err(|_| {
                        invalid(
                            name,
                            Code::InvalidTaskReverse,
                            format!("could not parse `{text}` as a boolean, expected either `true` or `false`"),
                        )
                    })?;
                }
                _ => page.filter.set(name, text)?,
            }
        }
        Ok(page)
    }
}

impl TaskFilter {
    /// From the query string of a cancelation or deletion (`what`), which must name some tasks.
    pub fn read(parameters: &[(String, String)], what: &str, original: &str) -> Result<Self> {
        only_known(parameters.iter().map(|(name, _)| name), FILTERS, "parameter")?;
        if parameters.is_empty() {
            return Err(Failure::new(
                Code::MissingTaskFilters,
                format!(
                    "Query parameters to filter the tasks to {what} are missing. Available query parameters are: {}.",
                    crate::json::quoted(FILTERS)
                ),
            ));
        }
        let mut filter = Self { original: format!("?{original}"), ..Self::default() };
        for (name, text) in parameters {
            filter.set(name, text)?;
        }
        Ok(filter)
    }

    /// Whether nothing is asked, so that every task matches.
    pub fn is_open(&self) -> bool {
        let any = Self { original: self.original.clone(), ..Self::default() };
        *self == any
    }

    /// Whether the task, as it is now, is asked for.
    pub fn matches(&self, task: &Task) -> bool {
        fn among<T: PartialEq>(wanted: Option<&Vec<T>>, found: Option<&T>) -> bool {
            wanted.is_none_or(|wanted| found.is_some_and(|found| wanted.contains(found)))
        }
        fn between([after, before]: [Option<Timestamp>; 2], time: Option<Timestamp>) -> bool {
            after.is_none_or(|after| time.is_some_and(|time| time > after))
                && before.is_none_or(|before| time.is_some_and(|time| time < before))
        }
        among(self.uids.as_ref(), Some(&task.uid))
            && among(self.batch_uids.as_ref(), task.batch_uid.as_ref())
            && among(self.canceled_by.as_ref(), task.canceled_by.as_ref())
            && among(self.statuses.as_ref(), Some(&task.status))
            && among(self.kinds.as_ref(), Some(&task.kind))
            && among(self.index_uids.as_ref(), task.index_uid.as_ref())
            && self.scope.as_ref().is_none_or(|scope| {
                let uid = task.index_uid.as_ref();
                uid.is_some_and(|uid| scope.iter().any(|pattern| pattern.matches(uid)))
            })
            && between(self.enqueued, Some(task.enqueued_at))
            && between(self.started, task.started_at)
            && between(self.finished, task.finished_at)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<()> {
        if text == "*" {
            return Ok(());
        }
        match name {
            "uids" => self.uids = Some(numbers(name, text, Code::InvalidTaskUids)?),
            "batchUids" => self.batch_uids = Some(numbers(name, text, Code::InvalidBatchUids)?),
            "canceledBy" => {
                self.canceled_by = Some(numbers(name, text, Code::InvalidTaskCanceledBy)?);
            }
            "statuses" => {
                self.statuses = Some(words(name, text, Code::InvalidTaskStatuses, &[], "status")?);
            }
            "types" => {
                self.kinds = Some(words(name, text, Code::InvalidTaskTypes, OTHER_KINDS, "type")?);
            }
            "indexUids" => {
                let uids: Vec<_> = text.split(',').map(str::to_owned).collect();
                for uid in &uids {
                    crate::engine::registry::check_uid(uid)?;
                }
                self.index_uids = Some(uids);
            }
            "afterEnqueuedAt" => self.enqueued[0] = Some(after(name, text, Code::InvalidTaskAfterEnqueuedAt)?),
            "beforeEnqueuedAt" => self.enqueued[1] = Some(before(name, text, Code::InvalidTaskBeforeEnqueuedAt)?),
            "afterStartedAt" => self.started[0] = Some(after(name, text, Code::InvalidTaskAfterStartedAt)?),
            "beforeStartedAt" => self.started[1] = Some(before(name, text, Code::InvalidTaskBeforeStartedAt)?),
            "afterFinishedAt" => self.finished[0] = Some(after(name, text, Code::InvalidTaskAfterFinishedAt)?),
            _ => self.finished[1] = Some(before(name, text, Code::InvalidTaskBeforeFinishedAt)?),
        }
        Ok(())
    }
}

fn invalid(name: &str, code: Code, message: String) -> Failure {
    Failure::new(code, format!("Invalid value in parameter `{name}`: {message}"))
}

fn number<T: std::str::FromStr>(name: &str, text: &str, code: Code) -> Result<T> {
    text.parse().map_err(|_| invalid(name, code, format!("could not parse `{text}` as a positive integer")))
}

fn numbers(name: &str, text: &str, code: Code) -> Result<Vec<u32>> {
    text.split(',').map(|part| number(name, part, code)).collect()
}

fn words<T: DeserializeOwned>(name: &str, text: &str, code: Code, ignored: &[&str], what: &str) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for word in text.split(',').filter(|word| !ignored.contains(word)) {
        let value = serde_json::from_value(Value::String(word.to_owned()));
        found.push(value.map_err(|_| invalid(name, code, format!("`{word}` is not a valid task {what}")))?);
    }
    Ok(found)
}

/// A day means the end of it.
fn after(name: &str, text: &str, code: Code) -> Result<Timestamp> {
    moment(name, text, code, 1)
}

/// A day means the beginning of it.
fn before(name: &str, text: &str, code: Code) -> Result<Timestamp> {
    moment(name, text, code, 0)
}

fn moment(name: &str, text: &str, code: Code, days: i64) -> Result<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day = text.parse::<Date>().and_then(|day| day.checked_add(days.days()));
    let time = day.and_then(|day| day.to_zoned(TimeZone::UTC));
    time.map(|time| time.timestamp()).map_err(|_| {
        invalid(
            name,
            code,
            format!("`{text}` is an invalid date-time. It should follow the YYYY-MM-DD or RFC 3339 date-time format."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(parameters: &[(&str, &str)]) -> Result<TaskPage> {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        TaskPage::read(&parameters)
    }

    #[test]
    fn parameters_become_a_filter() {
        let page = page(&[
            ("statuses", "failed,succeeded"),
            ("types", "dumpCreation,settingsUpdate"),
            ("afterEnqueuedAt", "2026-03-01"),
            ("uids", "*"),
            ("limit", "5"),
        ])
        .unwrap();
        assert_eq!(page.limit, 5);
        assert_eq!(page.filter.statuses.unwrap(), [Status::Failed, Status::Succeeded]);
        assert_eq!(page.filter.kinds.unwrap(), [Kind::SettingsUpdate]);
        assert_eq!(page.filter.uids, None);
        assert_eq!(page.filter.enqueued[0].unwrap().to_string(), "2026-03-02T00:00:00Z");
    }

    #[test]
    fn each_parameter_has_its_code() {
        for (parameter, code) in [
            (("uids", "一"), Code::InvalidTaskUids),
            (("statuses", "done"), Code::InvalidTaskStatuses),
            (("types", "magic"), Code::InvalidTaskTypes),
            (("limit", "-1"), Code::InvalidTaskLimit),
            (("beforeFinishedAt", "昨天"), Code::InvalidTaskBeforeFinishedAt),
            (("status", "failed"), Code::BadRequest),
        ] {
            assert_eq!(page(&[parameter]).unwrap_err().code, code, "{parameter:?}");
        }
    }
}
