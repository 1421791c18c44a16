//! `pressline status`: streams and their lag, dead letters, index counts, each service's health.

use std::process::ExitCode;
use std::time::Duration;

use bus::{Bus, BusSettings, StreamOverview};
use contract::names;
use serde::Serialize;
use serde_json::Value;

use crate::cli::StatusOptions;
use crate::keys::role::Role;
use crate::place::{Addresses, Place};
use crate::report::{self, BOLD, GREEN, Problem, RED, YELLOW, paint};

/// A part that does not answer at once is shown as not answering.
const ANSWER: Duration = Duration::from_secs(3);

#[derive(Serialize)]
struct Status {
    services: Vec<Service>,
    search: Search,
    streams: Vec<Stream>,
    dead_letters: u64,
}

#[derive(Serialize)]
struct Service {
    name: String,
    address: String,
    /// `ready`, `not ready`, `no answer`.
    state: &'static str,
    /// Its parts that are not ready.
    waiting_for: Vec<String>,
}

#[derive(Serialize)]
struct Search {
    address: String,
    available: bool,
    articles: Option<u64>,
    indexing: Option<bool>,
}

#[derive(Serialize)]
struct Stream {
    name: String,
    messages: u64,
    bytes: u64,
    durables: Vec<Durable>,
}

#[derive(Serialize)]
struct Durable {
    name: String,
    /// Not yet delivered.
    lag: u64,
    /// Delivered and not yet settled.
    in_flight: u64,
    redelivered: u64,
}

/// Runs the command: 0 when all is ready and nothing is dead, 1 otherwise.
pub async fn run(options: StatusOptions) -> Result<ExitCode, Problem> {
    let place = Place::at(&options.place.data);
    let addresses = place.addresses()?;
    let key = place.keys().read(Role::Status).or_else(|| addresses.search_key.clone());
    let status = look(&addresses, key.as_deref()).await?;
    if options.json {
        let text = serde_json::to_string(&status).map_err(|error| Problem::internal(error.to_string()))?;
        report::say(text);
    } else {
        show(&status);
    }
    let well = status.search.available && status.services.iter().all(|service| service.state == "ready");
    Ok(ExitCode::from(u8::from(!well || status.dead_letters > 0)))
}

async fn look(addresses: &Addresses, key: Option<&str>) -> Result<Status, Problem> {
    let http = reqwest::Client::builder()
        .timeout(ANSWER)
        .build()
        .map_err(|error| Problem::internal(format!("http client: {error}")))?;
    let mut settings = BusSettings::at(addresses.nats.clone());
    settings.connect_timeout_ms = ANSWER.as_millis() as u64;
    let bus = Bus::connect(&settings).await.map_err(|error| Problem::unavailable(error.to_string()))?;
    let overview = bus.overview().await.map_err(|error| Problem::unavailable(error.to_string()))?;
    bus.close().await;
    let mut services = Vec::new();
    for (name, address) in &addresses.metrics {
        services.push(service(&http, name, address).await);
    }
    let dead_letters = overview.iter().find(|stream| stream.name == names::DEAD).map_or(0, |stream| stream.messages);
    // The receipts' and files' own streams are the broker's affair.
    let ours = [names::ISSUES, names::ARTICLES, names::EVENTS, names::DEAD];
    let streams = overview.into_iter().filter(|stream| ours.contains(&&*stream.name)).map(stream).collect();
    Ok(Status { services, search: search(&http, addresses, key).await, streams, dead_letters })
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

async fn search(http: &reqwest::Client, addresses: &Addresses, key: Option<&str>) -> Search {
    let mut request = http.get(format!("{}/indexes/{}/stats", addresses.search, addresses.index));
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let stats = match request.send().await {
        Ok(answer) => answer.json::<Value>().await.ok(),
        Err(_) => None,
    };
    Search {
        address: addresses.search.clone(),
        available: stats.is_some(),
        articles: stats.as_ref().and_then(|stats| stats["numberOfDocuments"].as_u64()),
        indexing: stats.as_ref().and_then(|stats| stats["isIndexing"].as_bool()),
    }
}

fn stream(overview: StreamOverview) -> Stream {
    let durables = overview.durables.into_iter().map(|durable| Durable {
        name: durable.name,
        lag: durable.pending,
        in_flight: durable.ack_pending,
        redelivered: durable.redelivered,
    });
    Stream { name: overview.name, messages: overview.messages, bytes: overview.bytes, durables: durables.collect() }
}

fn show(status: &Status) {
    let mut services = report::table(&["service", "state", "address"]);
    for service in &status.services {
        let state = match service.state {
            "ready" => paint(GREEN, "ready"),
            "not ready" => paint(YELLOW, format!("waiting for {}", service.waiting_for.join(", "))),
            other => paint(RED, other),
        };
        services.add_row([service.name.clone(), state, service.address.clone()]);
    }
    let search = &status.search;
    let state = match (search.available, search.articles) {
        (true, Some(articles)) => paint(GREEN, report::count(articles as usize, "article")),
        (true, None) => paint(YELLOW, "no index yet"),
        (false, _) => paint(RED, "no answer"),
    };
    services.add_row(["search".to_owned(), state, search.address.clone()]);
    report::say(report::rows(&services));

    let mut streams = report::table(&["stream", "messages", "MiB", "durable", "lag", "in flight", "redelivered"]);
    for stream in &status.streams {
        let size = format!("{:.1}", stream.bytes as f64 / f64::from(1 << 20));
        let mut first = [stream.name.clone(), stream.messages.to_string(), size];
        if stream.durables.is_empty() {
            streams.add_row(first.clone());
        }
        for durable in &stream.durables {
            let lag = if durable.lag > 0 { paint(YELLOW, durable.lag) } else { durable.lag.to_string() };
            let counts = [durable.name.clone(), lag, durable.in_flight.to_string(), durable.redelivered.to_string()];
            streams.add_row(first.iter().chain(&counts));
            first = Default::default();
        }
    }
    report::say(format!("\n{}", report::rows(&streams)));
    let dead = match status.dead_letters {
        0 => paint(GREEN, 0),
        n => paint(RED, n),
    };
    report::say(format!("\n{} {dead}", paint(BOLD, "dead letters")));
}
