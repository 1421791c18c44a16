//! Tenant tokens, made from a search key as
//! <https://www.meilisearch.com/docs/learn/security/tenant_token_reference> has it.

use crate::rig::{Rig, ids};
use data_encoding::BASE64URL_NOPAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

struct Tenants {
    rig: Rig,
    index: String,
    key: Value,
}

impl Tenants {
    async fn new() -> Self {
        let rig = Rig::new().await;
        let index = rig.with_articles().await;
        let body = json!({"actions": ["search"], "indexes": [index], "expiresAt": null});
        let (_, key) = rig.ask(Method::POST, "/keys", Some(body)).await;
        Self { rig, index, key }
    }

    /// The engine as the holder of a token with these rules meets it.
    fn holder(&self, rules: Value) -> Rig {
        let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let claims = json!({"apiKeyUid": self.key["uid"], "searchRules": rules});
        let signed = format!("{}.{}", part(json!({"alg": "HS256", "typ": "JWT"})), part(claims));
        let key = self.key["key"].as_str().unwrap().as_bytes();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
        mac.update(signed.as_bytes());
        let signature = BASE64URL_NOPAD.encode(&mac.finalize().into_bytes());
        Rig::at(self.rig.url.clone(), format!("{signed}.{signature}"))
    }

    /// A token that nobody should make, signed with nothing.
    fn forged(&self, header: Value, claims: Value) -> Rig {
        let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        Rig::at(self.rig.url.clone(), format!("{}.{}.{}", part(header), part(claims), part(json!("signature"))))
    }

    async fn stop(self) {
        let path = format!("/keys/{}", self.key["uid"].as_str().unwrap());
        self.rig.raw(Method::DELETE, &path, None).await;
        self.rig.drop_index(&self.index).await;
        self.rig.stop().await;
    }
}

#[tokio::test]
async fn a_tenant_finds_what_its_rule_leaves() {
    let tenants = Tenants::new().await;
    let index = &tenants.index;
    for (rules, query, found) in [
        (json!(["*"]), json!({"q": "老桥"}), vec!["a4", "a1"]),
        (json!({"*": {}}), json!({"q": "老桥"}), vec!["a4", "a1"]),
        (json!({index: null}), json!({"q": "老桥"}), vec!["a4", "a1"]),
        (json!({"*": {"filter": "版 = 4"}}), json!({"q": "老桥"}), vec!["a4"]),
        (json!({"*": {"filter": "版 = 4"}, index: {"filter": ["版 = 1"]}}), json!({"q": "老桥"}), vec!["a1"]),
        (json!({index: {"filter": "版 = 4"}}), json!({"filter": "栏目 = 教育 OR 栏目 = 要闻"}), vec!["a2"]),
        (json!({index: {"filter": ["版 = 4"]}}), json!({"filter": [["栏目 = 教育", "栏目 = 要闻"]]}), vec!["a2"]),
        (json!({index: {"filter": "版 = 4"}}), json!({"filter": "版 = 1"}), vec![]),
    ] {
        let holder = tenants.holder(rules.clone());
        assert_eq!(ids(&holder.search(index, query.clone()).await), found, "{rules} {query}");
    }
    let holder = tenants.holder(json!({index: {"filter": "版 = 4"}}));
    let body = json!({"queries": [{"indexUid": index, "q": "老桥"}]});
    let (_, several) = holder.ask(Method::POST, "/multi-search", Some(body)).await;
    assert_eq!(ids(&several["results"][0]), ["a4"]);
    let values = json!({"facetName": "栏目"});
    let (_, values) = holder.ask(Method::POST, &format!("/indexes/{index}/facet-search"), Some(values)).await;
    assert_eq!(values["facetHits"].as_array().unwrap().len(), 2, "{values}");
    let by_get = holder.get(&format!("/indexes/{index}/search?q=老桥&filter=版%20%3E%200")).await;
    assert_eq!(ids(&by_get), ["a4"]);
    tenants.stop().await;
}

#[tokio::test]
async fn a_token_opens_nothing_but_searching_in_its_indexes() {
    let tenants = Tenants::new().await;
    let index = &tenants.index;
    let search = format!("/indexes/{index}/search");
    let elsewhere = tenants.holder(json!(["other-*"]));
    assert_eq!(elsewhere.refused(Method::POST, &search, Some(json!({}))).await, (403, "invalid_api_key".to_owned()));
    let body = json!({"queries": [{"indexUid": index}]});
    assert_eq!(elsewhere.refused(Method::POST, "/multi-search", Some(body)).await, (403, "invalid_api_key".to_owned()));
    let everywhere = tenants.holder(json!(["*"]));
    for path in [format!("/indexes/{index}/documents"), format!("/indexes/{index}"), "/tasks".into(), "/keys".into()] {
        assert_eq!(everywhere.refused(Method::GET, &path, None).await, (403, "invalid_api_key".to_owned()), "{path}");
    }
    let beyond = everywhere.refused(Method::POST, "/indexes/another-index/search", Some(json!({}))).await;
    assert_eq!(beyond, (403, "invalid_api_key".to_owned()), "its key is for one index only");
    tenants.stop().await;
}

#[tokio::test]
async fn tokens_that_are_old_forged_or_orphaned_are_refused() {
    let tenants = Tenants::new().await;
    let search = format!("/indexes/{}/search", tenants.index);
    let claims = json!({"apiKeyUid": tenants.key["uid"], "searchRules": ["*"]});
    for algorithm in ["none", "HS256", "HS384", "HS512", "RS256"] {
        let forged = tenants.forged(json!({"alg": algorithm, "typ": "JWT"}), claims.clone());
        let refused = forged.refused(Method::POST, &search, Some(json!({}))).await;
        assert_eq!(refused, (403, "invalid_api_key".to_owned()), "{algorithm}");
    }
    let holder = tenants.holder(json!(["*"]));
    assert!(!ids(&holder.search(&tenants.index, json!({})).await).is_empty());
    let path = format!("/keys/{}", tenants.key["uid"].as_str().unwrap());
    tenants.rig.raw(Method::DELETE, &path, None).await;
    let orphaned = holder.refused(Method::POST, &search, Some(json!({}))).await;
    assert_eq!(orphaned, (403, "invalid_api_key".to_owned()), "its key is gone");
    tenants.stop().await;
}
