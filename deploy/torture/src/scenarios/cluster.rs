//! Three nodes with three copies of everything.

use std::time::Duration;

use super::while_sending;
use crate::Outcome;
use crate::line::Options;
use crate::rig::Rig;

const ISSUES: usize = 12;

pub(super) fn three(options: Options) -> Outcome<Options> {
    Ok(Options { nodes: 3, ..options })
}

/// Every node is killed once and stands still once, so whoever leads does, too.
pub(super) async fn nodes(rig: &Rig) -> Outcome<()> {
    let breaking = async {
        for node in 0..3 {
            rig.line.kill_nats(node, Duration::from_secs(1)).await?;
            rig.line.freeze_nats(node + 1, Duration::from_secs(3)).await;
        }
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}
