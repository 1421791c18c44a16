//! The moment at which something is killed: when a connection says certain words, before or after they are handed on.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Where a connection stands still that says the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// They are held back, and all that comes after them: for the server they were never said.
    Before,
    /// They are handed on, and the answers are held back: the client does not know.
    After,
}

/// A trap of a [`crate::proxy::Proxy`].
#[derive(Debug)]
pub struct Trap {
    words: String,
    side: Side,
    /// So many more times, and it springs.
    left: AtomicUsize,
    sprung: watch::Sender<bool>,
}

impl PartialEq for Trap {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Trap {}

impl Trap {
    /// Springs at the `nth` time, counted from 1.
    pub fn new(words: String, nth: usize, side: Side) -> Self {
        Self { words, side, left: AtomicUsize::new(nth), sprung: watch::Sender::new(false) }
    }

    /// Where it holds.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Where in `bytes` the words begin, if this is the time that counts; 0 where they began before. `tail` keeps the end of
    /// what the connection said, for words that come in two parts.
    pub fn caught(&self, tail: &mut Vec<u8>, bytes: &[u8]) -> Option<usize> {
        let words = self.words.as_bytes();
        let before = tail.len();
        tail.extend_from_slice(bytes);
        let times = tail.windows(words.len()).enumerate().filter(|(_, window)| *window == words);
        let mut found = None;
        for (at, _) in times {
            let counted = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if counted == Ok(1) {
                found = Some(at.saturating_sub(before));
                break;
            }
        }
        let keep = tail.len().min(words.len() - 1);
        tail.drain(..tail.len() - keep);
        found
    }

    /// It has sprung.
    pub fn spring(&self) {
        self.sprung.send_replace(true);
    }

    /// Waits until it has.
    pub async fn sprung(&self) {
        // The sender is this very trap.
        let _ = self.sprung.subscribe().wait_for(|sprung| *sprung).await;
    }
}
