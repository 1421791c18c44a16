//! What the sequence model sees of issue files, for `fit/`: one JSON object a file.

use contract::{IssueId, IssueReceived};
use parser::Source;
use parser::extract::fitting;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", serde_json::json!({ "features": fitting::names() }));
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let received = IssueReceived {
            id: IssueId::of(&bytes),
            file_name: None,
            media_type: "text/plain".into(),
            charset: None,
            sha256: String::new(),
            publication: None,
            date: None,
            edition: None,
            received: jiff::Timestamp::UNIX_EPOCH,
        };
        let lines = fitting::seen(&Source { bytes: &bytes, received: &received, revision: 1 })?;
        println!("{}", serde_json::json!({ "file": path, "lines": lines }));
    }
    Ok(())
}
