//! Bytes too large for a message, kept under a name and checked by digest on the way back.

use std::{io::ErrorKind, time::Duration};

use async_nats::jetstream::object_store::{GetErrorKind, InfoErrorKind, ObjectInfo, ObjectMetadata, ObjectStore};
use bytes::{Bytes, BytesMut};
use data_encoding::BASE64URL;
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::{Bus, BusError};

/// A bucket of large objects. Clones share it.
#[derive(Clone)]
pub struct Objects {
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
    crate::ensure::stream_exists(bus, &name, || format!("object store {bucket}")).await?;
    let store = bus
        .jetstream
        .get_object_store(bucket)
        .await
        .map_err(|error| BusError::unavailable(format!("open object store {bucket}"), error))?;
    Ok(Objects { store, bucket: bucket.to_owned(), timeout: bus.settings.request_timeout() })
}

impl Objects {
    /// Stores the bytes under the name. The same bytes under the same name again change nothing and cost one question;
    /// other bytes replace the old ones.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), BusError> {
        let digest = digest_of(&bytes);
        if let Some(info) = self.info(name).await?
            && info.size == bytes.len()
            && info.digest.as_deref() == Some(&digest)
        {
            return Ok(());
        }
        let metadata = ObjectMetadata { name: name.to_owned(), ..ObjectMetadata::default() };
        self.store
            .put(metadata, &mut bytes.as_ref())
            .await
            .map(drop)
            .map_err(|error| BusError::unavailable(format!("store {}", self.what(name)), error))
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
        if self.info(name).await?.is_none() {
            return Ok(());
        }
        self.store
            .delete(name)
            .await
            .map_err(|error| BusError::unavailable(format!("delete {}", self.what(name)), error))
    }

    async fn info(&self, name: &str) -> Result<Option<ObjectInfo>, BusError> {
        match self.store.info(name).await {
            Ok(info) if info.deleted => Ok(None),
            Ok(info) => Ok(Some(info)),
            Err(error) if error.kind() == InfoErrorKind::NotFound => Ok(None),
            Err(error) => Err(BusError::unavailable(format!("look up {}", self.what(name)), error)),
        }
    }

    fn what(&self, name: &str) -> String {
        format!("object {name} in {}", self.bucket)
    }
}

/// As the object store writes it (ADR-20): `SHA-256=` and padded URL-safe base64.
fn digest_of(bytes: &[u8]) -> String {
    format!("SHA-256={}", BASE64URL.encode(&Sha256::digest(bytes)))
}
