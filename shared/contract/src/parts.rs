//! Several files of one issue as one payload: `multipart/mixed` as RFC 2046 has it, each file as it came.
//!
//! The same files in the same order give the same bytes, so they are the same issue. [`split`] also reads what browsers and
//! `curl -F` send (`multipart/form-data`, RFC 7578), and what other systems publish by themselves.

use std::fmt::Write;

pub use bytes::Bytes;
use bytes::{BufMut, BytesMut};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Most files of an issue.
pub const MOST: usize = 1000;
/// Longest boundary that RFC 2046 allows.
const BOUNDARY: usize = 70;
/// Bytes of a part's headers.
const HEADERS: usize = 16 << 10;

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Its name, without folders.
    pub name: Option<String>,
    /// The form's field that it came in.
    pub field: Option<String>,
    /// Type and subtype, in lower case.
    pub media_type: Option<String>,
    /// The declared charset, in lower case.
    pub charset: Option<String>,
    /// The file.
    pub bytes: Bytes,
}

/// Why a payload is no issue in several files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartsError {
    /// The media type names no boundary, or one that cannot be.
    #[error("the multipart media type names no boundary of 1 to 70 characters")]
    Boundary,
    /// The boundary does not stand where a part should begin or end.
    #[error("the multipart body is broken off or not parted by its boundary")]
    Broken,
    /// A part's headers are no headers.
    #[error("the headers of part {0} of the multipart body cannot be read")]
    Headers(usize),
    /// More files than an issue has.
    #[error("the multipart body has more than 1000 parts")]
    TooMany,
}

/// Whether a media type says that the payload is several files.
pub fn is_multipart(media_type: &str) -> bool {
    media_type.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"))
}

/// The files as one payload, and its media type.
pub fn join(parts: &[Part]) -> (String, Bytes) {
    let mut heads = Vec::with_capacity(parts.len());
    let mut digest = Sha256::new();
    for part in parts {
        let mut head = String::from("Content-Type: ");
        head.push_str(part.media_type.as_deref().unwrap_or("text/plain"));
        if let Some(charset) = &part.charset {
            // Writing to a string does not fail.
            let _ = write!(head, "; charset={charset}");
        }
        if let Some(name) = &part.name {
            let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
            let _ = write!(head, "\r\nContent-Disposition: attachment; filename*=UTF-8''{name}");
        }
        digest.update(&head);
        digest.update(Sha256::digest(&part.bytes));
        heads.push(head);
    }
    // Of the content, so that the same files give the same bytes, and so long that no file holds it.
    let boundary = format!("pressline-{}", &data_encoding::HEXLOWER.encode(&digest.finalize())[..40]);
    let size: usize = parts.iter().zip(&heads).map(|(part, head)| part.bytes.len() + head.len() + 64).sum();
    let mut whole = BytesMut::with_capacity(size + 64);
    for (part, head) in parts.iter().zip(&heads) {
        whole.put_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        whole.put_slice(&part.bytes);
        whole.put_slice(b"\r\n");
    }
    whole.put_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/mixed; boundary={boundary}"), whole.freeze())
}

/// The files of a multipart payload; they share its memory.
///
/// # Errors
/// It is not what its media type says.
pub fn split(media_type: &str, whole: &Bytes) -> Result<Vec<Part>, PartsError> {
    let boundary = parameter(media_type, "boundary").filter(|text| (1..=BOUNDARY).contains(&text.len()));
    let mark = [b"--", boundary.ok_or(PartsError::Boundary)?.as_bytes()].concat();
    let mut from = delimiter(whole, &mark, 0).ok_or(PartsError::Broken)?.1;
    let mut parts = Vec::new();
    while !whole[from..].starts_with(b"--") {
        let start = from + line_end(&whole[from..]).ok_or(PartsError::Broken)?;
        let (end, next) = delimiter(whole, &mark, start).ok_or(PartsError::Broken)?;
        parts.push(read(whole, start, end).ok_or(PartsError::Headers(parts.len() + 1))?);
        if parts.len() > MOST {
            return Err(PartsError::TooMany);
        }
        from = next;
    }
    Ok(parts)
}

/// Where the next delimiter's line begins (with the line end before it, which is the delimiter's) and where the mark ends.
fn delimiter(whole: &[u8], mark: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let found = at + whole[at..].windows(mark.len()).position(|window| window == mark)?;
        let before = &whole[from..found];
        let own = match before {
            [] => Some(found),
            [.., b'\r', b'\n'] => Some(found - 2),
            [.., b'\n'] => Some(found - 1),
            _ => None,
        };
        let end = found + mark.len();
        let closes = whole[end..].starts_with(b"--");
        if let Some(start) = own
            && (closes || line_end(&whole[end..]).is_some())
        {
            return Some((start, end));
        }
        at = found + 1;
    }
}

/// The length of a line of nothing but blanks, its end included.
fn line_end(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [b'\r', b'\n', ..] => Some(blanks + 2),
        [b'\n', ..] => Some(blanks + 1),
        _ => None,
    }
}

fn read(whole: &Bytes, start: usize, end: usize) -> Option<Part> {
    let mut part = Part::default();
    let mut at = start;
    loop {
        let rest = whole.get(at..end)?;
        if let Some(blank) = line_end(rest) {
            part.bytes = whole.slice(at + blank..end);
            return Some(part);
        }
        let length = rest.iter().take(HEADERS).position(|byte| *byte == b'\n')?;
        let line = String::from_utf8_lossy(&rest[..length]);
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        if name.trim().eq_ignore_ascii_case("content-type") {
            part.media_type = value.split(';').next().map(|essence| essence.trim().to_ascii_lowercase());
            part.charset = parameter(value, "charset").map(|charset| charset.to_ascii_lowercase());
        } else if name.trim().eq_ignore_ascii_case("content-disposition") {
            let extended = parameter(value, "filename*").and_then(|encoded| {
                let name = encoded.splitn(3, '\'').nth(2)?;
                Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
            });
            part.name = extended.or_else(|| parameter(value, "filename")).filter(|name| !name.is_empty());
            part.field = parameter(value, "name");
        }
        at += length + 1;
    }
}

/// A parameter of a header's value: `; name=value; name="a \" value"`.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (found, left) = match after.strip_prefix('"') {
            Some(quoted) => {
                let mut text = String::new();
                let mut chars = quoted.char_indices();
                let mut left = "";
                while let Some((at, c)) = chars.next() {
                    match c {
                        '"' => {
                            left = &quoted[at + 1..];
                            break;
                        }
                        '\\' if quoted[at + 1..].starts_with(['"', '\\']) => {
                            text.extend(chars.next().map(|(_, c)| c));
                        }
                        other => text.push(other),
                    }
                }
                (text, left)
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(found);
        }
        rest = left.split_once(';')?.1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(name: &str, bytes: &[u8]) -> Part {
        Part {
            name: Some(name.to_owned()),
            media_type: Some("text/plain".to_owned()),
            bytes: Bytes::copy_from_slice(bytes),
            ..Part::default()
        }
    }

    #[test]
    fn files_come_back_as_they_were_and_the_same_files_are_the_same_bytes() {
        let wide = Part { charset: Some("gb18030".to_owned()), ..part("第2版.txt", b"\xd0\xc2\xb0\xe6\r\n--") };
        let parts = [part("a \"b\".txt", b""), wide, part("03.md", b"--pressline-\r\n\r\n")];
        let (media_type, whole) = join(&parts);
        assert_eq!(split(&media_type, &whole).unwrap(), parts);
        assert_eq!(join(&parts).1, whole);
        assert!(
            is_multipart(&media_type) && is_multipart("Multipart/Form-Data; boundary=x") && !is_multipart("text/plain")
        );
    }

    #[test]
    fn what_browsers_and_curl_send_is_read() {
        let body = Bytes::from_static(
            "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"date\"\r\n\r\n2026-03-04\r\n--x y\r\n\
             content-disposition: form-data; name=\"page\"; filename=\"一版.txt\"\r\nContent-Type: text/plain; charset=GBK\r\n\r\n甲\n\r\n--x y--\r\n"
                .as_bytes(),
        );
        let parts = split("multipart/form-data; boundary=\"x y\"", &body).unwrap();
        assert_eq!(
            (parts[0].field.as_deref(), parts[0].name.as_deref(), &parts[0].bytes[..]),
            (Some("date"), None, &b"2026-03-04"[..])
        );
        assert_eq!((parts[1].name.as_deref(), parts[1].charset.as_deref()), (Some("一版.txt"), Some("gbk")));
        assert_eq!(parts[1].bytes, "甲\n");
    }

    #[test]
    fn a_body_that_is_not_what_it_says_is_refused() {
        let split = |media_type: &str, body: &'static str| split(media_type, &Bytes::from_static(body.as_bytes()));
        assert_eq!(split("multipart/mixed", "--x--"), Err(PartsError::Boundary));
        assert_eq!(split("multipart/mixed; boundary=x", "text"), Err(PartsError::Broken));
        assert_eq!(split("multipart/mixed; boundary=x", "--x\r\n\r\ntext"), Err(PartsError::Broken));
        assert_eq!(
            split("multipart/mixed; boundary=x", "--x\r\nno header\r\n\r\ntext\r\n--x--"),
            Err(PartsError::Headers(1))
        );
        assert_eq!(split("multipart/mixed; boundary=x", "--x--"), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn any_files_survive(contents in proptest::collection::vec(("\\PC{0,12}", proptest::collection::vec(any::<u8>(), 0..80)), 1..5)) {
            let parts: Vec<Part> = contents.iter().map(|(name, bytes)| Part { name: Some(name.clone()).filter(|name| !name.is_empty()), ..part("", bytes) }).collect();
            let (media_type, whole) = join(&parts);
            prop_assert_eq!(split(&media_type, &whole).unwrap(), parts);
        }

        #[test]
        fn no_body_panics(body in "(--x|\r\n|\n|:|content-disposition: form-data; filename=\"|a|\"|--)*") {
            let _ = split("multipart/mixed; boundary=x", &Bytes::from(body));
        }
    }
}
