//! How fast pages become articles, and articles analysed ones, beside what the dictionary alone takes for the same text:
//! figures of one run compare, those of two machines do not. What is allocated counts `allocations.rs`: counting takes time.
//!
//! `just bench`, or `just bench pages` for one of them; each takes ten seconds at most, however busy the machine is.

#[path = "common/issues.rs"]
mod issues;

use std::sync::LazyLock;

use contract::{Article, BlockKind};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use issues::{ARTICLES, Issue, PAGES};
use jieba_rs::Jieba;
use parser::Analyzer;

fn main() {
    divan::main();
}

/// The size of the one large file, in bytes: an issue of a hundred pages.
const LARGE: usize = 1_000_000;

static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| ARTICLES.iter().flatten().map(text_of).collect());

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
    bencher.counter(issues::size()).bench(|| pages.iter().map(|page| black_box(page.articles()).len()).sum::<usize>());
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
    bencher.counter(issues::size()).bench(|| all().sum::<usize>());
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
