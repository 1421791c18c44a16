//! What each clue says for each role: the table `headings.tsv`, fitted to annotated headings (`fit/headings.py`).

use std::hash::Hasher;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

use crate::extract::clues;

/// The roles of a line, from above: label, kicker, headline, deck.
pub(super) const ROLES: [&str; 4] = ["S", "K", "H", "D"];
/// The roles of two lines, one below the other.
const STEPS: [&str; 8] = ["SS", "SK", "SH", "KK", "KH", "HH", "HD", "DD"];

/// What is told clues: what sort each is, and what it is of.
pub(super) trait Hear {
    /// Hears one.
    fn clue(&mut self, kind: &str, of: &str);
}

#[cfg(feature = "fitting")]
impl Hear for Vec<String> {
    fn clue(&mut self, kind: &str, of: &str) {
        self.push(if of.is_empty() { kind.to_owned() } else { format!("{kind} {of}") });
    }
}

/// Adds up what each clue says for each of several roles.
pub(super) struct Sums<const N: usize> {
    table: &'static FxHashMap<u64, [f32; N]>,
    /// The sum for each role, or each step, in the order of the table's kinds.
    pub of: [f32; N],
}

impl<const N: usize> Hear for Sums<N> {
    fn clue(&mut self, kind: &str, of: &str) {
        if let Some(weights) = self.table.get(&key(kind, of)) {
            self.of.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        }
    }
}

/// A clue in one number: of a few thousand no two are alike, as a test says.
fn key(kind: &str, of: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(kind.as_bytes());
    hasher.write_u8(b' ');
    hasher.write(of.as_bytes());
    hasher.finish()
}

#[derive(Default)]
struct Weights {
    lines: FxHashMap<u64, [f32; ROLES.len()]>,
    steps: FxHashMap<u64, [f32; STEPS.len()]>,
    cuts: FxHashMap<u64, [f32; 1]>,
}

const TABLE: &str = include_str!("../headings.tsv");

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights::default();
    clues::read(TABLE, |role, clue, weight| {
        let (kind, of) = clue.split_once(' ').unwrap_or((clue, ""));
        let (key, place) = (key(kind, of), |known: &[&str]| known.iter().position(|own| *own == role));
        if let Some(at) = place(&ROLES) {
            weights.lines.entry(key).or_default()[at] = weight;
        } else if let Some(at) = place(&STEPS) {
            weights.steps.entry(key).or_default()[at] = weight;
        } else if role == "cut" {
            weights.cuts.insert(key, [weight]);
        } else {
            return None;
        }
        Some(())
    });
    weights
});

/// For a line's clues.
pub(super) fn of_line() -> Sums<{ ROLES.len() }> {
    Sums { table: &WEIGHTS.lines, of: [0.0; ROLES.len()] }
}

/// For the clues of two lines.
pub(super) fn of_step() -> Sums<{ STEPS.len() }> {
    Sums { table: &WEIGHTS.steps, of: [0.0; STEPS.len()] }
}

/// For the clues of a way to cut a heading.
pub(super) fn of_cut() -> Sums<1> {
    Sums { table: &WEIGHTS.cuts, of: [0.0] }
}

/// Where the step from the role at one place in [`ROLES`] to that at another stands in [`STEPS`]: a headline comes before a deck.
pub(super) fn step_at(above: usize, below: usize) -> usize {
    match (above, below) {
        (0, 0) => 0,
        (0, 1) => 1,
        (0, _) => 2,
        (1, 1) => 3,
        (1, _) => 4,
        (2, 2) => 5,
        (2, _) => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_step_stands_where_its_name_does() {
        for (at, step) in STEPS.iter().enumerate() {
            let place = |from: usize| ROLES.iter().position(|role| *role == &step[from..=from]).unwrap();
            assert_eq!(step_at(place(0), place(1)), at, "{step}");
        }
    }

    #[test]
    fn no_two_clues_are_one_number() {
        let (mut clues, mut keys) = (HashSet::new(), HashSet::new());
        for row in TABLE.lines() {
            let clue = row.split_once('\t').and_then(|(name, _)| name.split_once(' ')).unwrap().1;
            let (kind, of) = clue.split_once(' ').unwrap_or((clue, ""));
            if clues.insert(clue) {
                assert!(keys.insert(key(kind, of)), "{clue}");
            }
        }
    }
}
