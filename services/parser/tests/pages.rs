//! Pages of other dailies and other tools: how many of their articles come out right. Not all do; this holds the line.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

use std::path::Path;

use parser::evaluate;

/// What is reached, less than an article's worth below it. Raise it when it rises.
const HELD: [(&str, f64); 5] =
    [("segmentation_f1", 0.96), ("perfect", 0.83), ("headline", 0.90), ("names", 0.93), ("dateline", 0.90)];

#[test]
fn most_articles_are_right_on_pages_of_many_kinds() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let report = evaluate::folder(&pages.join("gold"), &pages.join("issues")).unwrap();
    let total = report.total();
    for (figure, bar) in HELD {
        let reached = total.get(figure).unwrap();
        assert!(reached >= bar, "{figure} {reached:.4}, held {bar}\n{report}");
    }
}
