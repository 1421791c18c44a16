//! Who may ask, how, and what the answer to a wrong request looks like.

use crate::rig::{Rig, name};
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn health_is_open_and_everything_else_asks_for_the_key() {
    let rig = Rig::new().await;
    let open = reqwest::get(format!("{}/health", rig.url)).await.unwrap();
    assert_eq!(open.json::<Value>().await.unwrap(), json!({"status": "available"}));
    let client = reqwest::Client::new();
    for (token, status, code) in [(None, 401, "missing_authorization_header"), (Some("wrong"), 403, "invalid_api_key")]
    {
        let mut request = client.get(format!("{}/indexes", rig.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["code"], code);
        assert_eq!(error["type"], "auth");
    }
    assert!(rig.get("/version").await["pkgVersion"].is_string());
    assert!(rig.client().health().await.unwrap().status == "available");
    rig.stop().await;
}

#[tokio::test]
async fn browsers_from_anywhere_may_ask() {
    let rig = Rig::new().await;
    let client = reqwest::Client::new();
    let preflight = client
        .request(Method::OPTIONS, format!("{}/indexes/x/search", rig.url))
        .header(ORIGIN, "http://search.example")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type")
        .send()
        .await
        .unwrap();
    assert!(preflight.status().is_success());
    let header = |name: &str| preflight.headers()[name].to_str().unwrap().to_lowercase();
    assert_eq!(header("access-control-allow-origin"), "*");
    assert!(header("access-control-allow-headers").contains("authorization"));
    assert!(header("access-control-allow-methods").contains("post"));
    rig.stop().await;
}

#[tokio::test]
async fn bodies_are_checked_before_anything_is_done() {
    let rig = Rig::new().await;
    let index = name();
    let client = reqwest::Client::new();
    for (path, media_type, body, status, code) in [
        ("documents", Some("text/plain"), "[]", 415, "invalid_content_type"),
        ("documents", None, "[]", 415, "missing_content_type"),
        ("documents", Some("application/json"), "", 400, "missing_payload"),
        ("documents", Some("application/json"), "[{\"id\": 1}", 400, "malformed_payload"),
        ("documents", Some("application/json"), "\"词\"", 400, "malformed_payload"),
        ("documents", Some("application/x-ndjson"), "{\"id\": 1}\n{\"id\"", 400, "malformed_payload"),
        ("search", Some("application/json"), "{", 400, "malformed_payload"),
        ("search", Some("application/json"), "", 400, "missing_payload"),
        ("search", Some("text/plain"), "{}", 415, "invalid_content_type"),
        ("search", Some("application/json"), "[]", 400, "bad_request"),
    ] {
        let mut request = client.post(format!("{}/indexes/{index}/{path}", rig.url)).bearer_auth(&rig.key).body(body);
        if let Some(media_type) = media_type {
            request = request.header(CONTENT_TYPE, media_type);
        }
        let answer = request.send().await.unwrap();
        let found = answer.status();
        let error: Value = answer.json().await.unwrap();
        assert_eq!(
            (found.as_u16(), error["code"].as_str().unwrap()),
            (status, code),
            "{path} {media_type:?} {body:?}: {error}"
        );
    }
    rig.stop().await;
}

#[tokio::test]
async fn unknown_routes_and_methods_are_not_found_or_not_allowed() {
    let rig = Rig::new().await;
    let missing = rig.raw(Method::GET, "/nothing/here", None).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    let wrong = rig.raw(Method::PUT, "/indexes", Some(&json!({}))).await;
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    rig.stop().await;
}
