//! `pressline replay`: stored issues handled again, each with the revision that it had.
//!
//! The stream is looked through by its headers only. Of each issue the newest revision is taken; what was superseded or
//! withdrawn stays away, and so do copies that an earlier replay stored. Each command publishes under a name of its own,
//! so that JetStream does not take it for the one before.

use std::process::ExitCode;

use bus::stream::size_of;
use bus::{Incoming, PublishError, Reading};
use clap::Args;
use contract::{Excluded, Head, IssueId, Lane, PublicationId, event, names};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{HumanBytes, ProgressBar};
use jiff::Timestamp;
use serde_json::json;

use crate::operator::{LineOptions, Operator, broker, ledger, run_name};
use crate::publish;
use crate::report::{self, BOLD, DIM, Problem, paint};
use crate::since;

/// Messages looked at at once: headers only.
const PAGE: usize = 1_000;
/// Issues on their way at once.
const AT_ONCE: usize = 8;

/// Which issues, and into which queue.
#[derive(Args)]
pub struct ReplayOptions {
    /// This issue; may be given several times
    #[arg(long, value_name = "ID")]
    pub issue: Vec<IssueId>,
    /// Received since: 2026-03-04, 2026-03-04T06:00:00Z, 36h, 7d
    #[arg(long, value_name = "WHEN", value_parser = since::parse)]
    pub since: Option<Timestamp>,
    /// Of this title, as its sender named it
    #[arg(long, value_name = "ID")]
    pub publication: Option<PublicationId>,
    /// Into this queue; default: the one that each was in
    #[arg(long)]
    pub lane: Option<Lane>,
    /// Show what would be replayed, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub line: LineOptions,
}

/// What was found for one command.
#[derive(Debug, Default)]
struct Plan {
    /// Places in the stream, oldest first.
    sequences: Vec<u64>,
    bytes: u64,
    superseded: u64,
    withdrawn: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// Runs the command.
pub async fn run(options: ReplayOptions) -> Result<ExitCode, Problem> {
    if options.issue.is_empty() && options.since.is_none() && options.publication.is_none() {
        return Err(Problem::settings("which issues? give --issue, --since or --publication"));
    }
    let operator = options.line.connect().await?;
    let plan = plan(&operator, &options).await?;
    let done = match options.dry_run {
        true => plan.sequences.len(),
        false => publish_all(&operator, &plan.sequences, options.lane).await?,
    };
    operator.bus.close().await;
    show(&plan, done, &options);
    if plan.sequences.is_empty() {
        return Err(Problem::failed("no stored issue fits"));
    }
    Ok(ExitCode::SUCCESS)
}

fn takes(options: &ReplayOptions, head: &Head, message: &Incoming) -> bool {
    let at = Timestamp::try_from(message.published).unwrap_or(Timestamp::UNIX_EPOCH);
    (options.issue.is_empty() || head.issue().is_some_and(|issue| options.issue.contains(&issue)))
        && options.publication.as_ref().is_none_or(|id| head.publication.as_ref() == Some(id))
        && options.since.is_none_or(|since| at >= since)
}

async fn plan(operator: &Operator, options: &ReplayOptions) -> Result<Plan, Problem> {
    let streams = operator.bus.overview().await.map_err(broker)?;
    let Some(issues) = streams.iter().find(|stream| stream.name == names::ISSUES) else {
        return Err(Problem::unavailable(format!("stream {} is not there: start the line once", names::ISSUES)));
    };
    let (oldest, newest) = (issues.first_sequence, issues.last_sequence);
    let reading = Reading {
        subjects: names::received_subjects(options.publication.as_ref()),
        headers_only: true,
        since: options.since.map(Into::into),
        ..Reading::default()
    };
    let mut reader = operator.bus.read(names::ISSUES, reading);
    let mut plan = Plan::default();
    'all: loop {
        let page = reader.page(PAGE).await.map_err(broker)?;
        if page.is_empty() {
            break;
        }
        let wanted = page.iter().map(|message| (Head::of(message), message)).filter(|(head, message)| {
            // A copy counts only where its original has been removed.
            let copy = head.replay.is_some() && head.revision.is_some_and(|revision| revision >= oldest);
            !copy && takes(options, head, message)
        });
        let judged: Vec<_> = stream::iter(wanted)
            .map(|(head, message)| async move { Ok::<_, Problem>((excluded(operator, &head).await?, message)) })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for (excluded, message) in judged {
            if message.stream_sequence > newest {
                break 'all;
            }
            match excluded {
                Some(Excluded::Superseded) => plan.superseded += 1,
                Some(_) => plan.withdrawn += 1,
                None => plan.add(message),
            }
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(&mut self, message: &Incoming) {
        self.sequences.push(message.stream_sequence);
        self.bytes += size_of(message) as u64;
        self.last = Timestamp::try_from(message.published).ok();
        self.first = self.first.or(self.last);
    }
}

/// Why a stored issue is not to be handled again.
async fn excluded(operator: &Operator, head: &Head) -> Result<Option<Excluded>, Problem> {
    let Some(issue) = head.issue() else { return Ok(None) };
    let ledger = operator.receipts.ledger(&issue).await.map_err(ledger)?;
    let revision = head.revision.unwrap_or(0);
    // One that could be read no more than its successor is not brought back either.
    let newer =
        ledger.received.is_some_and(|received| received.revision > revision) && ledger.fence.revision != revision;
    Ok(ledger.fence.excludes(revision).or(newer.then_some(Excluded::Superseded)))
}

/// Publishes stored issues again; says how many were there.
async fn publish_all(operator: &Operator, sequences: &[u64], lane: Option<Lane>) -> Result<usize, Problem> {
    let run = run_name("replay");
    let bar = publish::bar(sequences.len(), "replayed");
    let mut done = 0;
    let mut work =
        stream::iter(sequences).map(|sequence| again(operator, *sequence, lane, &run, &bar)).buffered(AT_ONCE);
    while let Some(one) = work.next().await {
        done += usize::from(one?);
    }
    bar.finish_and_clear();
    Ok(done)
}

/// Publishes one stored issue again; false if it is not there any more.
pub async fn again(
    operator: &Operator,
    sequence: u64,
    lane: Option<Lane>,
    run: &str,
    bar: &ProgressBar,
) -> Result<bool, Problem> {
    let Some(message) = operator.bus.message(names::ISSUES, sequence).await.map_err(broker)? else {
        return Ok(false);
    };
    let head = Head::of(&message);
    let mut outgoing = event::again(&message, run);
    if let (Some(lane), Some(kind)) = (lane, head.kind) {
        outgoing.subject = names::subject(kind, lane, head.publication.as_ref());
    }
    operator.bus.publish(outgoing).await.map_err(|error| match error {
        PublishError::Full { .. } => Problem::unavailable(format!(
            "{error}; make room or raise topology.issues_max_bytes, then replay from message {sequence} on"
        )),
        error => Problem::unavailable(format!("issue of message {sequence}: {error}")),
    })?;
    bar.inc(1);
    Ok(true)
}

fn show(plan: &Plan, done: usize, options: &ReplayOptions) {
    if options.json {
        report::say(json!({
            "issues": plan.sequences.len(), "bytes": plan.bytes, "first": plan.first, "last": plan.last,
            "superseded": plan.superseded, "withdrawn": plan.withdrawn,
            "replayed": if options.dry_run { 0 } else { done },
        }));
        return;
    }
    let word = if options.dry_run { "would be replayed" } else { "replayed" };
    let issues = report::count(done, "issue");
    report::say(format!("{} {word}, {}", paint(BOLD, issues), HumanBytes(plan.bytes)));
    if let (Some(first), Some(last)) = (plan.first, plan.last) {
        report::say(paint(DIM, format!("received {first:.0} to {last:.0}")));
    }
    if plan.superseded + plan.withdrawn > 0 {
        let line = format!("left alone: {} superseded, {} withdrawn", plan.superseded, plan.withdrawn);
        report::say(paint(DIM, line));
    }
}
