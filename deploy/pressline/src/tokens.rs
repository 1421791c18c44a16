//! `pressline tokens`: tokens of those who send to intake.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use contract::PublicationId;
use intake::Token;
use intake::tokens::Book;
use serde_json::json;

use crate::report::{self, DIM, Problem, paint};

/// What to do.
#[derive(Args)]
pub struct TokensOptions {
    #[command(subcommand)]
    pub command: TokensCommand,
}

#[derive(Subcommand)]
pub enum TokensCommand {
    /// Make a token; it is shown this once and kept nowhere
    New(NewOptions),
}

/// What the token is for.
#[derive(Args)]
pub struct NewOptions {
    /// A title that its sender may send and take back; may be given several times
    #[arg(long, value_name = "ID", required_unless_present = "all_titles", conflicts_with = "all_titles")]
    pub title: Vec<PublicationId>,
    /// It is for all titles, those to come too
    #[arg(long)]
    pub all_titles: bool,
    /// What logs call its sender; without it the beginning of the hash
    #[arg(long, value_name = "WORD")]
    pub name: Option<String>,
    /// Add its line to this file, as http.tokens_file of intake; made where there is none, for its owner only
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(options: TokensOptions) -> Result<ExitCode, Problem> {
    let TokensCommand::New(options) = options.command;
    let token = Token::new();
    let line = token.line(&options.title, options.name.as_deref());
    check(&line, "--name").map_err(Problem::settings)?;
    if let Some(file) = &options.file {
        add(file, &line)?;
    }
    if options.json {
        report::say(json!({ "token": token.secret(), "line": line, "file": options.file }));
        return Ok(ExitCode::SUCCESS);
    }
    report::say(token.secret());
    match &options.file {
        Some(file) => {
            report::note(paint(DIM, format!("its line is in {}; the token is not shown again", file.display())));
        }
        None => {
            report::note(paint(DIM, "the token is not shown again; its line, for intake's http.tokens_file:"));
            report::say(line);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(text: &str, of: &str) -> Result<(), String> {
    Book::default().add(of, text.lines()).map(drop)
}

/// Adds a line to a file that intake can read, before and after.
fn add(file: &Path, line: &str) -> Result<(), Problem> {
    let cannot =
        |what: &str, error: io::Error| Problem::unavailable(format!("{} cannot be {what}: {error}", file.display()));
    let before = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(cannot("read", error)),
    };
    check(&before, &file.display().to_string()).map_err(Problem::settings)?;
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    // In one write, so that whoever reads meanwhile sees the line or does not.
    let write = || -> io::Result<()> {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
        file.write_all(format!("{end}{line}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| cannot("written", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_to_what_is_there_and_a_broken_file_is_left_alone() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens");
        let lines = [Token::new().line(&[], None), Token::new().line(&["a".parse().unwrap()], Some("desk"))];
        add(&file, &lines[0]).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        std::fs::write(&file, format!("# no end of line\n{}", lines[0])).unwrap();
        add(&file, &lines[1]).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text, format!("# no end of line\n{}\n{}\n", lines[0], lines[1]));
        std::fs::write(&file, "in-the-open").unwrap();
        let problem = add(&file, &lines[0]).unwrap_err().to_string();
        assert!(problem.contains("line 1") && !problem.contains("in-the-open"), "{problem}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "in-the-open");
    }
}
