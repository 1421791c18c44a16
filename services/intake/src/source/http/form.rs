//! Several files of one issue in one request: `multipart/form-data`, as browsers and `curl -F` send it.

use axum::http::StatusCode;
use bytes::Bytes;
use contract::parts::{self, Part};

use super::problem::{No, Problem};
use crate::admit::Offer;
use crate::admit::several::File;

/// Bytes that boundaries and headers of a form may add to its files.
pub const OVERHEAD: usize = 512 << 10;
/// Longest value of a field, in bytes.
const VALUE: usize = 1024;

/// The files of a form. Its fields `name`, `publication`, `date`, `edition`, `issue` and `lane` say what the query does not.
///
/// # Errors
/// The body is no form.
pub fn read(mut offer: Offer, body: &Bytes) -> Result<(Offer, Vec<File>), No> {
    let content_type = offer.content_type.take().unwrap_or_default();
    let parts = parts::split(&content_type, body).map_err(|error| {
        let detail = format!("{error}; send each page of the issue as a file of a multipart/form-data request");
        Problem::new(StatusCode::BAD_REQUEST, "bad_form", detail)
    })?;
    let mut files = Vec::with_capacity(parts.len());
    for part in parts {
        if let Some(fact) = fact(&mut offer, &part) {
            if fact.is_none() {
                *fact = Some(String::from_utf8_lossy(&part.bytes).into_owned());
            }
            continue;
        }
        let charset = part.charset.map(|charset| format!("; charset={charset}")).unwrap_or_default();
        let content_type = part.media_type.map(|essence| essence + &charset);
        files.push(File { name: part.name, content_type, bytes: part.bytes });
    }
    Ok((offer, files))
}

/// The fact that a field without a file says.
fn fact<'a>(offer: &'a mut Offer, part: &Part) -> Option<&'a mut Option<String>> {
    if part.name.is_some() || part.bytes.len() > VALUE {
        return None;
    }
    match part.field.as_deref()? {
        "name" => Some(&mut offer.file_name),
        "publication" => Some(&mut offer.told.publication),
        "date" => Some(&mut offer.told.date),
        "edition" => Some(&mut offer.told.edition),
        "issue" => Some(&mut offer.told.issue),
        "lane" => Some(&mut offer.told.lane),
        _ => None,
    }
}
