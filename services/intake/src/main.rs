//! The service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::main("intake", intake::run)
}
