//! Killed at one moment and no other: between what two parts say to each other.

use std::time::Duration;

use contract::{IssueId, Lane};

use super::SETTLES_WITHIN;
use crate::line::Options;
use crate::part::Kind;
use crate::process::until;
use crate::proxy::{Mode, Proxy};
use crate::rig::Rig;
use crate::trap::Side;
use crate::{Outcome, audit};

const SPRINGS_WITHIN: Duration = Duration::from_secs(60);
/// What is in the engine's index is asked for by this.
const PUSH: &str = "POST /indexes/articles/documents?";
const ACK: &str = "PUB $JS.ACK.PRESSLINE_ARTICLES.indexer-live.";
const RECEIVED: &str = "PUB pressline.issue.received.";
/// Longer than the broker remembers ids, on this line.
const FORGOTTEN: Duration = Duration::from_secs(3);

/// One of each, which publishes one article after the other; the broker soon forgets ids.
pub(super) fn one_by_one(options: Options) -> Outcome<Options> {
    let duplicate_window = FORGOTTEN - Duration::from_secs(1);
    Ok(Options { parsers: 1, indexers: 1, publishing: 1, duplicate_window, ..options })
}

/// A moment in which a process is killed.
struct Moment<'a> {
    link: &'a Proxy,
    words: String,
    nth: usize,
    side: Side,
    kind: Kind,
    down: Duration,
}

impl Moment<'_> {
    /// Kills in that moment, while `work` brings it about; `look` is asked just before.
    async fn strike(
        &self,
        rig: &Rig,
        work: impl Future<Output = Outcome<()>>,
        look: impl AsyncFnOnce() -> Outcome<()>,
    ) -> Outcome<()> {
        let trap = self.link.trap(self.words.clone(), self.nth, self.side);
        let striking = async {
            let sprung = tokio::time::timeout(SPRINGS_WITHIN, trap.sprung()).await;
            sprung.map_err(|_| format!("nobody said `{}` {} times", self.words, self.nth))?;
            look().await?;
            let meanwhile = async {
                // What was held back is lost with who said it.
                self.link.cut();
                self.link.set(Mode::Open);
                tokio::time::sleep(self.down).await;
            };
            rig.line.kill_and(self.kind, 0, meanwhile).await
        };
        let both: Outcome<((), ())> = tokio::try_join!(striking, work);
        both.map(drop)
    }
}

pub(super) async fn intake(rig: &Rig) -> Outcome<()> {
    let receipt = ".received ";
    let moments = [
        (RECEIVED, Side::Before, Duration::ZERO),
        (RECEIVED, Side::After, Duration::ZERO),
        // Between ack and rename: the broker has the issue and its receipt, the file lies where it was dropped.
        (receipt, Side::Before, Duration::ZERO),
        (receipt, Side::After, Duration::ZERO),
        // The broker has forgotten its id by the time it comes again.
        (RECEIVED, Side::After, FORGOTTEN),
    ];
    for (words, side, down) in moments {
        let link = &rig.line.links.intake;
        let moment = Moment { link, words: words.into(), nth: 1, side, kind: Kind::Intake, down };
        let index = rig.fresh(1).start;
        let issue = rig.plan.issue(index, 1);
        let path = rig.line.drop_folder.join("incoming").join(&issue.title).join(&issue.file_name);
        let still_there = async || {
            if path.exists() { Ok(()) } else { Err(format!("{words} {side:?}: moved before it was safe").into()) }
        };
        moment.strike(rig, rig.drop_in(index), still_there).await?;
    }
    let index = rig.fresh(1).start;
    let text = rig.plan.issue(index, 1).text;
    let end: String = text.trim_end().chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    let link = &rig.line.links.senders;
    let moment = Moment { link, words: end, nth: 1, side: Side::Before, kind: Kind::Intake, down: Duration::ZERO };
    moment.strike(rig, rig.send(index, 1, Lane::Live), async || Ok(())).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// How many articles a parser makes of an issue.
fn articles(rig: &Rig, index: usize) -> Outcome<usize> {
    let entry = rig.planned(index, 1);
    Ok(audit::articles_of(&IssueId::of(b"any"), &entry, &entry.versions[0].bytes)?.len())
}

pub(super) async fn parser(rig: &Rig) -> Outcome<()> {
    for side in [Side::Before, Side::After] {
        for part in 0..5 {
            let index = rig.fresh(1).start;
            let issue = rig.plan.issue(index, 1);
            let (title, last) = (issue.title, articles(rig, index)?);
            // By its title, so that an issue before it, which is read again, does not count.
            let article = format!("PUB pressline.article.extracted.live.{title} ");
            let (words, nth) = match part {
                0 => (article, 1),
                1 => (article, last.div_ceil(2)),
                2 => (article, last),
                3 => (format!("PUB pressline.issue.extracted.live.{title} "), 1),
                _ => (".extracted ".into(), 1),
            };
            let link = &rig.line.links.parsers;
            let moment = Moment { link, words, nth, side, kind: Kind::Parser, down: Duration::ZERO };
            moment.strike(rig, rig.send(index, 1, Lane::Live), async || Ok(())).await?;
        }
    }
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

pub(super) async fn indexer(rig: &Rig) -> Outcome<()> {
    let (search, broker) = (&rig.line.links.search, &rig.line.links.indexers);
    let moments = [
        (search, PUSH, Side::Before),
        (search, PUSH, Side::After),
        // Between task and ack.
        (broker, ACK, Side::Before),
        (broker, ACK, Side::After),
    ];
    for (link, words, side) in moments {
        let moment = Moment { link, words: words.into(), nth: 1, side, kind: Kind::Indexer, down: Duration::ZERO };
        let index = rig.fresh(1).start;
        let found = async || {
            if words != ACK {
                return Ok(());
            }
            until("what is about to be acked is found", SPRINGS_WITHIN, async || {
                let id = rig.ledger().issues.get(&index).and_then(|entry| entry.id.clone());
                let found = audit::documents(&rig.line).await.unwrap_or_default();
                id.is_some_and(|id| found.iter().any(|document| document.issue == id.as_str()))
            })
            .await
        };
        moment.strike(rig, rig.send(index, 1, Lane::Live), found).await?;
        rig.settle(SETTLES_WITHIN).await?;
    }
    Ok(())
}

/// An indexer dies while its push is on the way; its articles are settled by another, a correction replaces them, and then the
/// push comes in.
pub(super) async fn late_push(rig: &Rig) -> Outcome<()> {
    let index = rig.fresh(1).start;
    let link = &rig.line.links.search;
    let trap = link.trap(PUSH, 1, Side::Before);
    rig.send(index, 1, Lane::Live).await?;
    tokio::time::timeout(SPRINGS_WITHIN, trap.sprung()).await.map_err(|_| "nothing was pushed")?;
    rig.line.kill(Kind::Indexer, 0, Duration::ZERO).await?;
    rig.quiet(SETTLES_WITHIN).await?;
    rig.send(index, 2, Lane::Live).await?;
    rig.quiet(SETTLES_WITHIN).await?;
    let before = audit::documents(&rig.line).await?;
    link.set(Mode::Open);
    until("the late push comes in", SPRINGS_WITHIN, async || {
        let stale = audit::documents(&rig.line).await.is_ok_and(|now| now.iter().any(|one| !before.contains(one)));
        // It may be swept out before anybody looks.
        stale || rig.line.last_words().await.contains("came in late")
    })
    .await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}
