//! The file's name in `Content-Disposition`, RFC 6266 with RFC 8187's `filename*`.

use percent_encoding::percent_decode_str;

/// The file name that a `Content-Disposition` value gives; `filename*` before `filename`. A value that breaks the
/// grammar gives what can be read of it: a name is a fact about the file, no reason to lose it.
pub fn file_name(value: &[u8]) -> Option<String> {
    // Newsroom tools send raw UTF-8 here; what is not UTF-8 is Latin-1, the header's own encoding.
    let text = match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
    };
    let mut plain = None;
    let mut extended = None;
    for (name, value) in Parameters::of(&text) {
        if name.eq_ignore_ascii_case("filename*") {
            extended = extended.or_else(|| decode_extended(&value));
        } else if name.eq_ignore_ascii_case("filename") {
            plain = plain.or(Some(value));
        }
    }
    extended.or(plain).filter(|name| !name.trim().is_empty())
}

/// `UTF-8'zh'%E5%B7%A5.txt`
fn decode_extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let decoded = percent_decode_str(encoded);
    if charset.eq_ignore_ascii_case("utf-8") {
        return decoded.decode_utf8().ok().map(|name| name.into_owned());
    }
    charset.eq_ignore_ascii_case("iso-8859-1").then(|| decoded.map(char::from).collect())
}

/// `; name=value; name="quoted \" value"` after the disposition's type.
struct Parameters<'a> {
    rest: &'a str,
}

impl<'a> Parameters<'a> {
    fn of(text: &'a str) -> Self {
        // Some clients leave the type out and begin with the parameter.
        let first = text.split(';').next().unwrap_or_default();
        let rest = if first.contains('=') { text } else { &text[first.len()..] };
        Self { rest }
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a str, String);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = loop {
            self.rest = self.rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
            let end = self.rest.find(['=', ';'])?;
            let (name, rest) = self.rest.split_at(end);
            match rest.strip_prefix('=') {
                Some(value) => break (name, value),
                // A word without a value says nothing of the name.
                None => self.rest = rest,
            }
        };
        let value = value.trim_start();
        let (value, rest) = match value.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (value[..end].trim_end().to_owned(), &value[end..])
            }
        };
        self.rest = rest;
        Some((name.trim(), value))
    }
}

/// The text up to the closing quote, and what follows it.
fn unquote(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    #[test]
    fn a_header_full_of_words_without_values_is_passed_over() {
        let value = format!("attachment; {}filename=page.txt", "a;".repeat(100_000));
        assert_eq!(file_name(value.as_bytes()).as_deref(), Some("page.txt"));
    }

    #[test]
    fn names_are_read_in_every_form_that_clients_send() {
        for (value, name) in [
            ("attachment; filename=a.txt", Some("a.txt")),
            ("attachment;filename=\"a b.txt\"", Some("a b.txt")),
            ("attachment; filename=\"a \\\"b\\\".txt\"; size=3", Some("a \"b\".txt")),
            ("attachment; filename=\"a;b.txt\"", Some("a;b.txt")),
            ("attachment; filename=old.txt; filename*=UTF-8''%E5%B7%A5%E4%BA%BA.txt", Some("工人.txt")),
            ("attachment; FILENAME*=utf-8'zh'%E5%B7%A5.txt; filename=old.txt", Some("工.txt")),
            ("attachment; filename*=iso-8859-1''%E9.txt", Some("é.txt")),
            ("attachment; filename*=gbk''%B9%A4.txt; filename=old.txt", Some("old.txt")),
            ("attachment; filename=\"工人.txt\"", Some("工人.txt")),
            ("filename=a.txt", Some("a.txt")),
            ("attachment", None),
            ("attachment; filename=\"\"", None),
            ("attachment; filename", None),
            ("", None),
        ] {
            assert_eq!(file_name(value.as_bytes()).as_deref(), name, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = file_name(&value);
        }

        #[test]
        fn no_parameter_list_panics(value in "[;=\"\\\\' a*%工]{0,40}") {
            let _ = file_name(value.as_bytes());
        }

        #[test]
        fn a_quoted_name_comes_back(name in "[^\\p{C}\\s]{1,30}") {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            let value = format!("attachment; filename=\"{quoted}\"");
            prop_assert_eq!(file_name(value.as_bytes()), Some(name));
        }

        #[test]
        fn an_extended_name_comes_back(name in "[^\\p{C}\\s]{1,30}") {
            let encoded = utf8_percent_encode(&name, NON_ALPHANUMERIC);
            let value = format!("attachment; filename*=UTF-8''{encoded}");
            prop_assert_eq!(file_name(value.as_bytes()), Some(name));
        }
    }
}
