//! API keys.

use super::indexes::count;
use super::{App, Parameters, blocking, body};
use crate::engine::read::Page;
use crate::error::{Code, Result};
use crate::json::only_known;
use crate::keys::key::{Key, KeyChange};
use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

pub async fn list(State(app): State<App>, Query(parameters): Parameters) -> Result<Json<Page<Value>>> {
    only_known(parameters.iter().map(|(name, _)| name), &["offset", "limit"], "parameter")?;
    let [mut offset, mut limit] = [0, 20];
    for (name, text) in &parameters {
        if name == "offset" {
            offset = count(name, text, Code::InvalidApiKeyOffset)?;
        } else {
            limit = count(name, text, Code::InvalidApiKeyLimit)?;
        }
    }
    let keys = app.keys.list();
    let total = keys.len();
    let results = keys.into_iter().skip(offset).take(limit).collect();
    Ok(Json(Page { results, offset, limit, total }))
}

pub async fn create(State(app): State<App>, request: Request) -> Result<(StatusCode, Json<Value>)> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let key = Key::from_body(&body, Timestamp::now())?;
    let view = blocking(move || app.keys.create(key)).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

pub async fn get(State(app): State<App>, Path(name): Path<String>) -> Result<Json<Value>> {
    app.keys.get(&name).map(Json)
}

pub async fn change(State(app): State<App>, Path(name): Path<String>, request: Request) -> Result<Json<Value>> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let change = KeyChange::from_body(&body)?;
    Ok(Json(blocking(move || app.keys.change(&name, change)).await?))
}

pub async fn delete(State(app): State<App>, Path(name): Path<String>) -> Result<StatusCode> {
    blocking(move || app.keys.delete(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}
