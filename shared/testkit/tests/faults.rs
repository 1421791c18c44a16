//! The fault suite, small: each scenario alone on one line of real processes, then everything at once. `pressline torture` is the
//! same for as long as one likes. A program of its own (no libtest), because it is also the services' program.
//!
//! `cargo test -p testkit --test faults -- WORDS` runs the scenarios whose names hold one of the words.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use generate::issue::Plan;
use torture::Outcome;
use torture::line::Options;
use torture::mixed::{Mix, run as run_mixed};
use torture::rig::Rig;
use torture::scenarios::{self, Change, Scenario};

const MIXED: &str = "everything_at_once_loses_doubles_and_leaves_stale_nothing";

fn main() -> ExitCode {
    if let Some(code) = torture::part::asked() {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // What is given to all tests of a workspace: `--list`, `--nocapture`, a filter.
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("no runtime");
    let failed = runtime.block_on(async {
        let mut failed = on_a_line(None, scenarios::ALL, &wanted).await;
        for (change, all) in scenarios::OWN {
            failed += on_a_line(Some(*change), all, &wanted).await;
        }
        if wanted(MIXED) {
            let mix = Mix::new(60, 1);
            failed +=
                judged(MIXED, async { run_mixed(options(), mix).await.map(|figures| say(&figures.to_string())) }).await;
        }
        failed
    });
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Scenarios on one line; after a failure the next one gets a line of its own.
async fn on_a_line(change: Option<Change>, all: &[Scenario], wanted: &dyn Fn(&str) -> bool) -> usize {
    let mut failed = 0;
    let mut rig = None;
    for (name, run) in all.iter().filter(|(name, _)| wanted(name)) {
        failed += judged(name, async {
            let here = match rig.take() {
                Some(here) => here,
                None => Rig::start(change.map_or_else(|| Ok(options()), |change| change(options()))?, plan()).await?,
            };
            run(&here).await?;
            rig = Some(here);
            Ok(())
        })
        .await;
    }
    failed
}

async fn judged(name: &str, run: impl Future<Output = Outcome<()>>) -> usize {
    let began = Instant::now();
    let result = run.await;
    let seconds = began.elapsed().as_secs_f64();
    match result {
        Ok(()) => {
            say(&format!("test {name} ... ok ({seconds:.1} s)"));
            0
        }
        Err(error) => {
            say(&format!("test {name} ... FAILED ({seconds:.1} s)\n{error}"));
            1
        }
    }
}

fn plan() -> Plan {
    Plan { pages: Some(1), articles: Some(5), ..Plan::new(1, 4) }
}

fn options() -> Options {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("testkit lies two folders deep");
    Options::new(workspace.join(".tools"))
}

#[expect(clippy::print_stdout, reason = "a test program tells its results here")]
fn say(line: &str) {
    println!("{line}");
}
