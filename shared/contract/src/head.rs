//! What a message says of itself without its data: enough to list, count and choose stored messages, of which only the
//! headers were read.

use bus::Incoming;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::event::{EventKind, header};
use crate::ids::{ArticleId, IssueId, Lane, PublicationId};
use crate::names;

/// The headers and the subject of an event. What is missing or not valid is `None`: nothing stored may stop who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Which event.
    pub kind: Option<EventKind>,
    /// `ce-subject`: the issue or article it is about.
    pub about: Option<String>,
    /// The revision of the issue that it belongs to.
    pub revision: Option<u64>,
    /// The queue.
    pub lane: Option<Lane>,
    /// The title, where known.
    pub publication: Option<PublicationId>,
    /// The day that the sender said the issue is dated.
    pub date: Option<Date>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// Set where it is a stored message handled again.
    pub replay: Option<String>,
}

impl Head {
    /// The head of a message, with or without its payload.
    pub fn of(message: &Incoming) -> Self {
        let text = |name| header(&message.headers, name).ok().flatten();
        let kind =
            text(names::HEADER_TYPE).and_then(|name| EventKind::ALL.into_iter().find(|kind| kind.type_name() == name));
        let said: Option<u64> = text(names::HEADER_REVISION).and_then(|revision| revision.parse().ok());
        let revision = match kind {
            Some(EventKind::IssueReceived) => Some(said.unwrap_or(message.stream_sequence)),
            // The id of an event of a revision ends in it.
            _ => said.or_else(|| text(names::HEADER_ID)?.rsplit_once('.')?.1.parse().ok()),
        };
        let (lane, publication) = match names::parse_subject(&message.subject) {
            Some((lane, publication)) => (Some(lane), publication),
            None => (None, None),
        };
        Self {
            kind,
            about: text(names::HEADER_SUBJECT),
            revision,
            lane,
            publication,
            date: text(names::HEADER_DATE).and_then(|date| date.parse().ok()),
            time: text(names::HEADER_TIME).and_then(|time| time.parse().ok()),
            replay: text(names::HEADER_REPLAY),
        }
    }

    /// The issue that it is about, or whose article it is about.
    pub fn issue(&self) -> Option<IssueId> {
        let about = self.about.as_deref()?;
        about.parse().ok().filter(|_| !self.is_of_article()).or_else(|| self.article()?.issue())
    }

    /// The article that it is about.
    pub fn article(&self) -> Option<ArticleId> {
        self.about.as_deref()?.parse().ok().filter(|_| self.is_of_article())
    }

    fn is_of_article(&self) -> bool {
        matches!(self.kind, Some(EventKind::ArticleExtracted | EventKind::ArticleKilled))
    }
}
