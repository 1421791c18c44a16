//! `pressline index-texts`: bare texts into an index, as the indexer would put them there, to measure how they are found.
//!
//! Each line is `{"id": …, "text": "…"}`; the text is the body of an article without a headline, in which the parser looks
//! for names and keywords as it does in others. The index holds these texts and nothing else afterwards.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use contract::{Article, ArticleId, Block, BlockKind, IssueId, IssueRef, Kind};
use indexer::batch::Limits;
use indexer::batcher::{self, Job};
use indexer::document::{Document, from_article};
use indexer::fenced::{Fenced, Open};
use indexer::index::Extras;
use indexer::meilisearch::Meilisearch;
use indexer::metrics::Metrics;
use indexer::settings::Search;
use indexer::sink::WriteError;
use indexer::writer::{Pace, Writer};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::cli::Where;
use crate::place::Place;
use crate::report::{self, Problem};
use crate::web;

/// The field that keeps a text's own id.
const CASE_ID: &str = "case_id";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: Value,
    text: String,
}

/// Which texts, into which index.
#[derive(Args)]
pub struct IndexTextsOptions {
    /// Files of JSON lines; none: standard input
    pub files: Vec<PathBuf>,
    /// The index; what it holds is replaced
    #[arg(long)]
    pub index: String,
    /// Meilisearch's address; default: the one of the running `pressline up`
    #[arg(long, value_name = "URL", env = "PRESSLINE_SEARCH")]
    pub url: Option<String>,
    /// Meilisearch's key; it must be allowed to write
    #[arg(long, env = "PRESSLINE_SEARCH_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// File of synonyms, as in the indexer's settings
    #[arg(long, value_name = "FILE")]
    pub synonyms: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
}

/// Runs the command.
pub async fn run(options: IndexTextsOptions) -> Result<ExitCode, Problem> {
    let batch = indexer::settings::BatchSettings::default();
    let lines = read(&options.files)?;
    let mut articles: Vec<Article> = lines.iter().enumerate().map(|(number, line)| article(number, line)).collect();
    parser::analyse(&parser::Analyzer::new(), &mut articles);
    let documents = articles
        .iter()
        .zip(&lines)
        .map(|(article, line)| document(article, line, batch.document_bytes))
        .collect::<Result<Vec<_>, _>>()?;
    let (url, key) = match options.url {
        Some(url) => (url, options.key),
        None => {
            let addresses = Place::at(&options.place.data).addresses()?;
            (addresses.search, options.key.or(addresses.search_key))
        }
    };
    let search =
        Search { url, key: key.clone(), index: options.index, tls_ca_file: web::ca_file(), ..Search::default() };
    let settings = indexer::Settings {
        index: indexer::settings::IndexSettings { synonyms: options.synonyms },
        search: search.clone(),
        ..indexer::Settings::default()
    };
    settings.check().map_err(Problem::settings)?;
    let extras = settings.index.extras().map_err(Problem::settings)?;
    let sink = Meilisearch::new(&search, key.as_deref())
        .map_err(Problem::settings)?
        .with(Extras { displayed: vec![CASE_ID.into()], ..extras });
    let failed = |error: WriteError| match error {
        WriteError::Later(_, reason) => Problem::unavailable(format!("search engine {}: {reason}", search.url)),
        WriteError::Documents(reason) | WriteError::Engine(reason) => {
            Problem::failed(format!("search engine {}: {reason}", search.url))
        }
    };
    sink.prepare().await.map_err(failed)?;
    sink.clear().await.map_err(failed)?;
    let count = documents.len();
    write(sink, documents, &batch).await?;
    report::note(format!("{} searchable in index {}", report::count(count, "text"), search.index));
    Ok(ExitCode::SUCCESS)
}

fn read(files: &[PathBuf]) -> Result<Vec<Line>, Problem> {
    if files.is_empty() {
        return lines(Path::new("standard input"), std::io::stdin().lock());
    }
    let mut all = Vec::new();
    for path in files {
        let file = File::open(path)
            .map_err(|error| Problem::unavailable(format!("{} cannot be read: {error}", path.display())))?;
        all.extend(lines(path, BufReader::new(file))?);
    }
    Ok(all)
}

fn lines(path: &Path, source: impl BufRead) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    for (number, text) in (1..).zip(source.lines()) {
        let wrong = |reason: String| Problem::failed(format!("{} line {number}: {reason}", path.display()));
        let text = text.map_err(|error| wrong(error.to_string()))?;
        if !text.trim().is_empty() {
            let reason = |error| format!("{error}; give {{\"id\": …, \"text\": \"…\"}}");
            lines.push(serde_json::from_str(&text).map_err(|error| wrong(reason(error)))?);
        }
    }
    Ok(lines)
}

/// The document that the indexer would make of the text, and the text's own id in it.
fn document(article: &Article, line: &Line, limit: usize) -> Result<Document, Problem> {
    let mut document = from_article(article, limit).map_err(|error| Problem::failed(error.to_string()))?;
    let unreadable = |error: serde_json::Error| Problem::internal(error.to_string());
    let mut fields: Map<String, Value> = serde_json::from_slice(&document.json).map_err(unreadable)?;
    fields.insert(CASE_ID.into(), line.id.clone());
    document.json = serde_json::to_vec(&fields).map_err(unreadable)?.into();
    Ok(document)
}

fn article(number: usize, line: &Line) -> Article {
    let issue = IssueId::of(b"index-texts");
    let place = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
    let paragraph = |text: &str| Block { kind: BlockKind::Paragraph, text: text.to_owned() };
    Article {
        id: ArticleId::of(&issue, &format!("{}\n{}", line.id, line.text), place),
        issue: IssueRef { id: issue, publication: None, date: None, number: None, pages: None, edition: None },
        revision: 1,
        page: None,
        pages: vec![],
        position: place,
        kind: Kind::News,
        section: None,
        kicker: None,
        headline: None,
        deck: None,
        byline: vec![],
        dateline: None,
        source: None,
        body: line.text.lines().map(paragraph).collect(),
        continues_on_page: None,
        continued_from_page: None,
        language: None,
        keywords: vec![],
        people: vec![],
        places: vec![],
        organizations: vec![],
        confidence: 1.0,
        warnings: vec![],
    }
}

/// Through the indexer's own batches; returns when all can be found.
async fn write(
    sink: Meilisearch,
    documents: Vec<Document>,
    batch: &indexer::settings::BatchSettings,
) -> Result<(), Problem> {
    let (metrics, _registry) = Metrics::new();
    let search = Search::default();
    let pace = Pace {
        min: std::time::Duration::from_millis(search.retry_min_ms),
        max: std::time::Duration::from_millis(search.retry_max_ms),
    };
    let health = runtime::Health::of(&[]);
    let stop = CancellationToken::new();
    let writer = Writer::new(Arc::new(sink), pace, health, metrics.clone(), stop.clone());
    // These texts are of no issue that could be withdrawn.
    let open = Fenced::new(Arc::new(writer), Open, metrics.clone(), stop);
    let limits =
        Limits { count: batch.count, bytes: batch.bytes, wait: std::time::Duration::from_millis(batch.wait_ms) };
    let (jobs, received) = mpsc::channel(batch.count);
    let batches = tokio::spawn(batcher::run(received, Arc::new(open), limits, batch.in_flight, metrics));
    let mut answers = Vec::with_capacity(documents.len());
    for document in documents {
        let (answer, verdict) = oneshot::channel();
        if jobs.send(Job { document, answer }).await.is_err() {
            break;
        }
        answers.push(verdict);
    }
    drop(jobs);
    for (number, answer) in (1..).zip(answers) {
        match answer.await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => return Err(Problem::failed(format!("text {number}: {failure:?}"))),
            Err(_) => return Err(Problem::internal("the writer ended before all was written".to_owned())),
        }
    }
    batches.await.map_err(|error| Problem::internal(error.to_string()))
}
