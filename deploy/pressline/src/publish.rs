//! `pressline publish`: files and folders to an intake.
//!
//! What intake has already it answers as known and does not take again, so that a run that was broken off goes on by being
//! started anew; what was changed meanwhile becomes the next revision of its issue. With a journal it need not even be read
//! again.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use contract::parts::{self, Part};
use contract::{Lane, Stage};
use futures::StreamExt;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::cli::{Facts, PublishOptions};
use crate::intake_client::{Answer, IntakeClient, media_type};
use crate::journal::{self, Journal};
use crate::place::Place;
use crate::report::{self, Problem};
use crate::sent::Sent;
use crate::sources::{self, Source};
use crate::table;

/// Files on their way at once: enough to hide a round trip, few enough that memory stays small.
const AT_ONCE: usize = 8;
/// As shells say it of Ctrl-C: 128 and SIGINT's number.
const INTERRUPTED: u8 = 130;
/// Between two looks at receipts.
const POLL: Duration = Duration::from_millis(150);

/// Runs the command.
pub async fn run(options: PublishOptions) -> Result<ExitCode, Problem> {
    let sources = sources::issues(&options.paths, options.drop_layout)?;
    let (url, token) = match (&options.to, options.dry_run) {
        (Some(url), _) => (url.clone(), options.token.clone()),
        // Nothing is sent, so nothing needs to be there.
        (None, true) => (String::new(), None),
        (None, false) => {
            let addresses = Place::at(&options.place.data).addresses()?;
            (addresses.intake, options.token.clone().or(addresses.intake_token))
        }
    };
    let said = |facts: &Facts| format!("{:?} {:?} {:?}", facts.publication, facts.date, facts.edition);
    let to = format!("{} {}", options.lane, said(&options.facts));
    let mut journal = options.journal.as_deref().map(|path| Journal::open(path, to)).transpose()?;
    if options.dry_run {
        preview(&sources, journal.as_ref(), options.json);
        return Ok(ExitCode::SUCCESS);
    }
    let client = IntakeClient::new(&url, token)?;
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let listening = tokio::spawn(async move {
        runtime::stop_signal().await;
        stopped.cancel();
    });
    let mut sent = send(&client, &sources, &options.facts, options.lane, journal.as_mut(), &stop).await?;
    // From here on Ctrl-C ends the command at once.
    listening.abort();
    if stop.is_cancelled() {
        let (done, all) = (sent.len(), report::count(sources.len(), "issue"));
        report::note(format!("stopped after {done} of {all}; the same command goes on from there"));
        return Ok(ExitCode::from(INTERRUPTED));
    }
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

/// What would be sent, folder by folder.
fn preview(sources: &[Source], journal: Option<&Journal>, as_json: bool) {
    let mut folders: BTreeMap<&Path, (usize, usize, u64, usize)> = BTreeMap::new();
    let mut sum = (0, 0, 0, 0);
    for source in sources {
        let bytes: u64 = source.files.iter().filter_map(|file| Some(std::fs::metadata(file).ok()?.len())).sum();
        let known = usize::from(journal.is_some_and(|journal| journal.knows(source).is_some()));
        let folder = folders.entry(source.path.parent().unwrap_or(Path::new(""))).or_default();
        for counts in [folder, &mut sum] {
            *counts = (counts.0 + 1, counts.1 + source.files.len(), counts.2 + bytes, counts.3 + known);
        }
    }
    let (issues, files, bytes, known) = sum;
    if as_json {
        report::say(json!({ "issues": issues, "files": files, "bytes": bytes, "known": known }));
        return;
    }
    let mut table = report::table(&["folder", "issues", "files", "size", "sent before"]);
    for (folder, (issues, files, bytes, known)) in folders {
        let counts = [issues.to_string(), files.to_string(), HumanBytes(bytes).to_string(), known.to_string()];
        table.add_row(std::iter::once(folder.display().to_string()).chain(counts));
    }
    report::say(report::rows(&table));
    let (issues, files) = (report::count(issues, "issue"), report::count(files, "file"));
    report::say(format!("{issues} in {files}, {}; {known} sent before", HumanBytes(bytes)));
}

/// Sends every issue that the journal does not know; intake says which it has already. On `stop` no more are begun, and
/// those on their way are finished.
pub async fn send(
    client: &IntakeClient,
    sources: &[Source],
    facts: &Facts,
    lane: Lane,
    mut journal: Option<&mut Journal>,
    stop: &CancellationToken,
) -> Result<Vec<Sent>, Problem> {
    let bar = bar(sources.len(), "sent");
    let mut sent = Vec::with_capacity(sources.len());
    let mut open = Vec::new();
    for source in sources {
        match journal.as_ref().and_then(|journal| journal.knows(source)) {
            Some(id) => {
                sent.push(Sent { path: source.path.clone(), answer: Answer::Known(id.clone()), receipt: None });
                bar.inc(1);
            }
            None => open.push(source),
        }
    }
    let work = futures::stream::iter(open)
        .take_until(stop.cancelled())
        .map(|source| async move {
            // Before it is read: what changes after that is sent again.
            let stamp = journal::stamp_of(source);
            (source, stamp, send_one(client, source, facts, lane).await)
        })
        .buffered(AT_ONCE);
    let mut work = std::pin::pin!(work);
    while let Some((source, stamp, one)) = work.next().await {
        let one = one?;
        if let (Some(journal), Some(id)) = (journal.as_mut(), one.id()) {
            journal.note(source, stamp, id)?;
        }
        sent.push(one);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(sent)
}

async fn send_one(client: &IntakeClient, source: &Source, facts: &Facts, lane: Lane) -> Result<Sent, Problem> {
    let mut parts = Vec::with_capacity(source.files.len());
    for path in &source.files {
        let bytes = tokio::fs::read(path)
            .await
            .map_err(|error| Problem::settings(format!("{} cannot be read: {error}", path.display())))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let media_type = Some(media_type(&name).to_owned());
        parts.push(Part { name: Some(name), media_type, bytes: bytes.into(), ..Part::default() });
    }
    let named =
        Facts { publication: facts.publication.clone().or_else(|| source.publication.clone()), ..facts.clone() };
    let name = source.path.file_name().unwrap_or_default().to_string_lossy();
    let answer = match &parts[..] {
        [file] if !source.is_folder() => client.send(&name, &file.bytes, &named, lane).await?,
        _ => {
            let (media_type, bytes) = parts::join(&parts);
            client.send_as(&media_type, &name, &bytes, &named, lane).await?
        }
    };
    Ok(Sent { path: source.path.clone(), answer, receipt: None })
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
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} {msg} {elapsed}, {eta} to go");
    ProgressBar::new(length as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(what.to_owned())
}
