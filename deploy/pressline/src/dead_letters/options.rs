//! Options of `pressline dead-letters`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use contract::PublicationId;
use jiff::Timestamp;

use crate::operator::LineOptions;
use crate::since;

/// What to do with which dead letters.
#[derive(Args)]
pub struct DeadLettersOptions {
    #[command(subcommand)]
    pub command: DeadLettersCommand,
    #[command(flatten)]
    pub line: LineOptions,
}

#[derive(Subcommand)]
pub enum DeadLettersCommand {
    /// List them, oldest first
    List {
        #[command(flatten)]
        which: Which,
        /// As JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Show one: reason, headers, the beginning of its data
    Show {
        /// Its number in the list
        sequence: u64,
    },
    /// Write each as two files: its bytes, and a JSON with everything else
    Export {
        #[command(flatten)]
        which: Which,
        /// Into this folder
        #[arg(long, value_name = "DIR", default_value = "dead-letters")]
        out: PathBuf,
    },
    /// Publish them again as they were, and remove each once it is stored
    Replay {
        #[command(flatten)]
        which: Which,
        /// All of them
        #[arg(long, conflicts_with_all = ["sequences", "stage", "publication", "since"])]
        all: bool,
    },
    /// Remove them for good
    Drop {
        /// Their numbers in the list
        #[arg(required = true)]
        sequences: Vec<u64>,
        /// Yes, for good
        #[arg(long)]
        yes: bool,
    },
}

/// Which dead letters; without any of these, all.
#[derive(Args, Clone, Default)]
pub struct Which {
    /// Their numbers in the list
    pub sequences: Vec<u64>,
    /// Given up by this stage: parser, indexer, closer, remover
    #[arg(long)]
    pub stage: Option<String>,
    /// Of this title
    #[arg(long, value_name = "ID")]
    pub publication: Option<PublicationId>,
    /// Given up since: 2026-03-04, 2026-03-04T06:00:00Z, 36h, 7d
    #[arg(long, value_name = "WHEN", value_parser = since::parse)]
    pub since: Option<Timestamp>,
}

impl Which {
    /// Nothing was said.
    pub fn is_any(&self) -> bool {
        self.sequences.is_empty() && self.stage.is_none() && self.publication.is_none() && self.since.is_none()
    }

    /// Whether a letter is meant.
    pub fn takes(&self, letter: &contract::DeadLetter) -> bool {
        (self.sequences.is_empty() || self.sequences.contains(&letter.sequence))
            && self.stage.as_ref().is_none_or(|stage| *stage == letter.stage)
            && self.publication.as_ref().is_none_or(|id| letter.head.publication.as_ref() == Some(id))
            && self.since.is_none_or(|since| letter.at >= since)
    }
}
