//! Documents.

use super::indexes::count;
use super::{Accepted, App, Caller, Parameters, blocking, body, enqueue};
use crate::engine::read::{self, Listing, Page};
use crate::engine::registry::check_uid;
use crate::engine::select::Document;
use crate::engine::write::{Method, document_filter};
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use crate::query::filter_parameter;
use crate::tasks::payload;
use crate::tasks::task::Work;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use milli_core::Filter;
use milli_core::documents::validate_document_id_str;
use serde_json::Value;

pub async fn replace(
    state: State<App>,
    caller: Caller,
    path: Path<String>,
    parameters: Parameters,
    request: Request,
) -> Result<Accepted> {
    add(state, caller, path, parameters, request, Method::Replace).await
}

pub async fn update(
    state: State<App>,
    caller: Caller,
    path: Path<String>,
    parameters: Parameters,
    request: Request,
) -> Result<Accepted> {
    add(state, caller, path, parameters, request, Method::Update).await
}

async fn add(
    State(app): State<App>,
    Extension(access): Caller,
    Path(uid): Path<String>,
    Query(parameters): Parameters,
    request: Request,
    method: Method,
) -> Result<Accepted> {
    check_uid(&uid)?;
    only_known(parameters.iter().map(|(name, _)| name), &["primaryKey"], "parameter")?;
    let primary_key = parameters.into_iter().next().map(|(_, text)| text);
    let format = body::documents_format(request.headers())?;
    let body = body::bytes(request.into_body(), app.settings.payload_limit).await?;
    let task = blocking(move || {
        let stored = payload::store(app.queue.payloads(), &body, format)?;
        drop(body);
        let file = app.queue.payloads().join(&stored.file);
        let work = Work::AddDocuments {
            method,
            primary_key,
            payload: stored.file,
            bytes: stored.bytes,
            documents: stored.documents,
            may_create: access.may_create(&uid),
        };
        app.queue.register(Some(uid), work).inspect_err(|_| {
            // Nobody will ask for it; if this fails too, the next start removes it.
            let _ = std::fs::remove_file(file);
        })
    })
    .await?;
    Ok((StatusCode::ACCEPTED, Json(task.summary())))
}

pub async fn get(
    State(app): State<App>,
    Path((uid, id)): Path<(String, String)>,
    Query(parameters): Parameters,
) -> Result<Json<Document>> {
    check_uid(&uid)?;
    let known = ["fields", "retrieveVectors"];
    only_known(parameters.iter().map(|(name, _)| name), &known, "parameter")?;
    let listing = listing_from(&parameters)?;
    let document =
        blocking(move || app.registry.read(&uid, |index| read::document(index, &id, listing.fields.as_deref())));
    Ok(Json(document.await?))
}

pub async fn list(
    State(app): State<App>,
    Path(uid): Path<String>,
    Query(parameters): Parameters,
) -> Result<Json<Page<Document>>> {
    check_uid(&uid)?;
    only_known(parameters.iter().map(|(name, _)| name), LISTING, "parameter")?;
    page(app, uid, listing_from(&parameters)?).await
}

pub async fn fetch(State(app): State<App>, Path(uid): Path<String>, request: Request) -> Result<Json<Page<Document>>> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    only_known(object.keys(), LISTING, "field")?;
    let mut listing = everything();
    for (name, value) in object {
        let at = |code| Input::new(value, format!(".{name}"), code);
        match name.as_str() {
            "offset" => listing.offset = at(Code::InvalidDocumentOffset).count()?,
            "limit" => listing.limit = at(Code::InvalidDocumentLimit).count()?,
            "fields" => {
                listing.fields = at(Code::InvalidDocumentFields).optional(Input::strings)?;
            }
            "retrieveVectors" => {
                listing.vectors = at(Code::InvalidDocumentRetrieveVectors).boolean()?;
            }
            "ids" => listing.ids = at(Code::InvalidDocumentIds).optional(ids)?,
            _ => listing.filter = (!value.is_null()).then(|| value.clone()),
        }
    }
    page(app, uid, listing).await
}

pub async fn delete(State(app): State<App>, Path((uid, id)): Path<(String, String)>) -> Result<Accepted> {
    check_uid(&uid)?;
    enqueue(app, Some(uid), Work::DeleteDocuments(vec![id])).await
}

pub async fn delete_batch(State(app): State<App>, Path(uid): Path<String>, request: Request) -> Result<Accepted> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let ids = ids(&Input::new(&body, "", Code::BadRequest))?;
    enqueue(app, Some(uid), Work::DeleteDocuments(ids)).await
}

pub async fn delete_by_filter(State(app): State<App>, Path(uid): Path<String>, request: Request) -> Result<Accepted> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    only_known(object.keys(), &["filter"], "field")?;
    let Some(filter) = object.get("filter") else {
        return Err(Failure::new(Code::MissingDocumentFilter, "Missing field `filter`"));
    };
    // An empty filter would delete everything; there is a route for that.
    if Filter::from_json(filter).map_err(|error| Failure::from(document_filter(error)))?.is_none() {
        return Err(Failure::new(Code::InvalidDocumentFilter, "Sending an empty filter is forbidden."));
    }
    enqueue(app, Some(uid), Work::DeleteByFilter(filter.clone())).await
}

pub async fn clear(State(app): State<App>, Path(uid): Path<String>) -> Result<Accepted> {
    check_uid(&uid)?;
    enqueue(app, Some(uid), Work::ClearDocuments).await
}

const LISTING: &[&str] = &["offset", "limit", "fields", "retrieveVectors", "ids", "filter"];

async fn page(app: App, uid: String, listing: Listing) -> Result<Json<Page<Document>>> {
    for id in listing.ids.iter().flatten() {
        if validate_document_id_str(id).is_none() {
            let message = format!("Document identifier `{id}` is invalid.");
            return Err(Failure::new(Code::InvalidDocumentIds, message));
        }
    }
    let page = blocking(move || {
        app.registry.read(&uid, |index| {
            read::list(index, &listing).map_err(|failure| match failure.code {
                Code::InvalidDocumentFilter => failure.in_index(&uid),
                _ => failure,
            })
        })
    });
    Ok(Json(page.await?))
}

fn everything() -> Listing {
    Listing { offset: 0, limit: 20, fields: None, filter: None, ids: None, vectors: false }
}

fn listing_from(parameters: &[(String, String)]) -> Result<Listing> {
    let mut listing = everything();
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    for (name, text) in parameters {
        match name.as_str() {
            "offset" => listing.offset = count(name, text, Code::InvalidDocumentOffset)?,
            "limit" => listing.limit = count(name, text, Code::InvalidDocumentLimit)?,
            "fields" => listing.fields = Some(list(text)),
            "ids" => listing.ids = Some(list(text)),
            "filter" => listing.filter = Some(filter_parameter(text)),
            _ => {
                listing.vectors = text.parse().map_err(|_| {
                    Failure::new(
                        Code::InvalidDocumentRetrieveVectors,
                        format!("Invalid value in parameter `{name}`: could not parse `{text}` as a boolean, expected either `true` or `false`"),
                    )
                })?;
            }
        }
    }
    Ok(listing)
}

/// Ids are strings or integers.
fn ids(input: &Input<'_>) -> Result<Vec<String>> {
    input
        .array()?
        .iter()
        .map(|item| match item.value() {
            Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
            _ => item.string(),
        })
        .collect()
}
