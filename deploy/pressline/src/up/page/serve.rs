//! Serving the built page: files, `config.json`, and headers that let it do no more than it has to.

use std::path::Path;

use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::routing::get;
use axum::{Json, Router};
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::Config;

/// File names below `assets/` carry a hash of what is in them.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Everything else is asked for anew.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The page in `dist`, with its configuration beside it.
pub fn router(dist: &Path, config: &Config) -> Result<Router, String> {
    let policy = HeaderValue::from_str(&policy(config.urls())?).map_err(|error| error.to_string())?;
    let config = config.clone();
    let kept = |value| SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, value);
    let always = |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, value);
    let fixed = HeaderValue::from_static;
    let assets = ServiceBuilder::new().layer(kept(FOREVER)).service(ServeDir::new(dist.join("assets")));
    Ok(Router::new()
        .route("/config.json", get(async move || Json(config.json())))
        .nest_service("/assets", assets)
        .fallback_service(ServeDir::new(dist))
        .layer(
            ServiceBuilder::new()
                .layer(kept(ASK))
                .layer(always(header::CONTENT_SECURITY_POLICY, policy))
                .layer(always(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")))
                .layer(always(header::REFERRER_POLICY, fixed("no-referrer")))
                .layer(always(HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin")))
                .layer(always(
                    HeaderName::from_static("permissions-policy"),
                    fixed("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
                )),
        ))
}

/// Its own scripts and styles, and the search engine: nothing else, from nowhere else.
fn policy(search: &[String]) -> Result<String, String> {
    let mut connect = String::new();
    for address in search {
        let uri: Uri = address.parse().map_err(|error| format!("search address {address}: {error}"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(format!(
                "search address {address} is not valid: scheme and host are needed, as in http://host:7700"
            ));
        };
        connect.push_str(&format!(" {scheme}://{authority}"));
    }
    Ok(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'{connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::up::keys::Frontend;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, Response, StatusCode};
    use tower::ServiceExt;

    async fn asked(path: &str) -> Response<Body> {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        std::fs::create_dir_all(dist.join("assets")).unwrap();
        std::fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
        std::fs::write(dist.join("assets/page-1a2b.js"), "1").unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        std::fs::write(folder.path().join("key"), "rotated\n").unwrap();
        let config = Config::of(Frontend {
            urls: vec!["http://127.0.0.1:7700".into()],
            index: "articles".into(),
            search_key: Some("first".into()),
            key_file: Some(folder.path().join("key")),
        });
        let request = Request::get(path).body(Body::empty()).unwrap();
        router(&dist, &config).unwrap().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn the_page_may_talk_to_the_engine_and_to_nobody_else() {
        let page = asked("/?q=%E6%B0%B4%E5%BA%93").await;
        assert_eq!(page.status(), StatusCode::OK);
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("connect-src 'self' http://127.0.0.1:7700;"), "{policy}");
        assert_eq!(page.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(asked("/assets/page-1a2b.js").await.headers()[header::CACHE_CONTROL], FOREVER);
    }

    #[tokio::test]
    async fn its_configuration_names_engine_index_and_the_key_as_it_is_now() {
        let config = asked("/config.json").await;
        let json: serde_json::Value =
            serde_json::from_slice(&to_bytes(config.into_body(), 1_000).await.unwrap()).unwrap();
        assert_eq!(json, serde_json::json!({ "url": "http://127.0.0.1:7700", "index": "articles", "key": "rotated" }));
    }

    #[tokio::test]
    async fn nothing_beside_the_folder_is_served() {
        for path in ["/../secret", "/..%2fsecret", "/assets/../../secret", "/assets/%2e%2e/%2e%2e/secret", "//secret"] {
            assert_eq!(asked(path).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn an_address_without_a_scheme_is_refused() {
        let policy_of = |urls: &[&str]| policy(&urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>());
        assert!(policy_of(&["http://a:1", "127.0.0.1:7700"]).unwrap_err().contains("scheme"));
        assert!(policy_of(&["http://a:1", "https://b"]).unwrap().contains("connect-src 'self' http://a:1 https://b;"));
    }
}
