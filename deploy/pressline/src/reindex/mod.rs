//! `pressline reindex`: a fresh index beside the live one, from the stored articles, while everything goes on.
//!
//! The flow: make the fresh index with the live one's settings → read the stream of articles from its beginning → when level
//! with it, hold the indexers' durables for a moment, read what came last, swap the two in one step, let them go → read on from
//! there once more. Readers have the old index until the swap and the fresh one after it, never an empty or half one, and nothing
//! that they have found is away for a moment: articles that come meanwhile wait in their stream. The old one is kept for
//! `--undo`, which goes the same way back. How far it is stands in the ledger after every page, so a run that was broken
//! off is resumed.
//!
//! | module | holds |
//! | --- | --- |
//! | [`options`] | the command line |
//! | [`state`] | how far it is |
//! | [`fill`] | from the stream into an index |
//! | [`server`] | what is done at one search server |

mod fill;
pub mod options;
mod server;
mod state;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use contract::Lane;
use contract::names::{self, Work as Kind};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::fill::Filler;
use self::options::ReindexOptions;
use self::server::{prepare, swap_at};
use self::state::{Kept, Phase, State};
use crate::engines::Engines;
use crate::keys::role::fresh_index;
use crate::operator::{Operator, broker};
use crate::publish;
use crate::report::{self, DIM, Problem, paint};

/// How long the indexers may be held for a swap, should nobody release them.
const HELD: Duration = Duration::from_secs(30);
/// How long what they have in hand is waited for. What is not done by then may be away from the swap to the second catching up.
const IN_HAND: Duration = Duration::from_secs(15);
/// How often it is looked whether it is done.
const LOOK: Duration = Duration::from_millis(50);
/// As shells say it of Ctrl-C: 128 and SIGINT's number.
const INTERRUPTED: u8 = 130;
/// How often the two indexes are compared and caught up before it is said that the fresh one has less.
const COMPARISONS: u32 = 5;

/// Runs the command.
pub async fn run(options: ReindexOptions) -> Result<ExitCode, Problem> {
    let operator = options.line.connect().await?;
    let engines = Engines::new(&operator.search)?;
    let (kept, state) = Kept::read(&operator).await?;
    if options.step.status {
        return status(&operator, state.as_ref(), options.json).await;
    }
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    tokio::spawn(async move {
        runtime::stop_signal().await;
        stopped.cancel();
    });
    let mut work = Work { operator: &operator, engines: &engines, kept, stop, allow_fewer: options.allow_fewer };
    let step = &options.step;
    let ended = match state {
        None if step.resume || step.undo || step.drop_old => Err(nothing()),
        None => work.begin().await,
        Some(state) if step.undo => return work.undo(state).await,
        Some(state) if step.drop_old => return work.drop_old(state).await,
        Some(state) if step.resume => work.resume(state).await,
        Some(State { phase: Phase::Building | Phase::Swapping, next, .. }) => Err(Problem::failed(format!(
            "one is under way, up to message {next}: go on with --resume, or remove it with --undo"
        ))),
        Some(_) => {
            Err(Problem::failed("the index of the last one is still kept: remove it with --drop-old, then begin"))
        }
    };
    operator.bus.close().await;
    ended
}

fn nothing() -> Problem {
    Problem::failed("there is no reindexing; `pressline reindex` begins one")
}

async fn status(operator: &Operator, state: Option<&State>, as_json: bool) -> Result<ExitCode, Problem> {
    let last = last_article(operator).await?;
    match state {
        _ if as_json => report::say(json!({ "reindex": state, "last": last })),
        None => report::say("no reindexing"),
        Some(state) => {
            let phase = serde_json::to_value(state.phase).unwrap_or_default();
            let left = (last + 1).saturating_sub(state.next);
            report::say(format!("{} since {:.0}", phase.as_str().unwrap_or_default(), state.started));
            report::say(format!(
                "{} written, {left} messages to go",
                report::count(state.written as usize, "document")
            ));
            if state.refused > 0 {
                report::say(format!("{} refused", report::count(state.refused as usize, "document")));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn last_article(operator: &Operator) -> Result<u64, Problem> {
    let streams = operator.bus.overview().await.map_err(broker)?;
    Ok(streams.iter().find(|stream| stream.name == names::ARTICLES).map_or(0, |stream| stream.last_sequence))
}

/// The durables from which documents are written and taken out.
fn held() -> Vec<String> {
    [Kind::Index, Kind::Remove].into_iter().flat_map(|kind| Lane::ALL.map(|lane| kind.durable(lane))).collect()
}

struct Work<'a> {
    operator: &'a Operator,
    engines: &'a Engines,
    kept: Kept,
    stop: CancellationToken,
    allow_fewer: bool,
}

impl Work<'_> {
    async fn begin(&mut self) -> Result<ExitCode, Problem> {
        let index = self.operator.search.index.clone();
        let other = fresh_index(&index);
        let mut made = BTreeMap::new();
        for ((name, engine), search) in self.engines.each().zip(self.operator.search.each()) {
            if engine.made(&index).await?.is_none() {
                let reason = format!("index {index} is not there yet at server {name}: the indexer makes it");
                return Err(Problem::failed(reason));
            }
            // Left by one that was broken off before it was written down.
            if engine.made(&other).await?.is_some() {
                engine.done(Method::DELETE, &format!("/indexes/{other}"), None).await?;
            }
            prepare(engine, &search, &other).await?;
            let fresh = engine.made(&other).await?.ok_or_else(|| Problem::failed("the fresh index is gone"))?;
            made.insert(name.to_owned(), fresh);
        }
        let state = State {
            phase: Phase::Building,
            started: Timestamp::now(),
            index,
            other,
            made,
            next: 1,
            left: 0,
            written: 0,
            refused: 0,
        };
        self.kept.write(&state).await?;
        self.resume(state).await
    }

    async fn resume(&mut self, mut state: State) -> Result<ExitCode, Problem> {
        if matches!(state.phase, Phase::Swapped | Phase::Undone) {
            // Broken off in the second catching up.
            return self.finish(state).await;
        }
        if state.phase == Phase::Building {
            let other = state.other.clone();
            if !self.catch_up(&mut state, &other).await? || !self.is_whole(&mut state).await? {
                return Ok(ExitCode::from(INTERRUPTED));
            }
            state.left = state.next;
            state.phase = Phase::Swapping;
            self.kept.write(&state).await?;
        }
        if !self.exchange(&mut state).await? {
            return Ok(ExitCode::from(INTERRUPTED));
        }
        state.phase = Phase::Swapped;
        state.next = state.left;
        self.kept.write(&state).await?;
        self.finish(state).await
    }

    /// After a swap: what the index that readers have now may lack.
    async fn finish(&mut self, mut state: State) -> Result<ExitCode, Problem> {
        let index = state.index.clone();
        if !self.catch_up(&mut state, &index).await? {
            return Ok(ExitCode::from(INTERRUPTED));
        }
        let documents = report::count(self.engines.count(&index).await? as usize, "document");
        let kept = match state.phase {
            Phase::Undone => "the old index is back; --drop-old removes the other one",
            _ => "the old one is kept: --undo puts it back, --drop-old removes it",
        };
        report::say(format!("{documents} in {index}; {kept}"));
        if state.refused > 0 {
            let refused = report::count(state.refused as usize, "document");
            report::say(paint(DIM, format!("{refused} refused by the engine, as when they came: see dead-letters")));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Reads on until level with the stream; false if asked to stop before.
    async fn catch_up(&mut self, state: &mut State, index: &str) -> Result<bool, Problem> {
        let mut filler = Filler::new(self.operator, self.engines, index, state.next, self.stop.clone())?;
        let last = last_article(self.operator).await?;
        let bar = publish::bar(last as usize, "messages read");
        loop {
            if self.stop.is_cancelled() {
                bar.abandon();
                report::note("stopped; `pressline reindex --resume` goes on");
                return Ok(false);
            }
            let filled = filler.page().await?;
            state.next = filler.place();
            state.written += filled.written;
            state.refused += filled.refused;
            if filled.read == 0 {
                bar.finish_and_clear();
                return Ok(true);
            }
            bar.set_position(state.next.saturating_sub(1));
            self.kept.write(state).await?;
        }
    }

    /// Whether the fresh index may take the place of the other; an error if it has less.
    async fn is_whole(&mut self, state: &mut State) -> Result<bool, Problem> {
        let mut found = (0, 0);
        for _ in 0..COMPARISONS {
            let live = self.engines.count(&state.index).await?;
            let other = state.other.clone();
            // After the count: what came into the live index until then is in the stream.
            if !self.catch_up(state, &other).await? {
                return Ok(false);
            }
            found = (self.engines.count(&other).await?, live);
            if found.0 >= live || self.allow_fewer {
                return Ok(true);
            }
        }
        self.kept.write(state).await?;
        Err(Problem::failed(format!(
            "the fresh index has {} documents, the live one {}: see what the difference is with `pressline audit`, then \
             --resume, with --allow-fewer if that is right",
            found.0, found.1
        )))
    }

    /// Swaps the two while nobody writes, with the one that is to be swapped in level to the last message; false if asked to
    /// stop before.
    async fn exchange(&mut self, state: &mut State) -> Result<bool, Problem> {
        self.hold().await?;
        let exchanged = self.exchange_held(state).await;
        // Else the broker does it when the time is over.
        for durable in held() {
            let _ = self.operator.bus.release(names::ARTICLES, &durable).await;
        }
        exchanged
    }

    async fn exchange_held(&mut self, state: &mut State) -> Result<bool, Problem> {
        if self.made(&state.index).await? == state.made {
            return Ok(true);
        }
        let other = state.other.clone();
        if !self.catch_up(state, &other).await? {
            return Ok(false);
        }
        // From here on the one that is swapped out may have something that the other has not: it is read again after the swap.
        state.left = state.next;
        self.swap(state).await?;
        Ok(true)
    }

    /// Returns when the indexers have nothing in hand and get nothing more.
    async fn hold(&self) -> Result<(), Problem> {
        for durable in held() {
            self.operator.bus.hold(names::ARTICLES, &durable, HELD).await.map_err(broker)?;
        }
        let deadline = tokio::time::Instant::now() + IN_HAND;
        loop {
            let streams = self.operator.bus.overview().await.map_err(broker)?;
            let durables = streams.iter().flat_map(|stream| &stream.durables);
            let busy: u64 = durables.filter(|one| held().contains(&one.name)).map(|durable| durable.ack_pending).sum();
            if busy == 0 {
                return Ok(());
            }
            if tokio::time::Instant::now() > deadline {
                let busy = report::count(busy as usize, "message");
                report::note(format!(
                    "the indexers still have {busy} in hand; what they write now may be missing until the end"
                ));
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Swaps the two at each server where that is not done yet. Between two servers lies a moment in which an issue that moves
    /// from one to the other is found twice or not at all.
    async fn swap(&self, state: &State) -> Result<(), Problem> {
        for (name, engine) in self.engines.each() {
            swap_at(name, engine, state).await?;
        }
        Ok(())
    }

    /// The indexes of this name at each server; an error where there is none.
    async fn made(&self, index: &str) -> Result<BTreeMap<String, String>, Problem> {
        let mut made = BTreeMap::new();
        for (name, engine) in self.engines.each() {
            let found = engine.made(index).await?;
            let found = found.ok_or_else(|| Problem::failed(format!("index {index} is not there at server {name}")))?;
            made.insert(name.to_owned(), found);
        }
        Ok(made)
    }

    async fn delete(&self, index: &str) -> Result<(), Problem> {
        for (_, engine) in self.engines.each() {
            engine.done(Method::DELETE, &format!("/indexes/{index}"), None).await?;
        }
        Ok(())
    }

    async fn undo(&mut self, mut state: State) -> Result<ExitCode, Problem> {
        // Where it was broken off between two servers, those that were swapped are swapped back.
        let found = self.made(&state.index).await?;
        let swapped = found.iter().any(|(name, made)| state.made.get(name) == Some(made));
        if state.phase == Phase::Undone {
            return self.finish(state).await;
        }
        if !swapped {
            self.delete(&state.other).await?;
            let (kept, _) = Kept::read(self.operator).await?;
            kept.remove().await?;
            report::say("the fresh index is removed; readers had the old one all the time");
            return Ok(ExitCode::SUCCESS);
        }
        let mut old = self.made(&state.other).await?;
        old.extend(found.into_iter().filter(|(name, made)| state.made.get(name) != Some(made)));
        // What came since the swap is in the stream; the old index gets it before readers get the old index.
        state.next = state.left;
        let other = state.other.clone();
        if !self.catch_up(&mut state, &other).await? {
            return Ok(ExitCode::from(INTERRUPTED));
        }
        let mut back = State { made: old, ..state };
        if !self.exchange(&mut back).await? {
            return Ok(ExitCode::from(INTERRUPTED));
        }
        back.phase = Phase::Undone;
        self.kept.write(&back).await?;
        self.finish(back).await
    }

    async fn drop_old(&mut self, state: State) -> Result<ExitCode, Problem> {
        if matches!(state.phase, Phase::Building | Phase::Swapping) {
            return Err(Problem::failed("it is not swapped yet: --undo removes the fresh index"));
        }
        self.delete(&state.other).await?;
        let (kept, _) = Kept::read(self.operator).await?;
        kept.remove().await?;
        report::say(format!("{} is removed", state.other));
        Ok(ExitCode::SUCCESS)
    }
}
