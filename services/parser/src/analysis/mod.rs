//! What an article is about: keywords, people, places, organizations.

mod stop_words;

use std::collections::HashMap;

use contract::Article;
use jieba_rs::{KeywordExtract, KeywordExtractConfig, TfIdf};

use crate::dictionary::DICTIONARY;
use crate::extract::{begins_with_family, is_han};

/// Most keywords of an article.
const KEYWORDS: usize = 10;
/// Most people, places or organizations of an article.
const NAMED: usize = 30;
/// Tags of words that tell one article from another.
const TELLING: [&str; 10] = ["n", "nr", "ns", "nt", "nz", "vn", "j", "l", "nrt", "eng"];
/// Words behind a name that no dictionary has: who says something is a person.
const SAYS: [&str; 18] = [
    "说", "说道", "表示", "介绍", "告诉", "认为", "坦言", "回忆", "透露", "指出", "强调", "笑着", "感慨", "解释", "称",
    "補充", "說", "介紹",
];
/// Words before a name that no dictionary has: who holds a post is a person.
const POSTS: [&str; 34] = [
    "主席",
    "书记",
    "主任",
    "局长",
    "部长",
    "市长",
    "县长",
    "镇长",
    "校长",
    "院长",
    "所长",
    "经理",
    "总经理",
    "董事长",
    "负责人",
    "队长",
    "班长",
    "教授",
    "研究员",
    "工程师",
    "医生",
    "教师",
    "老师",
    "村民",
    "职工",
    "工人",
    "司机",
    "市民",
    "居民",
    "记者",
    "副主席",
    "副局长",
    "会长",
    "院士",
];

/// The dictionary and the statistics that keywords need; loaded once and shared.
pub struct Analyzer {
    keywords: TfIdf,
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
        std::sync::LazyLock::force(&DICTIONARY);
        let mut keywords = TfIdf::default();
        *keywords.config_mut() = config();
        Self { keywords }
    }
}

fn config() -> KeywordExtractConfig {
    let stop_words = stop_words::STOP_WORDS.split_whitespace().map(str::to_owned).collect();
    KeywordExtractConfig::builder().set_stop_words(stop_words).min_keyword_length(2).use_hmm(false).build()
}

/// Fills in an article's keywords, people, places and organizations.
pub fn analyse(analyzer: &Analyzer, article: &mut Article) {
    let text = text_of(article);
    let tags = TELLING.map(str::to_owned).to_vec();
    article.keywords = analyzer
        .keywords
        .extract_keywords(&DICTIONARY, &text, KEYWORDS * 2, tags)
        .into_iter()
        .map(|keyword| keyword.keyword)
        .filter(|word| !word.chars().any(|c| c.is_numeric()) && word.chars().any(char::is_alphabetic))
        .take(KEYWORDS)
        .collect();
    let mut named = Named::default();
    let tags = DICTIONARY.tag(&text, true);
    for (at, tag) in tags.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| tags[before].word);
        named.take(tag.word, tag.tag, before, tags.get(at + 1).map(|next| next.word));
    }
    let mut people: Vec<String> = article.byline.iter().map(|byline| byline.name.clone()).collect();
    people.extend(named.people.by_count());
    article.people = unique(people);
    article.places = unique(article.dateline.iter().filter_map(|d| d.place.clone()).chain(named.places.by_count()));
    article.organizations = unique(named.organizations.by_count());
}

/// The heading counts twice: it says what the article is about.
fn text_of(article: &Article) -> String {
    let mut text = String::new();
    let heading = [&article.kicker, &article.headline, &article.headline, &article.deck];
    for part in heading.into_iter().flatten().chain(article.body.iter().map(|block| &block.text)) {
        text.push_str(part);
        text.push('\n');
    }
    text
}

fn unique(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for name in names {
        if seen.len() == NAMED {
            break;
        }
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// Names and how often they stand, in the order of their first appearance.
#[derive(Default)]
struct Counted {
    order: Vec<String>,
    counts: HashMap<String, u32>,
}

impl Counted {
    fn add(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
        } else {
            self.order.push(name.to_owned());
            self.counts.insert(name.to_owned(), 1);
        }
    }

    /// The most frequent first.
    fn by_count(mut self) -> Vec<String> {
        self.order.sort_by_key(|name| std::cmp::Reverse(self.counts.get(name).copied()));
        self.order
    }
}

#[derive(Default)]
struct Named {
    people: Counted,
    places: Counted,
    organizations: Counted,
}

impl Named {
    fn take(&mut self, word: &str, tag: &str, before: Option<&str>, after: Option<&str>) {
        let length = word.chars().count();
        if !(2..=12).contains(&length) || !word.chars().all(|c| is_han(c) || c == '·') {
            return;
        }
        let person = (2..=4).contains(&length) && begins_with_family(word);
        let introduced =
            || after.is_some_and(|word| SAYS.contains(&word)) || before.is_some_and(|word| POSTS.contains(&word));
        match tag {
            "nr" | "nrt" if person => self.people.add(word),
            // A word that only the statistics of word shapes made: a name where the neighbours say so.
            "x" | "" if person && length <= 3 && introduced() => self.people.add(word),
            "ns" => self.places.add(word),
            "nt" => self.organizations.add(word),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use contract::{IssueId, IssueReceived};

    use super::*;
    use crate::{Source, extract};

    #[test]
    fn an_article_is_told_by_its_words_and_names() {
        let page = "云江新桥正式通车\n\n本报北京11月17日电(记者林远)新桥今天通车，北京和上海的桥梁专家到场。桥梁全长三百米，桥梁采用悬索结构。\n\n\
                    清华大学教授王建国说，桥梁的悬索由国产钢丝制成，2023年开工。";
        let received = IssueReceived {
            id: IssueId::of(page.as_bytes()),
            file_name: None,
            media_type: "text/plain".into(),
            charset: None,
            sha256: String::new(),
            publication: None,
            date: None,
            edition: None,
            received: jiff::Timestamp::UNIX_EPOCH,
        };
        let mut found = extract(&Source { bytes: page.as_bytes(), received: &received, revision: 1 }).unwrap();
        let article = &mut found.articles[0];
        analyse(&Analyzer::new(), article);
        assert!(article.keywords.iter().any(|word| word == "桥梁"), "{:?}", article.keywords);
        assert!(!article.keywords.iter().any(|word| word.contains("2023")), "{:?}", article.keywords);
        assert!(article.people.iter().any(|name| name == "林远"), "{:?}", article.people);
        assert!(article.places.iter().any(|name| name == "上海"), "{:?}", article.places);
        assert!(article.organizations.iter().any(|name| name == "清华大学"), "{:?}", article.organizations);
    }
}
