//! What can go wrong, drawn from a seed and done to a running line.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::Lane;
use contract::names::{ARTICLES, ISSUES, Work};
use fastrand::Rng;

use crate::Outcome;
use crate::part::Kind;
use crate::proxy::{Mode, Proxy, Told, http};
use crate::rig::Rig;
use crate::trap::Side;

/// How long a moment is waited for that may not come.
const SPRINGS_WITHIN: Duration = Duration::from_secs(2);

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// kill -9 of intake.
    KillIntake,
    /// kill -9 of a parser.
    KillParser,
    /// kill -9 of an indexer.
    KillIndexer,
    /// kill -9 of the broker.
    KillBroker,
    /// kill -9 of the search engine.
    KillSearch,
    /// A parser stands still for longer than the broker waits, then goes on.
    FreezeParser,
    /// An indexer does.
    FreezeIndexer,
    /// intake does.
    FreezeIntake,
    /// intake is killed before or after it publishes an issue.
    KillIntakePublishing,
    /// Parsers are killed before or after one of them publishes an article.
    KillParserPublishing,
    /// Indexers are killed before or after one of them acks an article.
    KillIndexerAcking,
    /// Indexers are killed while the push of one is on its way, which comes in later.
    LatePush,
    /// All connections of a link are cut.
    Cut,
    /// A link refuses connections for a while.
    Refuse,
    /// A link is slow for a while.
    Delay,
    /// A link drops all answers for a while.
    DropAnswers,
    /// A link's clients are half closed for a while.
    HalfClose,
    /// A link takes everything and says nothing for a while.
    Hang,
    /// A durable is deleted by hand.
    DeleteDurable,
    /// A stream is full for a while.
    FullStream,
    /// The search engine's task queue is full for a while.
    SearchFull,
    /// The search engine answers 500 for a while.
    SearchFails,
    /// A proxy answers for the search engine, in HTML.
    SearchHtml,
    /// A message comes that is no article.
    PoisonArticle,
    /// A message comes that is no issue.
    PoisonIssue,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::KillIntake,
        Self::KillParser,
        Self::KillIndexer,
        Self::KillBroker,
        Self::KillSearch,
        Self::FreezeParser,
        Self::FreezeIndexer,
        Self::FreezeIntake,
        Self::KillIntakePublishing,
        Self::KillParserPublishing,
        Self::KillIndexerAcking,
        Self::LatePush,
        Self::Cut,
        Self::Refuse,
        Self::Delay,
        Self::DropAnswers,
        Self::HalfClose,
        Self::Hang,
        Self::DeleteDurable,
        Self::FullStream,
        Self::SearchFull,
        Self::SearchFails,
        Self::SearchHtml,
        Self::PoisonArticle,
        Self::PoisonIssue,
    ];

    /// Does it, and undoes it after a while.
    ///
    /// # Errors
    /// When what was broken does not come back. That a broker does not answer the hand that breaks it is no error: another
    /// fault may have been faster.
    pub async fn strike(self, rig: &Rig, rng: &mut Rng) -> Outcome<()> {
        let line = &rig.line;
        let down = Duration::from_millis(rng.u64(0..800));
        let longer = Duration::from_millis(rng.u64(300..2_000));
        let beyond = line.options.ack_wait + Duration::from_millis(rng.u64(300..1_500));
        let which = rng.usize(0..8);
        let link = line.links.all()[rng.usize(0..5)].1;
        let during = async |link: &Proxy, mode: Mode| {
            link.set(mode);
            tokio::time::sleep(longer).await;
            link.set(Mode::Open);
        };
        match self {
            Self::KillIntake => line.kill(Kind::Intake, 0, down).await?,
            Self::KillParser => line.kill(Kind::Parser, which, down).await?,
            Self::KillIndexer => line.kill(Kind::Indexer, which, down).await?,
            Self::KillSearch => line.kill(Kind::Search, 0, down).await?,
            Self::KillBroker => line.nats.kill(which, down).await?,
            Self::FreezeParser => line.freeze(Kind::Parser, which, beyond).await,
            Self::FreezeIndexer => line.freeze(Kind::Indexer, which, beyond).await,
            Self::FreezeIntake => line.freeze(Kind::Intake, 0, beyond).await,
            Self::KillIntakePublishing => {
                let words = "PUB pressline.issue.received.";
                kill_at(rig, rng, &line.links.intake, words, Kind::Intake).await?;
            }
            Self::KillParserPublishing => {
                let words = "PUB pressline.article.extracted.";
                kill_at(rig, rng, &line.links.parsers, words, Kind::Parser).await?;
            }
            Self::KillIndexerAcking => {
                let words = "PUB $JS.ACK.PRESSLINE_ARTICLES.indexer-";
                kill_at(rig, rng, &line.links.indexers, words, Kind::Indexer).await?;
            }
            Self::LatePush => {
                let trap = line.links.search.trap("POST /indexes/articles/documents?", 1, Side::Before);
                // Perhaps nothing is pushed now: then it is a kill like any other.
                let _ = tokio::time::timeout(SPRINGS_WITHIN, trap.sprung()).await;
                kill_all(rig, Kind::Indexer).await?;
                tokio::time::sleep(beyond).await;
                line.links.search.set(Mode::Open);
            }
            Self::Cut => link.cut(),
            Self::Refuse => during(link, Mode::Refuse).await,
            Self::Delay => during(link, Mode::Delay(Duration::from_millis(rng.u64(5..150)))).await,
            Self::DropAnswers => during(link, Mode::DropAnswers).await,
            Self::HalfClose => during(link, Mode::HalfClose).await,
            Self::Hang => during(link, Mode::Hang).await,
            Self::SearchFull => during(&line.links.search, full()).await,
            Self::SearchFails => during(&line.links.search, fails()).await,
            Self::SearchHtml => during(&line.links.search, html()).await,
            Self::DeleteDurable => {
                let work = Work::ALL[rng.usize(0..3)];
                let _ = rig.broker.delete_durable(work.stream(), &work.durable(Lane::Live)).await;
            }
            Self::FullStream => {
                let stream = if rng.bool() { ISSUES } else { ARTICLES };
                let _ = rig.broker.fill(stream).await;
                tokio::time::sleep(longer).await;
                rig.make_room(stream).await?;
            }
            Self::PoisonArticle => rig.poison(Work::Index, rng.u64(..)).await?,
            Self::PoisonIssue => rig.poison(Work::Parse, rng.u64(..)).await?,
        }
        Ok(())
    }
}

/// Kills all processes of a kind when one of them is about to say `words`, or has said them.
async fn kill_at(rig: &Rig, rng: &mut Rng, link: &Proxy, words: &str, kind: Kind) -> Outcome<()> {
    let side = if rng.bool() { Side::Before } else { Side::After };
    let trap = link.trap(words, rng.usize(1..12), side);
    let _ = tokio::time::timeout(SPRINGS_WITHIN, trap.sprung()).await;
    kill_all(rig, kind).await?;
    link.cut();
    link.set(Mode::Open);
    Ok(())
}

async fn kill_all(rig: &Rig, kind: Kind) -> Outcome<()> {
    for which in 0..rig.line.of(kind).len() {
        rig.line.kill(kind, which, Duration::ZERO).await?;
    }
    Ok(())
}

/// Meilisearch's answer when its task queue is full.
pub fn full() -> Mode {
    Mode::Answer(error("422 Unprocessable Entity", "no_space_left_on_device", "invalid_request"))
}

/// Meilisearch's answer when it fails.
pub fn fails() -> Mode {
    Mode::Answer(error("500 Internal Server Error", "internal", "internal"))
}

/// What stands in front of Meilisearch, when it finds nobody there.
pub fn html() -> Mode {
    Mode::Answer(http("502 Bad Gateway", "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"))
}

/// Meilisearch's answer to who asks for a task that it has lost.
pub fn forgets() -> Told {
    Told::new("GET /tasks/", error("404 Not Found", "task_not_found", "invalid_request"))
}

fn error(status: &str, code: &str, kind: &str) -> Vec<u8> {
    let body =
        format!(r#"{{"message":"as told","code":"{code}","type":"{kind}","link":"https://docs.meilisearch.com"}}"#);
    http(status, "application/json", &body)
}

/// How often each struck.
pub type Strikes = BTreeMap<Fault, u64>;
