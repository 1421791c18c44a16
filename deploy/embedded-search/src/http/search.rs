//! Searching.

use super::{App, Caller, Parameters, blocking, body};
use crate::engine::registry::check_uid;
use crate::engine::search::search;
use crate::error::Result;
use crate::query::SearchQuery;
use axum::extract::{Path, Query, Request, State};
use axum::{Extension, Json};
use serde_json::{Map, Value};

pub async fn by_parameters(
    State(app): State<App>,
    Extension(access): Caller,
    Path(uid): Path<String>,
    Query(parameters): Parameters,
) -> Result<Json<Value>> {
    check_uid(&uid)?;
    let mut query = SearchQuery::from_parameters(&parameters)?;
    access.narrow(&uid, &mut query.filter);
    Ok(Json(Value::Object(run(app, uid, query).await?)))
}

pub async fn by_body(
    State(app): State<App>,
    Extension(access): Caller,
    Path(uid): Path<String>,
    request: Request,
) -> Result<Json<Value>> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let mut query = SearchQuery::from_body(&body)?;
    access.narrow(&uid, &mut query.filter);
    Ok(Json(Value::Object(run(app, uid, query).await?)))
}

/// Runs a search that the request may do.
pub async fn run(app: App, uid: String, query: SearchQuery) -> Result<Map<String, Value>> {
    blocking(move || {
        app.registry.read(&uid, |index| {
            // Meilisearch names the index in front of what its engine says.
            search(index, &query).map_err(|failure| failure.in_index(&uid))
        })
    })
    .await
}
