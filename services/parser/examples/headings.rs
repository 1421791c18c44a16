//! What headings of several lines are told apart by, for `fit/`: one JSON object a heading.
//!
//! usage: headings HEADINGS.txt PAGE...     (as `fit/headings.txt`: a letter and a line, blank lines between headings)

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "common/files.rs"]
mod files;

use parser::extract::fitting;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = std::env::args().skip(1);
    let listed = std::fs::read_to_string(paths.next().ok_or("usage: headings HEADINGS.txt PAGE...")?)?;
    for block in listed.split("\n\n") {
        let lines: Vec<(&str, &str)> = block.lines().filter_map(|line| line.split_once(' ')).collect();
        let texts: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
        if let Some(seen) = fitting::heading(&texts) {
            let cut: String = lines.iter().map(|(role, _)| *role).collect();
            println!("{}", serde_json::json!({ "cut": cut, "heading": seen }));
        }
    }
    files::each(paths, |path, source| {
        for seen in fitting::headings(source)? {
            println!("{}", serde_json::json!({ "file": path, "heading": seen }));
        }
        Ok(())
    })
}
