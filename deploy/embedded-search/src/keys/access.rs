//! What a request may do in the end: what its key allows, less what a tenant token takes away.

use super::key::Key;
use super::pattern::Pattern;
use super::token::Rules;
use serde_json::Value;

/// What a request may do.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Indexes of the key.
    indexes: Vec<Pattern>,
    /// What a tenant token leaves of them.
    rules: Option<Rules>,
    may_create: bool,
}

impl Access {
    /// Everything: with the master key, or where there is none.
    pub fn full() -> Self {
        Self { indexes: vec![Pattern::all()], rules: None, may_create: true }
    }

    /// What a key allows, and the token made from it leaves.
    pub fn of(key: &Key, rules: Option<Rules>, may_create: bool) -> Self {
        Self { indexes: key.indexes.clone(), rules, may_create }
    }

    /// Whether the request may touch this index.
    pub fn covers(&self, uid: &str) -> bool {
        self.key_covers(uid) && self.token_covers(uid)
    }

    /// Whether a key among others gave it, so that the key's indexes count.
    pub fn key_covers(&self, uid: &str) -> bool {
        self.indexes.iter().any(|pattern| pattern.matches(uid))
    }

    /// Whether the tenant token, if there is one, leaves something of this index.
    pub fn token_covers(&self, uid: &str) -> bool {
        self.rules.as_ref().is_none_or(|rules| rules.patterns().iter().any(|pattern| pattern.matches(uid)))
    }

    /// The indexes that tasks and documents are looked at in; none: all.
    pub fn scope(&self) -> Option<Vec<Pattern>> {
        let all = self.indexes.iter().any(Pattern::is_all);
        (!all).then(|| self.indexes.clone())
    }

    /// Whether an index may be made by the way, by adding documents to it.
    pub fn may_create(&self, uid: &str) -> bool {
        self.may_create && self.covers(uid)
    }

    /// Adds to a search's filter what the tenant token asks for; both must hold.
    pub fn narrow(&self, uid: &str, filter: &mut Option<Value>) {
        let rule = self.rules.as_ref().and_then(|rules| rules.filter_of(uid));
        let Some(rule) = rule.filter(|rule| !rule.is_null()) else {
            return;
        };
        // In a list all must hold, and a list in it is one of which any must hold.
        let list = |value: Value| match value {
            Value::Array(items) => items,
            other => vec![other],
        };
        let mut both = filter.take().map(list).unwrap_or_default();
        both.extend(list(rule.clone()));
        *filter = Some(Value::Array(both));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    fn access(rules: Value) -> Access {
        let body = json!({"actions": ["search"], "indexes": ["news*", "old"], "expiresAt": null});
        let key = Key::from_body(&body, Timestamp::UNIX_EPOCH).unwrap();
        Access::of(&key, Some(serde_json::from_value(rules).unwrap()), false)
    }

    #[test]
    fn key_and_token_must_both_cover_an_index() {
        let access = access(json!(["old*", "news-1"]));
        assert!(access.covers("news-1") && access.covers("old"));
        assert!(!access.covers("news-2"), "the token leaves it out");
        assert!(!access.covers("older"), "the key leaves it out");
    }

    #[test]
    fn a_rule_is_added_to_whatever_filter_a_search_has() {
        let access = access(json!({"old": {"filter": "a = 1"}, "news": {"filter": ["a = 1", ["b = 2", "c = 3"]]}}));
        for (uid, asked, narrowed) in [
            ("old", None, json!(["a = 1"])),
            ("old", Some(json!("x = 1 OR y = 2")), json!(["x = 1 OR y = 2", "a = 1"])),
            ("old", Some(json!(["x = 1", ["y = 2"]])), json!(["x = 1", ["y = 2"], "a = 1"])),
            ("news", Some(json!([])), json!(["a = 1", ["b = 2", "c = 3"]])),
        ] {
            let mut filter = asked;
            access.narrow(uid, &mut filter);
            assert_eq!(filter, Some(narrowed));
        }
        let mut filter = Some(json!("x = 1"));
        access.narrow("news-2", &mut filter);
        assert_eq!(filter, Some(json!("x = 1")), "no rule, no change");
    }
}
