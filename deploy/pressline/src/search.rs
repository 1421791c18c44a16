//! `pressline search`: a quick look from the terminal.

use std::process::ExitCode;
use std::time::Duration;

use futures::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::SearchOptions;
use crate::intake_client::root_cause;
use crate::keys::server::addresses;
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
    let (urls, key) = match options.url {
        Some(urls) => (addresses(&urls).collect(), options.key),
        None => {
            let addresses = Place::at(&options.place.data).addresses()?;
            (addresses.engines(), options.key.or(addresses.search_key))
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
    let answer = match &urls[..] {
        [url] => ask(url, key.as_deref(), &options.index, &query).await?,
        several => ask_all(several, key.as_deref(), &options.index, query, options.limit).await?,
    };
    if options.json {
        report::say(answer);
        return Ok(ExitCode::SUCCESS);
    }
    let found: Found = serde_json::from_value(answer).map_err(|error| {
        Problem::unavailable(format!("{} does not answer as Meilisearch does: {error}", urls.join(" ")))
    })?;
    for hit in &found.hits {
        report::say(shown(&hit.formatted));
    }
    let total = found.estimated_total_hits.unwrap_or(found.hits.len());
    let all = report::count(total, "article");
    report::note(paint(DIM, format!("{all} found, {} shown, {} ms", found.hits.len(), found.processing_time_ms)));
    Ok(ExitCode::SUCCESS)
}

/// Asks several engines, each of which keeps some issues, and puts the best of their answers together. What one that does not
/// answer would have found is missing, and that is said.
async fn ask_all(
    urls: &[String],
    key: Option<&str>,
    index: &str,
    mut query: Value,
    limit: usize,
) -> Result<Value, Problem> {
    query["showRankingScore"] = true.into();
    let (mut answers, mut away) = (Vec::new(), Vec::new());
    for answer in join_all(urls.iter().map(|url| ask(url, key, index, &query))).await {
        match answer {
            Ok(answer) => answers.push(answer),
            Err(problem) => away.push(problem),
        }
    }
    if answers.is_empty()
        && let Some(problem) = away.pop()
    {
        return Err(problem);
    }
    for problem in away {
        report::note(format!("{problem}; what it keeps is missing here"));
    }
    Ok(merged(answers, limit))
}

/// Several answers as one. A score depends on article and query alone, so scores of several engines can be compared; of equals
/// the newest first, as the index has it.
fn merged(answers: Vec<Value>, limit: usize) -> Value {
    let sum = |name: &str| answers.iter().filter_map(|answer| answer[name].as_u64()).sum::<u64>();
    let longest = answers.iter().filter_map(|answer| answer["processingTimeMs"].as_u64()).max();
    let (total, longest) = (sum("estimatedTotalHits"), longest.unwrap_or_default());
    let mut hits: Vec<Value> = Vec::new();
    for mut answer in answers {
        hits.append(answer["hits"].as_array_mut().unwrap_or(&mut Vec::new()));
    }
    let score = |hit: &Value| hit["_rankingScore"].as_f64().unwrap_or_default();
    let day = |hit: &Value| hit["date_number"].as_u64().unwrap_or_default();
    hits.sort_by(|one, other| score(other).total_cmp(&score(one)).then_with(|| day(other).cmp(&day(one))));
    hits.truncate(limit);
    json!({ "hits": hits, "estimatedTotalHits": total, "processingTimeMs": longest, "limit": limit, "offset": 0 })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_several_engines_are_put_together_by_score_and_then_by_day() {
        let hit = |id: &str, score: f64, day: u64| json!({ "id": id, "_rankingScore": score, "date_number": day });
        let answer = |hits: &[Value], ms: u64| json!({ "hits": hits, "estimatedTotalHits": 7, "processingTimeMs": ms });
        let one = answer(&[hit("a", 0.9, 20_250_101), hit("b", 0.5, 20_250_301)], 3);
        let other = answer(&[hit("c", 0.9, 20_250_201), hit("d", 0.6, 20_250_101)], 9);
        let found = merged(vec![one, other], 3);
        let ids: Vec<_> = found["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["c", "a", "d"]);
        assert_eq!((&found["estimatedTotalHits"], &found["processingTimeMs"]), (&json!(14), &json!(9)));
    }
}
