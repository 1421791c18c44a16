//! A search engine that does not take what it is given.

use std::time::Duration;

use contract::names::Work;

use super::while_sending;
use crate::Outcome;
use crate::fault::{fails, full, html};
use crate::proxy::Mode;
use crate::rig::Rig;

const ISSUES: usize = 12;

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
