//! From the stream of articles into an index, page by page, as the indexer would: what the fence keeps out stays out, and
//! what it keeps out later leaves by the event that says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bus::{Incoming, Reader, Reading};
use contract::event::decode;
use contract::ledger::Ledger;
use contract::names::{self, Work};
use contract::{Article, EventKind, Excluded, Head, IssueId, Manifest};
use futures::future::join_all;
use futures::{StreamExt, TryStreamExt, stream};
use indexer::document::{Document, from_article};
use indexer::meilisearch::Meilisearch;
use indexer::settings::{BatchSettings, Search};
use indexer::sink::Which;
use indexer::writer::{Pace, Verdict, Writer};
use tokio_util::sync::CancellationToken;

use crate::engines::Engines;
use crate::operator::{Operator, broker, ledger};
use crate::report::Problem;

/// Messages in one page, with their articles.
const PAGE: usize = 500;
/// Ledgers read at once.
const AT_ONCE: usize = 16;

/// Fills one index.
pub struct Filler<'a> {
    operator: &'a Operator,
    engines: &'a Engines,
    index: String,
    /// One for each engine.
    writers: Vec<Writer<Meilisearch>>,
    reader: Reader,
    limit: usize,
    /// Issues of which an older revision was written because the newer one was not whole.
    older: BTreeSet<IssueId>,
}

/// What one page brought.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Messages read; 0 means that there is no more at this moment.
    pub read: usize,
    /// Documents written.
    pub written: u64,
    /// Documents that the engine refused.
    pub refused: u64,
}

impl<'a> Filler<'a> {
    /// Fills `index` with what the stream of articles holds from `from` on. Stopping ends the waiting for an engine that is
    /// away.
    pub fn new(
        operator: &'a Operator,
        engines: &'a Engines,
        index: &str,
        from: u64,
        stop: CancellationToken,
    ) -> Result<Self, Problem> {
        let search = Search { index: index.to_owned(), ..operator.search.clone() };
        let pace = Pace {
            min: std::time::Duration::from_millis(search.retry_min_ms),
            max: std::time::Duration::from_millis(search.retry_max_ms),
        };
        let (metrics, _) = indexer::metrics::Metrics::new();
        let writer = |search: &Search| -> Result<_, Problem> {
            let sink = Arc::new(sink(search)?);
            Ok(Writer::new(sink, pace, runtime::Health::default(), metrics.clone(), stop.clone()))
        };
        let writers = search.each().iter().map(writer).collect::<Result<_, _>>()?;
        let subjects = [Work::Index, Work::Close, Work::Remove].into_iter().flat_map(Work::subjects).collect();
        let reader = operator.bus.read(names::ARTICLES, Reading { subjects, from, ..Reading::default() });
        let limit = BatchSettings::default().document_bytes;
        Ok(Self { operator, engines, index: index.to_owned(), writers, reader, limit, older: BTreeSet::new() })
    }

    /// The next place that is to be read.
    pub fn place(&self) -> u64 {
        self.reader.place()
    }

    /// Reads one page and returns when all of it is in the index, or out of it.
    pub async fn page(&mut self) -> Result<Filled, Problem> {
        let page = self.reader.page(PAGE).await.map_err(broker)?;
        let heads: Vec<Head> = page.iter().map(Head::of).collect();
        let issues: BTreeSet<IssueId> = heads.iter().filter_map(Head::issue).collect();
        let ledgers = self.ledgers(&issues).await?;
        let mut filled = Filled { read: page.len(), ..Filled::default() };
        let mut start = 0;
        for (at, head) in heads.iter().enumerate() {
            // A stored issue handled again may have been found to hold other articles: those that its manifest does not name
            // leave when it comes, and those that come after it stay.
            let found_again = head.kind == Some(EventKind::IssueExtracted) && head.replay.is_some();
            if found_again || at + 1 == heads.len() {
                self.write(&page[start..=at], &heads[start..=at], &ledgers, &mut filled).await?;
                start = at + 1;
            }
            if found_again {
                self.purge_unnamed(&page[at]).await?;
            }
        }
        self.purge(&heads).await?;
        Ok(filled)
    }

    /// Writes the documents of a part of a page.
    async fn write(
        &mut self,
        page: &[Incoming],
        heads: &[Head],
        ledgers: &BTreeMap<IssueId, Ledger>,
        filled: &mut Filled,
    ) -> Result<(), Problem> {
        let mut parts: Vec<Vec<Document>> = self.writers.iter().map(|_| Vec::new()).collect();
        for document in self.documents(page, heads, ledgers).await? {
            parts[self.engines.route().place(&document.issue)].push(document);
        }
        let parts = self.writers.iter().zip(&parts).filter(|(_, part)| !part.is_empty());
        let verdicts = join_all(parts.map(|(writer, part)| writer.write(part))).await;
        for verdict in verdicts.into_iter().flatten() {
            match verdict {
                Verdict::Written => filled.written += 1,
                // What the fence keeps out was left out before, or leaves below.
                Verdict::Excluded(_) => {}
                Verdict::Bad(_) | Verdict::Failing(_) => filled.refused += 1,
                Verdict::Stopped => return Err(Problem::unavailable("stopped before the page was written")),
            }
        }
        Ok(())
    }

    /// Takes out what stands in the manifest's revision and not in the manifest.
    async fn purge_unnamed(&self, message: &Incoming) -> Result<(), Problem> {
        let Ok((manifest, _)) = decode::<Manifest>(message) else { return Ok(()) };
        let unnamed = Which::Besides(manifest.revision, &manifest.articles).filter(&manifest.issue.id);
        let engine = self.engines.of(&manifest.issue.id);
        if engine.count(&self.index, Some(&unnamed)).await? > 0 {
            engine.purge(&self.index, &unnamed).await?;
        }
        Ok(())
    }

    async fn ledgers(&self, issues: &BTreeSet<IssueId>) -> Result<BTreeMap<IssueId, Ledger>, Problem> {
        stream::iter(issues.iter().cloned())
            .map(|issue| async move { self.operator.receipts.ledger(&issue).await.map(|ledger| (issue, ledger)) })
            .buffered(AT_ONCE)
            .try_collect()
            .await
            .map_err(ledger)
    }

    /// The documents of a page, but for those that the fence keeps out.
    async fn documents(
        &mut self,
        page: &[Incoming],
        heads: &[Head],
        ledgers: &BTreeMap<IssueId, Ledger>,
    ) -> Result<Vec<Document>, Problem> {
        let mut wanted = Vec::new();
        for (message, head) in page.iter().zip(heads) {
            if head.kind != Some(EventKind::ArticleExtracted) {
                continue;
            }
            // What cannot be decoded became a dead letter when it came.
            let Ok((article, _)) = decode::<Article>(message) else { continue };
            let issue = &article.issue.id;
            if let Some(ledger) = ledgers.get(issue) {
                match ledger.fence.excludes_article(&article.id, article.revision) {
                    Some(Excluded::Withdrawn | Excluded::Killed) => continue,
                    Some(Excluded::Superseded) if is_whole(ledger) => continue,
                    Some(Excluded::Superseded) => {
                        self.older.insert(issue.clone());
                    }
                    None => {}
                }
            }
            wanted.push(article);
        }
        let limit = self.limit;
        // Cutting Chinese into words is work, not waiting.
        tokio::task::spawn_blocking(move || {
            wanted.iter().filter_map(|article| from_article(article, limit).ok()).collect()
        })
        .await
        .map_err(|fault| Problem::internal(fault.to_string()))
    }

    /// Takes out what an event of the page, or a newer revision that is whole by now, has made too much.
    async fn purge(&mut self, heads: &[Head]) -> Result<(), Problem> {
        let closed = |head: &&Head| head.kind == Some(EventKind::IssueExtracted);
        let removed = |head: &&Head| matches!(head.kind, Some(EventKind::IssueWithdrawn | EventKind::ArticleKilled));
        let changed: BTreeSet<IssueId> =
            heads.iter().filter(|head| closed(head) || removed(head)).filter_map(Head::issue).collect();
        let whole: BTreeSet<(IssueId, u64)> =
            heads.iter().filter(closed).filter_map(|head| Some((head.issue()?, head.revision?))).collect();
        let all: BTreeSet<IssueId> = changed.union(&self.older).cloned().collect();
        for (issue, ledger) in self.ledgers(&all).await? {
            let (fence, engine) = (&ledger.fence, self.engines.of(&issue));
            if fence.withdrawn.is_some() {
                engine.purge(&self.index, &format!("issue_id = \"{issue}\"")).await?;
                continue;
            }
            let newest = fence.revision;
            if is_whole(&ledger) || whole.contains(&(issue.clone(), newest)) {
                if newest > 0 {
                    let older = format!("issue_id = \"{issue}\" AND revision < {newest}");
                    if engine.count(&self.index, Some(&older)).await? > 0 {
                        engine.purge(&self.index, &older).await?;
                    }
                }
                self.older.remove(&issue);
            }
            for article in fence.killed.keys() {
                let killed = format!("issue_id = \"{issue}\" AND article_id = \"{article}\"");
                engine.purge(&self.index, &killed).await?;
            }
        }
        Ok(())
    }
}

/// The revision that counts has been closed: nothing of an older one is needed.
fn is_whole(ledger: &Ledger) -> bool {
    ledger.indexed.as_ref().is_some_and(|indexed| indexed.revision >= ledger.fence.revision)
}

/// The indexer's own sink for an index of the one server that these settings name.
pub fn sink(search: &Search) -> Result<Meilisearch, Problem> {
    let key = search.key().map_err(Problem::settings)?;
    Meilisearch::new(search, key.as_deref()).map_err(Problem::settings)
}
