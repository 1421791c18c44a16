//! The whole line as real processes, with a proxy between every two of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use servers::nats::find_or_install;
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::nodes::Nodes;
use crate::part::Kind;
use crate::process::{Process, until};
use crate::proxy::Proxy;
use crate::{Outcome, settings};

const STARTS_WITHIN: Duration = Duration::from_secs(120);
const KEEP_EVERY: Duration = Duration::from_millis(400);

/// How a line is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where nats-server is looked for and installed.
    pub tools: PathBuf,
    /// Processes that parse.
    pub parsers: usize,
    /// Processes that index.
    pub indexers: usize,
    /// After so long without a word the broker takes a worker for dead.
    pub ack_wait: Duration,
    /// After so long the broker forgets message ids.
    pub duplicate_window: Duration,
    /// The broker's data lie here instead of in the line's own folder.
    pub broker_folder: Option<PathBuf>,
    /// The search engine's data do.
    pub search_folder: Option<PathBuf>,
    /// How often the broker has the disk keep what it wrote: `always` before each ack, or after a time.
    pub sync_interval: String,
    /// Articles that a parser publishes at a time.
    pub publishing: usize,
    /// Nodes of the broker: 1, or 3 that keep three copies and are reached without proxies.
    pub nodes: usize,
}

impl Options {
    /// Two parsers, two indexers, 3 s, 20 s: whatever is late, comes twice or is forgotten comes soon.
    pub fn new(tools: PathBuf) -> Self {
        Self {
            tools,
            parsers: 2,
            indexers: 2,
            ack_wait: Duration::from_secs(3),
            duplicate_window: Duration::from_secs(20),
            broker_folder: None,
            search_folder: None,
            sync_interval: "always".into(),
            publishing: 8,
            nodes: 1,
        }
    }
}

/// The proxies, named by who connects to whom.
#[derive(Debug)]
pub struct Links {
    /// Senders to intake.
    pub senders: Proxy,
    /// intake to the broker.
    pub intake: Proxy,
    /// Parsers to the broker.
    pub parsers: Proxy,
    /// Indexers to the broker.
    pub indexers: Proxy,
    /// Indexers to the search engine.
    pub search: Proxy,
}

impl Links {
    /// All of them, with a name each.
    pub fn all(&self) -> [(&'static str, &Proxy); 5] {
        [
            ("senders-intake", &self.senders),
            ("intake-broker", &self.intake),
            ("parsers-broker", &self.parsers),
            ("indexers-broker", &self.indexers),
            ("indexers-search", &self.search),
        ]
    }
}

/// A running line.
#[derive(Debug)]
pub struct Line {
    /// The broker's nodes.
    pub nats: Nodes,
    /// intake, parsers, indexers, search engine.
    processes: Vec<(Kind, Mutex<Process>)>,
    /// What stands between them.
    pub links: Links,
    /// The search engine, past all proxies.
    pub search_url: String,
    /// The drop folder.
    pub drop_folder: PathBuf,
    /// How it was set up.
    pub options: Options,
    _folder: TempDir,
}

impl Line {
    /// Starts everything and waits until it is ready; who ends by itself is started again from then on.
    ///
    /// # Errors
    /// What did not start, with the end of its log.
    pub async fn start(options: Options) -> Outcome<Arc<Self>> {
        let folder = tempfile::tempdir()?;
        let tools = options.tools.clone();
        let found = tokio::task::spawn_blocking(move || find_or_install(None, &tools, &|_| {})).await??;
        let data = options.broker_folder.clone().unwrap_or_else(|| folder.path().join("nats"));
        let nats = Nodes::start(&options, &found.path, &data).await?;
        let search = free()?;
        let intake = free()?;
        let broker: SocketAddr = (Ipv4Addr::LOCALHOST, nats.port).into();
        let urls = |link: &Proxy| match options.nodes {
            1 => format!("nats://{}", link.address()),
            _ => nats.url.clone(),
        };
        let links = Links {
            senders: Proxy::start(intake).await?,
            intake: Proxy::start(broker).await?,
            parsers: Proxy::start(broker).await?,
            indexers: Proxy::start(broker).await?,
            search: Proxy::start(search).await?,
        };
        let drop_folder = folder.path().join("drop");
        let mut processes = Vec::new();
        let mut add = |kind: Kind, number: usize, settings: &str| -> Outcome<()> {
            let name = format!("{}-{number}", kind.name());
            processes.push((kind, Mutex::new(Process::new(name, kind, folder.path(), settings)?)));
            Ok(())
        };
        let engine = options.search_folder.clone().unwrap_or_else(|| folder.path().join("search"));
        add(Kind::Search, 1, &settings::search(search, &engine))?;
        add(Kind::Intake, 1, &settings::intake(&options, &urls(&links.intake), intake, &drop_folder))?;
        for number in 1..=options.parsers {
            add(Kind::Parser, number, &settings::parser(&options, &urls(&links.parsers)))?;
        }
        for number in 1..=options.indexers {
            add(Kind::Indexer, number, &settings::indexer(&options, &urls(&links.indexers), &links.search))?;
        }
        let line = Arc::new(Self {
            nats,
            processes,
            links,
            search_url: format!("http://{search}"),
            drop_folder,
            options,
            _folder: folder,
        });
        for (_, process) in &line.processes {
            process.lock().await.start()?;
        }
        // From here on: of several that make the broker's streams at once, one may find that they are not there yet and end.
        line.keep();
        line.ready(intake).await?;
        Ok(line)
    }

    async fn ready(&self, intake: SocketAddr) -> Outcome<()> {
        let http = client()?;
        let urls = [format!("{}/health", self.search_url), format!("http://{intake}/v1/issues/none")];
        for url in urls {
            let answers = async || http.get(&url).send().await.is_ok();
            if let Err(error) = until(&url, STARTS_WITHIN, answers).await {
                let mut words = String::new();
                for (_, process) in &self.processes {
                    words += &process.lock().await.last_words();
                }
                return Err(format!("{error}: {words}").into());
            }
        }
        Ok(())
    }

    /// Ends when the line is dropped.
    fn keep(self: &Arc<Self>) -> JoinHandle<()> {
        let line = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(KEEP_EVERY).await;
                let Some(line) = line.upgrade() else { return };
                for (_, process) in &line.processes {
                    // A process that cannot be started now is tried again; that it never came shows in the end.
                    let _ = process.lock().await.keep();
                }
                line.nats.look().await;
            }
        })
    }

    /// The processes of a kind.
    pub fn of(&self, kind: Kind) -> Vec<&Mutex<Process>> {
        self.processes.iter().filter(|(one, _)| *one == kind).map(|(_, process)| process).collect()
    }

    /// kill -9 of a process; it is started again after a while.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn kill(&self, kind: Kind, which: usize, down: Duration) -> Outcome<()> {
        self.kill_and(kind, which, tokio::time::sleep(down)).await
    }

    /// kill -9 of a process; it is started again when `meanwhile` is done.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn kill_and(&self, kind: Kind, which: usize, meanwhile: impl Future<Output = ()>) -> Outcome<()> {
        let all = self.of(kind);
        let process = all[which % all.len()];
        process.lock().await.kill();
        meanwhile.await;
        process.lock().await.start()
    }

    /// SIGSTOP of a process, SIGCONT after a while.
    pub async fn freeze(&self, kind: Kind, which: usize, time: Duration) {
        let all = self.of(kind);
        let process = all[which % all.len()];
        process.lock().await.freeze();
        tokio::time::sleep(time).await;
        process.lock().await.thaw();
    }

    /// Starts what is down and opens every way.
    ///
    /// # Errors
    /// When something cannot be started.
    pub async fn heal(&self) -> Outcome<()> {
        for (_, link) in self.links.all() {
            link.set(crate::proxy::Mode::Open);
        }
        for (_, process) in &self.processes {
            let mut process = process.lock().await;
            process.thaw();
            process.start()?;
        }
        Ok(())
    }

    /// Name, most memory in bytes and number of starts of each.
    pub async fn figures(&self) -> Vec<(String, u64, u32)> {
        let nats = self.nats.figures().await.into_iter();
        let mut figures: Vec<_> = nats.map(|(memory, starts)| ("nats-server".to_owned(), memory, starts)).collect();
        for (_, process) in &self.processes {
            let mut process = process.lock().await;
            process.look();
            figures.push((process.name.clone(), process.peak, process.starts));
        }
        figures
    }

    /// The ends of all logs.
    pub async fn last_words(&self) -> String {
        let mut words = String::new();
        for (_, process) in &self.processes {
            let process = process.lock().await;
            words += &format!("--- {}\n{}\n", process.name, shortened(&process.last_words()));
        }
        words
    }

    /// What opens the search engine.
    pub fn search_key(&self) -> &'static str {
        settings::KEY
    }
}

/// The last lines, of each only its beginning.
fn shortened(log: &str) -> String {
    const LINES: usize = 4;
    const CHARACTERS: usize = 300;
    let lines: Vec<String> = log.lines().map(|line| line.chars().take(CHARACTERS).collect()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

pub(crate) fn free() -> Outcome<SocketAddr> {
    Ok((Ipv4Addr::LOCALHOST, servers::ports::free()?).into())
}

/// An HTTP client that waits for nobody long.
///
/// # Errors
/// When the system gives no sockets.
pub fn client() -> Outcome<reqwest::Client> {
    let client = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(2));
    Ok(client.timeout(Duration::from_secs(10)).build()?)
}
