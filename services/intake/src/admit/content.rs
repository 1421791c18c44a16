//! Whether bytes look like text, and if not, what they seem to be.

use crate::refusal::{Refusal, RefusalCode};

/// What bytes look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looks {
    /// Text in some encoding.
    Text,
    /// Nothing, or white space only.
    Empty,
    /// Not text; what it seems to be.
    Binary(String),
}

/// How files that newsrooms mistake for text begin. Signatures as in <https://www.garykessler.net/library/file_sigs.html>.
const SIGNATURES: [(&[u8], &str); 18] = [
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\x7FELF", "an ELF program"),
    (b"\x1F\x8B\x08", "a gzip archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"\xFD7zXZ\0", "an xz archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
];

/// Control characters that are let pass whatever the file's length: a recogniser's slips.
const CONTROLS_FREE: usize = 4;
/// Beyond those, one in this many units.
const CONTROLS_ONE_IN: usize = 100;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Looks at the whole file; `charset` as declared, in lower case.
pub fn look(bytes: &[u8], charset: Option<&str>) -> Looks {
    if let Some((_, what)) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Looks::Binary((*what).to_owned());
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Looks::Binary("UTF-32 text".to_owned());
    }
    match utf16(bytes, charset) {
        Some(units) => look_at_utf16(&units),
        None => look_at_bytes(bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes)),
    }
}

fn look_at_bytes(bytes: &[u8]) -> Looks {
    let blank = match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().all(char::is_whitespace),
        Err(_) => false,
    };
    if blank {
        return Looks::Empty;
    }
    // Every encoding that the parser knows besides UTF-16 keeps these bytes for the control characters themselves.
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Looks::Binary(format!("binary data, with a zero byte at offset {at}"));
    }
    let controls = bytes.iter().filter(|byte| is_control(u16::from(**byte))).count();
    judge_controls(controls, bytes.len())
}

fn look_at_utf16(units: &[u16]) -> Looks {
    let blank = char::decode_utf16(units.iter().copied()).all(|c| c.is_ok_and(char::is_whitespace));
    if blank {
        return Looks::Empty;
    }
    judge_controls(units.iter().filter(|unit| is_control(**unit)).count(), units.len())
}

fn judge_controls(controls: usize, units: usize) -> Looks {
    if controls > CONTROLS_FREE + units / CONTROLS_ONE_IN {
        return Looks::Binary(format!("binary data, with {controls} control characters in {units}"));
    }
    Looks::Text
}

/// C0 and DEL, but tab, line ends, form feed, vertical tab and DOS' end of file.
fn is_control(unit: u16) -> bool {
    (unit < 0x20 && !matches!(unit, 0x09..=0x0D | 0x1A)) || unit == 0x7F
}

/// The units after the byte-order mark, if a mark or the declaration says that it is UTF-16.
fn utf16(bytes: &[u8], charset: Option<&str>) -> Option<Vec<u16>> {
    let (big, rest) = match (bytes, charset) {
        ([0xFF, 0xFE, rest @ ..], _) => (false, rest),
        ([0xFE, 0xFF, rest @ ..], _) => (true, rest),
        (_, Some("utf-16be")) => (true, bytes),
        (_, Some("utf-16" | "utf-16le")) => (false, bytes),
        _ => return None,
    };
    let pairs = rest.as_chunks::<2>().0.iter();
    Some(pairs.map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }).collect())
}

pub(super) fn refuse_empty(length: usize) -> Refusal {
    let reason = match length {
        0 => "the file is empty".to_owned(),
        _ => format!("the file holds nothing but white space in {length} bytes"),
    };
    Refusal::new(RefusalCode::Empty, reason, "send the file again when its text is there")
}

pub(super) fn refuse_binary(what: &str) -> Refusal {
    Refusal::new(
        RefusalCode::Binary,
        format!("the file seems to be {what}"),
        "send the page's text as UTF-8, GB18030, Big5 or UTF-16",
    )
}
