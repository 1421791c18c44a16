//! Every name on the wire, in one place: headers, subjects, streams, durables, buckets.

use std::time::Duration;

use bus::{DurableSpec, KvSpec, ObjectStoreSpec, StreamSpec, Topology};
use serde::{Deserialize, Serialize};

use crate::event::EventKind;
use crate::ids::{Lane, PublicationId};

pub(crate) const HEADER_SPEC_VERSION: &str = "ce-specversion";
pub(crate) const HEADER_ID: &str = "ce-id";
pub(crate) const HEADER_TYPE: &str = "ce-type";
pub(crate) const HEADER_SOURCE: &str = "ce-source";
pub(crate) const HEADER_TIME: &str = "ce-time";
pub(crate) const HEADER_SUBJECT: &str = "ce-subject";
pub(crate) const HEADER_DATA_SCHEMA: &str = "ce-dataschema";
pub(crate) const HEADER_DATAREF: &str = "ce-dataref";
pub(crate) const HEADER_CONTENT_TYPE: &str = "datacontenttype";
pub(crate) const HEADER_TRACE: &str = "traceparent";
pub(crate) const HEADER_FILE_NAME: &str = "ce-filename";
pub(crate) const HEADER_CHARSET: &str = "ce-charset";
pub(crate) const HEADER_SHA256: &str = "ce-sha256";
pub(crate) const HEADER_PUBLICATION: &str = "ce-publication";
pub(crate) const HEADER_DATE: &str = "ce-issuedate";
pub(crate) const HEADER_EDITION: &str = "ce-edition";
pub(crate) const HEADER_REVISION: &str = "ce-revision";
pub(crate) const HEADER_REPLAY: &str = "ce-replay";

/// Files as they were received.
pub const ISSUES: &str = "PRESSLINE_ISSUES";
/// Articles and manifests, withdrawals and kills.
pub const ARTICLES: &str = "PRESSLINE_ARTICLES";
/// What was done and what is late: for whoever wants to follow.
pub const EVENTS: &str = "PRESSLINE_EVENTS";
/// Messages that no attempt could handle.
pub const DEAD: &str = "PRESSLINE_DEAD";
/// Receipts, one key for each issue and stage; and how each title stands today.
pub const RECEIPTS: &str = "pressline-receipts";
/// What the operator says to all processes.
pub const CONTROL: &str = "pressline-control";
/// Files too large for a message, under their hash.
pub const FILES: &str = "pressline-files";

const ROOT: &str = "pressline";
/// Stands where the title is not known; no publication id can be this.
const NO_PUBLICATION: &str = "_";

/// The stages that handle messages, as they are named in dead letters and receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Work {
    /// `parser`: files to articles.
    Parse,
    /// `indexer`: articles into the index.
    Index,
    /// `indexer`: closes an issue when all its articles are there.
    Close,
    /// `indexer`: takes withdrawn issues and killed articles out of the index.
    Remove,
}

impl Work {
    /// All of them.
    pub const ALL: [Work; 4] = [Work::Parse, Work::Index, Work::Close, Work::Remove];

    /// The stage's name: of durables, dead letters, receipts.
    pub fn stage(self) -> &'static str {
        match self {
            Work::Parse => "parser",
            Work::Index => "indexer",
            Work::Close => "closer",
            Work::Remove => "remover",
        }
    }

    /// The stream it reads.
    pub fn stream(self) -> &'static str {
        match self {
            Work::Parse => ISSUES,
            Work::Index | Work::Close | Work::Remove => ARTICLES,
        }
    }

    /// The durable that its workers share in `lane`.
    pub fn durable(self, lane: Lane) -> String {
        format!("{}-{lane}", self.stage())
    }

    /// What begins the subjects of its dead letters.
    pub fn dead_prefix(self) -> String {
        format!("{ROOT}.dead.{}", self.stage())
    }

    /// The subjects of what it handles, in all lanes.
    pub fn subjects(self) -> Vec<String> {
        self.kinds().iter().map(|kind| format!("{ROOT}.{}.>", kind.path())).collect()
    }

    fn kinds(self) -> &'static [EventKind] {
        match self {
            Work::Parse => &[EventKind::IssueReceived],
            Work::Index => &[EventKind::ArticleExtracted],
            Work::Close => &[EventKind::IssueExtracted],
            Work::Remove => &[EventKind::IssueWithdrawn, EventKind::ArticleKilled],
        }
    }
}

/// The subject of an event.
pub fn subject(kind: EventKind, lane: Lane, publication: Option<&PublicationId>) -> String {
    let publication = publication.map_or(NO_PUBLICATION, PublicationId::as_str);
    format!("{ROOT}.{}.{lane}.{publication}", kind.path())
}

/// The subjects of received files, of one title or of all.
pub fn received_subjects(publication: Option<&PublicationId>) -> Vec<String> {
    let publication = publication.map_or(">".to_owned(), |id| format!("*.{id}"));
    vec![format!("{ROOT}.{}.{publication}", EventKind::IssueReceived.path())]
}

/// The subjects of all dead letters.
pub fn dead_subjects() -> String {
    format!("{ROOT}.dead.>")
}

/// The subjects that say that an issue can be searched.
pub fn indexed_subjects() -> String {
    format!("{ROOT}.{}.>", EventKind::IssueIndexed.path())
}

/// The lane and title that an event's subject names; `None` if it is not an event's subject.
pub fn parse_subject(subject: &str) -> Option<(Lane, Option<PublicationId>)> {
    let mut tokens = subject.strip_prefix(ROOT)?.strip_prefix('.')?.split('.');
    let (first, second) = (tokens.next()?, tokens.next()?);
    EventKind::ALL.iter().find(|kind| kind.path().split('.').eq([first, second]))?;
    let lane = tokens.next()?.parse().ok()?;
    let publication = match tokens.next()? {
        NO_PUBLICATION => None,
        token => Some(token.parse().ok()?),
    };
    tokens.next().is_none().then_some((lane, publication))
}

/// Section `[topology]`: what the operator may choose about streams. Services that share a broker must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TopologyOptions {
    /// Copies of each stream: 1 on one node, 3 in a cluster.
    pub replicas: usize,
    /// Most bytes of received files kept; full means that intake answers 503.
    pub issues_max_bytes: i64,
    /// Most bytes of articles kept.
    pub articles_max_bytes: i64,
    /// Most bytes of dead letters kept.
    pub dead_max_bytes: i64,
    /// Most bytes of large files kept.
    pub files_max_bytes: i64,
    /// Days that received files are kept, large ones too; 0: for ever. What is gone cannot be replayed.
    pub issues_keep_days: u32,
    /// Days that articles and manifests are kept; 0: for ever. What is gone cannot be indexed anew without its file.
    pub articles_keep_days: u32,
    /// Days that dead letters are kept; 0: for ever.
    pub dead_keep_days: u32,
    /// A worker that says nothing for so many milliseconds is taken for dead; workers at work say so more often.
    pub ack_wait_ms: u64,
    /// JetStream forgets message ids after so many milliseconds; ids of documents make what comes later harmless.
    pub duplicate_window_ms: u64,
}

impl Default for TopologyOptions {
    fn default() -> Self {
        const GIB: i64 = 1 << 30;
        Self {
            replicas: 1,
            issues_max_bytes: 8 * GIB,
            articles_max_bytes: 16 * GIB,
            dead_max_bytes: 2 * GIB,
            files_max_bytes: 8 * GIB,
            issues_keep_days: 0,
            articles_keep_days: 0,
            dead_keep_days: 0,
            ack_wait_ms: 30_000,
            duplicate_window_ms: 600_000,
        }
    }
}

impl TopologyOptions {
    /// `ack_wait_ms` as a time.
    pub fn ack_wait(&self) -> Duration {
        Duration::from_millis(self.ack_wait_ms)
    }
}

/// More than any worker holds at once, all workers together; what waits for one of several search servers counts, too.
pub const MAX_ACK_PENDING: i64 = 20_000;
const EVENTS_MAX_BYTES: i64 = 1 << 30;
/// Who follows reads within a month; a stream that only fills would one day keep issues from being closed.
const EVENTS_KEEP_DAYS: u32 = 30;

fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 24 * 3600)
}

/// Everything that the line needs from JetStream.
pub fn topology(options: &TopologyOptions) -> Topology {
    let stream = |name: &str, kinds: &[EventKind], max_bytes: i64, keep_days: u32| StreamSpec {
        max_bytes,
        max_age: days(keep_days),
        duplicate_window: Duration::from_millis(options.duplicate_window_ms),
        replicas: options.replicas,
        ..StreamSpec::new(name, kinds.iter().map(|kind| format!("{ROOT}.{}.>", kind.path())).collect())
    };
    let mut dead = stream(DEAD, &[], options.dead_max_bytes, options.dead_keep_days);
    dead.subjects = vec![dead_subjects()];
    Topology {
        streams: vec![
            stream(ISSUES, &[EventKind::IssueReceived], options.issues_max_bytes, options.issues_keep_days),
            stream(
                ARTICLES,
                &[
                    EventKind::ArticleExtracted,
                    EventKind::IssueExtracted,
                    EventKind::IssueWithdrawn,
                    EventKind::ArticleKilled,
                ],
                options.articles_max_bytes,
                options.articles_keep_days,
            ),
            stream(EVENTS, &[EventKind::IssueIndexed, EventKind::IssueLate], EVENTS_MAX_BYTES, EVENTS_KEEP_DAYS),
            dead,
        ],
        durables: Work::ALL
            .into_iter()
            .flat_map(|work| Lane::ALL.map(|lane| (work, lane)))
            .map(|(work, lane)| DurableSpec {
                name: work.durable(lane),
                stream: work.stream().to_owned(),
                filters: work.kinds().iter().map(|kind| format!("{ROOT}.{}.{lane}.>", kind.path())).collect(),
                ack_wait: options.ack_wait(),
                max_ack_pending: MAX_ACK_PENDING,
            })
            .collect(),
        buckets: [RECEIPTS, CONTROL].map(|name| KvSpec { replicas: options.replicas, ..KvSpec::new(name) }).into(),
        object_stores: vec![ObjectStoreSpec {
            max_age: days(options.issues_keep_days),
            max_bytes: options.files_max_bytes,
            replicas: options.replicas,
            ..ObjectStoreSpec::new(FILES)
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn names_on_the_wire_stay_as_they_are() {
        let topology = topology(&TopologyOptions::default());
        let subjects: Vec<_> = topology.streams.iter().flat_map(|s| s.subjects.clone()).collect();
        assert_eq!(
            subjects,
            [
                "pressline.issue.received.>",
                "pressline.article.extracted.>",
                "pressline.issue.extracted.>",
                "pressline.issue.withdrawn.>",
                "pressline.article.killed.>",
                "pressline.issue.indexed.>",
                "pressline.issue.late.>",
                "pressline.dead.>"
            ]
        );
        let durables: Vec<_> = topology.durables.iter().map(|d| (d.name.as_str(), d.filters.join(" "))).collect();
        let durables: Vec<_> = durables.iter().map(|(name, filters)| (*name, filters.as_str())).collect();
        assert_eq!(
            durables,
            [
                ("parser-live", "pressline.issue.received.live.>"),
                ("parser-backfill", "pressline.issue.received.backfill.>"),
                ("indexer-live", "pressline.article.extracted.live.>"),
                ("indexer-backfill", "pressline.article.extracted.backfill.>"),
                ("closer-live", "pressline.issue.extracted.live.>"),
                ("closer-backfill", "pressline.issue.extracted.backfill.>"),
                ("remover-live", "pressline.issue.withdrawn.live.> pressline.article.killed.live.>"),
                ("remover-backfill", "pressline.issue.withdrawn.backfill.> pressline.article.killed.backfill.>"),
            ]
        );
    }

    #[test]
    fn days_to_keep_bound_what_is_stored_and_zero_is_for_ever() {
        let ages = |options: &TopologyOptions| {
            let topology = topology(options);
            let streams = topology.streams.iter().map(|stream| stream.max_age.as_secs() / 86_400);
            streams.chain(topology.object_stores.iter().map(|store| store.max_age.as_secs() / 86_400)).collect()
        };
        let default: Vec<_> = ages(&TopologyOptions::default());
        assert_eq!(default, [0, 0, 30, 0, 0]);
        let bounded =
            TopologyOptions { issues_keep_days: 400, articles_keep_days: 90, dead_keep_days: 7, ..Default::default() };
        assert_eq!(ages(&bounded), [400, 90, 30, 7, 400]);
    }

    #[test]
    fn every_event_has_a_stream_and_no_two_the_same_subject() {
        let streams = topology(&TopologyOptions::default()).streams;
        let seen: HashSet<_> = EventKind::ALL.iter().map(|kind| subject(*kind, Lane::Live, None)).collect();
        assert_eq!(seen.len(), EventKind::ALL.len());
        for subject in seen {
            let holders = streams
                .iter()
                .flat_map(|stream| &stream.subjects)
                .filter(|pattern| subject.starts_with(pattern.trim_end_matches('>')))
                .count();
            assert_eq!(holders, 1, "{subject}");
        }
    }

    proptest! {
        #[test]
        fn a_subject_tells_lane_and_title_again(title in proptest::option::of("[a-z0-9][a-z0-9-]{0,20}"), backfill: bool, kind in 0..7usize) {
            let lane = if backfill { Lane::Backfill } else { Lane::Live };
            let title: Option<PublicationId> = title.map(|text| text.parse().unwrap());
            let subject = subject(EventKind::ALL[kind], lane, title.as_ref());
            prop_assert_eq!(parse_subject(&subject), Some((lane, title)));
        }

        #[test]
        fn what_is_no_subject_is_none_and_never_a_panic(text in ".{0,60}") {
            let _ = parse_subject(&text);
        }
    }
}
