//! Any bytes as a file: reading and analysing them does not panic, ends in time (`-timeout`), accounts for every character,
//! and finds no word that is not there.

#![no_main]

use std::sync::LazyLock;

use contract::IssueReceived;
use libfuzzer_sys::fuzz_target;
use parser::{Analyzer, Source, analyse, extract};

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

fuzz_target!(|bytes: &[u8]| {
    let received = IssueReceived::of(bytes);
    let Ok(mut found) = extract(&Source { bytes, received: &received, revision: 1 }) else { return };
    analyse(&ANALYZER, &mut found.articles);
    for article in &found.articles {
        let parts = [&article.headline, &article.kicker, &article.deck].into_iter().flatten();
        let text: Vec<&str> = parts.chain(article.body.iter().map(|block| &block.text)).map(String::as_str).collect();
        for word in article.keywords.iter().chain(&article.organizations) {
            assert!(text.iter().any(|part| part.contains(word.as_str())), "{word} stands nowhere");
        }
        assert!((0.0..=1.0).contains(&article.confidence), "confidence {}", article.confidence);
    }
    let differ = parser::extract::accounting::unaccounted(bytes);
    assert!(differ.is_empty(), "character, times in the file, times in what was made of it: {differ:?}");
});
