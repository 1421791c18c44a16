//! Pages of other dailies and other tools: how many of their articles come out right. Not all do; this holds the line.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

use std::path::Path;

use parser::evaluate;

/// What is reached, less than an article's worth below it. Raise it when it rises. Some fell, by a hundredth
/// at most among the fitted, when the weights were fitted to a daily's archive as well (README, decisions), which cannot be held here.
const FITTED: [(&str, f64); 8] = [
    ("segmentation_f1", 0.98),
    ("perfect", 0.90),
    ("headline", 0.95),
    ("kicker", 0.94),
    ("deck", 0.945),
    ("section", 0.955),
    ("names", 0.96),
    ("dateline", 0.97),
];
/// The same for pages that nothing was fitted to.
const UNSEEN: [(&str, f64); 8] = [
    ("segmentation_f1", 0.985),
    ("perfect", 0.89),
    ("headline", 0.93),
    ("kicker", 0.92),
    ("deck", 0.89),
    ("section", 0.894),
    ("names", 0.955),
    ("dateline", 0.97),
];

/// The same for harder ones of which the failures were read (`read/README`), and for such as nobody read anything on.
const READ: [(&str, f64); 4] = [("segmentation_f1", 0.96), ("perfect", 0.80), ("headline", 0.87), ("names", 0.89)];
const FRESH: [(&str, f64); 4] = [("segmentation_f1", 0.97), ("perfect", 0.84), ("headline", 0.91), ("names", 0.90)];

fn hold(folder: &str, held: &[(&str, f64)]) {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let report = evaluate::folder(&pages.join("gold"), &pages.join("issues")).unwrap();
    let total = report.total();
    for (figure, bar) in held {
        let reached = total.get(figure).unwrap();
        assert!(reached >= *bar, "{folder}: {figure} {reached:.4}, held {bar}\n{report}");
    }
}

#[test]
fn most_articles_are_right_on_pages_of_many_kinds() {
    hold("pages", &FITTED);
}

#[test]
fn most_articles_are_right_on_pages_that_nothing_was_fitted_to() {
    hold("unseen", &UNSEEN);
}

#[test]
fn most_articles_are_right_on_hard_pages_that_no_weights_were_fitted_to() {
    hold("read", &READ);
    hold("fresh", &FRESH);
}
