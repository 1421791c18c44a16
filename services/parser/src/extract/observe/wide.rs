//! Headings as wide as text: kickers and decks of several clauses, headlines of laws and meetings.

use super::is_text;
use crate::extract::features::{Feature, Features};
use crate::extract::lines::Line;
use crate::extract::text::ends_sentence;

/// Widest heading, in half-width columns.
const WIDEST: usize = 200;
/// Widest one that nothing but its place among the lines gives away.
const PLAIN: usize = 100;

/// Marks them, before anything is asked of a heading's neighbours.
pub(super) fn mark(lines: &[Line], all: &mut [Features]) {
    use Feature as F;
    let heading: Vec<bool> = all.iter().map(|f| f.headingish()).collect();
    for at in 0..lines.len().saturating_sub(1) {
        let (line, f, next) = (&lines[at], all[at], at + 1);
        let Some(sort) = Sort::of(line, f).filter(|_| !lines[next].opens_page) else { continue };
        let top = at == 0 || line.opens_page;
        let (below_heading, above_heading) = (!top && heading[at - 1], heading[next]);
        let own = top || all[at - 1].has(F::Furniture);
        let ended = own || ends_sentence(&lines[at - 1].text) || all[at - 1].has(F::Credit);
        let text = is_text(all[next]);
        let report = text && (all[next].has(F::BeginsRunning) || all[next].has(F::BeginsDay));
        let narrow = line.width <= PLAIN;
        let plain = narrow && !f.has(F::Comma) && !f.has(F::Commas);
        let heads = match sort {
            Sort::Clauses => below_heading && report || ended && above_heading && lines[next].heading > 0,
            // Below a headline what stands there ends in no stop.
            Sort::Wide => {
                let opens = report || all[next].has(F::Lead) || all[next].has(F::Byline);
                let deck = below_heading && (opens || above_heading || plain && text);
                deck || ended && above_heading && (plain || line.text.ends_with('—'))
            }
        };
        if heads {
            all[at].set(F::WideHead, true);
            [F::Wide34, F::Wide50, F::WideMore].iter().for_each(|own| all[at].clear(*own));
        }
    }
}

/// What may be such a heading.
enum Sort {
    /// As wide as text.
    Wide,
    /// Narrower, but of several clauses.
    Clauses,
}

impl Sort {
    fn of(line: &Line, f: Features) -> Option<Self> {
        use Feature as F;
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
        let any = |all: &[F]| all.iter().any(|own| f.has(*own));
        let wide = any(&[F::Wide50, F::WideMore]);
        if line.heading > 0 || line.verse || line.width > WIDEST || any(&other) {
            return None;
        }
        if !f.has(F::EndsPlain) || f.has(F::StopInside) {
            return None;
        }
        let clauses = f.has(F::Commas) && f.has(F::Wide34);
        if wide { Some(Self::Wide) } else { clauses.then_some(Self::Clauses) }
    }
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
    fn a_line_of_clauses_above_a_marked_headline_is_its_kicker() {
        let kicker = "订单排到明年,人手却一度紧缺,云江边一家老船厂向内挖潜";
        let page = format!("# 水库大坝加固完工\n\n{WATER}\n\n{kicker}\n\n# 老船厂的“双燃料”突围\n\n{BRIDGE}\n");
        assert_eq!(articles(&page)[1].kicker.as_deref(), Some(kicker));
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
