//! The pages that are measured: annotated ones and the samples.

use std::path::Path;
use std::sync::LazyLock;

use contract::{Article, IssueReceived};
use divan::counter::BytesCount;
use parser::Source;

pub static PAGES: LazyLock<Vec<Issue>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["tests/pages/issues", "../../seeds/issues"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("a folder of pages"))
        .map(|entry| entry.expect("a page").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| Issue::of(std::fs::read(path).expect("a page"))).collect()
});
pub static ARTICLES: LazyLock<Vec<Vec<Article>>> = LazyLock::new(|| PAGES.iter().map(Issue::articles).collect());

/// A file and what is known of it.
pub struct Issue {
    pub bytes: Vec<u8>,
    received: IssueReceived,
}

impl Issue {
    pub fn of(bytes: Vec<u8>) -> Self {
        let received = IssueReceived::of(&bytes);
        Self { bytes, received }
    }

    pub fn articles(&self) -> Vec<Article> {
        let source = Source { bytes: &self.bytes, received: &self.received, revision: 1 };
        parser::extract(&source).expect("a page of text").articles
    }
}

/// The size of all pages.
pub fn size() -> BytesCount {
    BytesCount::new(PAGES.iter().map(|page| page.bytes.len()).sum::<usize>())
}
