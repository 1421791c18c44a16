//! Pen names that are words like any other: below a deck, or below the headline of a column that its label names, where
//! nothing but the author can stand.

use super::features::{Feature as F, Features};
use super::grammar::byline;
use super::lines::Line;
use super::observe::is_text;

/// Marks them; after the lines' neighbours were looked at.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    for at in 1..lines.len().saturating_sub(1) {
        let (before, here, next) = (all[at - 1], all[at], all[at + 1]);
        let deck = before.has(F::BeginsDash) && before.headingish();
        let labelled = at > 1
            && (all[at - 2].has(F::SectionWords) || all[at - 2].has(F::LabelSurely))
            && !lines[at - 1].opens_page;
        let column = labelled && before.headingish() && !before.has(F::SectionWords) && !before.has(F::Wide4);
        let below = (deck || column) && !lines[at].opens_page;
        let text = is_text(next) && !next.has(F::Lead) && !lines[at + 1].opens_page;
        let plain = lines[at].heading == 0 && !lines[at].vertical && here.has(F::EndsPlain);
        let other = here.has(F::SectionWords) || here.has(F::NoticeHead) || here.has(F::Furniture);
        all[at].set(F::BareName, below && text && plain && !other && byline::penned(&lines[at].text).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{articles, headlines};

    #[test]
    fn a_word_below_a_deck_is_the_authors_name() {
        let page = "渡口边的书房\n\n——读《云江桥事》\n\n听潮\n\n桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路。";
        assert_eq!(headlines(page), [Some("渡口边的书房".into())]);
        assert_eq!(articles(page)[0].byline.iter().map(|by| by.name.as_str()).collect::<Vec<_>>(), ["听潮"]);
    }

    #[test]
    fn a_word_below_a_labelled_headline_is_the_authors_name() {
        let page = "云江时评\n\n新桥该怎么管\n\n听潮\n\n桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路。";
        assert_eq!(headlines(page), [Some("新桥该怎么管".into())]);
        assert_eq!(articles(page)[0].byline.iter().map(|by| by.name.as_str()).collect::<Vec<_>>(), ["听潮"]);
    }
}
