//! Three servers, three copies: one of them may go at any moment.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use crate::common::{ACK_WAIT, Running, Told, consume, message, topology};
use bus::{Bus, BusError, BusSettings, Consume, KvSpec, Topology};
use testkit::{NatsCluster, eventually_within};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An election, lost connections that only pings notice, and a busy machine.
const BOUND: Duration = Duration::from_secs(60);

async fn start() -> (NatsCluster, Bus) {
    let cluster = testkit::nats_cluster().await;
    let bus = Bus::connect(&BusSettings::at(cluster.url())).await.unwrap();
    let mut topology = topology();
    for stream in &mut topology.streams {
        stream.replicas = 3;
    }
    topology.buckets = vec![KvSpec { replicas: 3, ..KvSpec::new("facts") }];
    for durable in &mut topology.durables {
        durable.ack_wait = ACK_WAIT;
    }
    // The leader may not have heard of all three yet: until then a stream of three copies has no place.
    eventually_within(BOUND, "three copies have a place", || async {
        match bus.ensure(&topology).await {
            Err(BusError::Unavailable { .. }) => false,
            made => {
                made.unwrap();
                true
            }
        }
    })
    .await;
    (cluster, bus)
}

/// Publishes until told to stop and says what was acked: everything else may or may not be there.
fn publishing(bus: &Bus, stop: &CancellationToken) -> JoinHandle<BTreeSet<String>> {
    let (bus, stop) = (bus.clone(), stop.clone());
    tokio::spawn(async move {
        let mut acked = BTreeSet::new();
        for n in 0.. {
            let id = format!("m{n:06}");
            if bus.publish(message("work.a", &id)).await.is_ok() {
                acked.insert(id);
            }
            if stop.is_cancelled() {
                break;
            }
        }
        acked
    })
}

async fn nothing_acked_is_lost(disturb: impl AsyncFnOnce(&mut NatsCluster)) {
    let (mut cluster, bus) = start().await;
    let consumer = Bus::connect(&BusSettings::at(cluster.url())).await.unwrap();
    let handler = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&consumer, Consume { concurrency: 8, ..consume() }, &handler);
    let stop = CancellationToken::new();
    let publishing = publishing(&bus, &stop);
    more(&handler, 100, "under way").await;
    disturb(&mut cluster).await;
    more(&handler, 100, "on its way again").await;
    stop.cancel();
    let acked = publishing.await.unwrap();
    eventually_within(BOUND, "everything acked is handled", || async {
        let seen: BTreeSet<String> = handler.seen().into_iter().map(|(id, _)| id).collect();
        let missing: Vec<_> = acked.difference(&seen).take(3).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("missing {missing:?}")) }
    })
    .await;
    running.join().await;
}

async fn more(handler: &Arc<Told>, count: usize, what: &str) {
    let before = handler.seen().len();
    eventually_within(BOUND, what, || async {
        match handler.seen().len() - before {
            new if new >= count => Ok(()),
            new => Err(format!("{new} more of {count}")),
        }
    })
    .await;
}

async fn leader(cluster: &NatsCluster) -> usize {
    for _ in 0..10 {
        if let Some(leader) = cluster.leader_of("WORK").await {
            return leader;
        }
    }
    panic!("a stream at work has no leader");
}

#[tokio::test]
async fn a_leader_killed_under_load_loses_nothing_that_was_acked() {
    nothing_acked_is_lost(async |cluster| {
        let leader = leader(cluster).await;
        cluster.kill(leader);
        cluster.restart(leader).await;
    })
    .await;
}

#[tokio::test]
async fn a_leader_cut_off_under_load_loses_nothing_that_was_acked() {
    nothing_acked_is_lost(async |cluster| {
        let first = leader(cluster).await;
        cluster.pause(first);
        // The other two go on by themselves: a write is acked while one is away.
        let others: Vec<String> = cluster.nodes().filter(|node| *node != first).map(|n| cluster.node_url(n)).collect();
        eventually_within(BOUND, "the others have a leader", || async {
            let other = Bus::connect(&BusSettings::at(others.join(","))).await.map_err(|error| error.to_string())?;
            let published = other.publish(message("work.a", "while-away")).await;
            other.close().await;
            published.map(drop).map_err(|error| error.to_string())
        })
        .await;
        cluster.resume(first);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_is_what_is_read_whichever_server_is_asked() {
    let (cluster, bus) = start().await;
    let kv = bus.kv("facts").await.unwrap();
    let mut readers = Vec::new();
    for node in cluster.nodes() {
        let reader = Bus::connect(&BusSettings::at(cluster.node_url(node))).await.unwrap();
        readers.push(reader.kv("facts").await.unwrap());
    }
    let mut revision = kv.create("fence", "0").await.unwrap().unwrap();
    for n in 1..100 {
        revision = kv.update("fence", n.to_string(), revision).await.unwrap().unwrap();
        for reader in &readers {
            let entry = reader.get("fence").await.unwrap().unwrap();
            assert_eq!((&entry.value[..], entry.revision), (n.to_string().as_bytes(), revision));
        }
    }
    let described = Topology { buckets: vec![KvSpec { replicas: 3, ..KvSpec::new("facts") }], ..Topology::default() };
    bus.ensure(&described).await.unwrap();
}
