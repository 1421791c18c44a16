//! Tasks.

use super::{App, Parameters, blocking, enqueue};
use crate::error::{Code, Failure, Result};
use crate::tasks::filter::{TaskFilter, TaskPage};
use crate::tasks::task::Work;
use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

pub async fn list(State(app): State<App>, Query(parameters): Parameters) -> Result<Json<Value>> {
    let page = TaskPage::read(&parameters)?;
    Ok(Json(blocking(move || app.queue.list(&page)).await?))
}

pub async fn get(State(app): State<App>, Path(uid): Path<String>) -> Result<Json<Value>> {
    let Ok(uid) = uid.parse() else {
        return Err(Failure::new(
            Code::InvalidTaskUids,
            format!("Task uid `{uid}` is invalid. It should only contain numeric characters."),
        ));
    };
    let task = blocking(move || app.queue.get(uid)).await?;
    Ok(Json(task.view()))
}

pub async fn cancel(
    State(app): State<App>,
    Query(parameters): Parameters,
    RawQuery(original): RawQuery,
) -> Result<Response> {
    let filter = TaskFilter::read(&parameters, "cancel", &original.unwrap_or_default())?;
    let (_, summary) = enqueue(app, None, Work::CancelTasks(filter)).await?;
    Ok((StatusCode::OK, summary).into_response())
}

pub async fn delete(
    State(app): State<App>,
    Query(parameters): Parameters,
    RawQuery(original): RawQuery,
) -> Result<Response> {
    let filter = TaskFilter::read(&parameters, "delete", &original.unwrap_or_default())?;
    let (_, summary) = enqueue(app, None, Work::DeleteTasks(filter)).await?;
    Ok((StatusCode::OK, summary).into_response())
}
