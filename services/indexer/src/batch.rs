//! Collects documents into batches: bounded in count, bytes and time. Pure; the clock is passed in.
//!
//! Within one batch a document stands once. When it comes twice, the later one stays, and everyone who waits for either of
//! the two is answered together.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::document::Document;

/// When a batch is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Documents, at least 1.
    pub count: usize,
    /// Bytes of JSON. A single document over it makes a batch of its own.
    pub bytes: usize,
    /// Time after the first document.
    pub wait: Duration,
}

/// A document and those who wait to hear of it.
#[derive(Debug)]
pub struct Entry<W> {
    /// As it came last.
    pub document: Document,
    /// Who waits.
    pub waiters: Vec<W>,
}

/// A closed batch, in the order of arrival.
#[derive(Debug)]
pub struct Batch<W> {
    /// Its documents, each id once.
    pub entries: Vec<Entry<W>>,
    /// Their JSON together.
    pub bytes: usize,
}

/// Collects one batch after the other.
#[derive(Debug)]
pub struct Collector<W> {
    limits: Limits,
    entries: Vec<Entry<W>>,
    places: HashMap<String, usize>,
    bytes: usize,
    first: Option<Instant>,
}

impl<W> Collector<W> {
    /// An empty collector.
    pub fn new(limits: Limits) -> Self {
        Self { limits, entries: Vec::new(), places: HashMap::new(), bytes: 0, first: None }
    }

    /// Takes a document in. Gives back the batch before it when there is no room left for this one.
    pub fn add(&mut self, document: Document, waiter: W, now: Instant) -> Option<Batch<W>> {
        let known = self.places.get(&document.id).copied();
        let replaced = known.map_or(0, |place| self.entries[place].document.json.len());
        let full_count = known.is_none() && self.entries.len() >= self.limits.count;
        let full_bytes = self.bytes - replaced + document.json.len() > self.limits.bytes;
        if (full_count || full_bytes) && !self.entries.is_empty() {
            let closed = self.take();
            self.insert(document, waiter, now);
            return closed;
        }
        match known {
            Some(place) => {
                let entry = &mut self.entries[place];
                entry.waiters.push(waiter);
                self.bytes = self.bytes - replaced + document.json.len();
                entry.document = document;
            }
            None => self.insert(document, waiter, now),
        }
        None
    }

    fn insert(&mut self, document: Document, waiter: W, now: Instant) {
        self.first.get_or_insert(now);
        self.bytes += document.json.len();
        self.places.insert(document.id.clone(), self.entries.len());
        self.entries.push(Entry { waiters: vec![waiter], document });
    }

    /// When the batch should go, at the latest: at once if it is full. `None` while it is empty.
    pub fn due(&self) -> Option<Instant> {
        let first = self.first?;
        let full = self.entries.len() >= self.limits.count || self.bytes >= self.limits.bytes;
        Some(if full { first } else { first + self.limits.wait })
    }

    /// Closes the batch, if there is anything in it.
    pub fn take(&mut self) -> Option<Batch<W>> {
        if self.entries.is_empty() {
            return None;
        }
        self.first = None;
        self.places.clear();
        Some(Batch { entries: std::mem::take(&mut self.entries), bytes: std::mem::take(&mut self.bytes) })
    }

    /// Documents collected so far.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was collected.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use contract::{ArticleId, IssueId};
    use proptest::prelude::*;

    fn document(article: u32, revision: u64, bytes: usize) -> Document {
        let issue = IssueId::of(b"issue");
        let article = ArticleId::of(&issue, "", article);
        Document {
            id: crate::document::id_of(&article, revision),
            article,
            issue,
            revision,
            json: Bytes::from(vec![b'x'; bytes]),
            cut: false,
        }
    }

    fn collector(count: usize, bytes: usize) -> Collector<usize> {
        Collector::new(Limits { count, bytes, wait: Duration::from_millis(200) })
    }

    #[test]
    fn a_batch_is_due_its_wait_after_the_first_document_and_at_once_when_full() {
        let now = Instant::now();
        let mut collector = collector(2, 1_000);
        assert_eq!(collector.due(), None);
        collector.add(document(1, 1, 10), 0, now);
        assert_eq!(collector.due(), Some(now + Duration::from_millis(200)));
        collector.add(document(2, 1, 10), 1, now + Duration::from_millis(50));
        assert_eq!(collector.due(), Some(now));
        assert!(collector.take().is_some());
        assert_eq!(collector.due(), None);
        assert!(collector.take().is_none());
    }

    #[test]
    fn of_one_document_twice_the_later_stays_both_are_answered_and_another_revision_is_another_document() {
        let mut collector = collector(10, 1_000);
        for (waiter, (revision, bytes)) in [(1, 10), (2, 30), (1, 20)].into_iter().enumerate() {
            collector.add(document(1, revision, bytes), waiter, Instant::now());
        }
        let batch = collector.take().unwrap();
        let seen: Vec<_> = batch.entries.iter().map(|entry| (entry.document.json.len(), &entry.waiters[..])).collect();
        assert_eq!(seen, [(20, &[0, 2][..]), (30, &[1][..])]);
        assert_eq!(batch.bytes, 50);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_doubled_and_no_batch_is_over_its_bounds(
            arrivals in proptest::collection::vec((0u32..12, 1u64..4, 1usize..120, any::<bool>()), 0..80),
            count in 1usize..8,
            bytes in 1usize..200,
        ) {
            let mut collector = collector(count, bytes);
            let mut batches = Vec::new();
            for (waiter, (article, revision, size, flush)) in arrivals.iter().copied().enumerate() {
                batches.extend(collector.add(document(article, revision, size), waiter, Instant::now()));
                if flush {
                    batches.extend(collector.take());
                }
            }
            batches.extend(collector.take());
            let mut answered: Vec<usize> = Vec::new();
            let mut firsts = Vec::new();
            for batch in &batches {
                let mut ids: Vec<&String> = batch.entries.iter().map(|entry| &entry.document.id).collect();
                ids.sort();
                ids.dedup();
                prop_assert_eq!(ids.len(), batch.entries.len());
                prop_assert!(batch.entries.len() <= count);
                let sum: usize = batch.entries.iter().map(|entry| entry.document.json.len()).sum();
                prop_assert_eq!(sum, batch.bytes);
                prop_assert!(sum <= bytes || batch.entries.len() == 1);
                for entry in &batch.entries {
                    firsts.push(entry.waiters[0]);
                    answered.extend(&entry.waiters);
                }
            }
            prop_assert!(firsts.is_sorted());
            answered.sort_unstable();
            prop_assert_eq!(answered, (0..arrivals.len()).collect::<Vec<_>>());
        }
    }
}
