//! `pressline status`: today's titles, streams and their lag, dead letters, index counts, each service's health; once, or
//! again and again with `--watch`.
//!
//! | module | holds |
//! | --- | --- |
//! | [`look`] | one look at the line |
//! | [`today`] | today's issues by title |
//! | [`text`] | a look as text |
//! | [`watch`] | `--watch` |
//! | [`screen`] | what the terminal shows then |

pub mod look;
mod screen;
mod text;
mod today;
mod watch;

use std::process::ExitCode;

use self::look::{Looker, Status};
use crate::cli::StatusOptions;
use crate::keys::role::Role;
use crate::place::Place;
use crate::report::{self, Problem};

/// Runs the command: 0 when all is ready and nothing is dead, 1 otherwise.
pub async fn run(options: StatusOptions) -> Result<ExitCode, Problem> {
    let place = Place::at(&options.place.data);
    let addresses = place.addresses()?;
    let key = place.keys().read(Role::Status).or_else(|| addresses.search_key.clone());
    let mut looker = Looker::connect(addresses, key).await?;
    if options.watch {
        return watch::run(&mut looker, &options).await;
    }
    let status = looker.look().await?;
    say(&status, options.json)?;
    Ok(ExitCode::from(u8::from(!status.is_well())))
}

/// Writes a look for people or programs.
fn say(status: &Status, as_json: bool) -> Result<(), Problem> {
    if as_json {
        report::say(serde_json::to_string(status).map_err(|error| Problem::internal(error.to_string()))?);
    } else {
        report::say(text::of(status));
    }
    Ok(())
}
