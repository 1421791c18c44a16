//! `pressline dead-letters`: what no attempt could handle, to be looked at, kept, handled again, or dropped.
//!
//! A dead letter is the message as it was, with stage, reason and attempts in its headers. They are read page by page, and
//! their data only where it is needed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`options`] | the command line |
//! | [`show`] | list and show |
//! | [`export`] | letters as files |
//! | [`replay`] | letters published again |

mod export;
pub mod options;
mod replay;
mod show;

use std::process::ExitCode;

use bus::{Incoming, Reader, Reading};
use contract::{DeadLetter, names};

use self::options::{DeadLettersCommand, DeadLettersOptions, Which};
use crate::operator::{Operator, broker};
use crate::report::{self, Problem};

/// Letters read at once: headers only.
const PAGE: usize = 500;

/// Runs the command.
pub async fn run(options: DeadLettersOptions) -> Result<ExitCode, Problem> {
    // What cannot be is refused before anything is connected.
    match &options.command {
        DeadLettersCommand::Replay { which, all: false } if which.is_any() => {
            return Err(Problem::settings(
                "which? give numbers of `pressline dead-letters list`, --stage, --publication, --since, or --all",
            ));
        }
        DeadLettersCommand::Drop { sequences, yes: false } => {
            let letters = report::count(sequences.len(), "dead letter");
            return Err(Problem::settings(format!(
                "{letters} would be gone for good: export first if in doubt, then give --yes"
            )));
        }
        _ => {}
    }
    let operator = options.line.connect().await?;
    let done = match options.command {
        DeadLettersCommand::List { which, json } => show::list(&operator, &which, json).await,
        DeadLettersCommand::Show { sequence } => show::one(&whole(&operator, sequence).await?),
        DeadLettersCommand::Export { which, out } => export::run(&operator, &which, &out).await,
        DeadLettersCommand::Replay { which, .. } => replay::run(&operator, &which).await,
        DeadLettersCommand::Drop { sequences, .. } => drop_all(&operator, &sequences).await,
    };
    operator.bus.close().await;
    done
}

/// The letters that are meant, page by page, without their data.
struct Letters<'a> {
    reader: Reader,
    which: &'a Which,
}

impl<'a> Letters<'a> {
    fn new(operator: &Operator, which: &'a Which) -> Self {
        let reading = Reading {
            from: which.sequences.iter().min().copied().unwrap_or(0),
            headers_only: true,
            ..Reading::default()
        };
        Self { reader: operator.bus.read(names::DEAD, reading), which }
    }

    /// The next ones; nothing at the end.
    async fn page(&mut self) -> Result<Option<Vec<(DeadLetter, Incoming)>>, Problem> {
        let page = self.reader.page(PAGE).await.map_err(broker)?;
        if page.is_empty() {
            return Ok(None);
        }
        let letters = page.into_iter().map(|message| (DeadLetter::of(&message), message));
        Ok(Some(letters.filter(|(letter, _)| self.which.takes(letter)).collect()))
    }
}

/// A letter with its data.
async fn whole(operator: &Operator, sequence: u64) -> Result<Incoming, Problem> {
    operator.bus.message(names::DEAD, sequence).await.map_err(broker)?.ok_or_else(|| {
        Problem::failed(format!(
            "there is no dead letter {sequence}; `pressline dead-letters list` shows those there are"
        ))
    })
}

/// The data of the message that died, from the letter or, where it was left out there, from its own stream. `None` if
/// it is gone from that.
async fn data(operator: &Operator, message: &Incoming) -> Result<Option<bytes::Bytes>, Problem> {
    let letter = DeadLetter::of(message);
    let (Some(_), None, Some(stream), Some(original)) = (letter.omitted, &letter.raw, &letter.stream, letter.original)
    else {
        return Ok(Some(message.payload.clone()));
    };
    let found = operator.bus.message(stream, original).await.map_err(broker)?;
    Ok(found.map(|message| message.payload))
}

async fn drop_all(operator: &Operator, sequences: &[u64]) -> Result<ExitCode, Problem> {
    let mut dropped = 0;
    for sequence in sequences {
        if operator.bus.remove(names::DEAD, *sequence).await.map_err(broker)? {
            dropped += 1;
        } else {
            report::note(format!("there is no dead letter {sequence}"));
        }
    }
    report::say(format!("{} dropped", report::count(dropped, "dead letter")));
    Ok(ExitCode::from(u8::from(dropped < sequences.len())))
}
