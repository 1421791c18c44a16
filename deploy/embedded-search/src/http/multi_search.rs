//! Several searches in one request, with a list of hits each or, federated, one of all.

use super::search::run;
use super::{App, Caller, blocking, body};
use crate::engine::federate::{self, Federation, Part};
use crate::engine::registry::check_uid;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use crate::keys::access::Access;
use crate::query::SearchQuery;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// A search of one index, one among several.
struct Asked {
    uid: String,
    part: Part,
}

pub async fn several(State(app): State<App>, Extension(access): Caller, request: Request) -> Result<Response> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    only_known(object.keys(), &["queries", "federation"], "field")?;
    let federation = object.get("federation").filter(|value| !value.is_null()).map(federation).transpose()?;
    let Some(queries) = object.get("queries") else {
        return Err(Failure::new(Code::BadRequest, "Missing field `queries`"));
    };
    let mut searches = Vec::new();
    for (position, query) in Input::new(queries, ".queries", Code::BadRequest).array()?.iter().enumerate() {
        searches.push(one_of_several(query, position, federation.is_some())?);
    }
    for Asked { uid, part } in &mut searches {
        if !access.covers(uid) {
            return Err(Failure::invalid_api_key().inside(part.position));
        }
        access.narrow(uid, &mut part.query.filter);
    }
    let answer = match federation {
        Some(federation) => federated(app, &access, searches, federation).await,
        None => one_after_the_other(app, searches).await,
    };
    Ok(match answer {
        Ok(answer) => Json(answer).into_response(),
        // Here, an index that is not there makes the request bad; Meilisearch answers 400 instead of 404.
        Err(failure) if failure.code == Code::IndexNotFound => {
            (StatusCode::BAD_REQUEST, Json(failure.view())).into_response()
        }
        Err(failure) => failure.into_response(),
    })
}

/// The first error is the answer.
async fn one_after_the_other(app: App, searches: Vec<Asked>) -> Result<Value> {
    let mut results = Vec::new();
    for Asked { uid, part } in searches {
        let mut result = Map::from_iter([("indexUid".to_owned(), json!(uid))]);
        let found = run(app.clone(), uid, part.query).await;
        result.extend(found.map_err(|failure| failure.inside(part.position))?);
        results.push(Value::Object(result));
    }
    Ok(json!({"results": results}))
}

async fn federated(app: App, access: &Access, searches: Vec<Asked>, federation: Federation) -> Result<Value> {
    let started = Instant::now();
    for uid in federation.facets_by_index.keys() {
        if !access.covers(uid) || app.registry.find(uid).is_none() {
            let message = format!("Inside `.federation.facetsByIndex.{uid}`: Index `{uid}` not found.");
            return Err(Failure::new(Code::IndexNotFound, message));
        }
    }
    let mut by_index: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for Asked { uid, part } in searches {
        by_index.entry(uid).or_default().push(part);
    }
    let mut answer = blocking(move || {
        let mut found = Vec::new();
        for (uid, parts) in &by_index {
            let read = app.registry.read(uid, |index| federate::in_index(uid, index, parts, &federation));
            found.push(read.map_err(|failure| match (failure.code, parts.first()) {
                (Code::IndexNotFound, Some(part)) => failure.inside(part.position),
                _ => failure,
            })?);
        }
        federate::answer(found, &federation)
    })
    .await?;
    let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    answer.insert("processingTimeMs".into(), elapsed.into());
    Ok(Value::Object(answer))
}

fn one_of_several(query: &Input<'_>, position: usize, is_federated: bool) -> Result<Asked> {
    let mut object = Map::new();
    let mut uid = None;
    let mut weight = 1.0;
    for (name, value) in query.members()? {
        match name {
            "indexUid" => {
                let input = value.coded(Code::InvalidIndexUid);
                let found = input.string()?;
                check_uid(&found).map_err(|failure| input.invalid(failure.message))?;
                uid = Some(found);
            }
            "federationOptions" if value.value().is_null() => {}
            "federationOptions" if is_federated => weight = weight_of(&value)?,
            "federationOptions" => {
                let message = "Using `federationOptions` is not allowed in a non-federated search.\n - Hint: remove \
                               `federationOptions` from the query or add `federation` to the request.";
                return Err(Failure::new(Code::InvalidMultiSearchFederationOptions, message).inside(position));
            }
            "limit" | "offset" | "page" | "hitsPerPage" if is_federated && !value.value().is_null() => {
                let message = format!(
                    "Using pagination options is not allowed in federated queries.\n - Hint: remove `{name}` from the \
                     query or remove `federation` from the request\n - Hint: pass `federation.limit` and \
                     `federation.offset` for pagination in federated search"
                );
                return Err(Failure::new(Code::InvalidMultiSearchQueryPagination, message).inside(position));
            }
            "facets" if is_federated && !value.value().is_null() => {
                let message = "Using facet options is not allowed in federated queries.\n - Hint: remove `facets` \
                               from the query or remove `federation` from the request\n - Hint: pass \
                               `federation.facetsByIndex` for facets in federated search";
                return Err(Failure::new(Code::InvalidMultiSearchQueryFacets, message).inside(position));
            }
            _ => {
                object.insert(name.to_owned(), value.value().clone());
            }
        }
    }
    let uid = uid.ok_or_else(|| {
        Failure::new(Code::MissingIndexUid, format!("Missing field `indexUid` inside `.queries[{position}]`"))
    })?;
    let query = SearchQuery::from_object(&object, &format!(".queries[{position}]"))?;
    Ok(Asked { uid, part: Part { position, query, weight } })
}

fn weight_of(options: &Input<'_>) -> Result<f64> {
    let mut weight = 1.0;
    for (name, value) in options.coded(Code::BadRequest).fields(&["weight", "remote", "queryPosition"])? {
        if name == "weight" {
            let input = value.coded(Code::InvalidMultiSearchWeight);
            weight = input.number()?;
            if weight < 0.0 {
                return Err(input.invalid("the value of `weight` is invalid, expected a positive float (>= 0.0)."));
            }
        } else if !value.value().is_null() {
            let message =
                format!("`{name}` is not available in embedded search: leave it out, or use a Meilisearch server.");
            return Err(Failure::new(Code::FeatureNotEnabled, message));
        }
    }
    Ok(weight)
}

fn federation(value: &Value) -> Result<Federation> {
    let mut federation = Federation { offset: 0, limit: 20, facets_by_index: BTreeMap::new(), merge_facets: None };
    let known = ["limit", "offset", "facetsByIndex", "mergeFacets"];
    for (name, value) in Input::new(value, ".federation", Code::BadRequest).fields(&known)? {
        match name {
            "limit" => federation.limit = value.coded(Code::InvalidSearchLimit).count()?,
            "offset" => federation.offset = value.coded(Code::InvalidSearchOffset).count()?,
            "facetsByIndex" => {
                for (uid, names) in value.coded(Code::InvalidMultiSearchFacetsByIndex).members()? {
                    check_uid(uid).map_err(|failure| names.invalid(failure.message))?;
                    federation.facets_by_index.insert(uid.to_owned(), names.optional(Input::strings)?);
                }
            }
            _ => {
                let merge = value.coded(Code::InvalidMultiSearchMergeFacets);
                federation.merge_facets = merge.optional(|merge| {
                    let fields = merge.fields(&["maxValuesPerFacet"])?;
                    let most = fields.first().map(|(_, most)| most.coded(Code::InvalidMultiSearchMaxValuesPerFacet));
                    most.map_or(Ok(None), |most| most.optional(Input::count))
                })?;
            }
        }
    }
    Ok(federation)
}
