//! One message in hand, and what is said to the server about it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, HeaderMap, Request, Subject, jetstream};
use bytes::Bytes;
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{Bus, Incoming, backoff};

/// How often an ack is sent until the server confirms it. Unconfirmed, the message may be delivered again.
const SETTLE_TRIES: u32 = 3;
/// How long each of them may take.
const SETTLE_BOUND: Duration = Duration::from_secs(2);
/// A server that was away may have forgotten the delivery; it then leaves the ack unanswered, and delivers again.
const SETTLE_BOUND_FORGOTTEN: Duration = Duration::from_millis(500);
/// What is given back unhandled comes again after so long.
pub(crate) const GIVE_BACK: Duration = Duration::from_secs(1);
/// A nak without delay would come back at once, to the same trouble.
const DELAY_LEAST: Duration = Duration::from_millis(100);

/// The messages in hand: each is reported as being worked on until it is settled.
#[derive(Clone, Default)]
pub(crate) struct InHand {
    replies: Arc<Mutex<HashMap<u64, Subject>>>,
    next: Arc<AtomicU64>,
}

impl InHand {
    fn add(&self, reply: Subject) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, reply);
        id
    }

    fn remove(&self, id: u64) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Subject>> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the server, every third of `ack_wait`, that the messages in hand are being worked on: one task for all, so that
    /// a handler which blocks its thread is covered too. Never ends by itself.
    pub(crate) async fn report(self, client: Client, ack_wait: Duration) {
        let mut ticks = tokio::time::interval(ack_wait / 3);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let replies: Vec<Subject> = self.lock().values().cloned().collect();
            for reply in replies {
                // A failure here means a closed connection; the messages are then delivered again.
                let _ = client.publish(reply, Bytes::from_static(b"+WPI")).await;
            }
        }
    }
}

/// A message in hand. It ends by `ack`, `retry_after` or `give_up`; dropped, it is delivered again after a second.
pub(crate) struct Delivery {
    pub(crate) incoming: Incoming,
    reply: Subject,
    client: Client,
    reconnects: watch::Receiver<u64>,
    in_hand: InHand,
    id: u64,
    settled: bool,
}

impl Delivery {
    /// Takes a message; nothing if it did not come from JetStream.
    pub(crate) fn take(bus: &Bus, in_hand: &InHand, message: async_nats::Message) -> Option<Self> {
        let message = jetstream::Message { message, context: bus.jetstream.clone() };
        let info = message
            .info()
            .map(|info| (info.stream_sequence, u64::try_from(info.delivered).unwrap_or(1), info.published.into()))
            .inspect_err(|error| tracing::warn!(%error, "message without a reply subject ignored"))
            .ok()?;
        let (stream_sequence, attempt, published) = info;
        let async_nats::Message { subject, reply, payload, headers, .. } = message.message;
        let reply = reply?;
        let mut reconnects = bus.reconnects.clone();
        reconnects.mark_unchanged();
        Some(Self {
            incoming: Incoming {
                subject: subject.to_string(),
                headers: headers.unwrap_or_else(HeaderMap::new),
                payload,
                stream_sequence,
                attempt,
                published,
            },
            client: bus.client.clone(),
            reconnects,
            id: in_hand.add(reply.clone()),
            in_hand: in_hand.clone(),
            reply,
            settled: false,
        })
    }

    /// It is done.
    pub(crate) async fn ack(mut self) -> bool {
        self.settle(Bytes::from_static(b"+ACK")).await
    }

    /// It comes again after `delay`, at least 100 ms.
    pub(crate) async fn retry_after(mut self, delay: Duration) -> bool {
        self.settle(nak(delay)).await
    }

    /// It never comes again.
    pub(crate) async fn give_up(mut self) -> bool {
        self.settle(Bytes::from_static(b"+TERM")).await
    }

    /// Says it and waits until the server confirms. A reply alone is no confirmation: without a consumer behind the reply
    /// subject the server answers 503, which `double_ack` of async-nats 0.51 takes for success; a request does not.
    async fn settle(&mut self, word: Bytes) -> bool {
        self.settled = true;
        // First, because "working on it" after a nak would undo its delay.
        self.in_hand.remove(self.id);
        let mut last = String::new();
        for attempt in 1..=SETTLE_TRIES {
            let forgotten = self.reconnects.has_changed().unwrap_or(true);
            let bound = if forgotten { SETTLE_BOUND_FORGOTTEN } else { SETTLE_BOUND };
            let request = Request::new().payload(word.clone()).timeout(Some(bound));
            match self.client.send_request(self.reply.clone(), request).await {
                Ok(answer) if answer.status.is_none_or(|status| status.is_success()) => {
                    return true;
                }
                Ok(answer) => {
                    last = answer.description.unwrap_or_else(|| format!("{:?}", answer.status));
                }
                Err(error) => last = error.to_string(),
            }
            if forgotten || attempt == SETTLE_TRIES {
                break;
            }
            let wait = backoff::delay(attempt, DELAY_LEAST, SETTLE_BOUND, rand::random());
            tokio::time::sleep(wait).await;
        }
        tracing::warn!(
            sequence = self.incoming.stream_sequence,
            reason = last,
            "outcome not confirmed by the server, the message may be delivered again"
        );
        false
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        self.in_hand.remove(self.id);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (client, reply) = (self.client.clone(), self.reply.clone());
            // Without a runtime nothing can be sent: then `ack_wait` brings the message back.
            runtime.spawn(async move { client.publish(reply, nak(GIVE_BACK)).await });
        }
    }
}

fn nak(delay: Duration) -> Bytes {
    let nanoseconds = delay.max(DELAY_LEAST).as_nanos();
    format!("-NAK {{\"delay\":{nanoseconds}}}").into()
}
