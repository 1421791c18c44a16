//! `pressline setup`: makes what the services find at the broker, with a user that may.

use std::process::ExitCode;
use std::time::Duration;

use bus::{Bus, BusSettings};
use clap::Args;
use contract::names;

use crate::operator::{LineOptions, broker};
use crate::report::{self, GREEN, Problem, paint};

/// At which broker.
#[derive(Args)]
pub struct SetupOptions {
    /// How long to wait for a broker that is still starting, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub wait: u64,
    #[command(flatten)]
    pub line: LineOptions,
}

/// Runs the command.
pub async fn run(options: SetupOptions) -> Result<ExitCode, Problem> {
    let settings = options.line.settings()?;
    settings.nats.check().map_err(|error| Problem::settings(error.to_string()))?;
    let bus = connected_within(Duration::from_secs(options.wait), &settings.nats).await?;
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

/// The broker, as soon as it is there.
async fn connected_within(wait: Duration, settings: &BusSettings) -> Result<Bus, Problem> {
    const PAUSE: Duration = Duration::from_millis(500);
    let end = tokio::time::Instant::now() + wait;
    loop {
        match Bus::connect(settings).await {
            Err(error) if error.is_transient() && tokio::time::Instant::now() + PAUSE < end => {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done.map_err(broker),
        }
    }
}
