//! Changes of the ledger after which something may not stand in the index any more, in the order in which they were written.

use std::time::SystemTime;

use bus::{Incoming, Reading};
use serde::de::DeserializeOwned;

use crate::fence::Fence;
use crate::ids::{ArticleId, IssueId};
use crate::names::RECEIPTS;
use crate::receipt::{FENCE, INDEXED, Indexed};

/// What may not stand in the index from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The issue's revisions before this one, which is whole.
    Whole(IssueId, u64),
    /// All of the issue.
    Withdrawn(IssueId),
    /// These articles.
    Killed(Vec<ArticleId>),
}

impl Settled {
    /// The stream and how to read of it what has changed since then.
    pub fn reading(since: SystemTime) -> (String, Reading) {
        let subjects = [FENCE, INDEXED].map(|part| format!("$KV.{RECEIPTS}.*.{part}")).into();
        (format!("KV_{RECEIPTS}"), Reading { subjects, since: Some(since), ..Reading::default() })
    }

    /// What a change says; nothing where everything may stay, or where it cannot be read.
    pub fn of(message: &Incoming) -> Option<Self> {
        let (rest, part) = message.subject.rsplit_once('.')?;
        let issue: IssueId = rest.rsplit('.').next()?.parse().ok()?;
        if part == INDEXED {
            return Some(Self::Whole(issue, parsed::<Indexed>(message)?.revision));
        }
        match parsed::<Fence>(message)? {
            Fence { withdrawn: Some(_), .. } => Some(Self::Withdrawn(issue)),
            Fence { killed, .. } if !killed.is_empty() => Some(Self::Killed(killed.into_keys().collect())),
            _ => None,
        }
    }
}

/// A key that was deleted has no value.
fn parsed<T: DeserializeOwned>(message: &Incoming) -> Option<T> {
    serde_json::from_slice(&message.payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fence::Tombstone;
    use jiff::Timestamp;

    fn change(part: &str, value: &impl serde::Serialize) -> Incoming {
        Incoming {
            subject: format!("$KV.{RECEIPTS}.{}.{part}", IssueId::of(b"issue")),
            headers: bus::HeaderMap::new(),
            payload: serde_json::to_vec(value).unwrap().into(),
            stream_sequence: 1,
            attempt: 1,
            published: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_what_closes_withdraws_or_kills_says_something() {
        let issue = IssueId::of(b"issue");
        let indexed = Indexed { at: Timestamp::UNIX_EPOCH, revision: 4, articles: 2, failed: 0 };
        assert_eq!(Settled::of(&change(INDEXED, &indexed)), Some(Settled::Whole(issue.clone(), 4)));
        let tombstone = Tombstone { at: Timestamp::UNIX_EPOCH, reason: "court order".into() };
        let mut fence = Fence::default();
        fence.raise(4);
        assert_eq!(Settled::of(&change(FENCE, &fence)), None);
        let article = ArticleId::of(&issue, "a", 0);
        fence.kill(&article, tombstone.clone());
        assert_eq!(Settled::of(&change(FENCE, &fence)), Some(Settled::Killed(vec![article])));
        fence.withdraw(tombstone);
        assert_eq!(Settled::of(&change(FENCE, &fence)), Some(Settled::Withdrawn(issue)));
        assert_eq!(Settled::of(&Incoming { payload: bytes::Bytes::new(), ..change(FENCE, &fence) }), None);
    }
}
