//! Indexes and their statistics.

use super::{Accepted, App, Caller, Parameters, blocking, body, enqueue};
use crate::engine::read::{self, Page};
use crate::engine::registry::check_uid;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known};
use crate::tasks::task::Work;
use axum::extract::{Path, Query, Request, State};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

pub async fn list(
    State(app): State<App>,
    Extension(access): Caller,
    Query(parameters): Parameters,
) -> Result<Json<Page<read::IndexView>>> {
    let known = ["offset", "limit"];
    only_known(parameters.iter().map(|(name, _)| name), &known, "parameter")?;
    let [mut offset, mut limit] = [0, 20];
    for (name, text) in &parameters {
        if name == "offset" {
            offset = count(name, text, Code::InvalidIndexOffset)?;
        } else {
            limit = count(name, text, Code::InvalidIndexLimit)?;
        }
    }
    let page = blocking(move || {
        let mut uids = app.registry.uids();
        uids.retain(|uid| access.covers(uid));
        let mut results = Vec::new();
        for uid in uids.iter().skip(offset).take(limit) {
            match app.registry.read(uid, |index| read::view(uid, index)) {
                Ok(view) => results.push(view),
                // Deleted since the list was made.
                Err(failure) if failure.code == Code::IndexNotFound => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(Page { results, offset, limit, total: uids.len() })
    });
    Ok(Json(page.await?))
}

pub async fn create(State(app): State<App>, Extension(access): Caller, request: Request) -> Result<Accepted> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    only_known(object.keys(), &["uid", "primaryKey"], "field")?;
    let Some(uid) = object.get("uid") else {
        return Err(Failure::new(Code::MissingIndexUid, "Missing field `uid`"));
    };
    let input = Input::new(uid, ".uid", Code::InvalidIndexUid);
    let uid = input.string()?;
    check_uid(&uid).map_err(|failure| input.invalid(failure.message))?;
    let primary_key = primary_key(object)?;
    if !access.may_create(&uid) {
        return Err(Failure::invalid_api_key());
    }
    enqueue(app, Some(uid), Work::CreateIndex(primary_key)).await
}

pub async fn get(State(app): State<App>, Path(uid): Path<String>) -> Result<Json<read::IndexView>> {
    check_uid(&uid)?;
    let view = blocking(move || app.registry.read(&uid, |index| read::view(&uid, index)));
    Ok(Json(view.await?))
}

pub async fn update(State(app): State<App>, Path(uid): Path<String>, request: Request) -> Result<Accepted> {
    check_uid(&uid)?;
    let body = body::json(request, app.settings.payload_limit).await?;
    let object = body_object(&body)?;
    for (name, code) in [("createdAt", Code::ImmutableIndexCreatedAt), ("updatedAt", Code::ImmutableIndexUpdatedAt)] {
        if object.contains_key(name) {
            let message = format!("Immutable field `{name}`: expected one of `primaryKey`");
            return Err(Failure::new(code, message));
        }
    }
    only_known(object.keys(), &["primaryKey"], "field")?;
    let primary_key = primary_key(object)?;
    enqueue(app, Some(uid), Work::UpdateIndex(primary_key)).await
}

pub async fn delete(State(app): State<App>, Path(uid): Path<String>) -> Result<Accepted> {
    check_uid(&uid)?;
    enqueue(app, Some(uid), Work::DeleteIndex).await
}

pub async fn stats(State(app): State<App>, Path(uid): Path<String>) -> Result<Json<read::IndexStats>> {
    check_uid(&uid)?;
    let stats = blocking(move || {
        let is_indexing = app.queue.is_indexing(&uid);
        app.registry.read(&uid, |index| read::stats(index, is_indexing))
    });
    Ok(Json(stats.await?))
}

pub async fn all_stats(State(app): State<App>, Extension(access): Caller) -> Result<Json<Value>> {
    let stats = blocking(move || {
        let [mut size, mut used] = [0u64, 0u64];
        let mut last_update = None;
        let mut indexes = Map::new();
        for uid in app.registry.uids() {
            let is_indexing = app.queue.is_indexing(&uid);
            let found = app.registry.read(&uid, |index| {
                let view = read::view(&uid, index)?;
                let stats = read::stats(index, is_indexing)?;
                Ok((index.on_disk_size()?, index.used_size()?, view, stats))
            });
            match found {
                Ok((on_disk, in_use, view, stats)) => {
                    size += on_disk;
                    used += in_use;
                    // The sizes are those of all indexes, whatever the key may see.
                    if access.covers(&uid) {
                        last_update = last_update.max(Some(view.updated_at));
                        indexes.insert(uid, serde_json::to_value(stats)?);
                    }
                }
                Err(failure) if failure.code == Code::IndexNotFound => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(json!({
            "databaseSize": size, "usedDatabaseSize": used, "lastUpdate": last_update, "indexes": indexes,
        }))
    });
    Ok(Json(stats.await?))
}

fn primary_key(object: &Map<String, Value>) -> Result<Option<String>> {
    match object.get("primaryKey") {
        None => Ok(None),
        Some(value) => Input::new(value, ".primaryKey", Code::InvalidIndexPrimaryKey).optional(Input::string),
    }
}

/// A number in a query string.
pub fn count(name: &str, text: &str, code: Code) -> Result<usize> {
    text.parse().map_err(|_| {
        Failure::new(
            code,
            format!("Invalid value in parameter `{name}`: could not parse `{text}` as a positive integer"),
        )
    })
}
