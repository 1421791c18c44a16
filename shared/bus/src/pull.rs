//! Pull requests: never more messages than there are free hands, and a watch on whether the server still listens.
//!
//! async-nats' own message stream prefetches into a buffer where nobody reports a message as being worked on, so slow
//! handlers would see their buffered messages redelivered. Here a message is in hand as soon as it arrives.

use std::time::Duration;

use async_nats::{Message, StatusCode, Subject, Subscriber};
use bytes::Bytes;
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use tokio::{sync::watch, time::Instant};

use crate::{Bus, BusError, Consume};

/// A pull request ends after so long without messages and is made anew.
const EXPIRES: Duration = Duration::from_secs(30);
/// The same for who may have to stop at any moment: what comes after that is little.
const EXPIRES_SOON: Duration = Duration::from_secs(1);
/// So often the server says that a waiting pull request is alive.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Silence for so long means that it has forgotten.
const SILENCE: Duration = Duration::from_secs(12);
/// How long messages under way are waited for after the last pull.
const CLOSE_BOUND: Duration = Duration::from_secs(2);

/// What came of waiting.
pub(crate) enum Pulled {
    /// A message.
    Message(Message),
    /// Nothing to do but look again. So many of the messages asked for will not come.
    Nothing(usize),
    /// Pulling has to be set up anew, because of this.
    Broken(String),
}

/// One subscription and the pull requests that answer to it.
pub(crate) struct Puller {
    bus: Bus,
    subject: String,
    inbox: Subject,
    subscriber: Subscriber,
    reconnects: watch::Receiver<u64>,
    concurrency: usize,
    yields: bool,
    /// Messages asked for and not yet come.
    requested: usize,
    heard: Instant,
}

#[derive(Serialize)]
struct PullRequest {
    batch: usize,
    expires: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_heartbeat: Option<u64>,
}

impl Puller {
    /// `yields`: pull requests are short, because it may have to stop at any moment.
    pub(crate) async fn open(bus: &Bus, consume: &Consume, yields: bool) -> Result<Self, BusError> {
        let Consume { stream, durable, .. } = consume;
        let mut reconnects = bus.reconnects.clone();
        reconnects.mark_unchanged();
        let inbox = Subject::from(bus.client.new_inbox());
        let subscriber = bus
            .client
            .subscribe(inbox.clone())
            .await
            .map_err(|error| BusError::unavailable("subscribe for messages", error))?;
        Ok(Self {
            bus: bus.clone(),
            subject: format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"),
            inbox,
            subscriber,
            reconnects,
            concurrency: consume.concurrency,
            yields,
            requested: 0,
            heard: Instant::now(),
        })
    }

    /// Waits for the next thing to happen.
    pub(crate) async fn next(&mut self) -> Pulled {
        let silence = self.heard + SILENCE;
        tokio::select! {
            biased;
            changed = self.reconnects.changed() => Pulled::Broken(match changed {
                Ok(()) => "the connection was lost and is back".into(),
                Err(_) => "the connection is closed".into(),
            }),
            message = self.subscriber.next() => match message {
                Some(message) => {
                    self.heard = Instant::now();
                    self.judge(message)
                }
                None => Pulled::Broken("the subscription ended".into()),
            },
            () = tokio::time::sleep_until(silence), if self.requested > 0 => {
                Pulled::Broken(format!("nothing heard from the server for {SILENCE:?}"))
            }
        }
    }

    /// A pull request is open, so something should come.
    pub(crate) fn waits(&self) -> bool {
        self.requested > 0
    }

    /// A message that is here already, without waiting: what is left when pulling is set up anew.
    pub(crate) fn left_over(&mut self) -> Option<Message> {
        while let Some(Some(message)) = self.subscriber.next().now_or_never() {
            if is_message(&message) {
                return Some(message);
            }
        }
        None
    }

    /// Ends the pull requests and returns the messages that were under way.
    pub(crate) async fn close(mut self) -> Vec<Message> {
        let mut left = Vec::new();
        let rest = async {
            if self.subscriber.drain().await.is_ok() {
                while let Some(message) = self.subscriber.next().await {
                    if is_message(&message) {
                        left.push(message);
                    }
                }
            }
        };
        // Whatever comes later is redelivered after `ack_wait`.
        let _ = tokio::time::timeout(CLOSE_BOUND, rest).await;
        left
    }

    /// Asks for as many messages as there are hands free, and no more than `most`. A request for each freed hand would cost
    /// as much as the work: hands are gathered up to a quarter of all. Returns how many were asked for.
    pub(crate) async fn request(&mut self, in_hand: usize, most: usize) -> Result<usize, String> {
        let free = self.concurrency.saturating_sub(in_hand + self.requested).min(most);
        let worth_it = free >= self.concurrency.div_ceil(4) || self.requested == 0;
        if free == 0 || !worth_it {
            return Ok(0);
        }
        // The server refuses heartbeats that are not well below the end of the request.
        let (expires, heartbeat) = if self.yields { (EXPIRES_SOON, None) } else { (EXPIRES, Some(HEARTBEAT)) };
        let request =
            PullRequest { batch: free, expires: nanoseconds(expires), idle_heartbeat: heartbeat.map(nanoseconds) };
        let payload = serde_json::to_vec(&request).map_err(|error| error.to_string())?;
        self.bus
            .client
            .publish_with_reply(self.subject.clone(), self.inbox.clone(), Bytes::from(payload))
            .await
            .map_err(|error| error.to_string())?;
        if self.requested == 0 {
            self.heard = Instant::now();
        }
        self.requested += free;
        Ok(free)
    }

    /// Status messages: nats-server's `server/consumer.go`, ADR-13.
    fn judge(&mut self, message: Message) -> Pulled {
        let status = match message.status {
            Some(status) if !is_message(&message) => status,
            _ => {
                self.requested = self.requested.saturating_sub(1);
                return Pulled::Message(message);
            }
        };
        let description = message.description.as_deref().unwrap_or_default();
        if status == StatusCode::IDLE_HEARTBEAT {
            return Pulled::Nothing(0);
        }
        let ended = status == StatusCode::TIMEOUT
            || status == StatusCode::NOT_FOUND
            || (status == StatusCode::REQUEST_TERMINATED && description != "Consumer Deleted");
        let unanswered: Option<usize> = message
            .headers
            .as_ref()
            .and_then(|headers| headers.get("Nats-Pending-Messages"))
            .and_then(|value| value.as_str().parse().ok());
        match unanswered {
            Some(count) if ended => {
                self.requested = self.requested.saturating_sub(count);
                Pulled::Nothing(count)
            }
            _ => Pulled::Broken(format!("the server says {status} {description}")),
        }
    }
}

/// A message from the stream can be acked, a word of the server's cannot. The status alone does not tell: whoever published
/// the message may have written one into its headers.
fn is_message(message: &Message) -> bool {
    message.reply.as_ref().is_some_and(|reply| reply.starts_with("$JS.ACK."))
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
