//! What of an issue may stand in the index: the revision that counts, and what was taken out for good.
//!
//! The parser raises the fence when it has read a revision, before it publishes the first article of it (and the indexer
//! makes sure of it before it takes older revisions out); intake puts up tombstones. Whoever writes to the index looks at the
//! fence *after* each write, too: of a write and a change of the fence one sees the other, so nothing that the fence excludes
//! stays in the index, whatever the order of events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::ArticleId;

/// What of an issue may stand in the index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fence {
    /// The newest revision that could be read; older ones leave the index when it is whole. 0: none yet.
    #[serde(default)]
    pub revision: u64,
    /// Set when the whole issue was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Tombstone>,
    /// Articles that were killed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub killed: BTreeMap<ArticleId, Tombstone>,
}

/// Who lies here does not come back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tombstone {
    /// Since when.
    pub at: Timestamp,
    /// Why, for the record.
    pub reason: String,
}

/// Why something may not stand in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Excluded {
    /// A newer revision counts.
    Superseded,
    /// The issue was withdrawn.
    Withdrawn,
    /// The article was killed.
    Killed,
}

impl Excluded {
    /// The word for it in metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
            Self::Killed => "killed",
        }
    }
}

impl Fence {
    /// Raises the fence to `revision`; false if it stands there or higher.
    pub fn raise(&mut self, revision: u64) -> bool {
        let higher = revision > self.revision;
        self.revision = self.revision.max(revision);
        higher
    }

    /// Withdraws the issue; false if it is withdrawn already.
    pub fn withdraw(&mut self, tombstone: Tombstone) -> bool {
        let first = self.withdrawn.is_none();
        self.withdrawn.get_or_insert(tombstone);
        first
    }

    /// Kills the article; false if it is killed already.
    pub fn kill(&mut self, article: &ArticleId, tombstone: Tombstone) -> bool {
        let first = !self.killed.contains_key(article);
        self.killed.entry(article.clone()).or_insert(tombstone);
        first
    }

    /// Why `revision` of the issue may not stand in the index; `None` if it may.
    pub fn excludes(&self, revision: u64) -> Option<Excluded> {
        match self {
            Self { withdrawn: Some(_), .. } => Some(Excluded::Withdrawn),
            Self { revision: newest, .. } if revision < *newest => Some(Excluded::Superseded),
            _ => None,
        }
    }

    /// Why `article`, as it stood in `revision`, may not stand in the index; `None` if it may.
    pub fn excludes_article(&self, article: &ArticleId, revision: u64) -> Option<Excluded> {
        let killed = self.killed.contains_key(article).then_some(Excluded::Killed);
        self.excludes(revision).or(killed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::IssueId;

    fn tombstone(reason: &str) -> Tombstone {
        Tombstone { at: Timestamp::UNIX_EPOCH, reason: reason.into() }
    }

    proptest! {
        #[test]
        fn only_the_newest_revision_is_let_in_whatever_the_order(mut revisions in proptest::collection::vec(1u64..9, 1..6)) {
            let mut fence = Fence::default();
            for revision in &revisions {
                fence.raise(*revision);
            }
            revisions.sort_unstable();
            let newest = *revisions.last().unwrap_or(&0);
            prop_assert_eq!(fence.excludes(newest), None);
            for revision in revisions.into_iter().filter(|revision| *revision < newest) {
                prop_assert_eq!(fence.excludes(revision), Some(Excluded::Superseded));
            }
        }
    }

    #[test]
    fn no_revision_brings_back_what_was_withdrawn_or_killed() {
        let issue = IssueId::of(b"issue");
        let (killed, other) = (ArticleId::of(&issue, "a", 0), ArticleId::of(&issue, "b", 0));
        let mut fence = Fence::default();
        assert!(fence.kill(&killed, tombstone("court order")));
        assert!(!fence.kill(&killed, tombstone("again")));
        fence.raise(9);
        assert_eq!(fence.excludes_article(&killed, 9), Some(Excluded::Killed));
        assert_eq!(fence.excludes_article(&other, 9), None);
        assert!(fence.withdraw(tombstone("wrong edition")));
        assert!(!fence.withdraw(tombstone("again")));
        fence.raise(10);
        assert_eq!(fence.excludes_article(&other, 10), Some(Excluded::Withdrawn));
        let text = serde_json::to_string(&fence).unwrap();
        assert_eq!(serde_json::from_str::<Fence>(&text).unwrap(), fence);
        assert_eq!(fence.withdrawn.map(|tombstone| tombstone.reason).as_deref(), Some("wrong edition"));
    }
}
