//! The three walks: receipts, received files, documents.

use std::collections::BTreeMap;

use bus::Reading;
use contract::ledger::{ALL_RECEIVED, Ledger};
use contract::names::{self, Work};
use contract::{ArticleId, Head, IssueId};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::flow::Flow;
use super::judge::{Difference, Kind, Step, misplaced, step};
use crate::engine::Engine;
use crate::engines::Engines;
use crate::operator::{Operator, broker, ledger};
use crate::report::Problem;

/// Keys, messages, documents at once.
pub(super) const PAGE: usize = 500;
/// Issues looked at at once.
const AT_ONCE: usize = 16;
/// Keys of documents kept of one difference.
const SAMPLE: usize = 1_000;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    differences: BTreeMap<(Kind, IssueId), Difference>,
    most: usize,
    /// Differences beyond the bound.
    pub unlisted: u64,
    /// Issues looked at.
    pub issues: u64,
    /// Documents looked at.
    pub documents: u64,
    /// Issues that are not done yet.
    pub on_the_way: u64,
}

impl Found {
    /// Lists at most so many differences.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// All of them, by kind.
    pub fn differences(&self) -> Vec<Difference> {
        self.differences.values().cloned().collect()
    }

    fn add(&mut self, difference: Difference) {
        let key = (difference.kind, difference.issue.clone());
        if let Some(known) = self.differences.get_mut(&key) {
            known.count += difference.count;
            let room = SAMPLE.saturating_sub(known.documents.len());
            known.documents.extend(difference.documents.into_iter().take(room));
        } else if self.differences.len() < self.most {
            self.differences.insert(key, difference);
        } else {
            self.unlisted += 1;
        }
    }

    fn verdict(&mut self, verdict: Verdict) {
        self.issues += 1;
        match verdict {
            Verdict::Agrees => {}
            Verdict::OnItsWay => self.on_the_way += 1,
            Verdict::Differs(difference) => self.add(*difference),
        }
    }
}

enum Verdict {
    Agrees,
    OnItsWay,
    Differs(Box<Difference>),
}

fn difference(kind: Kind, issue: &IssueId, revision: u64, count: u64, detail: String) -> Difference {
    Difference {
        kind,
        issue: issue.clone(),
        revision: (revision > 0).then_some(revision),
        count,
        detail,
        documents: Vec::new(),
        sequence: None,
        repair: None,
    }
}

fn differs(found: Difference) -> Verdict {
    Verdict::Differs(Box::new(found))
}

/// Was each issue that intake accepted extracted, and are its articles in the index?
pub(super) async fn receipts(operator: &Operator, engines: &Engines, found: &mut Found) -> Result<(), Problem> {
    let mut reader = operator.bus.read_keys(names::RECEIPTS, ALL_RECEIVED);
    while let Some(keys) = reader.page(PAGE).await.map_err(broker)? {
        let flow = &Flow::now(operator).await?;
        let issues = keys.iter().filter_map(|(key, _)| key.split('.').next()?.parse::<IssueId>().ok());
        let verdicts: Vec<Verdict> = stream::iter(issues)
            .map(|issue| async move {
                let ledger = operator.receipts.ledger(&issue).await.map_err(ledger)?;
                let newest = ledger.received.as_ref().map_or(0, |received| received.revision);
                issue_stands(operator, engines.of(&issue), flow, &issue, &ledger, newest).await
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for verdict in verdicts {
            found.verdict(verdict);
        }
    }
    Ok(())
}

async fn issue_stands(
    operator: &Operator,
    engine: &Engine,
    flow: &Flow,
    issue: &IssueId,
    ledger: &Ledger,
    newest: u64,
) -> Result<Verdict, Problem> {
    let mut at = step(ledger, newest, false);
    if matches!(at, Step::Unread(_)) && given_up(operator, issue, newest).await? {
        at = step(ledger, newest, true);
    }
    Ok(match at {
        Step::Settled => Verdict::Agrees,
        Step::Unread(sequence) if flow.has_file(sequence) => Verdict::OnItsWay,
        Step::Unread(sequence) => unread(operator, issue, sequence).await?,
        Step::Open(_) if flow.has_articles() => Verdict::OnItsWay,
        Step::Open(revision) => {
            let detail = "its articles were found, and nobody says that they can be searched".to_owned();
            differs(difference(Kind::NotClosed, issue, revision, 1, detail))
        }
        Step::Closed { revision, articles } => {
            let filter = format!("issue_id = \"{issue}\" AND revision = {revision}");
            let there = engine.count(&operator.search.index, Some(&filter)).await?;
            let killed = ledger.fence.killed.len() as u64;
            match articles.saturating_sub(there + killed) {
                0 => Verdict::Agrees,
                // A replay writes the same documents again; a newer revision takes them out.
                _ if flow.has_articles() => Verdict::OnItsWay,
                missing => {
                    let detail = format!("{there} of {articles} are in the index");
                    differs(difference(Kind::ArticlesMissing, issue, revision, missing, detail))
                }
            }
        }
    })
}

async fn given_up(operator: &Operator, issue: &IssueId, revision: u64) -> Result<bool, Problem> {
    let failures = operator.receipts.failures(issue).await.map_err(ledger)?;
    let reader = Work::Parse.stage();
    Ok(failures.iter().any(|failed| {
        failed.article.is_none() && failed.stage == reader && (failed.revision == 0 || failed.revision >= revision)
    }))
}

async fn unread(operator: &Operator, issue: &IssueId, sequence: u64) -> Result<Verdict, Problem> {
    let there = operator.bus.message(names::ISSUES, sequence).await.map_err(broker)?.is_some();
    let mut one = match there {
        true => {
            let detail = "accepted, and neither extracted nor a dead letter".to_owned();
            difference(Kind::NotExtracted, issue, sequence, 1, detail)
        }
        false => {
            let detail = "accepted, not extracted, and its file is no longer kept: have it sent again".to_owned();
            difference(Kind::Lost, issue, sequence, 1, detail)
        }
    };
    one.sequence = Some(sequence);
    Ok(differs(one))
}

/// Has each file that came by another way than intake been read?
pub(super) async fn files(operator: &Operator, found: &mut Found) -> Result<(), Problem> {
    let mut reader = operator.bus.read(names::ISSUES, Reading { headers_only: true, ..Reading::default() });
    loop {
        let page = reader.page(PAGE).await.map_err(broker)?;
        if page.is_empty() {
            return Ok(());
        }
        let flow = &Flow::now(operator).await?;
        let oldest = flow.files().0;
        let heads = page
            .iter()
            .map(|message| (Head::of(message), message.stream_sequence))
            .filter(|(head, _)| head.replay.is_none() || head.revision.is_none_or(|revision| revision < oldest));
        let verdicts: Vec<Option<Verdict>> = stream::iter(heads)
            .map(|(head, sequence)| async move {
                let Some(issue) = head.issue() else { return Ok::<_, Problem>(None) };
                let ledger = operator.receipts.ledger(&issue).await.map_err(ledger)?;
                if ledger.received.is_some() {
                    // Seen by the first walk.
                    return Ok(None);
                }
                let revision = head.revision.unwrap_or(sequence);
                if !matches!(step(&ledger, revision, false), Step::Unread(_)) {
                    return Ok(Some(Verdict::Agrees));
                }
                if flow.has_file(sequence) {
                    return Ok(Some(Verdict::OnItsWay));
                }
                if given_up(operator, &issue, revision).await? {
                    return Ok(Some(Verdict::Agrees));
                }
                unread(operator, &issue, sequence).await.map(Some)
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for verdict in verdicts.into_iter().flatten() {
            found.verdict(verdict);
        }
    }
}

/// A document, as far as it says whose it is.
struct Document {
    key: String,
    article: ArticleId,
    issue: IssueId,
    revision: u64,
}

fn document(value: &Value) -> Option<Document> {
    let key = value["id"].as_str()?.to_owned();
    Some(Document {
        article: value["article_id"].as_str().unwrap_or(&key).parse().ok()?,
        issue: value["issue_id"].as_str()?.parse().ok()?,
        revision: value["revision"].as_u64().unwrap_or(0),
        key,
    })
}

/// May each document stand in the index?
pub(super) async fn documents(operator: &Operator, engines: &Engines, found: &mut Found) -> Result<(), Problem> {
    for (name, engine) in engines.each() {
        documents_of(operator, engines, name, engine, found).await?;
    }
    Ok(())
}

async fn documents_of(
    operator: &Operator,
    engines: &Engines,
    name: &str,
    engine: &Engine,
    found: &mut Found,
) -> Result<(), Problem> {
    let index = operator.search.index.as_str();
    let fields = ["id", "article_id", "issue_id", "revision"];
    let mut offset = 0;
    loop {
        let flow = Flow::now(operator).await?;
        let page = engine.documents(index, &json!({ "fields": fields, "offset": offset, "limit": PAGE })).await?;
        if page.results.is_empty() {
            return Ok(());
        }
        offset += page.results.len();
        found.documents += page.results.len() as u64;
        let documents: Vec<Document> = page.results.iter().filter_map(document).collect();
        let issues: BTreeMap<&IssueId, ()> = documents.iter().map(|document| (&document.issue, ())).collect();
        let ledgers: BTreeMap<&IssueId, Ledger> = stream::iter(issues.into_keys())
            .map(|issue| async move { operator.receipts.ledger(issue).await.map(|ledger| (issue, ledger)) })
            .buffered(AT_ONCE)
            .try_collect()
            .await
            .map_err(ledger)?;
        for Document { key, article, issue, revision } in &documents {
            let Some(ledger) = ledgers.get(issue) else { continue };
            let route = engines.route();
            let own = &route.names()[route.place(issue)];
            let elsewhere = (own != name).then_some(Kind::Elsewhere);
            let Some(mut kind) = misplaced(ledger, article, *revision).or(elsewhere) else { continue };
            // Purges on their way will take it.
            if flow.has_articles() {
                found.on_the_way += 1;
                continue;
            }
            let newest = ledger.fence.revision;
            if kind == Kind::Superseded && is_there(engine, index, &format!("{article}-{newest}")).await? {
                kind = Kind::Doubled;
            }
            let detail = match kind {
                Kind::Superseded => format!("of revision {revision}; revision {newest} is whole"),
                Kind::Doubled => format!("of revision {revision}, beside revision {newest}"),
                Kind::Withdrawn => "of an issue that was withdrawn".to_owned(),
                Kind::Elsewhere => format!("on server {name}; they belong on {own}"),
                Kind::Killed => format!("of an article that was killed: {article}"),
                _ => "of an issue that nothing is written of".to_owned(),
            };
            let mut one = difference(kind, issue, newest, 1, detail);
            one.documents.push(key.clone());
            found.add(one);
        }
    }
}

async fn is_there(engine: &Engine, index: &str, key: &str) -> Result<bool, Problem> {
    match engine.read(reqwest::Method::GET, &format!("/indexes/{index}/documents/{key}?fields=id"), None).await {
        Ok(_) => Ok(true),
        Err(fault) if fault.code.as_deref() == Some("document_not_found") => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}
