//! Request bodies: their size, their type, their JSON.

use crate::error::{Code, Failure, Result};
use crate::tasks::payload::Format;
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures::StreamExt;
use serde_json::Value;
use serde_json::error::Category;

/// How much of a body that is too large is still taken, as a multiple of the limit, so that a client that writes
/// before it reads sees the answer instead of a broken connection.
const PATIENCE: usize = 4;

/// The whole body, if it is within the limit.
pub async fn bytes(body: Body, limit: usize) -> Result<Vec<u8>> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| {
            Failure::new(Code::BadRequest, format!("Error while receiving the payload. `{error}`."))
        })?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
        if length > limit.saturating_mul(PATIENCE) {
            break;
        }
    }
    if length <= limit {
        return Ok(bytes);
    }
    let size = match limit % (1 << 20) {
        0 => format!("{} MiB", limit >> 20),
        _ => format!("{limit} B"),
    };
    Err(Failure::new(
        Code::PayloadTooLarge,
        format!("The provided payload reached the size limit. The maximum accepted payload size is {size}."),
    ))
}

/// The body as JSON.
pub async fn json(request: Request, limit: usize) -> Result<Value> {
    let accepted = ["application/json"];
    match media_type(request.headers(), &accepted)?.as_str() {
        "application/json" => {}
        other => return Err(wrong_type(other, &accepted)),
    }
    let bytes = bytes(request.into_body(), limit).await?;
    if bytes.is_empty() {
        return Err(Failure::new(Code::MissingPayload, "A json payload is missing."));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        let code = match error.classify() {
            Category::Data => Code::BadRequest,
            _ => Code::MalformedPayload,
        };
        Failure::new(code, format!("The json payload provided is malformed. `{error}`."))
    })
}

/// How the documents of a body come.
pub fn documents_format(headers: &HeaderMap) -> Result<Format> {
    let accepted = ["application/json", "application/x-ndjson"];
    match media_type(headers, &accepted)?.as_str() {
        "application/json" => Ok(Format::Json),
        "application/x-ndjson" => Ok(Format::Ndjson),
        other => Err(wrong_type(other, &accepted)),
    }
}

/// The media type without its parameters.
fn media_type(headers: &HeaderMap, accepted: &[&str]) -> Result<String> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Err(Failure::new(
            Code::MissingContentType,
            format!(
                "A Content-Type header is missing. Accepted values for the Content-Type header are: {}",
                crate::json::quoted(accepted)
            ),
        ));
    };
    let value = value.to_str().unwrap_or("unknown");
    let essence = value.split(';').next().unwrap_or_default().trim();
    Ok(essence.to_ascii_lowercase())
}

fn wrong_type(found: &str, accepted: &[&str]) -> Failure {
    Failure::new(
        Code::InvalidContentType,
        format!(
            "The Content-Type `{found}` is invalid. Accepted values for the Content-Type header are: {}",
            crate::json::quoted(accepted)
        ),
    )
}
