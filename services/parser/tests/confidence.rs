//! What `confidence` is worth: of the articles it calls sure nearly all are right, of those it doubts many are wrong; on
//! annotated pages, which the model was fitted to and where little is wrong, and on generated ones.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;

use std::path::Path;

use common::read;
use common::text::extraction;
use parser::Extraction;
use parser::evaluate::{Gold, score};

/// From here on an article is called sure, and below this it is doubted.
const SURE: f64 = 0.9;
const DOUBTED: f64 = 0.5;
/// Generated pages that are looked at.
const PAGES: u64 = 300;

/// The confidence of each article, and whether it was right.
#[derive(Debug, Default)]
struct Seen(Vec<(f64, bool)>);

impl Seen {
    fn add(&mut self, gold: &Gold, text: &str, found: &Extraction) {
        let lines: Vec<&str> = text.split('\n').collect();
        let right = score(gold, &lines, &found.articles).right;
        self.0.extend(found.articles.iter().enumerate().map(|(at, a)| (a.confidence, right.contains(&at))));
    }

    /// The share of right ones among those whose confidence lies in a range, and how many those are.
    fn right(&self, from: f64, to: f64) -> (f64, usize) {
        let band: Vec<bool> = self.0.iter().filter(|(c, _)| (from..to).contains(c)).map(|(_, right)| *right).collect();
        (band.iter().filter(|right| **right).count() as f64 / band.len().max(1) as f64, band.len())
    }

    fn table(&self) -> Vec<(f64, (f64, usize))> {
        (0..10).map(|band| f64::from(band) / 10.0).map(|from| (from, self.right(from, from + 0.1))).collect()
    }
}

#[test]
fn the_sure_are_right_on_annotated_pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut seen = Seen::default();
    for entry in std::fs::read_dir(pages.join("gold")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let gold = Gold::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let issue = pages.join("issues").join(format!("{name}.txt"));
        let text = parser::text_of(&std::fs::read(&issue).unwrap(), None).unwrap();
        seen.add(&gold, &text, &read(&issue).unwrap());
    }
    assert!(seen.right(SURE, 1.01).0 >= 0.92, "{:?}", seen.table());
    let (right, doubted) = seen.right(0.0, DOUBTED);
    assert!(right <= 0.5 && doubted <= 30, "{:?}", seen.table());
}

#[test]
fn the_doubted_are_mostly_wrong_on_generated_pages() {
    let mut seen = Seen::default();
    for seed in 0..PAGES {
        let page = generate::page(seed);
        let gold: Gold = serde_json::from_value(serde_json::to_value(&page.truth).unwrap()).unwrap();
        seen.add(&gold, &page.text, &extraction(page.text.as_bytes()).unwrap());
    }
    let (right, doubted) = seen.right(0.0, DOUBTED);
    assert!(right <= 0.25 && doubted >= 20, "{:?}", seen.table());
    assert!(seen.right(SURE, 1.01).0 >= 0.92, "{:?}", seen.table());
    // What is neither lies between.
    assert!(seen.right(DOUBTED, SURE).0 < seen.right(SURE, 1.01).0, "{:?}", seen.table());
}
