//! `DELETE /v1/issues/{id}?reason=…` and `DELETE /v1/articles/{id}?reason=…`: out of the index, and not back again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use contract::{ArticleId, IssueId, Tombstone};
use serde::{Deserialize, Serialize};

use super::Uploads;
use super::problem::Problem;

/// Longest reason, in characters.
const REASON_LIMIT: usize = 500;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    reason: Option<String>,
}

/// The answer: what is out, since when and why.
#[derive(Serialize)]
struct Removed {
    issue: IssueId,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<ArticleId>,
    status: &'static str,
    #[serde(flatten)]
    tombstone: Tombstone,
}

/// Withdraws an issue.
pub async fn withdraw(
    State(uploads): State<Arc<Uploads>>,
    headers: HeaderMap,
    uri: Uri,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let reason = uploads.reason(&headers, &uri)?;
    let issue: IssueId = id.parse().map_err(|error| bad_id(format!("{error}")))?;
    let (publisher, removal) = (uploads.publisher.clone(), issue.clone());
    let removal = async move { publisher.withdraw(&removal, &reason).await };
    uploads.answer(removal, issue, None).await
}

/// Kills an article.
pub async fn kill(
    State(uploads): State<Arc<Uploads>>,
    headers: HeaderMap,
    uri: Uri,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let reason = uploads.reason(&headers, &uri)?;
    let article: ArticleId = id.parse().map_err(|error| bad_id(format!("{error}")))?;
    let issue = article.issue().ok_or_else(|| {
        bad_id(format!("article id `{article}` is of an older index and does not name its issue; send the issue again and kill the article by its new id, or withdraw the issue"))
    })?;
    let (publisher, of, killed) = (uploads.publisher.clone(), issue.clone(), article.clone());
    let removal = async move { publisher.kill(&killed, &of, &reason).await };
    uploads.answer(removal, issue, Some(article)).await
}

fn bad_id(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_id", detail)
}

impl Uploads {
    /// The reason that a request gives, if its sender may give one.
    fn reason(&self, headers: &HeaderMap, uri: &Uri) -> Result<String, Problem> {
        if !self.guard.admits(headers) {
            return Err(Problem::unauthorized());
        }
        let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail);
        let Query(asked) = Query::<Asked>::try_from_uri(uri).map_err(|error| bad(error.body_text()))?;
        let reason = asked.reason.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let count = reason.chars().count();
        if count == 0 || count > REASON_LIMIT || reason.chars().any(char::is_control) {
            return Err(bad(format!(
                "reason has {count} characters; say why, for the record, in 1 to {REASON_LIMIT} characters on one line: ?reason=…"
            )));
        }
        Ok(reason)
    }

    /// Whoever hangs up leaves nothing half done.
    async fn answer(
        &self,
        removal: impl Future<Output = Result<Option<Tombstone>, crate::publish::Undelivered>> + Send + 'static,
        issue: IssueId,
        article: Option<ArticleId>,
    ) -> Result<Response, Problem> {
        let tombstone =
            self.deliveries.spawn(removal).await.map_err(|fault| super::upload::internal(&fault.to_string()))??;
        let Some(tombstone) = tombstone else {
            return Err(Problem::not_found(format!("no issue `{issue}` was received here")));
        };
        let status = if article.is_some() { "killed" } else { "withdrawn" };
        let what = article.as_ref().map_or(issue.as_str(), ArticleId::as_str);
        tracing::info!(id = what, reason = tombstone.reason, "{status}");
        Ok((StatusCode::ACCEPTED, Json(Removed { issue, article, status, tombstone })).into_response())
    }
}
