//! What an operator's command works on: the broker and the search engine of a line, on this machine or elsewhere.

use std::path::PathBuf;

use bus::{Bus, BusError, BusSettings};
use clap::Args;
use contract::names::{self, TopologyOptions};
use contract::receipt::{ReceiptError, Receipts};
use indexer::settings::Search;
use jiff::Timestamp;
use serde::Deserialize;

use crate::keys::role::Role;
use crate::place::Place;
use crate::report::Problem;

/// The line that a command works on.
#[derive(Args, Clone)]
pub struct LineOptions {
    /// Data folder of a running `pressline up`: its addresses are read from there
    #[arg(long, value_name = "DIR", default_value = "data", env = "PRESSLINE_DATA", global = true)]
    pub data: PathBuf,
    /// Settings of a line elsewhere (TOML); see deploy/settings/operator.toml
    #[arg(long, value_name = "FILE", env = "PRESSLINE_OPERATOR_CONFIG", global = true)]
    pub config: Option<PathBuf>,
}

/// Settings of a line elsewhere; see `deploy/settings/operator.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorSettings {
    /// The broker, with the operator's own user.
    pub nats: BusSettings,
    /// The search engine, with a key of the role `operator` (`pressline keys setup`).
    pub search: Search,
    /// What `pressline setup` makes; the same in every service.
    pub topology: TopologyOptions,
}

impl LineOptions {
    /// What the file says, else where the line on this machine listens.
    pub fn settings(&self) -> Result<OperatorSettings, Problem> {
        if let Some(file) = &self.config {
            return runtime::load(Some(file)).map_err(|error| Problem::settings(error.to_string()));
        }
        let place = Place::at(&self.data);
        let addresses = place.addresses()?;
        let key = place.keys().path(Role::Operator);
        let search = Search { key_file: key.exists().then_some(key), ..addresses.search_settings() };
        Ok(OperatorSettings { nats: BusSettings::at(addresses.nats), search, topology: TopologyOptions::default() })
    }

    /// Connects to the line's broker.
    pub async fn connect(&self) -> Result<Operator, Problem> {
        let mut settings = self.settings()?;
        settings.nats.name = "pressline-operator".into();
        settings.nats.check().map_err(|error| Problem::settings(error.to_string()))?;
        let bus = Bus::connect(&settings.nats).await.map_err(broker)?;
        let receipts = Receipts::new(bus.kv(names::RECEIPTS).await.map_err(broker)?);
        Ok(Operator { bus, receipts, search: settings.search })
    }
}

/// The broker, the ledger, and where the search engine is.
#[derive(Debug)]
pub struct Operator {
    /// The broker.
    pub bus: Bus,
    /// The ledger.
    pub receipts: Receipts,
    /// The search engine.
    pub search: Search,
}

/// What the broker did not do.
pub fn broker(error: BusError) -> Problem {
    Problem::unavailable(error.to_string())
}

/// What the ledger did not do.
pub fn ledger(error: ReceiptError) -> Problem {
    Problem::unavailable(error.to_string())
}

/// A name for what one run of a command publishes, which no other run has.
pub fn run_name(command: &str) -> String {
    format!("{command}-{}-{:08x}", Timestamp::now().as_millisecond(), rand::random::<u32>())
}
