//! A real intake on a real nats-server, and what came out of it.

use std::path::{Path, PathBuf};

use bus::{BusSettings, Incoming};
use bytes::Bytes;
use contract::event::{Payload, decode_received};
use contract::names::{self, TopologyOptions};
use contract::{Envelope, IssueReceived};
use intake::{FolderSettings, HttpSettings, Running, Settings};
use testkit::Nats;
use tokio_util::sync::CancellationToken;

/// A page of our own writing; `number` makes it another one.
pub fn page(number: u32) -> String {
    format!("河湾日报\n\n第{number}座雨水花园建成\n\n本报讯 昨天，城南第{number}座雨水花园向居民开放。\n")
}

/// An intake that is stopped when dropped.
pub struct Intake {
    pub running: Running,
    pub shutdown: CancellationToken,
    pub client: reqwest::Client,
}

/// Settings for tests: small, quick, loopback.
pub fn settings(nats: &Nats) -> Settings {
    const MIB: i64 = 1 << 20;
    Settings {
        nats: BusSettings {
            request_timeout_ms: 1_000,
            publish_timeout_ms: 500,
            publish_attempts: 2,
            ..BusSettings::at(nats.url())
        },
        topology: TopologyOptions {
            issues_max_bytes: 64 * MIB,
            articles_max_bytes: 16 * MIB,
            dead_max_bytes: 16 * MIB,
            files_max_bytes: 64 * MIB,
            ..TopologyOptions::default()
        },
        http: HttpSettings { listen: ([127, 0, 0, 1], 0).into(), ..HttpSettings::default() },
        ..Settings::default()
    }
}

/// As [`settings`], with a drop folder that is looked through often.
pub fn with_folder(nats: &Nats, path: &Path) -> Settings {
    Settings {
        folder: Some(FolderSettings { scan_ms: 100, settle_ms: 100, issue_settle_ms: 500, ..FolderSettings::at(path) }),
        ..settings(nats)
    }
}

impl Intake {
    pub async fn start(settings: Settings) -> Self {
        let shutdown = CancellationToken::new();
        let running = intake::start(settings, shutdown.clone()).await.unwrap();
        Self { running, shutdown, client: reqwest::Client::new() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.http)
    }

    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(self.url(path))
    }

    pub async fn is_ready(&self) -> bool {
        let url = format!("http://{}/health/ready", self.running.ops);
        self.client.get(url).send().await.is_ok_and(|answer| answer.status() == 200)
    }

    pub async fn metrics(&self) -> String {
        let url = format!("http://{}/metrics", self.running.ops);
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// Drops a file into the folder as a careful sender does: under another name, then renamed.
    pub fn drop_file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let target = self.running.folder.as_ref().unwrap().join(name);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        let hidden = target.with_file_name(".sending");
        std::fs::write(&hidden, bytes).unwrap();
        std::fs::rename(hidden, &target).unwrap();
        target
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.join().await.unwrap();
    }
}

/// One event of the stream.
pub struct Event {
    pub subject: String,
    pub issue: IssueReceived,
    pub payload: Payload,
    pub envelope: Envelope,
}

/// All issue events, oldest first.
pub async fn events(nats: &Nats) -> Vec<Event> {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream(names::ISSUES).await.unwrap();
    let mut events = Vec::new();
    for sequence in 1..=stream.cached_info().state.last_sequence {
        let raw = stream.get_raw_message(sequence).await.unwrap();
        let message = Incoming {
            subject: raw.subject.to_string(),
            headers: raw.headers,
            payload: raw.payload,
            stream_sequence: sequence,
            attempt: 1,
            published: std::time::SystemTime::UNIX_EPOCH,
        };
        let (issue, payload, envelope) = decode_received(&message).unwrap();
        events.push(Event { subject: message.subject, issue, payload, envelope });
    }
    events
}

/// The bytes of an event in the message itself.
pub fn inline(event: &Event) -> &Bytes {
    match &event.payload {
        Payload::Inline(bytes) => bytes,
        Payload::Reference(name) => panic!("a reference to {name}"),
    }
}

/// Every file below a folder, by its path in it, sorted.
pub fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}
