//! Keys with revisions: the small facts that several workers must agree on.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::{
    consumer::{Consumer, DeliverPolicy, pull},
    kv::{CreateErrorKind, Operation, Store, UpdateErrorKind},
};
use bytes::Bytes;
use futures::StreamExt;

use crate::{Bus, BusError};

/// A key-value bucket. Clones share it.
#[derive(Clone, Debug)]
pub struct Kv {
    store: Store,
    timeout: Duration,
}

/// One key as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes under it.
    pub value: Bytes,
    /// Grows with every change of the bucket; what [`Kv::update`] asks for.
    pub revision: u64,
    /// When the server stored it.
    pub created: SystemTime,
}

pub(crate) async fn open(bus: &Bus, bucket: &str) -> Result<Kv, BusError> {
    let name = format!("KV_{bucket}");
    crate::ensure::stream_exists(bus, &name, || format!("bucket {bucket}")).await?;
    let store = bus
        .jetstream
        .get_key_value(bucket)
        .await
        .map_err(|error| BusError::unavailable(format!("open bucket {bucket}"), error))?;
    Ok(Kv { store, timeout: bus.settings.request_timeout() })
}

impl Kv {
    /// The key as it stands, or nothing if it is absent or deleted.
    pub async fn get(&self, key: &str) -> Result<Option<Entry>, BusError> {
        let entry = self.store.entry(key).await.map_err(|error| self.failed("read", key, error))?;
        Ok(entry.filter(|entry| entry.operation == Operation::Put).map(|entry| Entry {
            key: entry.key,
            value: entry.value,
            revision: entry.revision,
            created: entry.created.into(),
        }))
    }

    /// Writes the key whatever it was; returns its new revision.
    pub async fn put(&self, key: &str, value: impl Into<Bytes>) -> Result<u64, BusError> {
        self.store.put(key, value.into()).await.map_err(|error| self.failed("write", key, error))
    }

    /// Writes the key only if it is absent or deleted; returns its revision, or nothing if somebody was first.
    /// After a timeout the answer is unknown: read the key.
    pub async fn create(&self, key: &str, value: impl Into<Bytes>) -> Result<Option<u64>, BusError> {
        match self.store.create(key, value.into()).await {
            Ok(revision) => Ok(Some(revision)),
            Err(error) if error.kind() == CreateErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(self.failed("create", key, error)),
        }
    }

    /// Writes the key only if `revision` is still its newest; returns the new revision, or nothing if it has moved on.
    pub async fn update(&self, key: &str, value: impl Into<Bytes>, revision: u64) -> Result<Option<u64>, BusError> {
        match self.store.update(key, value.into(), revision).await {
            Ok(revision) => Ok(Some(revision)),
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(None),
            Err(error) => Err(self.failed("update", key, error)),
        }
    }

    /// Deletes the key; an absent one is no failure.
    pub async fn delete(&self, key: &str) -> Result<(), BusError> {
        self.store.delete(key).await.map_err(|error| self.failed("delete", key, error))
    }

    /// Deletes the key only if `revision` is still its newest; false if it has moved on.
    pub async fn delete_at(&self, key: &str, revision: u64) -> Result<bool, BusError> {
        match self.store.delete_expect_revision(key, Some(revision)).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(false),
            Err(error) => Err(self.failed("delete", key, error)),
        }
    }

    /// The keys below `prefix` (`a.b` finds `a.b.c`, not `a.bc`); an empty prefix finds all. In order of change.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, BusError> {
        let entries = self.read_below(prefix, true).await?;
        Ok(entries.into_iter().map(|entry| entry.key).collect())
    }

    /// As [`Kv::keys`], with the values, in one question to the server.
    pub async fn entries(&self, prefix: &str) -> Result<Vec<Entry>, BusError> {
        self.read_below(prefix, false).await
    }

    async fn read_below(&self, prefix: &str, headers_only: bool) -> Result<Vec<Entry>, BusError> {
        let consumer = self.reader(prefix, headers_only).await?;
        let name = consumer.cached_info().name.clone();
        let entries = self.drain(prefix, consumer).await;
        // It would go by itself after 30 s, but many readers a second would meet the server's bound on consumers.
        // One that cannot be deleted now is left to that.
        let _ = self.store.stream.delete_consumer(&name).await;
        entries
    }

    async fn reader(&self, prefix: &str, headers_only: bool) -> Result<Consumer<pull::OrderedConfig>, BusError> {
        let filter = if prefix.is_empty() {
            format!("{}>", self.store.prefix)
        } else {
            format!("{}{prefix}.>", self.store.prefix)
        };
        let config = pull::OrderedConfig {
            filter_subject: filter,
            headers_only,
            deliver_policy: DeliverPolicy::LastPerSubject,
            ..pull::OrderedConfig::default()
        };
        self.store.stream.create_consumer(config).await.map_err(|error| self.failed("list", prefix, error))
    }

    async fn drain(&self, prefix: &str, consumer: Consumer<pull::OrderedConfig>) -> Result<Vec<Entry>, BusError> {
        let mut left = consumer.cached_info().num_pending;
        let mut entries = Vec::new();
        if left == 0 {
            return Ok(entries);
        }
        let mut messages = consumer.messages().await.map_err(|error| self.failed("list", prefix, error))?;
        while left > 0 {
            let next = tokio::time::timeout(self.timeout, messages.next()).await;
            let message = match next {
                Ok(Some(message)) => message.map_err(|error| self.failed("list", prefix, error))?,
                Ok(None) => return Err(self.failed("list", prefix, "the answer broke off")),
                Err(_) => return Err(self.failed("list", prefix, "no answer in time")),
            };
            let info = message.info().map_err(|error| self.failed("list", prefix, error))?;
            left = info.pending;
            let removed = message.headers.as_ref().is_some_and(|headers| headers.get("KV-Operation").is_some());
            if !removed {
                entries.push(Entry {
                    key: message.subject[self.store.prefix.len()..].to_owned(),
                    value: message.payload.clone(),
                    revision: info.stream_sequence,
                    created: info.published.into(),
                });
            }
        }
        Ok(entries)
    }

    fn failed(&self, what: &str, key: &str, reason: impl ToString) -> BusError {
        BusError::unavailable(format!("{what} key {key} in bucket {}", self.store.name), reason)
    }
}
