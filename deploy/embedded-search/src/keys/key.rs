//! One API key.

use super::action::{Action, NAMES, is_global};
use super::pattern::Pattern;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, body_object, only_known, quoted};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// A key as it is kept: without its text, which follows from uid and master key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Names it in routes, and its text is made from it.
    pub uid: Uuid,
    /// What it allows.
    pub actions: Vec<String>,
    /// In which indexes.
    pub indexes: Vec<Pattern>,
    /// Until when; none: for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What may be changed about a key; `None`: as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The new name, if any.
    pub name: Option<Option<String>>,
    /// The new description, if any.
    pub description: Option<Option<String>>,
}

impl Key {
    /// The keys that an engine with a master key starts with, under Meilisearch's names.
    pub fn defaults(now: Timestamp) -> [Self; 2] {
        let key = |name: &str, description: &str, action: &str| Self {
            name: Some(name.to_owned()),
            description: Some(description.to_owned()),
            uid: Uuid::new_v4(),
            actions: vec![action.to_owned()],
            indexes: vec![Pattern::all()],
            expires_at: None,
            created_at: now,
            updated_at: now,
        };
        [
            key("Default Search API Key", "Searches every index; may be shown to a frontend.", "search"),
            key("Default Admin API Key", "Does everything; never show it to a frontend.", "*"),
        ]
    }

    /// From the body of `POST /keys`.
    pub fn from_body(body: &Value, now: Timestamp) -> Result<Self> {
        let object = body_object(body)?;
        only_known(object.keys(), &["description", "name", "uid", "actions", "indexes", "expiresAt"], "field")?;
        let at = |name: &str, code| Input::new(object.get(name).unwrap_or(&Value::Null), format!(".{name}"), code);
        let needed = |name: &str, code| match object.contains_key(name) {
            true => Ok(()),
            false => Err(Failure::new(code, format!("Missing field `{name}`"))),
        };
        let description = at("description", Code::InvalidApiKeyDescription).optional(Input::string)?;
        let name = at("name", Code::InvalidApiKeyName).optional(Input::string)?;
        let uid = match object.get("uid") {
            None => Uuid::new_v4(),
            Some(_) => uid(&at("uid", Code::InvalidApiKeyUid))?,
        };
        needed("actions", Code::MissingApiKeyActions)?;
        let actions = actions(&at("actions", Code::InvalidApiKeyActions))?;
        needed("indexes", Code::MissingApiKeyIndexes)?;
        let indexes = patterns(&at("indexes", Code::InvalidApiKeyIndexes))?;
        needed("expiresAt", Code::MissingApiKeyExpiresAt)?;
        let expires_at = at("expiresAt", Code::InvalidApiKeyExpiresAt).optional(|input| future(input, now))?;
        let is_for_all = indexes.is_empty() || indexes.iter().any(Pattern::is_all);
        if !is_for_all && let Some(action) = actions.iter().find(|action| is_global(action)) {
            return Err(Failure::new(
                Code::IndexScopedApiKeyWithGlobalAction,
                format!(
                    "cannot create index-scoped API key with global action `\"{action}\"`\n  - Hint: remove action \
                     `\"{action}\"` from the action list, or remove `indexes` to make the key global"
                ),
            ));
        }
        Ok(Self { name, description, uid, actions, indexes, expires_at, created_at: now, updated_at: now })
    }

    /// Whether it allows an action at this time, in this index or, without one, somewhere.
    pub fn allows(&self, action: Action, index: Option<&str>, now: Timestamp) -> bool {
        let in_time = self.expires_at.is_none_or(|end| now < end);
        let granted = self.actions.iter().any(|granted| action.is_granted_by(granted));
        let in_scope = match index {
            _ if self.indexes.iter().any(Pattern::is_all) => true,
            Some(index) => self.indexes.iter().any(|pattern| pattern.matches(index)),
            None => action.is_narrowed_by_its_route() && !self.indexes.is_empty(),
        };
        in_time && granted && in_scope
    }

    /// As clients see it.
    pub fn view(&self, text: &str) -> Value {
        json!({
            "name": self.name,
            "description": self.description,
            "key": text,
            "uid": self.uid,
            "actions": self.actions,
            "indexes": self.indexes,
            "expiresAt": self.expires_at,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        })
    }
}

impl KeyChange {
    /// From the body of `PATCH /keys/{key}`.
    pub fn from_body(body: &Value) -> Result<Self> {
        let object = body_object(body)?;
        let known = ["description", "name"];
        for (field, code) in [
            ("uid", Code::ImmutableApiKeyUid),
            ("actions", Code::ImmutableApiKeyActions),
            ("indexes", Code::ImmutableApiKeyIndexes),
            ("expiresAt", Code::ImmutableApiKeyExpiresAt),
            ("createdAt", Code::ImmutableApiKeyCreatedAt),
            ("updatedAt", Code::ImmutableApiKeyUpdatedAt),
        ] {
            if object.contains_key(field) {
                return Err(Failure::new(
                    code,
                    format!("Immutable field `{field}`: expected one of {}", quoted(&known)),
                ));
            }
        }
        only_known(object.keys(), &known, "field")?;
        let text = |name: &str, code| {
            let value = object.get(name);
            value.map(|value| Input::new(value, format!(".{name}"), code).optional(Input::string)).transpose()
        };
        Ok(Self {
            name: text("name", Code::InvalidApiKeyName)?,
            description: text("description", Code::InvalidApiKeyDescription)?,
        })
    }

    /// Changes `key`.
    pub fn apply(self, key: &mut Key, now: Timestamp) {
        if let Some(name) = self.name {
            key.name = name;
        }
        if let Some(description) = self.description {
            key.description = description;
        }
        key.updated_at = now;
    }
}

fn uid(input: &Input<'_>) -> Result<Uuid> {
    let text = input.string()?;
    Uuid::parse_str(&text).map_err(|error| input.invalid(error))
}

fn actions(input: &Input<'_>) -> Result<Vec<String>> {
    let items = input.array()?;
    let known = |item: &Input<'_>| {
        let text = item.string()?;
        if NAMES.contains(&text.as_str()) { Ok(text) } else { Err(item.unknown_value(&text, NAMES)) }
    };
    items.iter().map(known).collect()
}

fn patterns(input: &Input<'_>) -> Result<Vec<Pattern>> {
    let items = input.array()?;
    items.iter().map(|item| Pattern::try_from(item.string()?).map_err(|message| item.invalid(message))).collect()
}

/// A moment to come: RFC 3339, or without a zone (then UTC), or a day (then its beginning).
fn future(input: &Input<'_>, now: Timestamp) -> Result<Timestamp> {
    let text = input.string()?;
    let in_utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    let time = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<Date>().ok().and_then(|day| in_utc(day.at(0, 0, 0, 0))))
        .or_else(|| text.parse::<DateTime>().ok().and_then(in_utc));
    time.filter(|time| *time > now).ok_or_else(|| {
        input.invalid(format!(
            "`{text}` is not a valid date. It should follow the RFC 3339 format to represents a date or datetime in \
             the future or specified as a null value. e.g. 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T08:00:00Z".parse().unwrap()
    }

    fn key(actions: &[&str], indexes: &[&str], expires_at: Value) -> Key {
        Key::from_body(&json!({"actions": actions, "indexes": indexes, "expiresAt": expires_at}), now()).unwrap()
    }

    #[test]
    fn a_key_allows_its_actions_in_its_indexes_until_it_ends() {
        let key = key(&["search", "tasks.*"], &["news*"], json!("2026-03-02"));
        let end: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
        assert_eq!(key.expires_at, Some(end));
        assert!(key.allows(Action::Search, Some("news-1"), now()));
        assert!(!key.allows(Action::Search, Some("other"), now()));
        assert!(!key.allows(Action::DocumentsAdd, Some("news-1"), now()));
        assert!(key.allows(Action::TasksGet, None, now()), "the route looks at the index of each task");
        assert!(!key.allows(Action::Search, Some("news-1"), end));
    }

    #[test]
    fn a_key_for_some_indexes_does_nothing_that_is_about_all() {
        let some = key(&["*"], &["news"], Value::Null);
        assert!(!some.allows(Action::Version, None, now()));
        assert!(!some.allows(Action::KeysGet, None, now()));
        assert!(some.allows(Action::IndexesGet, None, now()));
        let none = key(&["*"], &[], Value::Null);
        assert!(!none.allows(Action::IndexesGet, None, now()));
        assert!(key(&["*"], &["*"], Value::Null).allows(Action::KeysGet, None, now()));
    }

    #[test]
    fn an_end_is_a_day_or_a_moment_to_come() {
        for good in ["2026-03-02", "2026-03-02 09:00:00", "2026-03-02T09:00:00", "2026-03-02T09:00:00+08:00"] {
            assert!(key(&["*"], &["*"], json!(good)).expires_at.is_some(), "{good}");
        }
        for bad in ["2026-02-28", "明天", "2026-13-01"] {
            let body = json!({"actions": ["*"], "indexes": ["*"], "expiresAt": bad});
            assert_eq!(Key::from_body(&body, now()).unwrap_err().code, Code::InvalidApiKeyExpiresAt, "{bad}");
        }
    }
}
