//! Finding tasks for clients, as they are at the moment.

use super::filter::{TaskFilter, TaskPage};
use super::queue::Queue;
use super::task::{Status, Task};
use crate::error::{Failure, Result};
use milli_core::heed::types::DecodeIgnore;
use serde_json::{Value, json};
use std::ops::Bound;

impl Queue {
    /// One task as it is now.
    pub fn get(&self, uid: u32) -> Result<Task> {
        let rtxn = self.meta.read()?;
        match self.meta.tasks.get(&rtxn, &uid)? {
            Some(task) => Ok(self.as_now(task)),
            None => Err(Failure::task_not_found(uid)),
        }
    }

    /// A page of tasks, newest first unless asked otherwise.
    pub fn list(&self, page: &TaskPage) -> Result<Value> {
        let wanted = |uid: u32| match (page.from, page.reverse) {
            (None, _) => true,
            (Some(from), false) => uid <= from,
            (Some(from), true) => uid >= from,
        };
        let (mut uids, total) = if page.filter.is_open() {
            self.open_page(page)?
        } else {
            let mut uids = self.matching_uids(&page.filter)?;
            let total = uids.len() as u64;
            if !page.reverse {
                uids.reverse();
            }
            uids.retain(|uid| wanted(*uid));
            (uids, total)
        };
        let next = uids.get(page.limit).copied();
        uids.truncate(page.limit);
        let mut results = Vec::new();
        for uid in &uids {
            // One that was forgotten meanwhile is left out.
            if let Ok(task) = self.get(*uid) {
                results.push(task.view());
            }
        }
        Ok(json!({
            "results": results, "total": total, "limit": page.limit, "from": uids.first(), "next": next,
        }))
    }

    /// One more than a page of all tasks, and how many there are.
    fn open_page(&self, page: &TaskPage) -> Result<(Vec<u32>, u64)> {
        let rtxn = self.meta.read()?;
        let keys = self.meta.tasks.remap_data_type::<DecodeIgnore>();
        let most = page.limit.saturating_add(1);
        let total = keys.len(&rtxn)?;
        let mut uids = Vec::new();
        if page.reverse {
            let range = (page.from.map_or(Bound::Unbounded, Bound::Included), Bound::Unbounded);
            for item in keys.range(&rtxn, &range)?.take(most) {
                uids.push(item?.0);
            }
        } else {
            let range = (Bound::Unbounded, page.from.map_or(Bound::Unbounded, Bound::Included));
            for item in keys.rev_range(&rtxn, &range)?.take(most) {
                uids.push(item?.0);
            }
        }
        Ok((uids, total))
    }

    /// Numbers of the tasks that match now, in order. Named tasks and unfinished ones are found without a scan.
    pub(super) fn matching_uids(&self, filter: &TaskFilter) -> Result<Vec<u32>> {
        let unfinished = filter.statuses.as_ref().is_some_and(|statuses| {
            let open = |status: &Status| matches!(status, Status::Enqueued | Status::Processing);
            statuses.iter().all(open)
        });
        let mut few: Option<Vec<u32>> = match &filter.uids {
            Some(uids) => Some(uids.clone()),
            None if unfinished => Some(self.state().waiting.keys().copied().collect()),
            None => None,
        };
        let rtxn = self.meta.read()?;
        let mut matching = Vec::new();
        if let Some(uids) = &mut few {
            uids.sort_unstable();
            uids.dedup();
            for uid in uids {
                if let Some(task) = self.meta.tasks.get(&rtxn, uid)?
                    && filter.matches(&self.as_now(task))
                {
                    matching.push(*uid);
                }
            }
        } else {
            for item in self.meta.tasks.iter(&rtxn)? {
                let (uid, task) = item?;
                if filter.matches(&self.as_now(task)) {
                    matching.push(uid);
                }
            }
        }
        Ok(matching)
    }

    fn as_now(&self, mut task: Task) -> Task {
        if task.finished_at.is_none()
            && let Some(batch) = &self.state().processing
            && batch.uids.contains(&task.uid)
        {
            task.status = Status::Processing;
            task.batch_uid = Some(batch.batch_uid);
            task.started_at = Some(batch.started_at);
        }
        task
    }
}
