//! Searching the values of a facet.

use crate::rig::{Rig, name};
use reqwest::Method;
use serde_json::{Value, json};

async fn find(rig: &Rig, index: &str, body: Value) -> Vec<(String, u64)> {
    let (status, answer) = rig.ask(Method::POST, &format!("/indexes/{index}/facet-search"), Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["processingTimeMs"].is_u64());
    let hits = answer["facetHits"].as_array().unwrap();
    hits.iter().map(|hit| (hit["value"].as_str().unwrap().to_owned(), hit["count"].as_u64().unwrap())).collect()
}

async fn with_people(rig: &Rig) -> String {
    let index = name();
    let settings = json!({"filterableAttributes": ["人物", "地名", "版"], "searchableAttributes": ["题"]});
    rig.done(Method::PATCH, &format!("/indexes/{index}/settings"), Some(settings)).await;
    let documents = json!([
        {"id": 1, "题": "渡口早市", "人物": ["林小满", "周望"], "地名": ["青湖镇"], "版": 1},
        {"id": 2, "题": "渡口夜航", "人物": ["林小满", "Anna Berg"], "地名": ["青湖镇", "青石桥"], "版": 2},
        {"id": 3, "题": "山路通车", "人物": ["林大山"], "地名": ["石磨岭"], "版": 2},
    ]);
    rig.done(Method::POST, &format!("/indexes/{index}/documents"), Some(documents)).await;
    index
}

#[tokio::test]
async fn values_are_found_by_how_they_begin_and_counted_by_the_search() {
    let rig = Rig::new().await;
    let index = with_people(&rig).await;
    // The server counts a facet query's length in bytes: two Chinese characters would be granted a typo.
    let typos = format!("/indexes/{index}/settings/typo-tolerance");
    rig.done(Method::PATCH, &typos, Some(json!({"enabled": false}))).await;
    let pairs = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
    };
    for (body, found) in [
        (json!({"facetName": "人物", "facetQuery": "林"}), pairs(&[("林大山", 1), ("林小满", 2)])),
        (json!({"facetName": "人物", "facetQuery": "林小"}), pairs(&[("林小满", 2)])),
        (json!({"facetName": "人物", "facetQuery": "anna"}), pairs(&[("Anna Berg", 1)])),
        (json!({"facetName": "地名", "facetQuery": "青"}), pairs(&[("青湖镇", 2), ("青石桥", 1)])),
        (json!({"facetName": "人物", "facetQuery": "林", "filter": "版 = 1"}), pairs(&[("林小满", 1)])),
        (json!({"facetName": "地名", "facetQuery": "青", "q": "夜航"}), pairs(&[("青湖镇", 1), ("青石桥", 1)])),
        (json!({"facetName": "地名", "facetQuery": "北"}), vec![]),
        // What else a search may have is passed over.
        (json!({"facetName": "地名", "facetQuery": "石", "limit": 1, "sort": 7}), pairs(&[("石磨岭", 1)])),
    ] {
        let mut values = find(&rig, &index, body.clone()).await;
        values.sort();
        let mut found = found;
        found.sort();
        assert_eq!(values, found, "{body}");
    }
    let all = find(&rig, &index, json!({"facetName": "地名", "exhaustiveFacetCount": true})).await;
    assert_eq!(all.len(), 3);
    let order = json!({"sortFacetValuesBy": {"*": "count"}, "maxValuesPerFacet": 1});
    rig.done(Method::PATCH, &format!("/indexes/{index}/settings/faceting"), Some(order)).await;
    assert_eq!(find(&rig, &index, json!({"facetName": "人物", "facetQuery": "林"})).await, pairs(&[("林小满", 2)]));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn wrong_facet_searches_have_their_codes() {
    let rig = Rig::new().await;
    let index = with_people(&rig).await;
    let path = format!("/indexes/{index}/facet-search");
    for (body, code) in [
        (json!([]), "bad_request"),
        (json!({"facetQuery": "林"}), "missing_facet_search_facet_name"),
        (json!({"facetName": 1}), "invalid_facet_search_facet_name"),
        (json!({"facetName": "题"}), "invalid_facet_search_facet_name"),
        (json!({"facetName": "人物", "facetQuery": 1}), "invalid_facet_search_query"),
        (json!({"facetName": "人物", "exhaustiveFacetCount": 1}), "invalid_facet_search_exhaustive_facet_count"),
        (json!({"facetName": "人物", "filter": "题 = 1"}), "invalid_search_filter"),
        (json!({"facetName": "人物", "q": 1}), "invalid_search_q"),
        (json!({"facetName": "人物", "matchingStrategy": "luck"}), "invalid_search_matching_strategy"),
    ] {
        let refused = rig.refused(Method::POST, &path, Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    let missing =
        rig.refused(Method::POST, "/indexes/no-such-index/facet-search", Some(json!({"facetName": "版"}))).await;
    assert_eq!(missing, (404, "index_not_found".to_owned()));
    rig.done(Method::PUT, &format!("/indexes/{index}/settings/facet-search"), Some(json!(false))).await;
    let disabled = rig.refused(Method::POST, &path, Some(json!({"facetName": "人物"}))).await;
    assert_eq!(disabled, (400, "facet_search_disabled".to_owned()));
    rig.drop_index(&index).await;
    rig.stop().await;
}
