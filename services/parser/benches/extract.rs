//! How fast pages become articles, and articles analysed ones, beside what the dictionary alone takes for the same text:
//! figures of one run compare, those of two machines do not. Allocations are counted.
//!
//! `just bench`, or `just bench pages` for one of them; each takes ten seconds at most, however busy the machine is.

use std::path::Path;
use std::sync::LazyLock;

use contract::{Article, BlockKind, IssueId, IssueReceived};
use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use jieba_rs::Jieba;
use parser::{Analyzer, Source};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The size of the one large file, in bytes: an issue of a hundred pages.
const LARGE: usize = 1_000_000;

static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static PAGES: LazyLock<Vec<Issue>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["tests/pages/issues", "../../seeds/issues"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("a folder of pages"))
        .map(|entry| entry.expect("a page").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| Issue::of(std::fs::read(path).expect("a page"))).collect()
});
static ARTICLES: LazyLock<Vec<Vec<Article>>> = LazyLock::new(|| PAGES.iter().map(Issue::articles).collect());
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| ARTICLES.iter().flatten().map(text_of).collect());

struct Issue {
    bytes: Vec<u8>,
    received: IssueReceived,
}

impl Issue {
    fn of(bytes: Vec<u8>) -> Self {
        let received = IssueReceived {
            id: IssueId::of(&bytes),
            file_name: None,
            media_type: "text/plain".into(),
            charset: None,
            sha256: String::new(),
            publication: None,
            date: None,
            edition: None,
            received: jiff::Timestamp::UNIX_EPOCH,
        };
        Self { bytes, received }
    }

    fn articles(&self) -> Vec<Article> {
        let source = Source { bytes: &self.bytes, received: &self.received, revision: 1 };
        parser::extract(&source).expect("a page of text").articles
    }
}

fn text_of(article: &Article) -> String {
    let body = article.body.iter().filter(|block| block.kind == BlockKind::Paragraph);
    article
        .headline
        .iter()
        .map(String::as_str)
        .chain(body.map(|block| block.text.as_str()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn bytes_of(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

/// Every page as an issue of its own.
#[divan::bench(max_time = 10)]
fn pages(bencher: Bencher) {
    let pages = &*PAGES;
    pages.iter().for_each(|page| drop(page.articles()));
    let size = BytesCount::new(pages.iter().map(|page| page.bytes.len()).sum::<usize>());
    bencher.counter(size).bench(|| pages.iter().map(|page| black_box(page.articles()).len()).sum::<usize>());
}

/// The same, and every article analysed: all that the parser does with an issue between two events.
#[divan::bench(max_time = 10)]
fn pages_analysed(bencher: Bencher) {
    let (pages, analyzer) = (&*PAGES, Analyzer::new());
    let all = || {
        pages.iter().map(|page| {
            let mut articles = page.articles();
            parser::analyse(&analyzer, &mut articles);
            black_box(articles).len()
        })
    };
    all().for_each(drop);
    let size = BytesCount::new(pages.iter().map(|page| page.bytes.len()).sum::<usize>());
    bencher.counter(size).bench(|| all().sum::<usize>());
}

/// The pages over and over in one file.
#[divan::bench(max_time = 10)]
fn one_large_file(bencher: Bencher) {
    let utf8 = PAGES.iter().filter(|page| std::str::from_utf8(&page.bytes).is_ok());
    let all: Vec<u8> = utf8.flat_map(|page| [page.bytes.as_slice(), b"\n\n"]).flatten().copied().collect();
    let issue = Issue::of(all.iter().copied().cycle().take(all.len() * LARGE.div_ceil(all.len())).collect());
    drop(issue.articles());
    bencher.counter(BytesCount::new(issue.bytes.len())).bench(|| black_box(issue.articles()).len());
}

/// Keywords and names of every article.
#[divan::bench(max_time = 10)]
fn analysis(bencher: Bencher) {
    let analyzer = Analyzer::new();
    bencher.counter(bytes_of(&TEXTS)).with_inputs(|| ARTICLES.clone()).bench_values(|mut issues| {
        issues.iter_mut().for_each(|articles| parser::analyse(&analyzer, articles));
        issues
    });
}

/// The measure: the dictionary's own cut of the articles' texts.
#[divan::bench(max_time = 10)]
fn dictionary_cut_for_search(bencher: Bencher) {
    let dictionary = &*DICTIONARY;
    bencher
        .counter(bytes_of(&TEXTS))
        .bench(|| TEXTS.iter().map(|text| black_box(dictionary.cut_for_search(text, true)).len()).sum::<usize>());
}

/// The measure for [`analysis`], which cannot do without the tags.
#[divan::bench(max_time = 10)]
fn dictionary_tag(bencher: Bencher) {
    let dictionary = &*DICTIONARY;
    bencher
        .counter(bytes_of(&TEXTS))
        .bench(|| TEXTS.iter().map(|text| black_box(dictionary.tag(text, true)).len()).sum::<usize>());
}
