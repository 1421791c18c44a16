//! What was attempted, accepted and withdrawn, written down outside the line.

use std::collections::{BTreeMap, BTreeSet};

use contract::IssueId;

/// One version of an issue, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The file.
    pub bytes: Vec<u8>,
    /// The line said that it has it.
    pub accepted: bool,
}

/// One issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its newspaper.
    pub publication: String,
    /// Its file's name.
    pub file_name: String,
    /// Under which id the line knows it, once it has said so.
    pub id: Option<IssueId>,
    /// In the order in which they were sent.
    pub versions: Vec<Version>,
    /// It was withdrawn, and the line said that it is.
    pub withdrawn: bool,
    /// Articles of it that were killed, and the line said that they are.
    pub killed: BTreeSet<String>,
}

/// Everything that was asked of a line.
#[derive(Debug, Default)]
pub struct Ledger {
    /// By number.
    pub issues: BTreeMap<usize, Entry>,
    /// Message ids of what must become a dead letter.
    pub poisons: Vec<String>,
    /// How often somebody had to send again.
    pub retries: u64,
}

impl Entry {
    /// The version that must be found: the last that was accepted.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.accepted)
    }
}

impl Ledger {
    /// Issues that were accepted and not withdrawn.
    pub fn expected(&self) -> impl Iterator<Item = (&usize, &Entry)> {
        self.issues.iter().filter(|(_, entry)| entry.id.is_some() && !entry.withdrawn)
    }

    /// How many were accepted.
    pub fn accepted(&self) -> usize {
        self.issues.values().filter(|entry| entry.id.is_some()).count()
    }
}
