//! How many allocations extraction and analysis make, and how large: divan counts each, which slows them, so the times here
//! say little; `extract.rs` measures those.

#[path = "common/issues.rs"]
mod issues;

use divan::{AllocProfiler, Bencher, black_box};
use issues::{ARTICLES, PAGES};
use parser::Analyzer;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Every page as an issue of its own.
#[divan::bench(max_time = 5)]
fn pages(bencher: Bencher) {
    let pages = &*PAGES;
    pages.iter().for_each(|page| drop(page.articles()));
    bencher.counter(issues::size()).bench(|| pages.iter().map(|page| black_box(page.articles()).len()).sum::<usize>());
}

/// Keywords and names of every article.
#[divan::bench(max_time = 5)]
fn analysis(bencher: Bencher) {
    let analyzer = Analyzer::new();
    bencher.counter(issues::size()).with_inputs(|| ARTICLES.clone()).bench_values(|mut issues| {
        issues.iter_mut().for_each(|articles| parser::analyse(&analyzer, articles));
        issues
    });
}
