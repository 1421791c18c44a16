//! A search engine that does not take what it is given.

use std::sync::Arc;
use std::time::Duration;

use contract::names::Work;

use super::while_sending;
use crate::Outcome;
use crate::fault::{fails, forgets as forgets_tasks, full, html};
use crate::process::until;
use crate::proxy::Mode;
use crate::rig::Rig;

const ISSUES: usize = 12;
const ASKED_WITHIN: Duration = Duration::from_secs(60);

pub(super) async fn refuses(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        for mode in [full(), fails(), html(), Mode::Hang] {
            rig.line.links.search.set(mode);
            rig.line.links.search.cut();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        rig.line.links.search.set(Mode::Open);
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

/// Often enough that every indexer has asked for a task in vain.
const FORGOTTEN: usize = 6;

pub(super) async fn forgets(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        let told = Arc::new(forgets_tasks());
        rig.line.links.search.set(Mode::Tell(told.clone()));
        rig.line.links.search.cut();
        until("tasks are asked for in vain", ASKED_WITHIN, async || told.times() >= FORGOTTEN).await?;
        rig.line.links.search.set(Mode::Open);
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

pub(super) async fn poison(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        for number in 0..3 {
            rig.poison(Work::Index, number).await?;
            rig.poison(Work::Parse, number).await?;
        }
        Ok(())
    };
    let verdict = while_sending(rig, ISSUES, breaking).await?;
    if verdict.dead < 6 { Err(format!("6 poisons, {}", verdict.words()).into()) } else { Ok(()) }
}
