//! What is a difference and what is not. Pure.

use contract::ledger::Ledger;
use contract::{ArticleId, Excluded, IssueId};
use serde::Serialize;

/// A kind of difference between what was accepted, what was done, and what can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Accepted, and neither extracted nor a dead letter.
    NotExtracted,
    /// The same, and its file is no longer kept.
    Lost,
    /// Extracted, and never closed by the indexer.
    NotClosed,
    /// Articles that the receipt says can be found, and cannot.
    ArticlesMissing,
    /// Documents of a revision that a newer one has replaced.
    Superseded,
    /// Documents of articles that are there in the newest revision, too.
    Doubled,
    /// Documents of an issue that was withdrawn.
    Withdrawn,
    /// Documents of articles that were killed.
    Killed,
    /// Documents on another server than the one that keeps their issue: there are more servers, or fewer, than there were.
    Elsewhere,
    /// Documents of an issue that nothing is written of.
    Unknown,
}

impl Kind {
    /// As people read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotExtracted => "not extracted",
            Self::Lost => "lost",
            Self::NotClosed => "not closed",
            Self::ArticlesMissing => "articles missing",
            Self::Superseded => "superseded",
            Self::Doubled => "doubled",
            Self::Withdrawn => "withdrawn",
            Self::Killed => "killed",
            Self::Elsewhere => "elsewhere",
            Self::Unknown => "unknown issue",
        }
    }
}

/// One difference, of one issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which kind.
    pub kind: Kind,
    /// The issue.
    pub issue: IssueId,
    /// Its revision: the one that counts.
    pub revision: Option<u64>,
    /// Documents, or articles; 1 for a whole issue.
    pub count: u64,
    /// In words.
    pub detail: String,
    /// Keys of the documents that are too many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// Place of the file in the stream of received files, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// What was done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
}

/// How an accepted issue stands by what is written of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing more is to come of it.
    Settled,
    /// It was not extracted; its file is at this place.
    Unread(u64),
    /// It was extracted and not closed, in this revision.
    Open(u64),
    /// It is closed: so many articles of this revision should be found.
    Closed {
        /// The revision that counts.
        revision: u64,
        /// Articles that can be found, or were killed since.
        articles: u64,
    },
}

/// How an issue stands. `newest` is the revision that was accepted last, `given_up` whether that became a dead letter.
pub fn step(ledger: &Ledger, newest: u64, given_up: bool) -> Step {
    let fence = &ledger.fence;
    if fence.withdrawn.is_some() {
        return Step::Settled;
    }
    let extracted = ledger.extracted.as_ref().map(|extracted| extracted.revision);
    let reached = |revision: u64| revision == 0 || revision >= newest;
    if !extracted.is_some_and(reached) && fence.revision < newest && !given_up {
        return Step::Unread(newest);
    }
    let Some(revision) = extracted else { return Step::Settled };
    // The one that counts; before there were fences, the one that was read.
    let current = if fence.revision > 0 { fence.revision } else { revision };
    match &ledger.indexed {
        Some(indexed) if indexed.revision == 0 || indexed.revision >= current => {
            Step::Closed { revision: indexed.revision, articles: indexed.articles.into() }
        }
        _ => Step::Open(current),
    }
}

/// Why a document may not stand in the index. `doubled` is whether its article stands there in the newest revision.
pub fn misplaced(ledger: &Ledger, article: &ArticleId, revision: u64) -> Option<Kind> {
    if ledger.is_empty() {
        return Some(Kind::Unknown);
    }
    match ledger.fence.excludes_article(article, revision)? {
        Excluded::Withdrawn => Some(Kind::Withdrawn),
        Excluded::Killed => Some(Kind::Killed),
        // Until the newer one is whole, the older one stays.
        Excluded::Superseded => {
            let whole = ledger.indexed.as_ref().is_some_and(|indexed| indexed.revision >= ledger.fence.revision);
            whole.then_some(Kind::Superseded)
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::receipt::{Extracted, Indexed};
    use contract::{Fence, Tombstone};
    use jiff::Timestamp;

    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn ledger(fence: u64, extracted: Option<u64>, indexed: Option<u64>) -> Ledger {
        let entry = |revision| Extracted {
            at: AT,
            revision,
            articles: 7,
            pages_seen: vec![],
            pages_missing: vec![],
            warnings: Default::default(),
            publication: None,
            date: None,
        };
        Ledger {
            received: None,
            extracted: extracted.map(entry),
            indexed: indexed.map(|revision| Indexed { at: AT, revision, articles: 6, failed: 1 }),
            fence: Fence { revision: fence, ..Fence::default() },
        }
    }

    #[test]
    fn an_issue_is_unread_open_or_closed_and_a_dead_letter_settles_it() {
        assert_eq!(step(&ledger(0, None, None), 5, false), Step::Unread(5));
        assert_eq!(step(&ledger(0, None, None), 5, true), Step::Settled);
        assert_eq!(step(&ledger(5, Some(5), None), 5, false), Step::Open(5));
        assert_eq!(step(&ledger(5, Some(5), Some(5)), 5, false), Step::Closed { revision: 5, articles: 6 });
        assert_eq!(step(&ledger(5, Some(5), Some(5)), 9, false), Step::Unread(9));
        let unreadable_correction = step(&ledger(5, Some(5), Some(5)), 9, true);
        assert_eq!(
            unreadable_correction,
            Step::Closed { revision: 5, articles: 6 },
            "the good one is still to be found"
        );
        let mut withdrawn = ledger(5, None, None);
        withdrawn.fence.withdraw(Tombstone { at: AT, reason: "x".into() });
        assert_eq!(step(&withdrawn, 9, false), Step::Settled);
    }

    #[test]
    fn a_document_is_misplaced_when_the_fence_keeps_it_out_and_what_replaces_it_is_whole() {
        let article = ArticleId::of(&IssueId::of(b"issue"), "text", 0);
        assert_eq!(misplaced(&Ledger::default(), &article, 1), Some(Kind::Unknown));
        let at = |fence, indexed| misplaced(&ledger(fence, Some(fence), indexed), &article, 5);
        assert_eq!(at(5, Some(5)), None);
        assert_eq!(at(9, Some(5)), None, "the newer one is not whole yet");
        assert_eq!(at(9, Some(9)), Some(Kind::Superseded));
        let mut killed = ledger(5, Some(5), Some(5));
        killed.fence.kill(&article, Tombstone { at: AT, reason: "x".into() });
        assert_eq!(misplaced(&killed, &article, 5), Some(Kind::Killed));
    }
}
