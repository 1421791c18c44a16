//! Traditional characters, one for one.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::truth::Truth;

static TO_TRADITIONAL: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2t).ok());

/// A text in traditional characters, character by character, so that the same word is the same everywhere.
pub(crate) fn traditional(text: &str) -> String {
    let Some(to) = &*TO_TRADITIONAL else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let form = to.convert(c.encode_utf8(&mut [0; 4]));
        out.push(if c.is_ascii() { c } else { form.chars().next().unwrap_or(c) });
    }
    out
}

/// The truth about a page in traditional characters.
pub(crate) fn traditional_truth(truth: &mut Truth) {
    let change = |text: &mut String| *text = traditional(text);
    truth.issue.publication.iter_mut().for_each(change);
    for article in &mut truth.articles {
        let heads = [&mut article.section, &mut article.kicker, &mut article.headline, &mut article.deck];
        heads.into_iter().flatten().for_each(change);
        article.headline_alt.iter_mut().chain(&mut article.authors).chain(&mut article.photographers).for_each(change);
        article.dateline.iter_mut().for_each(|dateline| change(&mut dateline.place));
    }
}
