//! Tenant tokens: a JSON Web Token that somebody who has a search key makes for somebody who may see less.
//!
//! Header and claims are `{"alg": "HS256"}` (or 384, 512) and `{"apiKeyUid", "searchRules", "exp"}`; the secret is the
//! text of the key. Nothing but HMAC is read, so a token cannot choose a weaker check.

use super::pattern::Pattern;
use data_encoding::BASE64URL_NOPAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where a token's holder may search, and what is seen there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Rules {
    /// Everything in these indexes.
    All(Vec<Pattern>),
    /// In these indexes what the rule leaves.
    Each(BTreeMap<Pattern, Option<Rule>>),
}

/// What is left of an index.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rule {
    /// Which documents; none: all.
    pub filter: Option<Value>,
}

/// What reading a bearer as a token came to.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// It is none: it may be a key.
    NoToken,
    /// It is one that does not count, and why.
    Refused(String),
    /// It counts: the key it was made from, and what it leaves.
    Good(Uuid, Rules),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    api_key_uid: Uuid,
    search_rules: Rules,
    exp: Option<i64>,
}

impl Rules {
    /// The indexes.
    pub fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Self::All(patterns) => patterns.iter().collect(),
            Self::Each(rules) => rules.keys().collect(),
        }
    }

    /// The filter of an index: that of the narrowest pattern.
    pub fn filter_of(&self, uid: &str) -> Option<&Value> {
        let Self::Each(rules) = self else {
            return None;
        };
        let narrowest = rules
            .iter()
            .filter(|(pattern, _)| pattern.matches(uid))
            .max_by_key(|(pattern, _)| (pattern.is_exact(), pattern.as_str().len()));
        narrowest.and_then(|(_, rule)| rule.as_ref()?.filter.as_ref())
    }
}

/// Reads a bearer as a token. `secret_of` gives the text of the key with a uid, whether there is such a key or not;
/// `now` is in seconds since 1970.
pub fn read(bearer: &str, secret_of: impl FnOnce(&Uuid) -> String, now: i64) -> Verdict {
    let parts: Vec<&str> = bearer.split('.').collect();
    let [head, body, signature] = parts[..] else {
        return Verdict::NoToken;
    };
    let unreadable = |what: &str| Verdict::Refused(format!("Could not decode tenant token, {what}."));
    let Some(header) = part::<Header>(head) else {
        return unreadable("its header is not readable");
    };
    let Some(claims) = part::<Claims>(body) else {
        return unreadable("its claims are not readable");
    };
    let Ok(signature) = BASE64URL_NOPAD.decode(signature.as_bytes()) else {
        return unreadable("its signature is not base64");
    };
    let secret = secret_of(&claims.api_key_uid);
    let signed = &bearer.as_bytes()[..head.len() + 1 + body.len()];
    let genuine = match header.alg.as_str() {
        "HS256" => is_signed::<Hmac<Sha256>>(secret.as_bytes(), signed, &signature),
        "HS384" => is_signed::<Hmac<Sha384>>(secret.as_bytes(), signed, &signature),
        "HS512" => is_signed::<Hmac<Sha512>>(secret.as_bytes(), signed, &signature),
        _ => return unreadable("its algorithm is none of HS256, HS384, HS512"),
    };
    if !genuine {
        return unreadable("its signature is wrong");
    }
    match claims.exp {
        Some(exp) if now > exp => {
            Verdict::Refused(format!("Tenant token expired. Was valid up to `{exp}` and we're now `{now}`."))
        }
        _ => Verdict::Good(claims.api_key_uid, claims.search_rules),
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
}

/// Compares in constant time.
fn is_signed<M: Mac + KeyInit>(secret: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(secret) else {
        return false;
    };
    mac.update(signed);
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const UID: &str = "76cf8b87-fd12-4688-ad34-260d930ca4f4";

    fn token(header: &Value, claims: &Value, secret: &str) -> String {
        let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let mut mac = <Hmac<Sha512> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
    }

    fn read_at(bearer: &str, now: i64) -> Verdict {
        read(bearer, |_| "secret".to_owned(), now)
    }

    #[test]
    fn a_token_counts_until_it_ends() {
        let claims = json!({"apiKeyUid": UID, "searchRules": ["news*"], "exp": 100});
        let bearer = token(&json!({"alg": "HS512", "typ": "JWT"}), &claims, "secret");
        assert!(matches!(read_at(&bearer, 100), Verdict::Good(..)));
        assert!(matches!(read_at(&bearer, 101), Verdict::Refused(why) if why.contains("expired")));
        let forged = token(&json!({"alg": "HS512"}), &claims, "guess");
        assert!(matches!(read_at(&forged, 1), Verdict::Refused(why) if why.contains("signature")));
    }

    #[test]
    fn what_is_not_signed_with_hmac_does_not_count() {
        let claims = json!({"apiKeyUid": UID, "searchRules": ["*"]});
        for algorithm in ["none", "None", "RS256", "HS256", "hs512"] {
            let bearer = token(&json!({"alg": algorithm}), &claims, "secret");
            assert!(matches!(read_at(&bearer, 1), Verdict::Refused(_)), "{algorithm}");
        }
        let (unsigned, _) = token(&json!({"alg": "HS512"}), &claims, "secret")
            .rsplit_once('.')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert!(matches!(read_at(&format!("{unsigned}."), 1), Verdict::Refused(_)));
        assert_eq!(read_at(&unsigned, 1), Verdict::NoToken);
        assert_eq!(read_at("0123456789abcdef", 1), Verdict::NoToken);
    }

    #[test]
    fn the_narrowest_rule_of_an_index_counts() {
        let rules: Rules = serde_json::from_value(json!({
            "*": {"filter": "a = 1"}, "news*": {"filter": "a = 2"}, "news": {"filter": ["a = 3"]}, "free": null, "open": {},
        }))
        .unwrap();
        for (uid, filter) in [
            ("other", Some(json!("a = 1"))),
            ("news-2", Some(json!("a = 2"))),
            ("news", Some(json!(["a = 3"]))),
            ("free", None),
            ("open", None),
        ] {
            assert_eq!(rules.filter_of(uid), filter.as_ref(), "{uid}");
        }
    }

    proptest! {
        #[test]
        fn no_bearer_panics_and_no_changed_token_counts(text in ".{0,80}", at in 0usize..200, by in 1u8..=255) {
            prop_assert!(!matches!(read_at(&text, 1), Verdict::Good(..)));
            let claims = json!({"apiKeyUid": UID, "searchRules": ["news"]});
            let bearer = token(&json!({"alg": "HS512"}), &claims, "secret");
            let mut bytes = bearer.into_bytes();
            let at = at % bytes.len();
            bytes[at] = bytes[at].wrapping_add(by);
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert!(!matches!(read_at(&changed, 1), Verdict::Good(..)), "{}", changed);
            }
        }
    }
}
