//! The table of what became searchable: issue, date, articles, warnings, time.

use std::collections::BTreeMap;
use std::path::Path;

use comfy_table::Table;
use contract::{Receipt, Stage, WarningCode};
use serde_json::json;

use crate::intake_client::Answer;
use crate::report::{self, DIM, GREEN, RED, YELLOW, paint};
use crate::sent::Sent;

const HEAD: [&str; 7] = ["file", "issue", "date", "articles", "warnings", "time", "state"];

/// More than these are only counted.
const ROWS: usize = 200;

/// Shows the files, for people or for programs; what failed stands once more below, with its reason.
pub fn show(sent: &[Sent], as_json: bool) {
    if as_json {
        for one in sent {
            report::say(json!({
                "file": one.path,
                "id": one.id(),
                "new": matches!(one.answer, Answer::Accepted(_)),
                "receipt": one.receipt,
                "fault": one.fault(),
            }));
        }
        return;
    }
    let mut table = report::table(&HEAD);
    // Of an archive nobody reads thousands of lines; what failed is listed below.
    for one in sent.iter().filter(|_| sent.len() <= ROWS) {
        add(&mut table, &one.path, one.receipt.as_ref(), &state(one));
    }
    if sent.len() <= ROWS {
        report::say(report::rows(&table));
    }
    for one in sent {
        if let Some(fault) = one.fault() {
            report::say(format!("{} {}: {fault}", paint(RED, "failed"), one.path.display()));
        }
    }
    report::say(summary(sent));
}

/// One line for an issue that came by another way than this command.
pub fn line(receipt: &Receipt) -> String {
    let mut table = report::table(&[]);
    let name = receipt.received.file_name.clone().unwrap_or_else(|| receipt.id.to_string());
    add(&mut table, Path::new(&name), Some(receipt), &status(receipt));
    let reasons: String =
        receipt.failed.iter().map(|failed| format!("\n  {}: {}", failed.stage, failed.reason)).collect();
    format!("{}{reasons}", report::rows(&table))
}

fn add(table: &mut Table, path: &Path, receipt: Option<&Receipt>, state: &str) {
    let extracted = receipt.and_then(|receipt| receipt.extracted.as_ref());
    let articles = extracted.map(|extracted| extracted.articles.to_string());
    table.add_row([
        path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        extracted.and_then(|extracted| extracted.publication.clone()).unwrap_or_else(unknown),
        extracted.and_then(|extracted| extracted.date).map_or_else(unknown, |date| date.to_string()),
        articles.unwrap_or_else(unknown),
        extracted.map_or_else(unknown, |extracted| warnings(&extracted.warnings)),
        receipt.and_then(time).unwrap_or_else(unknown),
        state.to_owned(),
    ]);
}

fn unknown() -> String {
    "–".into()
}

fn warnings(counts: &BTreeMap<WarningCode, u32>) -> String {
    match counts.values().sum::<u32>() {
        0 => "0".into(),
        all => {
            let named = counts.iter().map(|(code, n)| {
                let code = serde_json::to_value(code).unwrap_or_default();
                format!("{n} {}", code.as_str().unwrap_or_default().replace('_', " "))
            });
            format!("{all}: {}", named.collect::<Vec<_>>().join(", "))
        }
    }
}

/// From admission to searchable.
fn time(receipt: &Receipt) -> Option<String> {
    let done = receipt.indexed.as_ref()?.at;
    let seconds = done.duration_since(receipt.received.at).as_secs_f64();
    Some(format!("{seconds:.1} s"))
}

fn state(one: &Sent) -> String {
    match (&one.answer, &one.receipt) {
        (Answer::Refused(_), _) => paint(RED, "refused"),
        (Answer::Known(_), Some(receipt)) if receipt.status == Stage::Indexed && receipt.failed.is_empty() => {
            format!("{} {}", paint(GREEN, "searchable"), paint(DIM, "(already)"))
        }
        (_, Some(receipt)) => status(receipt),
        (Answer::Accepted(_), None) => "accepted".into(),
        (Answer::Known(_), None) => paint(DIM, "known"),
    }
}

fn status(receipt: &Receipt) -> String {
    match receipt.status {
        Stage::Indexed if receipt.failed.is_empty() => paint(GREEN, "searchable"),
        Stage::Indexed => paint(YELLOW, "in part"),
        Stage::Failed => paint(RED, "failed"),
        Stage::Withdrawn => paint(YELLOW, "withdrawn"),
        Stage::Received | Stage::Extracted => paint(YELLOW, "on its way"),
    }
}

fn summary(sent: &[Sent]) -> String {
    let articles: u32 =
        sent.iter().filter_map(|one| one.receipt.as_ref()?.indexed.as_ref()).map(|indexed| indexed.articles).sum();
    let new = sent.iter().filter(|one| matches!(one.answer, Answer::Accepted(_))).count();
    let files = report::count(sent.len(), "file");
    match articles {
        0 => format!("{files}, {new} new"),
        _ => format!("{files}, {new} new; {} searchable", report::count(articles as usize, "article")),
    }
}
