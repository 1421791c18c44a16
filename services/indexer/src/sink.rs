//! What the rest of the indexer asks of a search engine, and the few ways in which it can say no. Pure but for the trait.

use contract::{ArticleId, IssueId};

use crate::document::Document;
use crate::http::{CallError, ServerError, beginning};

/// Where documents go.
pub trait Sink: Send + Sync + 'static {
    /// Writes `documents` in one task and returns when that task has succeeded.
    fn write(&self, documents: &[Document]) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Takes the documents with these ids out in one task and returns when that task has succeeded. The error is always
    /// [`WriteError::Later`].
    fn delete(&self, ids: &[String]) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Takes out whatever `purge` names in one task and returns when that task has succeeded. The error is always
    /// [`WriteError::Later`].
    fn purge(&self, purge: &Purge) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// How many documents there are that `purge` names.
    fn stand(&self, purge: &Purge) -> impl Future<Output = Result<u64, CallError>> + Send;

    /// How many documents of `issue` there are.
    fn count(&self, issue: &IssueId, which: Which<'_>) -> impl Future<Output = Result<u64, CallError>> + Send;
}

/// Which documents of an issue are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// Those of this revision.
    Of(u64),
    /// Those of older revisions.
    Before(u64),
    /// Those of this revision that are these articles.
    Among(u64, &'a [ArticleId]),
    /// Those of this revision that are none of these articles.
    Besides(u64, &'a [ArticleId]),
}

impl Which<'_> {
    /// The engine's filter for these documents of `issue`.
    pub fn filter(self, issue: &IssueId) -> String {
        let of = |revision| format!("issue_id = \"{issue}\" AND revision = {revision}");
        let list = |articles: &[ArticleId]| articles.iter().map(ArticleId::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Self::Of(revision) => of(revision),
            Self::Before(revision) => format!("issue_id = \"{issue}\" AND revision < {revision}"),
            Self::Among(revision, articles) => format!("{} AND article_id IN [{}]", of(revision), list(articles)),
            Self::Besides(revision, articles) => format!("{} AND article_id NOT IN [{}]", of(revision), list(articles)),
        }
    }
}

/// What leaves the index as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purge {
    /// All of an issue.
    Issue(IssueId),
    /// The revisions of an issue before this one.
    Before(IssueId, u64),
    /// What stands in this revision of an issue besides these articles.
    Besides(IssueId, u64, Vec<ArticleId>),
    /// An article, in every revision of its issue.
    Article(ArticleId),
    /// All that these name.
    Any(Vec<Purge>),
}

impl Purge {
    /// The engine's filter for it.
    pub fn filter(&self) -> String {
        match self {
            Self::Issue(issue) => format!("issue_id = \"{issue}\""),
            Self::Before(issue, revision) => Which::Before(*revision).filter(issue),
            Self::Besides(issue, revision, articles) => Which::Besides(*revision, articles).filter(issue),
            Self::Article(article) => format!("article_id = \"{article}\""),
            Self::Any(purges) => {
                purges.iter().map(|purge| format!("({})", purge.filter())).collect::<Vec<_>>().join(" OR ")
            }
        }
    }
}

/// Why documents were not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// At least one of them is at fault; without it the others would go in.
    Documents(String),
    /// The engine failed over them and may do so again.
    Engine(String),
    /// Nothing is wrong with them: later.
    Later(Later, String),
}

/// Why later; the closed list behind the metric's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Later {
    /// No connection.
    Unreachable,
    /// No answer, or no end of the task, in time.
    Timeout,
    /// An answer that is not Meilisearch's: a proxy, another program.
    Http,
    /// The task queue is full.
    QueueFull,
    /// The key is wrong or may not do this: an operator must mend it.
    Auth,
    /// The task was forgotten again and again.
    TaskLost,
    /// Someone cancelled the task.
    TaskCanceled,
    /// The engine failed over this batch.
    Engine,
    /// The engine's machine: disk, memory, files.
    System,
    /// The index itself is not as it must be: an operator must mend it.
    Index,
}

/// Invalid requests that are about the index or the route, not about a document in the payload. They would hit every
/// document alike, and none may be dead-lettered for them.
const NOT_THE_DOCUMENTS: [&str; 10] = [
    "invalid_index_uid",
    "index_not_found",
    "index_already_exists",
    "index_primary_key_already_exists",
    "index_primary_key_no_candidate_found",
    "index_primary_key_multiple_candidates_found",
    "invalid_content_type",
    "missing_content_type",
    "not_found",
    "bad_request",
];

/// Errors of type `internal` that come from the machine, not from what was sent.
const MACHINE: [&str; 5] = [
    "database_size_limit_reached",
    "invalid_store_file",
    "invalid_state",
    "index_creation_failed",
    "index_not_accessible",
];

/// The server's own words for a full task queue or disk,
/// <https://www.meilisearch.com/docs/reference/errors/error_codes>.
const FULL: &str = "no_space_left_on_device";

/// What a refused call means for the documents that it carried.
pub fn refused_call(error: &CallError) -> WriteError {
    let text = error.to_string();
    match error {
        CallError::Unreachable(_) => WriteError::Later(Later::Unreachable, text),
        CallError::Timeout(_) => WriteError::Later(Later::Timeout, text),
        CallError::Unreadable(_) => WriteError::Later(Later::Http, text),
        // A proxy in between says it without a code.
        CallError::Refused { status: 413, .. } => WriteError::Documents(text),
        CallError::Refused { status: 401 | 403, .. } => WriteError::Later(Later::Auth, text),
        CallError::Refused { code: Some(code), .. } if code == FULL => WriteError::Later(Later::QueueFull, text),
        CallError::Refused { status: 400..500, code: Some(code), kind: Some(kind), .. } => failed(code, kind, text),
        CallError::Refused { .. } => WriteError::Later(Later::Http, text),
    }
}

/// What a failed task means for the documents that it carried.
pub fn failed_task(error: Option<&ServerError>) -> WriteError {
    match error {
        Some(error) => failed(&error.code, &error.kind, format!("{}: {}", error.code, beginning(&error.message))),
        None => WriteError::Engine("task failed without a reason".into()),
    }
}

fn failed(code: &str, kind: &str, text: String) -> WriteError {
    match kind {
        "auth" => WriteError::Later(Later::Auth, text),
        _ if code == FULL => WriteError::Later(Later::System, text),
        "system" => WriteError::Later(Later::System, text),
        "invalid_request" if NOT_THE_DOCUMENTS.contains(&code) => WriteError::Later(Later::Index, text),
        "invalid_request" => WriteError::Documents(text),
        _ if MACHINE.contains(&code) => WriteError::Later(Later::System, text),
        _ => WriteError::Engine(text),
    }
}
