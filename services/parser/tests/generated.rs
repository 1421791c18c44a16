//! A thousand pages from fixed seeds, each with the truth about it: layouts, tools and defects of many kinds at once.

#![allow(clippy::unwrap_used, reason = "tests; clippy does not see that helpers belong to them")]

#[path = "common/text.rs"]
mod text;

use std::collections::{BTreeMap, BTreeSet};

use contract::Article;
use generate::Page;
use parser::Extraction;
use parser::evaluate::{Figures, Gold, Report, score};

const PAGES: u64 = 1000;

/// What is reached, a little below it. Raise it when it rises; the aim is 0.97 and 0.90.
const HELD: [(&str, f64); 2] = [("segmentation_f1", 0.97), ("perfect", 0.90)];

/// One page, measured.
struct Measured {
    page: Page,
    figures: Figures,
    lost: Option<String>,
}

fn measure(seed: u64) -> Measured {
    let page = generate::page(seed);
    let gold: Gold = serde_json::from_value(serde_json::to_value(&page.truth).unwrap()).unwrap();
    let lines: Vec<&str> = page.text.split('\n').collect();
    gold.check(lines.len()).unwrap();
    let found = text::extraction(page.text.as_bytes()).unwrap();
    let figures = score(&gold, &lines, &found.articles);
    let lost = unaccounted(&page.text, &found).map(|what| format!("seed {seed}: {what}"));
    Measured { page, figures, lost }
}

/// All pages in the order of their seeds, on all cores.
fn measure_all() -> Vec<Measured> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let share = PAGES.div_ceil(cores);
    std::thread::scope(|scope| {
        let of = |core: u64| (core * share..((core + 1) * share).min(PAGES)).map(measure).collect::<Vec<_>>();
        let threads: Vec<_> = (0..cores).map(|core| scope.spawn(move || of(core))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_thousand_pages_come_out_right() {
    let (mut report, mut lost) = (Report::default(), Vec::new());
    let mut hard: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (seed, Measured { page, figures, lost: what }) in measure_all().into_iter().enumerate() {
        for (at, article) in page.truth.articles.iter().enumerate() {
            for habit in article.habits.iter().chain([&page.tool]) {
                let (missed, all) = hard.entry(habit).or_default();
                *missed += usize::from(figures.missed_at.contains(&at));
                *all += 1;
            }
        }
        lost.extend(what);
        report.add(seed.to_string(), figures);
    }
    assert!(lost.is_empty(), "{lost:#?}");
    let total = report.total();
    let summary = report.to_string().lines().last().unwrap_or_default().to_owned();
    for (figure, bar) in HELD {
        let reached = total.get(figure).unwrap();
        assert!(reached >= bar, "{figure} {reached:.4}, held {bar}; missed of all by kind: {hard:#?}\n{summary}");
    }
}

/// Words of bylines, datelines, credits and jumps, which become fields.
const CONSUMED: &str = "本报记者通讯员特派新华社据讯电摄影文图报道发供下转上接第版年月日報記員華據訊電攝圖發轉";

/// Every Chinese character of a page is in an article, in a field read from it, or in the manifest's list of what stands
/// nowhere; and none is there twice, except for names, places and sources, which are facts and text.
fn unaccounted(page: &str, found: &Extraction) -> Option<String> {
    let mut texts: Vec<&str> = found.manifest.unplaced.iter().map(|item| item.text.as_str()).collect();
    let mut facts: Vec<&str> = Vec::new();
    for article in &found.articles {
        texts.extend(parts(article));
        facts.extend(
            article.byline.iter().flat_map(|by| [Some(by.name.as_str()), by.organization.as_deref()]).flatten(),
        );
        facts.extend(article.dateline.as_ref().and_then(|dateline| dateline.place.as_deref()));
        facts.extend(article.source.as_deref());
    }
    let (page, texts, facts) = (tally([page]), tally(texts), tally(facts));
    let of = |tally: &BTreeMap<char, usize>, c: char| tally.get(&c).copied().unwrap_or(0);
    page.keys().chain(texts.keys()).copied().collect::<BTreeSet<_>>().into_iter().find_map(|c| {
        let (there, kept, known) = (of(&page, c), of(&texts, c), of(&facts, c));
        let lost = there > kept + known && !CONSUMED.contains(c);
        (lost || kept > there).then(|| format!("{c} stands {there} times on the page, {kept} times in what was found"))
    })
}

fn parts(article: &Article) -> impl Iterator<Item = &str> {
    let headings = [&article.section, &article.kicker, &article.headline, &article.deck];
    headings.into_iter().filter_map(|text| text.as_deref()).chain(article.body.iter().map(|block| block.text.as_str()))
}

fn tally<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeMap<char, usize> {
    let mut tally = BTreeMap::new();
    for c in texts.into_iter().flat_map(str::chars).filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
        *tally.entry(c).or_default() += 1;
    }
    tally
}
