//! Events survive the wire, and recorded ones of every version still parse.

#![expect(clippy::unwrap_used, reason = "the helpers belong to tests, where a panic is the report")]

use std::time::SystemTime;

use bus::{Incoming, Outgoing};
use contract::event::{Payload, decode, decode_received, encode, encode_received};
use contract::{Article, Envelope, IssueId, IssueReceived, Lane, Manifest};
use proptest::prelude::*;

/// The message as a consumer would get it.
fn delivered(message: Outgoing) -> Incoming {
    Incoming {
        subject: message.subject,
        headers: message.headers,
        payload: message.payload,
        stream_sequence: 1,
        attempt: 1,
        published: SystemTime::UNIX_EPOCH,
    }
}

fn envelope(lane: Lane) -> Envelope {
    Envelope {
        source: "/pressline/test".into(),
        time: "2026-03-04T05:06:07Z".parse().unwrap(),
        lane,
        publication: Some("harbour-daily".parse().unwrap()),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
        replay: None,
    }
}

proptest! {
    #[test]
    fn a_received_file_survives_the_wire(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        name in proptest::option::of("[^\u{0}/]{1,30}"),
        edition in proptest::option::of("\\PC{1,10}"),
        by_reference: bool,
    ) {
        let envelope = envelope(Lane::Backfill);
        let event = IssueReceived {
            id: IssueId::of(&bytes),
            file_name: name,
            media_type: "text/plain".into(),
            charset: Some("gb18030".into()),
            sha256: "00".repeat(32),
            publication: envelope.publication.clone(),
            date: Some("2026-03-04".parse().unwrap()),
            edition,
            received: envelope.time,
        };
        let payload = if by_reference { Payload::Reference(event.sha256.clone()) } else { Payload::Inline(bytes.into()) };
        let message = delivered(encode_received(&event, payload.clone(), &envelope, None));
        prop_assert!(message.headers.iter().all(|(_, values)| values.iter().all(|v| v.as_str().bytes().all(|b| (b' '..0x7f).contains(&b)))));
        prop_assert_eq!(decode_received(&message).unwrap(), (event, payload, envelope));
    }
}

const ARTICLE_V1: &str = include_str!("recorded/article.v1.json");
const MANIFEST_V1: &str = include_str!("recorded/manifest.v1.json");

#[test]
fn recorded_events_of_version_1_still_parse() {
    let article: Article = serde_json::from_str(ARTICLE_V1).unwrap();
    assert_eq!(article.headline.as_deref(), Some("环岛电车今晨通车"));
    assert_eq!(article.byline.len(), 2);
    let manifest: Manifest = serde_json::from_str(MANIFEST_V1).unwrap();
    assert_eq!(manifest.articles, std::slice::from_ref(&article.id));

    let message = delivered(encode(&article, &envelope(Lane::Live)).unwrap());
    assert_eq!(message.subject, "pressline.article.extracted.live.harbour-daily");
    assert_eq!(decode::<Article>(&message).unwrap(), (article, envelope(Lane::Live)));
    let error = decode::<Manifest>(&message).unwrap_err().to_string();
    assert!(error.contains("pressline.article.extracted.v1"), "{error}");
}

#[test]
fn what_is_no_event_is_refused_by_name_and_not_by_panic() {
    let mut message = delivered(Outgoing {
        subject: "pressline.issue.received.live._".into(),
        headers: bus::HeaderMap::new(),
        payload: "{}".into(),
        message_id: "1".into(),
    });
    assert_eq!(decode::<Article>(&message).unwrap_err().to_string(), "header `ce-type` is missing");
    message.headers.insert("ce-type", "pressline.article.extracted.v1");
    assert_eq!(decode::<Article>(&message).unwrap_err().to_string(), "header `ce-source` is missing");
}
