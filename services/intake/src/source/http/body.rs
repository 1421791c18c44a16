//! A request's body: read up to a bound, or let run out so that the sender hears the answer.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::timeout;

use super::problem::{No, Problem};
use crate::refusal::Refusal;

/// How long and how much a refused sender may still talk.
const LINGER: Duration = Duration::from_secs(5);
const LINGER_BYTES: usize = 256 << 20;

/// A body, read or not.
pub struct Upload {
    chunks: BodyDataStream,
    /// Its length as declared.
    declared: Option<u64>,
    /// The sender waits for `100 Continue`; it has sent nothing yet.
    waits: bool,
}

impl Upload {
    /// The body of a request with these headers.
    pub fn new(body: Body, headers: &HeaderMap) -> Self {
        let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        Self { chunks: body.into_data_stream(), declared, waits: headers.contains_key(header::EXPECT) }
    }

    /// Refuses a declared length over `max` before anything is read.
    ///
    /// # Errors
    /// Too large.
    pub fn check_length(&self, max: usize) -> Result<(), Refusal> {
        match self.declared {
            Some(length) if length > max as u64 => Err(Refusal::too_large(Some(length), max)),
            _ => Ok(()),
        }
    }

    /// All of it, if it is at most `max` bytes and comes within `limit`.
    ///
    /// # Errors
    /// Too large, too slow, broken off.
    pub async fn read(&mut self, max: usize, limit: Duration) -> Result<Bytes, No> {
        timeout(limit, self.read_bounded(max)).await.map_err(|_| Problem::body_timeout(limit))?
    }

    async fn read_bounded(&mut self, max: usize) -> Result<Bytes, No> {
        let expected = self.declared.map_or(0, |length| usize::try_from(length).unwrap_or(max).min(max));
        let mut whole = BytesMut::with_capacity(expected);
        while let Some(chunk) = self.chunks.next().await {
            let chunk = chunk.map_err(|error| Problem::body_broken(&error.to_string()))?;
            self.waits = false;
            if whole.len() + chunk.len() > max {
                return Err(Refusal::too_large(None, max).into());
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// Lets a refused sender finish for a while, reading into nothing. Most clients look for the answer only after they
    /// have sent all; closing at once would reset the connection and take the answer with it.
    pub fn linger(mut self) {
        if self.waits {
            return;
        }
        tokio::spawn(timeout(LINGER, async move {
            let mut read = 0;
            while let Some(Ok(chunk)) = self.chunks.next().await {
                read += chunk.len();
                if read > LINGER_BYTES {
                    return;
                }
            }
        }));
    }
}
