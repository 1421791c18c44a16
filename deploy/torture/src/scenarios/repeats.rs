//! The same thing twice, or ten times.

use contract::Lane;
use contract::names::{ARTICLES, ISSUES};

use super::SETTLES_WITHIN;
use crate::Outcome;
use crate::mixed::crowd;
use crate::rig::Rig;

pub(super) async fn ten_senders(rig: &Rig) -> Outcome<()> {
    for index in rig.fresh(3) {
        crowd(rig, index, Lane::Live).await?;
    }
    rig.settle(SETTLES_WITHIN).await.map(drop)
}

/// What the broker has of them is published once more under new ids, which is what happens when its memory of ids has ended;
/// and a sender sends once more what it sent.
pub(super) async fn sent_again(rig: &Rig) -> Outcome<()> {
    let issues = rig.fresh(4);
    rig.send_all(issues.clone()).await?;
    let before = rig.settle(SETTLES_WITHIN).await?;
    rig.broker.send_stored_again(ARTICLES, 30).await?;
    rig.broker.send_stored_again(ISSUES, 6).await?;
    for index in issues {
        rig.send(index, 1, Lane::Live).await?;
    }
    let after = rig.settle(SETTLES_WITHIN).await?;
    if before.articles == after.articles {
        return Ok(());
    }
    Err(format!("before: {}\nafter: {}", before.words(), after.words()).into())
}
