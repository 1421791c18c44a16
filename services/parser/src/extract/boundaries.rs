//! Where an article begins, looked at once more. The sequence model sees a line and its neighbours; here the whole article
//! above and the one that would begin are asked ([`sites`]): whether a heading is another article's or a subhead, whether a
//! report's opening goes on with what stands above it, whether a text with a credit below it is a picture's. The weights in
//! `boundaries.tsv` are fitted to annotated pages (`fit/boundaries.py`).

mod clues;
mod page;
mod sites;

use std::sync::LazyLock;

use super::content::Content;
use super::features::{Feature, Features};
use super::grammar::marks::numbers_part;
use super::lines::Line;
use super::model::{Model, Role};

use clues::Clue;
use sites::Sort;
pub(crate) use sites::{Site, find};

/// Log odds above which the articles' word outweighs the model's.
const SWITCH: f32 = 0.3;

/// Gives the lines another role where the articles on both sides speak against the one they have.
pub(crate) fn settle(lines: &[Line], content: &Content, all: &[Features], model: &Model, roles: &mut [(Role, f32)]) {
    for site in find(lines, content, all, model, roles) {
        // 故事二 says that a part follows.
        let part = numbers_part(&lines[site.lines.start].text);
        let odds = if part { -1.0 } else { odds(&site) };
        if (odds > 0.0) != site.begins && odds.abs() > SWITCH {
            for (line, role) in roles[site.lines].iter_mut().zip(site.otherwise) {
                *line = (role, odds.abs());
            }
        }
    }
}

/// The log odds that an article begins at a site.
fn odds(site: &Site) -> f32 {
    let weights = &WEIGHTS[site.sort as usize];
    let own: f32 = site.clues.iter().map(|(clue, value)| weights.clue[*clue as usize] * value).sum();
    let of =
        |weights: &[f32], features: Features| features.iter().map(|feature| weights[feature as usize]).sum::<f32>();
    own + of(&weights.first, site.first) + of(&weights.last, site.last)
}

/// What each clue, and each feature of a site's first line and of its last, adds.
struct Weights {
    clue: Vec<f32>,
    first: Vec<f32>,
    last: Vec<f32>,
}

static WEIGHTS: LazyLock<Vec<Weights>> = LazyLock::new(|| {
    let none = |length: usize| vec![0.0; length];
    let features = Feature::ALL.len();
    let empty = |_| Weights { clue: none(Clue::ALL.len()), first: none(features), last: none(features) };
    let mut weights: Vec<Weights> = Sort::ALL.iter().map(empty).collect();
    super::clues::read(include_str!("boundaries.tsv"), |sort, of, weight| {
        let (weights, (place, name)) = (&mut weights[Sort::place(sort)?], of.split_once(' ')?);
        let cell = match place {
            "clue" => &mut weights.clue[Clue::place(name)?],
            "first" => &mut weights.first[Feature::place(name)?],
            "last" => &mut weights.last[Feature::place(name)?],
            _ => return None,
        };
        *cell = weight;
        Some(())
    });
    weights
});

#[cfg(test)]
mod tests;
