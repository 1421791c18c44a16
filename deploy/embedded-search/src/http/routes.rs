//! All routes.

use super::{App, auth, documents, facets, indexes, keys, multi_search, search, settings, swap, tasks};
use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

/// How long browsers may remember what CORS allows, as Meilisearch has it.
const CORS_MAX_AGE: Duration = Duration::from_secs(86_400);

/// The API.
pub fn router(app: App) -> Router {
    let guarded = Router::new()
        .route("/version", get(version))
        .route("/stats", get(indexes::all_stats))
        .route("/indexes", get(indexes::list).post(indexes::create))
        .route("/indexes/{uid}", get(indexes::get).patch(indexes::update).delete(indexes::delete))
        .route("/swap-indexes", post(swap::swap))
        .route("/indexes/{uid}/stats", get(indexes::stats))
        .route(
            "/indexes/{uid}/documents",
            get(documents::list).post(documents::replace).put(documents::update).delete(documents::clear),
        )
        .route("/indexes/{uid}/documents/fetch", post(documents::fetch))
        .route("/indexes/{uid}/documents/delete-batch", post(documents::delete_batch))
        .route("/indexes/{uid}/documents/delete", post(documents::delete_by_filter))
        .route("/indexes/{uid}/documents/{id}", get(documents::get).delete(documents::delete))
        .route("/indexes/{uid}/settings", get(settings::all).patch(settings::change_all).delete(settings::reset_all))
        .route(
            "/indexes/{uid}/settings/{setting}",
            put(settings::put).patch(settings::patch).get(settings::one).delete(settings::reset),
        )
        .route("/indexes/{uid}/search", get(search::by_parameters).post(search::by_body))
        .route("/indexes/{uid}/facet-search", post(facets::search))
        .route("/multi-search", post(multi_search::several))
        .route("/tasks", get(tasks::list).delete(tasks::delete))
        .route("/tasks/cancel", post(tasks::cancel))
        .route("/tasks/{task}", get(tasks::get))
        .route("/keys", get(keys::list).post(keys::create))
        .route("/keys/{key}", get(keys::get).patch(keys::change).delete(keys::delete))
        // Only what exists is guarded: anything else is not found, with or without a key.
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::guard));
    // Browsers take `*` for every header but Authorization, so what is asked for is allowed by name.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(CORS_MAX_AGE);
    Router::new().route("/", get(running)).route("/health", get(health)).merge(guarded).layer(cors).with_state(app)
}

async fn running() -> Json<Value> {
    Json(json!({"status": "Meilisearch is running"}))
}

async fn health() -> Json<Value> {
    Json(json!({"status": "available"}))
}

/// The version is that of the engine, which is what clients want to know.
async fn version() -> Json<Value> {
    Json(json!({
        "commitSha": "unknown", "commitDate": "unknown", "pkgVersion": crate::ENGINE_VERSION,
    }))
}
