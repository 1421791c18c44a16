//! A look as text: tables, colours where a terminal is.

use contract::{Standing, State};

use super::look::Status;
use super::today::Title;
use crate::report::{self, BOLD, DIM, GREEN, RED, YELLOW, paint};

/// The whole look, paragraphs parted by empty lines.
pub fn of(status: &Status) -> String {
    let mut parts = vec![services(status)];
    if !status.titles.is_empty() {
        parts.push(titles(&status.titles));
    }
    if !status.expected.is_empty() {
        parts.push(expected(&status.expected));
    }
    parts.push(streams(status));
    parts.push(dead(status));
    parts.join("\n\n")
}

fn services(status: &Status) -> String {
    let mut services = report::table(&["service", "state", "address"]);
    for service in &status.services {
        let state = match service.state {
            "ready" => paint(GREEN, "ready"),
            "not ready" => paint(YELLOW, format!("waiting for {}", service.waiting_for.join(", "))),
            other => paint(RED, other),
        };
        services.add_row([service.name.clone(), state, service.address.clone()]);
    }
    let one = status.engines.is_empty().then(|| ("search".to_owned(), &status.search));
    let several = status.engines.iter().map(|engine| (format!("search {}", engine.name), &engine.state));
    for (name, search) in one.into_iter().chain(several) {
        let state = match (search.available, search.articles) {
            (true, Some(articles)) => paint(GREEN, report::count(articles as usize, "article")),
            (true, None) => paint(YELLOW, "no index yet"),
            (false, _) => paint(RED, "no answer"),
        };
        services.add_row([name, state, search.address.clone()]);
    }
    report::rows(&services)
}

fn titles(titles: &[Title]) -> String {
    let mut table = report::table(&["today", "issues", "searchable", "articles", "state"]);
    for title in titles {
        let style = if title.is_complete() { GREEN } else { YELLOW };
        let counts = [title.issues, title.searchable, title.articles].map(|count| count.to_string());
        table.add_row([title.name.clone()].into_iter().chain(counts).chain([paint(style, state(title))]));
    }
    report::rows(&table)
}

/// What is expected of the registered titles, what came, and what did not.
fn expected(standings: &[Standing]) -> String {
    let mut table = report::table(&["title", "date", "state", "due", "pages", "missing", "articles"]);
    for standing in standings {
        let state = match standing.state {
            State::None => "–".to_owned(),
            State::Complete => paint(GREEN, "complete"),
            State::Late | State::Short => paint(RED, standing.state.as_str()),
            State::Expected | State::Partial => paint(YELLOW, standing.state.as_str()),
        };
        let due = standing.deadline.map_or_else(|| "–".to_owned(), |due| due.strftime("%m-%d %H:%M UTC").to_string());
        let missing: Vec<_> = standing.pages_missing.iter().map(ToString::to_string).collect();
        table.add_row([
            standing.name.clone(),
            standing.date.to_string(),
            state,
            due,
            standing.pages_seen.len().to_string(),
            missing.join(", "),
            standing.articles.to_string(),
        ]);
    }
    report::rows(&table)
}

/// What is missing of a title's issues, in words.
pub fn state(title: &Title) -> String {
    let waiting = title.issues - title.searchable - title.failed;
    let parts = [
        (waiting, "on the way"),
        (title.failed, "unreadable"),
        (title.given_up, "articles given up"),
        (title.pages_missing, "pages missing"),
    ];
    let parts: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if parts.is_empty() { "complete".to_owned() } else { parts.join(", ") }
}

fn streams(status: &Status) -> String {
    let mut streams =
        report::table(&["stream", "messages", "MiB", "durable", "lag", "oldest", "in flight", "redelivered"]);
    for stream in &status.streams {
        let size = format!("{:.1}", stream.bytes as f64 / f64::from(1 << 20));
        let mut first = [stream.name.clone(), stream.messages.to_string(), size];
        if stream.durables.is_empty() {
            streams.add_row(first.clone());
        }
        for durable in &stream.durables {
            let lag = if durable.lag > 0 { paint(YELLOW, durable.lag) } else { durable.lag.to_string() };
            let counts = [durable.in_flight.to_string(), durable.redelivered.to_string()];
            let row =
                first.iter().cloned().chain([durable.name.clone(), lag, age(durable.oldest_seconds)]).chain(counts);
            streams.add_row(row);
            first = Default::default();
        }
    }
    report::rows(&streams)
}

/// `0 s`, `59 s`, `12 min`, `3 h`.
pub fn age(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

fn dead(status: &Status) -> String {
    let style = if status.dead_letters == 0 { GREEN } else { RED };
    let mut lines = vec![format!("{} {}", paint(BOLD, "dead letters"), paint(style, status.dead_letters))];
    for error in &status.last_errors {
        lines.push(format!("  {} {} {}", error.sequence, paint(DIM, &error.stage), error.reason));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_states_are_short() {
        assert_eq!([0, 119, 120, 7_199, 7_200].map(age), ["0 s", "119 s", "2 min", "119 min", "2 h"]);
        let title = Title { issues: 3, searchable: 1, failed: 1, pages_missing: 2, ..Title::default() };
        assert_eq!(state(&title), "1 on the way, 1 unreadable, 2 pages missing");
        assert_eq!(state(&Title { issues: 1, searchable: 1, ..Title::default() }), "complete");
    }
}
