//! Today's issues by title: what came, and how far it has come.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use bus::{Bus, BusError, Incoming, Reader, Reading};
use contract::event::decode_received;
use contract::names::{self, TopologyOptions, Work};
use contract::receipt::{Receipt, Receipts, Stage};
use contract::{IssueId, Lane};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use crate::report::Problem;

/// Messages read at once.
const PAGE: usize = 500;
/// A title that nobody could tell.
const UNKNOWN: &str = "–";

/// One title's issues that were admitted today, in the live lane.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Title {
    /// As the page or the sender says it.
    pub name: String,
    /// Issues that were admitted.
    pub issues: u32,
    /// Of these, issues of which every article can be searched.
    pub searchable: u32,
    /// Of these, issues that could not be read.
    pub failed: u32,
    /// Articles of the searchable ones.
    pub articles: u32,
    /// Articles that could not be indexed.
    pub given_up: u32,
    /// Pages that were promised and did not come.
    pub pages_missing: u32,
}

impl Title {
    /// All that came can be searched, and nothing of it is missing.
    pub fn is_complete(&self) -> bool {
        self.searchable == self.issues && self.given_up == 0 && self.pages_missing == 0
    }
}

/// Follows today's issues. What has come to its end is read once.
pub struct Today {
    day: Date,
    reader: Reader,
    receipts: Receipts,
    issues: HashMap<IssueId, Option<Receipt>>,
}

impl Today {
    /// From this machine's midnight on.
    pub async fn of(bus: &Bus) -> Result<Self, Problem> {
        let now = Zoned::now();
        let midnight = now.start_of_day().map_err(|error| Problem::internal(error.to_string()))?;
        let live = Work::Parse.durable(Lane::Live);
        let durables = names::topology(&TopologyOptions::default()).durables;
        let subjects = durables.into_iter().find(|durable| durable.name == live).map(|durable| durable.filters);
        let reading = Reading {
            subjects: subjects.unwrap_or_default(),
            since: Some(SystemTime::from(midnight.timestamp())),
            headers_only: true,
            ..Reading::default()
        };
        let receipts = Receipts::new(bus.kv(names::RECEIPTS).await.map_err(unavailable)?);
        Ok(Self { day: now.date(), reader: bus.read(names::ISSUES, reading), receipts, issues: HashMap::new() })
    }

    /// Midnight has passed since it was made.
    pub fn is_over(&self) -> bool {
        Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).date() != self.day
    }

    /// The titles as they stand.
    pub async fn titles(&mut self) -> Result<Vec<Title>, Problem> {
        loop {
            let page = self.reader.page(PAGE).await.map_err(unavailable)?;
            if page.is_empty() {
                break;
            }
            for id in page.iter().filter_map(id_of) {
                // A new version of an issue that was done is not done.
                self.issues.insert(id, None);
            }
        }
        for (id, receipt) in &mut self.issues {
            if receipt.as_ref().is_none_or(|receipt| !is_final(receipt)) {
                *receipt = self.receipts.read(id).await.map_err(|error| Problem::unavailable(error.to_string()))?;
            }
        }
        Ok(by_title(self.issues.values().flatten()))
    }
}

fn unavailable(error: BusError) -> Problem {
    Problem::unavailable(error.to_string())
}

fn id_of(message: &Incoming) -> Option<IssueId> {
    decode_received(message).ok().map(|(received, ..)| received.id)
}

fn is_final(receipt: &Receipt) -> bool {
    matches!(receipt.status, Stage::Indexed | Stage::Failed | Stage::Withdrawn)
}

/// Receipts counted by the title that they name.
fn by_title<'a>(receipts: impl Iterator<Item = &'a Receipt>) -> Vec<Title> {
    let mut titles: BTreeMap<String, Title> = BTreeMap::new();
    for receipt in receipts.filter(|receipt| receipt.status != Stage::Withdrawn) {
        let printed = receipt.extracted.as_ref().and_then(|extracted| extracted.publication.clone());
        let name = printed.or_else(|| receipt.received.publication.as_ref().map(ToString::to_string));
        let name = name.unwrap_or_else(|| UNKNOWN.to_owned());
        let title = titles.entry(name.clone()).or_insert_with(|| Title { name, ..Title::default() });
        title.issues += 1;
        title.failed += u32::from(receipt.status == Stage::Failed);
        if let Some(extracted) = &receipt.extracted {
            title.pages_missing += extracted.pages_missing.len() as u32;
        }
        if let (Stage::Indexed, Some(indexed)) = (receipt.status, &receipt.indexed) {
            title.searchable += 1;
            title.articles += indexed.articles;
            title.given_up += indexed.failed;
        }
    }
    titles.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn receipt(status: &str, publication: Option<&str>, articles: u32, missing: &[u32]) -> Receipt {
        let extracted = json!({
            "at": "2026-03-04T00:00:00Z", "articles": articles, "pages_missing": missing, "warnings": {},
            "publication": publication, "date": null,
        });
        let indexed = json!({ "at": "2026-03-04T00:00:00Z", "articles": articles, "failed": 1 });
        serde_json::from_value(json!({
            "id": IssueId::of(b"x"), "status": status, "failed": [],
            "received": {
                "at": "2026-03-04T00:00:00Z", "file_name": null, "bytes": 1, "lane": "live", "publication": "by-sender",
                "revision": 1,
            },
            "extracted": (status != "received").then_some(extracted),
            "indexed": (status == "indexed").then_some(indexed),
        }))
        .unwrap()
    }

    #[test]
    fn issues_are_counted_by_the_title_on_the_page_else_the_senders_and_withdrawn_ones_are_not() {
        let receipts = [
            receipt("indexed", Some("淇河日报"), 7, &[3]),
            receipt("extracted", Some("淇河日报"), 5, &[]),
            receipt("received", None, 0, &[]),
            receipt("withdrawn", Some("淇河日报"), 5, &[]),
        ];
        let titles = by_title(receipts.iter());
        let printed = Title {
            name: "淇河日报".into(),
            issues: 2,
            searchable: 1,
            articles: 7,
            given_up: 1,
            pages_missing: 1,
            ..Title::default()
        };
        assert_eq!(titles, [Title { name: "by-sender".into(), issues: 1, ..Title::default() }, printed]);
        assert!(!titles[0].is_complete() && !titles[1].is_complete());
    }
}
