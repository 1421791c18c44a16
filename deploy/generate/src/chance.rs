//! Everything that is drawn at random, from one seed.

use fastrand::Rng;

/// A source of choices; the same seed makes the same choices on every machine.
#[derive(Debug, Clone)]
pub struct Chance(Rng);

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
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
