//! Places for bodies in memory, and for connections: so many in all, of which one sender or address has only some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rate::Who;

/// Places for a body each.
#[derive(Debug)]
pub struct Places {
    all: Arc<Semaphore>,
    each: usize,
    /// Of those that have or want a place now.
    of: Mutex<HashMap<Who, Weak<Semaphore>>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _all: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
    /// Keeps the sender's places in the table.
    _of: Arc<Semaphore>,
}

impl Places {
    /// So many in all; one sender has at most half of them, so that it cannot keep all others out.
    pub fn new(all: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), each: all.div_ceil(2), of: Mutex::default() }
    }

    /// Waits for a place.
    pub async fn take(&self, who: Who) -> Option<Place> {
        let of = self.of(who);
        let own = Arc::clone(&of).acquire_owned().await.ok()?;
        let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Place { _all: all, _own: own, _of: of })
    }

    fn of(&self, who: Who) -> Arc<Semaphore> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = of.get(&who).and_then(Weak::upgrade) {
            return known;
        }
        // Those that are left wait or work, so there are no more than connections.
        of.retain(|_, places| places.strong_count() > 0);
        let made = Arc::new(Semaphore::new(self.each));
        of.insert(who, Arc::downgrade(&made));
        made
    }
}

/// Connections of each address.
#[derive(Debug, Clone)]
pub struct Addresses {
    most: usize,
    open: Arc<Mutex<HashMap<Who, usize>>>,
}

/// A connection of an address, until it is dropped.
#[derive(Debug)]
pub struct Open {
    who: Who,
    of: Addresses,
}

impl Addresses {
    /// So many each.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// One more, if the address has not all already.
    pub fn open(&self, who: Who) -> Option<Open> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(who).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Open { who, of: self.clone() })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.of.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn who(number: u8) -> Who {
        Who::Sender([number; 32])
    }

    #[test]
    fn one_sender_has_half_of_the_places_and_gives_them_back() {
        let places = Places::new(3);
        let take = |number| places.take(who(number)).now_or_never().flatten();
        let held = (take(1).unwrap(), take(1).unwrap());
        assert!(take(1).is_none(), "half of three is two");
        let other = take(2).unwrap();
        assert!(take(3).is_none(), "all are taken");
        drop(held);
        assert!(take(1).is_some() && take(3).is_some());
        drop(other);
        assert!(take(4).is_some());
        assert_eq!(places.of.lock().unwrap().len(), 1, "who has none is forgotten");
        assert!(Places::new(1).take(who(1)).now_or_never().flatten().is_some());
    }

    #[test]
    fn an_address_has_so_many_connections() {
        let addresses = Addresses::new(2);
        let (one, two) = (addresses.open(who(1)).unwrap(), addresses.open(who(1)).unwrap());
        assert!(addresses.open(who(1)).is_none() && addresses.open(who(2)).is_some());
        drop(one);
        assert!(addresses.open(who(1)).is_some());
        drop(two);
        assert!(addresses.open.lock().unwrap().is_empty());
    }
}
