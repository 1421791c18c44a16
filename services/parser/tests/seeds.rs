//! The sample issues of this repository, each against what is expected of it.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;
mod gold;

use std::path::{Path, PathBuf};

use common::read;
use contract::BlockKind;
use gold::{bare, json};
use parser::evaluate::{self, Figure, Gold};

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds")
}

#[test]
fn every_sample_gives_the_articles_that_are_expected() {
    let expected = json(&seeds().join("expected.json"));
    for sample in expected.as_array().unwrap() {
        let file = sample["file"].as_str().unwrap();
        let found = read(&seeds().join(file));
        if sample["outcome"] == "rejected" {
            let reason = found.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(reason.starts_with(sample["reason"].as_str().unwrap()), "{file}: {reason}");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{file}: {error}"));
        let headlines: Vec<_> = found.articles.iter().map(|article| article.headline.as_deref().map(bare)).collect();
        let wanted: Vec<_> = sample["headlines"].as_array().unwrap().iter().map(|h| h.as_str().map(bare)).collect();
        assert_eq!(headlines, wanted, "{file}");
        let issue = &found.manifest.issue;
        let title = issue.publication.as_ref().and_then(|publication| publication.name.as_deref());
        assert_eq!(title, sample["publication"].as_str(), "{file}");
        assert_eq!(issue.date.map(|date| date.to_string()).as_deref(), sample["date"].as_str(), "{file}");
    }
}

/// All figures that the gold has anything to say about are full.
#[test]
fn every_part_of_every_article_is_that_of_the_gold() {
    let report = evaluate::folder(&seeds().join("gold"), &seeds().join("issues")).unwrap();
    let total = report.total();
    let faults = ["leaked", "repeats", "extra"];
    for (figure, value) in total.iter() {
        if matches!(value, Figure::Share(_, 0)) {
            continue;
        }
        let reached = total.get(figure).unwrap();
        let full = if faults.contains(&figure) { reached == 0.0 } else { reached > 0.999_999 };
        assert!(full, "{figure} {reached}\n{report}");
    }
    assert!(matches!(total.iter().find(|(name, _)| *name == "perfect"), Some((_, Figure::Share(40.., _)))), "{report}");
}

/// What the figures leave out: where an article comes from, and that nothing else is called a subhead.
#[test]
fn continuations_and_subheads_are_those_of_the_gold() {
    for entry in std::fs::read_dir(seeds().join("gold")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let issue = ["txt", "md"].map(|end| seeds().join("issues").join(format!("{name}.{end}")));
        let found = read(issue.iter().find(|path| path.exists()).unwrap()).unwrap();
        let gold = Gold::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(found.articles.len(), gold.articles.len(), "{name}");
        for (article, wanted) in found.articles.iter().zip(&gold.articles) {
            let at = format!("{name}: {:?}", article.headline);
            assert_eq!(article.continued_from_page, wanted.continued_from_page, "{at}");
            let subheads = article.body.iter().filter(|block| block.kind == BlockKind::Subhead).count();
            assert_eq!(subheads, wanted.subheads.len(), "{at}");
        }
    }
}

#[test]
fn jumps_are_open_unless_their_continuation_is_in_the_file() {
    let found = read(&seeds().join("issues/four-pages.txt")).unwrap();
    assert_eq!(found.manifest.pages_seen, [1, 2, 3, 4]);
    assert_eq!(found.articles[0].pages, [1, 3]);
    assert!(found.manifest.open_jumps.is_empty(), "{:?}", found.manifest.open_jumps);
    let found = read(&seeds().join("issues/full-masthead.txt")).unwrap();
    assert!(!found.manifest.open_jumps.is_empty());
    assert!(!found.manifest.pages_missing.is_empty());
}
