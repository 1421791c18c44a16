//! Federated search: one list of hits of several searches.

use crate::rig::{Rig, ids, name};
use reqwest::Method;
use serde_json::{Value, json};

async fn federate(rig: &Rig, body: Value) -> Value {
    let (status, answer) = rig.ask(Method::POST, "/multi-search", Some(body.clone())).await;
    assert_eq!(status, 200, "{body}: {answer}");
    answer
}

/// An index beside that of the articles, with two documents.
async fn with_letters(rig: &Rig) -> String {
    let index = name();
    let settings = json!({"filterableAttributes": ["版", "栏目"], "searchableAttributes": ["标题", "正文"]});
    rig.done(Method::PATCH, &format!("/indexes/{index}/settings"), Some(settings)).await;
    let letters = json!([
        {"id": "b1", "标题": "老桥", "正文": "给编辑部的信:老桥什么时候修?", "版": 4, "栏目": "来信"},
        {"id": "b2", "标题": "回信", "正文": "水渠已经通水。", "版": 8, "栏目": "来信"},
    ]);
    rig.done(Method::POST, &format!("/indexes/{index}/documents?primaryKey=id"), Some(letters)).await;
    index
}

#[tokio::test]
async fn hits_of_several_indexes_come_in_one_list_the_best_first() {
    let rig = Rig::new().await;
    let (articles, letters) = (rig.with_articles().await, with_letters(&rig).await);
    let queries = |weight: f64| {
        json!([
            {"indexUid": articles, "q": "老桥", "attributesToRetrieve": ["id"]},
            {"indexUid": letters, "q": "老桥", "attributesToRetrieve": ["id"], "federationOptions": {"weight": weight}},
        ])
    };
    let found = federate(&rig, json!({"federation": {}, "queries": queries(1.0)})).await;
    assert_eq!(ids(&found), ["b1", "a4", "a1"], "the title that is nothing else fits best");
    assert_eq!((&found["limit"], &found["offset"], &found["estimatedTotalHits"]), (&json!(20), &json!(0), &json!(3)));
    assert!(found["processingTimeMs"].is_u64() && found.get("results").is_none());
    let federation = &found["hits"][0]["_federation"];
    assert_eq!((&federation["indexUid"], &federation["queriesPosition"]), (&json!(letters), &json!(1)));
    let scores = |found: &Value| -> Vec<f64> {
        let hits = found["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["_federation"]["weightedRankingScore"].as_f64().unwrap()).collect()
    };
    assert!(scores(&found).is_sorted_by(|a, b| a >= b), "{found}");

    let lowered = federate(&rig, json!({"federation": {}, "queries": queries(0.1)})).await;
    assert_eq!(ids(&lowered), ["a4", "a1", "b1"]);
    let page = json!({"federation": {"offset": 1, "limit": 1}, "queries": queries(1.0)});
    assert_eq!(ids(&federate(&rig, page).await), ["a4"]);
    for index in [articles, letters] {
        rig.drop_index(&index).await;
    }
    rig.stop().await;
}

#[tokio::test]
async fn a_document_that_two_searches_find_comes_once() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let queries = json!([
        {"indexUid": index, "q": "老桥", "filter": "版 = 4"},
        {"indexUid": index, "q": "老桥", "attributesToHighlight": ["标题"]},
    ]);
    let found = federate(&rig, json!({"federation": {"limit": 10}, "queries": queries})).await;
    assert_eq!(ids(&found), ["a4", "a1"]);
    assert_eq!(found["estimatedTotalHits"], 2);
    let title = found["hits"][1]["_formatted"]["标题"].as_str().unwrap();
    assert!(title.contains("<em>老"), "{title}");
    assert_eq!(found["hits"][1]["_federation"]["queriesPosition"], 1);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn facets_are_counted_by_index_or_added_up() {
    let rig = Rig::new().await;
    let (articles, letters) = (rig.with_articles().await, with_letters(&rig).await);
    let body = |merge: Value| {
        json!({
            "federation": {"facetsByIndex": {&articles: ["版"], &letters: ["版", "栏目"]}, "mergeFacets": merge},
            "queries": [{"indexUid": articles}, {"indexUid": letters}],
        })
    };
    let found = federate(&rig, body(Value::Null)).await;
    assert_eq!(found["facetsByIndex"][&articles]["distribution"], json!({"版": {"1": 2, "2": 1, "4": 2}}));
    assert_eq!(found["facetsByIndex"][&letters]["distribution"]["栏目"], json!({"来信": 2}));
    assert_eq!(found["facetsByIndex"][&letters]["stats"]["版"]["max"].as_f64(), Some(8.0));
    let merged = federate(&rig, body(json!({}))).await;
    assert_eq!(merged["facetDistribution"]["版"], json!({"1": 2, "2": 1, "4": 3, "8": 1}));
    assert_eq!(merged["facetStats"]["版"]["min"].as_f64(), Some(1.0));
    assert!(merged.get("facetsByIndex").is_none());
    let cut = federate(&rig, body(json!({"maxValuesPerFacet": 2}))).await;
    assert_eq!(cut["facetDistribution"]["版"], json!({"1": 2, "2": 1}));
    for index in [articles, letters] {
        rig.drop_index(&index).await;
    }
    rig.stop().await;
}

#[tokio::test]
async fn wrong_federations_have_their_codes() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let one = json!([{"indexUid": index}]);
    for (federation, queries, code) in [
        (json!(7), one.clone(), "bad_request"),
        (json!({"colour": 1}), one.clone(), "bad_request"),
        (json!({"limit": "many"}), one.clone(), "invalid_search_limit"),
        (json!({"facetsByIndex": 1}), one.clone(), "invalid_multi_search_facets_by_index"),
        (json!({"facetsByIndex": {&index: ["标题"]}}), one.clone(), "invalid_search_facets"),
        (json!({"mergeFacets": 1}), one.clone(), "invalid_multi_search_merge_facets"),
        (json!({"mergeFacets": {"maxValuesPerFacet": "x"}}), one, "invalid_multi_search_max_values_per_facet"),
        (json!({}), json!([{"indexUid": index, "limit": 1}]), "invalid_multi_search_query_pagination"),
        (json!({}), json!([{"indexUid": index, "page": 1}]), "invalid_multi_search_query_pagination"),
        (json!({}), json!([{"indexUid": index, "facets": ["版"]}]), "invalid_multi_search_query_facets"),
        (json!({}), json!([{"indexUid": index, "federationOptions": {"weight": -1}}]), "invalid_multi_search_weight"),
        (json!({}), json!([{"indexUid": index, "filter": "日期 = 1"}]), "invalid_search_filter"),
        (json!({}), json!([{"indexUid": "no-such-index"}]), "index_not_found"),
        (Value::Null, json!([{"indexUid": index, "federationOptions": {}}]), "invalid_multi_search_federation_options"),
    ] {
        let body = json!({"federation": federation, "queries": queries});
        let refused = rig.refused(Method::POST, "/multi-search", Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}
