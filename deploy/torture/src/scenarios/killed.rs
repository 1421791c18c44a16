//! Processes that are killed, or stand still.

use std::time::Duration;

use fastrand::Rng;

use super::while_sending;
use crate::Outcome;
use crate::fault::Fault;
use crate::rig::Rig;

const ISSUES: usize = 16;

async fn again_and_again(rig: &Rig, faults: &[Fault], times: usize, seed: u64) -> Outcome<()> {
    let breaking = async {
        let mut rng = Rng::with_seed(seed);
        for time in 0..times {
            tokio::time::sleep(Duration::from_millis(rng.u64(20..500))).await;
            faults[time % faults.len()].strike(rig, &mut rng).await?;
        }
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

pub(super) async fn intake(rig: &Rig) -> Outcome<()> {
    let dropped = async {
        for index in rig.fresh(4) {
            rig.drop_in(index).await?;
        }
        Ok(())
    };
    let (sent, dropped) = tokio::join!(again_and_again(rig, &[Fault::KillIntake], 4, 1), dropped);
    sent?;
    dropped
}

pub(super) async fn parsers(rig: &Rig) -> Outcome<()> {
    again_and_again(rig, &[Fault::KillParser], 4, 2).await
}

pub(super) async fn indexers(rig: &Rig) -> Outcome<()> {
    again_and_again(rig, &[Fault::KillIndexer], 4, 3).await
}

pub(super) async fn broker(rig: &Rig) -> Outcome<()> {
    again_and_again(rig, &[Fault::KillBroker], 5, 4).await
}

pub(super) async fn search(rig: &Rig) -> Outcome<()> {
    again_and_again(rig, &[Fault::KillSearch], 3, 5).await
}

pub(super) async fn frozen(rig: &Rig) -> Outcome<()> {
    again_and_again(rig, &[Fault::FreezeParser, Fault::FreezeIndexer], 2, 6).await
}
