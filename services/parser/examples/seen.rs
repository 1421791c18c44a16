//! What the sequence model sees of issue files, for `fit/`: one JSON object a file.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use contract::IssueReceived;
use parser::Source;
use parser::extract::fitting;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", serde_json::json!({ "features": fitting::names() }));
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let received = IssueReceived::of(&bytes);
        let lines = fitting::seen(&Source { bytes: &bytes, received: &received, revision: 1 })?;
        println!("{}", serde_json::json!({ "file": path, "lines": lines }));
    }
    Ok(())
}
