//! Whole articles and manifests of the sample issues, with language analysis, against snapshots reviewed by eye. Where a
//! change is meant, `INSTA_UPDATE=always cargo test -p parser --test snapshots` writes them anew: read the diff.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

mod common;

use std::path::Path;

use common::read;
use contract::{Article, Manifest};
use parser::{Analyzer, analyse};
use serde::Serialize;

#[derive(Serialize)]
struct Whole<'a> {
    articles: &'a [Article],
    manifest: &'a Manifest,
}

#[test]
fn the_articles_of_every_sample_are_what_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/issues");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no samples in {}", folder.display());
    let analyzer = Analyzer::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let mut found = read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        analyse(&analyzer, &mut found.articles);
        let whole = Whole { articles: &found.articles, manifest: &found.manifest };
        insta::assert_json_snapshot!(name, whole);
    }
}
