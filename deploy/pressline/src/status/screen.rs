//! What `status --watch` shows in a terminal: a line that says whether all is well, titles, stages, dead letters.

use std::time::Duration;

use contract::Lane;
use contract::names::Work;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Sparkline, Table};

use super::look::{Done, Durable, Status};
use super::text::{age, state};
use super::watch::View;

/// A message that waits longer than this is shown in red.
const OLD: u64 = 600;
const GOOD: Color = Color::Green;
const LOOK: Color = Color::Yellow;
const BAD: Color = Color::Red;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, view: &View, every: Duration) {
    let stages = Work::ALL.len() as u16 + 3;
    let errors = view.status.as_ref().map_or(0, |status| status.last_errors.len() as u16);
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(4),
        Constraint::Length(stages),
        Constraint::Length(5),
        Constraint::Length(errors + 2),
        Constraint::Length(1),
    ]);
    let [head, titles, stages, rates, dead, foot] = rows.areas(frame.area());
    frame.render_widget(headline(view), head);
    if let Some(status) = &view.status {
        draw_titles(frame, titles, status);
        draw_stages(frame, stages, status);
        draw_rates(frame, rates, view);
        draw_dead(frame, dead, status);
    }
    let foot_text = format!(" q leaves · looks every {} s", every.as_secs());
    frame.render_widget(Line::from(foot_text).dim(), foot);
}

fn headline(view: &View) -> Line<'static> {
    let mut spans = vec![" pressline ".bold()];
    if let Some(status) = &view.status {
        let at = status.at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
        spans.extend([at.into(), "  ".into()]);
        let not_ready: Vec<_> = status
            .services
            .iter()
            .filter(|service| service.state != "ready")
            .map(|service| match service.waiting_for.is_empty() {
                true => format!("{}: {}", service.name, service.state),
                false => format!("{} waits for {}", service.name, service.waiting_for.join(", ")),
            })
            .chain(away(status))
            .collect();
        spans.push(match (not_ready.is_empty(), status.dead_letters) {
            (true, 0) => "all is well".fg(GOOD),
            (true, n) => format!("{n} dead letters").fg(BAD),
            (false, _) => not_ready.join("; ").fg(BAD),
        });
        if let Some(articles) = status.search.articles {
            spans.push(format!("  {articles} articles in the index").dim());
        }
    }
    if let Some(problem) = &view.problem {
        spans.push(format!("  no look: {problem}").fg(BAD).bold());
    }
    Line::from(spans)
}

/// Search engines that do not answer.
fn away(status: &Status) -> Vec<String> {
    if status.engines.is_empty() && !status.search.available {
        return vec!["search: no answer".to_owned()];
    }
    let away = status.engines.iter().filter(|engine| !engine.state.available);
    away.map(|engine| format!("search {}: no answer", engine.name)).collect()
}

fn draw_titles(frame: &mut Frame<'_>, area: Rect, status: &Status) {
    // Those that want attention first: the list may be longer than the screen.
    let mut titles: Vec<_> = status.titles.iter().collect();
    titles.sort_by_key(|title| title.is_complete());
    let rows = titles.iter().map(|title| {
        let colour = if title.is_complete() { GOOD } else { LOOK };
        let counts = [title.issues, title.searchable, title.articles].map(|count| Cell::from(right(count, 10)));
        let cells = [Cell::from(title.name.clone())].into_iter().chain(counts);
        Row::new(cells.chain([Cell::from(state(title).fg(colour))]))
    });
    let complete = titles.iter().filter(|title| title.is_complete()).count();
    let block = Block::bordered().title(format!(" today: {complete} of {} titles complete ", titles.len()));
    let widths = [
        Constraint::Min(16),
        Constraint::Length(10),
        Constraint::Length(10),
        Constraint::Length(10),
        Constraint::Min(24),
    ];
    let head = ["title", "    issues", "searchable", "  articles", "state"];
    frame.render_widget(Table::new(rows, widths).header(Row::new(head).dim()).block(block), area);
}

fn draw_stages(frame: &mut Frame<'_>, area: Rect, status: &Status) {
    let durables: Vec<&Durable> = status.streams.iter().flat_map(|stream| &stream.durables).collect();
    let rows = Work::ALL.map(|work| {
        let of = |lane: Lane| durables.iter().find(|durable| durable.name == work.durable(lane)).copied();
        let (live, backfill) = (of(Lane::Live), of(Lane::Backfill));
        let oldest = live.map_or(0, |durable| durable.oldest_seconds);
        let colour = match oldest {
            0 => GOOD,
            1..OLD => LOOK,
            _ => BAD,
        };
        let lag = |durable: Option<&Durable>| durable.map_or(0, |durable| durable.lag);
        let in_hand: u64 = [live, backfill].into_iter().flatten().map(|durable| durable.in_flight).sum();
        let again: u64 = [live, backfill].into_iter().flatten().map(|durable| durable.redelivered).sum();
        Row::new([
            Cell::from(work.stage()),
            Cell::from(right(lag(live), 10)),
            Cell::from(format!("{:>10}", age(oldest)).fg(colour)),
            Cell::from(right(lag(backfill), 10)),
            Cell::from(right(in_hand, 10)),
            Cell::from(right(again, 10)),
        ])
    });
    let widths = [Constraint::Min(16)].into_iter().chain([Constraint::Length(10); 5]);
    let head = ["stage", "      live", "    oldest", "  backfill", "   in hand", "     again"];
    let block = Block::bordered().title(" waiting ");
    frame.render_widget(Table::new(rows, widths).header(Row::new(head).dim()).block(block), area);
}

fn draw_rates(frame: &mut Frame<'_>, area: Rect, view: &View) {
    type Of = fn(&Done) -> f64;
    let what: [(&str, Of); 3] = [
        ("files accepted", |done| done.files_accepted),
        ("articles extracted", |done| done.articles_extracted),
        ("articles searchable", |done| done.articles_searchable),
    ];
    let columns: [Rect; 3] = Layout::horizontal([Constraint::Fill(1); 3]).areas(area);
    for ((name, of), column) in what.into_iter().zip(columns) {
        let now = view.rates.back().map_or(0.0, of);
        let width = usize::from(column.width.saturating_sub(2));
        let skip = view.rates.len().saturating_sub(width);
        // Tenths, so that slow lines are not flat.
        let bars: Vec<u64> = view.rates.iter().skip(skip).map(|done| (of(done) * 10.0) as u64).collect();
        let block = Block::bordered().title(format!(" {name} {now:.1}/s "));
        frame.render_widget(Sparkline::default().data(bars).style(Style::new().fg(GOOD)).block(block), column);
    }
}

fn draw_dead(frame: &mut Frame<'_>, area: Rect, status: &Status) {
    let lines = status.last_errors.iter().map(|error| {
        let at = error.at.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string();
        Line::from(vec![
            format!("{:>6} {at} ", error.sequence).dim(),
            Span::from(format!("{:<8} ", error.stage)).fg(LOOK),
            error.reason.clone().into(),
        ])
    });
    let colour = if status.dead_letters == 0 { GOOD } else { BAD };
    let block = Block::bordered().title(format!(" dead letters: {} ", status.dead_letters).fg(colour));
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()).block(block), area);
}

fn right(count: impl Into<u64>, width: usize) -> String {
    format!("{:>width$}", count.into())
}

#[cfg(test)]
mod tests {
    use super::super::look::{LastError, Search, Service, Stream};
    use super::super::today::Title;
    use super::*;
    use jiff::Timestamp;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn status(second: i64, searchable: f64) -> Status {
        let durable = |name: &str, lag, oldest_seconds| Durable {
            name: name.into(),
            lag,
            in_flight: 4,
            redelivered: 1,
            oldest_seconds,
        };
        let durables = vec![durable("parser-live", 0, 0), durable("indexer-live", 1_234, 700)];
        Status {
            at: Timestamp::from_second(second).unwrap(),
            services: vec![Service {
                name: "indexer".into(),
                address: String::new(),
                state: "not ready",
                waiting_for: vec!["writes".into()],
            }],
            search: Search { address: String::new(), available: true, articles: Some(44), indexing: None },
            engines: vec![],
            streams: vec![Stream { name: "PRESSLINE_ARTICLES".into(), messages: 9, bytes: 9, durables }],
            dead_letters: 2,
            last_errors: vec![LastError {
                sequence: 17,
                at: Timestamp::UNIX_EPOCH,
                stage: "parser".into(),
                reason: "the file is no text".into(),
            }],
            titles: vec![
                Title { name: "淇河日报".into(), issues: 1, searchable: 1, articles: 10, ..Title::default() },
                Title { name: "砚川日报".into(), issues: 2, searchable: 1, articles: 7, ..Title::default() },
            ],
            expected: vec![],
            done: Done { articles_searchable: searchable, ..Done::default() },
        }
    }

    fn shown(view: &View, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, view, Duration::from_secs(2))).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn the_screen_shows_titles_stages_rates_and_why_something_died() {
        let mut view = View::default();
        view.take(Ok(status(0, 0.0)));
        view.take(Ok(status(2, 25.0)));
        let screen = shown(&view, 110, 30);
        for wanted in [
            "indexer waits for writes",
            "44 articles in the index",
            "today: 1 of 2 titles complete",
            "1 on the way",
            "1234",
            "11 min",
            "articles searchable 12.5/s",
            "dead letters: 2",
            "the file is no text",
            "q leaves",
        ] {
            assert!(screen.contains(wanted), "no `{wanted}` in\n{screen}");
        }
        // A wide character takes two cells, of which the second is a blank in the picture.
        let place = |name: &str| screen.replace(' ', "").find(name).unwrap();
        assert!(place("砚川日报") < place("淇河日报"), "what wants attention stands first\n{screen}");
    }

    #[test]
    fn without_a_look_and_on_a_tiny_terminal_it_says_so_and_does_not_fail() {
        let mut view = View::default();
        view.take(Err(crate::report::Problem::unavailable("the broker is away")));
        assert!(shown(&view, 80, 24).contains("no look: the broker is away"));
        view.take(Ok(status(0, 0.0)));
        for (width, height) in [(1, 1), (20, 5), (300, 100)] {
            shown(&view, width, height);
        }
    }
}
