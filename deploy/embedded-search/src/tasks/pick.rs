//! Which waiting tasks are done next, and together.

use crate::engine::write::Method;
use std::collections::BTreeMap;

/// What choosing needs to know of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The index it is about.
    pub index: Option<String>,
    /// Set for additions of documents.
    pub addition: Option<Addition>,
    /// About several indexes: what comes later waits for it.
    pub barrier: bool,
    /// About other tasks: goes before everything else, or it would come too late.
    pub urgent: bool,
}

/// An addition of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// What happens to documents that are there.
    pub method: Method,
    /// The identifying field, if named.
    pub primary_key: Option<String>,
    /// Whether their index may be made for them.
    pub may_create: bool,
    /// Size of the payload.
    pub bytes: u64,
}

/// The next batch, in order: one task, or additions of the same kind to the same index that have no other task of
/// that index, and no task about several indexes, between them.
pub fn next(waiting: &BTreeMap<u32, Brief>, max_tasks: usize, max_bytes: u64) -> Vec<u32> {
    if let Some((uid, _)) = waiting.iter().find(|(_, task)| task.urgent) {
        return vec![*uid];
    }
    let mut tasks = waiting.iter();
    let Some((first_uid, first)) = tasks.next() else {
        return Vec::new();
    };
    let mut batch = vec![*first_uid];
    let Some(first_addition) = &first.addition else {
        return batch;
    };
    let mut bytes = first_addition.bytes;
    for (uid, task) in tasks {
        if task.barrier {
            break;
        }
        if task.index != first.index {
            continue;
        }
        let Some(addition) = &task.addition else {
            break;
        };
        bytes = bytes.saturating_add(addition.bytes);
        let same = addition.method == first_addition.method
            && addition.primary_key == first_addition.primary_key
            && addition.may_create == first_addition.may_create;
        if !same || batch.len() >= max_tasks || bytes > max_bytes {
            break;
        }
        batch.push(*uid);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addition(index: &str, method: Method) -> Brief {
        Brief {
            index: Some(index.to_owned()),
            addition: Some(Addition { method, primary_key: None, may_create: true, bytes: 10 }),
            barrier: false,
            urgent: false,
        }
    }

    fn other(index: &str) -> Brief {
        Brief { addition: None, ..addition(index, Method::Replace) }
    }

    fn waiting(tasks: &[Brief]) -> BTreeMap<u32, Brief> {
        (0..).zip(tasks.iter().cloned()).collect()
    }

    #[test]
    fn additions_go_together_up_to_the_next_other_task_of_their_index() {
        let tasks = waiting(&[
            addition("甲", Method::Replace),
            other("乙"),
            addition("甲", Method::Replace),
            other("甲"),
            addition("甲", Method::Replace),
        ]);
        assert_eq!(next(&tasks, 10, 1000), [0, 2]);
    }

    #[test]
    fn counts_bytes_and_kinds_bound_a_batch() {
        let same = waiting(&vec![addition("甲", Method::Update); 5]);
        assert_eq!(next(&same, 3, 1000).len(), 3);
        assert_eq!(next(&same, 10, 25).len(), 2);
        assert_eq!(next(&same, 10, 1).len(), 1);
        let mixed = waiting(&[addition("甲", Method::Update), addition("甲", Method::Replace)]);
        assert_eq!(next(&mixed, 10, 1000), [0]);
    }

    #[test]
    fn nothing_is_done_ahead_of_a_swap() {
        let swap = Brief { index: None, barrier: true, ..other("甲") };
        let tasks = waiting(&[addition("甲", Method::Replace), swap, addition("甲", Method::Replace)]);
        assert_eq!(next(&tasks, 10, 1000), [0]);
    }

    #[test]
    fn tasks_about_tasks_go_first() {
        let mut tasks = waiting(&[addition("甲", Method::Update), other("乙")]);
        tasks.get_mut(&1).unwrap().urgent = true;
        assert_eq!(next(&tasks, 10, 1000), [1]);
        assert!(next(&BTreeMap::new(), 10, 1000).is_empty());
    }

    proptest! {
        #[test]
        fn every_task_is_done_once_and_in_the_order_of_its_index(
            kinds in proptest::collection::vec((0..3usize, any::<bool>()), 0..40),
        ) {
            let names = ["甲", "乙", "丙"];
            let tasks: Vec<_> = kinds
                .iter()
                .map(|(index, adds)| if *adds { addition(names[*index], Method::Replace) } else { other(names[*index]) })
                .collect();
            let mut left = waiting(&tasks);
            let mut done: BTreeMap<Option<String>, Vec<u32>> = BTreeMap::new();
            while !left.is_empty() {
                let batch = next(&left, 4, 1000);
                prop_assert!(!batch.is_empty());
                for uid in batch {
                    let task = left.remove(&uid).unwrap();
                    done.entry(task.index).or_default().push(uid);
                }
            }
            prop_assert_eq!(done.values().map(Vec::len).sum::<usize>(), tasks.len());
            for order in done.values() {
                prop_assert!(order.is_sorted());
            }
        }
    }
}
