//! `pressline publish`: files and folders to an intake.
//!
//! What intake has already it answers as known and does not take again, so that a run that was broken off goes on by being
//! started anew; what was changed meanwhile becomes the next revision of its issue.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use contract::{Lane, Stage};
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Facts, PublishOptions};
use crate::intake_client::IntakeClient;
use crate::place::Place;
use crate::report::{self, Problem};
use crate::sent::Sent;
use crate::sources;
use crate::table;

/// Files on their way at once: enough to hide a round trip, few enough that memory stays small.
const AT_ONCE: usize = 8;
/// Between two looks at receipts.
const POLL: Duration = Duration::from_millis(150);

/// Runs the command.
pub async fn run(options: PublishOptions) -> Result<ExitCode, Problem> {
    let (url, token) = match options.to {
        Some(url) => (url, options.token),
        None => {
            let addresses = Place::at(&options.place.data).addresses()?;
            (addresses.intake, options.token.or(addresses.intake_token))
        }
    };
    let client = IntakeClient::new(&url, token)?;
    let files = sources::files(&options.paths)?;
    let mut sent = send(&client, &files, &options.facts, options.lane).await?;
    if options.wait {
        wait(&client, &mut sent, Duration::from_secs(options.timeout)).await?;
    }
    table::show(&sent, options.json);
    let faults = sent.iter().filter(|sent| sent.fault().is_some()).count();
    if faults > 0 {
        return Err(Problem::failed(
            format!("{faults} of {}", report::count(sent.len(), "file")) + " failed: see above",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends every file; intake says which it has already.
pub async fn send(client: &IntakeClient, files: &[PathBuf], facts: &Facts, lane: Lane) -> Result<Vec<Sent>, Problem> {
    let bar = bar(files.len(), "sent");
    let mut work = futures::stream::iter(files).map(|path| send_one(client, path, facts, lane)).buffered(AT_ONCE);
    let mut sent = Vec::with_capacity(files.len());
    while let Some(one) = work.next().await {
        sent.push(one?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(sent)
}

async fn send_one(client: &IntakeClient, path: &Path, facts: &Facts, lane: Lane) -> Result<Sent, Problem> {
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|error| Problem::settings(format!("{} cannot be read: {error}", path.display())))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let answer = client.send(&name, &bytes, facts, lane).await?;
    Ok(Sent { path: path.to_owned(), answer, receipt: None })
}

/// Waits until every issue is searchable or has failed, or the time is over.
pub async fn wait(client: &IntakeClient, sent: &mut [Sent], limit: Duration) -> Result<(), Problem> {
    let until = Instant::now() + limit;
    let bar = bar(sent.len(), "searchable");
    loop {
        let mut open = 0;
        for one in sent.iter_mut() {
            let ended = one
                .receipt
                .as_ref()
                .is_some_and(|r| matches!(r.status, Stage::Indexed | Stage::Failed | Stage::Withdrawn));
            if ended {
                continue;
            }
            if let Some(id) = one.id() {
                one.receipt = client.receipt(id).await?;
                open += 1;
            }
        }
        bar.set_position((sent.len() - open) as u64);
        if open == 0 || Instant::now() >= until {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Hidden where standard error is no terminal.
pub fn bar(length: usize, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg} {elapsed}");
    ProgressBar::new(length as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(what.to_owned())
}
