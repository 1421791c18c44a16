//! What can go wrong, told so that an operator can act on it.

/// A failure of anything but a publish.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// A setting that can never work.
    #[error("setting {key}: {reason}")]
    Settings {
        /// The setting's full name.
        key: &'static str,
        /// Why it is refused.
        reason: String,
    },
    /// The server could not be reached or refused the connection.
    #[error("no connection to nats at {url}: {reason}; start nats-server with jetstream or set nats.url")]
    Connect {
        /// The address, without user information.
        url: String,
        /// What the last try met.
        reason: String,
    },
    /// Something exists with other settings than wanted. It is never changed or deleted from here.
    #[error(
        "{what} differs: {field} is {found}, wanted {wanted}; change it with the nats command or change the setting"
    )]
    Differs {
        /// Kind and name, as `stream NAME`.
        what: String,
        /// The setting that differs.
        field: &'static str,
        /// As the server has it.
        found: String,
        /// As it should be.
        wanted: String,
    },
    /// A stream, durable, bucket, key or object that is not there.
    #[error("{what} does not exist")]
    NotFound {
        /// Kind and name.
        what: String,
    },
    /// An object that came back other than it was stored.
    #[error("{what} is damaged: {reason}")]
    Corrupt {
        /// Kind and name.
        what: String,
        /// What did not match.
        reason: String,
    },
    /// More bytes than the caller allows or the server takes.
    #[error("{what} is too large: {size} bytes, the most is {limit}")]
    TooLarge {
        /// Kind and name.
        what: String,
        /// Its size.
        size: usize,
        /// The bound.
        limit: usize,
    },
    /// The server does not let this user do it.
    #[error(
        "{what}: {reason}; run `pressline setup` with a user that may, or give this user the right in accounts.conf"
    )]
    Forbidden {
        /// What was being done.
        what: String,
        /// In the server's words.
        reason: String,
    },
    /// The client has ended, so no connection comes back in this process.
    #[error("the nats client has ended and does not come back; start the process again")]
    Gone,
    /// The server did not answer or not as expected; trying again may help.
    #[error("{what}: {reason}")]
    Unavailable {
        /// What was being done.
        what: String,
        /// What was met.
        reason: String,
    },
}

impl BusError {
    /// The same question to the server may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Connect { .. } | Self::Forbidden { .. })
    }

    pub(crate) fn unavailable(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Unavailable { what: what.into(), reason: reason.to_string() }
    }
}

/// A message that JetStream has not taken, or has not said so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The stream or the server's storage is full; nothing was evicted, and nothing stored.
    #[error("no room for {subject}: {reason}; raise max_bytes or free storage")]
    Full {
        /// Where it was to go.
        subject: String,
        /// In the server's words.
        reason: String,
    },
    /// Larger than the server's `max_payload` or the stream's `max_message_size`.
    #[error("message for {subject} is too large: {size} bytes with headers, the most is {limit}")]
    TooLarge {
        /// Where it was to go.
        subject: String,
        /// Payload bytes.
        size: usize,
        /// The server's bound.
        limit: usize,
    },
    /// JetStream refused it for a reason that trying again does not change.
    #[error("jetstream refused a message for {subject}: {reason}")]
    Refused {
        /// Where it was to go.
        subject: String,
        /// In the server's words.
        reason: String,
    },
    /// No ack within the attempts: it may or may not be stored. Publish again with the same message id.
    #[error("no ack from jetstream for {subject} after {attempts} attempts: {reason}")]
    Unavailable {
        /// Where it was to go.
        subject: String,
        /// How often it was tried.
        attempts: u32,
        /// What the last try met.
        reason: String,
    },
}

impl PublishError {
    /// The same message may be taken later without anybody changing it.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Full { .. })
    }
}
