//! The contract for those who do not write Rust: JSON Schema of every event, and an AsyncAPI 3 document.
//!
//! Both are made from the types; `schema/` holds them, and a test refuses a difference. `just schema` writes them anew.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};

use crate::article::Article;
use crate::event::EventKind;
use crate::issue::{ArticleKilled, IssueIndexed, IssueLate, IssueReceived, IssueWithdrawn, Manifest};
use crate::names;
use crate::receipt::Receipt;

/// Every file of `schema/`: name and text.
pub fn files() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        EventKind::ALL.into_iter().map(|kind| (schema_file(kind), pretty(&schema(kind)))).collect();
    files.insert("receipt.v1.json".into(), pretty(&schema_of::<Receipt>()));
    files.insert("asyncapi.json".into(), pretty(&asyncapi()));
    files
}

fn schema_file(kind: EventKind) -> String {
    format!("{}.v1.json", kind.path().replace('.', "-"))
}

fn schema(kind: EventKind) -> Value {
    match kind {
        EventKind::IssueReceived => schema_of::<IssueReceived>(),
        EventKind::ArticleExtracted => schema_of::<Article>(),
        EventKind::IssueExtracted => schema_of::<Manifest>(),
        EventKind::IssueIndexed => schema_of::<IssueIndexed>(),
        EventKind::IssueWithdrawn => schema_of::<IssueWithdrawn>(),
        EventKind::ArticleKilled => schema_of::<ArticleKilled>(),
        EventKind::IssueLate => schema_of::<IssueLate>(),
    }
}

fn schema_of<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

fn pretty(value: &Value) -> String {
    format!("{:#}\n", sorted(value))
}

/// Keys in order: whether serde_json keeps them so by itself depends on what other crates of the build ask of it.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn summary(kind: EventKind) -> &'static str {
    match kind {
        EventKind::IssueReceived => {
            "A file was admitted. The payload is the file as it came; what is known of it stands in the headers. \
             With ce-dataref the payload is empty and the bytes lie in the object store under that name."
        }
        EventKind::ArticleExtracted => "An article was found in an issue.",
        EventKind::IssueExtracted => "All articles of an issue were found and published.",
        EventKind::IssueIndexed => "All articles of an issue can be searched.",
        EventKind::IssueWithdrawn => "An issue must leave the index and not come back.",
        EventKind::ArticleKilled => "An article must leave the index and not come back.",
        EventKind::IssueLate => "An issue is not there by its title's deadline, or not whole.",
    }
}

/// Title of an event as a key of the document: `issue.received` is `issueReceived`.
fn key(kind: EventKind) -> String {
    let mut words = kind.path().split('.');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |key, word| key + &word[..1].to_uppercase() + &word[1..])
}

fn headers(kind: EventKind) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, text) in [
        (names::HEADER_SPEC_VERSION, "CloudEvents version, 1.0"),
        (names::HEADER_ID, "with ce-source it names the event"),
        (names::HEADER_TYPE, kind.type_name()),
        (names::HEADER_SOURCE, "the service that published, e.g. /pressline/intake"),
        (names::HEADER_TIME, "RFC 3339"),
        (names::HEADER_SUBJECT, "id of the issue, article or title"),
        (names::HEADER_DATA_SCHEMA, "name of the payload's JSON Schema"),
        (names::HEADER_CONTENT_TYPE, "media type of the payload"),
    ] {
        properties.insert(name.into(), json!({ "type": "string", "description": text }));
        required.push(name);
    }
    let mut optional = vec![(names::HEADER_TRACE, "W3C trace context")];
    if kind == EventKind::IssueReceived {
        properties.insert(
            names::HEADER_SHA256.into(),
            json!({ "type": "string", "description": "SHA-256 of the bytes, in hex" }),
        );
        required.push(names::HEADER_SHA256);
        optional.extend([
            (names::HEADER_FILE_NAME, "the file's name, without folders"),
            (names::HEADER_CHARSET, "as declared by the sender"),
            (names::HEADER_PUBLICATION, "publication id"),
            (names::HEADER_DATE, "YYYY-MM-DD"),
            (names::HEADER_EDITION, "as the sender names it"),
            (names::HEADER_DATAREF, "name in the object store (CloudEvents claim check)"),
        ]);
    }
    for (name, text) in optional {
        properties.insert(name.into(), json!({ "type": "string", "description": text }));
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

fn payload(kind: EventKind) -> Value {
    match kind {
        EventKind::IssueReceived => json!({ "type": "string", "format": "binary" }),
        _ => json!({
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": { "$ref": format!("./{}", schema_file(kind)) },
        }),
    }
}

fn asyncapi() -> Value {
    let mut channels = Map::new();
    let mut operations = Map::new();
    for kind in EventKind::ALL {
        let key = key(kind);
        channels.insert(
            key.clone(),
            json!({
                "address": format!("pressline.{}.{{lane}}.{{publication}}", kind.path()),
                "description": summary(kind),
                "parameters": {
                    "lane": { "enum": ["live", "backfill"], "description": "today's issues, or the archive's" },
                    "publication": { "description": "publication id, or _ where it is not known" },
                },
                "messages": { &key: {
                    "name": kind.type_name(),
                    "summary": summary(kind),
                    "headers": headers(kind),
                    "payload": payload(kind),
                } },
            }),
        );
        operations.insert(
            format!("send{}{}", key[..1].to_uppercase(), &key[1..]),
            json!({ "action": "send", "channel": { "$ref": format!("#/channels/{key}") } }),
        );
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Pressline",
            "version": "1.0.0",
            "description": "From issue files to searchable articles, over NATS JetStream. Events are CloudEvents 1.0 in binary mode.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": { "nats": { "host": "127.0.0.1:4222", "protocol": "nats" } },
        "channels": channels,
        "operations": operations,
    })
}
