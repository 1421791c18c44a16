//! Tenant tokens: what a frontend gets that may see some titles only.
//!
//! A JSON Web Token signed with the text of the search key, with claims as Meilisearch reads them
//! (<https://www.meilisearch.com/docs/learn/security/tenant_token_reference>). The engine adds its filter to every
//! search; nobody but who has the search key can make one, and nobody can widen it.

use contract::PublicationId;
use data_encoding::BASE64URL_NOPAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use super::server::Key;

/// A token that finds only these titles' articles in the index.
pub fn for_publications(
    key: &Key,
    index: &str,
    publications: &[PublicationId],
    expires: Option<Timestamp>,
) -> Option<String> {
    let ids: Vec<_> = publications.iter().map(|id| format!("\"{id}\"")).collect();
    let mut claims = json!({
        "apiKeyUid": key.uid,
        "searchRules": {index: {"filter": format!("publication_id IN [{}]", ids.join(", "))}},
    });
    if let Some(expires) = expires {
        claims["exp"] = expires.as_second().into();
    }
    sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims, &key.key)
}

fn sign(header: &Value, claims: &Value, secret: &str) -> Option<String> {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    // Of every length: there is no secret that HMAC refuses.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    Some(format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_key_and_its_titles() {
        let key = Key {
            uid: "76cf8b87-fd12-4688-ad34-260d930ca4f4".into(),
            key: "secret".into(),
            name: None,
            actions: vec![],
            indexes: vec![],
            expires_at: None,
            created_at: String::new(),
        };
        let titles = ["harbour-daily", "hill-weekly"].map(|id| id.parse().unwrap());
        let token = for_publications(&key, "articles", &titles, Some("2027-01-01T00:00:00Z".parse().unwrap())).unwrap();
        let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["apiKeyUid"], json!(key.uid));
        let rule = json!({"filter": "publication_id IN [\"harbour-daily\", \"hill-weekly\"]"});
        assert_eq!(claims["searchRules"], json!({"articles": rule}));
        assert_eq!(claims["exp"], 1_798_761_600);
    }
}
