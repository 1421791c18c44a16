//! The service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::main("intake", |settings: &intake::Settings| &settings.telemetry, intake::run)
}
