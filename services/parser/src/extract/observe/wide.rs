//! Headings as wide as text: kickers and decks of several clauses, headlines of laws and meetings.

use super::is_text;
use crate::extract::features::{Feature, Features};
use crate::extract::lines::Line;
use crate::extract::text::{ends_sentence, is_comma};

/// Widest heading, in half-width columns.
const WIDEST: usize = 200;
/// Widest one that nothing but its place among the lines gives away.
const PLAIN: usize = 100;

/// Marks them, before anything is asked of a heading's neighbours.
pub(super) fn mark(lines: &[Line], all: &mut [Features]) {
    use Feature as F;
    let heading: Vec<bool> = all.iter().map(|f| f.headingish()).collect();
    for at in 0..lines.len() {
        let (line, f) = (&lines[at], all[at]);
        let next = at + 1;
        if !may_be(line, f) || next >= lines.len() || lines[next].opens_page {
            continue;
        }
        let top = at == 0 || line.opens_page;
        let begins = [F::BeginsRunning, F::BeginsDay].iter().any(|own| all[next].has(*own)) && is_text(all[next]);
        let opens = begins || all[next].has(F::Lead) || all[next].has(F::Byline);
        if f.has(F::Wide34) && !line.text.ends_with(is_comma) && !(begins && !top && heading[at - 1]) {
            continue;
        }
        let narrow = line.width <= PLAIN;
        let commas = f.has(F::Comma) || f.has(F::Commas);
        // Below a headline: what stands there ends in no stop.
        let deck = !top && heading[at - 1] && (opens || heading[next] || narrow && !commas && is_text(all[next]));
        let ended =
            top || ends_sentence(&lines[at - 1].text) || all[at - 1].has(F::Credit) || all[at - 1].has(F::Furniture);
        let clauses = line.text.ends_with('—') || narrow && !commas;
        // Between headings or below what is the page's: a line of a heading that the next goes on with.
        let goes_on =
            line.text.ends_with(is_comma) && line.width <= PLAIN && heading[next] && all[next].has(F::EndsPlain);
        let goes_on = goes_on && (top || heading[at - 1] || all[at - 1].has(F::Furniture));
        if goes_on || !line.text.ends_with(is_comma) && (deck || ended && clauses && heading[next]) {
            all[at].set(F::WideHead, true);
            [F::Wide24, F::Wide34, F::Wide50, F::WideMore, F::EndsComma, F::StopInside]
                .iter()
                .for_each(|own| all[at].clear(*own));
        }
    }
}

fn may_be(line: &Line, f: Features) -> bool {
    use Feature as F;
    let comma = f.has(F::EndsComma) && line.text.ends_with(is_comma);
    let commas = f.has(F::Commas) && f.has(F::Wide34);
    let wide = f.has(F::Wide50) || f.has(F::WideMore) || commas || comma && (f.has(F::Wide34) || f.has(F::Wide24));
    let wide = wide && line.width <= WIDEST;
    let other = [
        F::EndsStop,
        F::LeftOpen,
        F::BeginsTorn,
        F::Lead,
        F::Byline,
        F::Credit,
        F::CreditAtEnd,
        F::Caption,
        F::Speech,
        F::Speaker,
        F::Furniture,
        F::Row,
        F::Source,
        F::Jump,
        F::AuthorNote,
        F::BeginsClause,
    ];
    wide && (f.has(F::EndsPlain) && !f.has(F::StopInside) || comma && !line.text.contains('。'))
        && line.heading == 0
        && !line.verse
        && !other.iter().any(|own| f.has(*own))
}

#[cfg(test)]
mod tests {
    use crate::extract::layouts::articles;

    const BRIDGE: &str = "本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船，往返县城的时间缩短一半。";
    const WATER: &str = "本报讯（记者叶茂）水库大坝加固工程昨天完工，库容增加三成，下游五个乡镇的灌溉用水有了保证。";

    #[test]
    fn a_deck_of_several_clauses_is_no_text() {
        let deck = "两岸居民过江时间由一小时缩短到十分钟；桥头新设公交站三处；老渡口改作码头公园，船工转为桥上的巡查员和讲解员";
        let page = format!("水库大坝加固完工\n\n{WATER}\n\n云江新桥通车\n\n{deck}\n\n{BRIDGE}\n");
        let found = articles(&page);
        assert_eq!(found.len(), 2);
        assert_eq!((found[1].headline.as_deref(), found[1].deck.as_deref()), (Some("云江新桥通车"), Some(deck)));
    }

    #[test]
    fn a_kicker_that_leads_over_to_its_headline_is_no_text() {
        let kicker = "一座桥修了三年，两岸三万居民等了三年，老船工周舟在通车那天说了一句话；他的话让许多人红了眼睛——";
        let page = format!("水库大坝加固完工\n\n{WATER}\n\n{kicker}\n\n船还在 江更近了\n\n{BRIDGE}\n");
        let found = articles(&page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].headline.as_deref(), Some("船还在 江更近了"));
        assert_eq!(found[1].kicker.as_deref(), Some(kicker));
    }
}
