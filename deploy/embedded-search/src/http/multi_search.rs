//! Several searches in one request.

use super::search::run;
use super::{App, Caller, body};
use crate::engine::registry::check_uid;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use crate::query::SearchQuery;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

/// Several searches, one after the other; the first error is the answer.
pub async fn several(State(app): State<App>, Extension(access): Caller, request: Request) -> Result<Response> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    only_known(object.keys(), &["queries", "federation"], "field")?;
    if object.get("federation").is_some_and(|value| !value.is_null()) {
        return Err(Failure::new(
            Code::FeatureNotEnabled,
            "`federation` is not available in embedded search: leave it out, or use a Meilisearch server.",
        ));
    }
    let Some(queries) = object.get("queries") else {
        return Err(Failure::new(Code::BadRequest, "Missing field `queries`"));
    };
    let mut searches = Vec::new();
    for (at, query) in Input::new(queries, ".queries", Code::BadRequest).array()?.iter().enumerate() {
        searches.push(one_of_several(query, at)?);
    }
    for (at, (uid, query)) in searches.iter_mut().enumerate() {
        if !access.covers(uid) {
            return Err(inside(at, Failure::invalid_api_key()));
        }
        access.narrow(uid, &mut query.filter);
    }
    let mut results = Vec::new();
    for (at, (uid, query)) in searches.into_iter().enumerate() {
        let mut result = Map::from_iter([("indexUid".to_owned(), json!(uid))]);
        let found = run(app.clone(), uid, query).await;
        match found {
            Ok(found) => result.extend(found),
            Err(failure) => {
                let failure = inside(at, failure);
                // Here, an index that is not there makes the request bad; Meilisearch answers 400 instead of 404.
                return Ok(match failure.code {
                    Code::IndexNotFound => (StatusCode::BAD_REQUEST, Json(failure.view())).into_response(),
                    _ => failure.into_response(),
                });
            }
        }
        results.push(Value::Object(result));
    }
    Ok(Json(json!({"results": results})).into_response())
}

/// Says which of the searches failed.
fn inside(at: usize, failure: Failure) -> Failure {
    Failure::new(failure.code, format!("Inside `.queries[{at}]`: {}", failure.message))
}

fn one_of_several(query: &Input<'_>, at: usize) -> Result<(String, SearchQuery)> {
    let members = query.members()?;
    let mut object = Map::new();
    let mut uid = None;
    for (name, value) in members {
        match name {
            "indexUid" => {
                let input = Input::new(value.value(), format!(".queries[{at}].indexUid"), Code::InvalidIndexUid);
                let found = input.string()?;
                check_uid(&found).map_err(|failure| input.invalid(failure.message))?;
                uid = Some(found);
            }
            "federationOptions" if value.value().is_null() => {}
            "federationOptions" => {
                return Err(Failure::new(
                    Code::InvalidMultiSearchFederationOptions,
                    format!(
                        "Inside `.queries[{at}]`: Using `federationOptions` is not allowed in a non-federated search.\n - Hint: remove `federationOptions` from the query or add `federation` to the request."
                    ),
                ));
            }
            _ => {
                object.insert(name.to_owned(), value.value().clone());
            }
        }
    }
    let uid = uid.ok_or_else(|| {
        Failure::new(Code::MissingIndexUid, format!("Missing field `indexUid` inside `.queries[{at}]`"))
    })?;
    let query = SearchQuery::from_object(&object, &format!(".queries[{at}]"))?;
    Ok((uid, query))
}
