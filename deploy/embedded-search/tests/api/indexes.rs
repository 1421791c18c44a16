//! Indexes: making, listing, changing, deleting.

use crate::rig::{Rig, name};
use meilisearch_sdk::indexes::IndexesQuery;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn an_index_is_made_found_changed_and_deleted() {
    let rig = Rig::new().await;
    let client = rig.client();
    let uid = name();
    let made = client.create_index(&uid, Some("id")).await.unwrap();
    let task = rig.end(made.get_task_uid().into()).await;
    assert_eq!(task["type"], "indexCreation");
    assert_eq!(task["details"], json!({"primaryKey": "id"}));
    assert_eq!(task["indexUid"], json!(uid));

    let index = client.get_index(&uid).await.unwrap();
    assert_eq!(index.primary_key.as_deref(), Some("id"));
    assert!(index.created_at.is_some() && index.updated_at.is_some());

    let twice = rig.task(Method::POST, "/indexes", Some(json!({"uid": uid}))).await;
    assert_eq!(twice["status"], "failed");
    assert_eq!(twice["error"]["code"], "index_already_exists");

    let path = format!("/indexes/{uid}");
    rig.done(Method::PATCH, &path, Some(json!({"primaryKey": "号"}))).await;
    assert_eq!(rig.get(&path).await["primaryKey"], "号");
    rig.done(Method::POST, &format!("{path}/documents"), Some(json!([{"号": 1}]))).await;
    let late = rig.task(Method::PATCH, &path, Some(json!({"primaryKey": "id"}))).await;
    assert_eq!(late["error"]["code"], "index_primary_key_already_exists");

    let deleted = rig.done(Method::DELETE, &path, None).await;
    assert_eq!(deleted["details"], json!({"deletedDocuments": 1}));
    let gone = rig.refused(Method::GET, &path, None).await;
    assert_eq!(gone, (404, "index_not_found".to_owned()));
    let again = rig.task(Method::DELETE, &path, None).await;
    assert_eq!(again["error"]["code"], "index_not_found");
    rig.stop().await;
}

#[tokio::test]
async fn indexes_are_listed_in_pages() {
    let rig = Rig::new().await;
    let client = rig.client();
    let mut names = vec![name(), name(), name()];
    names.sort();
    for uid in &names {
        let made = client.create_index(uid, None).await.unwrap();
        rig.end(made.get_task_uid().into()).await;
    }
    let mut query = IndexesQuery::new(&client);
    let all = query.with_limit(1000).execute().await.unwrap();
    let found: Vec<_> = all.results.iter().map(|index| index.uid.clone()).filter(|uid| names.contains(uid)).collect();
    assert_eq!(found, names);
    let page = rig.get("/indexes?offset=1&limit=1").await;
    assert_eq!(page["results"].as_array().unwrap().len(), 1);
    assert_eq!((&page["offset"], &page["limit"]), (&json!(1), &json!(1)));
    assert!(page["total"].as_u64().unwrap() >= 3);
    for uid in &names {
        rig.drop_index(uid).await;
    }
    rig.stop().await;
}

#[tokio::test]
async fn wrong_requests_about_indexes_have_their_codes() {
    let rig = Rig::new().await;
    for (method, path, body, status, code) in [
        (Method::POST, "/indexes", Some(json!({})), 400, "missing_index_uid"),
        (Method::POST, "/indexes", Some(json!({"uid": "文章"})), 400, "invalid_index_uid"),
        (Method::POST, "/indexes", Some(json!({"uid": 3})), 400, "invalid_index_uid"),
        (Method::POST, "/indexes", Some(json!({"uid": "a", "primaryKey": 1})), 400, "invalid_index_primary_key"),
        (Method::POST, "/indexes", Some(json!({"uid": "a", "key": 1})), 400, "bad_request"),
        (Method::GET, "/indexes/no-such-index", None, 404, "index_not_found"),
        (Method::GET, "/indexes/no-such-index/stats", None, 404, "index_not_found"),
        (Method::GET, "/indexes/a%20b", None, 400, "invalid_index_uid"),
        (Method::PATCH, "/indexes/a", Some(json!({"createdAt": "now"})), 400, "immutable_index_created_at"),
        (Method::GET, "/indexes?limit=many", None, 400, "invalid_index_limit"),
        (Method::GET, "/indexes?offset=-1", None, 400, "invalid_index_offset"),
        (Method::GET, "/indexes?page=1", None, 400, "bad_request"),
    ] {
        let refused = rig.refused(method, path, body).await;
        assert_eq!(refused, (status, code.to_owned()), "{path}");
    }
    rig.stop().await;
}

#[tokio::test]
async fn statistics_count_documents_and_fields() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let stats = rig.client().index(&index).get_stats().await.unwrap();
    assert_eq!(stats.number_of_documents, 5);
    assert_eq!(stats.field_distribution["标题"], 5);
    assert!(stats.raw_document_db_size > 0 && stats.avg_document_size > 0);
    let all = rig.client().get_stats().await.unwrap();
    assert_eq!(all.indexes[&index].number_of_documents, 5);
    assert!(all.database_size > 0 && all.last_update.is_some());
    rig.drop_index(&index).await;
    rig.stop().await;
}
