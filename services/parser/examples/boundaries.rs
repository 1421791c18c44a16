//! Where articles may begin in issue files, for `fit/`: one JSON object a file.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use contract::IssueReceived;
use parser::Source;
use parser::extract::fitting;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let received = IssueReceived::of(&bytes);
        let sites = fitting::boundaries(&Source { bytes: &bytes, received: &received, revision: 1 })?;
        println!("{}", serde_json::json!({ "file": path, "sites": sites }));
    }
    Ok(())
}
