//! What the sequence model sees of issue files, for `fit/`: one JSON object a file.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "common/files.rs"]
mod files;

use parser::extract::fitting;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", serde_json::json!({ "features": fitting::names() }));
    files::each(std::env::args().skip(1), |path, source| {
        println!("{}", serde_json::json!({ "file": path, "lines": fitting::seen(source)? }));
        Ok(())
    })
}
