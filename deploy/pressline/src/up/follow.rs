//! What becomes searchable while the line runs, whichever way it came in.

use std::process::ExitCode;

use contract::names;
use contract::{IssueId, Receipt};
use futures::StreamExt;
use serde_json::json;

use crate::intake_client::IntakeClient;
use crate::place::Addresses;
use crate::report::{self, Problem};
use crate::table;

/// Prints a line for every issue that ends, until the caller stops asking.
pub async fn run(addresses: &Addresses, as_json: bool) -> Result<ExitCode, Problem> {
    let client = IntakeClient::new(&addresses.intake, addresses.intake_token.clone())?;
    let broker = async_nats::connect(&addresses.nats)
        .await
        .map_err(|error| Problem::unavailable(format!("broker {}: {error}", addresses.nats)))?;
    let mut ended = broker
        .subscribe(names::indexed_subjects())
        .await
        .map_err(|error| Problem::unavailable(format!("broker {}: {error}", addresses.nats)))?;
    let mut dead = broker
        .subscribe(names::dead_subjects())
        .await
        .map_err(|error| Problem::unavailable(format!("broker {}: {error}", addresses.nats)))?;
    loop {
        let message = tokio::select! {
            Some(message) = ended.next() => message,
            Some(message) = dead.next() => message,
            else => return Ok(ExitCode::SUCCESS),
        };
        let about = message.headers.as_ref().and_then(|headers| headers.get("ce-subject"));
        let Some(id) = about.and_then(|about| about.as_str().parse::<IssueId>().ok()) else { continue };
        // A dead letter of one article names the article: its issue's own end tells of it.
        match client.receipt(&id).await {
            Ok(Some(receipt)) => show(&receipt, as_json),
            Ok(None) => {}
            // The line goes on; only this line of the report is lost.
            Err(problem) => report::note(problem),
        }
    }
}

fn show(receipt: &Receipt, as_json: bool) {
    if as_json {
        report::say(json!({ "receipt": receipt }));
    } else {
        report::say(table::line(receipt));
    }
}
