//! Topology, publishing, keys and objects against a real server.

use std::time::Duration;

use crate::common::{message, start};
use bus::{Bus, BusError, BusSettings, KvSpec, ObjectStoreSpec, PublishError, StreamSpec, Topology};
use bytes::Bytes;

#[tokio::test]
async fn a_topology_is_created_once_by_many_and_refused_when_it_differs() {
    let nats = testkit::nats().await;
    let full = || Topology {
        buckets: vec![KvSpec::new("facts")],
        object_stores: vec![ObjectStoreSpec::new("files")],
        ..crate::common::topology()
    };
    let settings = BusSettings::at(nats.url());
    // Many buckets: a name is taken before its stream can be seen, and only some of the races meet that moment.
    let buckets = (0..20).map(|n| KvSpec::new(format!("race{n}")));
    let raced = Topology { buckets: full().buckets.into_iter().chain(buckets).collect(), ..full() };
    let racing = (0..16).map(|_| async {
        let bus = Bus::connect(&settings).await?;
        bus.ensure(&raced).await
    });
    for ensured in futures::future::join_all(racing).await {
        ensured.unwrap();
    }
    let bus = Bus::connect(&settings).await.unwrap();
    let refused = async |change: fn(&mut Topology)| {
        let mut other = full();
        change(&mut other);
        match bus.ensure(&other).await {
            Err(BusError::Differs { what, field, .. }) => format!("{what}: {field}"),
            answer => panic!("{answer:?}"),
        }
    };
    let found = [
        refused(|t| t.streams[0].max_bytes = 1 << 20).await,
        refused(|t| t.streams[0].subjects.push("more.>".into())).await,
        refused(|t| t.streams[1].duplicate_window = Duration::from_secs(60)).await,
        refused(|t| t.streams[1].max_message_size = 1_000).await,
        refused(|t| t.durables[0].ack_wait = Duration::from_secs(9)).await,
        refused(|t| t.durables[0].filters.push("work.a".into())).await,
        refused(|t| t.durables[0].max_ack_pending = 7).await,
        refused(|t| t.buckets[0].history = 5).await,
        refused(|t| t.object_stores[0].max_bytes = 1 << 20).await,
    ];
    assert_eq!(
        found,
        [
            "stream WORK: max_bytes",
            "stream WORK: subjects",
            "stream DEAD: duplicate_window",
            "stream DEAD: max_message_size",
            "durable hands of stream WORK: ack_wait",
            "durable hands of stream WORK: filters",
            "durable hands of stream WORK: max_ack_pending",
            "bucket facts: history",
            "object store files: max_bytes",
        ]
    );
    bus.ensure(&full()).await.unwrap();
}

#[tokio::test]
async fn the_same_message_id_is_stored_once() {
    let (_nats, bus) = start().await;
    let first = bus.publish(message("work.a", "one")).await.unwrap();
    let again = bus.publish(message("work.a", "one")).await.unwrap();
    assert_eq!((first.stream.as_str(), first.duplicate), ("WORK", false));
    assert_eq!((again.sequence, again.duplicate), (first.sequence, true));
    let overview = bus.overview().await.unwrap();
    let names: Vec<_> = overview.iter().map(|s| (s.name.as_str(), s.messages)).collect();
    assert_eq!(names, [("DEAD", 0), ("WORK", 1)]);
}

#[tokio::test]
async fn what_cannot_be_stored_is_told_apart() {
    let nats = testkit::nats().await;
    let bus = Bus::connect(&BusSettings { publish_attempts: 2, ..BusSettings::at(nats.url()) }).await.unwrap();
    let small = StreamSpec { max_bytes: 4_000, ..StreamSpec::new("SMALL", vec!["small.>".into()]) };
    let narrow = StreamSpec { max_message_size: 100, ..StreamSpec::new("NARROW", vec!["narrow.>".into()]) };
    bus.ensure(&Topology { streams: vec![small, narrow], ..Topology::default() }).await.unwrap();
    let sized = |subject: &str, id: &str, size: usize| {
        let mut message = message(subject, id);
        message.payload = vec![b'x'; size].into();
        message
    };
    bus.publish(sized("small.a", "fits", 2_000)).await.unwrap();
    let full = bus.publish(sized("small.a", "more", 2_000)).await.unwrap_err();
    assert!(matches!(full, PublishError::Full { .. }), "{full}");
    let large = bus.publish(sized("narrow.a", "large", 200)).await.unwrap_err();
    assert!(matches!(large, PublishError::TooLarge { .. }), "{large}");
    let huge = bus.publish(sized("small.a", "huge", bus.max_payload())).await;
    assert!(matches!(huge, Err(PublishError::TooLarge { .. })));
    let nowhere = bus.publish(message("nowhere.a", "lost")).await.unwrap_err();
    assert!(matches!(nowhere, PublishError::Unavailable { attempts: 2, .. }), "{nowhere}");
}

#[tokio::test]
async fn a_publish_outlives_a_restart_of_the_server() {
    let (mut nats, bus) = start().await;
    nats.kill();
    let publishing = tokio::spawn({
        let bus = bus.clone();
        async move { bus.publish(message("work.a", "patient")).await }
    });
    nats.restart().await;
    let published = publishing.await.unwrap().unwrap();
    assert_eq!(published.sequence, 1);
    let again = bus.publish(message("work.a", "patient")).await.unwrap();
    assert!(again.duplicate);
}

#[tokio::test]
async fn no_server_is_one_clear_error() {
    let url = format!("nats://127.0.0.1:{}", testkit::free_port());
    let settings = BusSettings { connect_timeout_ms: 300, ..BusSettings::at(&url) };
    let error = Bus::connect(&settings).await.unwrap_err().to_string();
    assert!(error.contains(&url) && error.contains("nats.url"), "{error}");
}

#[tokio::test]
async fn keys_are_created_once_and_updated_only_at_their_revision() {
    let (_nats, bus) = start().await;
    bus.ensure(&Topology { buckets: vec![KvSpec::new("facts")], ..Topology::default() }).await.unwrap();
    let kv = bus.kv("facts").await.unwrap();
    assert_eq!(kv.get("a.x").await.unwrap(), None);
    let first = kv.create("a.x", "1").await.unwrap().unwrap();
    assert_eq!(kv.create("a.x", "2").await.unwrap(), None);
    let second = kv.update("a.x", "2", first).await.unwrap().unwrap();
    assert_eq!(kv.update("a.x", "3", first).await.unwrap(), None);
    let entry = kv.get("a.x").await.unwrap().unwrap();
    assert_eq!((&entry.value[..], entry.revision), (&b"2"[..], second));
    kv.put("a.y", "4").await.unwrap();
    kv.put("ab.z", "5").await.unwrap();
    assert_eq!(kv.keys("a").await.unwrap(), ["a.x", "a.y"]);
    assert_eq!(kv.keys("").await.unwrap().len(), 3);
    assert_eq!(kv.keys("none").await.unwrap().len(), 0);
    let entries = kv.entries("a").await.unwrap();
    assert_eq!((entries[0].clone(), &entries[1].value[..]), (entry, &b"4"[..]));
    kv.delete("a.x").await.unwrap();
    assert_eq!(kv.get("a.x").await.unwrap(), None);
    assert_eq!(kv.keys("a").await.unwrap(), ["a.y"]);
    assert!(kv.create("a.x", "6").await.unwrap().is_some(), "again after a delete");
    let absent = bus.kv("absent").await.unwrap_err().to_string();
    assert_eq!(absent, "bucket absent does not exist");
}

#[tokio::test]
async fn objects_come_back_whole_or_not_at_all() {
    let (nats, bus) = start().await;
    bus.ensure(&Topology { object_stores: vec![ObjectStoreSpec::new("files")], ..Topology::default() }).await.unwrap();
    let files = bus.objects("files").await.unwrap();
    let large: Bytes = (0..3_000_000u32).map(|n| n as u8).collect::<Vec<_>>().into();
    files.put("large", large.clone()).await.unwrap();
    files.put("empty", Bytes::new()).await.unwrap();
    assert_eq!(files.get("large", 3_000_000).await.unwrap(), large);
    assert_eq!(files.get("empty", 10).await.unwrap(), Bytes::new());
    let bytes_stored = async || {
        let overview = bus.overview().await.unwrap();
        overview.iter().find(|s| s.name == "OBJ_files").unwrap().last_sequence
    };
    let before = bytes_stored().await;
    files.put("large", large.clone()).await.unwrap();
    assert_eq!(bytes_stored().await, before, "the same bytes again change nothing");
    let bounded = files.get("large", 2_999_999).await.unwrap_err();
    assert!(matches!(bounded, BusError::TooLarge { limit: 2_999_999, .. }), "{bounded}");
    let absent = files.get("absent", 10).await.unwrap_err();
    assert!(matches!(absent, BusError::NotFound { .. }), "{absent}");
    files.put("large", Bytes::from_static(b"other")).await.unwrap();
    assert_eq!(&files.get("large", 10).await.unwrap()[..], b"other");

    damage(&nats, "files").await;
    let damaged = files.get("large", 10).await.unwrap_err();
    assert!(matches!(damaged, BusError::Corrupt { .. }), "{damaged}");
    files.delete("large").await.unwrap();
    files.delete("large").await.unwrap();
    assert!(matches!(files.get("large", 10).await, Err(BusError::NotFound { .. })));
}

#[tokio::test]
async fn an_object_that_finds_no_room_leaves_nothing_behind() {
    let (nats, bus) = start().await;
    let small = ObjectStoreSpec { max_bytes: 400_000, ..ObjectStoreSpec::new("small") };
    bus.ensure(&Topology { object_stores: vec![small], ..Topology::default() }).await.unwrap();
    let files = bus.objects("small").await.unwrap();
    let kept = Bytes::from(vec![1; 100_000]);
    files.put("kept", kept.clone()).await.unwrap();
    assert!(files.put("large", vec![2; 500_000].into()).await.is_err());
    assert!(matches!(files.get("large", 500_000).await, Err(BusError::NotFound { .. })));
    files.put("next", vec![3; 200_000].into()).await.unwrap();

    // What a process leaves that dies in the middle.
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    jetstream.publish("$O.small.C.orphan", "part".into()).await.unwrap().await.unwrap();
    assert_eq!(files.sweep(Duration::from_secs(3_600)).await.unwrap(), 0, "it may still be at work");
    assert_eq!(files.sweep(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(files.sweep(Duration::ZERO).await.unwrap(), 0);
    assert_eq!(files.get("kept", 100_000).await.unwrap(), kept);
    assert_eq!(files.get("next", 200_000).await.unwrap().len(), 200_000);
}

#[tokio::test]
async fn a_bucket_that_answers_from_any_copy_is_made_to_answer_from_the_leader() {
    let (nats, bus) = start().await;
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let old = async_nats::jetstream::kv::Config { bucket: "old".into(), history: 1, ..Default::default() };
    jetstream.create_key_value(old).await.unwrap().put("key", "value".into()).await.unwrap();
    bus.ensure(&Topology { buckets: vec![KvSpec::new("old")], ..Topology::default() }).await.unwrap();
    let info = jetstream.get_stream("KV_old").await.unwrap().cached_info().clone();
    assert!(!info.config.allow_direct);
    assert_eq!(&bus.kv("old").await.unwrap().get("key").await.unwrap().unwrap().value[..], b"value");
}

/// Replaces the newest chunk by other bytes of the same length.
async fn damage(nats: &testkit::Nats, bucket: &str) {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = async_nats::jetstream::new(client);
    let stream = jetstream.get_stream(format!("OBJ_{bucket}")).await.unwrap();
    let last = stream.cached_info().state.last_sequence;
    for sequence in (1..=last).rev() {
        let Ok(chunk) = stream.get_raw_message(sequence).await else {
            continue;
        };
        if chunk.subject.contains(".C.") {
            stream.delete_message(sequence).await.unwrap();
            let other = vec![b'?'; chunk.payload.len()];
            let ack = jetstream.publish(chunk.subject.clone(), other.into()).await;
            ack.unwrap().await.unwrap();
            return;
        }
    }
    panic!("no chunk in {bucket}");
}
