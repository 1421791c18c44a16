//! `pressline setup`: makes what the services find at the broker, with a user that may.

use std::process::ExitCode;
use std::time::Duration;

use bus::{Bus, BusError};
use clap::Args;
use contract::names;
use tokio::time::Instant;

use crate::operator::{LineOptions, broker};
use crate::report::{self, GREEN, Problem, paint};

/// At which broker.
#[derive(Args)]
pub struct SetupOptions {
    /// How long to wait for a broker that is still starting or a cluster that elects its leaders, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub wait: u64,
    #[command(flatten)]
    pub line: LineOptions,
}

/// Runs the command.
pub async fn run(options: SetupOptions) -> Result<ExitCode, Problem> {
    let settings = options.line.settings()?;
    settings.nats.check().map_err(|error| Problem::settings(error.to_string()))?;
    let end = Instant::now() + Duration::from_secs(options.wait);
    let bus = ready_by(end, || Bus::connect(&settings.nats)).await?;
    let topology = names::topology(&settings.topology);
    ready_by(end, || bus.ensure(&topology)).await?;
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

/// Tries until it works: a broker may still be starting, and a cluster electing who leads it, a stream or a durable.
async fn ready_by<T>(end: Instant, attempt: impl AsyncFn() -> Result<T, BusError>) -> Result<T, Problem> {
    const PAUSE: Duration = Duration::from_millis(500);
    loop {
        match attempt().await {
            Err(BusError::Connect { .. } | BusError::Unavailable { .. }) if Instant::now() + PAUSE < end => {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done.map_err(broker),
        }
    }
}
