//! Streams, durables and buckets as plain data; [`crate::Bus::ensure`] makes the server agree or says what differs.

use std::time::Duration;

/// Everything that has to be there before the first message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topology {
    /// Created first.
    pub streams: Vec<StreamSpec>,
    /// Created after the streams they read.
    pub durables: Vec<DurableSpec>,
    /// Key-value buckets.
    pub buckets: Vec<KvSpec>,
    /// Buckets of large objects.
    pub object_stores: Vec<ObjectStoreSpec>,
}

/// A stream: file storage, Limits retention, and a full stream refuses new messages instead of evicting old ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSpec {
    /// Name, without dots or spaces.
    pub name: String,
    /// What it stores; wildcards allowed.
    pub subjects: Vec<String>,
    /// Bytes on disk, headers and bookkeeping included; -1 for no bound.
    pub max_bytes: i64,
    /// Bytes of one message; -1 for the server's `max_payload`.
    pub max_message_size: i32,
    /// How long the server remembers message ids.
    pub duplicate_window: Duration,
    /// Copies in a cluster, 1 to 5.
    pub replicas: usize,
    /// Older messages are removed; zero keeps all.
    pub max_age: Duration,
}

impl StreamSpec {
    /// No bound on bytes or age, two minutes of message ids, one copy.
    pub fn new(name: impl Into<String>, subjects: Vec<String>) -> Self {
        Self {
            name: name.into(),
            subjects,
            max_bytes: -1,
            max_message_size: -1,
            duplicate_window: Duration::from_secs(120),
            replicas: 1,
            max_age: Duration::ZERO,
        }
    }
}

/// A durable pull consumer: explicit ack, deliver all, `max_deliver` unlimited, no BackOff (it would replace `ack_wait`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurableSpec {
    /// Name, without dots or spaces.
    pub name: String,
    /// The stream it reads.
    pub stream: String,
    /// Subjects it reads; empty for all of the stream.
    pub filters: Vec<String>,
    /// A message in hand that says nothing for so long is delivered again.
    pub ack_wait: Duration,
    /// Messages in hand at all workers together; above workers × concurrency.
    pub max_ack_pending: i64,
}

/// A key-value bucket; a full one refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvSpec {
    /// Name of the bucket.
    pub bucket: String,
    /// Revisions kept of each key, 1 to 64.
    pub history: i64,
    /// Bytes on disk; -1 for no bound.
    pub max_bytes: i64,
    /// Bytes of one value; -1 for the server's bound.
    pub max_value_size: i32,
    /// Older entries are removed; zero keeps all.
    pub max_age: Duration,
    /// Copies in a cluster, 1 to 5.
    pub replicas: usize,
}

impl KvSpec {
    /// One revision of each key, no bounds, one copy.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            history: 1,
            max_bytes: -1,
            max_value_size: -1,
            max_age: Duration::ZERO,
            replicas: 1,
        }
    }
}

/// A bucket of large objects; a full one refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectStoreSpec {
    /// Name of the bucket.
    pub bucket: String,
    /// Bytes on disk; -1 for no bound.
    pub max_bytes: i64,
    /// Older objects are removed; zero keeps all.
    pub max_age: Duration,
    /// Copies in a cluster, 1 to 5.
    pub replicas: usize,
}

impl ObjectStoreSpec {
    /// No bounds, one copy.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self { bucket: bucket.into(), max_bytes: -1, max_age: Duration::ZERO, replicas: 1 }
    }
}
