//! Commands, options, help.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract::{Lane, PublicationId};
use jiff::civil::Date;

use crate::audit::options::AuditOptions;
use crate::backfill::BackfillOptions;
use crate::dead_letters::options::DeadLettersOptions;
use crate::index_texts::IndexTextsOptions;
use crate::keys::options::KeysOptions;
use crate::reindex::options::ReindexOptions;
use crate::replay::ReplayOptions;
use crate::setup::SetupOptions;
use crate::support::SupportOptions;
use crate::tokens::TokensOptions;

/// From the issues a newspaper publishes to articles a reader finds.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Authorities (PEM) to trust beside the public ones, for addresses with https
    #[arg(long, value_name = "FILE", env = "PRESSLINE_CA_FILE", global = true)]
    pub ca_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run everything on this machine: broker, search engine and the three services
    #[command(after_help = "Examples:\n  \
        pressline up                         until Ctrl-C; drop files into the folder it names\n  \
        pressline up --once seeds            put the sample issues through and leave\n  \
        pressline up --config line.toml      with ports, tokens or a Meilisearch of your own\n\n\
        Exit codes: 0 all searchable, 1 something failed (it says what), 64 settings, 69 something outside is missing.")]
    Up(UpOptions),
    /// Show the articles of issue files; no servers needed
    #[command(after_help = "Examples:\n  \
        pressline parse page.txt > articles.ndjson\n  \
        pressline parse --format table seeds/issues/*.txt\n  \
        cat page.md | pressline parse --format text -")]
    Parse(ParseOptions),
    /// Measure the extraction on pages whose articles you have annotated; no servers needed
    #[command(after_help = "Examples:\n  \
        pressline evaluate seeds/gold seeds/issues\n  \
        pressline evaluate my/gold my/issues --json | jq '.[\"page-1\"].perfect'\n\n\
        GOLD_DIR holds NAME.json (seeds/README says how), ISSUE_DIR holds NAME.txt or NAME.md.")]
    Evaluate(EvaluateOptions),
    /// Write whole issues of newspapers that never were, for load tests; the same from a seed everywhere
    #[command(after_help = "Examples:\n  \
        pressline generate --issues 2000 --titles 20 --seed 1 --out issues\n  \
        pressline generate --issues 100 --revisions 3 --out issues    folders 1, 2, 3: one article changed, one gone, one new\n\n\
        Files lie in OUT/TITLE/TITLE_DATE.txt, as a drop folder takes them.")]
    Generate(GenerateOptions),
    /// Break a line on purpose, for hours if you like, and count what is lost, doubled or stale
    #[command(after_help = "Examples:\n  \
        pressline torture --issues 2000 --seed 1..5             five runs\n  \
        pressline torture --burst 100000                        that many files at once, nothing broken\n\n\
        A line of its own is started, in a folder of its own; yours is left alone.\n\
        Exit codes: 0 nothing was, 1 something was (it says what).")]
    Torture(TortureOptions),
    /// Send files or folders to an intake; what it has already it does not take again
    #[command(after_help = "Examples:\n  \
        pressline publish page.txt --wait\n  \
        pressline publish /export/2026-03-04 --to http://intake:8080 --publication harbour-daily\n  \
        pressline publish /archive --lane backfill --journal archive.journal --drop-layout --dry-run\n\n\
        A folder whose name begins with a date is one issue, its files are the pages. Ctrl-C finishes what is on its way; the\n\
        same command goes on from there.\n\
        Exit codes: 0 done, 1 something failed (it says what), 64 arguments, 69 intake is not there, 130 stopped.")]
    Publish(PublishOptions),
    /// Take an issue out of the index for good; it is refused whenever it is sent again
    #[command(after_help = "Examples:\n  \
        pressline withdraw mxq6ylb5xkzq3hs2pgwsv4xcfe --reason 'wrong edition'\n\n\
        `pressline publish --json` and the receipts name issues.")]
    Withdraw(WithdrawOptions),
    /// Take an article out of the index for good, in this and every later revision of its issue
    #[command(after_help = "Examples:\n  \
        pressline kill mxq6ylb5xkzq3hs2pgwsv4xcfe-4qk2m7zr5waxy --reason 'court order 12/2026'\n\n\
        An article's id is article_id in the index; the search page shows it under \"for editors\".")]
    Kill(KillOptions),
    /// Search the articles from the terminal
    #[command(after_help = "Examples:\n  \
        pressline search 电车\n  \
        pressline search '\"环岛电车\"' --filter \"date >= '2026-03-01' AND page = 1\"\n  \
        pressline search 电车 --json | jq .hits[0]")]
    Search(SearchOptions),
    /// Put bare texts into an index as the indexer would, to measure how they are found; replaces what it holds
    #[command(after_help = "Examples:\n  \
        pressline index-texts --index cases --url http://127.0.0.1:7700 < texts.ndjson\n\n\
        Each line is {\"id\": …, \"text\": \"…\"}; hits carry the id in case_id.\n\
        Exit codes: 0 all searchable, 1 a text or the engine is at fault, 64 settings, 69 the engine is missing.")]
    IndexTexts(IndexTextsOptions),
    /// Keys of the search engine: make, rotate, tokens for frontends that may see some titles only
    #[command(after_help = "Examples:\n  \
        pressline keys list\n  \
        pressline keys setup --url https://search.example --master-key-file /etc/pressline/master-key\n  \
        pressline keys rotate --only search --grace 1h\n  \
        pressline keys tenant-token --publication harbour-daily --expires 30d")]
    Keys(KeysOptions),
    /// Tokens of those who send to intake: each for some titles, kept as a hash
    #[command(after_help = "Examples:\n  \
        pressline tokens new --title harbour-daily --name harbour-desk --file /etc/pressline/tokens\n  \
        pressline tokens new --all-titles\n\n\
        The token is shown this once. Its line goes into the file that intake's http.tokens_file names, which needs no restart.")]
    Tokens(TokensOptions),
    /// Make the streams, durables and buckets at a broker of one's own, where services may only look at them
    #[command(after_help = "Examples:\n  \
        pressline setup --config /etc/pressline/operator.toml\n\n\
        What exists with other settings is left alone and named. `pressline up` needs no setup.\n\
        Exit codes: 0 all as it should be, 64 settings, 69 the broker is away, forbids it, or holds something else.")]
    Setup(SetupOptions),
    /// Pause and resume the lane for archives, in all processes at once
    #[command(after_help = "Examples:\n  pressline backfill pause\n  pressline backfill status --config operator.toml")]
    Backfill(BackfillOptions),
    /// Today's titles, streams and their lag, dead letters, index counts, each service's health
    #[command(after_help = "Examples:\n  \
        pressline status\n  \
        pressline status --watch\n  \
        pressline status --json | jq .dead_letters\n\n\
        Exit codes: 0 all ready and nothing dead, 1 something wants attention, 69 the broker does not answer.")]
    Status(StatusOptions),
    /// Collect versions, settings without secrets, state and metrics into one file for whoever helps
    #[command(after_help = "Examples:\n  \
        pressline support-bundle --out bundle.json --settings /etc/pressline/indexer.toml --log indexer.log")]
    SupportBundle(SupportOptions),
    /// What no attempt could handle: list, show, export, replay, drop
    #[command(after_help = "Examples:\n  \
        pressline dead-letters list\n  \
        pressline dead-letters show 7\n  \
        pressline dead-letters replay --stage parser --since 2d\n  \
        pressline dead-letters export --out /tmp/letters --publication harbour-daily\n\n\
        Exit codes: 0 done, 1 something could not be (it says what), 64 arguments, 69 the line is not there.")]
    DeadLetters(DeadLettersOptions),
    /// Handle stored issues again, each with the revision that it had
    #[command(after_help = "Examples:\n  \
        pressline replay --since 2026-03-01 --dry-run\n  \
        pressline replay --publication harbour-daily --lane backfill\n  \
        pressline replay --issue 7zqkd2m5v3c6yx4w5n2a7h3g6e\n\n\
        Exit codes: 0 done, 1 no issue fits, 64 arguments, 69 the line is not there.")]
    Replay(ReplayOptions),
    /// Do receipts, streams and index agree? Lists every difference, and mends it if asked to
    #[command(after_help = "Examples:\n  \
        pressline audit\n  \
        pressline audit --repair\n  \
        pressline audit --json | jq -r .difference.issue\n\n\
        Exit codes: 0 all agrees, 1 differences (mended or not), 64 arguments, 69 the line is not there.")]
    Audit(AuditOptions),
    /// Build the index anew beside the live one, and swap them in one step
    #[command(after_help = "Examples:\n  \
        pressline reindex\n  \
        pressline reindex --resume           after a stop, at the place where it was\n  \
        pressline reindex --undo             the old index back, with all that came since\n  \
        pressline reindex --drop-old         when all is well\n\n\
        Exit codes: 0 done, 1 it cannot be done (it says why), 69 something outside is missing, 130 stopped.")]
    Reindex(ReindexOptions),
}

/// Where the line is that a command talks to.
#[derive(Args, Clone)]
pub struct Where {
    /// Data folder of a running `pressline up`: its addresses are read from there
    #[arg(long, value_name = "DIR", default_value = "data", env = "PRESSLINE_DATA")]
    pub data: PathBuf,
}

#[derive(Args)]
pub struct UpOptions {
    /// Files or folders to publish once it runs
    pub paths: Vec<PathBuf>,
    /// Folder for all that it keeps: streams, index, drop folder
    #[arg(long, value_name = "DIR", default_value = "data", env = "PRESSLINE_DATA")]
    pub data: PathBuf,
    /// Leave when all PATHs are searchable
    #[arg(long)]
    pub once: bool,
    /// Settings file (TOML); see deploy/settings/up.toml
    #[arg(long, value_name = "FILE", env = "PRESSLINE_CONFIG")]
    pub config: Option<PathBuf>,
    /// Addresses and results as JSON lines
    #[arg(long)]
    pub json: bool,
    /// Show the services' logs
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One article a line, as the events carry it
    Json,
    /// One row an article
    Table,
    /// As a reader would see it
    Text,
}

/// What the sender knows about the files.
#[derive(Args, Clone, Default)]
pub struct Facts {
    /// The title's id
    #[arg(long, value_name = "ID")]
    pub publication: Option<PublicationId>,
    /// The issue's date, YYYY-MM-DD
    #[arg(long)]
    pub date: Option<Date>,
    /// The edition
    #[arg(long)]
    pub edition: Option<String>,
}

#[derive(Args)]
pub struct ParseOptions {
    /// Issue files; - is standard input
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// How to show the articles
    #[arg(long, value_enum, default_value = "json")]
    pub format: Format,
    /// The registry of titles, as the parser's setting titles.file names it
    #[arg(long, value_name = "FILE")]
    pub titles: Option<PathBuf>,
    #[command(flatten)]
    pub facts: Facts,
}

#[derive(Args)]
pub struct EvaluateOptions {
    /// Folder of annotations: NAME.json
    #[arg(value_name = "GOLD_DIR")]
    pub gold: PathBuf,
    /// Folder of issue files: NAME.txt or NAME.md
    #[arg(value_name = "ISSUE_DIR")]
    pub issues: PathBuf,
    /// The figures of each page, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct GenerateOptions {
    /// How many issues
    #[arg(long, default_value_t = 100)]
    pub issues: usize,
    /// How many newspapers they are of
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=999))]
    pub titles: u16,
    /// Everything is drawn from it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where they are written
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How many versions of each issue, in numbered folders
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub revisions: u64,
    /// With torn columns, loops and odd recognisers
    #[arg(long)]
    pub defects: bool,
}

#[derive(Args)]
pub struct TortureOptions {
    /// How many issues are sent meanwhile
    #[arg(long, default_value_t = 200)]
    pub issues: usize,
    /// Issues and faults are drawn from it; FIRST..LAST: a run with each
    #[arg(long, default_value = "1", value_parser = crate::torture::seeds)]
    pub seed: RangeInclusive<u64>,
    /// Drop so many files at once into the folder, and break nothing
    #[arg(long, value_name = "FILES")]
    pub burst: Option<usize>,
    /// Pages of an issue
    #[arg(long, default_value_t = 1)]
    pub pages: usize,
    /// Articles of a page, 2 or more
    #[arg(long, default_value_t = 6)]
    pub articles: usize,
}

#[derive(Args)]
pub struct PublishOptions {
    /// Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The intake's address; default: the one of the running `pressline up`
    #[arg(long, value_name = "URL", env = "PRESSLINE_INTAKE")]
    pub to: Option<String>,
    /// Bearer token of the intake
    #[arg(long, env = "PRESSLINE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Wait until all is searchable
    #[arg(long)]
    pub wait: bool,
    /// With --wait: how long, in seconds
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    pub timeout: u64,
    /// Today's queue or the archive's
    #[arg(long, default_value_t = Lane::Live)]
    pub lane: Lane,
    /// Note what was sent in this file, and do not send again what stands in it
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Folders are laid out as a drop folder: PUBLICATION/FILE, PUBLICATION/ISSUE/FILES, DATE…/FILES
    #[arg(long)]
    pub drop_layout: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Results as JSON lines
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub facts: Facts,
    #[command(flatten)]
    pub place: Where,
}

/// The intake that a command talks to.
#[derive(Args)]
pub struct Intake {
    /// The intake's address; default: the one of the running `pressline up`
    #[arg(long, value_name = "URL", env = "PRESSLINE_INTAKE")]
    pub to: Option<String>,
    /// Bearer token of the intake
    #[arg(long, env = "PRESSLINE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    #[command(flatten)]
    pub place: Where,
}

#[derive(Args)]
pub struct WithdrawOptions {
    /// The issue's id
    pub issue: String,
    /// Why, for the record
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub intake: Intake,
}

#[derive(Args)]
pub struct KillOptions {
    /// The article's id: article_id in the index
    pub article: String,
    /// Why, for the record
    #[arg(long)]
    pub reason: String,
    #[command(flatten)]
    pub intake: Intake,
}

#[derive(Args)]
pub struct SearchOptions {
    /// What to search for
    pub query: String,
    /// Meilisearch filter, e.g. "date >= '2026-03-01' AND kind = news"
    #[arg(long)]
    pub filter: Option<String>,
    /// How many articles
    #[arg(long, default_value_t = 5)]
    pub limit: usize,
    /// Meilisearch's address, several parted by commas; default: that of the running `pressline up`
    #[arg(long, value_name = "URL", env = "PRESSLINE_SEARCH")]
    pub url: Option<String>,
    /// Meilisearch's key
    #[arg(long, env = "PRESSLINE_SEARCH_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// The index
    #[arg(long, default_value = "articles")]
    pub index: String,
    /// Meilisearch's answer as it is
    #[arg(long)]
    pub json: bool,
    /// Send the query as it is, not prepared (quotes, widths, traditional characters, exclusions)
    #[arg(long)]
    pub raw: bool,
    #[command(flatten)]
    pub place: Where,
}

#[derive(Args)]
pub struct StatusOptions {
    /// Look again and again: a full screen in a terminal, one look after another where piped
    #[arg(long, short)]
    pub watch: bool,
    /// With --watch: seconds between two looks
    #[arg(long, default_value_t = 2, value_name = "SECONDS")]
    pub every: u64,
    /// As JSON; with --watch a line for each look
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub place: Where,
}
