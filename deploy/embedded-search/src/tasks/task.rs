//! One task: as it is kept, and as clients see it.

use super::filter::TaskFilter;
use crate::engine::write::Method;
use crate::error::FailureView;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Details of a task, in Meilisearch's form.
pub type Details = Map<String, Value>;

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Waits.
    Enqueued,
    /// Is being done.
    Processing,
    /// Is done.
    Succeeded,
    /// Cannot be done; its error says why.
    Failed,
    /// Is not to be done any more.
    Canceled,
}

/// What a task is about, as clients see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Documents are added or updated.
    DocumentAdditionOrUpdate,
    /// Documents are deleted.
    DocumentDeletion,
    /// Settings are changed.
    SettingsUpdate,
    /// An index is made.
    IndexCreation,
    /// An index gets a primary key.
    IndexUpdate,
    /// An index is deleted.
    IndexDeletion,
    /// Indexes are swapped.
    IndexSwap,
    /// Tasks are canceled.
    TaskCancelation,
    /// Finished tasks are forgotten.
    TaskDeletion,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Work {
    /// Add the documents of a payload file.
    AddDocuments {
        /// What happens to documents that are there.
        method: Method,
        /// The identifying field, if the client names it.
        primary_key: Option<String>,
        /// Name of the payload file.
        payload: String,
        /// Its size.
        bytes: u64,
        /// Documents in it.
        documents: u64,
        /// Whether an index may be made for them.
        #[serde(default = "yes")]
        may_create: bool,
    },
    /// Delete documents by id.
    DeleteDocuments(Vec<String>),
    /// Delete the documents that a filter matches.
    DeleteByFilter(Value),
    /// Delete all documents.
    ClearDocuments,
    /// Change settings; whether an index may be made for it.
    Settings {
        /// The changes as the client gave them.
        changes: Value,
        /// Putting things back makes no index.
        may_create: bool,
    },
    /// Make an index.
    CreateIndex(Option<String>),
    /// Give an index a primary key.
    UpdateIndex(Option<String>),
    /// Delete an index.
    DeleteIndex,
    /// Let indexes change places, pair by pair, all at once.
    SwapIndexes(Vec<(String, String)>),
    /// Cancel waiting tasks.
    CancelTasks(TaskFilter),
    /// Forget finished tasks.
    DeleteTasks(TaskFilter),
}

impl Work {
    /// What clients call it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::AddDocuments { .. } => Kind::DocumentAdditionOrUpdate,
            Self::DeleteDocuments(_) | Self::DeleteByFilter(_) | Self::ClearDocuments => Kind::DocumentDeletion,
            Self::Settings { .. } => Kind::SettingsUpdate,
            Self::CreateIndex(_) => Kind::IndexCreation,
            Self::UpdateIndex(_) => Kind::IndexUpdate,
            Self::DeleteIndex => Kind::IndexDeletion,
            Self::SwapIndexes(_) => Kind::IndexSwap,
            Self::CancelTasks(_) => Kind::TaskCancelation,
            Self::DeleteTasks(_) => Kind::TaskDeletion,
        }
    }

    /// Details before anything is done; what is not known yet is null.
    pub fn first_details(&self) -> Details {
        let details = match self {
            Self::AddDocuments { documents, .. } => {
                json!({"receivedDocuments": documents, "indexedDocuments": null})
            }
            Self::DeleteDocuments(ids) => json!({
                "providedIds": ids.len(), "deletedDocuments": null, "originalFilter": null,
            }),
            Self::DeleteByFilter(filter) => json!({
                "providedIds": 0, "deletedDocuments": null, "originalFilter": filter.to_string(),
            }),
            Self::ClearDocuments => json!({
                "providedIds": 0, "deletedDocuments": null, "originalFilter": null,
            }),
            Self::Settings { changes, .. } => changes.clone(),
            Self::CreateIndex(primary_key) | Self::UpdateIndex(primary_key) => {
                json!({"primaryKey": primary_key})
            }
            Self::DeleteIndex => json!({"deletedDocuments": null}),
            Self::SwapIndexes(pairs) => {
                let swap = |(one, other): &(String, String)| json!({"indexes": [one, other], "rename": false});
                json!({"swaps": pairs.iter().map(swap).collect::<Vec<_>>()})
            }
            Self::CancelTasks(filter) => json!({
                "matchedTasks": 0, "canceledTasks": null, "originalFilter": filter.original,
            }),
            Self::DeleteTasks(filter) => json!({
                "matchedTasks": 0, "deletedTasks": null, "originalFilter": filter.original,
            }),
        };
        match details {
            Value::Object(details) => details,
            _ => Details::new(),
        }
    }
}

/// Additions that were kept before keys could forbid it made their index.
fn yes() -> bool {
    true
}

/// One task as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its number; tasks of an index are done in this order.
    pub uid: u32,
    /// What was done together with it.
    pub batch_uid: Option<u32>,
    /// The index it is about.
    pub index_uid: Option<String>,
    /// How far it is. Being processed is not kept: after a crash the task simply waits again.
    pub status: Status,
    /// What it is about.
    pub kind: Kind,
    /// The task that canceled it.
    pub canceled_by: Option<u32>,
    /// In numbers.
    pub details: Details,
    /// Why it failed.
    pub error: Option<FailureView>,
    /// When it was asked for.
    pub enqueued_at: Timestamp,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What is to be done; nothing once it is done.
    pub work: Option<Work>,
}

impl Task {
    /// As clients see it.
    pub fn view(&self) -> Value {
        let duration =
            self.started_at.zip(self.finished_at).map(|(start, end)| iso_duration(end.duration_since(start)));
        let mut view = json!({
            "uid": self.uid,
            "batchUid": self.batch_uid,
            "indexUid": self.index_uid,
            "status": self.status,
            "type": self.kind,
            "canceledBy": self.canceled_by,
            "details": self.details,
            "error": self.error,
            "duration": duration,
            "enqueuedAt": self.enqueued_at,
            "startedAt": self.started_at,
            "finishedAt": self.finished_at,
        });
        if self.details.is_empty()
            && let Some(view) = view.as_object_mut()
        {
            view.remove("details");
        }
        view
    }

    /// The short form that answers a request.
    pub fn summary(&self) -> Value {
        json!({
            "taskUid": self.uid,
            "indexUid": self.index_uid,
            "status": self.status,
            "type": self.kind,
            "enqueuedAt": self.enqueued_at,
        })
    }
}

/// ISO 8601 in seconds, as Meilisearch writes it.
fn iso_duration(duration: SignedDuration) -> String {
    let duration = duration.unsigned_abs();
    let fraction = format!("{:09}", duration.subsec_nanos());
    let fraction = fraction.trim_end_matches('0');
    match fraction {
        "" => format!("PT{}S", duration.as_secs()),
        fraction => format!("PT{}.{fraction}S", duration.as_secs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_iso_8601_seconds() {
        assert_eq!(iso_duration(SignedDuration::from_millis(1500)), "PT1.5S");
        assert_eq!(iso_duration(SignedDuration::from_secs(2)), "PT2S");
        assert_eq!(iso_duration(SignedDuration::from_nanos(1_000)), "PT0.000001S");
    }

    #[test]
    fn work_survives_being_kept() {
        let work = Work::DeleteByFilter(json!(["版 = 1", ["栏 = 要闻"]]));
        let text = serde_json::to_string(&work).unwrap();
        assert_eq!(serde_json::from_str::<Work>(&text).unwrap(), work);
    }
}
