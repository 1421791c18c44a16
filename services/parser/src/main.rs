//! The parser as a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::main("parser", parser::run)
}
