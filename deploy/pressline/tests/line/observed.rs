//! What a running line shows of itself: its metrics are the documented ones, dashboards and alerts ask only for those, and
//! one issue is one trace from admission to searchable.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use testkit::eventually;

use crate::pressline::{Up, err, repository, run, seeds};

#[tokio::test]
async fn metrics_are_the_documented_ones_and_an_issue_is_one_trace() {
    let collector = Collector::start().await;
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("up.toml");
    fs::write(&config, format!("[telemetry]\notlp = \"{}\"\n[page]\nenabled = false\n", collector.address)).unwrap();
    let data = folder.path().join("data");
    let mut up = Up::start(&data, &["--config", config.to_str().unwrap()]).await;
    // The second has warnings.
    let issues = ["full-masthead.txt", "no-masthead.txt"].map(|name| seeds().join("issues").join(name));
    let [one, two] = issues.each_ref().map(|file| file.to_str().unwrap());
    let sent = run(&["publish", "--data", data.to_str().unwrap(), "--wait", one, two]).await;
    assert_eq!(sent.status.code(), Some(0), "{}", err(&sent));

    let documented = documented();
    let always: BTreeSet<_> = documented.iter().filter(|(_, sometimes)| !**sometimes).map(|(name, _)| name).collect();
    let shown = eventually("every documented metric is shown", async || {
        let shown = scrape(&up).await;
        let missing: Vec<_> = always.iter().filter(|name| !shown.contains(**name)).collect();
        if missing.is_empty() { Ok(shown) } else { Err(format!("{missing:?}")) }
    })
    .await;
    let unknown: Vec<_> = shown.iter().filter(|name| !documented.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "not in docs/metrics.md: {unknown:?}");

    // Stopped, it has sent all its spans.
    assert_eq!(up.stop().await, Some(0));
    let spans = collector.spans();
    let traces = |name: &str| -> BTreeSet<Vec<u8>> {
        spans.iter().filter(|span| span.name == name).map(|span| span.trace.clone()).collect()
    };
    let admitted = traces("intake.admit");
    assert_eq!(admitted.len(), issues.len(), "{spans:?}");
    for name in ["parser.extract", "indexer.write", "indexer.close"] {
        assert_eq!(traces(name), admitted, "{name}: {spans:?}");
    }
}

#[test]
fn dashboards_and_alerts_ask_only_for_documented_metrics() {
    let documented = documented();
    let folder = repository().join("deploy/observability");
    let mut files = vec![folder.join("rules.yaml")];
    files.extend(fs::read_dir(folder.join("grafana")).unwrap().map(|entry| entry.unwrap().path()));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
        let asked = words.filter(|word| word.starts_with("pressline_") || word.starts_with("process_"));
        for name in asked {
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(documented.contains_key(base), "{} asks for {name}", file.display());
        }
    }
}

/// The names of docs/metrics.md, and whether each appears only after something has happened.
fn documented() -> BTreeMap<String, bool> {
    let text = fs::read_to_string(repository().join("docs/metrics.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split_once('`').unwrap()).map(|(name, rest)| (name.to_owned(), rest.starts_with('¹'))).collect()
}

/// The names that the three services show, as queries write them.
async fn scrape(up: &Up) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for address in up.metrics() {
        let text = reqwest::get(format!("{address}/metrics")).await.unwrap().text().await.unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            let (name, kind) = line.split_once(' ').unwrap();
            let end = match kind {
                "counter" => "_total",
                "info" => "_info",
                _ => "",
            };
            names.insert(format!("{name}{end}"));
        }
    }
    names
}

/// A collector of spans, as OpenTelemetry's is: OTLP over HTTP, protobuf.
struct Collector {
    address: String,
    bodies: Arc<Mutex<Vec<Bytes>>>,
}

#[derive(Debug)]
struct Span {
    name: String,
    trace: Vec<u8>,
}

impl Collector {
    async fn start() -> Self {
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let kept = bodies.clone();
        let take = move |body: Bytes| async move { kept.lock().unwrap().push(body) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
        Self { address, bodies }
    }

    /// `ExportTraceServiceRequest.resource_spans.scope_spans.spans`, by the numbers of their fields in
    /// <https://github.com/open-telemetry/opentelemetry-proto/blob/v1.3.2/opentelemetry/proto/trace/v1/trace.proto>.
    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let resources = bodies.iter().flat_map(|body| fields(body, 1));
        let spans = resources.flat_map(|resource| fields(resource, 2)).flat_map(|scope| fields(scope, 2));
        spans
            .map(|span| Span {
                name: String::from_utf8(fields(span, 5)[0].to_vec()).unwrap(),
                trace: fields(span, 1)[0].to_vec(),
            })
            .collect()
    }
}

/// The values of a protobuf message's field that has bytes, <https://protobuf.dev/programming-guides/encoding/>.
fn fields(mut message: &[u8], wanted: u64) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let length = match key & 7 {
            0 => {
                varint(&mut message);
                continue;
            }
            1 => 8,
            2 => varint(&mut message) as usize,
            5 => 4,
            other => panic!("wire type {other}"),
        };
        let (value, rest) = message.split_at(length);
        message = rest;
        if key >> 3 == wanted && key & 7 == 2 {
            found.push(value);
        }
    }
    found
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            break;
        }
    }
    value
}
