//! Dead letters handled again: published as they were, and removed once JetStream has them.
//!
//! Doing it twice does no harm: the message id comes from the letter, so JetStream stores the second one only if it has
//! forgotten the first, and then the same documents are written again under the same ids. A received file keeps its
//! revision, so an issue that has been corrected since is not set back.

use std::collections::BTreeSet;
use std::process::ExitCode;

use bus::{Incoming, Reading};
use contract::names::{self, Work};
use contract::{DeadLetter, EventKind, Head, IssueId, dead, event};

use super::options::Which;
use super::{Letters, data, whole};
use crate::operator::{Operator, broker, ledger, run_name};
use crate::report::{self, Problem};

/// Manifests that are looked through for the one of an article: it comes right after the articles of its issue.
const MANIFESTS: usize = 2_000;

/// An issue whose articles are handled again, to be closed anew.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Closing {
    issue: IssueId,
    revision: u64,
    /// Where its articles stand in their stream.
    after: u64,
}

/// Publishes the letters that are meant again.
pub(super) async fn run(operator: &Operator, which: &Which) -> Result<ExitCode, Problem> {
    let mut letters = Letters::new(operator, which);
    let (mut replayed, mut left) = (0, 0);
    let mut closings = BTreeSet::new();
    // What dies again while we go on is a new letter, at the end of the stream: it is not taken up in the same run.
    let mut last = None;
    'all: while let Some(page) = letters.page().await? {
        if last.is_none() {
            last = Some(end_of_dead_letters(operator).await?);
        }
        for (letter, _) in page {
            if last.is_some_and(|last| letter.sequence > last) {
                break 'all;
            }
            match one(operator, &letter).await? {
                Ok(closing) => {
                    replayed += 1;
                    closings.extend(closing);
                }
                Err(reason) => {
                    left += 1;
                    report::note(format!("dead letter {} stays: {reason}", letter.sequence));
                }
            }
        }
    }
    let run = run_name("closing");
    for closing in &closings {
        close_again(operator, closing, &run).await?;
    }
    report::say(format!("{} replayed", report::count(replayed, "dead letter")));
    if left > 0 || replayed == 0 {
        return Err(Problem::failed(match left {
            0 => "there is no such dead letter".to_owned(),
            left => format!("{} could not be replayed: see above", report::count(left, "dead letter")),
        }));
    }
    Ok(ExitCode::SUCCESS)
}

async fn end_of_dead_letters(operator: &Operator) -> Result<u64, Problem> {
    let streams = operator.bus.overview().await.map_err(broker)?;
    Ok(streams.iter().find(|stream| stream.name == names::DEAD).map_or(0, |stream| stream.last_sequence))
}

/// Publishes one letter again; the inner error says why it has to stay.
async fn one(operator: &Operator, letter: &DeadLetter) -> Result<Result<Option<Closing>, String>, Problem> {
    let message = whole(operator, letter.sequence).await?;
    let Some(payload) = data(operator, &message).await? else {
        return Ok(Err("its data is no longer in its stream; send the file again".into()));
    };
    let Some(original) = dead::original(&message, Some(payload)) else {
        return Ok(Err("its headers or its subject could not be read; export it and have it sent again".into()));
    };
    forget(operator, letter, &original).await?;
    let outgoing = event::again(&original, &format!("dead-{}", letter.sequence));
    if let Err(error) = operator.bus.publish(outgoing).await {
        if error.is_transient() {
            return Err(Problem::unavailable(format!("dead letter {} stays: {error}", letter.sequence)));
        }
        return Ok(Err(error.to_string()));
    }
    operator.bus.remove(names::DEAD, letter.sequence).await.map_err(broker)?;
    let closing = (letter.work() == Some(Work::Index)).then(|| closing(&Head::of(&original), &original)).flatten();
    Ok(Ok(closing))
}

/// The receipt says that it was given up; from now on it waits again.
async fn forget(operator: &Operator, letter: &DeadLetter, original: &Incoming) -> Result<(), Problem> {
    let head = Head::of(original);
    let Some(issue) = head.issue().or_else(|| issue_in(original)) else { return Ok(()) };
    let article = head.article();
    operator.receipts.forget_failure(&issue, &letter.stage, article.as_ref()).await.map_err(ledger)
}

/// The issue that an article names, for articles whose ids do not.
fn issue_in(original: &Incoming) -> Option<IssueId> {
    let data: serde_json::Value = serde_json::from_slice(&original.payload).ok()?;
    data["issue"]["id"].as_str()?.parse().ok()
}

fn closing(head: &Head, original: &Incoming) -> Option<Closing> {
    let issue = head.issue().or_else(|| issue_in(original))?;
    Some(Closing { issue, revision: head.revision?, after: original.stream_sequence })
}

/// Has an issue counted again, so that its receipt says what can be found now.
async fn close_again(operator: &Operator, closing: &Closing, run: &str) -> Result<(), Problem> {
    let subjects = names::Work::Close.subjects();
    let mut reader = operator
        .bus
        .read(names::ARTICLES, Reading { subjects, from: closing.after, headers_only: true, ..Reading::default() });
    let mut seen = 0;
    while seen < MANIFESTS {
        let page = reader.page(200).await.map_err(broker)?;
        if page.is_empty() {
            return Ok(());
        }
        seen += page.len();
        for message in page {
            let head = Head::of(&message);
            let same = head.kind == Some(EventKind::IssueExtracted)
                && head.issue().as_ref() == Some(&closing.issue)
                && head.revision == Some(closing.revision);
            if !same {
                continue;
            }
            let whole = operator.bus.message(names::ARTICLES, message.stream_sequence).await.map_err(broker)?;
            if let Some(manifest) = whole {
                let outgoing = event::again(&manifest, run);
                operator.bus.publish(outgoing).await.map_err(|error| Problem::unavailable(error.to_string()))?;
            }
            return Ok(());
        }
    }
    Ok(())
}
