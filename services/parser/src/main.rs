//! The parser as a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::main("parser", |settings: &parser::Settings| &settings.telemetry, parser::run)
}
