//! Ids: derived from what a thing is, never from chance or time.

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

/// Characters of an article's own part: 65 bits, and they only tell the articles of one issue apart.
const ARTICLE_LENGTH: usize = 13;
const ARTICLE_RULE: &str = "the issue's id, - and 13 characters of a-z and 2-7";

/// An article's id, or one of before the issue's id stood in it.
fn is_article(text: &str) -> bool {
    let base32 = |part: &str| part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
    match text.split_once('-') {
        Some((issue, own)) => is_hashed(issue) && own.len() == ARTICLE_LENGTH && base32(own),
        None => is_hashed(text),
    }
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
    /// One issue, whatever its revision: by what its sender calls it, or else by its content.
    IssueId, "issue id", is_hashed, HASHED_RULE, "^[a-z2-7]{26}$"
);
id!(
    /// One article of one issue, by its content: it keeps its id in a later revision if its text stays the same.
    ArticleId, "article id", is_article, ARTICLE_RULE, "^[a-z2-7]{26}(-[a-z2-7]{13})?$"
);
id!(
    /// A title (a daily, a weekly) as the operator names it; also a token of subjects.
    PublicationId, "publication id", is_token, TOKEN_RULE, "^[a-z0-9][a-z0-9-]{0,63}$"
);

impl IssueId {
    /// The id of a file of which nothing is known but these bytes: other bytes are another issue.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hashed(&[b"issue", bytes]))
    }

    /// The id of the issue with this name, whatever its bytes: other bytes under the same name are its next revision.
    /// `name` is what identifies it at its sender, part by part.
    pub fn named(name: &[&str]) -> Self {
        let parts: Vec<&[u8]> = std::iter::once("named issue").chain(name.iter().copied()).map(str::as_bytes).collect();
        Self(hashed(&parts))
    }
}

impl ArticleId {
    /// The id of the article of `issue` with this text. `copy` tells articles of one issue apart that read the same:
    /// 0 for the first, 1 for the next.
    pub fn of(issue: &IssueId, text: &str, copy: u32) -> Self {
        let own = hashed(&[b"article", text.as_bytes(), &copy.to_be_bytes()]);
        Self(format!("{issue}-{}", &own[..ARTICLE_LENGTH]))
    }

    /// The issue it belongs to; `None` for ids of before this stood in them.
    pub fn issue(&self) -> Option<IssueId> {
        self.0.split_once('-').map(|(issue, _)| IssueId(issue.to_owned()))
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
    fn a_named_issue_keeps_its_id_and_its_name_cannot_be_read_in_two_ways() {
        assert_eq!(IssueId::named(&["daily", "2026-03-04"]), IssueId::named(&["daily", "2026-03-04"]));
        assert_ne!(IssueId::named(&["daily", "2026-03-04"]), IssueId::named(&["daily2026", "-03-04"]));
        assert_ne!(IssueId::named(&["daily", ""]), IssueId::named(&["daily"]));
    }

    #[test]
    fn an_article_id_names_its_issue_and_parses_back() {
        let issue = IssueId::of(b"one");
        let id = ArticleId::of(&issue, "text", 0);
        assert_eq!(id.issue(), Some(issue.clone()));
        assert_eq!(id.as_str().parse::<ArticleId>().unwrap(), id);
        assert_eq!(issue.as_str().parse::<ArticleId>().unwrap().issue(), None);
        assert!(format!("{issue}-short").parse::<ArticleId>().is_err());
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
