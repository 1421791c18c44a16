//! A few characters of another column inside an article's text.

use super::features::{Feature as F, Features};
use super::lines::Line;
use super::observe::is_text;
use super::text::is_han;

/// What a phrase ends in that goes on.
const INSIDE: [char; 8] = ['的', '在', '和', '与', '及', '了', '將', '将'];

/// A word or two of another column inside a paragraph: nothing ends in it, and what follows begins anew with it or has
/// nothing to do with it.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    for at in 1..lines.len().saturating_sub(1) {
        let (before, here, next) = (all[at - 1], all[at], all[at + 1]);
        if !here.has(F::Wide2) && !here.has(F::Wide4) {
            continue;
        }
        let alone = here.has(F::Wide2) && here.has(F::EndsPlain) && here.has(F::PrevUnfinished) && is_text(next);
        let line = &lines[at];
        let plain = line.heading == 0 && !line.bold && !line.vertical && !line.verse && !line.row;
        let between = line.gap > 0 && lines[at + 1].gap > 0 && !line.opens_page && !lines[at + 1].opens_page;
        let again = lines[at + 1].text.starts_with(line.text.as_str());
        let word = here.has(F::WordContinues) || here.has(F::WordGoesOn) || before.has(F::EndsComma);
        let han = line.text.chars().all(is_han);
        // 以及在: words that only stand inside a sentence.
        // 枝头红了: a headline may end as a sentence does that is going on.
        let ends = line.text.ends_with(INSIDE)
            && !(line.text.ends_with('了') && !here.has(F::Wide2) && next.has(F::BeginsDay) || here.has(F::Pictured));
        let inner = here.has(F::BeginsParticle) || ends;
        let stub = here.has(F::Wide4) && inner && is_text(before) && is_text(next) && !word;
        let labels = here.has(F::SectionWords) || here.has(F::NoticeHead) || here.has(F::Furniture);
        let scrap = alone && between && (again || !word) || stub && !lines[at + 1].opens_page;
        all[at].set(F::Scrap, scrap && plain && han && !labels);
    }
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{headlines, paragraphs_of};

    #[test]
    fn words_that_only_stand_inside_a_sentence_are_no_heading() {
        let page = "云江新桥正式通车\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船，过江只要十分钟。\n以及在\n桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。\n水库大坝加固完工\n本报讯（记者周舟）水库大坝加固工程昨天完工。";
        assert_eq!(headlines(page), [Some("云江新桥正式通车".into()), Some("水库大坝加固完工".into())]);
        assert_eq!(paragraphs_of(page, 0).len(), 2);
    }
}
