//! Whose turn it is: who goes first says when it has nothing to do; who comes after it waits for that, keeps to its rate, and
//! stands still while it is paused.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};

use crate::Consume;

/// An open pull request that brings nothing for so long, with nothing in hand, means that there is nothing to do.
const QUIET: Duration = Duration::from_millis(100);

/// Joins the consumer that goes first ([`Consume::first`]) with those that come after it ([`Consume::after`]), in one
/// process. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Precedence(Arc<watch::Sender<bool>>);

impl Precedence {
    /// Until who goes first has said that it has nothing to do, nobody comes after it.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Who goes first has nothing to do at this moment.
    pub fn is_idle(&self) -> bool {
        *self.0.borrow()
    }

    fn set(&self, idle: bool) {
        self.0.send_if_modified(|now| std::mem::replace(now, idle) != idle);
    }
}

impl Default for Precedence {
    fn default() -> Self {
        Self::new()
    }
}

/// How one consumer takes turns with others.
pub(crate) struct Turn {
    first: Option<Precedence>,
    quiet: Option<Instant>,
    after: Option<watch::Receiver<bool>>,
    paused: Option<watch::Receiver<bool>>,
    rate: Option<Bucket>,
}

impl Turn {
    pub(crate) fn of(consume: &Consume) -> Self {
        Self {
            first: consume.first.clone(),
            quiet: None,
            after: consume.after.as_ref().map(|precedence| precedence.0.subscribe()),
            paused: consume.paused.clone(),
            rate: consume.per_second.map(|rate| Bucket::new(rate, Instant::now())),
        }
    }

    /// It may have to stop at any moment, so it asks for messages in short requests only.
    pub(crate) fn yields(&self) -> bool {
        self.after.is_some() || self.paused.is_some() || self.rate.is_some()
    }

    /// How many messages may be asked for now.
    pub(crate) fn allowance(&mut self) -> usize {
        let waits = self.after.as_mut().is_some_and(|idle| !*idle.borrow_and_update());
        let paused = self.paused.as_mut().is_some_and(|paused| *paused.borrow_and_update());
        if waits || paused {
            return 0;
        }
        self.rate.as_mut().map_or(usize::MAX, |rate| rate.available(Instant::now()))
    }

    /// So many were asked for.
    pub(crate) fn spend(&mut self, count: usize) {
        if let Some(rate) = &mut self.rate {
            rate.take(count);
        }
    }

    /// So many of them did not come.
    pub(crate) fn give_back(&mut self, count: usize) {
        if let Some(rate) = &mut self.rate {
            rate.give_back(count);
        }
    }

    /// Tells those that come after whether there is work in hand.
    pub(crate) fn in_hand(&mut self, count: usize) {
        let Some(first) = &self.first else { return };
        if count > 0 {
            first.set(false);
            self.quiet = None;
        } else if self.quiet.is_none() {
            self.quiet = Some(Instant::now() + QUIET);
        }
    }

    /// Pulling does not work at the moment: nothing is known about what there is to do.
    pub(crate) fn broken(&mut self) {
        self.in_hand(1);
    }

    /// Comes back when it has been quiet long enough, which is then said to those that come after, or when the allowance
    /// may have changed. `listening`: a pull request is open.
    pub(crate) async fn changed(&mut self, listening: bool) {
        let quiet = match (&self.first, self.quiet) {
            (Some(first), Some(quiet)) if listening && !first.is_idle() => Some(quiet),
            _ => None,
        };
        let token = self.rate.as_ref().and_then(|rate| rate.next(Instant::now()));
        tokio::select! {
            () = at(quiet) => if let Some(first) = &self.first {
                first.set(true);
            },
            () = at(token) => {}
            () = moved(self.after.as_mut()) => {}
            () = moved(self.paused.as_mut()) => {}
        }
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Who told us may be gone: then it stays as it is.
async fn moved(told: Option<&mut watch::Receiver<bool>>) {
    if let Some(told) = told
        && told.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// A token bucket: `rate` tokens a second, at most those of one second, full at the start.
#[derive(Debug, Clone)]
struct Bucket {
    rate: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn new(rate: NonZeroU32, now: Instant) -> Self {
        let rate = f64::from(rate.get());
        Self { rate, level: rate, at: now }
    }

    fn available(&mut self, now: Instant) -> usize {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.rate).min(self.rate);
        self.at = now;
        // A token that is whole but for the rounding counts as whole.
        (self.level + 1e-9).floor().max(0.0) as usize
    }

    fn take(&mut self, count: usize) {
        self.level -= count as f64;
    }

    fn give_back(&mut self, count: usize) {
        self.level = (self.level + count as f64).min(self.rate);
    }

    /// When the next token is there; nothing if one is there now.
    fn next(&self, now: Instant) -> Option<Instant> {
        let missing = 1.0 - self.level;
        (missing > 0.0).then(|| self.at.max(now) + Duration::from_secs_f64(missing / self.rate))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn over_any_time_no_more_than_the_rate_and_one_second_of_it_is_taken(
            rate in 1u32..1_000,
            steps in prop::collection::vec((0u64..3_000, 0usize..2_000, 0usize..2_000), 1..60),
        ) {
            let start = Instant::now();
            let mut now = start;
            let mut bucket = Bucket::new(NonZeroU32::new(rate).unwrap(), now);
            let mut taken = 0;
            for (pass, want, unanswered) in steps {
                now += Duration::from_millis(pass);
                let count = bucket.available(now).min(want);
                bucket.take(count);
                let unanswered = unanswered.min(count);
                bucket.give_back(unanswered);
                taken += count - unanswered;
                let bound = f64::from(rate) * (1.0 + (now - start).as_secs_f64());
                prop_assert!(taken as f64 <= bound + 1e-6, "{taken} of {bound}");
            }
        }

        #[test]
        fn the_next_token_is_there_when_it_was_promised(rate in 1u32..1_000) {
            let now = Instant::now();
            let mut bucket = Bucket::new(NonZeroU32::new(rate).unwrap(), now);
            let all = bucket.available(now);
            prop_assert_eq!(all, rate as usize);
            bucket.take(all);
            let next = bucket.next(now).unwrap();
            prop_assert_eq!(bucket.clone().available(now), 0);
            prop_assert!(bucket.available(next + Duration::from_micros(1)) >= 1);
        }
    }

    fn consume(rate: Option<u32>) -> Consume {
        Consume { per_second: rate.and_then(NonZeroU32::new), ..Consume::new("S", "d", "dead", "stage") }
    }

    #[tokio::test]
    async fn who_comes_after_waits_until_it_is_quiet() {
        let order = Precedence::new();
        let mut first = Turn::of(&Consume { first: Some(order.clone()), ..consume(None) });
        let mut after = Turn::of(&Consume { after: Some(order.clone()), ..consume(None) });
        assert_eq!(after.allowance(), 0, "nothing is known yet");
        first.in_hand(0);
        assert!(tokio::time::timeout(QUIET * 3, first.changed(false)).await.is_err(), "no pull request is open");
        first.changed(true).await;
        assert_eq!(after.allowance(), usize::MAX);
        first.in_hand(1);
        assert_eq!(after.allowance(), 0);
        first.in_hand(0);
        tokio::join!(first.changed(true), after.changed(true));
        assert_eq!(after.allowance(), usize::MAX);
    }

    #[tokio::test]
    async fn a_paused_one_stands_still_and_goes_on() {
        let (pause, paused) = watch::channel(true);
        let mut turn = Turn::of(&Consume { paused: Some(paused), ..consume(Some(5)) });
        assert_eq!(turn.allowance(), 0);
        pause.send(false).unwrap();
        turn.changed(true).await;
        assert_eq!(turn.allowance(), 5);
    }
}
