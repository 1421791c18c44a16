//! What is measured, and how it adds up.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// Between 0 and 1.
    Value(f64),
    /// So many of so many.
    Share(usize, usize),
    /// How often something happened.
    Count(usize),
}

/// The figures of one page. Higher is better, except for `leaked`, `repeats` and `extra`.
///
/// | figure | says |
/// | --- | --- |
/// | `segmentation_f1` | B-cubed F1 over body lines, weighted by characters: is each line in the right article |
/// | `perfect` | articles whose body (character F1 ≥ 0.98), headline and names are all right |
/// | `headline` … `joins` | how often that part is right, where the gold has it |
/// | `leaked` | furniture found inside an article |
/// | `repeats` | looped lines left in a body |
/// | `extra` | articles that match none of the gold |
/// | `metadata` | facts of the masthead that are right |
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    pub(super) all: Vec<(&'static str, Figure)>,
    /// For each article that is not perfect: what is wrong with it.
    pub missed: Vec<String>,
    /// Which articles of the gold those are.
    pub missed_at: Vec<usize>,
    /// Which of the extracted articles are perfect.
    pub right: Vec<usize>,
}

impl Figures {
    /// The figures in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Figure)> + '_ {
        self.all.iter().copied()
    }

    /// One figure as a number: its value, its share, its count.
    ///
    /// A share of none is 1: nothing was wrong. `None`: there is no such figure.
    pub fn get(&self, name: &str) -> Option<f64> {
        let (_, figure) = self.all.iter().find(|(known, _)| *known == name)?;
        Some(match *figure {
            Figure::Value(value) => value,
            Figure::Share(_, 0) => 1.0,
            Figure::Share(right, all) => right as f64 / all as f64,
            Figure::Count(count) => count as f64,
        })
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.all.len() + 1))?;
        for (name, figure) in &self.all {
            map.serialize_entry(name, figure)?;
        }
        map.serialize_entry("missed", &self.missed)?;
        map.end()
    }
}
