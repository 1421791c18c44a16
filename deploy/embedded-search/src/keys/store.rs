//! The keys of this engine, and who a request comes from.

use super::access::Access;
use super::action::Action;
use super::key::{Key, KeyChange};
use super::token::{self, Verdict};
use crate::engine::meta::Meta;
use crate::error::{Code, Failure, Result};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::Value;
use sha2::Sha256;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The keys: on disk, and in memory, because every request asks.
pub struct Keys {
    meta: Meta,
    master_key: Option<String>,
    known: RwLock<BTreeMap<Uuid, Known>>,
}

struct Known {
    key: Key,
    /// What it is written with, before it is made hexadecimal.
    secret: Vec<u8>,
}

impl Keys {
    /// Reads the keys; makes the default ones where there are none and there is a master key.
    pub fn open(meta: Meta, master_key: Option<String>) -> Result<Self> {
        let mut found = Vec::new();
        {
            let rtxn = meta.read()?;
            for item in meta.keys.iter(&rtxn)? {
                found.push(item?.1);
            }
        }
        let keys = Self { meta, master_key, known: RwLock::default() };
        if found.is_empty() && keys.master_key.is_some() {
            for key in Key::defaults(Timestamp::now()) {
                keys.put(key)?;
            }
        }
        for key in found {
            keys.remember(key);
        }
        Ok(keys)
    }

    /// What a request may do that carries `bearer` and asks for `action`, in the index that its path names if it
    /// names one.
    pub fn authorize(&self, bearer: Option<&str>, action: Action, index: Option<&str>) -> Result<Access> {
        let Some(master_key) = &self.master_key else {
            return match action.is_about_keys() {
                false => Ok(Access::full()),
                true => Err(Failure::new(
                    Code::MissingMasterKey,
                    "Meilisearch is running without a master key. To access this API endpoint, you must have set a \
                     master key at launch.",
                )),
            };
        };
        let Some(bearer) = bearer else {
            return Err(Failure::new(
                Code::MissingAuthorizationHeader,
                "The Authorization header is missing. It must use the bearer authorization method.",
            ));
        };
        // Takes as long for a key that is nearly right as for one that is not.
        if bool::from(bearer.as_bytes().ct_eq(master_key.as_bytes())) {
            return Ok(Access::full());
        }
        let now = Timestamp::now();
        // Searching is all that a tenant token is for.
        let verdict = match action {
            Action::Search => token::read(bearer, |uid| HEXLOWER.encode(&self.secret(uid)), now.as_second()),
            _ => Verdict::NoToken,
        };
        let (key, rules) = match verdict {
            Verdict::Refused(why) => return Err(Failure::new(Code::InvalidApiKey, why)),
            Verdict::Good(uid, rules) => (self.known().get(&uid).map(|known| known.key.clone()), Some(rules)),
            Verdict::NoToken => (self.find_text(bearer), None),
        };
        let key = key.ok_or_else(Failure::invalid_api_key)?;
        let is_token = rules.is_some();
        let access = Access::of(&key, rules, key.allows(Action::IndexesCreate, None, now));
        if let Some(index) = index {
            check_index(&access, &key, is_token, index)?;
        }
        if key.allows(action, index, now) { Ok(access) } else { Err(Failure::invalid_api_key()) }
    }

    /// All keys, newest first.
    pub fn list(&self) -> Vec<Value> {
        let known = self.known();
        let mut keys: Vec<_> = known.values().collect();
        keys.sort_by_key(|known| Reverse(known.key.created_at));
        keys.into_iter().map(Known::view).collect()
    }

    /// One key, by its uid or its text.
    pub fn get(&self, name: &str) -> Result<Value> {
        let uid = self.resolve(name)?;
        self.known().get(&uid).map(Known::view).ok_or_else(|| not_found(name))
    }

    /// Adds a key.
    pub fn create(&self, key: Key) -> Result<Value> {
        let uid = key.uid;
        if self.known().contains_key(&uid) {
            return Err(Failure::new(
                Code::ApiKeyAlreadyExists,
                format!("`uid` field value `{uid}` is already an existing API key."),
            ));
        }
        self.put(key)?;
        self.get(&uid.to_string())
    }

    /// Changes what may be changed about a key.
    pub fn change(&self, name: &str, change: KeyChange) -> Result<Value> {
        let uid = self.resolve(name)?;
        let mut key = self.known().get(&uid).map(|known| known.key.clone()).ok_or_else(|| not_found(name))?;
        change.apply(&mut key, Timestamp::now());
        self.put(key)?;
        self.get(&uid.to_string())
    }

    /// Deletes a key; it opens nothing from now on.
    pub fn delete(&self, name: &str) -> Result<()> {
        let uid = self.resolve(name)?;
        let mut wtxn = self.meta.write()?;
        let was_there = self.meta.keys.delete(&mut wtxn, &uid.to_string())?;
        wtxn.commit()?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&uid);
        if was_there { Ok(()) } else { Err(not_found(name)) }
    }

    fn put(&self, key: Key) -> Result<()> {
        let mut wtxn = self.meta.write()?;
        self.meta.keys.put(&mut wtxn, &key.uid.to_string(), &key)?;
        wtxn.commit()?;
        self.remember(key);
        Ok(())
    }

    fn remember(&self, key: Key) {
        let secret = self.secret(&key.uid);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.uid, Known { key, secret });
    }

    fn known(&self) -> RwLockReadGuard<'_, BTreeMap<Uuid, Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// HMAC-SHA256 of the uid, in small letters with hyphens, under the master key.
    fn secret(&self, uid: &Uuid) -> Vec<u8> {
        let master_key = self.master_key.as_deref().unwrap_or_default();
        match <Hmac<Sha256> as KeyInit>::new_from_slice(master_key.as_bytes()) {
            Ok(mut mac) => {
                mac.update(uid.hyphenated().to_string().as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            // HMAC takes keys of every length.
            Err(_) => Vec::new(),
        }
    }

    fn find_text(&self, text: &str) -> Option<Key> {
        let secret = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().filter(|secret| !secret.is_empty())?;
        let known = self.known();
        let found = known.values().find(|known| bool::from(known.secret.ct_eq(&secret)));
        found.map(|known| known.key.clone())
    }

    fn resolve(&self, name: &str) -> Result<Uuid> {
        match Uuid::parse_str(name) {
            Ok(uid) => Ok(uid),
            Err(_) => self.find_text(name).map(|key| key.uid).ok_or_else(|| not_found(name)),
        }
    }
}

impl Known {
    fn view(&self) -> Value {
        self.key.view(&HEXLOWER.encode(&self.secret))
    }
}

/// A token's indexes are known to who holds it, so the answer may name them; those of its key are not.
fn check_index(access: &Access, key: &Key, is_token: bool, index: &str) -> Result<()> {
    let refuse = |message: String| Err(Failure::new(Code::InvalidApiKey, message));
    if !access.token_covers(index) {
        return refuse(format!("The provided tenant token cannot acces the index `{index}`."));
    }
    if access.key_covers(index) {
        return Ok(());
    }
    if is_token {
        return refuse(format!("The API key used to generate this tenant token cannot acces the index `{index}`."));
    }
    let mut allowed: Vec<_> = key.indexes.iter().map(|pattern| pattern.as_str()).collect();
    allowed.sort_unstable();
    refuse(format!("The API key cannot acces the index `{index}`, authorized indexes are {allowed:?}."))
}

fn not_found(name: &str) -> Failure {
    Failure::new(Code::ApiKeyNotFound, format!("API key `{name}` not found."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(folder: &tempfile::TempDir, master_key: Option<&str>) -> Keys {
        Keys::open(Meta::open(folder.path()).unwrap(), master_key.map(str::to_owned)).unwrap()
    }

    #[test]
    fn the_text_of_a_key_is_what_meilisearch_makes_of_uid_and_master_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(&folder, Some("masterKey-of-a-test"));
        let body = json!({
            "uid": "76cf8b87-fd12-4688-ad34-260d930ca4f4", "actions": ["search"], "indexes": ["*"], "expiresAt": null,
        });
        let key = keys.create(Key::from_body(&body, Timestamp::now()).unwrap()).unwrap();
        // printf %s 76cf8b87-… | openssl dgst -sha256 -hmac masterKey-of-a-test
        assert_eq!(key["key"], "b124b59378ba31b6a5f014c8031f38b8dd549edf2bcb173b7e0f5e4304421ab3");
    }

    #[test]
    fn only_keys_open_and_each_refusal_has_its_code() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(&folder, Some("master"));
        let defaults = keys.list();
        let named = |name: &str| {
            let key = defaults.iter().find(|key| key["name"] == name).unwrap();
            key["key"].as_str().unwrap()
        };
        let [search, admin] = ["Default Search API Key", "Default Admin API Key"].map(named);
        for bearer in ["master", admin] {
            assert!(keys.authorize(Some(bearer), Action::KeysGet, None).is_ok());
        }
        assert!(keys.authorize(Some(search), Action::Search, Some("news")).is_ok());
        for (bearer, action, code) in [
            (None, Action::Search, Code::MissingAuthorizationHeader),
            (Some(""), Action::Search, Code::InvalidApiKey),
            (Some("maste"), Action::Search, Code::InvalidApiKey),
            (Some("a.b.c"), Action::Search, Code::InvalidApiKey),
            (Some(search), Action::DocumentsAdd, Code::InvalidApiKey),
        ] {
            assert_eq!(keys.authorize(bearer, action, None).unwrap_err().code, code, "{bearer:?}");
        }
    }

    #[test]
    fn without_a_master_key_all_is_open_but_keys() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(&folder, None);
        assert!(keys.list().is_empty());
        assert_eq!(keys.authorize(None, Action::DocumentsAdd, Some("news")).unwrap(), Access::full());
        assert_eq!(keys.authorize(None, Action::KeysGet, None).unwrap_err().code, Code::MissingMasterKey);
    }
}
