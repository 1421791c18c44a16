//! Sets of texts and queries, and how a real engine answers them.
//!
//! Each group's texts are bodies (or bodies with headlines), numbered from 1; a query names those it must find, those it
//! must not, and what must be marked. All groups lie in one index, and a query sees its own group only.

use contract::{Block, BlockKind};
use indexer::document::{Document, from_article};
use indexer::meilisearch::Meilisearch;
use indexer::settings::Search;
use indexer::sink::Sink;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::fixtures::article;

/// Texts and what is asked of them.
#[derive(Deserialize)]
pub struct Group {
    pub set: String,
    texts: Vec<String>,
    #[serde(default)]
    headlines: Vec<String>,
    queries: Vec<Query>,
}

#[derive(Deserialize)]
pub struct Query {
    pub kind: String,
    pub q: String,
    hits: Vec<usize>,
    #[serde(default)]
    not: Vec<usize>,
    #[serde(default)]
    marks: Vec<String>,
}

/// The answer to one query.
pub struct Answer<'a> {
    pub query: &'a Query,
    /// All that should be found is, in its order and marked, and nothing that should not.
    pub right: bool,
    /// Something is found that should not be.
    pub wrong: bool,
    /// What was found, for the report of a failure.
    found: Vec<usize>,
}

impl std::fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}: wanted {:?}, found {:?}", self.query.kind, self.query.q, self.query.hits, self.found)
    }
}

/// A real engine and an index of its own.
pub struct Rig {
    pub engine: testkit::Engine,
    pub index: String,
}

impl Rig {
    pub async fn new(name: &str) -> Self {
        Self { engine: testkit::engine().await, index: format!("chinese-{name}-{}", std::process::id()) }
    }

    pub fn sink(&self) -> Meilisearch {
        let search = Search { url: self.engine.url(), index: self.index.clone(), ..Search::default() };
        Meilisearch::new(&search, Some(&self.engine.key())).unwrap()
    }

    /// The texts of `groups`; without what is added to be found, if `plain`.
    pub async fn write(&self, groups: &[Group], plain: bool) {
        let sink = self.sink();
        sink.prepare().await.unwrap();
        let mut documents = Vec::new();
        for (number, group) in (1..).zip(groups) {
            for (at, text) in group.texts.iter().enumerate() {
                let document = document(number, at, text, group.headlines.get(at));
                documents.push(if plain { stripped(document) } else { document });
            }
        }
        sink.write(&documents).await.unwrap();
    }

    /// What the engine says to each query, as typed or as `prepare` makes it.
    pub async fn ask<'a>(&self, groups: &'a [Group], prepare: fn(&str) -> String) -> Vec<Answer<'a>> {
        let mut answers = Vec::new();
        for (number, group) in (1..).zip(groups) {
            for query in &group.queries {
                let filter = format!("issue_number = {number}");
                let answer = self.search(&prepare(&query.q), Some(&filter)).await;
                answers.push(judged(query, &answer));
            }
        }
        answers
    }

    pub async fn search(&self, q: &str, filter: Option<&str>) -> Value {
        let body = json!({ "q": q, "filter": filter, "matchingStrategy": "all", "limit": 100,
            "attributesToHighlight": ["body"] });
        let url = format!("{}/indexes/{}/search", self.engine.url(), self.index);
        let answer = reqwest::Client::new().post(url).bearer_auth(self.engine.key()).json(&body).send().await;
        answer.unwrap().json().await.unwrap()
    }

    pub async fn remove(self) {
        let index = format!("{}/indexes/{}", self.engine.url(), self.index);
        reqwest::Client::new().delete(index).bearer_auth(self.engine.key()).send().await.unwrap();
    }
}

/// The positions of the articles that were found.
pub fn positions(answer: &Value) -> Vec<usize> {
    let hits = answer["hits"].as_array().unwrap_or_else(|| panic!("{answer}"));
    hits.iter().map(|hit| hit["position"].as_u64().unwrap() as usize).collect()
}

/// Text number `at` (from 0) of group `number`.
pub fn document(number: u32, at: usize, text: &str, headline: Option<&String>) -> Document {
    let mut article = article(&format!("chinese {number}"), at as u32 + 1, "");
    article.issue.number = Some(number);
    article.headline = headline.cloned();
    article.body = vec![Block { kind: BlockKind::Paragraph, text: text.to_owned() }];
    from_article(&article, 1 << 20).unwrap()
}

fn stripped(mut document: Document) -> Document {
    let mut fields: Map<String, Value> = serde_json::from_slice(&document.json).unwrap();
    fields.remove("findable");
    document.json = serde_json::to_vec(&fields).unwrap().into();
    document
}

fn judged<'a>(query: &'a Query, answer: &Value) -> Answer<'a> {
    let found = positions(answer);
    let marked: String =
        answer["hits"].as_array().into_iter().flatten().filter_map(|hit| hit["_formatted"]["body"].as_str()).collect();
    let marked = marked.replace("</em><em>", "");
    let wrong = query.not.iter().any(|hit| found.contains(hit));
    let right = query.hits.iter().all(|hit| found.contains(hit))
        && !wrong
        && (query.kind != "ranking-first" || found.first() == query.hits.first())
        && query.marks.iter().all(|mark| marked.contains(mark));
    Answer { query, right, wrong, found }
}
