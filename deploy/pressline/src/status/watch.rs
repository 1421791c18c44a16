//! `--watch`: looks again and again. A full screen in a terminal; a look after another where the output is piped.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};

use super::look::{Done, Looker, Status};
use super::screen;
use crate::cli::StatusOptions;
use crate::report::Problem;

/// Looks that rates are kept of: as many as a sparkline is wide.
const KEPT: usize = 120;

/// What the screen shows.
#[derive(Default)]
pub struct View {
    /// The last look that came through.
    pub status: Option<Status>,
    /// What the last look said if it did not.
    pub problem: Option<String>,
    /// Things a second, oldest first.
    pub rates: VecDeque<Done>,
}

impl View {
    /// Takes a look in.
    pub fn take(&mut self, look: Result<Status, Problem>) {
        let status = match look {
            Ok(status) => status,
            Err(problem) => {
                self.problem = Some(problem.to_string());
                return;
            }
        };
        if let Some(before) = &self.status {
            self.rates.push_back(rate(before, &status));
            if self.rates.len() > KEPT {
                self.rates.pop_front();
            }
        }
        self.problem = None;
        self.status = Some(status);
    }
}

/// Things a second between two looks; a service that was restarted counts from nothing again.
fn rate(before: &Status, after: &Status) -> Done {
    let seconds = after.at.duration_since(before.at).as_secs_f64().max(0.001);
    let per = |before: f64, after: f64| ((after - before) / seconds).max(0.0);
    Done {
        files_accepted: per(before.done.files_accepted, after.done.files_accepted),
        articles_extracted: per(before.done.articles_extracted, after.done.articles_extracted),
        articles_searchable: per(before.done.articles_searchable, after.done.articles_searchable),
    }
}

/// Until the user leaves or, piped, whoever reads has gone.
pub async fn run(looker: &mut Looker, options: &StatusOptions) -> Result<ExitCode, Problem> {
    let every = Duration::from_secs(options.every.max(1));
    if options.json || !std::io::stdout().is_terminal() {
        loop {
            super::say(&looker.look().await?, options.json)?;
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = runtime::stop_signal() => return Ok(ExitCode::SUCCESS),
            }
        }
    }
    let mut terminal = ratatui::init();
    let done = full_screen(&mut terminal, looker, every).await;
    ratatui::restore();
    done.map(|()| ExitCode::SUCCESS)
}

async fn full_screen(
    terminal: &mut ratatui::DefaultTerminal,
    looker: &mut Looker,
    every: Duration,
) -> Result<(), Problem> {
    let mut view = View::default();
    loop {
        view.take(looker.look().await);
        terminal
            .draw(|frame| screen::draw(frame, &view, every))
            .map_err(|error| Problem::unavailable(format!("the terminal cannot be drawn on: {error}")))?;
        // Waiting for a key blocks its thread.
        let left = tokio::task::spawn_blocking(move || leaves(every)).await;
        if left.unwrap_or(true) {
            return Ok(());
        }
    }
}

/// Whether the user asks to leave within this time. A key or a new size ends the waiting.
fn leaves(within: Duration) -> bool {
    if !event::poll(within).unwrap_or(false) {
        return false;
    }
    match event::read() {
        Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => {
            let interrupted = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
            interrupted || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc)
        }
        Ok(_) => false,
        Err(_) => true,
    }
}
