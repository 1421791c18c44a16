//! JetStream as Pressline uses it: nothing is answered before it is stored, nothing is acked before it is done.
//!
//! The flow: [`Bus::connect`] opens one connection, [`Bus::ensure`] creates the [`Topology`] or refuses one that differs,
//! [`Bus::publish`] waits for JetStream's ack, and [`Bus::consume`] hands every message to a [`Handler`], in parallel, keeps
//! it from being redelivered while it is worked on, and settles it: ack, retry with delay, or dead letter. Dropping a
//! message in hand means it is delivered again later. This crate knows no word of what the messages are about.
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | how the server is reached |
//! | [`topology`] | streams, durables and buckets as plain data |
//! | `ensure` | created if absent, refused if different |
//! | `wanted` | how what is wanted looks in the server's words |
//! | `publish` | one message, its ack, its retries |
//! | [`consume`] | what a consumer says: handler, failure, observer, limits |
//! | `work` | the consume loop and its drain |
//! | `hands` | what becomes of a message in hand |
//! | `pull` | pull requests, heartbeats, restarts: messages come in exactly as fast as there are hands |
//! | [`Precedence`] in `turn` | whose turn it is: who goes first, at what rate, paused or not |
//! | [`patiently`] | waiting for a server that is away |
//! | `hold` | a durable that hands out nothing for a moment |
//! | `poison` | messages that would break the connection at each delivery |
//! | `delivery` | one message in hand: its checked ack, its delays |
//! | `dead` | the dead letter |
//! | `metrics` | what every consumer counts |
//! | `backlog` | what waits at each durable, and since when |
//! | [`kv`], [`objects`] | keys with revisions; large bytes with digests |
//! | [`overview`] | what is stored, what is waiting |
//! | [`stream`] | reading a stream page by page, beside its consumers |

mod backlog;
mod backoff;
mod connect;
pub mod consume;
mod dead;
mod delivery;
mod ensure;
mod error;
mod hands;
mod hold;
pub mod kv;
mod metrics;
pub mod objects;
pub mod overview;
mod patience;
mod poison;
mod publish;
mod pull;
pub mod settings;
pub mod stream;
mod subjects;
pub mod topology;
mod turn;
mod wanted;
mod work;

pub use async_nats::HeaderMap;
pub use backlog::Backlog;
pub use connect::Bus;
pub use consume::{Consume, Death, Failure, Handler, Incoming, Observer, Outcome};
pub use dead::{
    DEAD_ATTEMPTS, DEAD_MESSAGE_ID, DEAD_OMITTED, DEAD_RAW_HEADERS, DEAD_REASON, DEAD_SEQUENCE, DEAD_STAGE,
    DEAD_STREAM, DEAD_SUBJECT,
};
pub use error::{BusError, PublishError};
pub use kv::{Entry, Kv};
pub use metrics::ConsumeMetrics;
pub use objects::Objects;
pub use overview::{DurableOverview, StreamOverview};
pub use patience::patiently;
pub use publish::{MESSAGE_ID, Outgoing, Published};
pub use settings::{BusSettings, ConsumeSettings};
pub use stream::{KeyReader, Reader, Reading};
pub use topology::{DurableSpec, KvSpec, ObjectStoreSpec, StreamSpec, Topology};
pub use turn::Precedence;
