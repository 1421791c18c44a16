//! Settings of an index, all together or one by one.

use super::{Accepted, App, Caller, blocking, body, enqueue};
use crate::engine::registry::check_uid;
use crate::error::Result;
use crate::settings::fields::{Verb, by_route};
use crate::settings::{change, show};
use crate::tasks::task::Work;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

pub async fn all(State(app): State<App>, Path(uid): Path<String>) -> Result<Json<Value>> {
    Ok(Json(Value::Object(read(app, uid).await?)))
}

pub async fn change_all(
    State(app): State<App>,
    Extension(access): Caller,
    Path(uid): Path<String>,
    request: Request,
) -> Result<Accepted> {
    check_uid(&uid)?;
    let changes = body::json(request, app.settings.payload_limit).await?;
    change::read_all(&changes)?;
    let work = Work::Settings { changes, may_create: access.may_create(&uid) };
    enqueue(app, Some(uid), work).await
}

pub async fn reset_all(State(app): State<App>, Path(uid): Path<String>) -> Result<Accepted> {
    check_uid(&uid)?;
    let work = Work::Settings { changes: change::reset_all(), may_create: false };
    enqueue(app, Some(uid), work).await
}

pub async fn one(State(app): State<App>, Path((uid, setting)): Path<(String, String)>) -> Result<Response> {
    let Some(field) = by_route(&setting) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let mut settings = read(app, uid).await?;
    let value = settings.remove(field.name).unwrap_or_default();
    Ok(Json(value).into_response())
}

pub async fn put(
    state: State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    change_one(state, caller, path, request, Verb::Put).await
}

pub async fn patch(
    state: State<App>,
    caller: Caller,
    path: Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    change_one(state, caller, path, request, Verb::Patch).await
}

pub async fn reset(State(app): State<App>, Path((uid, setting)): Path<(String, String)>) -> Result<Response> {
    check_uid(&uid)?;
    let Some(field) = by_route(&setting) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let work = Work::Settings { changes: json!({field.name: null}), may_create: false };
    Ok(enqueue(app, Some(uid), work).await?.into_response())
}

async fn change_one(
    State(app): State<App>,
    Extension(access): Caller,
    Path((uid, setting)): Path<(String, String)>,
    request: Request,
    verb: Verb,
) -> Result<Response> {
    check_uid(&uid)?;
    let Some(field) = by_route(&setting) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    if field.verb != verb {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let value = body::json(request, app.settings.payload_limit).await?;
    let work = Work::Settings { changes: change::from_route(field, &value)?, may_create: access.may_create(&uid) };
    Ok(enqueue(app, Some(uid), work).await?.into_response())
}

async fn read(app: App, uid: String) -> Result<Map<String, Value>> {
    check_uid(&uid)?;
    blocking(move || {
        let lengths = app.registry.entry(&uid)?.typo_lengths;
        app.registry.read(&uid, |index| show::show(index, lengths))
    })
    .await
}
