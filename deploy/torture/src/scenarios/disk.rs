//! Disks that are full for a while, and disks whose power is cut.

use std::time::Duration;

use super::{SETTLES_WITHIN, while_sending};
use crate::Outcome;
use crate::line::Options;
use crate::mount::{Mounted, disk, small};
use crate::part::Kind;
use crate::rig::Rig;

const ISSUES: usize = 12;
const BROKER_MEGABYTES: u32 = 48;
const SEARCH_MEGABYTES: u32 = 160;
const DISK_MEGABYTES: u64 = 256;

/// The broker's data on a small file system in memory.
pub(super) fn small_broker(options: Options) -> Outcome<Options> {
    Ok(Options { broker_folder: Some(small(BROKER_MEGABYTES)?), ..options })
}

/// The search engine's.
pub(super) fn small_search(options: Options) -> Outcome<Options> {
    Ok(Options { search_folder: Some(small(SEARCH_MEGABYTES)?), ..options })
}

pub(super) async fn broker_full(rig: &Rig) -> Outcome<()> {
    let folder = rig.line.options.broker_folder.clone().ok_or("the line has no small disk")?;
    let mounted = Mounted::at(folder);
    let before = rig.ledger().retries;
    let breaking = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        mounted.fill()?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        mounted.make_room()?;
        // A broker that met a full disk may want an operator to start it again.
        rig.line.nats.kill(0, Duration::from_millis(100)).await
    };
    while_sending(rig, ISSUES, breaking).await?;
    if rig.ledger().retries > before { Ok(()) } else { Err("no sender was told to wait".into()) }
}

pub(super) async fn search_full(rig: &Rig) -> Outcome<()> {
    let folder = rig.line.options.search_folder.clone().ok_or("the line has no small disk")?;
    let mounted = Mounted::at(folder);
    rig.send_all(rig.fresh(2)).await?;
    rig.quiet(SETTLES_WITHIN).await?;
    let breaking = async {
        mounted.fill()?;
        let (before, _) = rig.broker.waiting().await?;
        crate::process::until("articles wait for the engine", SETTLES_WITHIN, async || {
            rig.broker.waiting().await.is_ok_and(|(waiting, _)| waiting > before)
        })
        .await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        mounted.make_room()?;
        rig.line.kill(Kind::Search, 0, Duration::from_millis(100)).await
    };
    while_sending(rig, ISSUES, breaking).await.map(drop)
}

/// As it is shipped: every ack on the disk.
pub(super) fn keeps_at_once(options: Options) -> Outcome<Options> {
    Ok(Options { broker_folder: Some(disk(DISK_MEGABYTES)?), ..options })
}

/// As nats-server comes: later.
pub(super) fn keeps_later(options: Options) -> Outcome<Options> {
    Ok(Options { sync_interval: "10m".into(), ..keeps_at_once(options)? })
}

/// Issues are accepted that nobody handles yet, and then the power is gone.
async fn power_cut(rig: &Rig) -> Outcome<()> {
    let folder = rig.line.options.broker_folder.clone().ok_or("the line has no disk of its own")?;
    let mounted = Mounted::at(folder);
    rig.send_all(rig.fresh(4)).await?;
    rig.settle(SETTLES_WITHIN).await?;
    mounted.keep()?;
    for parser in rig.line.of(Kind::Parser) {
        parser.lock().await.freeze();
    }
    rig.send_all(rig.fresh(6)).await?;
    rig.line.nats.kill_and(0, async { mounted.cut_power() }).await?;
    rig.drain(SETTLES_WITHIN).await?;
    // The disk is taken away with what runs on it.
    let (verdict, _) = rig.verdict().await?;
    if verdict.is_clean() { Ok(()) } else { Err(verdict.words().into()) }
}

pub(super) async fn power_cut_keeps(rig: &Rig) -> Outcome<()> {
    power_cut(rig).await
}

/// The control: with a broker that acks before the disk has it, this very procedure loses something, and is seen to.
pub(super) async fn power_cut_loses(rig: &Rig) -> Outcome<()> {
    match power_cut(rig).await {
        Ok(()) => Err("a broker that syncs later lost nothing: this suite would not see a loss".into()),
        Err(error) if error.to_string().contains("\n  lost: ") => Ok(()),
        Err(error) => Err(error),
    }
}
