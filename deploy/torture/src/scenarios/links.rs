//! What stands between the parts.

use std::time::Duration;

use super::while_sending;
use crate::Outcome;
use crate::proxy::Mode;
use crate::rig::Rig;

const ISSUES: usize = 16;
const HOLDS: Duration = Duration::from_millis(700);

/// Every mode on every link, one after the other.
async fn each(rig: &Rig, modes: &[Mode]) -> Outcome<()> {
    let breaking = async {
        for mode in modes {
            for (_, link) in rig.line.links.all() {
                link.set(mode.clone());
                tokio::time::sleep(HOLDS).await;
                link.set(Mode::Open);
                link.cut();
            }
        }
        Ok(())
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

pub(super) async fn cut(rig: &Rig) -> Outcome<()> {
    each(rig, &[Mode::Refuse, Mode::HalfClose]).await
}

pub(super) async fn silent(rig: &Rig) -> Outcome<()> {
    each(rig, &[Mode::DropAnswers, Mode::Hang, Mode::Delay(Duration::from_millis(80))]).await
}
