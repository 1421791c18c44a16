//! `pressline search`: a quick look from the terminal.

use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::SearchOptions;
use crate::intake_client::root_cause;
use crate::place::Place;
use crate::report::{self, BOLD, DIM, GREEN, Problem, paint};
use crate::web;

/// Around a hit in Meilisearch's answer; characters that no page prints.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';
const CROP: usize = 40;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    hits: Vec<Hit>,
    estimated_total_hits: Option<usize>,
    processing_time_ms: usize,
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "_formatted")]
    formatted: Formatted,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Formatted {
    publication: Option<String>,
    date: Option<String>,
    page: Option<Value>,
    headline: Option<String>,
    byline: Option<Vec<String>>,
    body: Option<String>,
}

/// Runs the command.
pub async fn run(options: SearchOptions) -> Result<ExitCode, Problem> {
    let (url, key) = match options.url {
        Some(url) => (url, options.key),
        None => {
            let addresses = Place::at(&options.place.data).addresses()?;
            (addresses.search, options.key.or(addresses.search_key))
        }
    };
    let text = if options.raw { options.query } else { indexer::query::prepare(&options.query) };
    let mut query = json!({
        "q": text,
        "limit": options.limit,
        // Else the engine may take a query of few characters for Japanese.
        "locales": ["cmn"],
        "attributesToHighlight": ["headline", "body"],
        "attributesToCrop": ["body"],
        "cropLength": CROP,
        "highlightPreTag": OPEN.to_string(),
        "highlightPostTag": CLOSE.to_string(),
    });
    if let Some(filter) = &options.filter {
        query["filter"] = filter.as_str().into();
    }
    let answer = ask(&url, key.as_deref(), &options.index, &query).await?;
    if options.json {
        report::say(answer);
        return Ok(ExitCode::SUCCESS);
    }
    let found: Found = serde_json::from_value(answer)
        .map_err(|error| Problem::unavailable(format!("{url} does not answer as Meilisearch does: {error}")))?;
    for hit in &found.hits {
        report::say(shown(&hit.formatted));
    }
    let total = found.estimated_total_hits.unwrap_or(found.hits.len());
    let all = report::count(total, "article");
    report::note(paint(DIM, format!("{all} found, {} shown, {} ms", found.hits.len(), found.processing_time_ms)));
    Ok(ExitCode::SUCCESS)
}

async fn ask(url: &str, key: Option<&str>, index: &str, query: &Value) -> Result<Value, Problem> {
    let url = url.trim_end_matches('/');
    let unreachable = |error: reqwest::Error| {
        Problem::unavailable(format!("search engine {url} does not answer: {}", root_cause(&error)))
    };
    let http = web::client().timeout(Duration::from_secs(30)).build().map_err(unreachable)?;
    let mut request = http.post(format!("{url}/indexes/{index}/search")).json(query);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let answer = request.send().await.map_err(unreachable)?;
    let status = answer.status();
    let value: Value = answer.json().await.map_err(unreachable)?;
    if status.is_success() {
        return Ok(value);
    }
    let message = value["message"].as_str().unwrap_or("no reason given");
    Err(Problem::failed(format!("search engine {url} answers {}: {message}", status.as_u16())))
}

fn shown(hit: &Formatted) -> String {
    let lit = |text: &str| text.replace(OPEN, &GREEN.bold().render().to_string()).replace(CLOSE, "\u{1b}[0m");
    let page = hit.page.as_ref().map(|page| format!("page {}", page.to_string().trim_matches('"')));
    let source: Vec<_> = [
        hit.publication.clone(),
        hit.date.clone(),
        page.filter(|page| page != "page null"),
        hit.byline.as_ref().map(|names| names.join("、")),
    ]
    .into_iter()
    .flatten()
    .filter(|text| !text.is_empty())
    .collect();
    let headline = match hit.headline.as_deref() {
        Some(text) => paint(BOLD, lit(text)),
        None => paint(DIM, "(no headline)"),
    };
    let body = hit.body.as_deref().unwrap_or_default().replace('\n', " ");
    format!("{headline}\n{}\n  {}\n", paint(DIM, source.join(" · ")), lit(&body))
}
