//! The broker, as the operator's commands reach it: one of one's own by a settings file, or that of a running `pressline up`.

use std::path::PathBuf;

use bus::{Bus, BusError, BusSettings};
use clap::Args;
use contract::names::TopologyOptions;
use serde::Deserialize;

use crate::cli::Where;
use crate::place::Place;
use crate::report::Problem;

/// Which broker.
#[derive(Args, Clone)]
pub struct BrokerOptions {
    /// Settings file (TOML) of a broker of one's own; see deploy/settings/broker.toml. Default: that of the running `pressline up`
    #[arg(long, value_name = "FILE", env = "PRESSLINE_CONFIG")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
}

/// What a settings file says about it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BrokerSettings {
    /// How it is reached.
    pub nats: BusSettings,
    /// Streams; the same in every service.
    pub topology: TopologyOptions,
}

impl BrokerOptions {
    /// The settings: of the file, else the address of the line that runs on the data folder.
    pub fn settings(&self) -> Result<BrokerSettings, Problem> {
        if let Some(file) = &self.config {
            return runtime::load(Some(file)).map_err(|error| Problem::settings(error.to_string()));
        }
        let nats = BusSettings::at(Place::at(&self.place.data).addresses()?.nats);
        Ok(BrokerSettings { nats, ..BrokerSettings::default() })
    }
}

impl BrokerSettings {
    /// A connection to it.
    pub async fn connect(&self) -> Result<Bus, Problem> {
        Bus::connect(&self.nats).await.map_err(problem)
    }
}

/// By whose fault it is.
pub fn problem(error: BusError) -> Problem {
    match error {
        BusError::Settings { .. } => Problem::settings(error.to_string()),
        other => Problem::unavailable(other.to_string()),
    }
}
