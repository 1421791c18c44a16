//! Dead letters for people and programs.

use std::process::ExitCode;

use bus::Incoming;
use bus::stream::size_of;
use contract::DeadLetter;
use serde_json::{Map, Value, json};

use super::Letters;
use super::options::Which;
use crate::operator::Operator;
use crate::report::{self, BOLD, DIM, Problem, paint};

/// Characters of a reason in the table.
const REASON: usize = 100;
/// Bytes of data that are shown.
const BEGINNING: usize = 1_000;

/// Lists the letters that are meant.
pub(super) async fn list(operator: &Operator, which: &Which, as_json: bool) -> Result<ExitCode, Problem> {
    let mut letters = Letters::new(operator, which);
    let mut count = 0;
    while let Some(page) = letters.page().await? {
        count += page.len();
        if as_json {
            for (letter, message) in &page {
                report::say(facts(letter, message));
            }
            continue;
        }
        if page.is_empty() {
            continue;
        }
        let mut table = report::table(&["number", "when", "stage", "title", "about", "attempts", "reason"]);
        for (letter, _) in &page {
            let unknown = || "–".to_owned();
            table.add_row([
                letter.sequence.to_string(),
                letter.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                letter.stage.clone(),
                letter.head.publication.as_ref().map_or_else(unknown, ToString::to_string),
                letter.head.about.clone().unwrap_or_else(unknown),
                letter.attempts.map_or_else(unknown, |attempts| attempts.to_string()),
                beginning(&letter.reason),
            ]);
        }
        report::say(report::rows(&table));
    }
    if !as_json {
        report::note(paint(DIM, report::count(count, "dead letter")));
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows one letter.
pub(super) fn one(message: &Incoming) -> Result<ExitCode, Problem> {
    let letter = DeadLetter::of(message);
    let row = |name: &str, value: &str| report::say(format!("{} {value}", paint(BOLD, format!("{name:<9}"))));
    row("reason", &letter.reason);
    row("stage", &letter.stage);
    row("when", &letter.at.to_string());
    if let Some(attempts) = letter.attempts {
        row("attempts", &attempts.to_string());
    }
    if let (Some(stream), Some(original)) = (&letter.stream, letter.original) {
        row("was", &format!("message {original} of {stream}"));
    }
    if let Some(subject) = &letter.subject {
        row("subject", subject);
    }
    report::say("");
    for (name, value) in headers(message) {
        report::say(format!("{} {}", paint(DIM, format!("{name}:")), value.as_str().unwrap_or_default()));
    }
    report::say("");
    if let (Some(omitted), None) = (letter.omitted, &letter.raw) {
        report::say(paint(DIM, format!("{omitted} bytes of data, still in their own stream: `export` fetches them")));
        return Ok(ExitCode::SUCCESS);
    }
    let bytes = &message.payload;
    let mut end = bytes.len().min(BEGINNING);
    // Not in the middle of a character.
    while end > 0 && end < bytes.len() && bytes[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    // What a terminal would take for commands is not data.
    let shown: String = String::from_utf8_lossy(&bytes[..end])
        .chars()
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c })
        .collect();
    report::say(shown);
    report::say(paint(DIM, format!("{end} of {} bytes", bytes.len())));
    Ok(ExitCode::SUCCESS)
}

/// What stands of a letter beside its bytes.
pub(super) fn facts(letter: &DeadLetter, message: &Incoming) -> Value {
    json!({
        "sequence": letter.sequence,
        "at": letter.at,
        "stage": letter.stage,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "subject": letter.subject,
        "stream": letter.stream,
        "original_sequence": letter.original,
        "about": letter.head.about,
        "publication": letter.head.publication,
        "lane": letter.head.lane,
        "raw_headers": letter.raw,
        "bytes": letter.omitted.unwrap_or_else(|| size_of(message)),
        "headers": headers(message),
    })
}

/// Every header of the message itself; the first value of each.
fn headers(message: &Incoming) -> Map<String, Value> {
    let names = message.headers.iter().filter_map(|(name, values)| {
        let name: &str = name.as_ref();
        let ours = name.starts_with("Pressline-Dead-") || name.starts_with("Nats-");
        Some((name.to_owned(), Value::from(values.first()?.as_str()))).filter(|_| !ours)
    });
    let sorted: std::collections::BTreeMap<_, _> = names.collect();
    sorted.into_iter().collect()
}

fn beginning(reason: &str) -> String {
    let mut text: String = reason.chars().take(REASON).collect();
    if reason.chars().nth(REASON).is_some() {
        text.push('…');
    }
    text
}
