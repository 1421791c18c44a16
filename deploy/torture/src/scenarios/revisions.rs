//! Issues that are corrected, and issues that are taken back.

use std::time::Duration;

use contract::Lane;
use contract::names::{ARTICLES, ISSUES};
use futures::{StreamExt, TryStreamExt, stream};

use super::SETTLES_WITHIN;
use crate::Outcome;
use crate::mixed::{kill_and_send, withdraw_and_send};
use crate::part::Kind;
use crate::rig::Rig;
use crate::sender::Sent;

const ISSUES_AT_ONCE: usize = 6;
const REVISIONS: u64 = 3;

/// Workers that stand still hold old revisions while others handle the newer ones, and go on when these are through; then all
/// articles come once more, the newest first.
pub(super) async fn reversed(rig: &Rig) -> Outcome<()> {
    let beyond = rig.line.options.ack_wait + Duration::from_secs(1);
    let holding = async {
        rig.line.freeze(Kind::Parser, 0, beyond).await;
        rig.line.freeze(Kind::Indexer, 0, beyond).await;
        Ok(())
    };
    let one = |index| async move {
        for revision in 1..=REVISIONS {
            rig.send(index, revision, Lane::Live).await?;
        }
        Ok(())
    };
    let sending = stream::iter(rig.fresh(ISSUES_AT_ONCE)).map(one).buffer_unordered(ISSUES_AT_ONCE).try_collect::<()>();
    let both: Outcome<((), ())> = tokio::try_join!(holding, sending);
    both?;
    rig.settle(SETTLES_WITHIN).await?;
    rig.broker.send_stored_again(ARTICLES, 80).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// Withdrawn while it is sent again, sent once more, and all its events once more.
pub(super) async fn withdrawn(rig: &Rig) -> Outcome<()> {
    let issues = rig.fresh(4);
    rig.send_all(issues.clone()).await?;
    for index in issues.clone() {
        withdraw_and_send(rig, index, Lane::Live).await?;
    }
    rig.settle(SETTLES_WITHIN).await?;
    for index in issues {
        let entry = rig.attempt(index, 1);
        let (sent, _) = rig.sender.send(&entry, &entry.versions[0].bytes, Lane::Live).await?;
        if !matches!(sent, Sent::Refused(410, _)) {
            return Err(format!("a withdrawn issue was sent again and answered {sent:?}").into());
        }
    }
    rig.broker.send_stored_again(ARTICLES, 60).await?;
    rig.broker.send_stored_again(ISSUES, 8).await?;
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// Killed while a correction is sent, corrected once more, and all its articles once more.
pub(super) async fn killed(rig: &Rig) -> Outcome<()> {
    let issues = rig.fresh(3);
    rig.send_all(issues.clone()).await?;
    for index in issues.clone() {
        kill_and_send(rig, index, 2, Lane::Live, index).await?;
    }
    rig.settle(SETTLES_WITHIN).await?;
    for index in issues {
        rig.send(index, 1, Lane::Live).await?;
    }
    rig.settle(SETTLES_WITHIN).await?;
    rig.broker.send_stored_again(ARTICLES, 60).await?;
    let verdict = rig.settle(SETTLES_WITHIN).await?;
    if verdict.killed > 0 { Ok(()) } else { Err("nothing was killed".into()) }
}
