//! The indexer as a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::main("indexer", indexer::run)
}
