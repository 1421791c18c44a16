//! Reading a stream beside its consumers, against a real server.

use crate::common::{message, publish, start};
use bus::stream::size_of;
use bus::{KvSpec, Reading, Topology};

#[tokio::test]
async fn a_stream_is_read_page_by_page_to_its_end_and_on_when_more_comes() {
    let (mut nats, bus) = start().await;
    publish(&bus, 25).await;
    let mut reader = bus.read("WORK", Reading::default());
    let mut seen = Vec::new();
    loop {
        let page = reader.page(10).await.unwrap();
        assert!(page.len() <= 10);
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|message| message.stream_sequence));
    }
    assert_eq!(seen, (1..=25).collect::<Vec<_>>());

    bus.publish(message("work.b", "later")).await.unwrap();
    let page = reader.page(10).await.unwrap();
    assert_eq!((page.len(), &page[0].payload[..], page[0].stream_sequence), (1, &b"later"[..], 26));

    // The server has forgotten the reader by then; it goes on where it was.
    nats.restart().await;
    bus.publish(message("work.b", "after")).await.unwrap();
    let page = reader.page(10).await.unwrap();
    assert_eq!((page.len(), reader.place()), (1, 28));
}

#[tokio::test]
async fn a_reader_takes_only_what_it_is_told_to_and_a_message_is_got_and_removed_by_its_place() {
    let (_nats, bus) = start().await;
    publish(&bus, 3).await;
    bus.publish(message("work.b", "other")).await.unwrap();
    let reading = Reading { subjects: vec!["work.a".into()], from: 2, headers_only: true, ..Reading::default() };
    let page = bus.read("WORK", reading).page(10).await.unwrap();
    assert_eq!(page.iter().map(|message| message.stream_sequence).collect::<Vec<_>>(), [2, 3]);
    assert!(page.iter().all(|message| message.payload.is_empty() && size_of(message) == 2));

    let whole = bus.message("WORK", 4).await.unwrap().unwrap();
    assert_eq!((whole.subject.as_str(), &whole.payload[..]), ("work.b", &b"other"[..]));
    assert!(bus.remove("WORK", 4).await.unwrap());
    assert!(!bus.remove("WORK", 4).await.unwrap(), "twice does no harm");
    assert_eq!(bus.message("WORK", 4).await.unwrap().map(|message| message.stream_sequence), None);
    assert!(bus.read("NOWHERE", Reading::default()).page(1).await.is_err());
}

#[tokio::test]
async fn the_keys_of_a_bucket_are_read_by_pattern_without_the_removed_ones() {
    let (_nats, bus) = start().await;
    bus.ensure(&Topology { buckets: vec![KvSpec::new("facts")], ..Topology::default() }).await.unwrap();
    let kv = bus.kv("facts").await.unwrap();
    for n in 0..5 {
        kv.put(&format!("k{n}.one"), "1").await.unwrap();
        kv.put(&format!("k{n}.two"), "2").await.unwrap();
    }
    kv.delete("k3.one").await.unwrap();
    let mut reader = bus.read_keys("facts", "*.one");
    let mut found = Vec::new();
    while let Some(page) = reader.page(2).await.unwrap() {
        found.extend(page);
    }
    let keys: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), &value[..])).collect();
    assert_eq!(
        keys,
        [("k0.one", b"1"), ("k1.one", b"1"), ("k2.one", b"1"), ("k4.one", b"1")].map(|(k, v)| (k, &v[..]))
    );
}
