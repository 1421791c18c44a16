//! A service as a process: arguments, signals, exit codes.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::ops::OpsSettings;
use crate::settings::{SettingsError, load};
use crate::telemetry::Telemetry;

/// Exit codes of BSD's sysexits.h: EX_USAGE, EX_UNAVAILABLE, EX_SOFTWARE.
const EXIT_SETTINGS: u8 = 64;
const EXIT_UNAVAILABLE: u8 = 69;
const EXIT_INTERNAL: u8 = 70;

/// Why a service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings cannot work; nothing was connected.
    #[error("{0}")]
    Settings(String),
    /// Something outside is missing: an address, a folder, a server.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of the program.
    #[error("{0}")]
    Internal(String),
}

impl StartError {
    /// The process's exit code for it.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) => EXIT_SETTINGS,
            Self::Unavailable(_) => EXIT_UNAVAILABLE,
            Self::Internal(_) => EXIT_INTERNAL,
        }
    }
}

impl From<SettingsError> for StartError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error.to_string())
    }
}

/// Why a running service ended by itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RunError(pub String);

impl From<RunError> for StartError {
    fn from(error: RunError) -> Self {
        Self::Internal(error.0)
    }
}

/// What [`main`] must know of a service's settings.
pub trait ServiceSettings: DeserializeOwned {
    /// The `[telemetry]` section.
    fn telemetry(&self) -> &Telemetry;

    /// The `[ops]` section.
    fn ops(&self) -> &OpsSettings;

    /// Refuses what cannot work, by key, value and bound. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong.
    fn check(&self) -> Result<(), String>;

    /// Connects to the broker and leaves again; changes nothing there.
    ///
    /// # Errors
    /// [`StartError::Unavailable`] when it is not there or does not let us in.
    fn reach(&self) -> impl Future<Output = Result<(), StartError>> + Send;
}

#[derive(Parser)]
#[command(
    version,
    after_help = "Every setting can also come from the environment: PRESSLINE__NATS__URL is `nats.url`.\n\
    SIGTERM and Ctrl-C finish what is in flight and stop.\n\
    Exit codes: 0 stopped as asked, 64 settings, 69 something outside is missing, 70 internal."
)]
struct Arguments {
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE", env = "PRESSLINE_CONFIG")]
    config: Option<PathBuf>,
    /// Check the settings, and that the broker is there and lets us in, and leave
    #[arg(long)]
    check: bool,
    /// Ask the service that runs with these settings whether it is ready, and leave: for containers that have no shell
    #[arg(long, conflicts_with = "check")]
    health: bool,
}

/// A service's `main`: arguments, settings, logs, runtime, signals, exit code.
///
/// `run` is the service itself, which returns after the token is cancelled and what was in flight is finished.
pub fn main<S, F, R>(service: &'static str, run: R) -> ExitCode
where
    S: ServiceSettings,
    F: Future<Output = Result<(), StartError>>,
    R: FnOnce(S, CancellationToken) -> F,
{
    ended(service, start(service, run, Arguments::parse()))
}

/// As [`main`], with the settings file given: for a program that is several services.
pub fn run_with<S, F, R>(service: &'static str, config: &Path, run: R) -> ExitCode
where
    S: ServiceSettings,
    F: Future<Output = Result<(), StartError>>,
    R: FnOnce(S, CancellationToken) -> F,
{
    ended(service, start(service, run, Arguments { config: Some(config.to_owned()), check: false, health: false }))
}

fn ended(service: &str, result: Result<(), StartError>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The log may not be up yet, and an operator at a terminal wants the line as it is.
            eprintln_line(&format!("{service}: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn start<S, F, R>(service: &'static str, run: R, arguments: Arguments) -> Result<(), StartError>
where
    S: ServiceSettings,
    F: Future<Output = Result<(), StartError>>,
    R: FnOnce(S, CancellationToken) -> F,
{
    let settings: S = load(arguments.config.as_deref())?;
    settings.check().map_err(StartError::Settings)?;
    if arguments.health {
        return ask_health(settings.ops().listen);
    }
    let _export = settings.telemetry().start(service).map_err(StartError::Settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| StartError::Internal(format!("async runtime: {error}")))?;
    if arguments.check {
        return runtime.block_on(settings.reach());
    }
    runtime.block_on(async {
        let shutdown = CancellationToken::new();
        let signals = shutdown.clone();
        tokio::spawn(async move {
            stop_signal().await;
            tracing::info!(service, "stopping: finishing what is in flight");
            signals.cancel();
        });
        run(settings, shutdown).await
    })
}

/// An answer that takes longer is none.
const HEALTH_BOUND: Duration = Duration::from_secs(3);

/// Asks `/health/ready` at this address of this machine. A plain HTTP/1.0 request: it is the service's own server.
fn ask_health(listen: SocketAddr) -> Result<(), StartError> {
    if listen.port() == 0 {
        return Err(StartError::Settings("ops.listen has port 0, give a fixed one so that --health finds it".into()));
    }
    let ip = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    let address = SocketAddr::new(ip, listen.port());
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, HEALTH_BOUND)?;
        stream.set_read_timeout(Some(HEALTH_BOUND))?;
        stream.write_all(b"GET /health/ready HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    };
    let answer: String = ask()
        .map_err(|error: std::io::Error| StartError::Unavailable(format!("{address} does not answer: {error}")))?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(StartError::Unavailable(format!("not ready: {}", answer.lines().last().unwrap_or_default()))),
    }
}

#[expect(clippy::print_stderr, reason = "the one line that says why the process did not start")]
fn eprintln_line(line: &str) {
    eprintln!("{line}");
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Health, Ops};
    use prometheus_client::registry::Registry;

    #[tokio::test]
    async fn health_is_asked_where_the_service_listens_and_says_what_is_not_ready() {
        let ask = |listen| tokio::task::spawn_blocking(move || ask_health(listen));
        assert_eq!(ask((Ipv4Addr::LOCALHOST, 0).into()).await.unwrap().unwrap_err().exit_code(), EXIT_SETTINGS);
        let health = Health::of(&["broker"]);
        let shutdown = CancellationToken::new();
        let settings = OpsSettings { listen: (Ipv4Addr::UNSPECIFIED, 0).into() };
        let ops = Ops::start(&settings, Registry::default(), health.clone(), shutdown.clone()).await.unwrap();
        let error = ask(ops.address()).await.unwrap().unwrap_err();
        assert!(error.to_string().contains(r#""broker":false"#), "{error}");
        health.set("broker", true);
        ask(ops.address()).await.unwrap().unwrap();
        let address = ops.address();
        shutdown.cancel();
        ops.join().await;
        assert_eq!(ask(address).await.unwrap().unwrap_err().exit_code(), EXIT_UNAVAILABLE);
    }
}
