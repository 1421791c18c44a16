//! Options of `pressline reindex`.

use clap::Args;

use crate::operator::LineOptions;

/// What to do; without any of these, begin.
#[derive(Args)]
pub struct ReindexOptions {
    #[command(flatten)]
    pub step: Step,
    /// Swap even if the fresh index has fewer documents than the live one
    #[arg(long)]
    pub allow_fewer: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub line: LineOptions,
}

#[derive(Args)]
#[group(multiple = false)]
pub struct Step {
    /// Go on with one that was broken off
    #[arg(long)]
    pub resume: bool,
    /// Before the swap: remove the fresh index; after it: put the old one back, with all that came since
    #[arg(long)]
    pub undo: bool,
    /// Remove the index that was swapped out; after that there is no --undo
    #[arg(long)]
    pub drop_old: bool,
    /// Show how far it is
    #[arg(long)]
    pub status: bool,
}
