//! Tasks: their form, finding them, canceling and forgetting them.

use crate::rig::{Rig, name};
use meilisearch_sdk::tasks::{Task, TasksSearchQuery};
use reqwest::Method;
use serde_json::{Value, json};

fn uids(answer: &Value) -> Vec<u64> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|task| task["uid"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_task_has_the_form_of_meilisearch() {
    let rig = Rig::new().await;
    let index = name();
    let task = rig.done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    for field in ["uid", "batchUid"] {
        assert!(task[field].is_u64(), "{field}: {task}");
    }
    for field in ["enqueuedAt", "startedAt", "finishedAt"] {
        let time = task[field].as_str().unwrap();
        assert!(time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    }
    let duration = task["duration"].as_str().unwrap();
    assert!(duration.starts_with("PT") && duration.ends_with('S'), "{duration}");
    assert!(task["error"].is_null() && task["canceledBy"].is_null());

    let failed = rig.task(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    for field in ["message", "code", "type", "link"] {
        assert!(failed["error"][field].is_string(), "{failed}");
    }
    // The client reads both.
    for (task, is_failure) in [(task, false), (failed, true)] {
        let read: Task = serde_json::from_value(task).unwrap();
        assert_eq!(read.is_failure(), is_failure);
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn tasks_are_found_by_every_filter() {
    let rig = Rig::new().await;
    let index = name();
    let path = format!("/indexes/{index}");
    let made = rig.done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let added = rig.done(Method::POST, &format!("{path}/documents"), Some(json!([{"id": 1}]))).await;
    let failed = rig.task(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let [made, added, failed] = [&made, &added, &failed].map(|task| task["uid"].as_u64().unwrap());
    let of_index = format!("/tasks?indexUids={index}");
    assert_eq!(uids(&rig.get(&of_index).await), [failed, added, made]);
    assert_eq!(uids(&rig.get(&format!("{of_index}&reverse=true")).await), [made, added, failed]);
    for (filter, expected) in [
        ("statuses=failed".to_owned(), vec![failed]),
        ("statuses=enqueued,processing".to_owned(), vec![]),
        ("types=documentAdditionOrUpdate".to_owned(), vec![added]),
        (format!("uids={made},{failed}"), vec![failed, made]),
        ("beforeEnqueuedAt=2020-01-01".to_owned(), vec![]),
        ("afterFinishedAt=2020-01-01T00:00:00Z".to_owned(), vec![failed, added, made]),
        ("canceledBy=999999".to_owned(), vec![]),
        (format!("from={added}"), vec![added, made]),
    ] {
        assert_eq!(uids(&rig.get(&format!("{of_index}&{filter}")).await), expected, "{filter}");
    }
    let page = rig.get(&format!("{of_index}&limit=1")).await;
    assert_eq!((&page["total"], &page["limit"]), (&json!(3), &json!(1)));
    assert_eq!((&page["from"], &page["next"]), (&json!(failed), &json!(added)));
    let newest = rig.get("/tasks?limit=2").await;
    assert_eq!(uids(&newest).len(), 2);
    assert_eq!(newest["next"], json!(uids(&newest)[1] - 1));

    let client = rig.client();
    let mut query = TasksSearchQuery::new(&client);
    let found = query.with_index_uids([index.as_str()]).with_limit(2).execute().await.unwrap();
    assert_eq!((found.results.len(), found.total), (2, 3));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn wrong_requests_about_tasks_have_their_codes() {
    let rig = Rig::new().await;
    for (method, path, status, code) in [
        (Method::GET, "/tasks/4000000000", 404, "task_not_found"),
        (Method::GET, "/tasks/one", 400, "invalid_task_uids"),
        (Method::GET, "/tasks?uids=one", 400, "invalid_task_uids"),
        (Method::GET, "/tasks?statuses=done", 400, "invalid_task_statuses"),
        (Method::GET, "/tasks?types=magic", 400, "invalid_task_types"),
        (Method::GET, "/tasks?limit=many", 400, "invalid_task_limit"),
        (Method::GET, "/tasks?from=one", 400, "invalid_task_from"),
        (Method::GET, "/tasks?afterEnqueuedAt=yesterday", 400, "invalid_task_after_enqueued_at"),
        (Method::GET, "/tasks?colour=red", 400, "bad_request"),
        (Method::DELETE, "/tasks", 400, "missing_task_filters"),
        (Method::POST, "/tasks/cancel", 400, "missing_task_filters"),
    ] {
        assert_eq!(rig.refused(method, path, None).await, (status, code.to_owned()), "{path}");
    }
    rig.stop().await;
}

#[tokio::test]
async fn finished_tasks_are_forgotten_on_request() {
    let rig = Rig::new().await;
    let index = name();
    let made = rig.done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let task = rig.done(Method::DELETE, &format!("/tasks?uids={}", made["uid"]), None).await;
    assert_eq!(task["type"], "taskDeletion");
    assert_eq!((&task["details"]["matchedTasks"], &task["details"]["deletedTasks"]), (&json!(1), &json!(1)));
    let gone = rig.refused(Method::GET, &format!("/tasks/{}", made["uid"]), None).await;
    assert_eq!(gone, (404, "task_not_found".to_owned()));
    let none = rig.done(Method::POST, "/tasks/cancel?uids=4000000000", None).await;
    assert_eq!(none["type"], "taskCancelation");
    assert_eq!(none["details"]["canceledTasks"], 0);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn tasks_of_an_index_are_done_in_order() {
    let rig = Rig::new().await;
    let index = name();
    let path = format!("/indexes/{index}/documents");
    let mut last = 0;
    for number in 0..30 {
        let document = json!([{"id": 1, "序": number}]);
        let (_, summary) = rig.ask(Method::POST, &path, Some(document)).await;
        last = summary["taskUid"].as_u64().unwrap();
    }
    rig.end(last).await;
    assert_eq!(rig.get(&format!("{path}/1")).await["序"], 29);
    rig.drop_index(&index).await;
    rig.stop().await;
}
