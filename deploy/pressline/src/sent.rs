//! A file that was sent, and what became of it.

use std::path::PathBuf;

use contract::{IssueId, Receipt, Stage};

use crate::intake_client::Answer;

/// A file and what became of it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The file.
    pub path: PathBuf,
    /// What intake said.
    pub answer: Answer,
    /// Its receipt, when it was waited for.
    pub receipt: Option<Receipt>,
}

impl Sent {
    /// The issue's id, if it was taken.
    pub fn id(&self) -> Option<&IssueId> {
        match &self.answer {
            Answer::Accepted(id) | Answer::Known(id) => Some(id),
            Answer::Refused(_) => None,
        }
    }

    /// Why it is not searchable; `None` when it is, or was not waited for.
    pub fn fault(&self) -> Option<String> {
        if let Answer::Refused(reason) = &self.answer {
            return Some(reason.clone());
        }
        let receipt = self.receipt.as_ref()?;
        if let Some(failed) = receipt.failed.first() {
            return Some(format!("{}: {}", failed.stage, failed.reason));
        }
        (receipt.status != Stage::Indexed)
            .then(|| "not searchable in time; `pressline status` shows where it waits".into())
    }
}
