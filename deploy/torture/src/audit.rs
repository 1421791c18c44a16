//! The ledger held against the index, document by document.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use contract::{IssueId, IssueReceived, Receipt, Stage};
use parser::{Source, extract};
use serde_json::{Value, json};

use crate::Outcome;
use crate::broker::DeadLetter;
use crate::ledger::{Entry, Ledger};
use crate::line::Line;

const PAGE: usize = 1_000;
/// How many of a kind are named.
const NAMED: usize = 5;

/// A document, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its primary key.
    pub key: String,
    /// The article it is.
    pub article: String,
    /// The issue it is of.
    pub issue: String,
    /// Its headline.
    pub headline: Option<String>,
}

/// What the comparison found. Each text names one case.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Issues that were accepted.
    pub issues: usize,
    /// Articles that must be found, and are.
    pub articles: usize,
    /// Articles of accepted issues that are neither found nor dead-lettered.
    pub lost: Vec<String>,
    /// Articles that are found more than once.
    pub doubled: Vec<String>,
    /// Documents of what was replaced, withdrawn or never accepted.
    pub stale: Vec<String>,
    /// Dead letters of what nothing was wrong with, and poison that is no dead letter.
    pub misjudged: Vec<String>,
    /// Receipts that do not say what is.
    pub receipts: Vec<String>,
    /// Dead letters, as they should be.
    pub dead: usize,
    /// Articles that were killed, and whose issues were not withdrawn.
    pub killed: usize,
    /// Issues that were withdrawn.
    pub withdrawn: usize,
}

impl Verdict {
    fn kinds(&self) -> [(&'static str, &[String]); 5] {
        let Self { lost, doubled, stale, misjudged, receipts, .. } = self;
        [("lost", lost), ("doubled", doubled), ("stale", stale), ("misjudged", misjudged), ("wrong receipts", receipts)]
    }

    /// Nothing lost, nothing doubled, nothing stale, nothing told wrong.
    pub fn is_clean(&self) -> bool {
        self.kinds().iter().all(|(_, cases)| cases.is_empty())
    }

    /// There is something that an older revision left behind, stale or beside its newer self, and nothing else is wrong.
    pub fn is_only_left_behind(&self) -> bool {
        let late = |kind: &str| matches!(kind, "stale" | "doubled");
        let kinds = self.kinds();
        kinds.iter().all(|(kind, cases)| cases.is_empty() || late(kind))
            && kinds.iter().any(|(_, cases)| !cases.is_empty())
    }

    /// All of it in a few lines.
    pub fn words(&self) -> String {
        let Self { issues, articles, killed, withdrawn, dead, .. } = self;
        let counts: Vec<String> = self.kinds().iter().map(|(kind, cases)| format!("{kind} {}", cases.len())).collect();
        let mut words = format!(
            "{issues} issues ({withdrawn} withdrawn), {articles} articles found, {killed} killed, {dead} dead letters; {}",
            counts.join(", ")
        );
        for (kind, cases) in self.kinds() {
            for case in cases.iter().take(NAMED) {
                words += &format!("\n  {kind}: {case}");
            }
        }
        words
    }
}

/// Every document of the index.
///
/// # Errors
/// When the search engine does not answer.
pub async fn documents(line: &Line) -> Outcome<Vec<Found>> {
    let http = crate::line::client()?;
    let url = format!("{}/indexes/articles/documents/fetch", line.search_url);
    let mut found = Vec::new();
    loop {
        let fields = ["id", "article_id", "issue_id", "headline"];
        let body = json!({"limit": PAGE, "offset": found.len(), "fields": fields}).to_string();
        let request = http.post(&url).bearer_auth(line.search_key()).header("content-type", "application/json");
        let answer = request.body(body).send().await?.error_for_status()?.text().await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let results = answer["results"].as_array().ok_or("no results in the engine's answer")?;
        for result in results {
            let text = |name: &str| result[name].as_str().map(str::to_owned);
            let key = text("id").unwrap_or_default();
            found.push(Found {
                article: text("article_id").unwrap_or_else(|| key.clone()),
                issue: text("issue_id").unwrap_or_default(),
                headline: text("headline"),
                key,
            });
        }
        if results.len() < PAGE {
            return Ok(found);
        }
    }
}

/// The articles of a file, by id, with their headlines: what a parser makes of it that nobody disturbs.
///
/// # Errors
/// When it is no text.
pub fn articles_of(id: &IssueId, entry: &Entry, bytes: &[u8]) -> Outcome<BTreeMap<String, Option<String>>> {
    let received = IssueReceived {
        id: id.clone(),
        file_name: Some(entry.file_name.clone()),
        publication: Some(entry.publication.parse()?),
        ..IssueReceived::of(bytes)
    };
    let extraction = extract(&Source { bytes, received: &received, revision: 1 })?;
    Ok(extraction.articles.into_iter().map(|article| (article.id.to_string(), article.headline)).collect())
}

/// What a receipt says that is not so; `articles` are in the version that counts.
fn wrong(entry: &Entry, receipt: Option<&Receipt>, articles: usize) -> Option<String> {
    let Some(receipt) = receipt else { return Some("there is none".into()) };
    if entry.withdrawn {
        let said = receipt.status;
        return (said != Stage::Withdrawn).then(|| format!("it was withdrawn, and is said to be {said:?}"));
    }
    let Some(indexed) = &receipt.indexed else { return Some("it does not say that the issue is indexed".into()) };
    let told = (receipt.status, (indexed.articles + indexed.failed) as usize);
    // Killed before it came in, it counts as failed; after it, nobody counts again.
    let failed = indexed.failed as usize <= entry.killed.len() && receipt.failed.is_empty();
    // The same file once more on the stream, under an id that the broker has forgotten, is a newer revision of it.
    let newest = indexed.revision >= receipt.received.revision;
    if told == (Stage::Indexed, articles) && newest && failed {
        return None;
    }
    Some(format!(
        "it says {:?}, revision {} of {}, {} articles, {} failed, {} failures; there are {articles} articles, {} killed",
        receipt.status,
        indexed.revision,
        receipt.received.revision,
        indexed.articles,
        indexed.failed,
        receipt.failed.len(),
        entry.killed.len()
    ))
}

/// Holds the ledger against what was found.
///
/// # Errors
/// When a file of the ledger cannot be read by the parser.
pub fn compare(
    ledger: &Ledger,
    found: &[Found],
    dead: &[DeadLetter],
    receipts: &HashMap<IssueId, Receipt>,
) -> Outcome<Verdict> {
    let mut verdict = Verdict { issues: ledger.accepted(), ..Verdict::default() };
    let mut by_issue: HashMap<&str, Vec<&Found>> = HashMap::new();
    for document in found {
        by_issue.entry(&document.issue).or_default().push(document);
    }
    let poisons: HashSet<&str> = ledger.poisons.iter().map(String::as_str).collect();
    let buried: HashSet<&str> = dead.iter().filter_map(|letter| letter.about.as_deref()).collect();
    let mut known = BTreeSet::new();
    for (index, entry) in &ledger.issues {
        let Some(id) = &entry.id else { continue };
        known.insert(id.as_str());
        let here = by_issue.get(id.as_str()).map_or(&[][..], Vec::as_slice);
        let mut expected = match entry.newest() {
            Some(newest) if !entry.withdrawn => articles_of(id, entry, &newest.bytes)?,
            _ => BTreeMap::new(),
        };
        let reason = wrong(entry, receipts.get(id), expected.len());
        verdict.receipts.extend(reason.map(|reason| format!("issue {index} {id}: {reason}")));
        if entry.withdrawn {
            verdict.withdrawn += 1;
        } else {
            verdict.killed += entry.killed.len();
        }
        expected.retain(|article, _| !entry.killed.contains(article));
        let mut seen: HashMap<&str, &Found> = HashMap::new();
        for document in here {
            if let Some(other) = seen.insert(&document.article, document) {
                verdict.doubled.push(format!("issue {index} {id}: {} and {}", other.key, document.key));
            }
            if !expected.contains_key(&document.article) {
                verdict.stale.push(format!("issue {index} {id}: {} {:?}", document.key, document.headline));
            }
        }
        for (article, headline) in &expected {
            match seen.get(article.as_str()) {
                Some(document) if document.headline == *headline => verdict.articles += 1,
                Some(document) => verdict.stale.push(format!(
                    "issue {index}: {article} has the headline {:?}, sent was {headline:?}",
                    document.headline
                )),
                None if buried.contains(article.as_str()) || buried.contains(id.as_str()) => {}
                None => verdict.lost.push(format!("issue {index} {id}: {article} {headline:?}, {} found", here.len())),
            }
        }
    }
    for (issue, documents) in by_issue {
        if !known.contains(issue) {
            verdict.stale.push(format!("issue {issue} was never accepted, {} documents", documents.len()));
        }
    }
    let mut met = HashSet::new();
    for letter in dead {
        if poisons.contains(letter.message_id.as_str()) {
            met.insert(letter.message_id.as_str());
            verdict.dead += 1;
        } else {
            verdict.misjudged.push(format!("{} by {}: {}", letter.message_id, letter.stage, letter.reason));
        }
    }
    verdict.misjudged.extend(poisons.difference(&met).map(|poison| format!("{poison} is no dead letter")));
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Version;
    use contract::receipt::{Indexed, Received};
    use generate::issue::Plan;

    type Receipts = HashMap<IssueId, Receipt>;

    fn indexed(id: &IssueId, articles: usize) -> Receipts {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let received = Received {
            at,
            file_name: None,
            bytes: 1,
            lane: contract::Lane::Live,
            publication: None,
            date: None,
            revision: 2,
            sha256: String::new(),
        };
        let indexed = Some(Indexed { at, revision: 2, articles: u32::try_from(articles).unwrap(), failed: 0 });
        let (failed, fence) = (Vec::new(), contract::Fence::default());
        let receipt =
            Receipt { id: id.clone(), status: Stage::Indexed, received, extracted: None, indexed, failed, fence };
        HashMap::from([(id.clone(), receipt)])
    }

    fn ledger() -> (Ledger, Vec<Found>, Receipts) {
        let plan = Plan { pages: Some(1), articles: Some(4), ..Plan::new(1, 1) };
        let mut ledger = Ledger::default();
        let versions = [1, 2].map(|revision| plan.issue(0, revision).text.into_bytes());
        let id = IssueId::of(b"x");
        let entry = Entry {
            publication: "title-001".into(),
            file_name: "a.txt".into(),
            id: Some(id.clone()),
            versions: versions.into_iter().map(|bytes| Version { bytes, accepted: true }).collect(),
            withdrawn: false,
            killed: BTreeSet::new(),
        };
        let articles = articles_of(&id, &entry, &entry.versions[1].bytes).unwrap();
        let receipts = indexed(&id, articles.len());
        let found = articles.into_iter().map(|(article, headline)| Found {
            key: article.clone(),
            article,
            issue: id.to_string(),
            headline,
        });
        let found = found.collect();
        ledger.issues.insert(0, entry);
        (ledger, found, receipts)
    }

    #[test]
    fn an_index_that_holds_the_newest_and_nothing_else_is_clean() {
        let (ledger, found, receipts) = ledger();
        let verdict = compare(&ledger, &found, &[], &receipts).unwrap();
        assert!(verdict.is_clean() && verdict.articles >= 4, "{}", verdict.words());
    }

    #[test]
    fn a_document_less_is_lost_one_twice_doubled_an_old_one_stale() {
        let (mut ledger, mut found, receipts) = ledger();
        let last = found.pop().unwrap();
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().lost.len(), 1);
        found.push(last.clone());
        found.push(Found { key: "another".into(), ..last });
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().doubled.len(), 1);
        found.pop();
        ledger.issues.get_mut(&0).unwrap().versions[1].accepted = false;
        let verdict = compare(&ledger, &found, &[], &receipts).unwrap();
        assert!(!verdict.stale.is_empty() && !verdict.lost.is_empty());
        ledger.issues.get_mut(&0).unwrap().withdrawn = true;
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().stale.len(), found.len());
    }

    #[test]
    fn a_dead_letter_explains_what_is_missing_and_must_have_a_cause() {
        let (mut ledger, mut found, receipts) = ledger();
        let gone = found.pop().unwrap();
        let letter = DeadLetter {
            stage: "indexer".into(),
            reason: "bad".into(),
            message_id: "m".into(),
            about: Some(gone.article),
        };
        let verdict = compare(&ledger, &found, std::slice::from_ref(&letter), &receipts).unwrap();
        assert_eq!((verdict.lost.len(), verdict.misjudged.len()), (0, 1));
        ledger.poisons.push("m".into());
        assert!(compare(&ledger, &found, &[letter], &receipts).unwrap().is_clean());
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().misjudged.len(), 1);
    }
    #[test]
    fn a_killed_article_may_not_be_found_and_a_receipt_says_what_is() {
        let (mut ledger, mut found, mut receipts) = ledger();
        let killed = found.pop().unwrap();
        let entry = ledger.issues.get_mut(&0).unwrap();
        entry.killed.insert(killed.article.clone());
        let id = entry.id.clone().unwrap();
        let verdict = compare(&ledger, &found, &[], &receipts).unwrap();
        assert!(verdict.is_clean() && verdict.killed == 1, "{}", verdict.words());
        found.push(killed);
        assert!(compare(&ledger, &found, &[], &receipts).unwrap().is_only_left_behind());
        found.pop();
        receipts.get_mut(&id).unwrap().indexed.as_mut().unwrap().articles -= 1;
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().receipts.len(), 1);
        receipts.clear();
        assert_eq!(compare(&ledger, &found, &[], &receipts).unwrap().receipts.len(), 1);
    }
}
