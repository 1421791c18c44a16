//! Issues that are late or short: once a minute each registered title is looked at. What is wrong after the deadline is said
//! once, however many parsers run: in the log, as an event, and as a number. How each title stands lies beside the receipts,
//! for `pressline status`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, BusError};
use contract::event::encode;
use contract::receipt::{ReceiptError, Receipts};
use contract::{Arrived, Days, Envelope, IssueId, IssueLate, Lane, Lateness, Standing, State, Title, Titles, Weekday};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::handler::SOURCE;
use crate::metrics::Metrics;

/// A deadline that is longer ago is history: who starts Pressline today hears nothing of last week.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// Looks at the titles.
pub struct Watch {
    /// What should come.
    pub titles: Arc<Titles>,
    /// What came.
    pub days: Days,
    /// What of that was withdrawn.
    pub receipts: Receipts,
    /// Where events go.
    pub bus: Bus,
    /// Numbers.
    pub metrics: Metrics,
}

/// Why a look came to nothing; the next one may do better.
#[derive(Debug, thiserror::Error)]
enum Blind {
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Receipts(#[from] ReceiptError),
    #[error("time zone of title `{0}` is not known here: {1}; install tzdata, or correct its timezone")]
    Zone(String, String),
    #[error("the event was not published: {0}")]
    Event(String),
}

impl Watch {
    /// Looks every so often until asked to stop.
    pub async fn run(self, every: Duration, stop: CancellationToken) {
        let mut said = None;
        loop {
            match self.look(Timestamp::now()).await {
                Ok(()) => said = None,
                Err(error) => {
                    let error = error.to_string();
                    if said.as_ref() != Some(&error) {
                        tracing::warn!(error, "titles cannot be checked for lateness");
                        said = Some(error);
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
        }
    }

    async fn look(&self, now: Timestamp) -> Result<(), Blind> {
        let (mut late, mut short) = (0, 0);
        for title in self.titles.iter() {
            let zone =
                TimeZone::get(&title.timezone).map_err(|error| Blind::Zone(title.id.to_string(), error.to_string()))?;
            let today = now.to_zoned(zone.clone()).date();
            // Yesterday too: a deadline before midnight is looked at after it.
            for date in [today.yesterday().ok(), Some(today)].into_iter().flatten() {
                let arrived = self.arrived(title, date).await?;
                let standing = standing(title, date, &zone, now, &arrived);
                if date == today {
                    self.days.note(&standing).await?;
                }
                match standing.state.lateness() {
                    Some(Lateness::Late) => late += 1,
                    Some(Lateness::Short) => short += 1,
                    None => continue,
                }
                self.say(&standing, now).await?;
            }
        }
        self.metrics.late_now(late, short);
        Ok(())
    }

    /// What came and was not withdrawn.
    async fn arrived(&self, title: &Title, date: Date) -> Result<Vec<(IssueId, Arrived)>, Blind> {
        let mut arrived = Vec::new();
        for (issue, one) in self.days.of_day(&title.id, date).await? {
            if self.receipts.fence(&issue).await?.withdrawn.is_none() {
                arrived.push((issue, one));
            }
        }
        Ok(arrived)
    }

    async fn say(&self, standing: &Standing, now: Timestamp) -> Result<(), Blind> {
        let (Some(kind), Some(deadline)) = (standing.state.lateness(), standing.deadline) else { return Ok(()) };
        let (publication, date) = (&standing.publication, standing.date);
        if !self.days.say_once(publication, date, kind, now).await? {
            return Ok(());
        }
        let event = IssueLate {
            publication: publication.clone(),
            date,
            kind,
            deadline,
            pages_missing: standing.pages_missing.clone(),
            issues: standing.issues.clone(),
            at: now,
        };
        let envelope = Envelope {
            source: SOURCE.to_owned(),
            time: now,
            lane: Lane::Live,
            publication: Some(publication.clone()),
            traceparent: None,
            replay: None,
        };
        let message = encode(&event, &envelope).map_err(|error| Blind::Event(error.to_string()))?;
        if let Err(error) = self.bus.publish(message).await {
            self.days.unsay(publication, date, kind).await?;
            return Err(Blind::Event(error.to_string()));
        }
        self.metrics.late(kind);
        let (kind, missing) = (kind.as_str(), &standing.pages_missing);
        tracing::warn!(%publication, %date, kind, %deadline, ?missing, "issue is not there in time, or not whole");
        Ok(())
    }
}

/// How a title stands on a day of which `arrived` came. Pure.
fn standing(title: &Title, date: Date, zone: &TimeZone, now: Timestamp, arrived: &[(IssueId, Arrived)]) -> Standing {
    let seen: BTreeSet<u32> = arrived.iter().flat_map(|(_, one)| one.pages_seen.iter().copied()).collect();
    let promised = arrived.iter().flat_map(|(_, one)| one.pages_missing.iter().copied());
    // Where nothing of the issue says how many pages it has, the registry does.
    let registered = 1..=title.pages.unwrap_or(0);
    let mut missing: BTreeSet<u32> = promised.collect();
    if missing.is_empty() && !seen.is_empty() && seen.iter().all(|page| registered.contains(page)) {
        missing.extend(registered);
    }
    let missing: Vec<u32> = missing.difference(&seen).copied().collect();
    let deadline = title.deadline.and_then(|time| {
        let moment = date.to_datetime(time).to_zoned(zone.clone());
        moment.ok().map(|moment| moment.timestamp())
    });
    let appears = title.days.contains(&weekday(date));
    let due = appears && deadline.is_some_and(|deadline| deadline <= now && now.duration_since(deadline) < RECENT);
    let state = match (arrived.is_empty(), missing.is_empty(), due) {
        (true, _, true) => State::Late,
        (true, _, false) if appears => State::Expected,
        (true, ..) => State::None,
        (false, true, _) => State::Complete,
        (false, false, true) => State::Short,
        (false, false, false) => State::Partial,
    };
    Standing {
        publication: title.id.clone(),
        name: title.name.clone(),
        date,
        state,
        deadline: deadline.filter(|_| appears),
        pages_seen: seen.into_iter().collect(),
        pages_missing: if arrived.is_empty() { Vec::new() } else { missing },
        articles: arrived.iter().map(|(_, one)| one.articles).sum(),
        issues: arrived.iter().map(|(issue, _)| issue.clone()).collect(),
    }
}

fn weekday(date: Date) -> Weekday {
    use jiff::civil::Weekday as W;
    match date.weekday() {
        W::Monday => Weekday::Mon,
        W::Tuesday => Weekday::Tue,
        W::Wednesday => Weekday::Wed,
        W::Thursday => Weekday::Thu,
        W::Friday => Weekday::Fri,
        W::Saturday => Weekday::Sat,
        W::Sunday => Weekday::Sun,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(more: &str) -> Title {
        let text = format!(
            "[[title]]\nid = \"harbour-daily\"\nname = \"港湾日报\"\ndays = [\"mon\", \"wed\"]\ndeadline = \"06:30\"\n{more}"
        );
        Titles::parse(&text).unwrap().iter().next().unwrap().clone()
    }

    fn arrived(seen: &[u32], missing: &[u32]) -> (IssueId, Arrived) {
        let arrived = Arrived {
            revision: 1,
            at: Timestamp::UNIX_EPOCH,
            pages_seen: seen.to_vec(),
            pages_missing: missing.to_vec(),
            articles: 5,
        };
        (IssueId::of(format!("{seen:?}").as_bytes()), arrived)
    }

    /// At this time of Wednesday, 4 March 2026, in UTC+8.
    fn state(title: &Title, time: &str, issues: &[(IssueId, Arrived)]) -> State {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let now = format!("2026-03-{time}:00+08:00").parse().unwrap();
        standing(title, "2026-03-04".parse().unwrap(), &zone, now, issues).state
    }

    #[test]
    fn an_issue_is_late_from_its_deadline_on_for_a_day_and_only_on_its_days() {
        let title = title("");
        assert_eq!(state(&title, "04T06:29", &[]), State::Expected);
        assert_eq!(state(&title, "04T06:30", &[]), State::Late);
        assert_eq!(state(&title, "05T06:29", &[]), State::Late);
        assert_eq!(state(&title, "05T06:30", &[]), State::Expected, "history");
        let zone = TimeZone::UTC;
        let tuesday = standing(&title, "2026-03-03".parse().unwrap(), &zone, Timestamp::UNIX_EPOCH, &[]);
        assert_eq!((tuesday.state, tuesday.deadline), (State::None, None));
    }

    #[test]
    fn pages_of_several_files_add_up_and_what_is_missing_of_all_of_them_makes_the_issue_short() {
        let title = title("pages = 4");
        let pages = [arrived(&[1], &[2, 3]), arrived(&[2], &[])];
        assert_eq!(state(&title, "04T06:00", &pages), State::Partial);
        assert_eq!(state(&title, "04T07:00", &pages), State::Short);
        let whole = [arrived(&[1], &[2, 3]), arrived(&[2, 3], &[1])];
        assert_eq!(state(&title, "04T07:00", &whole), State::Complete, "it says itself that it has three pages");
        assert_eq!(state(&title, "04T07:00", &[arrived(&[1, 2, 3], &[])]), State::Short, "the registry says four");
        assert_eq!(state(&title, "04T07:00", &[arrived(&[], &[])]), State::Complete, "without page numbers it is all");
    }
}
