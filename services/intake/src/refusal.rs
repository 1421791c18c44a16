//! What the sender is told when a file is not admitted.

use std::fmt;

use serde::Serialize;

/// The closed list of reasons not to admit a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Nothing but white space.
    Empty,
    /// More bytes than the limit.
    TooLarge,
    /// Not text.
    Binary,
    /// A media type that is not on the list.
    MediaType,
    /// Compressed or otherwise encoded bytes.
    ContentEncoding,
    /// A publication, date, edition or lane that cannot be.
    BadFact,
    /// A file of the drop folder that the service has no right to read.
    Unreadable,
    /// An issue that was withdrawn, and does not come back.
    Withdrawn,
}

impl RefusalCode {
    /// The code as answers, reason files and metrics show it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::Binary => "binary",
            Self::MediaType => "media_type",
            Self::ContentEncoding => "content_encoding",
            Self::BadFact => "bad_fact",
            Self::Unreadable => "unreadable",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a file is not admitted, and what its sender can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {advice}")]
pub struct Refusal {
    /// What kind of reason.
    pub code: RefusalCode,
    /// What was found, with the value and the bound.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

impl Refusal {
    /// A refusal; `reason` names value and bound, `advice` says what to do.
    pub fn new(code: RefusalCode, reason: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), advice: advice.into() }
    }

    /// A file of `size` bytes (where known) over the limit of `max` bytes.
    pub fn too_large(size: Option<u64>, max: usize) -> Self {
        let reason = match size {
            Some(size) => format!("the file has {size} bytes, the limit is {max} bytes"),
            None => format!("the file has more bytes than the limit of {max} bytes"),
        };
        Self::new(RefusalCode::TooLarge, reason, "split it by pages, or have the operator raise max_bytes")
    }
}

/// The beginning of a value that may be long or hold anything, fit for a message.
pub(crate) fn shown(text: &str) -> String {
    const LIMIT: usize = 80;
    let mut short: String = text.chars().take(LIMIT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LIMIT).is_some() {
        short.push('…');
    }
    short
}
