//! `pressline torture`: a line of its own, broken on purpose.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use ::torture::burst;
use ::torture::line::Options;
use ::torture::mixed::{Mix, run as run_mixed};

use crate::cli::TortureOptions;
use crate::report::{self, Problem};

/// Runs the command; stops at the first run that fails.
pub async fn run(options: TortureOptions) -> Result<ExitCode, Problem> {
    for seed in options.seed {
        let line = Options::new(crate::up::TOOLS.into());
        let failed = |error| Problem::failed(format!("seed {seed}: {error}"));
        match options.burst {
            Some(files) => report::say(burst::run(line, files, seed).await.map_err(failed)?),
            None => {
                let mix = Mix { pages: options.pages, articles: options.articles, ..Mix::new(options.issues, seed) };
                report::say(run_mixed(line, mix).await.map_err(failed)?);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `7` or `1..5`, both ends included.
pub fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("`{text}`: {error}"));
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let seeds = number(first)?..=number(last)?;
    if seeds.is_empty() { Err(format!("{text} holds no seed, give the smaller one first")) } else { Ok(seeds) }
}

#[cfg(test)]
mod tests {
    use super::seeds;

    #[test]
    fn a_seed_is_one_or_a_range_with_both_ends() {
        assert_eq!((seeds("7"), seeds("1..5")), (Ok(7..=7), Ok(1..=5)));
        for bad in ["", "a", "5..1", "1..", "-1"] {
            assert!(seeds(bad).is_err(), "{bad}");
        }
    }
}
