//! The `embedded-search` program: takes the options of `meilisearch`, so that one spawner starts either.

use clap::Parser;
use embedded_search::{Settings, StartError, start};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// Exit code for settings that make no sense (sysexits' EX_USAGE).
const BAD_SETTINGS: u8 = 64;

/// Meilisearch's engine with Meilisearch's HTTP API, in one small process.
///
/// Example: embedded-search --http-addr 127.0.0.1:7700 --db-path data.ms --master-key KEY
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Address to serve HTTP on; port 0 takes a free one
    #[arg(long, env = "MEILI_HTTP_ADDR", default_value = "localhost:7700")]
    http_addr: String,
    /// Folder of the data
    #[arg(long, env = "MEILI_DB_PATH", default_value = "data.ms")]
    db_path: PathBuf,
    /// Opens everything, and API keys are made from it; none: open to all who can connect
    #[arg(long, env = "MEILI_MASTER_KEY", hide_env_values = true)]
    master_key: Option<String>,
    /// Threads that index; 0 means one per core
    #[arg(long, env = "MEILI_MAX_INDEXING_THREADS", default_value_t = 0)]
    max_indexing_threads: usize,
    /// Taken for meilisearch's sake; nothing is ever sent anywhere
    #[arg(long, hide = true)]
    no_analytics: bool,
    /// Taken for meilisearch's sake
    #[arg(long, env = "MEILI_ENV", hide = true)]
    env: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "cannot start");
            match error {
                StartError::Settings(_) => ExitCode::from(BAD_SETTINGS),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

async fn run(options: Options) -> Result<(), StartError> {
    let signals = |error| StartError::Settings(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(signals)?;
    let running = start(Settings {
        listen: address(&options.http_addr)?,
        data_dir: options.db_path,
        master_key: options.master_key,
        indexing_threads: options.max_indexing_threads,
        ..Settings::default()
    })
    .await?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    running.stop().await;
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, StartError> {
    let found = text.to_socket_addrs().map(|mut found| found.next());
    match found {
        Ok(Some(address)) => Ok(address),
        _ => Err(StartError::Settings(format!("http-addr {text:?} is no address: give one such as 127.0.0.1:7700"))),
    }
}
