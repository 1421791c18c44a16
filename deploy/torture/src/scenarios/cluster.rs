//! Three nodes with three copies of everything.

use std::time::Duration;

use contract::names::ISSUES as STREAM;

use super::{SETTLES_WITHIN, while_sending};
use crate::Outcome;
use crate::line::Options;
use crate::process::until;
use crate::rig::Rig;

const ISSUES: usize = 12;

pub(super) fn three(options: Options) -> Outcome<Options> {
    Ok(Options { nodes: 3, ..options })
}

/// Every node is killed once and stands still once, so whoever leads does, too.
pub(super) async fn nodes(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        for node in 0..3 {
            rig.line.nats.kill(node, Duration::from_secs(1)).await?;
            rig.line.nats.freeze(node + 1, Duration::from_secs(3)).await;
        }
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

/// The node that leads reaches no other one, though its clients reach it; the others choose another one, and then they meet again.
pub(super) async fn parted(rig: &Rig) -> Outcome<()> {
    let nats = &rig.line.nats;
    let breaking = async {
        let mut led = None;
        until("the stream has a leader", SETTLES_WITHIN, async || {
            led = nats.leader(0, STREAM).await;
            led.is_some()
        })
        .await?;
        let led = led.ok_or("no leader")?;
        let others = async {
            until("the others choose another leader", SETTLES_WITHIN, async || {
                nats.leader(led + 1, STREAM).await.is_some_and(|now| now != led)
            })
            .await
        };
        nats.part(led, others).await
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}
