//! A part of the line as this very program: `PROGRAM run-part KIND FILE`.

use std::path::Path;
use std::process::ExitCode;

use runtime::{process, settings};

/// The first argument that asks for a part.
pub const ASK: &str = "run-part";

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Files to events.
    Intake,
    /// Events to articles.
    Parser,
    /// Articles to documents.
    Indexer,
    /// The search engine.
    Search,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Intake, Self::Parser, Self::Indexer, Self::Search];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Parser => "parser",
            Self::Indexer => "indexer",
            Self::Search => "search",
        }
    }
}

/// Runs a part until it is asked to stop, if this process was started to be one. To be called first in `main`.
pub fn asked() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != ASK {
        return None;
    }
    let (name, file) = (arguments.next()?, arguments.next()?);
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    let file = Path::new(&file);
    Some(match kind {
        Kind::Intake => process::run_with("intake", file, intake::run),
        Kind::Parser => process::run_with("parser", file, parser::run),
        Kind::Indexer => process::run_with("indexer", file, indexer::run),
        Kind::Search => search(file),
    })
}

fn search(file: &Path) -> ExitCode {
    let run = || -> crate::Outcome<()> {
        let settings: embedded_search::Settings = settings::load(Some(file))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let running = embedded_search::start(settings).await?;
            process::stop_signal().await;
            running.stop().await;
            Ok(())
        })
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever started it reads its log.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("search: {error}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}
