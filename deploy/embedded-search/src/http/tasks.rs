//! Tasks.

use super::{App, Caller, Parameters, blocking, enqueue};
use crate::error::{Code, Failure, Result};
use crate::tasks::filter::{TaskFilter, TaskPage};
use crate::tasks::task::Work;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::Value;

pub async fn list(
    State(app): State<App>,
    Extension(access): Caller,
    Query(parameters): Parameters,
) -> Result<Json<Value>> {
    let mut page = TaskPage::read(&parameters)?;
    page.filter.scope = access.scope();
    Ok(Json(blocking(move || app.queue.list(&page)).await?))
}

pub async fn get(State(app): State<App>, Extension(access): Caller, Path(uid): Path<String>) -> Result<Json<Value>> {
    let Ok(uid) = uid.parse::<u32>() else {
        return Err(Failure::new(
            Code::InvalidTaskUids,
            format!("Task uid `{uid}` is invalid. It should only contain numeric characters."),
        ));
    };
    let visible = TaskFilter { scope: access.scope(), ..TaskFilter::default() };
    let task = blocking(move || app.queue.get(uid)).await?;
    if !visible.matches(&task) {
        return Err(Failure::task_not_found(uid));
    }
    Ok(Json(task.view()))
}

pub async fn cancel(
    State(app): State<App>,
    Extension(access): Caller,
    Query(parameters): Parameters,
    RawQuery(original): RawQuery,
) -> Result<Response> {
    let mut filter = TaskFilter::read(&parameters, "cancel", &original.unwrap_or_default())?;
    filter.scope = access.scope();
    let (_, summary) = enqueue(app, None, Work::CancelTasks(filter)).await?;
    Ok((StatusCode::OK, summary).into_response())
}

pub async fn delete(
    State(app): State<App>,
    Extension(access): Caller,
    Query(parameters): Parameters,
    RawQuery(original): RawQuery,
) -> Result<Response> {
    let mut filter = TaskFilter::read(&parameters, "delete", &original.unwrap_or_default())?;
    filter.scope = access.scope();
    let (_, summary) = enqueue(app, None, Work::DeleteTasks(filter)).await?;
    Ok((StatusCode::OK, summary).into_response())
}
