//! A line, what was asked of it, and the hands that break it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::names::{Work, subject};
use contract::{EventKind, Lane};
use futures::{StreamExt, TryStreamExt, stream};
use generate::issue::Plan;

use crate::Outcome;
use crate::audit::{self, Verdict};
use crate::broker::Broker;
use crate::ledger::{Entry, Ledger, Version};
use crate::line::{Line, Options};
use crate::process::until;
use crate::sender::{Sender, Sent, drop_file};

const ROOM_WITHIN: Duration = Duration::from_secs(60);
const TAKEN_WITHIN: Duration = Duration::from_secs(180);
/// How often it is looked whether anything is on its way.
const LOOK: Duration = Duration::from_millis(50);
/// Twice the later of the sweeps that a line is set up with, and some.
const SWEPT_WITHIN: Duration = Duration::from_secs(30);
/// Files that are sent at a time.
const SENDERS: usize = 6;

/// A line and what was asked of it.
#[derive(Debug)]
pub struct Rig {
    /// The line.
    pub line: Arc<Line>,
    /// Its broker, past the proxies.
    pub broker: Broker,
    /// Sends through the proxy.
    pub sender: Sender,
    /// Where issues come from.
    pub plan: Plan,
    ledger: Mutex<Ledger>,
    next: AtomicUsize,
}

impl Rig {
    /// Starts a line.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(options: Options, plan: Plan) -> Outcome<Self> {
        let line = Line::start(options).await?;
        let broker = Broker::connect(&line.nats.url).await?;
        let sender = Sender::new(line.links.senders.address())?;
        Ok(Self { line, broker, sender, plan, ledger: Mutex::default(), next: AtomicUsize::new(0) })
    }

    /// The ledger; not to be held while waiting.
    pub fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers of issues that nobody has sent yet.
    pub fn fresh(&self, count: usize) -> Range<usize> {
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        first..first + count
    }

    /// An issue as it would stand in the ledger with this one version, not yet sent.
    pub fn planned(&self, index: usize, revision: u64) -> Entry {
        let issue = self.plan.issue(index, revision);
        Entry {
            publication: issue.title,
            file_name: issue.file_name,
            id: None,
            versions: vec![Version { bytes: issue.text.into_bytes(), accepted: false }],
            withdrawn: false,
            killed: BTreeSet::new(),
        }
    }

    /// Writes a version of an issue into the ledger, as about to be sent.
    pub fn attempt(&self, index: usize, revision: u64) -> Entry {
        let mut planned = self.planned(index, revision);
        let mut ledger = self.ledger();
        match ledger.issues.get_mut(&index) {
            Some(entry) => {
                entry.versions.append(&mut planned.versions);
                entry.clone()
            }
            None => {
                ledger.issues.insert(index, planned.clone());
                planned
            }
        }
    }

    /// Writes down how an attempt ended; `version` counts from 0.
    pub fn ended(&self, index: usize, version: usize, sent: &Sent, retries: u64) -> Outcome<()> {
        let mut ledger = self.ledger();
        ledger.retries += retries;
        let entry = ledger.issues.get_mut(&index).ok_or("an issue that nobody attempted")?;
        match sent {
            Sent::Accepted(id) => {
                entry.id = Some(id.clone());
                entry.versions[version].accepted = true;
                Ok(())
            }
            Sent::Refused(status, reason) => Err(format!("issue {index} was refused: {status} {reason}").into()),
        }
    }

    /// Sends an issue, a version of it, over HTTP.
    ///
    /// # Errors
    /// When it is refused, or not taken for minutes.
    pub async fn send(&self, index: usize, revision: u64, lane: Lane) -> Outcome<()> {
        let entry = self.attempt(index, revision);
        let version = entry.versions.len() - 1;
        let (sent, retries) = self.sender.send(&entry, &entry.versions[version].bytes, lane).await?;
        self.ended(index, version, &sent, retries)
    }

    /// Sends first versions of issues, several at a time.
    ///
    /// # Errors
    /// As [`Rig::send`].
    pub async fn send_all(&self, issues: Range<usize>) -> Outcome<()> {
        let sending = stream::iter(issues).map(|index| self.send(index, 1, Lane::Live)).buffer_unordered(SENDERS);
        sending.try_collect::<()>().await
    }

    /// Puts an issue into the drop folder and waits until it has been taken out of it.
    ///
    /// # Errors
    /// When it is not taken for minutes, or rejected.
    pub async fn drop_in(&self, index: usize) -> Outcome<()> {
        let entry = self.attempt(index, 1);
        let bytes = &entry.versions[0].bytes;
        let folder = &self.line.drop_folder;
        let path = drop_file(folder, &entry.publication, &entry.file_name, bytes)?;
        until(&format!("{} is taken", path.display()), TAKEN_WITHIN, async || !path.exists()).await?;
        let rejected = folder.join("rejected").join(&entry.publication).join(&entry.file_name);
        if rejected.exists() {
            return Err(format!("{} was rejected", entry.file_name).into());
        }
        // A file says nothing of its issue's id; sent once more by hand, it is the same issue or a second one.
        let (sent, retries) = self.sender.send(&entry, bytes, Lane::Live).await?;
        self.ended(index, 0, &sent, retries)
    }

    /// Withdraws an issue.
    ///
    /// # Errors
    /// When it is refused, or not done for minutes.
    pub async fn withdraw(&self, index: usize) -> Outcome<()> {
        let id = self.ledger().issues.get(&index).and_then(|entry| entry.id.clone());
        let id = id.ok_or("an issue that was never accepted cannot be withdrawn")?;
        match self.sender.withdraw(&id).await? {
            (Sent::Accepted(_), retries) => {
                let mut ledger = self.ledger();
                ledger.retries += retries;
                if let Some(entry) = ledger.issues.get_mut(&index) {
                    entry.withdrawn = true;
                }
                Ok(())
            }
            (Sent::Refused(status, reason), _) => Err(format!("issue {index} not withdrawn: {status} {reason}").into()),
        }
    }

    /// Kills an article of the newest version of an issue.
    ///
    /// # Errors
    /// When it is refused, or not done for minutes.
    pub async fn kill_article(&self, index: usize, which: usize) -> Outcome<()> {
        let entry = self.ledger().issues.get(&index).cloned().ok_or("an issue that nobody attempted")?;
        let (Some(id), Some(newest)) = (&entry.id, entry.newest()) else {
            return Err("no article can be killed of an issue that was never accepted".into());
        };
        let articles: Vec<String> = audit::articles_of(id, &entry, &newest.bytes)?.into_keys().collect();
        let article = articles.get(which % articles.len().max(1)).ok_or("an issue without articles")?;
        match self.sender.kill(article).await? {
            (Sent::Accepted(_), retries) => {
                let mut ledger = self.ledger();
                ledger.retries += retries;
                if let Some(entry) = ledger.issues.get_mut(&index) {
                    entry.killed.insert(article.clone());
                }
                Ok(())
            }
            (Sent::Refused(status, reason), _) => {
                Err(format!("article {article} not killed: {status} {reason}").into())
            }
        }
    }

    /// Publishes something that is no event, past intake, as a broken sender would; it must become a dead letter.
    ///
    /// # Errors
    /// When the broker does not take it for a minute.
    pub async fn poison(&self, work: Work, number: u64) -> Outcome<()> {
        let kind = if work == Work::Parse { EventKind::IssueReceived } else { EventKind::ArticleExtracted };
        let message_id = format!("poison-{}-{number:x}", work.stage());
        let subject = subject(kind, Lane::Live, None);
        let publish = async || self.broker.publish(subject.clone(), &message_id, "\u{0}no event").await.is_ok();
        until("a poison is taken", ROOM_WITHIN, publish).await?;
        self.ledger().poisons.push(message_id);
        Ok(())
    }

    /// Gives a stream its room again, however often it takes.
    ///
    /// # Errors
    /// When the broker does not do it within a minute.
    pub async fn make_room(&self, stream: &str) -> Outcome<()> {
        until("a stream has room again", ROOM_WITHIN, async || self.broker.empty(stream).await.is_ok()).await
    }

    /// Mends everything and waits until nothing is on its way any more.
    ///
    /// # Errors
    /// Where what still waits, when it waits for too long.
    pub async fn drain(&self, bound: Duration) -> Outcome<()> {
        self.line.heal().await?;
        self.quiet(bound).await
    }

    /// Waits until nothing is on its way any more, and mends nothing. A slow machine has time, as long as it gets on: the bound
    /// begins anew whenever less waits than ever before.
    ///
    /// # Errors
    /// Where what still waits, when it waits for too long.
    pub async fn quiet(&self, bound: Duration) -> Outcome<()> {
        let mut least = u64::MAX;
        let mut deadline = tokio::time::Instant::now() + bound;
        let mut quiet = 0;
        // Between two streams a message may be in neither: one look is not enough.
        while quiet < 4 {
            let last = match self.broker.waiting().await {
                Ok((waiting, places)) => {
                    if waiting < least {
                        least = waiting;
                        deadline = tokio::time::Instant::now() + bound;
                    }
                    quiet = if waiting == 0 { quiet + 1 } else { 0 };
                    places
                }
                Err(error) => {
                    quiet = 0;
                    error.to_string()
                }
            };
            if tokio::time::Instant::now() > deadline {
                let words = self.line.last_words().await;
                return Err(
                    format!("the streams are not drained, nothing moved for {bound:?}; last: {last}\n{words}").into()
                );
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Holds the ledger against the index.
    ///
    /// # Errors
    /// When broker or search engine do not answer.
    pub async fn audit(&self) -> Outcome<Verdict> {
        let found = audit::documents(&self.line).await?;
        let dead = self.broker.dead_letters().await?;
        let issues = self.ledger().issues.values().filter_map(|entry| entry.id.clone()).collect();
        let receipts = self.broker.receipts(issues).await?;
        audit::compare(&self.ledger(), &found, &dead, &receipts)
    }

    /// As [`Rig::audit`]; what a dead indexer left behind has the time that its sweep takes to go. Whether it took some of that
    /// comes back, too.
    ///
    /// # Errors
    /// As [`Rig::audit`].
    pub async fn verdict(&self) -> Outcome<(Verdict, bool)> {
        let deadline = tokio::time::Instant::now() + SWEPT_WITHIN;
        let mut verdict = self.audit().await?;
        let swept = verdict.is_only_left_behind();
        while verdict.is_only_left_behind() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(500)).await;
            verdict = self.audit().await?;
        }
        Ok((verdict, swept))
    }

    /// Drains and audits; what is not clean is an error.
    ///
    /// # Errors
    /// The verdict, unless it is clean.
    pub async fn settle(&self, bound: Duration) -> Outcome<Verdict> {
        self.drain(bound).await?;
        let (verdict, _) = self.verdict().await?;
        if verdict.is_clean() { Ok(verdict) } else { Err(verdict.words().into()) }
    }
}
