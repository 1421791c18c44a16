//! The search servers as the handlers see them: each issue has one ([`contract::Route`]), and each server has a writer, batches and
//! hands of its own, so that one that is down or slow holds up only its own issues.
//!
//! With one server a message waits in hand until it is done. With several, what belongs to one that does not answer, or that has
//! its share of hands full, goes back to the broker and comes again: hands are kept free for the others. The broker keeps at most
//! [`contract::names::MAX_ACK_PENDING`] messages of a lane waiting like that; only beyond does an outage reach the others.

pub mod settings;
pub mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bus::Failure;
use contract::{IssueId, Route};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::articles::stopping;
use crate::batcher::Job;
use crate::document::Document;
use crate::sink::{Purge, Sink};
use crate::writer::Writer;

/// First pause before something comes again; each is twice the one before.
const FIRST: Duration = Duration::from_secs(2);
/// Longest pause.
const LONGEST: Duration = Duration::from_secs(60);

/// How long until a message is delivered again that waits for something else: 2 s, 4 s … 60 s.
pub(crate) fn come_again(attempt: u64) -> Duration {
    (FIRST * 2u32.pow(attempt.saturating_sub(1).min(10) as u32)).min(LONGEST)
}

/// One server.
#[derive(Debug)]
pub struct Server<S> {
    /// Its name, as in the settings.
    pub name: String,
    /// Where its documents are counted.
    pub sink: Arc<S>,
    /// Takes documents out of it.
    pub writer: Arc<Writer<S>>,
    /// Where its documents go.
    pub jobs: mpsc::Sender<Job>,
    /// Whether it answers and its index is prepared.
    pub up: Arc<AtomicBool>,
    /// Hands that it may have; where it is the only one, all.
    pub share: Option<Arc<Semaphore>>,
}

impl<S: Sink> Server<S> {
    /// Whether something may be begun there. The only one is waited for in hand, whoever asks.
    ///
    /// # Errors
    /// It is one of several and does not answer: the message comes again.
    pub fn is_open(&self, attempt: u64) -> Result<(), Failure> {
        if self.share.is_none() || self.up.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err(Failure::not_yet(format!("search server `{}` does not answer", self.name), come_again(attempt)))
    }

    /// A hand for one of its articles.
    ///
    /// # Errors
    /// As [`Server::is_open`]; or it has all that it may have.
    pub fn hand(&self, attempt: u64) -> Result<Option<OwnedSemaphorePermit>, Failure> {
        self.is_open(attempt)?;
        let Some(share) = &self.share else { return Ok(None) };
        let hand = share.clone().try_acquire_owned();
        hand.map(Some).map_err(|_| {
            Failure::not_yet(format!("search server `{}` has its share in hand", self.name), come_again(attempt))
        })
    }

    /// Writes a document, and returns when it can be found.
    ///
    /// # Errors
    /// What the batcher says of it.
    pub async fn write(&self, document: Document) -> Result<(), Failure> {
        let (answer, verdict) = oneshot::channel();
        self.jobs.send(Job { document, answer }).await.map_err(|_| stopping())?;
        verdict.await.unwrap_or_else(|_| Err(stopping()))
    }

    /// Takes out what `purge` names; the only server is waited for, of several each is tried once.
    ///
    /// # Errors
    /// It was not done, and the message comes again.
    pub async fn purge(&self, purge: &Purge, attempt: u64) -> Result<(), Failure> {
        if self.share.is_none() {
            return if self.writer.purge(purge).await { Ok(()) } else { Err(stopping()) };
        }
        self.is_open(attempt)?;
        self.writer.try_purge(purge).await.map_err(|reason| Failure::not_yet(reason, come_again(attempt)))
    }
}

/// All of them.
#[derive(Debug)]
pub struct Servers<S> {
    route: Route,
    servers: Vec<Server<S>>,
}

impl<S: Sink> Servers<S> {
    /// In the order of the route's names.
    pub fn new(route: Route, servers: Vec<Server<S>>) -> Self {
        debug_assert_eq!(route.names().len(), servers.len(), "a server for each name");
        Self { route, servers }
    }

    /// The one that keeps `issue`.
    pub fn of(&self, issue: &IssueId) -> &Server<S> {
        &self.servers[self.route.place(issue)]
    }

    /// The others, where an issue may have stood before there were so many.
    pub fn besides(&self, issue: &IssueId) -> impl Iterator<Item = &Server<S>> {
        let own = self.route.place(issue);
        self.servers.iter().enumerate().filter(move |(place, _)| *place != own).map(|(_, server)| server)
    }

    /// There are more than one.
    pub fn are_several(&self) -> bool {
        self.servers.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_come_less_often_but_never_cease() {
        let deliveries = [1, 2, 5, 6, u64::MAX].map(|attempt| come_again(attempt).as_secs());
        assert_eq!(deliveries, [2, 4, 32, 60, 60]);
    }
}
