//! `pressline setup`: makes what the services find at the broker, with a user that may.

use std::process::ExitCode;

use contract::names;

use crate::broker::{BrokerOptions, problem};
use crate::report::{self, GREEN, Problem, paint};

/// Runs the command.
pub async fn run(options: BrokerOptions) -> Result<ExitCode, Problem> {
    let settings = options.settings()?;
    let bus = settings.connect().await?;
    let topology = names::topology(&settings.topology);
    bus.ensure(&topology).await.map_err(problem)?;
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
