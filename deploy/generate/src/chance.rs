//! Everything that is drawn at random, from one seed.

use std::collections::HashMap;

use fastrand::Rng;

/// A source of choices; the same seed makes the same choices on every machine.
///
/// It remembers what [`Chance::fresh`] has given, so that a page that draws from one says nothing twice.
#[derive(Debug, Clone)]
pub struct Chance(Rng, HashMap<(usize, usize), Vec<usize>>);

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed), HashMap::new())
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        self.0.usize(low..=high.max(low))
    }

    /// Yes in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.0.usize(0..100) < percent
    }

    /// One of several.
    ///
    /// # Panics
    /// Where there is none.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.usize(0..of.len())]
    }

    /// One of several words.
    ///
    /// # Panics
    /// Where there is none.
    pub fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.between(0, of.len() - 1)]
    }

    /// The place of one of several that was not drawn before; nothing once all were. Each list that stands in the program is
    /// remembered by where it stands.
    pub fn fresh_place<T>(&mut self, of: &'static [T]) -> Option<usize> {
        let left = self.1.entry((of.as_ptr().addr(), of.len())).or_insert_with(|| (0..of.len()).collect());
        let at = if left.is_empty() { return None } else { self.0.usize(0..left.len()) };
        Some(left.swap_remove(at))
    }

    /// One of several words that was not drawn before.
    pub fn fresh(&mut self, of: &'static [&'static str]) -> Option<&'static str> {
        self.fresh_place(of).map(|at| of[at])
    }

    /// The place of one of several, each with its weight.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.0.usize(0..weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return at,
            }
        }
        weights.len() - 1
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        self.0.shuffle(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fresh_comes_once() {
        const WORDS: &[&str] = &["a", "b", "c"];
        let mut chance = Chance::new(1);
        let mut all: Vec<_> = (0..4).map(|_| chance.fresh(WORDS)).collect();
        all.sort_unstable();
        assert_eq!(all, [None, Some("a"), Some("b"), Some("c")]);
    }
}
