//! Indexes that change places.

use crate::rig::{Rig, ids, name};
use reqwest::Method;
use serde_json::{Value, json};

async fn one_document(rig: &Rig, id: &str) -> String {
    let index = name();
    let body = json!([{"id": id, "题": "换岗"}]);
    rig.done(Method::POST, &format!("/indexes/{index}/documents?primaryKey=id"), Some(body)).await;
    index
}

async fn everything(rig: &Rig, index: &str) -> Vec<String> {
    let found = rig.search(index, json!({})).await;
    ids(&found).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn swapped_indexes_have_each_others_documents_settings_and_tasks() {
    let rig = Rig::new().await;
    let (live, fresh) = (one_document(&rig, "old").await, one_document(&rig, "new").await);
    let (c, d) = (one_document(&rig, "c").await, one_document(&rig, "d").await);
    let words = format!("/indexes/{fresh}/settings/stop-words");
    rig.done(Method::PUT, &words, Some(json!(["的"]))).await;
    let tasks = |list: Value| list["total"].as_u64().unwrap();
    // Later versions count the swap itself, too.
    let written = "types=documentAdditionOrUpdate,settingsUpdate";
    let [of_live, of_fresh] = [&live, &fresh].map(|uid| format!("/tasks?{written}&indexUids={uid}"));
    let before = [tasks(rig.get(&of_live).await), tasks(rig.get(&of_fresh).await)];

    let swaps = json!([{"indexes": [live, fresh]}, {"indexes": [c, d]}]);
    let task = rig.done(Method::POST, "/swap-indexes", Some(swaps)).await;
    assert_eq!((&task["type"], &task["indexUid"]), (&json!("indexSwap"), &Value::Null));
    assert_eq!(task["details"]["swaps"][0]["indexes"], json!([live, fresh]));
    for (index, id) in [(&live, "new"), (&fresh, "old"), (&c, "d"), (&d, "c")] {
        assert_eq!(everything(&rig, index).await, [id]);
    }
    assert_eq!(rig.get(&format!("/indexes/{live}/settings/stop-words")).await, json!(["的"]));
    assert_eq!(rig.get(&format!("/indexes/{fresh}/settings/stop-words")).await, json!([]));
    let after = [tasks(rig.get(&of_fresh).await), tasks(rig.get(&of_live).await)];
    assert_eq!(before, after, "what was done to an index stands under the name that it has now");
    assert_eq!(tasks(rig.get(&format!("/tasks?types=indexSwap&uids={}", task["uid"])).await), 1);
    for index in [live, fresh, c, d] {
        rig.drop_index(&index).await;
    }
    rig.stop().await;
}

#[tokio::test]
async fn what_is_sent_before_a_swap_is_done_before_it_and_what_comes_after_goes_where_it_then_belongs() {
    let rig = Rig::new().await;
    let (live, fresh) = (one_document(&rig, "old").await, one_document(&rig, "new").await);
    let path = format!("/indexes/{live}/documents");
    let mut last = 0;
    for round in 0..6 {
        let body = json!([{"id": format!("r{round}"), "题": "轮到你了"}]);
        rig.ask(Method::POST, &path, Some(body)).await;
        let (_, swap) = rig.ask(Method::POST, "/swap-indexes", Some(json!([{"indexes": [fresh, live]}]))).await;
        last = swap["taskUid"].as_u64().unwrap();
    }
    assert_eq!(rig.end(last).await["status"], "succeeded");
    let [mut one, mut other] = [everything(&rig, &live).await, everything(&rig, &fresh).await];
    one.sort();
    other.sort();
    assert_eq!(one, ["old", "r0", "r2", "r4"], "swapped an even number of times");
    assert_eq!(other, ["new", "r1", "r3", "r5"]);
    for index in [live, fresh] {
        rig.drop_index(&index).await;
    }
    rig.stop().await;
}

#[tokio::test]
async fn wrong_swaps_are_refused_and_missing_indexes_fail_the_task_and_move_nothing() {
    let rig = Rig::new().await;
    for (body, code) in [
        (json!("甲"), "bad_request"),
        (json!([{"indexes": "甲"}]), "invalid_swap_indexes"),
        (json!([{"indexes": ["a"]}]), "invalid_swap_indexes"),
        (json!([{"indexes": ["a", "a"]}]), "invalid_swap_duplicate_index_found"),
        (json!([{"indexes": ["a", "b"]}, {"indexes": ["b", "c"]}]), "invalid_swap_duplicate_index_found"),
        (json!([{}]), "missing_swap_indexes"),
    ] {
        let refused = rig.refused(Method::POST, "/swap-indexes", Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    let (a, b) = (one_document(&rig, "a").await, one_document(&rig, "b").await);
    let swaps = json!([{"indexes": [a, b]}, {"indexes": [name(), name()]}]);
    let task = rig.task(Method::POST, "/swap-indexes", Some(swaps)).await;
    assert_eq!((&task["status"], &task["error"]["code"]), (&json!("failed"), &json!("index_not_found")));
    assert_eq!(everything(&rig, &a).await, ["a"]);
    let nothing = rig.done(Method::POST, "/swap-indexes", Some(json!([]))).await;
    assert_eq!(nothing["details"]["swaps"], json!([]));

    let body = json!({"actions": ["indexes.swap"], "indexes": [a], "expiresAt": null});
    let (_, key) = rig.ask(Method::POST, "/keys", Some(body)).await;
    let caller = Rig::at(rig.url.clone(), key["key"].as_str().unwrap().to_owned());
    let beyond = caller.refused(Method::POST, "/swap-indexes", Some(json!([{"indexes": [a, b]}]))).await;
    assert_eq!(beyond, (403, "invalid_api_key".to_owned()), "both must be the key's");
    rig.raw(Method::DELETE, &format!("/keys/{}", key["uid"].as_str().unwrap()), None).await;
    for index in [a, b] {
        rig.drop_index(&index).await;
    }
    rig.stop().await;
}
