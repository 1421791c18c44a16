//! `pressline torture`: a line of its own, broken on purpose.

use std::process::ExitCode;

use ::torture::line::Options;
use ::torture::mixed::{Mix, run as run_mixed};

use crate::cli::TortureOptions;
use crate::report::{self, Problem};

/// Runs the command; stops at the first run that fails.
pub async fn run(options: TortureOptions) -> Result<ExitCode, Problem> {
    for seed in (options.seed..).take(usize::try_from(options.runs).unwrap_or(usize::MAX)) {
        let mix = Mix { pages: options.pages, articles: options.articles, ..Mix::new(options.issues, seed) };
        let line = Options::new(crate::up::TOOLS.into());
        let figures = run_mixed(line, mix).await.map_err(|error| Problem::failed(format!("seed {seed}: {error}")))?;
        report::say(figures);
    }
    Ok(ExitCode::SUCCESS)
}
