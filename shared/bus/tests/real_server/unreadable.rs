//! Messages that no client can read, as anybody may publish them, are kept as bytes and hold nobody up.

use std::time::Duration;

use crate::common::{Running, Told, all_settled, consume, dead_letters, message, start, topology};
use bus::{Bus, BusSettings, Consume, DEAD_RAW_HEADERS, DEAD_REASON, DEAD_SUBJECT, Outcome, StreamSpec, Topology};
use testkit::{Nats, eventually};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Publishes bytes as they are and waits until the server has answered.
async fn publish_raw(nats: &Nats, subject: &[u8], headers: &[u8], payload: &[u8]) {
    let mut stream = TcpStream::connect(("127.0.0.1", nats.port())).await.unwrap();
    let mut line = b"CONNECT {\"verbose\":false,\"headers\":true}\r\nHPUB ".to_vec();
    line.extend_from_slice(subject);
    line.extend_from_slice(format!(" {} {}\r\n", headers.len(), headers.len() + payload.len()).as_bytes());
    line.extend_from_slice(headers);
    line.extend_from_slice(payload);
    line.extend_from_slice(b"\r\nPING\r\n");
    stream.write_all(&line).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|four| four == b"PONG") {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "{}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test]
async fn what_breaks_the_connection_is_buried_as_bytes_and_its_neighbours_are_done() {
    let (nats, bus) = start().await;
    let handler = Told::new(|_, _| async { Ok(()) });
    bus.publish(message("work.a", "before")).await.unwrap();
    publish_raw(&nats, b"work.bad", b"NATS/1.0\r\nce-id: 7\r\nname: \xb1\xa8\r\n\r\n", b"data \xff").await;
    publish_raw(&nats, "work.bad\u{3000}space".as_bytes(), b"NATS/1.0\r\n\r\n", b"more").await;
    publish_raw(&nats, b"work.\xb1\xa8", b"NATS/1.0\r\n\r\n", b"again").await;
    bus.publish(message("work.a", "after")).await.unwrap();
    let running = Running::start(&bus, Consume { concurrency: 2, ..consume() }, &handler);
    eventually("three buried, two done", || async {
        let (dead, after) = (handler.dead().len(), handler.times("after"));
        if dead == 3 && after > 0 { Ok(()) } else { Err(format!("{dead} buried, after {after} times")) }
    })
    .await;
    all_settled(&bus).await;
    running.join().await;
    assert!(handler.times("before") > 0);
    let letters = dead_letters(&nats).await;
    assert_eq!(letters.len(), 3);
    let letter = letters.iter().find(|letter| &letter.payload[..] == b"data \xff").unwrap();
    assert_eq!(letter.subject.as_str(), "dead.hands.work.bad");
    let header = |name: &str| letter.headers.get(name).map(ToString::to_string);
    assert_eq!(header("ce-id").as_deref(), Some("7"));
    assert_eq!(header(DEAD_SUBJECT).as_deref(), Some("work.bad"));
    assert_eq!(header(DEAD_REASON).as_deref(), Some("its headers are not UTF-8"));
    let raw = data_encoding::BASE64.decode(header(DEAD_RAW_HEADERS).unwrap().as_bytes()).unwrap();
    assert_eq!(raw, b"NATS/1.0\r\nce-id: 7\r\nname: \xb1\xa8\r\n\r\n");
}

/// The client's own task panics over it: the loop ends with an error, and the process that starts next buries it.
#[tokio::test]
async fn what_ends_the_client_is_buried_by_the_next_one() {
    let (nats, bus) = start().await;
    publish_raw(&nats, b"work.bad", b"NATS/1.0\r\nname: one\rtwo\r\n\r\n", b"data").await;
    let handler = Told::new(|_, _| async { Ok(()) });
    let ended = bus.consume(consume(), handler, tokio_util::sync::CancellationToken::new()).await.unwrap_err();
    assert!(ended.to_string().contains("start the process again"), "{ended}");

    let bus = Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
    bus.ensure(&topology()).await.unwrap();
    bus.publish(message("work.a", "after")).await.unwrap();
    let handler = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&bus, consume(), &handler);
    eventually("buried, the next done", || async { handler.dead().len() == 1 && handler.times("after") == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
}

#[tokio::test]
async fn a_status_in_a_messages_headers_is_not_taken_for_the_servers() {
    let (nats, bus) = start().await;
    publish_raw(&nats, b"work.a", b"NATS/1.0 404 No Messages\r\n\r\n", b"odd").await;
    let handler = Told::new(|_, _| async { Ok(()) });
    let running = Running::start(&bus, consume(), &handler);
    eventually("done", || async { handler.times("odd") == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
}

#[tokio::test]
async fn while_dead_letters_find_no_room_their_messages_stay_and_others_go_on() {
    let nats = testkit::nats().await;
    let bus = Bus::connect(&BusSettings::at(nats.url())).await.unwrap();
    let full = StreamSpec { max_bytes: 1, ..StreamSpec::new("DEAD", vec!["dead.>".into()]) };
    let streams = vec![StreamSpec::new("WORK", vec!["work.>".into()]), full];
    bus.ensure(&Topology { streams, ..topology() }).await.unwrap();
    let handler = Told::new(|id, _| async move {
        match id.as_str() {
            "bad" => Err(bus::Failure::permanent("not one of ours")),
            _ => Ok(()),
        }
    });
    let counted = std::sync::Arc::new(crate::common::Counted::default());
    let consume = Consume {
        observer: counted.clone(),
        retry_base: Duration::from_millis(100),
        retry_max: Duration::from_millis(400),
        ..consume()
    };
    bus.publish(message("work.a", "bad")).await.unwrap();
    let running = Running::start(&bus, consume, &handler);
    eventually("bad comes again and again", || async { handler.times("bad") > 2 }).await;
    bus.publish(message("work.a", "good")).await.unwrap();
    eventually("good is done", || async { handler.times("good") == 1 }).await;
    assert_eq!(counted.outcomes(Outcome::Dead), 0);

    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let mut dead = jetstream.get_stream("DEAD").await.unwrap().cached_info().config.clone();
    dead.max_bytes = -1;
    jetstream.update_stream(dead).await.unwrap();
    eventually("buried", || async { handler.dead().len() == 1 }).await;
    all_settled(&bus).await;
    running.join().await;
    assert_eq!(dead_letters(&nats).await.len(), 1);
}
