//! The search engine's keys, through its own API and with its master key.

use std::time::Duration;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::role::Role;
use crate::intake_client::root_cause;
use crate::report::Problem;
use crate::web;

const ANSWER: Duration = Duration::from_secs(30);
const PAGE: usize = 200;

/// A key, as the engine tells of it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// Its id.
    pub uid: String,
    /// Its text; not to be shown with the rest.
    #[serde(skip_serializing)]
    pub key: String,
    /// For people.
    pub name: Option<String>,
    /// What it allows.
    pub actions: Vec<String>,
    /// In which indexes.
    pub indexes: Vec<String>,
    /// Until when.
    pub expires_at: Option<String>,
    /// Since when.
    pub created_at: String,
}

impl Key {
    /// Whether it is the one of this role for this index, whatever it allows.
    fn is_named(&self, role: Role, index: &str) -> bool {
        self.name.as_deref() == Some(&role.name()) && self.indexes == role.indexes(index)
    }

    /// Whether it is that and allows what it should, no more, for ever.
    fn serves(&self, role: Role, index: &str) -> bool {
        let mut allowed: Vec<_> = self.actions.iter().map(String::as_str).collect();
        let mut wanted = role.actions().to_vec();
        allowed.sort_unstable();
        wanted.sort_unstable();
        self.is_named(role, index) && allowed == wanted && self.expires_at.is_none()
    }
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Key>,
    total: usize,
}

/// The engine, seen by who has its master key.
///
/// Several engines with one master key: a key is made at the first and then at the others under the same id, which makes
/// its text the same, so that frontends and services need one for all.
pub struct KeyServer {
    http: reqwest::Client,
    url: String,
    others: Vec<String>,
    master_key: String,
}

impl KeyServer {
    /// At these addresses, parted by commas. Connects to nothing yet.
    pub fn new(urls: &str, master_key: String) -> Result<Self, Problem> {
        let http = web::client()
            .timeout(ANSWER)
            .build()
            .map_err(|error| Problem::internal(format!("http client: {error}")))?;
        let mut urls = addresses(urls);
        let url = urls.next().ok_or_else(|| Problem::settings("no address of a search engine is given"))?;
        Ok(Self { http, url, others: urls.collect(), master_key })
    }

    /// The same at one of the other addresses.
    fn at(&self, url: &str) -> Self {
        let (http, master_key) = (self.http.clone(), self.master_key.clone());
        Self { http, url: url.to_owned(), others: Vec::new(), master_key }
    }

    /// All keys of the first engine, newest first.
    pub async fn list(&self) -> Result<Vec<Key>, Problem> {
        let mut keys = Vec::new();
        loop {
            let path = format!("/keys?limit={PAGE}&offset={}", keys.len());
            let page: Page = self.read(self.ask(Method::GET, &path, None).await?)?;
            let came = page.results.len();
            keys.extend(page.results);
            if came == 0 || keys.len() >= page.total {
                return Ok(keys);
            }
        }
    }

    /// The key of a role: the one that is there, or a new one.
    pub async fn ensure(&self, known: &[Key], role: Role, index: &str) -> Result<Key, Problem> {
        let key = match known.iter().find(|key| key.serves(role, index)) {
            Some(key) => key.clone(),
            None => self.create_here(role, index, None).await?,
        };
        self.create_there(role, index, &key).await?;
        Ok(key)
    }

    /// A new key of a role.
    pub async fn create(&self, role: Role, index: &str) -> Result<Key, Problem> {
        let key = self.create_here(role, index, None).await?;
        self.create_there(role, index, &key).await?;
        Ok(key)
    }

    /// The key of the first engine at the others, where it is not there yet.
    async fn create_there(&self, role: Role, index: &str, key: &Key) -> Result<(), Problem> {
        for url in &self.others {
            let there = self.at(url);
            let known = there.list().await?;
            let same = match known.into_iter().find(|known| known.uid == key.uid) {
                Some(known) => known,
                None => there.create_here(role, index, Some(&key.uid)).await?,
            };
            if same.key != key.key {
                return Err(Problem::settings(format!(
                    "search engines {} and {url} have different master keys: give them the same, or set up each by itself",
                    self.url
                )));
            }
        }
        Ok(())
    }

    async fn create_here(&self, role: Role, index: &str, uid: Option<&str>) -> Result<Key, Problem> {
        let mut body = json!({
            "name": role.name(),
            "description": role.description(),
            "actions": role.actions(),
            "indexes": role.indexes(index),
            "expiresAt": null,
        });
        if let Some(uid) = uid {
            body["uid"] = uid.into();
        }
        let key = self.ask(Method::POST, "/keys", Some(body)).await?;
        self.read(key)
    }

    /// Deletes every key of a role but this one; says how many there were.
    pub async fn delete_others(&self, role: Role, index: &str, keep: &str) -> Result<usize, Problem> {
        let mut deleted = 0;
        for url in std::iter::once(&self.url).chain(&self.others) {
            let there = self.at(url);
            for key in there.list().await?.iter().filter(|key| key.is_named(role, index) && key.uid != keep) {
                there.ask(Method::DELETE, &format!("/keys/{}", key.uid), None).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Problem> {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.master_key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let unreachable = |error: reqwest::Error| {
            Problem::unavailable(format!("search engine {} does not answer: {}", self.url, root_cause(&error)))
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        Err(match value["code"].as_str() {
            Some("missing_master_key") => Problem::unavailable(format!(
                "search engine {} runs without a master key: start it with one, then there are keys",
                self.url
            )),
            Some("invalid_api_key") => {
                Problem::settings(format!("search engine {} has another master key than the one given", self.url))
            }
            _ => {
                let message = value["message"].as_str().unwrap_or("no reason given");
                Problem::failed(format!("search engine {} answers {}: {message}", self.url, status.as_u16()))
            }
        })
    }

    fn read<T: serde::de::DeserializeOwned>(&self, value: Value) -> Result<T, Problem> {
        serde_json::from_value(value).map_err(|error| {
            Problem::unavailable(format!("search engine {} does not answer as Meilisearch does: {error}", self.url))
        })
    }
}

/// Addresses parted by commas, without a slash at their ends.
pub fn addresses(urls: &str) -> impl Iterator<Item = String> {
    urls.split(',').map(|url| url.trim().trim_end_matches('/').to_owned()).filter(|url| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_serves_only_if_it_allows_exactly_what_is_needed() {
        let key = |actions: &[&str], index: &str| Key {
            uid: "u".into(),
            key: "k".into(),
            name: Some("pressline search".into()),
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            indexes: vec![index.into()],
            expires_at: None,
            created_at: String::new(),
        };
        assert!(key(&["search"], "articles").serves(Role::Search, "articles"));
        assert!(!key(&["search"], "articles").serves(Role::Indexer, "articles"));
        assert!(!key(&["search"], "other").serves(Role::Search, "articles"));
        assert!(!key(&["search", "documents.get"], "articles").serves(Role::Search, "articles"));
        let ends = Key { expires_at: Some("2999-01-01T00:00:00Z".into()), ..key(&["search"], "articles") };
        assert!(!ends.serves(Role::Search, "articles"));
    }
}
