//! The sample issues of this repository, each against what is expected of it.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{bare, json, read, strings};
use contract::{Article, BlockKind, Role};
use serde_json::Value;

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

#[test]
fn names_jumps_datelines_and_subheads_are_those_of_the_gold() {
    let mut seen = 0;
    for entry in std::fs::read_dir(seeds().join("gold")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let issue = ["txt", "md"]
            .map(|end| seeds().join("issues").join(format!("{name}.{end}")))
            .into_iter()
            .find(|p| p.exists());
        let found = read(&issue.unwrap_or_else(|| panic!("no issue for {name}"))).unwrap();
        let gold = json(&path);
        let wanted = gold["articles"].as_array().unwrap();
        assert_eq!(found.articles.len(), wanted.len(), "{name}");
        for (article, wanted) in found.articles.iter().zip(wanted) {
            check(&name, article, wanted);
            seen += 1;
        }
    }
    assert!(seen >= 40, "only {seen} articles in the gold");
}

fn check(name: &str, article: &Article, wanted: &Value) {
    let at = format!("{name}: {:?}", article.headline);
    let by = |photo: bool| -> BTreeSet<String> {
        article.byline.iter().filter(|b| (b.role == Role::Photographer) == photo).map(|b| b.name.clone()).collect()
    };
    let all: BTreeSet<String> =
        strings(&wanted["authors"]).union(&strings(&wanted["photographers"])).cloned().collect();
    assert_eq!(by(false).union(&by(true)).cloned().collect::<BTreeSet<_>>(), all, "{at}");
    assert_eq!(article.continues_on_page.map(u64::from), wanted["jump"].as_u64(), "{at}");
    assert_eq!(article.continued_from_page.map(u64::from), wanted["continued_from_page"].as_u64(), "{at}");
    if let Some(place) = wanted["dateline"]["place"].as_str() {
        let dateline = article.dateline.as_ref().unwrap_or_else(|| panic!("{at}: no dateline"));
        assert_eq!(dateline.place.as_deref(), Some(place), "{at}");
        assert_eq!(dateline.date.map(|date| date.to_string()).as_deref(), wanted["dateline"]["date"].as_str(), "{at}");
    }
    let subheads = article.body.iter().filter(|block| block.kind == BlockKind::Subhead).count();
    assert_eq!(subheads, wanted["subheads"].as_array().map_or(0, Vec::len), "{at}");
}

#[test]
fn jumps_are_open_unless_their_continuation_is_in_the_file() {
    let found = read(&seeds().join("issues/four-pages.txt")).unwrap();
    assert_eq!(found.manifest.pages_seen, [1, 2, 3, 4]);
    assert!(found.manifest.open_jumps.is_empty(), "{:?}", found.manifest.open_jumps);
    let found = read(&seeds().join("issues/full-masthead.txt")).unwrap();
    assert!(!found.manifest.open_jumps.is_empty());
    assert!(!found.manifest.pages_missing.is_empty());
}
