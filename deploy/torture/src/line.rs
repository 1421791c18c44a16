//! The whole line as real processes, with a proxy between every two of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use servers::nats::{Cluster, NatsServer, Options as NatsOptions, find_or_install};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::Outcome;
use crate::part::Kind;
use crate::process::{Process, peak, until};
use crate::proxy::Proxy;

const KEY: &str = "master-key-of-a-line-that-is-broken";
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
    nats: Vec<Mutex<NatsServer>>,
    /// Of each node the most memory, and how often it was started.
    nats_figures: Mutex<Vec<(u64, u32)>>,
    /// intake, parsers, indexers, search engine.
    processes: Vec<(Kind, Mutex<Process>)>,
    /// What stands between them.
    pub links: Links,
    /// The broker, past all proxies.
    pub broker_url: String,
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
        let nats = start_nats(&options, &found.path, &data).await?;
        let search = free()?;
        let intake = free()?;
        let broker: SocketAddr = (Ipv4Addr::LOCALHOST, nats[0].port()).into();
        let broker_url = nats.iter().map(NatsServer::url).collect::<Vec<_>>().join(",");
        let urls = |link: &Proxy| match options.nodes {
            1 => format!("nats://{}", link.address()),
            _ => broker_url.clone(),
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
        add(Kind::Search, 1, &search_settings(search, &folder.path().join("search")))?;
        add(Kind::Intake, 1, &intake_settings(&options, &urls(&links.intake), intake, &drop_folder))?;
        for number in 1..=options.parsers {
            add(Kind::Parser, number, &parser_settings(&options, &urls(&links.parsers)))?;
        }
        for number in 1..=options.indexers {
            add(Kind::Indexer, number, &indexer_settings(&options, &urls(&links.indexers), &links.search))?;
        }
        let line = Arc::new(Self {
            broker_url,
            nats_figures: Mutex::new(nats.iter().map(|node| (peak(node.id()), 1)).collect()),
            nats: nats.into_iter().map(Mutex::new).collect(),
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
        line.ready(intake).await?;
        line.keep();
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
                line.look_at_nats().await;
            }
        })
    }

    async fn look_at_nats(&self) {
        for (at, node) in self.nats.iter().enumerate() {
            let now = peak(node.lock().await.id());
            let mut figures = self.nats_figures.lock().await;
            figures[at].0 = figures[at].0.max(now);
        }
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
        let all = self.of(kind);
        let process = all[which % all.len()];
        process.lock().await.kill();
        tokio::time::sleep(down).await;
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

    /// kill -9 of a node of the broker; it is started again after a while.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn kill_nats(&self, which: usize, down: Duration) -> Outcome<()> {
        self.look_at_nats().await;
        let at = which % self.nats.len();
        let mut node = self.nats[at].lock().await;
        node.kill();
        tokio::time::sleep(down).await;
        node.restart().await?;
        self.nats_figures.lock().await[at].1 += 1;
        Ok(())
    }

    /// A node of the broker stands still for a while, as if the network to it were gone.
    pub async fn freeze_nats(&self, which: usize, time: Duration) {
        let node = self.nats[which % self.nats.len()].lock().await;
        node.pause();
        tokio::time::sleep(time).await;
        node.resume();
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
        let nats = self.nats_figures.lock().await;
        let mut figures: Vec<_> =
            nats.iter().map(|(memory, starts)| ("nats-server".to_owned(), *memory, *starts)).collect();
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
        KEY
    }
}

/// The last lines, of each only its beginning.
fn shortened(log: &str) -> String {
    const LINES: usize = 4;
    const CHARACTERS: usize = 300;
    let lines: Vec<String> = log.lines().map(|line| line.chars().take(CHARACTERS).collect()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

fn free() -> Outcome<SocketAddr> {
    Ok((Ipv4Addr::LOCALHOST, servers::ports::free()?).into())
}

/// On fixed ports: whoever is killed must come back where it was.
async fn start_nats(options: &Options, program: &Path, data: &Path) -> Outcome<Vec<NatsServer>> {
    let mut ports = Vec::new();
    for _ in 0..options.nodes {
        ports.push((free()?.port(), free()?.port()));
    }
    let nodes = ports.iter().enumerate().map(|(at, (port, route))| {
        let others = ports.iter().map(|(_, other)| *other).filter(|other| other != route).collect();
        let cluster = Cluster { name: "torture".into(), port: *route, others };
        NatsServer::start(NatsOptions {
            port: Some(*port),
            cluster: (options.nodes > 1).then_some(cluster),
            ..NatsOptions::new(program, data.join(at.to_string()))
        })
    });
    // Together: a node is ready when there is a leader, which one alone never elects.
    Ok(futures::future::try_join_all(nodes).await?)
}

/// An HTTP client that waits for nobody long.
///
/// # Errors
/// When the system gives no sockets.
pub fn client() -> Outcome<reqwest::Client> {
    let client = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(2));
    Ok(client.timeout(Duration::from_secs(10)).build()?)
}

fn common(options: &Options, broker: &str) -> String {
    format!(
        "[nats]\nurl = \"{broker}\"\nconnect_timeout_ms = 3000\nrequest_timeout_ms = 2000\npublish_timeout_ms = 1000\n\
         publish_attempts = 3\n[topology]\nreplicas = {}\nack_wait_ms = {}\nduplicate_window_ms = {}\n\
         [ops]\nlisten = \"127.0.0.1:0\"\n",
        options.nodes,
        options.ack_wait.as_millis(),
        options.duplicate_window.as_millis(),
    )
}

const CONSUME: &str = "[consume]\nattempts = 5\nretry_base_ms = 50\nretry_max_ms = 1000\n";

fn search_settings(listen: SocketAddr, data: &Path) -> String {
    format!("listen = \"{listen}\"\ndata_dir = {data:?}\nmaster_key = \"{KEY}\"\n")
}

fn intake_settings(options: &Options, broker: &str, listen: SocketAddr, folder: &Path) -> String {
    format!(
        // A small bound, so that the object store is used, too.
        "inline_limit = 16384\nmax_bytes = {}\n{}[http]\nlisten = \"{listen}\"\nbody_timeout_ms = 5000\n\
         [folder]\npath = {folder:?}\nscan_ms = 300\nsettle_ms = 200\n",
        crate::scenarios::MAX_BYTES,
        common(options, broker)
    )
}

fn parser_settings(options: &Options, broker: &str) -> String {
    format!("{}{CONSUME}[work]\nissues = 2\n", common(options, broker))
}

fn indexer_settings(options: &Options, broker: &str, search: &Proxy) -> String {
    format!(
        "{}{CONSUME}[search]\nurl = \"http://{}\"\nkey = \"{KEY}\"\nrequest_timeout_ms = 10000\ntask_timeout_ms = 60000\n\
         retry_min_ms = 50\nretry_max_ms = 500\ncheck_ms = 500\n[batch]\ncount = 100\nwait_ms = 50\n",
        common(options, broker),
        search.address(),
    )
}
