//! `pressline backfill`: the lane for archives stands still or goes on, in all processes and without a restart.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use contract::Lane;
use contract::backfill::Control;
use contract::names::Work;
use jiff::Timestamp;

use crate::operator::{LineOptions, broker};
use crate::report::{self, GREEN, Problem, YELLOW, paint};

/// What to do with the lane.
#[derive(Args)]
pub struct BackfillOptions {
    #[command(subcommand)]
    pub command: BackfillCommand,
    #[command(flatten)]
    pub line: LineOptions,
}

#[derive(Subcommand)]
pub enum BackfillCommand {
    /// Take no more of the lane; what is in hand is finished
    Pause,
    /// Go on
    Resume,
    /// Whether it is paused, and how much waits
    Status,
}

/// Runs the command.
pub async fn run(options: BackfillOptions) -> Result<ExitCode, Problem> {
    let bus = options.line.connect().await?.bus;
    let control = Control::open(&bus).await.map_err(broker)?;
    let say = match options.command {
        BackfillCommand::Pause => Some(true),
        BackfillCommand::Resume => Some(false),
        BackfillCommand::Status => None,
    };
    if let Some(paused) = say {
        control.say(paused, Timestamp::now()).await.map_err(broker)?;
    }
    let state = match control.said().await.map_err(broker)? {
        Some(said) if said.paused => paint(YELLOW, format!("paused since {}", said.at)),
        _ => paint(GREEN, "runs when the live lane has nothing to do"),
    };
    report::say(format!("backfill {state}"));
    let overview = bus.overview().await.map_err(broker)?;
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
