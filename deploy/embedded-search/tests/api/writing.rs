//! Adding documents: forms, keys, replacing and updating, and what is refused.

use crate::rig::{Rig, name};
use meilisearch_sdk::errors::Error;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Article {
    id: u32,
    标题: String,
}

#[tokio::test]
async fn the_sdk_adds_gets_and_lists() {
    let rig = Rig::new().await;
    let index = rig.client().index(name());
    let article = Article { id: 7, 标题: "河灯节".to_owned() };
    let task = index.add_documents(std::slice::from_ref(&article), Some("id")).await.unwrap();
    let task = rig.end(task.get_task_uid().into()).await;
    assert_eq!(task["type"], "documentAdditionOrUpdate");
    assert_eq!(task["details"], json!({"receivedDocuments": 1, "indexedDocuments": 1}));
    assert_eq!(index.get_document::<Article>("7").await.unwrap(), article);
    let listed = index.get_documents::<Article>().await.unwrap();
    assert_eq!((listed.results, listed.total), (vec![article], 1));
    match index.get_document::<Article>("8").await.unwrap_err() {
        Error::Meilisearch(error) => assert_eq!(error.error_code.to_string(), "document_not_found"),
        other => panic!("{other}"),
    }
    rig.drop_index(&index.uid).await;
    rig.stop().await;
}

#[tokio::test]
async fn post_replaces_and_put_updates() {
    let rig = Rig::new().await;
    let index = name();
    let path = format!("/indexes/{index}/documents");
    rig.done(Method::POST, &path, Some(json!([{"id": 1, "标题": "旧", "版": 3}]))).await;
    rig.done(Method::PUT, &path, Some(json!([{"id": 1, "标题": "新"}]))).await;
    assert_eq!(rig.get(&format!("{path}/1")).await, json!({"id": 1, "标题": "新", "版": 3}));
    // One object instead of an array is one document.
    rig.done(Method::POST, &path, Some(json!({"id": 1, "标题": "又新"}))).await;
    assert_eq!(rig.get(&format!("{path}/1")).await, json!({"id": 1, "标题": "又新"}));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn lines_of_json_are_taken() {
    let rig = Rig::new().await;
    let index = name();
    let answer = reqwest::Client::new()
        .post(format!("{}/indexes/{index}/documents", rig.url))
        .bearer_auth(&rig.key)
        .header(CONTENT_TYPE, "application/x-ndjson")
        .body("{\"id\": 1, \"标题\": \"甲\"}\n{\"id\": 2, \"标题\": \"乙\"}\n")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    let summary: Value = answer.json().await.unwrap();
    for field in ["taskUid", "indexUid", "status", "type", "enqueuedAt"] {
        assert!(!summary[field].is_null(), "{summary}");
    }
    let task = rig.end(summary["taskUid"].as_u64().unwrap()).await;
    assert_eq!(task["details"], json!({"receivedDocuments": 2, "indexedDocuments": 2}));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn the_primary_key_is_found_or_the_reason_why_not_told() {
    let rig = Rig::new().await;
    for (documents, code) in [
        (json!([{"标题": "无号"}]), "index_primary_key_no_candidate_found"),
        (json!([{"id": 1, "issue_id": 2}]), "index_primary_key_multiple_candidates_found"),
    ] {
        let index = name();
        let path = format!("/indexes/{index}/documents");
        let task = rig.task(Method::POST, &path, Some(documents)).await;
        assert_eq!((&task["status"], &task["error"]["code"]), (&json!("failed"), &json!(code)), "{task}");
        assert_eq!(task["details"]["indexedDocuments"], 0);
        rig.drop_index(&index).await;
    }
    let index = name();
    let path = format!("/indexes/{index}/documents");
    rig.done(Method::POST, &path, Some(json!([{"article_id": "x", "标题": "有号"}]))).await;
    assert_eq!(rig.get(&format!("/indexes/{index}")).await["primaryKey"], "article_id");
    let other = format!("{path}?primaryKey=标题");
    let task = rig.task(Method::POST, &other, Some(json!([{"标题": "换号"}]))).await;
    assert_eq!(task["error"]["code"], "index_primary_key_already_exists");
    let task = rig.task(Method::POST, &path, Some(json!([{"标题": "缺号"}]))).await;
    assert_eq!(task["error"]["code"], "missing_document_id");
    let task = rig.task(Method::POST, &path, Some(json!([{"article_id": "带 空格"}]))).await;
    assert_eq!(task["error"]["code"], "invalid_document_id");
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn nothing_is_also_a_payload() {
    let rig = Rig::new().await;
    let index = name();
    let task = rig.done(Method::POST, &format!("/indexes/{index}/documents"), Some(json!([]))).await;
    assert_eq!(task["details"], json!({"receivedDocuments": 0, "indexedDocuments": 0}));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn a_bad_document_fails_only_the_task_that_brought_it() {
    let rig = Rig::new().await;
    let index = name();
    let path = format!("/indexes/{index}/documents?primaryKey=id");
    let mut uids = Vec::new();
    for number in 0..9 {
        let document = match number {
            4 => json!([{"id": 400, "标题": "同行"}, {"id": "错 号", "标题": "坏"}]),
            _ => json!([{"id": number, "标题": format!("第{number}条")}]),
        };
        let (_, summary) = rig.ask(Method::POST, &path, Some(document)).await;
        uids.push(summary["taskUid"].as_u64().unwrap());
    }
    for (number, uid) in uids.into_iter().enumerate() {
        let task = rig.end(uid).await;
        if number == 4 {
            assert_eq!(task["error"]["code"], "invalid_document_id", "{task}");
        } else {
            assert_eq!(task["status"], "succeeded", "{task}");
        }
    }
    // The neighbour inside of the bad task goes with it, as on the server.
    let stats = rig.get(&format!("/indexes/{index}/stats")).await;
    assert_eq!(stats["numberOfDocuments"], 8);
    rig.drop_index(&index).await;
    rig.stop().await;
}
