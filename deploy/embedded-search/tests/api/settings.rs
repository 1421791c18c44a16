//! Settings: defaults, every route, errors, and that they do what they say.

use crate::rig::{Rig, ids, name};
use meilisearch_sdk::settings::Settings;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_index_has_the_defaults_of_meilisearch() {
    let rig = Rig::new().await;
    let index = name();
    rig.done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let settings = rig.get(&format!("/indexes/{index}/settings")).await;
    for (field, default) in [
        ("displayedAttributes", json!(["*"])),
        ("searchableAttributes", json!(["*"])),
        ("filterableAttributes", json!([])),
        ("sortableAttributes", json!([])),
        ("stopWords", json!([])),
        ("nonSeparatorTokens", json!([])),
        ("separatorTokens", json!([])),
        ("dictionary", json!([])),
        ("synonyms", json!({})),
        ("distinctAttribute", Value::Null),
        ("proximityPrecision", json!("byWord")),
        ("faceting", json!({"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}})),
        ("pagination", json!({"maxTotalHits": 1000})),
        ("embedders", json!({})),
        ("searchCutoffMs", Value::Null),
        ("localizedAttributes", Value::Null),
        ("facetSearch", json!(true)),
        ("prefixSearch", json!("indexingTime")),
        (
            "typoTolerance",
            json!({
                "enabled": true, "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
                "disableOnWords": [], "disableOnAttributes": [], "disableOnNumbers": false,
            }),
        ),
    ] {
        assert_eq!(settings[field], default, "{field}");
    }
    // Newer servers have further rules; the old six stand in this order in all of them.
    let rules: Vec<_> = settings["rankingRules"].as_array().unwrap().iter().collect();
    assert_eq!(rules[..3], [&json!("words"), &json!("typo"), &json!("proximity")]);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn every_setting_has_a_route_to_set_read_and_reset_it() {
    let rig = Rig::new().await;
    let index = name();
    rig.done(Method::POST, "/indexes", Some(json!({"uid": index}))).await;
    let settings = format!("/indexes/{index}/settings");
    for (route, method, value, shown) in [
        ("displayed-attributes", Method::PUT, json!(["标题"]), json!(["标题"])),
        ("searchable-attributes", Method::PUT, json!(["标题", "正文"]), json!(["标题", "正文"])),
        (
            "filterable-attributes",
            Method::PUT,
            json!(["版", {"attributePatterns": ["作者.*"], "features": {"facetSearch": false, "filter": {"equality": true, "comparison": false}}}]),
            json!(["版", {"attributePatterns": ["作者.*"], "features": {"facetSearch": false, "filter": {"equality": true, "comparison": false}}}]),
        ),
        ("sortable-attributes", Method::PUT, json!(["字数", "版"]), json!(["字数", "版"])),
        ("ranking-rules", Method::PUT, json!(["words", "sort", "字数:desc"]), json!(["words", "sort", "字数:desc"])),
        ("stop-words", Method::PUT, json!(["的", "了"]), json!(["了", "的"])),
        ("non-separator-tokens", Method::PUT, json!(["@"]), json!(["@"])),
        ("separator-tokens", Method::PUT, json!(["丨"]), json!(["丨"])),
        ("dictionary", Method::PUT, json!(["青湖镇"]), json!(["青湖镇"])),
        ("synonyms", Method::PUT, json!({"蔬菜": ["青菜"]}), json!({"蔬菜": ["青菜"]})),
        ("distinct-attribute", Method::PUT, json!("栏目"), json!("栏目")),
        ("proximity-precision", Method::PUT, json!("byAttribute"), json!("byAttribute")),
        (
            "faceting",
            Method::PATCH,
            json!({"maxValuesPerFacet": 7, "sortFacetValuesBy": {"版": "count"}}),
            json!({"maxValuesPerFacet": 7, "sortFacetValuesBy": {"*": "alpha", "版": "count"}}),
        ),
        ("pagination", Method::PATCH, json!({"maxTotalHits": 50}), json!({"maxTotalHits": 50})),
        ("search-cutoff-ms", Method::PUT, json!(900), json!(900)),
        (
            "localized-attributes",
            Method::PUT,
            json!([{"attributePatterns": ["*"], "locales": ["cmn"]}]),
            json!([{"attributePatterns": ["*"], "locales": ["cmn"]}]),
        ),
        ("facet-search", Method::PUT, json!(false), json!(false)),
        ("prefix-search", Method::PUT, json!("disabled"), json!("disabled")),
        (
            "typo-tolerance",
            Method::PATCH,
            json!({"minWordSizeForTypos": {"oneTypo": 4}, "disableOnWords": ["的"]}),
            json!({"enabled": true, "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 9}, "disableOnWords": ["的"], "disableOnAttributes": [], "disableOnNumbers": false}),
        ),
    ] {
        let path = format!("{settings}/{route}");
        let before = rig.get(&path).await;
        let task = rig.done(method, &path, Some(value)).await;
        assert_eq!(task["type"], "settingsUpdate");
        assert_eq!(sorted(rig.get(&path).await), sorted(shown), "{route}");
        rig.done(Method::DELETE, &path, None).await;
        assert_eq!(rig.get(&path).await, before, "{route} after reset");
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}

/// Sets of words come in any order.
fn sorted(mut value: Value) -> Value {
    if let Value::Array(items) = &mut value
        && items.iter().all(Value::is_string)
    {
        items.sort_by_key(ToString::to_string);
    }
    value
}

#[tokio::test]
async fn all_settings_are_changed_together_and_the_sdk_reads_them() {
    let rig = Rig::new().await;
    let index = rig.client().index(name());
    let settings = Settings::new()
        .with_searchable_attributes(["标题"])
        .with_filterable_attributes(["版"])
        .with_stop_words(["的"])
        .with_distinct_attribute(Some("栏目"));
    let task = index.set_settings(&settings).await.unwrap();
    let task = rig.end(task.get_task_uid().into()).await;
    assert_eq!(task["status"], "succeeded", "{task}");
    assert_eq!(task["details"]["searchableAttributes"], json!(["标题"]));
    let read = index.get_settings().await.unwrap();
    assert_eq!(read.searchable_attributes, Some(vec!["标题".to_owned()]));
    assert_eq!(read.distinct_attribute, Some(Some("栏目".to_owned())));

    rig.done(Method::DELETE, &format!("/indexes/{}/settings", index.uid), None).await;
    let read = index.get_settings().await.unwrap();
    assert_eq!(read.searchable_attributes, Some(vec!["*".to_owned()]));
    assert_eq!(read.stop_words, Some(vec![]));
    rig.drop_index(&index.uid).await;
    rig.stop().await;
}

#[tokio::test]
async fn wrong_settings_are_refused_with_their_codes() {
    let rig = Rig::new().await;
    let index = name();
    for (route, method, value, code) in [
        ("/ranking-rules", Method::PUT, json!(["更好"]), "invalid_settings_ranking_rules"),
        ("/stop-words", Method::PUT, json!("的"), "invalid_settings_stop_words"),
        ("/pagination", Method::PATCH, json!({"maxTotalHits": 0}), "invalid_settings_pagination"),
        ("/synonyms", Method::PUT, json!(["a"]), "invalid_settings_synonyms"),
        (
            "/typo-tolerance",
            Method::PATCH,
            json!({"minWordSizeForTypos": {"oneTypo": 9, "twoTypos": 3}}),
            "invalid_settings_typo_tolerance",
        ),
        ("/proximity-precision", Method::PUT, json!("byLuck"), "invalid_settings_proximity_precision"),
        (
            "/localized-attributes",
            Method::PUT,
            json!([{"attributePatterns": ["*"], "locales": ["xx"]}]),
            "invalid_settings_localized_attributes",
        ),
        ("", Method::PATCH, json!({"pagination": {"maxTotalHits": "many"}}), "invalid_settings_pagination"),
        ("", Method::PATCH, json!({"colour": "red"}), "bad_request"),
    ] {
        let path = format!("/indexes/{index}/settings{route}");
        let refused = rig.refused(method, &path, Some(value)).await;
        assert_eq!(refused, (400, code.to_owned()), "{path}");
    }
    let (status, code) = rig.refused(Method::GET, &format!("/indexes/{index}/settings"), None).await;
    assert_eq!((status, code.as_str()), (404, "index_not_found"));
    rig.stop().await;
}

#[tokio::test]
async fn settings_change_what_is_found() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let settings = format!("/indexes/{index}/settings");
    let search = |q: &str| json!({"q": q});
    assert!(ids(&rig.search(&index, search("青菜")).await).is_empty());
    rig.done(
        Method::PATCH,
        &settings,
        Some(json!({
            "synonyms": {"青菜": ["蔬菜"]},
            "searchableAttributes": ["标题"],
            "displayedAttributes": ["id", "标题"],
        })),
    )
    .await;
    let found = rig.search(&index, search("青菜")).await;
    assert_eq!(ids(&found), ["a3"]);
    assert_eq!(found["hits"][0], json!({"id": "a3", "标题": "冬储蔬菜上市"}));
    // 水渠 stands only in a text that is no longer searched.
    assert!(ids(&rig.search(&index, search("水渠")).await).is_empty());
    let elsewhere = json!({"q": "青湖", "attributesToSearchOn": ["没有"]});
    let refused = rig.refused(Method::POST, &format!("/indexes/{index}/search"), Some(elsewhere)).await;
    assert_eq!(refused, (400, "invalid_search_attributes_to_search_on".to_owned()));
    rig.drop_index(&index).await;
    rig.stop().await;
}
