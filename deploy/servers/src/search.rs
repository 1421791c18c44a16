//! A search engine with Meilisearch's command line and HTTP API: Meilisearch itself, or the embedded engine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{ServersError, child::Child, install, ports};

const SERVER: &str = "the search engine";
const START_BOUND: Duration = Duration::from_secs(60);
const ASK_BOUND: Duration = Duration::from_secs(2);
const STOP_BOUND: Duration = Duration::from_secs(20);

/// A `meilisearch` on PATH that runs, if there is one.
pub fn find_meilisearch() -> Option<PathBuf> {
    let path = install::on_path("meilisearch")?;
    install::version_text(&path).ok()?;
    Some(path)
}

/// How an engine is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// `meilisearch`, `embedded-search`, or any program with the same flags.
    pub program: PathBuf,
    /// The database folder `db` and the log.
    pub data_dir: PathBuf,
    /// The port on 127.0.0.1; a free one if absent.
    pub port: Option<u16>,
    /// The key that may do everything, 16 bytes or more; none: open to whoever can connect.
    pub master_key: Option<String>,
}

impl Options {
    /// A free port.
    pub fn new(program: impl Into<PathBuf>, data_dir: impl Into<PathBuf>, master_key: Option<String>) -> Self {
        Self { program: program.into(), data_dir: data_dir.into(), port: None, master_key }
    }
}

/// A running engine. Dropping it kills it.
#[derive(Debug)]
pub struct SearchServer {
    options: Options,
    port: u16,
    child: Child,
}

impl SearchServer {
    /// Starts it and waits until it says that it is available.
    pub async fn start(options: Options) -> Result<Self, ServersError> {
        fs::create_dir_all(&options.data_dir).map_err(ServersError::io("create folder", &options.data_dir))?;
        if let Some(port) = options.port {
            if ports::is_taken(port) {
                return Err(ServersError::PortTaken { server: SERVER, port });
            }
            let child = launch(&options, port).await?;
            return Ok(Self { options, port, child });
        }
        // Between finding a free port and using it somebody else may: then try another one.
        let mut tries = 0;
        loop {
            tries += 1;
            let port = ports::free().map_err(ServersError::io("find a free port for", SERVER))?;
            match launch(&options, port).await {
                Ok(child) => return Ok(Self { options, port, child }),
                Err(ServersError::Ended { tail, .. })
                    if tries < 5 && tail.to_lowercase().contains("address already in use") => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The key it was started with.
    pub fn master_key(&self) -> Option<&str> {
        self.options.master_key.as_deref()
    }

    /// Its log file.
    pub fn log(&self) -> &Path {
        self.child.log()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.child.ended()
    }

    /// Asks it to end and waits; kills it when it does not.
    pub async fn stop(&mut self) {
        self.child.stop(STOP_BOUND).await;
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.child.kill();
    }

    /// Starts it again on the same port with the same data; stops it before if it still runs.
    pub async fn restart(&mut self) -> Result<(), ServersError> {
        self.stop().await;
        self.child = launch(&self.options, self.port).await?;
        Ok(())
    }
}

async fn launch(options: &Options, port: u16) -> Result<Child, ServersError> {
    let log = options.data_dir.join("search.log");
    let mut command = Command::new(&options.program);
    command
        .arg("--http-addr")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--db-path")
        .arg(options.data_dir.join("db"))
        .arg("--no-analytics")
        // Meilisearch leaves dumps and snapshots in the folder it is started in.
        .current_dir(&options.data_dir);
    if let Some(key) = &options.master_key {
        // Both programs read it from here, too, where `ps` does not show it.
        command.env("MEILI_MASTER_KEY", key);
    }
    let mut child = Child::spawn(SERVER, command, &log)?;
    let url = format!("http://127.0.0.1:{port}/health");
    let client = reqwest::Client::builder()
        .timeout(ASK_BOUND)
        .no_proxy()
        .build()
        .map_err(|error| ServersError::io("make an http client for", &url)(std::io::Error::other(error)))?;
    child
        .until_ready(START_BOUND, || async {
            match client.get(&url).send().await {
                Ok(answer) => answer.status().is_success(),
                Err(_) => false,
            }
        })
        .await?;
    Ok(child)
}
