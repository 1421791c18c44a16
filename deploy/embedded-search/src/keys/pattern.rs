//! Which indexes a key is for: names, and beginnings of names.

use crate::engine::registry::is_uid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A uid, or the beginning of uids and `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// Every index.
    pub fn all() -> Self {
        Self("*".to_owned())
    }

    /// Whether it stands for every index.
    pub fn is_all(&self) -> bool {
        self.0 == "*"
    }

    /// Whether it stands for one uid only.
    pub fn is_exact(&self) -> bool {
        !self.0.ends_with('*')
    }

    /// Whether it stands for this one.
    pub fn matches(&self, uid: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => uid.starts_with(beginning),
            None => self.0 == uid,
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let beginning = text.strip_suffix('*').unwrap_or(&text);
        if text == "*" || is_uid(beginning) {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` is not a valid index uid pattern. Index uid patterns can be an integer or a string containing \
             only alphanumeric characters, hyphens (-), underscores (_), and optionally end with a star (*)."
        ))
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Result<Pattern, String> {
        Pattern::try_from(text.to_owned())
    }

    #[test]
    fn a_star_at_the_end_stands_for_the_rest() {
        for (text, uid, matches) in [
            ("articles", "articles", true),
            ("articles", "articles-2", false),
            ("articles*", "articles-2", true),
            ("articles*", "article", false),
            ("*", "anything", true),
        ] {
            assert_eq!(pattern(text).unwrap().matches(uid), matches, "{text} {uid}");
        }
    }

    #[test]
    fn only_names_and_their_beginnings_are_patterns() {
        for bad in ["", "a*b", "**", "文章", "a b"] {
            assert!(pattern(bad).is_err(), "{bad}");
        }
    }
}
