//! Whatever is interleaved with whatever, the index ends with what the fence lets in and nothing else.
//!
//! An engine and fences in memory, each call of which gives way to all others a drawn number of times before and after it
//! takes effect: revisions are published, written by two indexers, delivered twice, cut off before their second look,
//! closed, killed and withdrawn at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;
use contract::{ArticleId, Excluded, Tombstone};
use futures::future::{BoxFuture, join_all};
use proptest::prelude::*;

use super::*;
use crate::document::id_of;
use crate::http::CallError;
use crate::sink::{Purge, Which, WriteError};
use crate::writer::Pace;

/// The engine and the fence of the one issue there is.
struct World {
    documents: Mutex<BTreeMap<String, (ArticleId, u64)>>,
    fence: Mutex<Fence>,
    delays: Vec<u8>,
    calls: Mutex<usize>,
}

impl World {
    /// Lets the others go first, as often as it was drawn.
    async fn stumble(&self) {
        let call = {
            let mut calls = self.calls.lock().unwrap();
            *calls += 1;
            *calls
        };
        for _ in 0..self.delays[call % self.delays.len()] {
            tokio::task::yield_now().await;
        }
    }

    fn documents(&self) -> MutexGuard<'_, BTreeMap<String, (ArticleId, u64)>> {
        self.documents.lock().unwrap()
    }

    async fn change<T>(&self, change: impl FnOnce(&mut Fence) -> T) -> T {
        self.stumble().await;
        let changed = change(&mut self.fence.lock().unwrap());
        self.stumble().await;
        changed
    }
}

struct Engine(Arc<World>);

fn names(purge: &Purge, article: &ArticleId, revision: u64) -> bool {
    match purge {
        Purge::Issue(_) => true,
        Purge::Before(_, newest) => revision < *newest,
        Purge::Besides(_, of, articles) => revision == *of && !articles.contains(article),
        Purge::Article(killed) => article == killed,
        Purge::Any(purges) => purges.iter().any(|purge| names(purge, article, revision)),
    }
}

impl Sink for Engine {
    async fn write(&self, documents: &[Document]) -> Result<(), WriteError> {
        self.0.stumble().await;
        let entries = documents.iter().map(|one| (one.id.clone(), (one.article.clone(), one.revision)));
        self.0.documents().extend(entries);
        self.0.stumble().await;
        Ok(())
    }

    async fn delete(&self, ids: &[String]) -> Result<(), WriteError> {
        self.0.stumble().await;
        self.0.documents().retain(|id, _| !ids.contains(id));
        self.0.stumble().await;
        Ok(())
    }

    async fn purge(&self, purge: &Purge) -> Result<(), WriteError> {
        self.0.stumble().await;
        self.0.documents().retain(|_, (article, revision)| !names(purge, article, *revision));
        self.0.stumble().await;
        Ok(())
    }

    async fn stand(&self, purge: &Purge) -> Result<u64, CallError> {
        let documents = self.0.documents();
        Ok(documents.values().filter(|(article, revision)| names(purge, article, *revision)).count() as u64)
    }

    async fn count(&self, _: &IssueId, which: Which<'_>) -> Result<u64, CallError> {
        self.0.stumble().await;
        let is = |article: &ArticleId, revision: u64| match which {
            Which::Of(wanted) => revision == wanted,
            Which::Before(newest) => revision < newest,
            Which::Among(wanted, articles) => revision == wanted && articles.contains(article),
            Which::Besides(wanted, articles) => revision == wanted && !articles.contains(article),
        };
        let count = self.0.documents().values().filter(|(article, revision)| is(article, *revision)).count();
        self.0.stumble().await;
        Ok(count as u64)
    }
}

struct Shared(Arc<World>);

impl Fences for Shared {
    async fn fence(&self, _: &IssueId) -> Result<Fence, ReceiptError> {
        Ok(self.0.change(|fence| fence.clone()).await)
    }
}

fn issue() -> IssueId {
    IssueId::of(b"issue")
}

fn document(number: u32, revision: u64) -> Document {
    let article = ArticleId::of(&issue(), "", number);
    Document { id: id_of(&article, revision), issue: issue(), json: Bytes::new(), cut: false, article, revision }
}

fn tombstone() -> Tombstone {
    Tombstone { at: jiff::Timestamp::UNIX_EPOCH, reason: "test".into() }
}

/// One service, as far as it touches index and fence.
struct Hands {
    world: Arc<World>,
    fenced: Fenced<Engine, Shared>,
    writer: Arc<Writer<Engine>>,
}

impl Hands {
    fn new(world: &Arc<World>) -> Self {
        let pace = Pace { min: Duration::ZERO, max: Duration::ZERO };
        let (metrics, stop) = (Metrics::new().0, CancellationToken::new());
        let health = runtime::Health::of(&[]);
        let sink = Arc::new(Engine(world.clone()));
        let writer = Arc::new(Writer::new(sink, pace, health, metrics.clone(), stop.clone()));
        let fenced = Fenced::new(writer.clone(), Shared(world.clone()), metrics, stop);
        Self { world: world.clone(), fenced, writer }
    }

    async fn excluded(&self, revision: u64) -> bool {
        self.world.change(|fence| fence.excludes(revision)).await.is_some()
    }

    /// As the parser does, and then each article as an indexer does.
    async fn publish(&self, documents: Vec<Document>, revision: u64, cut_off: bool, raises: bool) {
        if self.excluded(revision).await {
            return;
        }
        if raises {
            self.world.change(|fence| fence.raise(revision)).await;
        }
        if cut_off {
            // An indexer that dies before its second look; the delivery after that is whole.
            let _ = Engine(self.world.clone()).write(&documents).await;
        }
        for verdict in self.fenced.write(documents).await {
            assert!(matches!(verdict, Verdict::Written | Verdict::Excluded(_)), "{verdict:?}");
        }
    }

    /// As the closer does.
    async fn close(&self, revision: u64, articles: &BTreeSet<u32>) {
        loop {
            let fence = self.world.change(|fence| fence.clone()).await;
            if fence.excludes(revision).is_some() {
                return;
            }
            let killed = |number: &&u32| fence.killed.contains_key(&document(**number, revision).article);
            let given_up = articles.iter().filter(killed).count() as u64;
            let found = Engine(self.world.clone()).count(&issue(), Which::Of(revision)).await.unwrap();
            if found + given_up >= articles.len() as u64 {
                break;
            }
        }
        self.world.change(|fence| fence.raise(revision)).await;
        if self.excluded(revision).await {
            return;
        }
        if Engine(self.world.clone()).count(&issue(), Which::Before(revision)).await.unwrap() > 0 {
            self.writer.purge(&Purge::Before(issue(), revision)).await;
        }
    }

    /// As the remover does.
    async fn kill(&self, number: u32) {
        let article = document(number, 0).article;
        self.world.change(|fence| fence.kill(&article, tombstone())).await;
        self.writer.purge(&Purge::Article(article)).await;
    }

    async fn withdraw(&self) {
        self.world.change(|fence| fence.withdraw(tombstone())).await;
        self.writer.purge(&Purge::Issue(issue())).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_index_ends_with_what_the_fence_lets_in_and_nothing_else(
        revisions in proptest::collection::vec(proptest::collection::btree_set(0u32..5, 0..5), 1..4),
        killed in proptest::option::of(0u32..5),
        withdrawn in proptest::bool::weighted(0.2),
        cut_off in any::<[bool; 3]>(),
        twice in any::<[bool; 3]>(),
        raises: bool,
        delays in proptest::collection::vec(0u8..9, 1..40),
    ) {
        let world = Arc::new(World {
            documents: Mutex::default(),
            fence: Mutex::default(),
            delays,
            calls: Mutex::default(),
        });
        let indexers = [Hands::new(&world), Hands::new(&world)];
        let of = |at: usize| -> Vec<Document> {
            revisions[at].iter().map(|number| document(*number, at as u64 + 1)).collect()
        };
        let mut work: Vec<BoxFuture<'_, ()>> = Vec::new();
        for (at, articles) in revisions.iter().enumerate() {
            let revision = at as u64 + 1;
            work.push(Box::pin(indexers[at % 2].publish(of(at), revision, cut_off[at], raises)));
            if twice[at] {
                work.push(Box::pin(indexers[(at + 1) % 2].publish(of(at), revision, false, raises)));
            }
            work.push(Box::pin(indexers[(at + 1) % 2].close(revision, articles)));
        }
        if let Some(number) = killed {
            work.push(Box::pin(indexers[0].kill(number)));
        }
        if withdrawn {
            work.push(Box::pin(indexers[1].withdraw()));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(20), join_all(work)).await.expect("everything ends");
        });
        let newest = revisions.len() - 1;
        let mut wanted: BTreeSet<String> = of(newest)
            .into_iter()
            .filter(|document| killed.is_none_or(|number| document.article != self::document(number, 0).article))
            .map(|document| document.id)
            .collect();
        if withdrawn {
            wanted.clear();
        }
        let found: BTreeSet<String> = world.documents().keys().cloned().collect();
        prop_assert_eq!(found, wanted);
        let fence = world.fence.lock().unwrap();
        prop_assert_eq!(fence.excludes(newest as u64), withdrawn.then_some(Excluded::Withdrawn).or(Some(Excluded::Superseded)));
    }
}
