//! The figures of many pages, to read or to compute with.

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::figures::{Figure, Figures};

/// The figures of many pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    pages: Vec<(String, Figures)>,
}

impl Report {
    /// Adds a page.
    pub fn add(&mut self, name: impl Into<String>, figures: Figures) {
        self.pages.push((name.into(), figures));
    }

    /// All pages together: shares and counts are summed, values averaged.
    pub fn total(&self) -> Figures {
        let mut total: Vec<(&'static str, Figure)> = Vec::new();
        for (name, figure) in self.pages.iter().flat_map(|(_, figures)| figures.iter()) {
            match total.iter_mut().find(|(known, _)| *known == name) {
                None => total.push((name, figure)),
                Some((_, sum)) => *sum = add(*sum, figure),
            }
        }
        for (_, figure) in &mut total {
            if let Figure::Value(value) = figure {
                *value /= self.pages.len() as f64;
            }
        }
        Figures { all: total, ..Figures::default() }
    }

    /// What was missed, each with its page.
    pub fn missed(&self) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.pages
            .iter()
            .flat_map(|(name, figures)| figures.missed.iter().map(move |miss| (name.as_str(), miss.as_str())))
    }
}

fn add(a: Figure, b: Figure) -> Figure {
    match (a, b) {
        (Figure::Value(a), Figure::Value(b)) => Figure::Value(a + b),
        (Figure::Share(a, n), Figure::Share(b, m)) => Figure::Share(a + b, n + m),
        (Figure::Count(a), Figure::Count(b)) => Figure::Count(a + b),
        // One name is one kind of figure.
        (a, _) => a,
    }
}

/// A line for each page, one for each article that is not perfect, and the sum at the end.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, figures) in &self.pages {
            let segmentation = figures.get("segmentation_f1").unwrap_or_default();
            write!(f, "{name}: segmentation_f1 {segmentation:.3}")?;
            for (part, figure) in figures.iter() {
                if let ("perfect", Figure::Share(right, all)) = (part, figure) {
                    write!(f, "  perfect {right}/{all}")?;
                }
            }
            writeln!(f)?;
            for miss in &figures.missed {
                writeln!(f, "   missed: {miss}")?;
            }
        }
        write!(f, "ALL")?;
        for (name, figure) in self.total().iter() {
            match figure {
                Figure::Value(value) => write!(f, "  {name} {value:.3}")?,
                Figure::Count(count) => write!(f, "  {name} {count}")?,
                Figure::Share(_, 0) => {}
                Figure::Share(right, all) => write!(f, "  {name} {:.3} ({right}/{all})", right as f64 / all as f64)?,
            }
        }
        writeln!(f)
    }
}

/// Page by page, as `{"name": {"segmentation_f1": …, "perfect": [right, all], …, "missed": […]}}`.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.pages.len()))?;
        for (name, figures) in &self.pages {
            map.serialize_entry(name, figures)?;
        }
        map.end()
    }
}
