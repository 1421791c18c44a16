//! `pressline backfill`: the lane for archives stands still or goes on, in all processes and without a restart.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use contract::Lane;
use contract::backfill::Control;
use contract::names::Work;
use jiff::Timestamp;

use crate::broker::{BrokerOptions, problem};
use crate::report::{self, GREEN, Problem, YELLOW, paint};

/// What to do with the lane.
#[derive(Args)]
pub struct BackfillOptions {
    #[command(subcommand)]
    pub command: BackfillCommand,
}

#[derive(Subcommand)]
pub enum BackfillCommand {
    /// Take no more of the lane; what is in hand is finished
    Pause(BrokerOptions),
    /// Go on
    Resume(BrokerOptions),
    /// Whether it is paused, and how much waits
    Status(BrokerOptions),
}

/// Runs the command.
pub async fn run(options: BackfillOptions) -> Result<ExitCode, Problem> {
    let (paused, broker) = match options.command {
        BackfillCommand::Pause(broker) => (Some(true), broker),
        BackfillCommand::Resume(broker) => (Some(false), broker),
        BackfillCommand::Status(broker) => (None, broker),
    };
    let bus = broker.settings()?.connect().await?;
    let control = Control::open(&bus).await.map_err(problem)?;
    if let Some(paused) = paused {
        control.say(paused, Timestamp::now()).await.map_err(problem)?;
    }
    let state = match control.said().await.map_err(problem)? {
        Some(said) if said.paused => paint(YELLOW, format!("paused since {}", said.at)),
        _ => paint(GREEN, "runs when the live lane has nothing to do"),
    };
    report::say(format!("backfill {state}"));
    let overview = bus.overview().await.map_err(problem)?;
    bus.close().await;
    let durables: Vec<_> = overview.into_iter().flat_map(|stream| stream.durables).collect();
    for work in Work::ALL {
        let name = work.durable(Lane::Backfill);
        if let Some(durable) = durables.iter().find(|durable| durable.name == name) {
            report::say(format!("{name} {} waiting, {} in hand", durable.pending, durable.ack_pending));
        }
    }
    Ok(ExitCode::SUCCESS)
}
