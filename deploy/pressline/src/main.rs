//! `pressline`, the operator's command.
//!
//! `up` runs the whole line on this machine; the other commands talk to a line that runs, or need none.
//!
//! | module | holds |
//! | --- | --- |
//! | [`cli`] | commands, options, help |
//! | [`up`] | everything on this machine in one process tree |
//! | [`publish`] | files and folders to an intake |
//! | [`parse`] | articles of a file, no servers needed |
//! | [`evaluate`] | how right the articles of annotated pages are |
//! | [`generate`] | issues for load tests |
//! | [`take_back`] | an issue or an article out of the index, for good |
//! | [`torture`] | breaks a line on purpose and counts what is left |
//! | [`search`] | a quick look from the terminal |
//! | [`keys`] | keys of the search engine, tenant tokens |
//! | [`index_texts`] | bare texts into an index, to measure how they are found |
//! | [`status`] | today, streams, lag, dead letters, index, health; once or as a screen |
//! | [`support`] | what whoever helps wants to know, without secrets |
//! | [`dead_letters`] | what was given up: list, show, export, replay, drop |
//! | [`audit`] | whether ledger, streams and index agree |
//! | [`reindex`] | a fresh index beside the live one |
//! | [`engine`] | the search engine as these see it |
//! | [`replay`] | stored issues handled again |
//! | [`operator`], [`since`] | the line that an operator's command works on; moments as people say them |
//! | [`sources`] | which issues a path names |
//! | [`journal`] | what was sent already |
//! | [`setup`], [`backfill`] | what stands at the broker; the lane for archives |
//! | [`intake_client`] | intake's HTTP side, as a client |
//! | [`place`] | the data folder and where its line listens |
//! | [`sent`], [`table`] | a file's fate, and how it is shown |
//! | [`tokens`] | tokens of senders |
//! | [`web`] | HTTP clients, whom they trust |
//! | [`report`] | colours, problems |

mod audit;
mod backfill;
mod cli;
mod dead_letters;
mod engine;
mod engines;
mod evaluate;
mod generate;
mod index_texts;
mod intake_client;
mod journal;
mod keys;
mod operator;
mod parse;
mod place;
mod publish;
mod reindex;
mod replay;
mod report;
mod search;
mod sent;
mod setup;
mod since;
mod sources;
mod status;
mod support;
mod table;
mod take_back;
mod tokens;
mod torture;
mod up;
mod web;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::report::Problem;

fn main() -> ExitCode {
    // `torture` starts services as processes of this program.
    if let Some(code) = ::torture::part::asked() {
        return code;
    }
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Problem::internal(format!("async runtime: {error}")).show(),
    };
    let done = runtime.block_on(async {
        if let Some(file) = &cli.ca_file {
            web::trust(file)?;
        }
        match cli.command {
            Command::Up(options) => up::run(options).await,
            Command::Parse(options) => parse::run(options),
            Command::Evaluate(options) => evaluate::run(options),
            Command::Generate(options) => generate::run(options),
            Command::Torture(options) => torture::run(options).await,
            Command::Publish(options) => publish::run(options).await,
            Command::Withdraw(options) => take_back::withdraw(options).await,
            Command::Kill(options) => take_back::kill(options).await,
            Command::Search(options) => search::run(options).await,
            Command::Keys(options) => keys::run(options).await,
            Command::Tokens(options) => tokens::run(options),
            Command::IndexTexts(options) => index_texts::run(options).await,
            Command::Setup(options) => setup::run(options).await,
            Command::Backfill(options) => backfill::run(options).await,
            Command::Status(options) => status::run(options).await,
            Command::SupportBundle(options) => support::run(options).await,
            Command::Audit(options) => audit::run(options).await,
            Command::Reindex(options) => reindex::run(options).await,
            Command::Replay(options) => replay::run(options).await,
            Command::DeadLetters(options) => dead_letters::run(options).await,
        }
    });
    done.unwrap_or_else(|problem| problem.show())
}
