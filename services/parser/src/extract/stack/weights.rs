//! What each clue says for each role: the table `headings.tsv`, fitted to annotated headings (`fit/headings.py`).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Cut;
use crate::extract::clues;

/// The roles of a line, from above.
const ROLES: [&str; 4] = ["S", "K", "H", "D"];
/// The roles of two lines, one below the other.
const STEPS: [&str; 8] = ["SS", "SK", "SH", "KK", "KH", "HH", "HD", "DD"];

#[derive(Default)]
pub(super) struct Weights {
    lines: FxHashMap<String, [f32; ROLES.len()]>,
    steps: FxHashMap<String, [f32; STEPS.len()]>,
    cuts: FxHashMap<String, f32>,
}

pub(super) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let mut weights = Weights::default();
    clues::read(include_str!("../headings.tsv"), |kind, of, weight| {
        let place = |known: &[&str]| known.iter().position(|own| *own == kind);
        if let Some(role) = place(&ROLES) {
            weights.lines.entry(of.to_owned()).or_default()[role] = weight;
        } else if let Some(step) = place(&STEPS) {
            weights.steps.entry(of.to_owned()).or_default()[step] = weight;
        } else if kind == "cut" {
            weights.cuts.insert(of.to_owned(), weight);
        } else {
            return None;
        }
        Some(())
    });
    weights
});

/// What the clues of a heading's lines add up to for each role, and those of each two for each step from role to role.
pub(super) struct Sums {
    lines: Vec<[f32; ROLES.len()]>,
    steps: Vec<[f32; STEPS.len()]>,
}

fn sum<const N: usize>(table: &FxHashMap<String, [f32; N]>, clues: &[String]) -> [f32; N] {
    let mut sums = [0.0; N];
    for weights in clues.iter().filter_map(|clue| table.get(clue)) {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
    }
    sums
}

impl Sums {
    pub fn of(lines: &[Vec<String>], steps: &[Vec<String>]) -> Self {
        Self {
            lines: lines.iter().map(|clues| sum(&WEIGHTS.lines, clues)).collect(),
            steps: steps.iter().map(|clues| sum(&WEIGHTS.steps, clues)).collect(),
        }
    }

    /// What all clues say for a way to cut the lines.
    pub fn score(&self, cut: &Cut, clues: &[String]) -> f32 {
        let name = cut.name();
        let roles = (0..self.lines.len()).map(|at| &name[at..=at]);
        let steps = (0..self.steps.len()).map(|at| &name[at..at + 2]);
        let of = |known: &[&str], name: &str| known.iter().position(|own| *own == name);
        let lines: f32 = self.lines.iter().zip(roles).filter_map(|(sums, role)| Some(sums[of(&ROLES, role)?])).sum();
        let steps: f32 = self.steps.iter().zip(steps).filter_map(|(sums, step)| Some(sums[of(&STEPS, step)?])).sum();
        lines + steps + clues.iter().filter_map(|clue| WEIGHTS.cuts.get(clue)).sum::<f32>()
    }
}
