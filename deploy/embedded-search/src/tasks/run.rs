//! Doing a task.

use super::queue::{Batch, Ended, Queue};
use super::swap;
use super::task::{Details, Task, Work};
use crate::engine::meta::IndexEntry;
use crate::engine::registry::Registry;
use crate::engine::slot::{Slot, Trouble};
use crate::engine::write::{self, Method};
use crate::error::{Code, Failure, Result};
use crate::settings::{apply, change};
use memmap2::Mmap;
use milli_core::update::IndexerConfig;
use serde_json::{Value, json};
use std::sync::Arc;

/// What tasks are done with.
pub struct Bench<'b> {
    /// The indexes.
    pub registry: &'b Registry,
    /// The tasks.
    pub queue: &'b Queue,
    /// How indexing is done.
    pub config: &'b IndexerConfig,
}

/// What happens to the list of indexes when the batch is written down.
enum Listing {
    Same,
    Put(String, IndexEntry, Option<Arc<Slot>>),
    Remove(String),
    Swap(Vec<(String, String)>),
}

impl Bench<'_> {
    /// Does a batch and writes down how its tasks ended. An error means that the latter did not succeed.
    pub fn process(&self, batch: &mut Batch) -> Result<()> {
        let tasks = std::mem::take(&mut batch.tasks);
        let (ended, listing) = match tasks.first().and_then(|task| task.work.as_ref()) {
            Some(Work::AddDocuments { .. }) => (self.add_documents(tasks), Listing::Same),
            _ => {
                let mut ended = Vec::new();
                let mut listing = Listing::Same;
                for task in tasks {
                    let (end, change) = self.one(task);
                    ended.push(end);
                    listing = change;
                }
                (ended, listing)
            }
        };
        let meta = self.registry.meta();
        self.queue.finish(batch, ended, |wtxn| {
            match &listing {
                Listing::Same => {}
                Listing::Put(uid, entry, _) => meta.indexes.put(wtxn, uid, entry)?,
                Listing::Remove(uid) => {
                    meta.indexes.delete(wtxn, uid)?;
                }
                Listing::Swap(pairs) => swap::write_down(meta, wtxn, pairs)?,
            }
            Ok(())
        })?;
        match listing {
            Listing::Put(uid, _, Some(slot)) => self.registry.insert(&uid, slot),
            Listing::Remove(uid) => self.registry.remove(&uid),
            Listing::Swap(pairs) => self.registry.swap(&pairs),
            Listing::Same | Listing::Put(..) => {}
        }
        Ok(())
    }

    fn one(&self, task: Task) -> (Ended, Listing) {
        let uid = task.index_uid.clone().unwrap_or_default();
        let done = match task.work.clone() {
            None => Err(Failure::internal("the task has nothing to do")),
            Some(work) => self.perform(&uid, task.uid, work),
        };
        match done {
            Ok((details, listing)) => (ended(task, Ok(details)), listing),
            Err(failure) => (ended(task, Err(failure)), Listing::Same),
        }
    }

    fn perform(&self, uid: &str, task: u32, work: Work) -> Result<(Value, Listing)> {
        let same = |details| Ok((details, Listing::Same));
        match work {
            // Comes as a batch; see `add_documents`.
            Work::AddDocuments { .. } => Err(Failure::internal("an addition outside of a batch")),
            Work::DeleteDocuments(ids) => {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                let slot = self.registry.slot(uid)?;
                let count = slot.write(|index| write::delete(index, self.config, &ids));
                same(json!({"deletedDocuments": count.map_err(|f| f.in_index(uid))?}))
            }
            Work::DeleteByFilter(filter) => {
                let slot = self.registry.slot(uid)?;
                let count = slot.write(|index| write::delete_by_filter(index, self.config, &filter));
                same(json!({"deletedDocuments": count.map_err(|f| f.in_index(uid))?}))
            }
            Work::ClearDocuments => {
                let slot = self.registry.slot(uid)?;
                same(json!({"deletedDocuments": slot.write(write::clear)?}))
            }
            Work::Settings { changes, may_create } => self.change_settings(uid, &changes, may_create),
            Work::CreateIndex(primary_key) => {
                if self.registry.find(uid).is_some() {
                    return Err(Failure::new(Code::IndexAlreadyExists, format!("Index `{uid}` already exists.")));
                }
                let (entry, slot) = self.registry.create(self.config, primary_key.as_deref())?;
                let listing = Listing::Put(uid.to_owned(), entry, Some(slot));
                Ok((json!({"primaryKey": primary_key}), listing))
            }
            Work::UpdateIndex(primary_key) => {
                let slot = self.registry.slot(uid)?;
                if let Some(primary_key) = &primary_key {
                    slot.write(|index| apply::set_primary_key(index, self.config, primary_key))
                        .map_err(|failure| failure.in_index(uid))?;
                }
                same(json!({"primaryKey": primary_key}))
            }
            Work::DeleteIndex => {
                let count = self.registry.read(uid, |index| {
                    let rtxn = index.read_txn()?;
                    Ok(index.number_of_documents(&rtxn)?)
                })?;
                Ok((json!({"deletedDocuments": count}), Listing::Remove(uid.to_owned())))
            }
            Work::SwapIndexes(pairs) => {
                swap::check(self.registry, &pairs)?;
                Ok((json!({}), Listing::Swap(pairs)))
            }
            Work::CancelTasks(filter) => {
                let (matched, canceled) = self.queue.cancel(task, &filter)?;
                same(json!({"matchedTasks": matched, "canceledTasks": canceled}))
            }
            Work::DeleteTasks(filter) => {
                let (matched, deleted) = self.queue.forget(&filter)?;
                same(json!({"matchedTasks": matched, "deletedTasks": deleted}))
            }
        }
    }

    fn change_settings(&self, uid: &str, changes: &Value, may_create: bool) -> Result<(Value, Listing)> {
        let details = changes.clone();
        let changes = change::read_all(changes)?;
        let (mut entry, slot, is_new) = match self.registry.find(uid) {
            Some(slot) => (self.registry.entry(uid)?, slot, false),
            None if may_create => {
                let (entry, slot) = self.registry.create(self.config, None)?;
                (entry, slot, true)
            }
            None => return Err(Failure::index_not_found(uid)),
        };
        let applied = slot.write(|index| apply::apply(index, self.config, &changes, entry.typo_lengths));
        match applied {
            Ok(lengths) => {
                entry.typo_lengths = lengths;
                let listing = Listing::Put(uid.to_owned(), entry, is_new.then_some(slot));
                Ok((details, listing))
            }
            Err(failure) => {
                if is_new && let Err(error) = slot.delete() {
                    tracing::warn!(uid, %error, "the folder of an index that was not made could not be removed");
                }
                Err(failure.in_index(uid))
            }
        }
    }

    /// Adds the documents of all tasks in one transaction. If that fails as a whole, each task is done alone, so that
    /// only those fail whose documents are to blame.
    fn add_documents(&self, tasks: Vec<Task>) -> Vec<Ended> {
        match self.try_adding(&tasks) {
            Ok(outcomes) => {
                let pairs = tasks.into_iter().zip(outcomes);
                pairs.map(|(task, outcome)| added(task, outcome)).collect()
            }
            Err(failure) if tasks.len() == 1 => {
                let failed = |task| added(task, Err(failure.clone()));
                tasks.into_iter().map(failed).collect()
            }
            Err(failure) => {
                tracing::info!(tasks = tasks.len(), error = %failure, "a batch failed, doing its tasks one by one");
                let alone = |task: Task| {
                    let outcome = self.try_adding(std::slice::from_ref(&task));
                    let outcome = outcome.and_then(|mut outcomes| {
                        let first = outcomes.pop();
                        first.unwrap_or_else(|| Err(Failure::internal("no outcome")))
                    });
                    added(task, outcome)
                };
                tasks.into_iter().map(alone).collect()
            }
        }
    }

    fn try_adding(&self, tasks: &[Task]) -> Result<Vec<Result<u64>>> {
        let Some(uid) = tasks.first().and_then(|task| task.index_uid.clone()) else {
            return Err(Failure::internal("an addition without an index"));
        };
        let mut payloads: Vec<(Method, Mmap)> = Vec::new();
        let mut key = None;
        let mut allowed = false;
        for task in tasks {
            let Some(Work::AddDocuments { method, primary_key, payload, may_create, .. }) = &task.work else {
                return Err(Failure::internal("a batch of additions with another task"));
            };
            key = key.or(primary_key.as_deref());
            allowed |= may_create;
            payloads.push((*method, write::load_payload(&self.queue.payloads().join(payload))?));
        }
        let slot = match self.registry.find(&uid) {
            Some(slot) => slot,
            None if !allowed => return Err(Failure::index_not_found(&uid)),
            None => {
                let (entry, slot) = self.registry.create(self.config, None)?;
                self.registry.publish(&uid, &entry, Arc::clone(&slot))?;
                slot
            }
        };
        let outcomes = slot
            .write(|index| write::add(index, self.config, &payloads, key))
            .map_err(|failure| failure.in_index(&uid))?;
        let outcomes = outcomes.into_iter();
        Ok(outcomes.map(|outcome| outcome.map_err(|failure| failure.in_index(&uid))).collect())
    }
}

fn added(task: Task, outcome: Result<u64>) -> Ended {
    ended(task, outcome.map(|count| json!({"indexedDocuments": count})))
}

fn ended(task: Task, outcome: Result<Value>) -> Ended {
    let (details, failure) = match outcome {
        Ok(Value::Object(details)) => (details, None),
        Ok(_) => (Details::new(), None),
        Err(failure) => (Details::new(), Some(failure)),
    };
    let mut details = details;
    if failure.is_some() {
        // What was not done was done zero times.
        for name in ["indexedDocuments", "deletedDocuments", "canceledTasks", "deletedTasks"] {
            if task.details.contains_key(name) {
                details.insert(name.to_owned(), 0.into());
            }
        }
    }
    Ended { task, failure, details }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Engine(error) => error.into(),
            Trouble::Refused(failure) => failure,
        }
    }
}
