//! Searching: words, filters, order, pages, facets, highlighting, scores, several at once, and errors.

use crate::rig::{Rig, ids};
use meilisearch_sdk::search::{SearchQuery, SearchResults, Selectors};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn words_find_articles_and_titles_come_first() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let found = rig.search(&index, json!({"q": "老桥"})).await;
    // In both titles, and earlier in the second.
    assert_eq!(ids(&found), ["a4", "a1"]);
    assert_eq!(found["query"], "老桥");
    assert_eq!((&found["offset"], &found["limit"]), (&json!(0), &json!(20)));
    assert_eq!(found["estimatedTotalHits"], 2);
    assert!(found["processingTimeMs"].is_u64());
    // A word of two characters is not granted a typo: 气象 stands in an article, 气候 does not.
    assert_eq!(ids(&rig.search(&index, json!({"q": "气象"})).await), ["a5"]);
    assert!(ids(&rig.search(&index, json!({"q": "气候"})).await).is_empty());
    assert_eq!(ids(&rig.search(&index, json!({})).await).len(), 5);
    let by_get = rig.get(&format!("/indexes/{index}/search?q=老桥&limit=1&attributesToRetrieve=id")).await;
    assert_eq!(by_get["hits"], json!([{"id": "a4"}]));

    let sdk = rig.client().index(&index);
    let results: SearchResults<Value> = SearchQuery::new(&sdk)
        .with_query("蔬菜")
        .with_attributes_to_highlight(Selectors::Some(&["标题"]))
        .with_filter("版 = 2")
        .execute()
        .await
        .unwrap();
    assert_eq!(results.hits.len(), 1);
    let formatted = results.hits[0].formatted_result.as_ref().unwrap();
    assert_eq!(formatted["标题"], "冬储<em>蔬菜</em>上市");
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn a_long_latin_word_is_granted_a_typo_and_a_chinese_one_is_not() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let documents = json!([{"id": "l1", "标题": "Meilisearch 入门"}, {"id": "l2", "标题": "拍卖公告"}]);
    rig.done(Method::POST, &format!("/indexes/{index}/documents"), Some(documents)).await;
    assert_eq!(ids(&rig.search(&index, json!({"q": "meilisearsh"})).await), ["l1"]);
    assert!(ids(&rig.search(&index, json!({"q": "拍卖公报", "matchingStrategy": "all"})).await).is_empty());
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn filters_order_and_distinct_narrow_and_arrange() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    for (query, expected) in [
        (json!({"filter": "版 = 4"}), vec!["a2", "a4"]),
        (json!({"filter": ["版 > 1", ["栏目 = 经济", "栏目 = 副刊"]]}), vec!["a3", "a4"]),
        (json!({"filter": "栏目 IN [教育, 经济] AND NOT 版 = 2"}), vec!["a2"]),
        (json!({"sort": ["字数:desc"]}), vec!["a4", "a1", "a3", "a2", "a5"]),
        (json!({"sort": ["版:asc", "字数:asc"]}), vec!["a5", "a1", "a3", "a2", "a4"]),
        (json!({"distinct": "版", "sort": ["字数:desc"]}), vec!["a4", "a1", "a3"]),
        (json!({"q": "青湖 水渠", "matchingStrategy": "all"}), vec!["a1"]),
        (json!({"q": "水渠", "attributesToSearchOn": ["标题"]}), vec![]),
        (json!({"q": "青湖镇", "locales": ["cmn"], "filter": "版 = 1"}), vec!["a1"]),
    ] {
        assert_eq!(ids(&rig.search(&index, query.clone()).await), expected, "{query}");
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn pages_have_exact_totals_and_end_at_the_bound() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let page = rig.search(&index, json!({"page": 2, "hitsPerPage": 2})).await;
    assert_eq!(ids(&page).len(), 2);
    for (field, value) in [("page", 2), ("hitsPerPage", 2), ("totalHits", 5), ("totalPages", 3)] {
        assert_eq!(page[field], value, "{field}");
    }
    assert!(page.get("estimatedTotalHits").is_none());
    let none = rig.search(&index, json!({"hitsPerPage": 0})).await;
    assert_eq!((ids(&none).len(), &none["totalHits"]), (0, &json!(5)));
    let offset = rig.search(&index, json!({"offset": 4, "limit": 3})).await;
    assert_eq!(ids(&offset).len(), 1);

    let path = format!("/indexes/{index}/settings/pagination");
    rig.done(Method::PATCH, &path, Some(json!({"maxTotalHits": 3}))).await;
    let bound = rig.search(&index, json!({"page": 2, "hitsPerPage": 2})).await;
    // Whether the bound also caps the totals differs between builds of the server.
    assert_eq!(ids(&bound).len(), 1);
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn facets_are_counted_and_measured() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let found = rig.search(&index, json!({"facets": ["栏目", "版"]})).await;
    assert_eq!(found["facetDistribution"]["栏目"], json!({"要闻": 2, "教育": 1, "经济": 1, "副刊": 1}));
    assert_eq!(found["facetDistribution"]["版"], json!({"1": 2, "2": 1, "4": 2}));
    let stats = &found["facetStats"]["版"];
    assert_eq!((stats["min"].as_f64(), stats["max"].as_f64()), (Some(1.0), Some(4.0)));
    // Later versions than the engine's take no pattern here.
    let all = if rig.is_embedded() { json!(["*"]) } else { json!(["栏目", "版"]) };
    let all = rig.search(&index, json!({"q": "青湖", "facets": all})).await;
    assert_eq!(all["facetDistribution"]["版"], json!({"1": 1, "4": 2}));
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn hits_show_what_is_asked_for_marked_and_shortened() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let found = rig
        .search(
            &index,
            json!({
                "q": "白菜", "attributesToRetrieve": ["id", "作者.姓名"], "attributesToHighlight": ["*"],
                "attributesToCrop": ["正文:4"], "cropMarker": "~", "highlightPreTag": "[", "highlightPostTag": "]",
                "showMatchesPosition": true,
            }),
        )
        .await;
    let hit = &found["hits"][0];
    assert_eq!((&hit["id"], &hit["作者"]), (&json!("a3"), &json!({"姓名": "林小满"})));
    assert!(hit.get("正文").is_none());
    let cropped = hit["_formatted"]["正文"].as_str().unwrap();
    assert!(cropped.contains("[白菜]") && cropped.contains('~'), "{cropped}");
    assert!(cropped.chars().count() < 20, "{cropped}");
    // Numbers become text where they are formatted.
    assert_eq!(hit["_formatted"]["版"], "2");
    assert_eq!(hit["_formatted"]["标题"], "冬储蔬菜上市");
    let text = "批发市场的冬储蔬菜价格平稳,白菜";
    let position = &hit["_matchesPosition"]["正文"][0];
    assert_eq!(position["start"], text.len() - "白菜".len());
    assert_eq!(position["length"], "白菜".len());

    let plain = rig.search(&index, json!({"q": "白菜"})).await;
    assert!(plain["hits"][0].get("_formatted").is_none());
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn scores_are_shown_and_bound() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let query = json!({"q": "老桥", "showRankingScore": true, "showRankingScoreDetails": true});
    let found = rig.search(&index, query).await;
    let scores: Vec<_> =
        found["hits"].as_array().unwrap().iter().map(|hit| hit["_rankingScore"].as_f64().unwrap()).collect();
    assert!(scores[0] >= scores[1] && scores[0] <= 1.0, "{scores:?}");
    let details = &found["hits"][0]["_rankingScoreDetails"];
    assert_eq!(details["words"]["order"], 0);
    assert!(details["typo"]["score"].is_number());
    let strict = rig.search(&index, json!({"q": "青湖 水渠 大风", "rankingScoreThreshold": 0.9})).await;
    assert!(ids(&strict).is_empty());
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn several_searches_are_answered_together() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let body = json!({"queries": [
        {"indexUid": index, "q": "老桥"},
        {"indexUid": index, "filter": "版 = 2", "attributesToRetrieve": ["id"]},
    ]});
    let (status, answer) = rig.ask(Method::POST, "/multi-search", Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results[0]["indexUid"], json!(index));
    assert_eq!(ids(&results[0]), ["a4", "a1"]);
    assert_eq!(results[1]["hits"], json!([{"id": "a3"}]));

    let client = rig.client();
    let sdk = client.index(&index);
    let [mut one, mut two] = [SearchQuery::new(&sdk), SearchQuery::new(&sdk)];
    let found = client
        .multi_search()
        .with_search_query(one.with_query("蔬菜").build())
        .with_search_query(two.with_query("大风").build())
        .execute::<Value>()
        .await
        .unwrap();
    assert_eq!(found.results.len(), 2);

    for (body, status, code) in [
        (json!({"queries": [{"indexUid": "no-such-index"}]}), 400, "index_not_found"),
        (json!({"queries": [{"q": "x"}]}), 400, "missing_index_uid"),
        (json!({"queries": [{"indexUid": index, "limit": "many"}]}), 400, "invalid_search_limit"),
        (json!({"queries": [{"indexUid": index, "filter": "日期 = 1"}]}), 400, "invalid_search_filter"),
        (json!({}), 400, "bad_request"),
    ] {
        let refused = rig.refused(Method::POST, "/multi-search", Some(body.clone())).await;
        assert_eq!(refused, (status, code.to_owned()), "{body}");
    }
    rig.drop_index(&index).await;
    rig.stop().await;
}

#[tokio::test]
async fn wrong_searches_have_their_codes() {
    let rig = Rig::new().await;
    let index = rig.with_articles().await;
    let path = format!("/indexes/{index}/search");
    for (body, code) in [
        (json!({"colour": "red"}), "bad_request"),
        (json!({"q": 3}), "invalid_search_q"),
        (json!({"limit": -1}), "invalid_search_limit"),
        (json!({"offset": "many"}), "invalid_search_offset"),
        (json!({"page": "one"}), "invalid_search_page"),
        (json!({"filter": "日期 = 1"}), "invalid_search_filter"),
        (json!({"filter": "版 =="}), "invalid_search_filter"),
        (json!({"filter": {"版": 1}}), "invalid_search_filter"),
        (json!({"sort": ["标题:asc"]}), "invalid_search_sort"),
        (json!({"sort": ["字数"]}), "invalid_search_sort"),
        (json!({"facets": ["标题"]}), "invalid_search_facets"),
        (json!({"distinct": "标题"}), "invalid_search_distinct"),
        (json!({"matchingStrategy": "luck"}), "invalid_search_matching_strategy"),
        (json!({"rankingScoreThreshold": 2}), "invalid_search_ranking_score_threshold"),
        (json!({"locales": ["xx"]}), "invalid_search_locales"),
        (json!({"cropLength": "long"}), "invalid_search_crop_length"),
        (json!({"vector": [1.0]}), "missing_search_hybrid"),
    ] {
        let refused = rig.refused(Method::POST, &path, Some(body.clone())).await;
        assert_eq!(refused, (400, code.to_owned()), "{body}");
    }
    let missing = rig.refused(Method::POST, "/indexes/no-such-index/search", Some(json!({}))).await;
    assert_eq!(missing, (404, "index_not_found".to_owned()));
    let by_get = rig.refused(Method::GET, &format!("{path}?limit=many"), None).await;
    assert_eq!(by_get, (400, "invalid_search_limit".to_owned()));
    rig.drop_index(&index).await;
    rig.stop().await;
}
