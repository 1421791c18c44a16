//! `pressline evaluate`: how right the articles of annotated pages are.

use std::process::ExitCode;

use parser::evaluate;

use crate::cli::EvaluateOptions;
use crate::report::{self, Problem};

/// Runs the command. Low figures are no failure: this reports, it does not judge.
pub fn run(options: EvaluateOptions) -> Result<ExitCode, Problem> {
    let figures = evaluate::folder(&options.gold, &options.issues).map_err(Problem::failed)?;
    if options.json {
        let json = serde_json::to_string_pretty(&figures).map_err(|error| Problem::internal(error.to_string()))?;
        report::say(json);
    } else {
        report::say(figures.to_string().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
