//! Options of `pressline keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use contract::PublicationId;
use jiff::Span;

use super::role::Role;

/// Which engine, with which master key, and what to do.
#[derive(Args)]
pub struct KeysOptions {
    #[command(subcommand)]
    pub command: KeysCommand,
    /// Meilisearch's address, several parted by commas; default: that of the running `pressline up`, whose keys are kept in
    /// its data folder
    #[arg(long, value_name = "URL", env = "PRESSLINE_SEARCH", global = true)]
    pub url: Option<String>,
    /// File with the master key; else PRESSLINE_MASTER_KEY in the environment, else the one that `pressline up` made
    #[arg(long, value_name = "FILE", env = "PRESSLINE_MASTER_KEY_FILE", global = true)]
    pub master_key_file: Option<PathBuf>,
    /// The index that the keys are for
    #[arg(long, default_value = "articles", global = true)]
    pub index: String,
    /// Data folder of a running `pressline up`: its address and its keys are read from there
    #[arg(long, value_name = "DIR", default_value = "data", env = "PRESSLINE_DATA", global = true)]
    pub data: PathBuf,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Show the engine's keys, without their text
    List {
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Make the keys that are missing: indexer, search, status, operator
    Setup {
        /// Keep them here, a file each that only its owner reads, instead of printing them
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Also write the search page's config.json to this file
        #[arg(long, value_name = "FILE", requires = "page_url")]
        page_config: Option<PathBuf>,
        /// The engine's address as browsers reach it, for --page-config; several parted by commas
        #[arg(long, value_name = "URL", requires = "page_config")]
        page_url: Option<String>,
        /// How long to wait for an engine that is still starting, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        wait: u64,
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Make new keys, then delete the old ones
    Rotate {
        /// Only this one
        #[arg(long, value_enum)]
        only: Option<Role>,
        /// How long the old keys go on opening, e.g. 30m or 2h
        #[arg(long, default_value = "0s", value_name = "TIME")]
        grace: Span,
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Print a token for a frontend that may search some titles only
    TenantToken {
        /// The title's id; may be given several times
        #[arg(long, required = true, value_name = "ID")]
        publication: Vec<PublicationId>,
        /// How long it opens, e.g. 30d; default: as long as the search key
        #[arg(long, value_name = "TIME")]
        expires: Option<Span>,
    },
}
