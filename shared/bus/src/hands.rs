//! What becomes of a message in hand: done, again later, or dead letter.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    Bus, Consume, Death, Failure, Handler, Incoming, Outcome, PublishError, backoff, dead,
    delivery::{Delivery, GIVE_BACK},
};

/// What every message in hand shares.
pub(crate) struct Hands<H> {
    pub(crate) bus: Bus,
    pub(crate) consume: Consume,
    pub(crate) handler: Arc<H>,
    pub(crate) abandon: CancellationToken,
    /// Failures of the handler.
    pub(crate) failures: Failures,
    /// Dead letters that could not be stored.
    pub(crate) unburied: Failures,
    /// The last dead letter could not be stored, which has been said.
    pub(crate) letters_refused: AtomicBool,
    pub(crate) count: AtomicUsize,
    pub(crate) freed: Notify,
}

impl<H: Handler> Hands<H> {
    pub(crate) fn hold(&self) {
        let count = self.count.fetch_add(1, Ordering::AcqRel) + 1;
        self.consume.observer.in_flight(&self.consume.durable, count);
    }

    fn release(&self) {
        let count = self.count.fetch_sub(1, Ordering::AcqRel) - 1;
        self.consume.observer.in_flight(&self.consume.durable, count);
        self.freed.notify_one();
    }

    pub(crate) async fn work(self: Arc<Self>, delivery: Delivery) {
        let started = Instant::now();
        let judged = tokio::select! {
            biased;
            () = self.abandon.cancelled() => None,
            judged = self.judge(&delivery) => Some(judged),
        };
        match judged {
            Some(judged) => {
                let outcome = self.settle(delivery, judged).await;
                self.consume.observer.outcome(&self.consume.durable, outcome, started.elapsed());
            }
            None => {
                delivery.retry_after(GIVE_BACK).await;
            }
        }
        self.release();
    }

    /// What the handler says; a panic is a failure like any other.
    async fn judge(&self, delivery: &Delivery) -> Result<(), Failure> {
        let message = &delivery.incoming;
        if let Some(most) = self.consume.max_deliveries
            && message.attempt > most
        {
            return Err(Failure::Permanent(format!(
                "delivered {} times without an end, the most is {most}",
                message.attempt
            )));
        }
        AssertUnwindSafe(self.handler.handle(message)).catch_unwind().await.unwrap_or_else(|panic| {
            Err(Failure::Transient { reason: format!("the handler panicked: {}", words_of(&*panic)) })
        })
    }

    async fn settle(&self, delivery: Delivery, judged: Result<(), Failure>) -> Outcome {
        let Consume { durable, attempts, retry_base, retry_max, .. } = &self.consume;
        let sequence = delivery.incoming.stream_sequence;
        let delivered = delivery.incoming.attempt;
        match judged {
            Ok(()) => {
                self.failures.forget(sequence);
                delivery.ack().await;
                Outcome::Done
            }
            Err(Failure::NotYet { reason, after }) => {
                tracing::debug!(durable, sequence, delivered, reason, ?after, "not yet");
                delivery.retry_after(after).await;
                Outcome::NotYet
            }
            Err(Failure::Permanent(reason)) => self.bury(delivery, &reason, Death::Permanent).await,
            Err(Failure::Transient { reason }) => {
                let failed = self.failures.count(sequence);
                if failed >= *attempts {
                    return self.bury(delivery, &reason, Death::Attempts).await;
                }
                let wait = backoff::delay(failed, *retry_base, *retry_max, rand::random());
                tracing::warn!(durable, sequence, delivered, failed, attempts, reason, ?wait, "failed, tried again");
                delivery.retry_after(wait).await;
                Outcome::Retried
            }
        }
    }

    /// Dead letter, its ack, the handler's hook, then the message's end: whatever breaks in between, nothing is lost.
    async fn bury(&self, delivery: Delivery, reason: &str, why: Death) -> Outcome {
        let letter = dead::letter(&self.consume, &delivery.incoming, reason);
        let stored = match self.bus.publish(letter.clone()).await {
            Err(PublishError::TooLarge { .. }) => self.bus.publish(dead::without_payload(letter)).await,
            stored => stored,
        };
        if let Err(error) = stored {
            let wait = self.not_buried(delivery.incoming.stream_sequence, reason, &error);
            delivery.retry_after(wait).await;
            return Outcome::Retried;
        }
        self.buried(&delivery.incoming, reason, why).await;
        delivery.give_up().await;
        Outcome::Dead
    }

    /// The same for a message that no client could read: its stream gives it up.
    pub(crate) async fn store_unreadable(
        &self,
        message: &Incoming,
        raw: &[u8],
        reason: &str,
    ) -> Result<(), PublishError> {
        let letter = dead::unreadable(&self.consume, message, raw, reason, self.bus.max_payload());
        self.bus.publish(letter).await?;
        self.buried(message, reason, Death::Unreadable).await;
        self.consume.observer.outcome(&self.consume.durable, Outcome::Dead, Duration::ZERO);
        Ok(())
    }

    /// Its dead letter is stored.
    async fn buried(&self, message: &Incoming, reason: &str, why: Death) {
        let (durable, sequence) = (&self.consume.durable, message.stream_sequence);
        if self.letters_refused.swap(false, Ordering::Relaxed) {
            tracing::info!(durable, "dead letters are stored again");
        }
        tracing::error!(durable, sequence, delivered = message.attempt, reason, "given up, dead letter stored");
        self.consume.observer.dead(&self.consume.stage, why);
        let told = AssertUnwindSafe(self.handler.dead(message, reason));
        if let Err(panic) = told.catch_unwind().await {
            tracing::error!(durable, sequence, panic = words_of(&*panic), "telling about a dead letter panicked");
        }
        self.failures.forget(sequence);
        self.unburied.forget(sequence);
    }

    /// It stays where it is and comes again, each time later; that is said once, however many messages it meets.
    fn not_buried(&self, sequence: u64, reason: &str, error: &PublishError) -> Duration {
        let Consume { durable, retry_base, retry_max, .. } = &self.consume;
        if !self.letters_refused.swap(true, Ordering::Relaxed) {
            tracing::error!(
                durable,
                sequence,
                reason,
                %error,
                "dead letter not stored, the message and others like it stay until there is room"
            );
        }
        backoff::delay(self.unburied.count(sequence), *retry_base, *retry_max, rand::random())
    }
}

/// What a panic says, where it says something.
fn words_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words")
}

/// Transient failures by message, as this process has seen them.
#[derive(Default)]
pub(crate) struct Failures {
    seen: Mutex<HashMap<u64, (u32, Instant)>>,
}

impl Failures {
    /// Messages that another process finished are never told to be done: they are forgotten by age, once there are many.
    const MANY: usize = 10_000;
    const OLD: Duration = Duration::from_secs(3_600);

    fn count(&self, sequence: u64) -> u32 {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= Self::MANY {
            seen.retain(|_, (_, last)| last.elapsed() < Self::OLD);
        }
        let (failed, last) = seen.entry(sequence).or_insert((0, Instant::now()));
        *failed += 1;
        *last = Instant::now();
        *failed
    }

    fn forget(&self, sequence: u64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(&sequence);
    }
}
