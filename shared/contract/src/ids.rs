//! Ids: derived from content, never from chance or time.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} `{text}` is not valid: {rule}")]
pub struct IdError {
    what: &'static str,
    text: String,
    rule: &'static str,
}

/// Characters of a content id: 26 of base32 carry 130 bits, so two files meet by chance never.
const HASHED_LENGTH: usize = 26;
const HASHED_RULE: &str = "26 characters of a-z and 2-7";
/// Longest publication id or lane-like token in a subject.
const TOKEN_LIMIT: usize = 64;
const TOKEN_RULE: &str = "1 to 64 characters of a-z, 0-9 and -, not beginning with -";

fn hashed(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length before each part keeps ("ab", "c") apart from ("a", "bc").
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut text = BASE32_NOPAD.encode(&hash.finalize()).to_lowercase();
    text.truncate(HASHED_LENGTH);
    text
}

fn is_hashed(text: &str) -> bool {
    text.len() == HASHED_LENGTH && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
}

fn is_token(text: &str) -> bool {
    (1..=TOKEN_LIMIT).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:ident, $rule:ident, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(#[schemars(regex(pattern = $pattern))] String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if $check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    // An id is short; what is not one may be anything, so the message shows its beginning only.
                    let text = text.chars().take(80).collect();
                    Err(IdError { what: $what, text, rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One issue file, by its content: the same bytes are the same issue.
    IssueId, "issue id", is_hashed, HASHED_RULE, "^[a-z2-7]{26}$"
);
id!(
    /// One article of one issue, by its content.
    ArticleId, "article id", is_hashed, HASHED_RULE, "^[a-z2-7]{26}$"
);
id!(
    /// A title (a daily, a weekly) as the operator names it; also a token of subjects.
    PublicationId, "publication id", is_token, TOKEN_RULE, "^[a-z0-9][a-z0-9-]{0,63}$"
);

impl IssueId {
    /// The id of a file with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hashed(&[b"issue", bytes]))
    }
}

impl ArticleId {
    /// The id of the article of `issue` with this text. `copy` tells articles of one issue apart that read the same:
    /// 0 for the first, 1 for the next.
    pub fn of(issue: &IssueId, text: &str, copy: u32) -> Self {
        Self(hashed(&[b"article", issue.0.as_bytes(), text.as_bytes(), &copy.to_be_bytes()]))
    }
}

/// Which queue an issue waits in: today's, or the archive's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// Today's issues.
    #[default]
    Live,
    /// Back issues.
    Backfill,
}

impl Lane {
    /// Both, in the order of precedence.
    pub const ALL: [Lane; 2] = [Lane::Live, Lane::Backfill];

    /// The lane as a token of subjects.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Live => "live",
            Lane::Backfill => "backfill",
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Lane {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Lane::ALL.into_iter().find(|lane| lane.as_str() == text).ok_or_else(|| IdError {
            what: "lane",
            text: text.chars().take(80).collect(),
            rule: "live or backfill",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_the_same_issue_and_others_are_not() {
        assert_eq!(IssueId::of(b"one"), IssueId::of(b"one"));
        assert_ne!(IssueId::of(b"one"), IssueId::of(b"two"));
        assert_eq!(IssueId::of(b"one").as_str().len(), HASHED_LENGTH);
    }

    #[test]
    fn an_article_id_depends_on_issue_text_and_copy() {
        let issue = IssueId::of(b"one");
        let first = ArticleId::of(&issue, "text", 0);
        assert_eq!(first, ArticleId::of(&issue, "text", 0));
        assert_ne!(first, ArticleId::of(&issue, "text", 1));
        assert_ne!(first, ArticleId::of(&IssueId::of(b"two"), "text", 0));
    }

    #[test]
    fn what_cannot_be_a_subject_token_is_no_publication_id() {
        for bad in ["", "a.b", "a b", "*", ">", "-a", "A", "日报"] {
            assert!(bad.parse::<PublicationId>().is_err(), "{bad}");
        }
        assert!("workers-daily".parse::<PublicationId>().is_ok());
    }
}
