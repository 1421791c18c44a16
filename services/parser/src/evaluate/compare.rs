//! One page's articles against its gold.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Article, BlockKind};

use super::figures::{Figure, Figures};
use super::gold::{Gold, GoldArticle};
use super::text::{Pairs, bare, head, norm, tail};

/// A body as far from the gold's as this is another article.
const OTHER: f64 = 0.2;
/// A body as near to the gold's as this is right.
const RIGHT: f64 = 0.98;
/// Characters of a line's ends by which it is found again.
const ENDS: usize = 12;
/// Characters on both sides of a join.
const SEAM: usize = 8;
/// The shortest furniture whose leaking can be told.
const LEAKS: usize = 6;

/// The parts that are counted, in the order of the report.
const PARTS: [&str; 10] =
    ["perfect", "headline", "kicker", "deck", "section", "names", "dateline", "jump", "subheads", "joins"];

/// Measures the articles of a page. `lines`: the file's, as the gold numbers them.
///
/// Panics never, if [`Gold::check`] has passed; else where the gold names a line that is not there.
pub fn score(gold: &Gold, lines: &[&str], articles: &[Article]) -> Figures {
    let page = Page { lines: lines.iter().map(|line| norm(line)).collect(), raw: lines };
    let found: Vec<Found<'_>> = articles.iter().map(Found::of).collect();
    let texts: Vec<&str> = found.iter().map(|found| found.text.as_str()).collect();
    let segmentation = page.segmentation(gold, &texts);
    let matches = page.matches(gold, &found);

    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut missed_at, mut right) = (Vec::new(), Vec::new(), Vec::new());
    let mut repeats = (0, 0);
    for (at, wanted) in gold.articles.iter().enumerate() {
        let (found, body) = matches.get(&at).map_or((None, 0.0), |(i, body)| (Some(&found[*i]), *body));
        let mut count = |part, right: bool| {
            let (rights, all) = tally.entry(part).or_default();
            *rights += usize::from(right);
            *all += 1;
        };
        let (headline, names) = page.parts(wanted, found, &mut count);
        let perfect = headline && names && body >= RIGHT;
        count("perfect", perfect);
        if perfect {
            right.extend(matches.get(&at).map(|(i, _)| *i));
        } else {
            missed_at.push(at);
            missed.push(miss(wanted, found, body, headline, names));
        }
        for line in &wanted.repeats {
            repeats.0 += usize::from(found.is_some_and(|found| found.text.contains(&page.lines[line - 1])));
            repeats.1 += 1;
        }
    }
    let leaks = |line: &&usize| {
        let text = &page.lines[*line - 1];
        text.chars().count() >= LEAKS && texts.iter().any(|body| body.contains(text.as_str()))
    };
    let share = |(right, all)| Figure::Share(right, all);
    let mut all = vec![("segmentation_f1", Figure::Value(segmentation))];
    all.extend(PARTS.map(|part| (part, share(tally.get(part).copied().unwrap_or_default()))));
    all.extend([
        ("leaked", Figure::Count(gold.furniture.iter().filter(leaks).count())),
        ("repeats", share(repeats)),
        ("extra", Figure::Count(articles.len() - matches.len())),
        ("metadata", share(metadata(gold, articles.first()))),
    ]);
    Figures { all, missed, missed_at, right }
}

/// An extracted article, made ready to compare.
struct Found<'a> {
    article: &'a Article,
    /// Its body in one.
    text: String,
    pairs: Pairs,
    names: BTreeSet<&'a str>,
}

impl<'a> Found<'a> {
    fn of(article: &'a Article) -> Self {
        let text: String = article.body.iter().map(|block| norm(&block.text)).collect();
        let names = article.byline.iter().map(|by| by.name.as_str()).filter(|name| !name.is_empty()).collect();
        Self { article, pairs: Pairs::of(&text), text, names }
    }
}

/// The page's lines, as they are and made comparable.
struct Page<'a> {
    raw: &'a [&'a str],
    lines: Vec<String>,
}

impl Page<'_> {
    /// B-cubed F1 over the body's lines.
    fn segmentation(&self, gold: &Gold, texts: &[&str]) -> f64 {
        let body =
            gold.articles.iter().enumerate().flat_map(|(at, article)| article.body.iter().map(move |n| (at, *n)));
        let placed: Vec<(usize, Option<usize>, f64)> =
            body.map(|(at, n)| (at, self.place(n, texts), self.lines[n - 1].chars().count().max(1) as f64)).collect();
        let (mut clusters, mut sizes, mut same) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (at, place, weight) in &placed {
            *clusters.entry(place).or_insert(0.0) += weight;
            *sizes.entry(at).or_insert(0.0) += weight;
            *same.entry((at, place)).or_insert(0.0) += weight;
        }
        let (mut precise, mut recalled, mut weighed) = (0.0, 0.0, 0.0);
        for (at, place, weight) in placed.iter().filter(|(_, place, _)| place.is_some()) {
            precise += weight * same[&(at, place)] / clusters[place];
            recalled += weight * same[&(at, place)] / sizes[at];
            weighed += weight;
        }
        let total: f64 = placed.iter().map(|(_, _, weight)| weight).sum();
        let precision = if weighed > 0.0 { precise / weighed } else { 0.0 };
        let recall = if total > 0.0 { recalled / total } else { 0.0 };
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// The extracted article whose body holds a line: one with both its ends, else one with either.
    fn place(&self, n: usize, texts: &[&str]) -> Option<usize> {
        let text = match norm(&bare(self.raw[n - 1])) {
            text if text.is_empty() => self.lines[n - 1].clone(),
            text => text,
        };
        let (head, tail) = (head(&text, ENDS), tail(&text, ENDS));
        let both = |body: &&str| body.contains(head) && body.contains(tail);
        let either = |body: &&str| body.contains(head) || body.contains(tail);
        texts.iter().position(both).or_else(|| texts.iter().position(either))
    }

    /// For each gold article the extracted one that is it, and how near the bodies are: the nearest pairs first.
    fn matches(&self, gold: &Gold, found: &[Found<'_>]) -> BTreeMap<usize, (usize, f64)> {
        let mut pairs = Vec::new();
        for (at, article) in gold.articles.iter().enumerate() {
            // The better of two: with and without what an extractor may move out of the body.
            let whole: String = article.body.iter().map(|n| self.lines[n - 1].as_str()).collect();
            let moved: String = norm(&article.body.iter().map(|n| bare(self.raw[n - 1])).collect::<String>());
            let (whole, moved) = (Pairs::of(&whole), Pairs::of(&moved));
            let near = |(i, found): (usize, &Found<'_>)| (whole.f1(&found.pairs).max(moved.f1(&found.pairs)), at, i);
            pairs.extend(found.iter().enumerate().map(near));
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((b.1, b.2).cmp(&(a.1, a.2))));
        let (mut matches, mut used) = (BTreeMap::new(), BTreeSet::new());
        for (near, at, i) in pairs {
            if near > OTHER && !matches.contains_key(&at) && used.insert(i) {
                matches.insert(at, (i, near));
            }
        }
        matches
    }

    /// Counts an article's parts; says whether headline and names are right.
    fn parts(
        &self,
        wanted: &GoldArticle,
        found: Option<&Found<'_>>,
        count: &mut impl FnMut(&'static str, bool),
    ) -> (bool, bool) {
        let article = found.map(|found| found.article);
        let part = |text: Option<&Option<String>>| norm(text.and_then(|text| text.as_deref()).unwrap_or_default());
        let got = part(article.map(|article| &article.headline));
        let alternatives = wanted.headline_alt.iter().map(String::as_str);
        let mut rights = std::iter::once(wanted.headline.as_deref().unwrap_or_default()).chain(alternatives);
        let headline = found.is_some() && rights.any(|right| norm(right) == got);
        count("headline", headline);
        let persons = wanted.authors.iter().chain(&wanted.photographers).map(String::as_str).collect::<BTreeSet<_>>();
        let names = found.is_some_and(|found| found.names == persons);
        count("names", names);
        let others = [
            ("kicker", &wanted.kicker, article.map(|article| &article.kicker)),
            ("deck", &wanted.deck, article.map(|article| &article.deck)),
            ("section", &wanted.section, article.map(|article| &article.section)),
        ];
        for (name, wanted, got) in others {
            if let Some(wanted) = wanted.as_deref().filter(|wanted| !wanted.is_empty()) {
                let got = part(got);
                count(name, !got.is_empty() && got.contains(&norm(wanted)));
            }
        }
        if let Some(wanted) = &wanted.dateline {
            let got = article.and_then(|article| article.dateline.as_ref());
            let place = got.and_then(|dateline| dateline.place.clone());
            let date = got.and_then(|dateline| dateline.date).map(|date| date.to_string());
            count("dateline", place == wanted.place && date == wanted.date);
        }
        count("jump", article.is_some_and(|article| article.continues_on_page == wanted.jump));
        let blocks: Vec<(BlockKind, String)> = article
            .map(|article| article.body.iter().map(|block| (block.kind, norm(&block.text))).collect())
            .unwrap_or_default();
        for line in &wanted.subheads {
            let line = &self.lines[line - 1];
            count("subheads", blocks.iter().any(|(kind, text)| *kind == BlockKind::Subhead && text == line));
        }
        for (x, y) in &wanted.joins {
            let seam = format!("{}{}", tail(&self.lines[x - 1], SEAM), head(&self.lines[y - 1], SEAM));
            count("joins", blocks.iter().any(|(_, text)| text.contains(&seam)));
        }
        (headline, names)
    }
}

/// What is wrong with an article, in a line.
fn miss(wanted: &GoldArticle, found: Option<&Found<'_>>, body: f64, headline: bool, names: bool) -> String {
    let got = found.and_then(|found| found.article.headline.as_deref());
    let headline = if headline { "ok".to_owned() } else { got.map_or("None".to_owned(), quoted) };
    let names = match found {
        _ if names => "ok".to_owned(),
        Some(found) => format!("[{}]", found.names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")),
        None => "[]".to_owned(),
    };
    format!("{}: body {body:.3} headline {headline} names {names}", wanted.headline.as_deref().unwrap_or("None"))
}

/// A text in quotes, odd spaces made visible.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            '\n' | '\r' | '\t' => out.extend(c.escape_default()),
            c if c != ' ' && (c.is_whitespace() || c.is_control()) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Facts of the masthead that are right, of those that the gold knows.
fn metadata(gold: &Gold, first: Option<&Article>) -> (usize, usize) {
    let issue = first.map(|article| &article.issue);
    let title = issue.and_then(|issue| issue.publication.as_ref()).and_then(|publication| publication.name.clone());
    let date = issue.and_then(|issue| issue.date).map(|date| date.to_string());
    let facts = [
        gold.issue.publication.as_ref().map(|wanted| title.as_ref() == Some(wanted)),
        gold.issue.date.as_ref().map(|wanted| date.as_ref() == Some(wanted)),
        gold.issue.number.map(|wanted| issue.and_then(|issue| issue.number) == Some(wanted)),
        gold.issue.pages.map(|wanted| issue.and_then(|issue| issue.pages) == Some(wanted)),
    ];
    let known = facts.iter().flatten();
    (known.clone().filter(|right| **right).count(), known.count())
}
