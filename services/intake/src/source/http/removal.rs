//! `DELETE /v1/issues/{id}?reason=…` and `DELETE /v1/articles/{id}?reason=…`: out of the index, and not back again.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use contract::{ArticleId, IssueId, Tombstone};
use serde::{Deserialize, Serialize};

use super::auth::Caller;
use super::problem::Problem;
use super::{Id, Uploads, read_id};

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
    Extension(caller): Extension<Caller>,
    uri: Uri,
    id: Id,
) -> Result<Response, Problem> {
    let reason = reason(&uri)?;
    let issue: IssueId = read_id(id)?;
    uploads.check(&caller, &issue).await?;
    let (publisher, removal) = (uploads.publisher.clone(), issue.clone());
    let removal = async move { publisher.withdraw(&removal, &reason).await };
    uploads.answer(removal, issue, None).await
}

/// Kills an article.
pub async fn kill(
    State(uploads): State<Arc<Uploads>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    id: Id,
) -> Result<Response, Problem> {
    let reason = reason(&uri)?;
    let article: ArticleId = read_id(id)?;
    let issue = article.issue().ok_or_else(|| {
        Problem::bad_id(&format_args!("article id `{article}` is of an older index and does not name its issue; send the issue again and kill the article by its new id, or withdraw the issue"))
    })?;
    uploads.check(&caller, &issue).await?;
    let (publisher, of, killed) = (uploads.publisher.clone(), issue.clone(), article.clone());
    let removal = async move { publisher.kill(&killed, &of, &reason).await };
    uploads.answer(removal, issue, Some(article)).await
}

/// The reason that a request gives.
fn reason(uri: &Uri) -> Result<String, Problem> {
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

impl Uploads {
    /// Refuses an issue of another title than the caller's, as if it had never come.
    async fn check(&self, caller: &Caller, issue: &IssueId) -> Result<(), Problem> {
        if caller.sender.as_deref().is_none_or(|sender| sender.titles.is_none()) {
            return Ok(());
        }
        let received = self.publisher.receipt(issue).await?.map(|receipt| receipt.received);
        match received {
            Some(received) if caller.may(received.publication.as_ref()) => Ok(()),
            _ => Err(caller.unknown(issue)),
        }
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
