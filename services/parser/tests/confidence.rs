//! What `confidence` is worth: of the articles it calls sure nearly all are right, of those it doubts far fewer.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;
mod gold;

use std::collections::BTreeSet;
use std::path::Path;

use common::read;
use contract::Article;
use gold::{bare, json};
use serde_json::Value;

/// From here on an article is called sure, and the share of these that must be right.
const SURE: f64 = 0.9;
const RIGHT_AMONG_SURE: f64 = 0.97;
/// Below this an article is doubted, and the share of these that may be right.
const DOUBTED: f64 = 0.5;
const RIGHT_AMONG_DOUBTED: f64 = 0.5;

#[test]
fn the_sure_are_right_and_the_doubted_often_wrong() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen: Vec<(f64, bool)> = Vec::new();
    for entry in std::fs::read_dir(pages.join("gold")).unwrap() {
        let gold = entry.unwrap().path();
        let name = gold.file_stem().unwrap().to_string_lossy().into_owned();
        let wanted = json(&gold)["articles"].as_array().unwrap().clone();
        for article in read(&pages.join("issues").join(format!("{name}.txt"))).unwrap().articles {
            // What heads nothing is judged by its body, which the gold has by line only.
            if article.headline.is_some() {
                seen.push((article.confidence, wanted.iter().any(|wanted| is(&article, wanted))));
            }
        }
    }
    let share = |from: f64, to: f64| {
        let band: Vec<bool> = seen.iter().filter(|(c, _)| (from..to).contains(c)).map(|(_, right)| *right).collect();
        band.iter().filter(|right| **right).count() as f64 / band.len().max(1) as f64
    };
    let table: Vec<_> = (0..10).map(|band| f64::from(band) / 10.0).map(|c| (c, share(c, c + 0.1))).collect();
    assert!(share(SURE, 1.01) >= RIGHT_AMONG_SURE, "{table:?}");
    assert!(share(0.0, DOUBTED) <= RIGHT_AMONG_DOUBTED, "{table:?}");
}

fn is(article: &Article, wanted: &Value) -> bool {
    let mut headlines = strings(&wanted["headline_alt"]);
    headlines.extend(wanted["headline"].as_str().map(str::to_owned));
    let names: BTreeSet<String> =
        strings(&wanted["authors"]).union(&strings(&wanted["photographers"])).cloned().collect();
    let found = article.byline.iter().map(|by| by.name.clone()).collect();
    let headline = article.headline.as_deref().map(bare);
    names == found && headlines.iter().any(|wanted| Some(bare(wanted)) == headline)
}

fn strings(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
