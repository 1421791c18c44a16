//! Created if absent, refused if different, never changed and never deleted.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use async_nats::jetstream::{
    ErrorCode,
    consumer::{self, AckPolicy, DeliverPolicy, pull},
    context::{ConsumerInfoErrorKind, CreateStreamErrorKind, GetStreamErrorKind},
    stream::{Config, ConsumerCreateStrictErrorKind, DiscardPolicy, Info, RetentionPolicy, StorageType},
};

use crate::{
    Bus, BusError, backoff,
    topology::{DurableSpec, KvSpec, ObjectStoreSpec, StreamSpec, Topology},
    wanted,
};

/// How often, and after which waits, to look for what is just being made: some six seconds, as a cluster's vote may take.
const LOOKS: u32 = 10;
const FIRST_LOOK: Duration = Duration::from_millis(20);
const LAST_LOOK: Duration = Duration::from_secs(2);

impl Bus {
    /// Makes sure that all of it exists as described. Several may do so at once. What exists with other settings is
    /// left alone and named in [`BusError::Differs`].
    pub async fn ensure(&self, topology: &Topology) -> Result<(), BusError> {
        for spec in &topology.streams {
            self.ensure_stream(spec).await?;
        }
        for spec in &topology.buckets {
            self.ensure_bucket(spec).await?;
        }
        for spec in &topology.object_stores {
            self.ensure_object_store(spec).await?;
        }
        for spec in &topology.durables {
            self.ensure_durable(spec).await?;
        }
        let mut routes = self.routes.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        for spec in &topology.streams {
            for subject in &spec.subjects {
                let route = (subject.clone(), spec.name.clone());
                if !routes.contains(&route) {
                    routes.push(route);
                }
            }
        }
        Ok(())
    }

    async fn ensure_stream(&self, spec: &StreamSpec) -> Result<(), BusError> {
        let what = format!("stream {}", spec.name);
        let info = match self.stream_info(&spec.name, &what).await? {
            Some(info) => info,
            None => {
                self.create_stream(wanted::stream(spec), &what).await?;
                self.created(&spec.name, &what).await?
            }
        };
        let same = Comparison { what };
        let found = &info.config;
        same.field("subjects", &set(&found.subjects), &set(&spec.subjects))?;
        same.field("storage", &found.storage, &StorageType::File)?;
        same.field("retention", &found.retention, &RetentionPolicy::Limits)?;
        same.field("discard", &found.discard, &DiscardPolicy::New)?;
        same.field("max_bytes", &bound(found.max_bytes), &bound(spec.max_bytes))?;
        same.field("max_messages", &bound(found.max_messages), &-1)?;
        same.field("max_message_size", &bound(found.max_message_size.into()), &bound(spec.max_message_size.into()))?;
        same.field("max_age", &found.max_age, &spec.max_age)?;
        same.field("duplicate_window", &found.duplicate_window, &spec.duplicate_window)?;
        same.field("replicas", &found.num_replicas, &spec.replicas)
    }

    async fn ensure_bucket(&self, spec: &KvSpec) -> Result<(), BusError> {
        let name = format!("KV_{}", spec.bucket);
        let what = format!("bucket {}", spec.bucket);
        let info = match self.stream_info(&name, &what).await? {
            Some(info) => info,
            None => {
                self.create_stream(wanted::bucket(spec), &what).await?;
                self.created(&name, &what).await?
            }
        };
        let info = self.read_from_leader(info, &what).await?;
        let same = Comparison { what };
        let found = &info.config;
        same.field("storage", &found.storage, &StorageType::File)?;
        same.field("history", &found.max_messages_per_subject, &spec.history)?;
        same.field("max_bytes", &bound(found.max_bytes), &bound(spec.max_bytes))?;
        same.field("max_value_size", &bound(found.max_message_size.into()), &bound(spec.max_value_size.into()))?;
        same.field("max_age", &found.max_age, &spec.max_age)?;
        same.field("replicas", &found.num_replicas, &spec.replicas)
    }

    async fn ensure_object_store(&self, spec: &ObjectStoreSpec) -> Result<(), BusError> {
        let name = format!("OBJ_{}", spec.bucket);
        let what = format!("object store {}", spec.bucket);
        let info = match self.stream_info(&name, &what).await? {
            Some(info) => info,
            None => {
                self.create_stream(wanted::object_store(spec), &what).await?;
                self.created(&name, &what).await?
            }
        };
        let info = self.read_from_leader(info, &what).await?;
        let same = Comparison { what };
        let found = &info.config;
        same.field("storage", &found.storage, &StorageType::File)?;
        same.field("max_bytes", &bound(found.max_bytes), &bound(spec.max_bytes))?;
        same.field("max_age", &found.max_age, &spec.max_age)?;
        same.field("replicas", &found.num_replicas, &spec.replicas)
    }

    async fn ensure_durable(&self, spec: &DurableSpec) -> Result<(), BusError> {
        let what = format!("durable {} of stream {}", spec.name, spec.stream);
        let info = match self.durable_info(&spec.stream, &spec.name).await? {
            Some(info) => info,
            None => self.create_durable(&spec.stream, wanted::durable(spec)).await?,
        };
        let same = Comparison { what };
        let found = &info.config;
        let mut filters = set(&found.filter_subjects);
        if !found.filter_subject.is_empty() {
            filters.insert(found.filter_subject.clone());
        }
        same.field("filters", &filters, &set(&spec.filters))?;
        same.field("kind", &found.deliver_subject.is_some(), &false)?;
        same.field("ack_policy", &found.ack_policy, &AckPolicy::Explicit)?;
        same.field("deliver_policy", &found.deliver_policy, &DeliverPolicy::All)?;
        same.field("ack_wait", &found.ack_wait, &spec.ack_wait)?;
        same.field("max_deliver", &bound(found.max_deliver), &-1)?;
        same.field("backoff", &found.backoff, &Vec::<Duration>::new())?;
        same.field("max_ack_pending", &found.max_ack_pending, &spec.max_ack_pending)
    }

    async fn create_stream(&self, config: Config, what: &str) -> Result<(), BusError> {
        match self.jetstream.create_stream(config).await {
            Ok(_) => Ok(()),
            // Somebody created it at the same time with other settings: the comparison says which.
            Err(error)
                if matches!(error.kind(), CreateStreamErrorKind::JetStream(ref inner)
                    if inner.error_code() == ErrorCode::STREAM_NAME_EXIST) =>
            {
                Ok(())
            }
            Err(error) => Err(self.failed(format!("create {what}"), error)),
        }
    }

    /// What a creation led to, also when somebody else was faster.
    async fn created(&self, name: &str, what: &str) -> Result<Info, BusError> {
        visible(what, || self.stream_info(name, what)).await
    }

    /// A bucket that answers from any copy may answer with a value that was replaced before: a look at it after a write
    /// would prove nothing. Earlier versions made such buckets; switching this off changes nothing that is stored.
    async fn read_from_leader(&self, info: Info, what: &str) -> Result<Info, BusError> {
        if !info.config.allow_direct {
            return Ok(info);
        }
        let config = Config { allow_direct: false, ..info.config };
        let updated = self.jetstream.update_stream(config).await;
        updated.map_err(|error| self.failed(format!("switch off allow_direct of {what}"), error))
    }

    pub(crate) async fn stream_info(&self, name: &str, what: &str) -> Result<Option<Info>, BusError> {
        match self.jetstream.get_stream(name).await {
            Ok(stream) => Ok(Some(stream.cached_info().clone())),
            Err(error)
                if matches!(error.kind(), GetStreamErrorKind::JetStream(ref inner)
                    if inner.error_code() == ErrorCode::STREAM_NOT_FOUND) =>
            {
                Ok(None)
            }
            Err(error) => Err(BusError::unavailable(format!("look up {what}"), error)),
        }
    }

    pub(crate) async fn durable_info(&self, stream: &str, durable: &str) -> Result<Option<consumer::Info>, BusError> {
        let what = || format!("look up durable {durable} of stream {stream}");
        let handle =
            self.jetstream.get_stream_no_info(stream).await.map_err(|error| BusError::unavailable(what(), error))?;
        match handle.consumer_info(durable).await {
            Ok(info) => Ok(Some(info)),
            Err(error) => match error.kind() {
                ConsumerInfoErrorKind::NotFound => Ok(None),
                ConsumerInfoErrorKind::JetStream(ref inner) if inner.error_code() == ErrorCode::CONSUMER_NOT_FOUND => {
                    Ok(None)
                }
                _ => Err(BusError::unavailable(what(), error)),
            },
        }
    }

    /// Creates a durable, or returns the one that somebody created meanwhile.
    pub(crate) async fn create_durable(&self, stream: &str, config: pull::Config) -> Result<consumer::Info, BusError> {
        let name = config.durable_name.clone().unwrap_or_default();
        let what = format!("durable {name} of stream {stream}");
        let created = self.jetstream.create_consumer_strict_on_stream(config, stream).await;
        match created {
            Ok(consumer) => Ok(consumer.cached_info().clone()),
            Err(error) if error.kind() == ConsumerCreateStrictErrorKind::AlreadyExists => {
                visible(&what, || self.durable_info(stream, &name)).await
            }
            Err(error) => Err(self.failed(format!("create {what}"), error)),
        }
    }
}

/// Looks until what somebody makes at this moment can be seen: its name is taken before it is there.
async fn visible<T, L>(what: &str, look: impl Fn() -> L) -> Result<T, BusError>
where
    L: Future<Output = Result<Option<T>, BusError>>,
{
    for looks in 1..=LOOKS {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        tokio::time::sleep(backoff::delay(looks, FIRST_LOOK, LAST_LOOK, rand::random())).await;
    }
    Err(BusError::unavailable(format!("look up {what}"), "its name is taken, and it is not there"))
}

/// Opening a bucket that is absent must be told from a server that does not answer.
pub(crate) async fn stream_exists(bus: &Bus, name: &str, what: impl Fn() -> String) -> Result<(), BusError> {
    match bus.stream_info(name, &what()).await? {
        Some(_) => Ok(()),
        None => Err(BusError::NotFound { what: what() }),
    }
}

struct Comparison {
    what: String,
}

impl Comparison {
    fn field<T: PartialEq + Debug>(&self, field: &'static str, found: &T, wanted: &T) -> Result<(), BusError> {
        if found == wanted {
            return Ok(());
        }
        Err(BusError::Differs {
            what: self.what.clone(),
            field,
            found: format!("{found:?}"),
            wanted: format!("{wanted:?}"),
        })
    }
}

fn set(subjects: &[String]) -> BTreeSet<String> {
    subjects.iter().cloned().collect()
}

/// The server writes "no bound" as -1 where 0 was sent.
fn bound(value: i64) -> i64 {
    if value <= 0 { -1 } else { value }
}
