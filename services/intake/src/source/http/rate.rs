//! How many requests one sender, or one address, may make: a bucket each, in bounded memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most senders and addresses that are told apart; beyond them those that come share one bucket.
const MOST: usize = 10_000;
const MINUTE: Duration = Duration::from_secs(60);

/// Whom a request counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// A valid token's hash.
    Sender([u8; 32]),
    /// An address without one.
    Address(IpAddr),
    /// One of more addresses than can be told apart.
    Others,
}

impl Who {
    /// By address; of IPv6 only the network, since whoever has one has all its addresses.
    pub fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            short => short,
        })
    }
}

/// Buckets that hold a minute's requests and fill evenly (the generic cell rate algorithm: only the moment is kept at which
/// a bucket is full again).
#[derive(Debug)]
pub struct Rate {
    each: Duration,
    full: Mutex<HashMap<Who, Instant>>,
}

impl Rate {
    /// So many requests a minute.
    pub fn new(per_minute: u32) -> Self {
        Self { each: MINUTE / per_minute.max(1), full: Mutex::default() }
    }

    /// Takes one request out of a bucket.
    ///
    /// # Errors
    /// How long until there is one again.
    pub fn take(&self, who: Who, now: Instant) -> Result<(), Duration> {
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        if full.len() >= MOST && !full.contains_key(&who) {
            full.retain(|_, at| *at > now);
        }
        let who = if full.len() >= MOST && !full.contains_key(&who) { Who::Others } else { who };
        let at = full.get(&who).copied().filter(|at| *at > now).unwrap_or(now) + self.each;
        match (at - now).checked_sub(MINUTE) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                full.insert(who, at);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> Who {
        Who::at(IpAddr::V4(number.into()))
    }

    #[test]
    fn a_minutes_requests_go_at_once_and_then_they_are_spread() {
        let (rate, now) = (Rate::new(60), Instant::now());
        let one = address(1);
        assert!((0..60).all(|_| rate.take(one, now).is_ok()));
        let wait = rate.take(one, now).unwrap_err();
        assert_eq!(wait, Duration::from_secs(1));
        assert!(rate.take(address(2), now).is_ok(), "another has a bucket of its own");
        let later = now + wait;
        assert!(rate.take(one, later).is_ok() && rate.take(one, later).is_err());
        let much_later = now + Duration::from_secs(600);
        assert_eq!((0..100).filter(|_| rate.take(one, much_later).is_ok()).count(), 60, "no more than a minute's");
    }

    #[test]
    fn addresses_without_number_take_no_more_memory_and_share_a_bucket() {
        let (rate, now) = (Rate::new(10), Instant::now());
        let passed = (0..100_000).filter(|number| rate.take(address(*number), now).is_ok()).count();
        assert_eq!(passed, MOST + 10, "one each, and what the shared bucket lets through");
        assert!(rate.full.lock().unwrap().len() <= MOST + 1);
        let later = now + Duration::from_secs(61);
        assert!(rate.take(address(200_000), later).is_ok());
        assert_eq!(rate.full.lock().unwrap().len(), 1, "full buckets are forgotten");
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_a_mapped_one_is_its_ipv4() {
        let at = |text: &str| Who::at(text.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:1"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
    }
}
