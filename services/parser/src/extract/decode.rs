//! Bytes to text: what the sender declared, what the bytes say of themselves, else the charset in which they read as
//! Chinese.

use std::sync::LazyLock;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::text::{CharSet, is_blank, is_han};

/// Why a file holds no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes, or nothing but white space.
    #[error("empty: the file holds no text")]
    Empty,
    /// Not text in any charset known here.
    #[error("binary: the file is {0}, not text")]
    Binary(String),
    /// Several files in one payload that is not what it says.
    #[error("broken: {0}")]
    Parts(#[from] contract::parts::PartsError),
}

/// A decoded file.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// Its text.
    pub text: String,
    /// Characters that could not be decoded.
    pub replaced: usize,
}

/// Characters so common that a right decoding is full of them and a wrong one is not; both scripts.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学\
法所民得经十三之进着等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社事平\
形相全表间样与关各重新线内数正心反你明看原么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果\
料象员位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取\
据处这為個國時來們動產種過說經進著電裡現實業開還關與發對後學會體點從應長無當線兩機結問間樣氣變條題華報記者城市工會";

/// Beginnings of files that are no text.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"7z\xbc\xaf", "a 7z archive"),
];

/// Bytes that are looked at to tell charsets apart.
const SAMPLE: usize = 64 * 1024;

/// Decodes a file. `charset` is what the sender declared, if anything.
pub(crate) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<Decoded, Unreadable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Unreadable::Binary((*what).to_owned()));
    }
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if bytes.contains(&0) && !is_wide(charset) => {
            return Err(Unreadable::Binary("a file with NUL bytes".to_owned()));
        }
        None => choose(bytes, charset),
    };
    let (text, _, _) = encoding.decode(bytes);
    let text = text.into_owned();
    if text.chars().all(is_blank) {
        return Err(Unreadable::Empty);
    }
    let (replaced, control) = (replaced(&text), controls(&text));
    // Only where there are any is it worth counting how many they are among.
    let seen = if replaced + control == 0 { 0 } else { text.chars().filter(|c| !is_blank(*c)).count() };
    if (replaced + control) * 10 > seen {
        return Err(Unreadable::Binary(format!("undecodable in {} of {seen} characters", replaced + control)));
    }
    Ok(Decoded { text, replaced })
}

/// Whether any two neighbouring bytes are so. They are asked in runs without a way out, which the processor does for many
/// at a time.
pub(super) fn any_pair(bytes: &[u8], so: impl Fn(u8, u8) -> bool) -> bool {
    let pairs = || bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    pairs().fold(false, |any, (a, b)| any | so(*a, *b))
}

/// How many characters of a text stand for bytes that could not be decoded.
fn replaced(text: &str) -> usize {
    let may = any_pair(text.as_bytes(), |a, b| (a == 0xef) & (b == 0xbf));
    if may { text.matches('\u{fffd}').count() } else { 0 }
}

/// How many control characters a text has that are no blanks.
fn controls(text: &str) -> usize {
    let plain = |b: u8| (b < 0x09) | ((b > 0x0d) & (b < 0x20)) | (b == 0x7f);
    let may = text.as_bytes().iter().fold(false, |any, b| any | plain(*b))
        || any_pair(text.as_bytes(), |a, b| (a == 0xc2) & (b < 0xa0));
    if may { text.chars().filter(|c| c.is_control() && !is_blank(*c)).count() } else { 0 }
}

fn is_wide(charset: Option<&str>) -> bool {
    charset.and_then(|label| Encoding::for_label(label.as_bytes())).is_some_and(|e| e == UTF_16LE || e == UTF_16BE)
}

fn choose(bytes: &[u8], charset: Option<&str>) -> &'static Encoding {
    let declared = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = declared
        && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
        && (!encoding.is_single_byte() || bytes.is_ascii())
    {
        return encoding;
    }
    if Encoding::utf8_valid_up_to(bytes) == bytes.len() {
        return UTF_8;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    [UTF_8, GB18030, BIG5]
        .into_iter()
        .map(|encoding| (encoding, plausibility(sample, encoding)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(UTF_8, |(encoding, _)| encoding)
}

/// The share of common characters among all that are not ASCII, less ten times the share of errors.
fn plausibility(sample: &[u8], encoding: &'static Encoding) -> f32 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    static SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(COMMON));
    let set = &*SET;
    let (mut all, mut common, mut errors) = (0f32, 0f32, 0f32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1.0;
        if c == '\u{fffd}' {
            errors += 1.0;
        } else if is_han(c) && set.has(c) || matches!(c, '，' | '。' | '、' | '“' | '”' | '「' | '」' | '：')
        {
            common += 1.0;
        }
    }
    if all == 0.0 { 0.0 } else { (common - 10.0 * errors) / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "新桥今天通车，两岸居民从此不必再等渡船。记者在现场看到，工人们正在清理桥面。";
    const OLD_PAGE: &str = "新橋今天通車，兩岸居民從此不必再等渡船。記者在現場看到，工人們正在清理橋面。";

    #[test]
    fn every_charset_of_chinese_newsrooms_is_recognised() {
        let text = |bytes: &[u8]| decode(bytes, None).unwrap().text;
        assert_eq!(text(PAGE.as_bytes()), PAGE);
        assert_eq!(text(&GB18030.encode(PAGE).0), PAGE);
        assert_eq!(text(&BIG5.encode(OLD_PAGE).0), OLD_PAGE);
        assert_eq!(text(format!("\u{feff}{PAGE}").as_bytes()), PAGE);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(PAGE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(text(&wide), PAGE);
    }

    #[test]
    fn a_wrong_declaration_is_not_believed() {
        assert_eq!(decode(PAGE.as_bytes(), Some("big5")).unwrap().text, PAGE);
        assert_eq!(decode(&GB18030.encode(PAGE).0, Some("utf-8")).unwrap().text, PAGE);
    }

    #[test]
    fn a_broken_byte_is_counted_and_the_rest_is_read() {
        let mut bytes = PAGE.as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.replaced, 1);
        assert!(decoded.text.starts_with("新桥"));
    }

    #[test]
    fn what_cannot_be_decoded_is_counted_as_character_by_character() {
        for c in '\0'..=char::MAX {
            let text = format!("桥{c}A");
            assert_eq!(replaced(&text), usize::from(c == '\u{fffd}'), "{c:?}");
            assert_eq!(controls(&text), usize::from(c.is_control() && !is_blank(c)), "{c:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_reason() {
        assert_eq!(decode(b"", None).unwrap_err(), Unreadable::Empty);
        assert_eq!(decode(" \n\u{3000}\n".as_bytes(), None).unwrap_err(), Unreadable::Empty);
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n\0\0", None).unwrap_err().to_string(),
            "binary: the file is a PNG image, not text"
        );
        assert!(matches!(decode(b"abc\0def", None), Err(Unreadable::Binary(_))));
    }
}
