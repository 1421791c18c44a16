//! `pressline setup`: makes what the services find at the broker, with a user that may.

use std::process::ExitCode;

use bus::Bus;
use clap::Args;
use contract::names;

use crate::operator::{LineOptions, broker};
use crate::report::{self, GREEN, Problem, paint};

/// At which broker.
#[derive(Args)]
pub struct SetupOptions {
    #[command(flatten)]
    pub line: LineOptions,
}

/// Runs the command.
pub async fn run(options: SetupOptions) -> Result<ExitCode, Problem> {
    let settings = options.line.settings()?;
    settings.nats.check().map_err(|error| Problem::settings(error.to_string()))?;
    let bus = Bus::connect(&settings.nats).await.map_err(broker)?;
    let topology = names::topology(&settings.topology);
    bus.ensure(&topology).await.map_err(broker)?;
    bus.close().await;
    for (what, count) in [
        ("stream", topology.streams.len()),
        ("durable", topology.durables.len()),
        ("bucket", topology.buckets.len() + topology.object_stores.len()),
    ] {
        report::say(format!("{} {}", report::count(count, what), paint(GREEN, "as they should be")));
    }
    Ok(ExitCode::SUCCESS)
}
