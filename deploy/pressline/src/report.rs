//! What a person sees: tables, colours only where a terminal is, one clear line for what went wrong.

use std::fmt::Display;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

/// Bold, for headings and hits.
pub const BOLD: Style = Style::new().bold();
/// Dim, for what is beside the point.
pub const DIM: Style = Style::new().dimmed();
/// Something failed.
pub const RED: Style = AnsiColor::Red.on_default();
/// Something to look at.
pub const YELLOW: Style = AnsiColor::Yellow.on_default();
/// As it should be.
pub const GREEN: Style = AnsiColor::Green.on_default();

/// `text` in `style`; the stream it is written to takes the colour out where no terminal is.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A line for people or programs, on standard output.
pub fn say(line: impl Display) {
    anstream::println!("{line}");
}

/// A line beside the output: progress, notes.
pub fn note(line: impl Display) {
    anstream::eprintln!("{line}");
}

/// A table without lines, as wide as the terminal; shown by [`rows`].
pub fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !head.is_empty() {
        table.set_header(head.iter().map(|text| text.to_uppercase()));
    }
    table
}

/// The table as text, without blanks at line ends.
pub fn rows(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Why a command did not do its work: one line, and the exit code.
#[derive(Debug)]
pub struct Problem {
    line: String,
    code: u8,
}

impl Problem {
    /// Something of what was asked failed.
    pub fn failed(line: impl Display) -> Self {
        Self { line: line.to_string(), code: 1 }
    }

    /// The settings or arguments cannot work (EX_USAGE).
    pub fn settings(line: impl Display) -> Self {
        Self { line: line.to_string(), code: 64 }
    }

    /// Something outside is missing (EX_UNAVAILABLE).
    pub fn unavailable(line: impl Display) -> Self {
        Self { line: line.to_string(), code: 69 }
    }

    /// A fault of the program (EX_SOFTWARE).
    pub fn internal(line: impl Display) -> Self {
        Self { line: line.to_string(), code: 70 }
    }

    /// Whether something outside is missing, which may come.
    pub fn is_unavailable(&self) -> bool {
        self.code == 69
    }

    /// Writes the line and gives the exit code.
    pub fn show(&self) -> ExitCode {
        note(format_args!("{} {}", paint(RED.bold(), "pressline:"), self.line));
        ExitCode::from(self.code)
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line)
    }
}

impl From<runtime::StartError> for Problem {
    fn from(error: runtime::StartError) -> Self {
        Self { code: error.exit_code(), line: error.to_string() }
    }
}

/// `1 article`, `2 articles`.
pub fn count(n: usize, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}
