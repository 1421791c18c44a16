//! What each event is called and what it is about.

use crate::article::Article;
use crate::event::{Event, EventKind};
use crate::issue::{ArticleKilled, IssueIndexed, IssueLate, IssueWithdrawn, Manifest};

impl Event for Article {
    const KIND: EventKind = EventKind::ArticleExtracted;
    fn event_id(&self) -> String {
        format!("{}.{}", self.id, self.revision)
    }
    fn about(&self) -> String {
        self.id.to_string()
    }
}

impl Event for Manifest {
    const KIND: EventKind = EventKind::IssueExtracted;
    fn event_id(&self) -> String {
        format!("{}.{}", self.issue.id, self.revision)
    }
    fn about(&self) -> String {
        self.issue.id.to_string()
    }
}

impl Event for IssueIndexed {
    const KIND: EventKind = EventKind::IssueIndexed;
    fn event_id(&self) -> String {
        format!("{}.{}", self.issue, self.revision)
    }
    fn about(&self) -> String {
        self.issue.to_string()
    }
}

impl Event for IssueWithdrawn {
    const KIND: EventKind = EventKind::IssueWithdrawn;
    fn event_id(&self) -> String {
        self.issue.to_string()
    }
    fn about(&self) -> String {
        self.issue.to_string()
    }
}

impl Event for ArticleKilled {
    const KIND: EventKind = EventKind::ArticleKilled;
    fn event_id(&self) -> String {
        self.article.to_string()
    }
    fn about(&self) -> String {
        self.article.to_string()
    }
}

impl Event for IssueLate {
    const KIND: EventKind = EventKind::IssueLate;
    fn event_id(&self) -> String {
        format!("{}.{}.{}", self.publication, self.date, self.kind.as_str())
    }
    fn about(&self) -> String {
        self.publication.to_string()
    }
}
