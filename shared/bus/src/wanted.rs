//! How what is wanted looks in the server's own words, for creating it.

use async_nats::jetstream::{
    consumer::{AckPolicy, DeliverPolicy, pull},
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType},
};

use crate::topology::{DurableSpec, KvSpec, ObjectStoreSpec, StreamSpec};

pub(crate) fn stream(spec: &StreamSpec) -> Config {
    Config {
        name: spec.name.clone(),
        subjects: spec.subjects.clone(),
        max_bytes: spec.max_bytes,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_message_size: spec.max_message_size,
        max_age: spec.max_age,
        max_consumers: -1,
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        duplicate_window: spec.duplicate_window,
        num_replicas: spec.replicas,
        allow_direct: true,
        ..Config::default()
    }
}

/// As the key-value store lays it out (ADR-8), but read from the leader only: async-nats' own way allows every copy to
/// answer, and one that lags behind would show a value that was replaced before the question was asked.
pub(crate) fn bucket(spec: &KvSpec) -> Config {
    Config {
        name: format!("KV_{}", spec.bucket),
        subjects: vec![format!("$KV.{}.>", spec.bucket)],
        max_messages_per_subject: spec.history,
        max_bytes: spec.max_bytes,
        max_age: spec.max_age,
        max_message_size: spec.max_value_size,
        storage: StorageType::File,
        allow_rollup: true,
        deny_delete: true,
        allow_direct: false,
        num_replicas: spec.replicas,
        discard: DiscardPolicy::New,
        ..Config::default()
    }
}

/// As the object store lays it out (ADR-20), read from the leader only: an object is looked for right after it was stored.
pub(crate) fn object_store(spec: &ObjectStoreSpec) -> Config {
    Config {
        name: format!("OBJ_{}", spec.bucket),
        subjects: vec![format!("$O.{}.C.>", spec.bucket), format!("$O.{}.M.>", spec.bucket)],
        max_bytes: spec.max_bytes,
        max_age: spec.max_age,
        storage: StorageType::File,
        allow_rollup: true,
        allow_direct: false,
        num_replicas: spec.replicas,
        discard: DiscardPolicy::New,
        ..Config::default()
    }
}

pub(crate) fn durable(spec: &DurableSpec) -> pull::Config {
    pull::Config {
        durable_name: Some(spec.name.clone()),
        filter_subjects: spec.filters.clone(),
        ack_policy: AckPolicy::Explicit,
        deliver_policy: DeliverPolicy::All,
        ack_wait: spec.ack_wait,
        max_deliver: -1,
        max_ack_pending: spec.max_ack_pending,
        ..pull::Config::default()
    }
}
