//! Whatever breaks, every message is handled in the end, and nothing is left in hand.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use crate::common::{Counted, Running, Told, all_settled, consume, left, publish, start};
use bus::{Consume, Outcome};
use testkit::eventually;
use tokio::sync::Semaphore;

fn ids(handler: &Told) -> BTreeSet<String> {
    handler.seen().into_iter().map(|(id, _)| id).collect()
}

#[tokio::test]
async fn shutdown_finishes_what_is_in_hand_and_takes_no_more() {
    let (_nats, bus) = start().await;
    publish(&bus, 20).await;
    let gate = Arc::new(Semaphore::new(0));
    let handler = Told::new({
        let gate = gate.clone();
        move |_, _| {
            let gate = gate.clone();
            async move {
                gate.acquire().await.unwrap().forget();
                Ok(())
            }
        }
    });
    let consume = Consume { concurrency: 4, ..consume() };
    let running = Running::start(&bus, consume, &handler);
    eventually("four in hand", || async { handler.seen().len() == 4 }).await;
    running.shut_down();
    gate.add_permits(4);
    running.join().await;
    assert_eq!(handler.seen().len(), 4, "no more were taken");
    assert_eq!(left(&bus).await, (16, 0), "four acked, the rest waits");
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_given_back_and_done_by_the_next() {
    let (_nats, bus) = start().await;
    publish(&bus, 3).await;
    let forever = Told::new(|_, _| std::future::pending());
    let hasty = Consume { drain: Duration::from_millis(50), ..consume() };
    let running = Running::start(&bus, hasty, &forever);
    eventually("all in hand", || async { forever.seen().len() == 3 }).await;
    running.join().await;
    let next = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&bus, consume(), &next);
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(ids(&next).len(), 3);
}

#[tokio::test]
async fn a_loop_that_is_dropped_gives_back_what_it_holds() {
    let (_nats, bus) = start().await;
    publish(&bus, 3).await;
    let forever = Told::new(|_, _| std::future::pending());
    let running = Running::start(&bus, consume(), &forever);
    eventually("all in hand", || async { forever.seen().len() == 3 }).await;
    running.abort().await;
    let next = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&bus, consume(), &next);
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(ids(&next).len(), 3);
}

#[tokio::test]
async fn a_server_killed_in_the_middle_loses_nothing() {
    let (mut nats, bus) = start().await;
    publish(&bus, 200).await;
    let handler = Told::new(|_, _| async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(())
    });
    let counted = Arc::new(Counted::default());
    let consume = Consume { concurrency: 2, observer: counted.clone(), ..consume() };
    let running = Running::start(&bus, consume, &handler);
    eventually("under way", || async { handler.seen().len() > 20 }).await;
    nats.kill();
    nats.restart().await;
    eventually("all seen", || async {
        match ids(&handler).len() {
            200 => Ok(()),
            seen => Err(format!("{seen} of 200")),
        }
    })
    .await;
    bus.publish(crate::common::message("work.a", "after")).await.unwrap();
    eventually("one more", || async { handler.times("after") > 0 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert!(counted.restarts() > 0);
    assert_eq!(counted.outcomes(Outcome::Dead), 0);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_noticed_and_pulling_goes_on_afterwards() {
    let (nats, bus) = start().await;
    publish(&bus, 3).await;
    let handler = Told::new(|_, _| async { Ok(()) });
    let counted = Arc::new(Counted::default());
    let running = Running::start(&bus, Consume { observer: counted.clone(), ..consume() }, &handler);
    eventually("three", || async { ids(&handler).len() == 3 }).await;
    nats.pause();
    eventually("the silence is noticed", || async { counted.restarts() > 0 }).await;
    nats.resume();
    eventually("published again", || async {
        bus.publish(crate::common::message("work.a", "after")).await.map(drop).map_err(|error| error.to_string())
    })
    .await;
    eventually("one more", || async { handler.times("after") > 0 }).await;
    all_settled(&bus).await;
    running.join().await;
}

#[tokio::test]
async fn a_durable_deleted_by_hand_is_created_again() {
    let (nats, bus) = start().await;
    publish(&bus, 5).await;
    let handler = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&bus, consume(), &handler);
    eventually("five", || async { ids(&handler).len() == 5 }).await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream("WORK").await.unwrap();
    stream.delete_consumer("hands").await.unwrap();
    bus.publish(crate::common::message("work.a", "after")).await.unwrap();
    eventually("one more", || async { handler.times("after") > 0 }).await;
    all_settled(&bus).await;
    running.join().await;
    bus.ensure(&crate::common::topology()).await.unwrap();
}

#[tokio::test]
async fn two_workers_share_the_work() {
    let (_nats, bus) = start().await;
    publish(&bus, 100).await;
    let slow = || {
        Told::new(|_, _| async {
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok(())
        })
    };
    let (one, two) = (slow(), slow());
    let few = || Consume { concurrency: 2, ..consume() };
    let first = Running::start(&bus, few(), &one);
    let second = Running::start(&bus, few(), &two);
    eventually("all seen", || async { one.seen().len() + two.seen().len() >= 100 }).await;
    all_settled(&bus).await;
    first.join().await;
    second.join().await;
    assert_eq!(one.seen().len() + two.seen().len(), 100, "nothing twice");
    assert!(!one.seen().is_empty() && !two.seen().is_empty());
}
