//! Searching the values of a facet.

use super::{App, Caller, blocking, body};
use crate::engine::facets::{FacetQuery, facet_search};
use crate::engine::registry::check_uid;
use crate::error::Result;
use axum::extract::{Path, Request, State};
use axum::{Extension, Json};
use serde_json::Value;

pub async fn search(
    State(app): State<App>,
    Extension(access): Caller,
    Path(uid): Path<String>,
    request: Request,
) -> Result<Json<Value>> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let mut query = FacetQuery::from_body(&body)?;
    access.narrow(&uid, &mut query.search.filter);
    Ok(Json(blocking(move || app.registry.read(&uid, |index| facet_search(index, &query))).await?))
}
