//! Languages by the names that Meilisearch takes: ISO 639-3 codes, and the two-letter ones.

use crate::error::Result;
use crate::json::Input;
use milli_core::tokenizer::Language;

/// Two-letter codes of ISO 639-1 and the language that each means; `zh` is `zho` as in Meilisearch.
const SHORT: &[(&str, &str)] = &[
    ("af", "afr"),
    ("ak", "aka"),
    ("am", "amh"),
    ("ar", "ara"),
    ("az", "aze"),
    ("be", "bel"),
    ("bn", "ben"),
    ("bg", "bul"),
    ("ca", "cat"),
    ("cs", "ces"),
    ("da", "dan"),
    ("de", "deu"),
    ("el", "ell"),
    ("en", "eng"),
    ("eo", "epo"),
    ("et", "est"),
    ("fi", "fin"),
    ("fr", "fra"),
    ("gu", "guj"),
    ("he", "heb"),
    ("hi", "hin"),
    ("hr", "hrv"),
    ("hu", "hun"),
    ("hy", "hye"),
    ("id", "ind"),
    ("it", "ita"),
    ("jv", "jav"),
    ("ja", "jpn"),
    ("kn", "kan"),
    ("ka", "kat"),
    ("km", "khm"),
    ("ko", "kor"),
    ("la", "lat"),
    ("lv", "lav"),
    ("lt", "lit"),
    ("ml", "mal"),
    ("mr", "mar"),
    ("mk", "mkd"),
    ("my", "mya"),
    ("ne", "nep"),
    ("nl", "nld"),
    ("nb", "nob"),
    ("or", "ori"),
    ("pa", "pan"),
    ("fa", "pes"),
    ("pl", "pol"),
    ("pt", "por"),
    ("ro", "ron"),
    ("ru", "rus"),
    ("si", "sin"),
    ("sk", "slk"),
    ("sl", "slv"),
    ("sn", "sna"),
    ("es", "spa"),
    ("sr", "srp"),
    ("sv", "swe"),
    ("ta", "tam"),
    ("te", "tel"),
    ("tl", "tgl"),
    ("th", "tha"),
    ("tk", "tuk"),
    ("tr", "tur"),
    ("uk", "ukr"),
    ("ur", "urd"),
    ("uz", "uzb"),
    ("vi", "vie"),
    ("yi", "yid"),
    ("zh", "zho"),
    ("zu", "zul"),
];

/// The language with this code.
pub fn parse(code: &str) -> Option<Language> {
    let long = SHORT.iter().find(|(short, _)| *short == code);
    Language::from_code(long.map_or(code, |(_, long)| long))
}

/// An array of codes.
pub fn list(input: &Input<'_>) -> Result<Vec<Language>> {
    input
        .array()?
        .iter()
        .map(|item| {
            let code = item.string()?;
            parse(&code).ok_or_else(|| {
                item.invalid(format!(
                    "Unsupported locale `{code}`, expected an ISO 639-1 or ISO 639-3 code such as `cmn`, `zho` or `eng`"
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_code_means_a_language_the_tokenizer_knows() {
        for (short, long) in SHORT {
            assert!(parse(short).is_some(), "{short} -> {long}");
        }
    }

    #[test]
    fn mandarin_and_chinese_are_two_codes() {
        assert_eq!(parse("cmn"), Some(Language::Cmn));
        assert_eq!(parse("zh"), Some(Language::Zho));
        assert_eq!(parse("xx"), None);
    }
}
