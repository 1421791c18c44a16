//! Query help: what a reader types, made into what the search server takes for it. Pure.
//!
//! The server reads only ASCII quotes as a phrase, excludes only the first piece of a Chinese word behind `-`, and keeps
//! wide digits and traditional characters apart from others. The rules, in their order:
//!
//! 1. control characters and all white space become spaces
//! 2. wide forms (U+FF01 to U+FF5E) become narrow ones, and circles the numeral 〇
//! 3. quotes of all kinds become `"`; an odd last one is dropped
//! 4. dashes at the beginning or behind a space become `-`, elsewhere they stay
//! 5. traditional characters become simplified ones
//! 6. a word behind such a `-` is put into quotes where it holds a Chinese character, so that it is excluded whole; a `-`
//!    that stands alone is dropped
//! 7. runs of spaces become one
//!
//! Preparing a prepared query changes nothing. The search page has the same rules in JavaScript; both are tested by
//! `tests/query-vectors.json`. A query that is not prepared works, too, but for what is said above.

use crate::findable::{is_han, to_simplified};

/// `query` as the server should get it.
pub fn prepare(query: &str) -> String {
    let narrow: String = query.chars().map(narrow).collect();
    let balanced = without_odd_quote(narrow);
    let simplified = to_simplified(&balanced);
    let mut prepared = String::with_capacity(simplified.len() + 8);
    let mut excluded = false;
    for (number, part) in simplified.split('"').enumerate() {
        if number % 2 == 1 {
            phrase(part, excluded, &mut prepared);
        } else {
            excluded = words(part, &mut prepared);
        }
    }
    prepared
}

fn narrow(c: char) -> char {
    match c {
        _ if c.is_control() || c.is_whitespace() => ' ',
        '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' => '"',
        '○' | '◯' => '〇',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn without_odd_quote(mut text: String) -> String {
    if text.matches('"').count() % 2 == 1
        && let Some(at) = text.rfind('"')
    {
        text.remove(at);
    }
    text
}

/// A phrase, one that is `excluded` or one that is wanted.
fn phrase(text: &str, excluded: bool, prepared: &mut String) {
    let words: Vec<&str> = split(text).collect();
    if !words.is_empty() {
        push(if excluded { "-\"" } else { "\"" }, prepared);
        prepared.push_str(&words.join(" "));
        prepared.push('"');
    }
}

/// Words outside of phrases. Whether they end in a `-` for the phrase that follows.
fn words(text: &str, prepared: &mut String) -> bool {
    let mut open = false;
    for word in split(text) {
        let rest = word.trim_start_matches(is_dash);
        open = rest.is_empty();
        if rest.len() == word.len() {
            push(word, prepared);
        } else if rest.chars().any(is_han) {
            push("-\"", prepared);
            prepared.push_str(rest);
            prepared.push('"');
        } else if !rest.is_empty() {
            push("-", prepared);
            prepared.push_str(rest);
        }
    }
    open && !text.ends_with(' ')
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

/// Adds `text` behind a space.
fn push(text: &str, prepared: &mut String) {
    if !prepared.is_empty() {
        prepared.push(' ');
    }
    prepared.push_str(text);
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_that_the_search_page_shares_holds() {
        let table: serde_json::Value = serde_json::from_str(include_str!("../tests/query-vectors.json")).unwrap();
        for vector in table["vectors"].as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap();
            assert_eq!(prepare(text("query")), text("prepared"), "{}: {}", text("query"), text("why"));
        }
    }

    proptest! {
        #[test]
        fn preparing_twice_is_preparing_once(query in "[渡口總工會 \\-—“”\"「」ａ１A5　.]{0,24}") {
            let once = prepare(&query);
            prop_assert_eq!(prepare(&once), once);
        }

        #[test]
        fn quotes_are_balanced_and_nothing_else_is_invented(query in ".{0,40}") {
            let prepared = prepare(&query);
            prop_assert_eq!(prepared.matches('"').count() % 2, 0);
            prop_assert!(!prepared.contains("  ") && prepared.trim() == prepared);
        }
    }
}
