//! Getting, listing and deleting documents.

use crate::rig::{Rig, name};
use meilisearch_sdk::documents::{DocumentDeletionQuery, DocumentQuery, DocumentsQuery};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn documents_are_listed_by_page_field_filter_and_id() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let path = format!("/indexes/{index}/documents");
    let page = rig.get(&format!("{path}?offset=1&limit=2&fields=id,标题")).await;
    assert_eq!(page["total"], 5);
    assert_eq!(
        page["results"],
        json!([
            {"id": "a2", "标题": "青湖小学的种子图书角"}, {"id": "a3", "标题": "冬储蔬菜上市"},
        ])
    );
    let filtered = rig.get(&format!("{path}?filter=版%20%3D%204&fields=id")).await;
    assert_eq!(filtered["results"], json!([{"id": "a2"}, {"id": "a4"}]));

    let fetch = format!("{path}/fetch");
    let body = json!({"filter": [["版 = 1", "版 = 2"], "栏目 != 经济"], "fields": ["作者.姓名"], "limit": 1});
    let (status, answer) = rig.ask(Method::POST, &fetch, Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["results"], json!([{"作者": {"姓名": "林小满"}}]));
    assert_eq!((&answer["total"], &answer["limit"]), (&json!(2), &json!(1)));
    let (_, answer) = rig.ask(Method::POST, &fetch, Some(json!({"ids": ["a5", "a1", "none"], "fields": ["id"]}))).await;
    assert_eq!(answer["results"], json!([{"id": "a1"}, {"id": "a5"}]));

    let sdk = rig.client().index(&index);
    let one: Value = DocumentQuery::new(&sdk).with_fields(["标题"]).execute("a3").await.unwrap();
    assert_eq!(one, json!({"标题": "冬储蔬菜上市"}));
    let found = DocumentsQuery::new(&sdk).with_filter("栏目 = 副刊").execute::<Value>().await.unwrap();
    assert_eq!(found.total, 1);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn documents_are_deleted_by_id_batch_filter_and_all() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let path = format!("/indexes/{index}/documents");
    let one = rig.done(Method::DELETE, &format!("{path}/a1"), None).await;
    assert_eq!(one["type"], "documentDeletion");
    assert_eq!(one["details"], json!({"providedIds": 1, "deletedDocuments": 1, "originalFilter": null}));

    let batch = rig.done(Method::POST, &format!("{path}/delete-batch"), Some(json!(["a2", "没有", 3]))).await;
    assert_eq!(batch["details"], json!({"providedIds": 3, "deletedDocuments": 1, "originalFilter": null}));

    let sdk = rig.client().index(&index);
    let task = DocumentDeletionQuery::new(&sdk).with_filter("版 = 1").execute::<Value>().await.unwrap();
    let task = rig.end(task.get_task_uid().into()).await;
    assert_eq!(task["details"], json!({"providedIds": 0, "deletedDocuments": 1, "originalFilter": "\"版 = 1\""}));

    let all = rig.done(Method::DELETE, &path, None).await;
    assert_eq!(all["details"]["deletedDocuments"], 2);
    assert_eq!(rig.get(&path).await["total"], 0);
    // Settings stay.
    let filterable = rig.get(&format!("/indexes/{index}/settings/filterable-attributes")).await;
    assert_eq!(filterable.as_array().unwrap().len(), 3);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn wrong_requests_about_documents_have_their_codes() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let path = format!("/indexes/{index}/documents");
    for (method, end, body, status, code) in [
        (Method::GET, "/没有", None, 404, "document_not_found"),
        (Method::GET, "?limit=many", None, 400, "invalid_document_limit"),
        (Method::GET, "?offset=-1", None, 400, "invalid_document_offset"),
        (Method::GET, "?page=1", None, 400, "bad_request"),
        (Method::GET, "?filter=日期%20%3D%201", None, 400, "invalid_document_filter"),
        (Method::GET, "?filter=%3D%3D", None, 400, "invalid_document_filter"),
        (Method::POST, "/delete", Some(json!({})), 400, "missing_document_filter"),
        (Method::POST, "/delete", Some(json!({"filter": ""})), 400, "invalid_document_filter"),
        (Method::POST, "/delete", Some(json!({"filter": "版 =="})), 400, "invalid_document_filter"),
        (Method::POST, "/delete-batch", Some(json!("a1")), 400, "bad_request"),
        (Method::POST, "/fetch", Some(json!({"ids": ["没有"]})), 400, "invalid_document_ids"),
        (Method::POST, "/fetch", Some(json!({"limit": "many"})), 400, "invalid_document_limit"),
    ] {
        let refused = rig.refused(method, &format!("{path}{end}"), body).await;
        assert_eq!(refused, (status, code.to_owned()), "{end}");
    }
    let missing = rig.refused(Method::GET, &format!("/indexes/{}/documents", name()), None).await;
    assert_eq!(missing, (404, "index_not_found".to_owned()));
    // A field that cannot be filtered by is known only when the task runs.
    let task = rig.task(Method::POST, &format!("{path}/delete"), Some(json!({"filter": "日期 = 1"}))).await;
    assert_eq!(task["error"]["code"], "invalid_document_filter", "{task}");
    assert_eq!(task["details"]["deletedDocuments"], 0);
    rig.drop_index(&index).await;
    rig.stop().await;
}
