//! An intake as a process of its own, and raw connections to it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use intake::Token;
use testkit::{Nats, eventually};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::timeout;

/// Most bytes of a file.
pub const MAX_BYTES: usize = 4 << 20;
/// Bodies at a time.
pub const MAX_UPLOADS: usize = 4;
/// Connections, in all and from one address.
pub const MAX_CONNECTIONS: usize = 64;
pub const PER_ADDRESS: usize = 24;
/// Requests of one token, or of one address without.
pub const PER_MINUTE: usize = 3_000;
/// Nobody is kept waiting longer, whatever they send.
const BOUND: Duration = Duration::from_secs(60);

/// A running intake, killed when dropped.
pub struct Rig {
    child: Child,
    pub http: SocketAddr,
    ops: SocketAddr,
    /// A good sender's and an evil one's.
    pub good: Token,
    pub evil: Token,
    folder: tempfile::TempDir,
}

impl Rig {
    pub async fn start(nats: &Nats) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (good, evil) = (Token::new(), Token::new());
        let tokens = folder.path().join("tokens");
        std::fs::write(&tokens, format!("{}\n{}\n", good.line(&[], None), evil.line(&[], None))).unwrap();
        let [http, ops] = [(); 2].map(|()| SocketAddr::from((Ipv4Addr::LOCALHOST, testkit::free_port())));
        let settings = format!(
            "max_bytes = {MAX_BYTES}\n[nats]\nurl = {:?}\n[ops]\nlisten = \"{ops}\"\n\
             [topology]\nissues_max_bytes = 268435456\nfiles_max_bytes = 268435456\narticles_max_bytes = 16777216\n\
             dead_max_bytes = 16777216\n\
             [http]\nlisten = \"{http}\"\ntokens_file = {tokens:?}\nheader_timeout_ms = 2500\nbody_timeout_ms = 2500\n\
             max_connections = {MAX_CONNECTIONS}\nmax_connections_per_address = {PER_ADDRESS}\n\
             max_uploads = {MAX_UPLOADS}\nrequests_per_minute = {PER_MINUTE}\n",
            nats.url()
        );
        let file = folder.path().join("intake.toml");
        std::fs::write(&file, settings).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_intake"));
        command.arg("--config").arg(&file).stdout(Stdio::null()).stderr(log);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PRESSLINE")) {
            command.env_remove(name);
        }
        let mut rig = Self { child: command.spawn().unwrap(), http, ops, good, evil, folder };
        eventually("intake is ready", async || {
            assert!(rig.child.try_wait().unwrap().is_none(), "it ended: {}", rig.log());
            reqwest::get(format!("http://{ops}/health/ready")).await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        rig
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A figure of proc_pid_status(5), in bytes: `VmRSS` is what it has now, `VmHWM` the most it ever had.
    pub fn memory(&self, what: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    pub async fn metrics(&self) -> String {
        reqwest::get(format!("http://{}/metrics", self.ops)).await.unwrap().text().await.unwrap()
    }

    /// Refused requests so far, by reason.
    pub async fn refused(&self) -> BTreeMap<String, u64> {
        let metrics = self.metrics().await;
        let lines =
            metrics.lines().filter_map(|line| line.strip_prefix("pressline_intake_refused_requests_total{reason=\""));
        lines
            .map(|line| {
                let (reason, count) = line.split_once("\"} ").unwrap();
                (reason.to_owned(), count.parse().unwrap())
            })
            .collect()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What somebody sends: pieces with pauses between them.
pub struct Talk {
    pub from: Ipv4Addr,
    pub pieces: Vec<Vec<u8>>,
    pub pause: Duration,
    /// Hang up when all is sent, without listening.
    pub hang_up: bool,
}

impl Talk {
    /// All at once, from an address.
    pub fn once(from: Ipv4Addr, bytes: impl Into<Vec<u8>>) -> Self {
        Self { from, pieces: vec![bytes.into()], pause: Duration::ZERO, hang_up: false }
    }

    /// The statuses of all answers until the server closed; none: it closed without a word.
    pub async fn with(self, to: SocketAddr) -> Vec<u16> {
        timeout(BOUND, self.talk(to)).await.expect("the server left somebody waiting")
    }

    async fn talk(self, to: SocketAddr) -> Vec<u16> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind((self.from, 0).into()).unwrap();
        let stream = socket.connect(to).await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let Self { pieces, pause, hang_up, .. } = self;
        let writing = async move {
            for piece in pieces {
                // Refused before all was sent: what was answered is read all the same.
                if write.write_all(&piece).await.is_err() {
                    break;
                }
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
            write
        };
        if hang_up {
            drop(writing.await);
            return Vec::new();
        }
        let reading = async {
            let mut all = Vec::new();
            // A reset after the answer takes nothing away that has come.
            let _ = read.read_to_end(&mut all).await;
            all
        };
        tokio::pin!(writing, reading);
        let all = tokio::select! {
            all = &mut reading => all,
            _held = &mut writing => (&mut reading).await,
        };
        statuses(&all)
    }
}

fn statuses(all: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(all);
    assert!(!text.to_lowercase().contains("\r\nx-injected"), "a header got in: {text}");
    text.match_indices("HTTP/1.1 ").filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok()).collect()
}

/// A request of a sender with this token.
pub fn request(method: &str, path: &str, token: Option<&Token>, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: intake\r\nconnection: close\r\n");
    if let Some(token) = token {
        write!(head, "authorization: Bearer {}\r\n", token.secret()).unwrap();
    }
    head.push_str(headers);
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// An upload of these bytes.
pub fn upload(path: &str, token: &Token, headers: &str, body: &[u8]) -> Vec<u8> {
    request("POST", path, Some(token), &format!("{headers}content-length: {}\r\n", body.len()), body)
}
