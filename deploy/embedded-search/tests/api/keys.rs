//! API keys: made, read, changed, deleted, and what each of them opens.

use crate::rig::{Rig, articles, name};
use meilisearch_sdk::key::{Action, KeyBuilder};
use reqwest::Method;
use serde_json::{Value, json};

/// A key of the test's own.
async fn make(rig: &Rig, actions: Value, indexes: Value) -> Value {
    let body = json!({"actions": actions, "indexes": indexes, "expiresAt": null});
    let (status, key) = rig.ask(Method::POST, "/keys", Some(body)).await;
    assert_eq!(status, 201, "{key}");
    key
}

/// The same engine, spoken to with another key.
fn with(rig: &Rig, key: &Value) -> Rig {
    Rig::at(rig.url.clone(), key["key"].as_str().unwrap().to_owned())
}

async fn delete(rig: &Rig, key: &Value) {
    let path = format!("/keys/{}", key["uid"].as_str().unwrap());
    assert_eq!(rig.raw(Method::DELETE, &path, None).await.status(), 204);
}

#[tokio::test]
async fn keys_are_made_listed_renamed_and_deleted() {
    let rig = Rig::new().await;
    let body = json!({
        "name": "读者", "description": "只能检索", "actions": ["search", "documents.*"], "indexes": ["news*"],
        "expiresAt": "2999-01-01",
    });
    let (status, key) = rig.ask(Method::POST, "/keys", Some(body)).await;
    assert_eq!(status, 201, "{key}");
    assert_eq!((&key["name"], &key["actions"]), (&json!("读者"), &json!(["search", "documents.*"])));
    assert_eq!((&key["indexes"], &key["expiresAt"]), (&json!(["news*"]), &json!("2999-01-01T00:00:00Z")));
    let text = key["key"].as_str().unwrap();
    assert!(text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
    let uid = key["uid"].as_str().unwrap();

    assert_eq!(rig.get(&format!("/keys/{uid}")).await, key);
    assert_eq!(rig.get(&format!("/keys/{text}")).await, key, "by its text, too");
    let list = rig.get("/keys?limit=1000").await;
    let all = list["results"].as_array().unwrap();
    assert!(all.contains(&key) && list["offset"] == 0 && list["limit"] == 1000, "{list}");
    assert_eq!(list["total"], all.len());
    for default in ["Default Search API Key", "Default Admin API Key"] {
        assert!(all.iter().any(|key| key["name"] == default), "{default}");
    }
    assert_eq!(rig.get("/keys?limit=1&offset=1").await["results"].as_array().unwrap().len(), 1);

    let change = json!({"name": null, "description": "谁都可以看"});
    let (status, changed) = rig.ask(Method::PATCH, &format!("/keys/{text}"), Some(change)).await;
    assert_eq!((status.as_u16(), &changed["name"], &changed["description"]), (200, &Value::Null, &json!("谁都可以看")));
    assert_eq!((&changed["key"], &changed["actions"]), (&key["key"], &key["actions"]));

    delete(&rig, &key).await;
    for (method, body) in [(Method::GET, None), (Method::DELETE, None), (Method::PATCH, Some(json!({})))] {
        let gone = rig.refused(method, &format!("/keys/{uid}"), body).await;
        assert_eq!(gone, (404, "api_key_not_found".to_owned()));
    }
    rig.stop().await;
}

#[tokio::test]
async fn the_client_makes_and_uses_keys() {
    let rig = Rig::new().await;
    let client = rig.client();
    let key =
        KeyBuilder::new().with_action(Action::IndexesGet).with_index("*").with_name("目录").execute(&client).await;
    let mut key = key.unwrap();
    key.with_description("只看有哪些库");
    let key = key.update(&client).await.unwrap();
    assert_eq!(key.description.as_deref(), Some("只看有哪些库"));
    let reader = meilisearch_sdk::client::Client::new(&rig.url, Some(&key.key)).unwrap();
    reader.list_all_indexes().await.unwrap();
    assert!(reader.get_version().await.is_err());
    assert!(client.get_keys().await.unwrap().results.iter().any(|one| one.uid == key.uid));
    client.delete_key(&key).await.unwrap();
    assert!(reader.list_all_indexes().await.is_err(), "a deleted key opens nothing");
    rig.stop().await;
}

#[tokio::test]
async fn wrong_keys_have_their_codes() {
    let rig = Rig::new().await;
    let good = json!({"actions": ["search"], "indexes": ["*"], "expiresAt": null});
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    for (body, code) in [
        (json!([]), "bad_request"),
        (with("colour", json!("red")), "bad_request"),
        (without("actions"), "missing_api_key_actions"),
        (without("indexes"), "missing_api_key_indexes"),
        (without("expiresAt"), "missing_api_key_expires_at"),
        (with("actions", json!("search")), "invalid_api_key_actions"),
        (with("actions", json!(["doc.add"])), "invalid_api_key_actions"),
        (with("indexes", json!(["文章"])), "invalid_api_key_indexes"),
        (with("indexes", json!({"a": 1})), "invalid_api_key_indexes"),
        (with("expiresAt", json!("明天")), "invalid_api_key_expires_at"),
        (with("expiresAt", json!("2010-11-13T00:00:00Z")), "invalid_api_key_expires_at"),
        (with("name", json!(1)), "invalid_api_key_name"),
        (with("description", json!(["x"])), "invalid_api_key_description"),
        (with("uid", json!("aaaaabbbbbccc")), "invalid_api_key_uid"),
    ] {
        let refused = rig.refused(Method::POST, "/keys", Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    let key = make(&rig, json!(["search"]), json!(["*"])).await;
    let again = rig.refused(Method::POST, "/keys", Some(with("uid", key["uid"].clone()))).await;
    assert_eq!(again, (409, "api_key_already_exists".to_owned()));
    let path = format!("/keys/{}", key["uid"].as_str().unwrap());
    for (body, code) in [
        (json!({"actions": ["*"]}), "immutable_api_key_actions"),
        (json!({"indexes": ["*"]}), "immutable_api_key_indexes"),
        (json!({"expiresAt": null}), "immutable_api_key_expires_at"),
        (json!({"uid": "x"}), "immutable_api_key_uid"),
        (json!({"name": 1}), "invalid_api_key_name"),
        (json!({"colour": 1}), "bad_request"),
    ] {
        let refused = rig.refused(Method::PATCH, &path, Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    for (query, code) in [("limit=many", "invalid_api_key_limit"), ("offset=-1", "invalid_api_key_offset")] {
        assert_eq!(rig.refused(Method::GET, &format!("/keys?{query}"), None).await, (400, code.to_owned()));
    }
    delete(&rig, &key).await;
    rig.stop().await;
}

#[tokio::test]
async fn a_key_opens_its_actions_on_its_indexes_and_nothing_else() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let other = rig.with_articles().await;
    let routes = [
        ("search", Method::POST, format!("/indexes/{index}/search"), Some(json!({"q": "老桥"}))),
        ("search", Method::GET, format!("/indexes/{index}/search?q=老桥"), None),
        ("search", Method::POST, format!("/indexes/{index}/facet-search"), Some(json!({"facetName": "栏目"}))),
        ("search", Method::POST, "/multi-search".into(), Some(json!({"queries": [{"indexUid": index}]}))),
        ("documents.get", Method::GET, format!("/indexes/{index}/documents"), None),
        ("documents.get", Method::GET, format!("/indexes/{index}/documents/a1"), None),
        ("documents.get", Method::POST, format!("/indexes/{index}/documents/fetch"), Some(json!({}))),
        ("documents.add", Method::POST, format!("/indexes/{index}/documents"), Some(articles())),
        ("documents.add", Method::PUT, format!("/indexes/{index}/documents"), Some(articles())),
        ("documents.delete", Method::DELETE, format!("/indexes/{index}/documents/none"), None),
        ("documents.delete", Method::POST, format!("/indexes/{index}/documents/delete-batch"), Some(json!(["none"]))),
        ("settings.get", Method::GET, format!("/indexes/{index}/settings"), None),
        ("settings.get", Method::GET, format!("/indexes/{index}/settings/synonyms"), None),
        ("settings.update", Method::PATCH, format!("/indexes/{index}/settings"), Some(json!({}))),
        ("settings.update", Method::PUT, format!("/indexes/{index}/settings/stop-words"), Some(json!([]))),
        ("indexes.get", Method::GET, format!("/indexes/{index}"), None),
        ("indexes.get", Method::GET, "/indexes".into(), None),
        ("indexes.create", Method::POST, "/indexes".into(), Some(json!({"uid": index}))),
        ("indexes.update", Method::PATCH, format!("/indexes/{index}"), Some(json!({"primaryKey": "id"}))),
        ("stats.get", Method::GET, format!("/indexes/{index}/stats"), None),
        ("stats.get", Method::GET, "/stats".into(), None),
        ("tasks.get", Method::GET, "/tasks".into(), None),
        ("tasks.cancel", Method::POST, "/tasks/cancel?uids=0".into(), None),
    ];
    for action in ["search", "documents.get", "documents.add", "documents.delete", "settings.get", "settings.update"]
        .into_iter()
        .chain(["indexes.get", "indexes.create", "indexes.update", "stats.get", "tasks.get", "tasks.cancel"])
    {
        let key = make(&rig, json!([action]), json!([index])).await;
        let caller = with(&rig, &key);
        for (needed, method, path, body) in &routes {
            let (status, answer) = caller.ask(method.clone(), path, body.clone()).await;
            if *needed == action {
                assert!(status.is_success(), "{action} {method} {path}: {status} {answer}");
            } else {
                assert_eq!((status.as_u16(), &answer["code"]), (403, &json!("invalid_api_key")), "{action} {path}");
            }
            let elsewhere = path.replace(&index, &other);
            if elsewhere != *path {
                let (status, answer) = caller.ask(method.clone(), &elsewhere, body.clone()).await;
                assert_eq!((status.as_u16(), &answer["code"]), (403, &json!("invalid_api_key")), "{elsewhere}");
            }
        }
        delete(&rig, &key).await;
    }
    rig.drop_index(&index).await;
    rig.drop_index(&other).await;
    rig.stop().await;
}

#[tokio::test]
async fn lists_show_what_the_key_may_see() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let other = rig.with_articles().await;
    let foreign = rig.get(&format!("/tasks?indexUids={other}&limit=1")).await["results"][0]["uid"].clone();
    let key = make(&rig, json!(["*"]), json!([format!("{}*", &index[..index.len() - 1]), index])).await;
    let key_of_one = make(&rig, json!(["*"]), json!([index])).await;
    for key in [&key, &key_of_one] {
        let caller = with(&rig, key);
        let uids = |list: Value| -> Vec<String> {
            list["results"].as_array().unwrap().iter().map(|one| one["uid"].as_str().unwrap().to_owned()).collect()
        };
        assert!(uids(caller.get("/indexes?limit=1000").await).contains(&index));
        assert!(caller.get("/stats").await["indexes"].get(&index).is_some());
        assert!(caller.get("/tasks").await["total"].as_u64().unwrap() >= 2);
    }
    let caller = with(&rig, &key_of_one);
    assert_eq!(caller.get("/indexes").await["total"], 1);
    assert_eq!(caller.get("/stats").await["indexes"].as_object().unwrap().len(), 1);
    let tasks = caller.get("/tasks?limit=1000").await;
    assert!(tasks["results"].as_array().unwrap().iter().all(|task| task["indexUid"] == json!(index)), "{tasks}");
    let hidden = caller.refused(Method::GET, &format!("/tasks/{foreign}"), None).await;
    assert_eq!(hidden, (404, "task_not_found".to_owned()));
    assert_eq!(caller.refused(Method::GET, "/version", None).await.1, "invalid_api_key", "that is about the server");
    assert_eq!(caller.refused(Method::GET, "/keys", None).await.1, "invalid_api_key");
    let canceled = rig
        .end(caller.ask(Method::DELETE, &format!("/tasks?uids={foreign}"), None).await.1["taskUid"].as_u64().unwrap())
        .await;
    assert_eq!(canceled["details"]["deletedTasks"], 0, "tasks of other indexes are not its to delete");
    for key in [key, key_of_one] {
        delete(&rig, &key).await;
    }
    rig.drop_index(&index).await;
    rig.drop_index(&other).await;
    rig.stop().await;
}

#[tokio::test]
async fn without_leave_to_make_indexes_documents_make_none() {
    let rig = Rig::new().await;
    let index = name();
    let path = format!("/indexes/{index}/documents?primaryKey=id");
    let writer = make(&rig, json!(["documents.add", "tasks.get"]), json!([index])).await;
    let maker = make(&rig, json!(["documents.add", "indexes.create", "tasks.get"]), json!([index])).await;
    let task = with(&rig, &writer).task(Method::POST, &path, Some(articles())).await;
    assert_eq!(task["error"]["code"], "index_not_found", "{task}");
    with(&rig, &maker).done(Method::POST, &path, Some(articles())).await;
    with(&rig, &writer).done(Method::POST, &path, Some(articles())).await;
    let elsewhere = with(&rig, &maker).refused(Method::POST, "/indexes", Some(json!({"uid": name()}))).await;
    assert_eq!(elsewhere, (403, "invalid_api_key".to_owned()));
    for key in [writer, maker] {
        delete(&rig, &key).await;
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}
