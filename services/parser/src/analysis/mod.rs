//! What an article is about: its script, keywords, people, places, organizations.
//!
//! The text is folded to simplified characters ([`script`](crate::script)) and cut into words once ([`tokens`], with the operator's own
//! [`user`] words); [`keywords`], [`people`], [`places`] and [`organizations`] read those words, by the lists in [`words`],
//! and give them back as printed.

mod keywords;
mod organizations;
mod people;
mod places;
mod stop_words;
mod tokens;
mod user;
mod words;

use std::sync::LazyLock;

use contract::{Article, Language};
use rustc_hash::FxHashMap;

use crate::script::{SCRIPTS, Scripts};

pub use user::{BadDictionary, UserDictionary};

/// Most people, places or organizations of an article.
const NAMED: usize = 30;

/// Dictionaries and statistics; loaded once and shared.
pub struct Analyzer {
    words: tokens::Words,
    rarity: keywords::Rarity,
}

impl std::fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyzer").finish_non_exhaustive()
    }
}

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// Loads dictionary and statistics; takes about a fifth of a second.
    pub fn new() -> Self {
        Self::with(&UserDictionary::default())
    }

    /// As [`Analyzer::new`], with words of the operator's own.
    pub fn with(dictionary: &UserDictionary) -> Self {
        LazyLock::force(&SCRIPTS);
        let words = tokens::Words::new(dictionary);
        let rarity = keywords::Rarity::new(&words.jieba);
        Self { words, rarity }
    }
}

/// Fills in the articles of one issue: language, keywords, people, places and organizations. An article in which no
/// character tells the script is taken to be in that of the others.
pub fn analyse(analyzer: &Analyzer, articles: &mut [Article]) {
    let mut traditional = 0i64;
    for article in articles.iter_mut() {
        article.language = SCRIPTS.of(article);
        traditional += match article.language {
            Some(Language::Traditional) => 1,
            Some(Language::Simplified) => -1,
            _ => 0,
        };
    }
    let usual = if traditional > 0 { Language::Traditional } else { Language::Simplified };
    for article in articles {
        if article.language.is_none() && Scripts::is_chinese(article) {
            article.language = Some(usual);
        }
        names_and_keywords(analyzer, article);
    }
}

fn names_and_keywords(analyzer: &Analyzer, article: &mut Article) {
    let (printed, heading) = text_of(article);
    let folds = article.language == Some(Language::Traditional);
    let fold = |text: &str| match folds {
        true => SCRIPTS.simplify(text).into_owned(),
        false => text.to_owned(),
    };
    let folded = folds.then(|| fold(&printed));
    let text = folded.as_deref().unwrap_or(&printed);
    let tokens = analyzer.words.cut(text);
    let bylines: Vec<String> = article.byline.iter().map(|byline| fold(&byline.name)).collect();
    let people = people::find(&tokens, text, &analyzer.words, &bylines);
    let bylines = article.byline.iter().map(|byline| byline.name.as_str());
    article.people = unique(bylines.chain(people.by_count(&printed)));

    let found = places::find(&tokens);
    let mut places = Counted::default();
    let in_name = |span: &Span| {
        let next = people.0.partition_point(|name| name.end <= span.start);
        people.0.get(next).is_some_and(|name| name.start < span.end)
    };
    found.iter().map(|place| place.span(&tokens)).filter(|span| !in_name(span)).for_each(|span| places.add(span));
    let mut names: Vec<Span> = people.0.iter().chain(&places.0).copied().collect();
    names.sort_unstable_by_key(|name| name.start);
    let (words, rarity) = (&analyzer.words, &analyzer.rarity);
    article.keywords = keywords::of(&tokens, &names, &printed, heading, &words.jieba, rarity);

    let filed = article.dateline.iter().filter_map(|dateline| dateline.place.as_deref());
    article.places = unique(filed.chain(places.by_count(&printed)));

    let mut organizations = Counted::default();
    organizations::find(&tokens, &found).into_iter().for_each(|span| organizations.add(span));
    article.organizations = unique(organizations.by_count(&printed));
}

/// The text, and how many bytes of it are the headline, which says what the article is about.
fn text_of(article: &Article) -> (String, usize) {
    let mut text = article.headline.clone().unwrap_or_default();
    let heading = text.len();
    let parts = [&article.kicker, &article.deck].into_iter().flatten();
    for part in parts.chain(article.body.iter().map(|block| &block.text)) {
        text.push('\n');
        text.push_str(part);
    }
    (text, heading)
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if seen.len() == NAMED {
            break;
        }
        if !seen.iter().any(|known| known == name) {
            seen.push(name.to_owned());
        }
    }
    seen
}

/// Where a name stands, in bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

/// Where names stand, in the order of the text.
#[derive(Debug, Default)]
struct Counted(Vec<Span>);

impl Counted {
    fn add(&mut self, span: Span) {
        self.0.push(span);
    }

    /// The most frequent first; of those as frequent, the first named.
    fn by_count<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let mut counts: FxHashMap<&str, (u32, usize)> = FxHashMap::default();
        for span in &self.0 {
            counts.entry(&text[span.start..span.end]).or_insert((0, span.start)).0 += 1;
        }
        let mut names: Vec<_> = counts.into_iter().collect();
        names.sort_unstable_by_key(|(_, (count, at))| (std::cmp::Reverse(*count), *at));
        names.into_iter().map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests;
