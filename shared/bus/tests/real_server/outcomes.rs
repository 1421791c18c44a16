//! What becomes of a message, by what its handler says.

use std::time::Duration;

use crate::common::{Counted, Running, Told, all_settled, consume, dead_letters, message, publish, start};
use bus::{
    BusSettings, Consume, DEAD_ATTEMPTS, DEAD_MESSAGE_ID, DEAD_OMITTED, DEAD_REASON, DEAD_SEQUENCE, DEAD_STAGE,
    DEAD_STREAM, DEAD_SUBJECT, Failure, Outcome,
};
use testkit::eventually;

#[tokio::test]
async fn what_is_handled_is_acked_and_never_comes_again() {
    let (_nats, bus) = start().await;
    publish(&bus, 50).await;
    let handler = Told::new(|_, _| async { Ok(()) });
    let counted = std::sync::Arc::new(Counted::default());
    let consume = Consume { concurrency: 4, observer: counted.clone(), ..consume() };
    let running = Running::start(&bus, consume, &handler);
    eventually("50 done", || async { counted.outcomes(Outcome::Done) == 50 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(handler.seen().len(), 50);
    assert!(handler.seen().iter().all(|(_, attempt)| *attempt == 1));
    assert!(counted.most_in_hand() <= 4, "{}", counted.most_in_hand());
    assert_eq!(counted.restarts(), 0);
}

#[tokio::test]
async fn a_transient_failure_is_tried_again_and_then_a_dead_letter_with_its_story() {
    let (nats, bus) = start().await;
    bus.publish(message("work.deep.a", "bad")).await.unwrap();
    let handler = Told::new(|_, _| async { Err(Failure::transient("no luck\ntoday")) });
    let running = Running::start(&bus, consume(), &handler);
    eventually("given up", || async { handler.dead().len() == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
    let attempts: Vec<u64> = handler.seen().iter().map(|(_, n)| *n).collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert_eq!(handler.dead(), [("bad".into(), "no luck\ntoday".into())]);

    let letters = dead_letters(&nats).await;
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.subject.as_str(), "dead.hands.work.deep.a");
    assert_eq!(&letter.payload[..], b"bad");
    for (name, value) in [
        ("ce-id", "bad"),
        (DEAD_STAGE, "hands"),
        (DEAD_REASON, "no luck today"),
        (DEAD_ATTEMPTS, "3"),
        (DEAD_SUBJECT, "work.deep.a"),
        (DEAD_STREAM, "WORK"),
        (DEAD_SEQUENCE, "1"),
        (DEAD_MESSAGE_ID, "bad"),
    ] {
        let found = letter.headers.get(name).map(|value| value.as_str());
        assert_eq!(found, Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_permanent_failure_is_given_up_at_once_and_its_neighbours_are_done() {
    let (nats, bus) = start().await;
    publish(&bus, 10).await;
    let handler = Told::new(|id, _| async move {
        match id.as_str() {
            "m3" => Err(Failure::permanent("not one of ours")),
            _ => Ok(()),
        }
    });
    let running = Running::start(&bus, consume(), &handler);
    eventually("one given up", || async { handler.dead().len() == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(handler.seen().len(), 10);
    assert_eq!(dead_letters(&nats).await.len(), 1);
}

#[tokio::test]
async fn not_yet_is_neither_counted_nor_given_up() {
    let (nats, bus) = start().await;
    publish(&bus, 1).await;
    let handler = Told::new(|_, attempt| async move {
        if attempt <= 8 {
            return Err(Failure::not_yet("waits", Duration::from_millis(100)));
        }
        Ok(())
    });
    let running = Running::start(&bus, consume(), &handler);
    eventually("handled", || async { handler.times("m0") == 9 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert!(dead_letters(&nats).await.is_empty());
}

#[tokio::test]
async fn a_panic_is_tried_again() {
    let (nats, bus) = start().await;
    publish(&bus, 2).await;
    let handler = Told::new(|id, attempt| async move {
        assert!(id != "m0" || attempt > 1, "meant to panic");
        Ok(())
    });
    let running = Running::start(&bus, consume(), &handler);
    eventually("tried again", || async { handler.times("m0") == 2 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert!(dead_letters(&nats).await.is_empty());
}

#[tokio::test]
async fn work_longer_than_ack_wait_is_not_delivered_twice() {
    let (_nats, bus) = start().await;
    publish(&bus, 3).await;
    let handler = Told::new(|_, _| async {
        tokio::time::sleep(crate::common::ACK_WAIT * 2).await;
        Ok(())
    });
    let running = Running::start(&bus, consume(), &handler);
    eventually("all taken", || async { handler.seen().len() == 3 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(handler.seen().len(), 3);
}

#[tokio::test]
async fn a_message_that_kills_its_workers_is_given_up_unhandled() {
    let (nats, bus) = start().await;
    publish(&bus, 1).await;
    let forever = Told::new(|_, _| std::future::pending());
    for delivery in 1..=2 {
        let running = Running::start(&bus, consume(), &forever);
        eventually("taken", || async { forever.times("m0") == delivery }).await;
        running.abort().await;
    }
    let consume = Consume { max_deliveries: Some(2), ..consume() };
    let running = Running::start(&bus, consume, &forever);
    eventually("given up", || async { forever.dead().len() == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(forever.times("m0"), 2);
    assert_eq!(dead_letters(&nats).await.len(), 1);
}

#[tokio::test]
async fn a_message_as_large_as_the_server_takes_still_gets_its_dead_letter() {
    let (nats, bus) = start().await;
    let mut large = message("work.large", "large");
    large.payload = vec![b'x'; bus.max_payload() - 200].into();
    bus.publish(large).await.unwrap();
    let handler = Told::new(|_, _| async { Err(Failure::permanent("too much")) });
    let running = Running::start(&bus, consume(), &handler);
    eventually("given up", || async { handler.dead().len() == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
    let letters = dead_letters(&nats).await;
    let omitted = letters[0].headers.get(DEAD_OMITTED).map(|size| size.as_str());
    assert_eq!(omitted, Some((bus.max_payload() - 200).to_string().as_str()));
}

#[tokio::test]
async fn a_durable_that_does_not_exist_is_named() {
    let nats = testkit::nats().await;
    let bus = bus::Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
    bus.ensure(&bus::Topology { durables: vec![], ..crate::common::topology() }).await.unwrap();
    let handler = Told::new(|_, _| async { Ok(()) });
    let error = bus.consume(consume(), handler, tokio_util::sync::CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "durable hands of stream WORK does not exist");
}
