//! Options of `pressline audit`.

use clap::Args;

use crate::operator::LineOptions;

/// Which line, and whether to mend it.
#[derive(Args)]
pub struct AuditOptions {
    /// Mend each difference: replay what is missing, purge what may not be there
    #[arg(long)]
    pub repair: bool,
    /// With --repair: purge documents of issues that no receipt knows, too
    #[arg(long, requires = "repair")]
    pub purge_unknown: bool,
    /// Differences that are listed at most
    #[arg(long, default_value_t = 10_000, value_name = "COUNT")]
    pub most: usize,
    /// As JSON lines
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub line: LineOptions,
}
