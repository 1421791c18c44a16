//! Bytes too large for a message, kept under a name and checked by digest on the way back.

use std::{
    collections::HashSet,
    io::ErrorKind,
    time::{Duration, SystemTime},
};

use async_nats::{
    HeaderMap,
    jetstream::{
        object_store::{GetErrorKind, ObjectInfo, ObjectOptions, ObjectStore},
        stream::{LastRawMessageErrorKind, Stream},
    },
};
use bytes::{Bytes, BytesMut};
use data_encoding::BASE64URL;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::{Bus, BusError, Outgoing, PublishError};

/// Bytes of one part, as other clients of the object store cut them.
const PART: usize = 128 << 10;
/// What was stored so recently need not be stored again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// A bucket of large objects. Clones share it.
#[derive(Clone)]
pub struct Objects {
    bus: Bus,
    stream: Stream,
    store: ObjectStore,
    bucket: String,
    timeout: Duration,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

pub(crate) async fn open(bus: &Bus, bucket: &str) -> Result<Objects, BusError> {
    let name = format!("OBJ_{bucket}");
    let what = || format!("object store {bucket}");
    crate::ensure::stream_exists(bus, &name, what).await?;
    let stream = bus.jetstream.get_stream(&name).await.map_err(|error| BusError::unavailable(what(), error))?;
    let store = bus
        .jetstream
        .get_object_store(bucket)
        .await
        .map_err(|error| BusError::unavailable(format!("open object store {bucket}"), error))?;
    let timeout = bus.settings.request_timeout();
    Ok(Objects { bus: bus.clone(), stream, store, bucket: bucket.to_owned(), timeout })
}

impl Objects {
    /// Stores the bytes under the name. The same bytes under the same name again, within a day, change nothing and cost one
    /// question; later they are stored anew, so that what refers to them does not outlive them where the bucket has a
    /// `max_age`. Other bytes replace the old ones.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), BusError> {
        let digest = digest_of(&bytes);
        let stored = self.stored(name).await?;
        if let Some((info, since)) = &stored
            && info.size == bytes.len()
            && info.digest.as_deref() == Some(&digest)
            && since.elapsed().is_ok_and(|age| age < FRESH)
        {
            return Ok(());
        }
        let replaced = stored.map(|(info, _)| info.nuid);
        let part = format!("{:032x}", rand::random::<u128>());
        if let Err(error) = self.write(name, &part, &digest, &bytes).await {
            // What is left of it would count against the bucket's bound for ever.
            if let Err(error) = self.purge(&part).await {
                tracing::debug!(name, %error, "parts of an object that was not stored are left to the next sweep");
            }
            return Err(BusError::unavailable(format!("store {}", self.what(name)), error));
        }
        match replaced {
            Some(part) => self.purge(&part).await,
            None => Ok(()),
        }
    }

    /// As the object store lays it out (ADR-20): parts under a name of their own, then what they are parts of. async-nats' own
    /// `put` tries each part once and leaves behind what it had stored when it fails.
    async fn write(&self, name: &str, part: &str, digest: &str, bytes: &Bytes) -> Result<(), PublishError> {
        let parts = bytes.len().div_ceil(PART);
        for n in 0..parts {
            let payload = bytes.slice(n * PART..bytes.len().min((n + 1) * PART));
            let message_id = format!("{part}.{n}");
            let subject = self.parts_of(part);
            self.bus.publish(Outgoing { subject, headers: HeaderMap::new(), payload, message_id }).await?;
        }
        let info = ObjectInfo {
            name: name.to_owned(),
            description: None,
            metadata: Default::default(),
            headers: None,
            options: Some(ObjectOptions { link: None, max_chunk_size: Some(PART) }),
            bucket: self.bucket.clone(),
            nuid: part.to_owned(),
            size: bytes.len(),
            chunks: parts,
            modified: None,
            digest: Some(digest.to_owned()),
            deleted: false,
        };
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Rollup", "sub");
        let subject = self.info_of(name);
        // Only strings and numbers: there is nothing to go wrong.
        let payload = serde_json::to_vec(&info).unwrap_or_default().into();
        let message_id = format!("{part}.info");
        self.bus.publish(Outgoing { subject, headers, payload, message_id }).await.map(drop)
    }

    /// Removes parts that belong to no object and are older than `age`: what a process left that died while it stored them.
    /// Returns how many objects' parts these were.
    pub async fn sweep(&self, age: Duration) -> Result<usize, BusError> {
        let failed = |reason: String| BusError::unavailable(format!("sweep object store {}", self.bucket), reason);
        let parts = self.subjects(&self.parts_of("*")).await?;
        if parts.is_empty() {
            return Ok(0);
        }
        let mut known = HashSet::new();
        for subject in self.subjects(&format!("$O.{}.M.*", self.bucket)).await? {
            let last = self.stream.get_last_raw_message_by_subject(&subject).await;
            let last = last.map_err(|error| failed(error.to_string()))?;
            let info: ObjectInfo = serde_json::from_slice(&last.payload).map_err(|error| failed(error.to_string()))?;
            known.insert(self.parts_of(&info.nuid));
        }
        let mut swept = 0;
        for subject in parts.iter().filter(|subject| !known.contains(*subject)) {
            let last = self.stream.get_last_raw_message_by_subject(subject).await;
            let stored: SystemTime = last.map_err(|error| failed(error.to_string()))?.time.into();
            if stored.elapsed().is_ok_and(|old| old >= age)
                && let Some(part) = subject.rsplit('.').next()
            {
                self.purge(part).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    async fn subjects(&self, filter: &str) -> Result<Vec<String>, BusError> {
        let failed = |reason: String| BusError::unavailable(format!("list object store {}", self.bucket), reason);
        let listed = self.stream.info_with_subjects(filter).await.map_err(|error| failed(error.to_string()))?;
        let subjects: Vec<(String, usize)> = listed.try_collect().await.map_err(|error| failed(error.to_string()))?;
        Ok(subjects.into_iter().map(|(subject, _)| subject).collect())
    }

    fn parts_of(&self, part: &str) -> String {
        format!("$O.{}.C.{part}", self.bucket)
    }

    async fn purge(&self, part: &str) -> Result<(), BusError> {
        let purged = self.stream.purge().filter(self.parts_of(part)).await;
        purged.map(drop).map_err(|error| self.bus.failed(format!("remove parts in {}", self.bucket), error))
    }

    /// The bytes under the name, at most `limit` of them, after their digest has been checked.
    pub async fn get(&self, name: &str, limit: usize) -> Result<Bytes, BusError> {
        let failed = |reason: String| BusError::unavailable(format!("read {}", self.what(name)), reason);
        let mut object = self.store.get(name).await.map_err(|error| match error.kind() {
            GetErrorKind::NotFound => BusError::NotFound { what: self.what(name) },
            _ => failed(error.to_string()),
        })?;
        let size = object.info.size;
        if size > limit {
            return Err(BusError::TooLarge { what: self.what(name), size, limit });
        }
        let corrupt = |reason: String| BusError::Corrupt { what: self.what(name), reason };
        let mut bytes = BytesMut::with_capacity(size);
        while bytes.len() < size {
            // A chunk that is gone never comes: only the clock tells.
            let read = tokio::time::timeout(self.timeout, object.read_buf(&mut bytes)).await;
            match read {
                Err(_) => return Err(failed("a part did not come in time".into())),
                Ok(Ok(0)) => break,
                Ok(Ok(_)) => {}
                Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => {
                    return Err(corrupt(error.to_string()));
                }
                Ok(Err(error)) => return Err(failed(error.to_string())),
            }
        }
        if bytes.len() != size {
            return Err(corrupt(format!("{} of {size} bytes came", bytes.len())));
        }
        let found = digest_of(&bytes);
        match &object.info.digest {
            Some(wanted) if *wanted != found => Err(corrupt(format!("digest is {found}, stored was {wanted}"))),
            _ => Ok(bytes.freeze()),
        }
    }

    /// Deletes the object; an absent one is no failure.
    pub async fn delete(&self, name: &str) -> Result<(), BusError> {
        if self.stored(name).await?.is_none() {
            return Ok(());
        }
        self.store
            .delete(name)
            .await
            .map_err(|error| BusError::unavailable(format!("delete {}", self.what(name)), error))
    }

    /// What stands under the name, and since when.
    async fn stored(&self, name: &str) -> Result<Option<(ObjectInfo, SystemTime)>, BusError> {
        let failed = |reason: String| BusError::unavailable(format!("look up {}", self.what(name)), reason);
        let message = match self.stream.get_last_raw_message_by_subject(&self.info_of(name)).await {
            Ok(message) => message,
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(None),
            Err(error) => return Err(failed(error.to_string())),
        };
        let info: ObjectInfo = serde_json::from_slice(&message.payload).map_err(|error| failed(error.to_string()))?;
        Ok((!info.deleted).then(|| (info, message.time.into())))
    }

    fn info_of(&self, name: &str) -> String {
        format!("$O.{}.M.{}", self.bucket, BASE64URL.encode(name.as_bytes()))
    }

    fn what(&self, name: &str) -> String {
        format!("object {name} in {}", self.bucket)
    }
}

/// As the object store writes it (ADR-20): `SHA-256=` and padded URL-safe base64.
fn digest_of(bytes: &[u8]) -> String {
    format!("SHA-256={}", BASE64URL.encode(&Sha256::digest(bytes)))
}
