//! `pressline up`: everything on this machine in one process tree.
//!
//! nats-server runs as a child process, and Meilisearch too where the program is on PATH; the embedded engine and the
//! three services run inside this process, by the same `start` that their containers call.

mod follow;
mod keys;
mod line;
mod page;
mod settings;

pub use line::TOOLS;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use contract::Lane;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::line::Line;
use self::settings::UpSettings;
use crate::cli::{Facts, UpOptions};
use crate::intake_client::IntakeClient;
use crate::place::{Addresses, Place};
use crate::publish;
use crate::report::{self, BOLD, DIM, Problem, paint};
use crate::sources::{self, Source};
use crate::table;

/// An issue that is not searchable after this is reported as stuck.
const ONCE_LIMIT: Duration = Duration::from_secs(600);

/// As shells say it of Ctrl-C: 128 and SIGINT's number.
const INTERRUPTED: u8 = 130;

/// Runs the command.
pub async fn run(options: UpOptions) -> Result<ExitCode, Problem> {
    let settings: UpSettings =
        runtime::load(options.config.as_deref()).map_err(|error| Problem::settings(error.to_string()))?;
    let level = if options.verbose { "info" } else { "warn,async_nats=off,milli_core=error" };
    let telemetry = runtime::Telemetry {
        format: runtime::LogFormat::Text,
        level: level.into(),
        otlp: settings.telemetry.otlp.clone(),
        ..Default::default()
    };
    let _export = telemetry.start("pressline").map_err(Problem::settings)?;
    // Before anything is started: a path that is not there is the caller's slip, not the line's.
    let files = sources::issues(&options.paths, false)?;
    let place = Place::at(&options.data);
    let held = place.hold()?;

    let mut stop = std::pin::pin!(runtime::stop_signal());
    let mut line = tokio::select! {
        line = Line::start(&settings, &place) => line?,
        () = &mut stop => return Ok(interrupted(options.once)),
    };
    let addresses = line.addresses().clone();
    let frontend = line.frontend();
    let line_key = frontend.search_key.clone();
    let work = async {
        held.announce(&addresses)?;
        announce(&addresses, line_key.as_deref(), options.json);
        let client = IntakeClient::new(&addresses.intake, addresses.intake_token.clone())?;
        let faults = if files.is_empty() { 0 } else { put_through(&client, &files, &options).await? };
        if options.once {
            return match faults {
                0 => Ok(ExitCode::SUCCESS),
                n => Err(Problem::failed(format!("{n} of {} failed: see above", report::count(files.len(), "file")))),
            };
        }
        if !options.json {
            report::note(paint(DIM, "running; drop files into the folder, Ctrl-C stops"));
        }
        follow::run(&addresses, options.json).await
    };
    let page = async {
        match options.once {
            // Gone before anybody could look at it.
            true => std::future::pending().await,
            false => page::run(&settings.page, page::Config::of(frontend), Path::new(line::TOOLS), options.json).await,
        }
    };
    let done = tokio::select! {
        done = work => done,
        problem = line.failed() => Err(problem),
        never = page => match never {},
        () = &mut stop => Ok(interrupted(options.once)),
    };
    if !options.once {
        report::note(paint(DIM, "stopping: finishing what is in flight; Ctrl-C again stops at once"));
    }
    tokio::select! {
        () = line.stop() => done,
        // What was in flight was not acked: it is done again at the next start.
        () = runtime::stop_signal() => Ok(ExitCode::from(INTERRUPTED)),
    }
}

/// `--once` that was broken off did not do what it was asked for.
fn interrupted(once: bool) -> ExitCode {
    ExitCode::from(if once { INTERRUPTED } else { 0 })
}

async fn put_through(client: &IntakeClient, files: &[Source], options: &UpOptions) -> Result<usize, Problem> {
    let mut sent = publish::send(client, files, &Facts::default(), Lane::Live, None, &CancellationToken::new()).await?;
    publish::wait(client, &mut sent, ONCE_LIMIT).await?;
    table::show(&sent, options.json);
    Ok(sent.iter().filter(|one| one.fault().is_some()).count())
}

fn announce(addresses: &Addresses, search_key: Option<&str>, as_json: bool) {
    if as_json {
        report::say(json!({ "addresses": without_secrets(addresses) }));
        return;
    }
    let row = |name: &str, value: &str| report::say(format!("{} {value}", paint(BOLD, format!("{name:<12}"))));
    row("search", &addresses.engines().join(" "));
    if let Some(key) = search_key {
        // It searches and nothing else: every frontend shows it to its readers.
        row("search key", key);
    }
    row("intake", &format!("{}/v1/issues", addresses.intake));
    for (service, address) in &addresses.metrics {
        row("metrics", &format!("{address}/metrics  {}", paint(DIM, service)));
    }
    row("drop folder", &absolute(&addresses.drop_folder.join("incoming")));
    row("broker", &addresses.nats);
}

/// What may be printed: tokens and keys stay in the addresses file, which only its owner can read.
fn without_secrets(addresses: &Addresses) -> Addresses {
    Addresses { search_key: None, intake_token: None, ..addresses.clone() }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
