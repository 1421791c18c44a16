//! The tasks: kept on disk, waiting in memory.

use super::filter::TaskFilter;
use super::payload;
use super::pick::{self, Addition, Brief};
use super::task::{Details, Status, Task, Work};
use crate::engine::meta::Meta;
use crate::error::{Code, Failure, Result};
use crate::options::Settings;
use jiff::Timestamp;
use milli_core::heed::RwTxn;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The tasks.
pub struct Queue {
    pub(super) meta: Meta,
    payloads: PathBuf,
    max_tasks: u64,
    max_batched_tasks: usize,
    max_batched_bytes: u64,
    /// Held while a task is written and made known, so that tasks wait in the order of their numbers.
    registering: Mutex<()>,
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) waiting: BTreeMap<u32, Brief>,
    pub(super) processing: Option<Processing>,
    stopping: bool,
}

#[derive(Clone)]
pub(super) struct Processing {
    pub(super) uids: Vec<u32>,
    pub(super) batch_uid: u32,
    pub(super) started_at: Timestamp,
}

/// Tasks that are being done.
pub struct Batch {
    /// Its number.
    pub uid: u32,
    /// When it was begun.
    pub started_at: Timestamp,
    /// In order.
    pub tasks: Vec<Task>,
}

/// How a task ended.
pub struct Ended {
    /// The task as it was.
    pub task: Task,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// Details that are known now.
    pub details: Details,
}

impl Queue {
    /// Reads the tasks that are not done.
    pub fn open(settings: &Settings, meta: Meta) -> Result<Self> {
        let payloads = settings.data_dir.join("payloads");
        fs::create_dir_all(&payloads)?;
        let mut state = State::default();
        let mut needed = Vec::new();
        {
            let rtxn = meta.read()?;
            for item in meta.waiting.iter(&rtxn)? {
                let (uid, ()) = item?;
                if let Some(task) = meta.tasks.get(&rtxn, &uid)? {
                    if let Some(Work::AddDocuments { payload, .. }) = &task.work {
                        needed.push(payload.clone());
                    }
                    state.waiting.insert(uid, brief(&task));
                }
            }
        }
        payload::remove_strangers(&payloads, &needed)?;
        Ok(Self {
            meta,
            payloads,
            max_tasks: settings.max_tasks,
            max_batched_tasks: settings.max_batched_tasks,
            max_batched_bytes: settings.max_batched_bytes,
            registering: Mutex::new(()),
            state: Mutex::new(state),
            wake: Condvar::new(),
        })
    }

    /// Where payload files are.
    pub fn payloads(&self) -> &PathBuf {
        &self.payloads
    }

    /// Adds a task; it is on disk when this returns.
    pub fn register(&self, index_uid: Option<String>, work: Work) -> Result<Task> {
        let _in_order = lock(&self.registering);
        let mut wtxn = self.meta.write()?;
        let uid = self.meta.next(&mut wtxn, "task")?;
        let uid = u32::try_from(uid).map_err(|_| Failure::internal("no task numbers left"))?;
        let task = Task {
            uid,
            batch_uid: None,
            index_uid,
            status: Status::Enqueued,
            kind: work.kind(),
            canceled_by: None,
            details: work.first_details(),
            error: None,
            enqueued_at: Timestamp::now(),
            started_at: None,
            finished_at: None,
            work: Some(work),
        };
        let full = |failure: Failure| match failure.code {
            // What Meilisearch answers when its queue has no room.
            Code::DatabaseSizeLimitReached => Failure::new(Code::NoSpaceLeftOnDevice, failure.message),
            _ => failure,
        };
        self.meta.tasks.put(&mut wtxn, &uid, &task).map_err(|error| full(error.into()))?;
        self.meta.waiting.put(&mut wtxn, &uid, &()).map_err(|error| full(error.into()))?;
        wtxn.commit().map_err(|error| full(error.into()))?;
        self.state().waiting.insert(uid, brief(&task));
        self.wake.notify_all();
        Ok(task)
    }

    /// Waits for tasks and takes the next batch; `None` when the engine stops.
    pub fn next_batch(&self) -> Result<Option<Batch>> {
        let mut state = self.state();
        let uids = loop {
            if state.stopping {
                return Ok(None);
            }
            let uids = pick::next(&state.waiting, self.max_batched_tasks, self.max_batched_bytes);
            if !uids.is_empty() {
                break uids;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let mut wtxn = self.meta.write()?;
        let uid = u32::try_from(self.meta.next(&mut wtxn, "batch")?).unwrap_or(u32::MAX);
        let mut tasks = Vec::new();
        for uid in &uids {
            tasks.extend(self.meta.tasks.get(&wtxn, uid)?);
        }
        wtxn.commit()?;
        let started_at = Timestamp::now();
        self.state().processing = Some(Processing { uids, batch_uid: uid, started_at });
        Ok(Some(Batch { uid, started_at, tasks }))
    }

    /// Writes how the tasks of a batch ended, in one transaction with what `also` does.
    pub fn finish(
        &self,
        batch: &Batch,
        ended: Vec<Ended>,
        also: impl FnOnce(&mut RwTxn<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut wtxn = self.meta.write()?;
        also(&mut wtxn)?;
        let finished_at = Timestamp::now();
        let mut uids = Vec::new();
        let mut files = Vec::new();
        for Ended { mut task, failure, details } in ended {
            if let Some(Work::AddDocuments { payload, .. }) = task.work.take() {
                files.push(payload);
            }
            task.batch_uid = Some(batch.uid);
            task.started_at = Some(batch.started_at);
            task.finished_at = Some(finished_at);
            task.status = match &failure {
                None => Status::Succeeded,
                Some(_) => Status::Failed,
            };
            task.error = failure.map(|failure| failure.view());
            task.details.extend(details);
            self.meta.tasks.put(&mut wtxn, &task.uid, &task)?;
            self.meta.waiting.delete(&mut wtxn, &task.uid)?;
            uids.push(task.uid);
        }
        self.prune(&mut wtxn)?;
        wtxn.commit()?;
        let mut state = self.state();
        for uid in uids {
            state.waiting.remove(&uid);
        }
        state.processing = None;
        drop(state);
        self.remove_payloads(&files);
        Ok(())
    }

    /// Takes back a batch whose end could not be written, so that it is done again.
    pub fn give_back(&self) {
        self.state().processing = None;
    }

    /// Forgets the oldest finished tasks once there are more than the settings allow.
    fn prune(&self, wtxn: &mut RwTxn<'_>) -> Result<()> {
        let count = self.meta.tasks.len(wtxn)?;
        if count <= self.max_tasks {
            return Ok(());
        }
        // A tenth more, so that this is not done at every task.
        let surplus = count - self.max_tasks + self.max_tasks / 10;
        let mut old = Vec::new();
        for item in self.meta.tasks.iter(wtxn)? {
            let (uid, task) = item?;
            if task.finished_at.is_some() {
                old.push(uid);
            }
            if old.len() as u64 >= surplus {
                break;
            }
        }
        for uid in old {
            self.meta.tasks.delete(wtxn, &uid)?;
        }
        Ok(())
    }

    /// Cancels waiting tasks on behalf of the task `by`; says how many matched and how many were canceled.
    pub fn cancel(&self, by: u32, filter: &TaskFilter) -> Result<(usize, usize)> {
        let mut wtxn = self.meta.write()?;
        let waiting: Vec<u32> = self.state().waiting.keys().copied().collect();
        let matching = self.matching_uids(filter)?.len();
        let mut canceled = Vec::new();
        let mut files = Vec::new();
        for uid in waiting.into_iter().filter(|uid| *uid < by) {
            let Some(mut task) = self.meta.tasks.get(&wtxn, &uid)? else {
                continue;
            };
            if !filter.matches(&task) {
                continue;
            }
            if let Some(Work::AddDocuments { payload, .. }) = task.work.take() {
                files.push(payload);
            }
            task.status = Status::Canceled;
            task.canceled_by = Some(by);
            task.finished_at = Some(Timestamp::now());
            self.meta.tasks.put(&mut wtxn, &uid, &task)?;
            self.meta.waiting.delete(&mut wtxn, &uid)?;
            canceled.push(uid);
        }
        wtxn.commit()?;
        let mut state = self.state();
        for uid in &canceled {
            state.waiting.remove(uid);
        }
        drop(state);
        self.remove_payloads(&files);
        Ok((matching, canceled.len()))
    }

    /// Forgets finished tasks; says how many matched and how many were forgotten.
    pub fn forget(&self, filter: &TaskFilter) -> Result<(usize, usize)> {
        let matching = self.matching_uids(filter)?;
        let mut wtxn = self.meta.write()?;
        let mut forgotten = 0;
        for uid in &matching {
            let task = self.meta.tasks.get(&wtxn, uid)?;
            if task.is_some_and(|task| task.finished_at.is_some()) {
                self.meta.tasks.delete(&mut wtxn, uid)?;
                forgotten += 1;
            }
        }
        wtxn.commit()?;
        Ok((matching.len(), forgotten))
    }

    /// Whether a batch of this index is being done.
    pub fn is_indexing(&self, index_uid: &str) -> bool {
        let state = self.state();
        let Some(uid) = state.processing.as_ref().and_then(|batch| batch.uids.first()) else {
            return false;
        };
        let brief = state.waiting.get(uid);
        brief.is_some_and(|brief| brief.index.as_deref() == Some(index_uid))
    }

    /// No further batch is taken.
    pub fn stop(&self) {
        self.state().stopping = true;
        self.wake.notify_all();
    }

    fn remove_payloads(&self, files: &[String]) {
        for file in files {
            if let Err(error) = fs::remove_file(self.payloads.join(file)) {
                // Harmless: the next start removes it.
                tracing::warn!(file, %error, "a payload that is done could not be removed");
            }
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn brief(task: &Task) -> Brief {
    let addition = match &task.work {
        Some(Work::AddDocuments { method, primary_key, bytes, may_create, .. }) => {
            Some(Addition { method: *method, primary_key: primary_key.clone(), may_create: *may_create, bytes: *bytes })
        }
        _ => None,
    };
    let urgent = matches!(&task.work, Some(Work::CancelTasks(_) | Work::DeleteTasks(_)));
    let barrier = matches!(&task.work, Some(Work::SwapIndexes(_)));
    Brief { index: task.index_uid.clone(), addition, barrier, urgent }
}
