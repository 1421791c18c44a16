//! Pages of other dailies and other tools: how many of their articles come out right. Not all do; this holds the line.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;

use std::path::{Path, PathBuf};

use common::{bare, json, read, strings};
use contract::Article;
use serde_json::Value;

/// Of all articles with a headline, the share whose headline and names are exactly right. Raise it when it rises.
const RIGHT: f64 = 0.93;

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

#[test]
fn headline_and_names_are_right_on_most_pages_of_many_kinds() {
    let (mut all, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(pages().join("gold")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let found = read(&pages().join("issues").join(format!("{name}.txt"))).unwrap();
        for wanted in json(&path)["articles"].as_array().unwrap() {
            let Some(headline) = wanted["headline"].as_str() else { continue };
            all += 1;
            if !found.articles.iter().any(|article| is(article, headline, wanted)) {
                wrong.push(format!("{name}: {headline}"));
            }
        }
    }
    assert!(all > 150, "only {all} articles in the gold");
    let right = 1.0 - wrong.len() as f64 / f64::from(all);
    assert!(right >= RIGHT, "{right:.3} of {all}, wrong: {wrong:#?}");
}

fn is(article: &Article, headline: &str, wanted: &Value) -> bool {
    let mut headlines = strings(&wanted["headline_alt"]);
    headlines.insert(headline.to_owned());
    let names = strings(&wanted["authors"]).union(&strings(&wanted["photographers"])).cloned().collect();
    let same = |text: &str| headlines.iter().any(|headline| bare(headline) == bare(text));
    article.headline.as_deref().is_some_and(same)
        && article.byline.iter().map(|by| by.name.clone()).collect::<std::collections::BTreeSet<_>>() == names
}
