//! One look at the line: services, search engine, broker, today's titles.

use std::time::{Duration, SystemTime};

use bus::{Bus, BusSettings, DEAD_REASON, DEAD_STAGE, StreamOverview};
use contract::{Days, Standing, names};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::today::{Title, Today};
use crate::place::Addresses;
use crate::report::Problem;
use crate::web;

/// A part that does not answer at once is shown as not answering.
const ANSWER: Duration = Duration::from_secs(3);
/// Dead letters of which the reason is shown.
const LAST: u64 = 5;

/// Everything that is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// When it was looked.
    pub at: Timestamp,
    pub services: Vec<Service>,
    /// The search engine; several together.
    pub search: Search,
    /// Each of several engines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<Engine>,
    pub streams: Vec<Stream>,
    pub dead_letters: u64,
    /// The newest dead letters, newest first.
    pub last_errors: Vec<LastError>,
    /// Today's issues by title.
    pub titles: Vec<Title>,
    /// Registered titles: what is expected of them today, and whether it is there.
    pub expected: Vec<Standing>,
    /// What the services have done since they started.
    pub done: Done,
}

#[derive(Debug, Clone, Serialize)]
pub struct Service {
    pub name: String,
    pub address: String,
    /// `ready`, `not ready`, `no answer`.
    pub state: &'static str,
    /// Its parts that are not ready.
    pub waiting_for: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Search {
    pub address: String,
    pub available: bool,
    pub articles: Option<u64>,
    pub indexing: Option<bool>,
}

/// One of several.
#[derive(Debug, Clone, Serialize)]
pub struct Engine {
    pub name: String,
    #[serde(flatten)]
    pub state: Search,
}

#[derive(Debug, Clone, Serialize)]
pub struct Stream {
    pub name: String,
    pub messages: u64,
    pub bytes: u64,
    pub durables: Vec<Durable>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Durable {
    pub name: String,
    /// Not yet delivered.
    pub lag: u64,
    /// Delivered and not yet settled.
    pub in_flight: u64,
    pub redelivered: u64,
    /// Age of the oldest message that is not done, in seconds.
    pub oldest_seconds: u64,
}

#[derive(Debug, Clone, Serialize)]
pub struct LastError {
    pub sequence: u64,
    pub at: Timestamp,
    pub stage: String,
    pub reason: String,
}

/// Counters, by which rates are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Done {
    pub files_accepted: f64,
    pub articles_extracted: f64,
    pub articles_searchable: f64,
}

impl Status {
    /// All is ready and nothing is dead.
    pub fn is_well(&self) -> bool {
        let ready = self.services.iter().all(|service| service.state == "ready");
        self.search.available && ready && self.dead_letters == 0
    }
}

/// Looks at a line, again and again over the same connections.
pub struct Looker {
    addresses: Addresses,
    key: Option<String>,
    http: reqwest::Client,
    bus: Bus,
    days: Days,
    today: Today,
}

impl Looker {
    /// Connects to the broker; `key` opens the search engine's counts.
    pub async fn connect(addresses: Addresses, key: Option<String>) -> Result<Self, Problem> {
        let http = web::client()
            .timeout(ANSWER)
            .build()
            .map_err(|error| Problem::internal(format!("http client: {error}")))?;
        let mut settings = BusSettings::at(addresses.nats.clone());
        settings.connect_timeout_ms = ANSWER.as_millis() as u64;
        let bus = Bus::connect(&settings).await.map_err(|error| Problem::unavailable(error.to_string()))?;
        let today = Today::of(&bus).await?;
        let bucket = bus.kv(names::RECEIPTS).await.map_err(|error| Problem::unavailable(error.to_string()))?;
        Ok(Self { addresses, key, http, bus, days: Days::new(bucket), today })
    }

    /// How the line stands.
    pub async fn look(&mut self) -> Result<Status, Problem> {
        if self.today.is_over() {
            self.today = Today::of(&self.bus).await?;
        }
        let unavailable = |error: bus::BusError| Problem::unavailable(error.to_string());
        let overview = self.bus.overview().await.map_err(unavailable)?;
        let (mut services, mut done) = (Vec::new(), Done::default());
        for (name, address) in &self.addresses.metrics {
            services.push(service(&self.http, name, address).await);
            done.add(&self.http, address).await;
        }
        let dead = overview.iter().find(|stream| stream.name == names::DEAD);
        let (dead_letters, newest) = dead.map_or((0, 0), |stream| (stream.messages, stream.last_sequence));
        let last_errors = if dead_letters > 0 { self.last_errors(newest).await? } else { Vec::new() };
        // The receipts' and files' own streams are the broker's affair.
        let ours = [names::ISSUES, names::ARTICLES, names::EVENTS, names::DEAD];
        let mut streams = Vec::new();
        for stream in overview.into_iter().filter(|stream| ours.contains(&&*stream.name)) {
            streams.push(self.stream(stream).await?);
        }
        let mut engines = Vec::new();
        for (name, address) in &self.addresses.servers {
            engines.push(Engine { name: name.clone(), state: self.engine(address).await });
        }
        let search = match &engines[..] {
            [] => self.engine(&self.addresses.search).await,
            several => together(several),
        };
        let titles = self.today.titles().await?;
        let expected = self.days.standings().await.map_err(unavailable)?;
        let at = Timestamp::now();
        Ok(Status { at, services, search, engines, streams, dead_letters, last_errors, titles, expected, done })
    }

    async fn last_errors(&self, newest: u64) -> Result<Vec<LastError>, Problem> {
        let mut found = Vec::new();
        for sequence in (newest.saturating_sub(LAST - 1).max(1)..=newest).rev() {
            let message = self.bus.message(names::DEAD, sequence).await;
            // One that was replayed or dropped has left a gap.
            let Some(message) = message.map_err(|error| Problem::unavailable(error.to_string()))? else { continue };
            let header = |name| message.headers.get(name).map(|value| value.to_string()).unwrap_or_default();
            let at = Timestamp::try_from(message.published).unwrap_or(Timestamp::UNIX_EPOCH);
            found.push(LastError { sequence, at, stage: header(DEAD_STAGE), reason: header(DEAD_REASON) });
        }
        Ok(found)
    }

    async fn engine(&self, address: &str) -> Search {
        let mut request = self.http.get(format!("{address}/indexes/{}/stats", self.addresses.index));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let stats = match request.send().await {
            Ok(answer) => answer.json::<Value>().await.ok(),
            Err(_) => None,
        };
        Search {
            address: address.to_owned(),
            available: stats.is_some(),
            articles: stats.as_ref().and_then(|stats| stats["numberOfDocuments"].as_u64()),
            indexing: stats.as_ref().and_then(|stats| stats["isIndexing"].as_bool()),
        }
    }

    async fn stream(&self, overview: StreamOverview) -> Result<Stream, Problem> {
        let mut durables = Vec::new();
        for durable in &overview.durables {
            let oldest = self.bus.oldest_undone(&overview.name, durable).await;
            let oldest = oldest.map_err(|error| Problem::unavailable(error.to_string()))?;
            let age = oldest.and_then(|since| SystemTime::now().duration_since(since).ok()).unwrap_or_default();
            durables.push(Durable {
                name: durable.name.clone(),
                lag: durable.pending,
                in_flight: durable.ack_pending,
                redelivered: durable.redelivered,
                oldest_seconds: age.as_secs(),
            });
        }
        Ok(Stream { name: overview.name, messages: overview.messages, bytes: overview.bytes, durables })
    }
}

impl Done {
    /// What the service at this address has done; nothing where it does not answer.
    async fn add(&mut self, http: &reqwest::Client, address: &str) {
        let Ok(answer) = http.get(format!("{address}/metrics")).send().await else { return };
        let Ok(text) = answer.text().await else { return };
        self.files_accepted += sum(&text, "pressline_intake_files_total", r#"outcome="accepted""#);
        self.articles_extracted += sum(&text, "pressline_parser_articles_total", "");
        self.articles_searchable += sum(&text, "pressline_indexer_documents_total", "");
    }
}

/// The sum of a metric's samples whose labels hold `label`.
fn sum(text: &str, name: &str, label: &str) -> f64 {
    let samples = text.lines().filter_map(|line| line.strip_prefix(name));
    let samples = samples.filter(|rest| rest.starts_with(['{', ' ']) && rest.contains(label));
    samples.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

async fn service(http: &reqwest::Client, name: &str, address: &str) -> Service {
    let answer = match http.get(format!("{address}/health/ready")).send().await {
        Ok(answer) => answer.json::<Value>().await.ok(),
        Err(_) => None,
    };
    let parts = answer.as_ref().and_then(|answer| answer["parts"].as_object()).into_iter().flatten();
    let waiting_for = parts.filter(|(_, ready)| **ready == false).map(|(part, _)| part.clone()).collect();
    let state = match answer.as_ref().map(|answer| answer["ready"] == true) {
        Some(true) => "ready",
        Some(false) => "not ready",
        None => "no answer",
    };
    Service { name: name.to_owned(), address: address.to_owned(), state, waiting_for }
}

/// Several engines as one.
fn together(engines: &[Engine]) -> Search {
    let states = || engines.iter().map(|engine| &engine.state);
    let addresses: Vec<_> = states().map(|state| state.address.as_str()).collect();
    Search {
        address: addresses.join(" "),
        available: states().all(|state| state.available),
        articles: states().map(|state| state.articles).sum(),
        indexing: Some(states().any(|state| state.indexing == Some(true))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_one_metric_are_summed_by_label_and_not_those_of_a_longer_name() {
        let text = "# TYPE a counter\na_total{outcome=\"x\"} 2\na_total{outcome=\"y\"} 3\na_total_more 9\nb_total 4\n";
        assert_eq!(sum(text, "a_total", "outcome=\"x\""), 2.0);
        assert_eq!(sum(text, "a_total", ""), 5.0);
        assert_eq!(sum(text, "b_total", ""), 4.0);
        assert_eq!(sum(text, "c_total", ""), 0.0);
    }
}
