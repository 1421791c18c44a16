//! Who goes first, who waits, and who is paused.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::common::{ACK_WAIT, Running, Told, consume, message};
use bus::{Bus, BusSettings, Consume, DurableSpec, Precedence, StreamSpec, Topology};
use testkit::{Nats, eventually};
use tokio::sync::{Semaphore, watch};

const WAITING: usize = 2_000;

async fn start() -> (Nats, Bus) {
    let nats = testkit::nats().await;
    let bus = Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
    let durable = |name: &str, filter: &str| DurableSpec {
        name: name.into(),
        stream: "WORK".into(),
        filters: vec![filter.into()],
        ack_wait: ACK_WAIT,
        max_ack_pending: 1_000,
    };
    let streams = vec![StreamSpec::new("WORK", vec!["work.>".into()]), StreamSpec::new("DEAD", vec!["dead.>".into()])];
    let durables = vec![durable("today", "work.today"), durable("later", "work.later")];
    bus.ensure(&Topology { streams, durables, ..Topology::default() }).await.unwrap();
    (nats, bus)
}

async fn publish(bus: &Bus, subject: &str, count: usize) {
    let one = |n: usize| {
        let bus = bus.clone();
        let message = message(subject, &format!("{subject}-{n}"));
        async move { bus.publish(message).await.unwrap() }
    };
    for from in (0..count).step_by(100) {
        futures::future::join_all((from..count.min(from + 100)).map(one)).await;
    }
}

fn on(durable: &str) -> Consume {
    Consume { durable: durable.into(), concurrency: 4, ..consume() }
}

/// A handler whose messages each wait for a permit.
fn gated(gate: &Arc<Semaphore>) -> Arc<Told> {
    let gate = gate.clone();
    Told::new(move |_, _| {
        let gate = gate.clone();
        async move {
            gate.acquire().await.unwrap().forget();
            Ok(())
        }
    })
}

#[tokio::test]
async fn with_two_thousand_waiting_who_goes_first_never_waits_for_them() {
    let (_nats, bus) = start().await;
    publish(&bus, "work.later", WAITING).await;
    publish(&bus, "work.today", 50).await;
    let order = Precedence::new();
    let gate = Arc::new(Semaphore::new(0));
    let later = gated(&gate);
    let begun_before = Arc::new(AtomicUsize::new(0));
    let today = Told::new({
        let (later, begun_before) = (later.clone(), begun_before.clone());
        move |_, _| {
            begun_before.fetch_add(later.seen().len(), Ordering::Relaxed);
            async { Ok(()) }
        }
    });
    let behind = Running::start(&bus, Consume { after: Some(order.clone()), ..on("later") }, &later);
    let first = Running::start(&bus, Consume { first: Some(order.clone()), ..on("today") }, &today);
    eventually("today is done", || async { today.seen().len() == 50 }).await;
    assert_eq!(begun_before.load(Ordering::Relaxed), 0, "nothing of later was begun before");

    eventually("later has begun", || async { later.seen().len() == 4 }).await;
    publish(&bus, "work.today", 20).await;
    publish(&bus, "work.today", 70).await;
    eventually("today is done again", || async { today.seen().len() == 70 }).await;
    assert_eq!(later.seen().len(), 4, "today did not wait for what stands still");
    gate.add_permits(WAITING);
    eventually("all of later", || async {
        match later.seen().len() {
            WAITING => Ok(()),
            seen => Err(format!("{seen} of {WAITING}")),
        }
    })
    .await;
    first.join().await;
    behind.join().await;
}

#[tokio::test]
async fn while_who_goes_first_has_work_in_hand_nothing_more_is_begun() {
    let (_nats, bus) = start().await;
    let order = Precedence::new();
    let (gate, gate_today) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (later, today) = (gated(&gate), gated(&gate_today));
    publish(&bus, "work.today", 1).await;
    let first = Running::start(&bus, Consume { first: Some(order.clone()), ..on("today") }, &today);
    eventually("today is in hand", || async { today.seen().len() == 1 }).await;
    publish(&bus, "work.later", 10).await;
    let behind = Running::start(&bus, Consume { after: Some(order.clone()), ..on("later") }, &later);
    gate.add_permits(10);
    publish(&bus, "work.today", 5).await;
    eventually("more of today is in hand", || async { today.seen().len() == 4 }).await;
    assert_eq!(later.seen().len(), 0);
    gate_today.add_permits(5);
    eventually("all of both", || async { today.seen().len() == 5 && later.seen().len() == 10 }).await;
    first.join().await;
    behind.join().await;
}

#[tokio::test]
async fn a_paused_one_keeps_its_messages_and_a_rate_takes_them_all_in_the_end() {
    let (_nats, bus) = start().await;
    publish(&bus, "work.later", 30).await;
    let (pause, paused) = watch::channel(true);
    let later = Told::new(|_, _| async { Ok(()) });
    let consume = Consume { paused: Some(paused), per_second: NonZeroU32::new(20), ..on("later") };
    let running = Running::start(&bus, consume, &later);
    publish(&bus, "work.later", 40).await;
    assert_eq!(later.seen().len(), 0);
    pause.send(false).unwrap();
    eventually("all of later", || async { later.seen().len() == 40 }).await;
    running.join().await;
}

#[tokio::test]
async fn a_held_durable_hands_out_nothing_until_it_is_released_or_the_time_is_over() {
    let (_nats, bus) = start().await;
    let both = ["today", "later"].map(|durable| (durable, Told::new(|_, _| async { Ok(()) })));
    let running = both.each_ref().map(|(durable, told)| Running::start(&bus, on(durable), told));
    let seen = |at: usize, count: usize| {
        let told = both[at].1.clone();
        eventually("messages are handed out", async move || told.seen().len() == count)
    };
    bus.hold("WORK", "today", Duration::from_secs(60)).await.unwrap();
    publish(&bus, "work.today", 5).await;
    publish(&bus, "work.later", 5).await;
    seen(1, 5).await;
    assert_eq!(both[0].1.seen().len(), 0);
    bus.release("WORK", "today").await.unwrap();
    seen(0, 5).await;
    bus.hold("WORK", "today", Duration::from_secs(1)).await.unwrap();
    publish(&bus, "work.today", 9).await;
    seen(0, 9).await;
    for one in running {
        one.join().await;
    }
}
