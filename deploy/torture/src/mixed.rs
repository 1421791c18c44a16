//! Everything at once: newsrooms send, faults strike, and at the end the books are balanced.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use contract::Lane;
use fastrand::Rng;
use futures::future::join_all;
use futures::{StreamExt, TryStreamExt, stream};
use generate::issue::Plan;

use crate::Outcome;
use crate::audit::Verdict;
use crate::fault::{Fault, Strikes};
use crate::line::Options;
use crate::rig::Rig;

/// Newsrooms that send at a time.
const NEWSROOMS: usize = 8;
/// Hands that break things at a time.
const BREAKERS: u64 = 2;
/// Senders of one issue at once.
const CROWD: usize = 10;
/// One fault at least for so many issues, or the run proves nothing.
const ISSUES_PER_FAULT: u64 = 25;
const LEAST_FAULTS: u64 = 12;
/// How long what is on its way may take once nothing breaks any more: so much, and so much for each issue.
const DRAIN: Duration = Duration::from_secs(120);
const DRAIN_PER_ISSUE: Duration = Duration::from_millis(200);

/// What is sent, in parts of a hundred issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// How many issues.
    pub issues: usize,
    /// Everything is drawn from it.
    pub seed: u64,
    /// Pages of an issue.
    pub pages: usize,
    /// Articles of a page.
    pub articles: usize,
    /// Put into the drop folder instead of sent.
    pub dropped: u64,
    /// Sent by ten senders at once.
    pub crowds: u64,
    /// Into the archive's lane.
    pub backfill: u64,
    /// Sent again with corrections, once or twice.
    pub revised: u64,
    /// Withdrawn, while they are sent again.
    pub withdrawn: u64,
    /// An article of them killed, while they are sent again.
    pub killed: u64,
}

impl Mix {
    /// So many issues of one page with six articles.
    pub fn new(issues: usize, seed: u64) -> Self {
        Self {
            issues,
            seed,
            pages: 1,
            articles: 6,
            dropped: 12,
            crowds: 4,
            backfill: 20,
            revised: 25,
            withdrawn: 5,
            killed: 5,
        }
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Figures {
    /// What was run.
    pub mix: Mix,
    /// How the books stand.
    pub verdict: Verdict,
    /// What struck, and how often.
    pub strikes: Strikes,
    /// Files that had to be sent again.
    pub retries: u64,
    /// Messages that were delivered again, by durable.
    pub redeliveries: BTreeMap<String, u64>,
    /// Name, most memory in bytes and starts of each process.
    pub processes: Vec<(String, u64, u32)>,
    /// Something that a dead indexer had sent came in last, and had to be swept out.
    pub swept: bool,
    /// How long it took.
    pub took: Duration,
}

/// Runs a line, sends and breaks, mends, drains, audits.
///
/// # Errors
/// When something is lost, doubled or stale; when the line does not come back; when too little was sent or broken.
pub async fn run(options: Options, mix: Mix) -> Outcome<Figures> {
    let began = Instant::now();
    let plan = Plan { pages: Some(mix.pages), articles: Some(mix.articles), ..Plan::new(mix.seed, 12) };
    let rig = Rig::start(options, plan).await?;
    let sent = AtomicBool::new(false);
    let struck = AtomicU64::new(0);
    let least = (mix.issues as u64 / ISSUES_PER_FAULT).max(LEAST_FAULTS);
    let sending = async {
        let newsrooms = stream::iter(rig.fresh(mix.issues)).map(|index| newsroom(&rig, &mix, index));
        let all = newsrooms.buffer_unordered(NEWSROOMS).try_collect::<()>().await;
        sent.store(true, Ordering::Relaxed);
        all
    };
    let done = || sent.load(Ordering::Relaxed) && struck.load(Ordering::Relaxed) >= least;
    let breakers = (0..BREAKERS).map(|number| breaker(&rig, mix.seed * BREAKERS + number, &done, &struck));
    let (sending, broken) = tokio::join!(sending, join_all(breakers));
    let mut strikes = Strikes::new();
    for one in broken {
        for (fault, count) in one? {
            *strikes.entry(fault).or_default() += count;
        }
    }
    if let Err(error) = sending {
        return Err(format!("{error}\n{}", rig.line.last_words().await).into());
    }
    rig.drain(DRAIN + DRAIN_PER_ISSUE * u32::try_from(mix.issues).unwrap_or(u32::MAX)).await?;
    let (verdict, swept) = rig.verdict().await?;
    let retries = rig.ledger().retries;
    let redeliveries = rig.broker.redeliveries().await?;
    let processes = rig.line.figures().await;
    let figures = Figures { mix, verdict, strikes, retries, redeliveries, processes, swept, took: began.elapsed() };
    figures.judged()
}

/// One issue's life at its newsroom.
async fn newsroom(rig: &Rig, mix: &Mix, index: usize) -> Outcome<()> {
    let mut rng = Rng::with_seed(mix.seed ^ (index as u64).wrapping_mul(0x9e37_79b9));
    let percent = |rng: &mut Rng, share: u64| rng.u64(0..100) < share;
    let lane = if percent(&mut rng, mix.backfill) { Lane::Backfill } else { Lane::Live };
    if percent(&mut rng, mix.dropped) {
        rig.drop_in(index).await?;
    } else if percent(&mut rng, mix.crowds) {
        crowd(rig, index, lane).await?;
    } else {
        rig.send(index, 1, lane).await?;
    }
    if percent(&mut rng, mix.revised) {
        for revision in 2..=rng.u64(2..=3) {
            rig.send(index, revision, lane).await?;
        }
    }
    if percent(&mut rng, mix.killed) {
        kill_and_send(rig, index, 4, lane, rng.usize(0..100)).await?;
    }
    if percent(&mut rng, mix.withdrawn) {
        withdraw_and_send(rig, index, lane).await?;
    }
    Ok(())
}

/// The same file from ten senders at once: one issue.
///
/// # Errors
/// When they are told different issues.
pub async fn crowd(rig: &Rig, index: usize, lane: Lane) -> Outcome<()> {
    let entry = rig.attempt(index, 1);
    let senders = (0..CROWD).map(|_| rig.sender.send(&entry, &entry.versions[0].bytes, lane));
    let mut told = Vec::new();
    for answer in join_all(senders).await {
        let (sent, retries) = answer?;
        rig.ended(index, 0, &sent, retries)?;
        told.push(sent);
    }
    told.dedup();
    if told.len() == 1 { Ok(()) } else { Err(format!("issue {index} was told to be {told:?}").into()) }
}

/// Withdraws an issue while a correction of it is sent: whoever comes first, it is gone.
///
/// # Errors
/// When the withdrawal is not taken.
pub async fn withdraw_and_send(rig: &Rig, index: usize, lane: Lane) -> Outcome<()> {
    let entry = rig.attempt(index, 9);
    let bytes = &entry.versions[entry.versions.len() - 1].bytes;
    // It may be accepted or refused; either way it must not be found.
    let (withdrawn, sent) = tokio::join!(rig.withdraw(index), rig.sender.send(&entry, bytes, lane));
    sent?;
    withdrawn
}

/// Kills an article of an issue while a correction of it is sent: in both versions it is gone.
///
/// # Errors
/// When either is not taken.
pub async fn kill_and_send(rig: &Rig, index: usize, revision: u64, lane: Lane, which: usize) -> Outcome<()> {
    let (killed, sent) = tokio::join!(rig.kill_article(index, which), rig.send(index, revision, lane));
    sent?;
    killed
}

/// Breaks one thing after the other until `done`; at first each thing once, in an order of its own.
async fn breaker(rig: &Rig, seed: u64, done: &(dyn Fn() -> bool + Sync), struck: &AtomicU64) -> Outcome<Strikes> {
    let mut rng = Rng::with_seed(seed);
    let mut strikes = Strikes::new();
    let mut next = Vec::new();
    while !done() {
        if next.is_empty() {
            next = Fault::ALL.to_vec();
            rng.shuffle(&mut next);
        }
        tokio::time::sleep(Duration::from_millis(rng.u64(100..1_200))).await;
        let Some(fault) = next.pop() else { continue };
        fault.strike(rig, &mut rng).await.map_err(|error| format!("{fault:?}: {error}"))?;
        *strikes.entry(fault).or_default() += 1;
        struck.fetch_add(1, Ordering::Relaxed);
    }
    Ok(strikes)
}

impl Figures {
    fn judged(self) -> Outcome<Self> {
        let struck: u64 = self.strikes.values().sum();
        let least = (self.mix.issues as u64 / ISSUES_PER_FAULT).max(LEAST_FAULTS);
        let complaint = if !self.verdict.is_clean() {
            "the books do not balance".to_owned()
        } else if self.verdict.issues < self.mix.issues {
            format!("only {} of {} issues were accepted", self.verdict.issues, self.mix.issues)
        } else if struck < least {
            format!("only {struck} faults struck, {least} at least must")
        } else {
            return Ok(self);
        };
        Err(format!("{complaint}\n{self}").into())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {} issues, {:.0} s", self.mix.seed, self.mix.issues, self.took.as_secs_f64())?;
        writeln!(f, "{}", self.verdict.words())?;
        let again: Vec<String> = self.redeliveries.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(
            f,
            "sent again {}, delivered again {}: {}",
            self.retries,
            self.redeliveries.values().sum::<u64>(),
            again.join(", ")
        )?;
        let struck: u64 = self.strikes.values().sum();
        let named: BTreeMap<String, u64> = self.strikes.iter().map(|(fault, n)| (format!("{fault:?}"), *n)).collect();
        let named: Vec<String> = named.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
        writeln!(f, "{struck} faults: {}", named.join(", "))?;
        if self.swept {
            writeln!(f, "what a dead indexer had sent came in last, and was swept out")?;
        }
        memory(f, &self.processes)
    }
}

/// Name, most memory and starts of each process, a line each.
pub(crate) fn memory(f: &mut fmt::Formatter<'_>, processes: &[(String, u64, u32)]) -> fmt::Result {
    for (name, peak, starts) in processes {
        writeln!(f, "{name:<12} {:>5} MB at most, started {starts} times", peak >> 20)?;
    }
    Ok(())
}
