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
const SWITCH: f32 = 0.2;

/// Gives the lines another role where the articles on both sides speak against the one they have.
pub(crate) fn settle(lines: &[Line], content: &Content, all: &[Features], model: &Model, roles: &mut [(Role, f32)]) {
    for site in find(lines, content, all, model, roles) {
        let odds = if heads_a_part(&lines[site.lines.start].text, &site) { -1.0 } else { odds(&site) };
        if (odds > 0.0) != site.begins && odds.abs() > SWITCH {
            for (line, role) in roles[site.lines].iter_mut().zip(site.otherwise) {
                *line = (role, odds.abs());
            }
        }
    }
}

/// Whether a heading's own words say that a part follows: 故事二, or, where nobody signs below, 口岸：从“排队等”到“掐点走”.
fn heads_a_part(text: &str, site: &Site) -> bool {
    let signed = site.value(Clue::BylineBelow) > 0.0 || site.value(Clue::LeadBelow) > 0.0;
    let change = text.split_once([':', '：']).and_then(|(_, change)| change.strip_prefix('从'));
    numbers_part(text) || !signed && change.is_some_and(|change| change.contains('到'))
}

/// What the sequence model may at most have against a text being another article's, in log units.
const DOUBT: f32 = -6.0;

/// Whether a text shares nothing with the one above, and both are long enough to tell: too few are known to fit weights to, but
/// of 324 places that are asked in annotated pages 16 are beginnings, of which nine are found, and four others.
fn is_stray(site: &Site) -> bool {
    let holds = [Clue::SharesNothing, Clue::Above200, Clue::Below80];
    holds.into_iter().all(|clue| site.value(clue) > 0.0) && site.value(Clue::Odds) > DOUBT
}

/// The log odds that an article begins at a site.
fn odds(site: &Site) -> f32 {
    if site.sort == Sort::Stray {
        return if is_stray(site) { 1.0 } else { -1.0 };
    }
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
