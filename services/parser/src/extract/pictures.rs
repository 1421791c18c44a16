//! Pictures that no heading introduces, or one of two characters.

use super::features::{Feature as F, Features};
use super::grammar::{byline, credit, marks};
use super::lines::Line;
use super::observe::is_text;
use super::text::{is_blank, is_han};

/// Lines below a title within which a picture's credit stands.
const CREDIT_REACH: usize = 3;

/// Marks them; after the lines' neighbours were looked at.
pub(crate) fn mark(lines: &[Line], all: &mut [Features]) {
    for at in 0..lines.len() {
        let picture = is_picture(lines, all, at);
        let title = is_title(lines, all, at);
        all[at].set(F::Picture, picture);
        all[at].set(F::TinyTitle, title);
    }
}

/// 4月17日，…。 and who photographed, below text that has ended, a notice, a table or the page's own lines.
fn is_picture(lines: &[Line], all: &[Features], at: usize) -> bool {
    let here = all[at];
    // A column's end may have torn it.
    let torn = here.has(F::EndsPlain) && all.get(at + 1).is_some_and(|next| is_text(*next) && !next.has(F::Lead));
    let end = at + usize::from(torn && !here.has(F::CreditAtEnd));
    let credited = all[end].has(F::CreditAtEnd)
        || all.get(end + 1).is_some_and(|next| next.has(F::Credit))
            && lines[at..=end + 1].iter().skip(1).all(|l| !l.opens_page);
    let ended = at > 0 && [F::Contact, F::SignOff, F::Row, F::Furniture].iter().any(|f| all[at - 1].has(*f));
    let apart = here.has(F::CreditAtEnd) && lines[at].gap > 0;
    let dated = here.has(F::BeginsDay)
        && (is_text(here) || torn && here.has(F::Comma))
        && (here.has(F::PrevPlain) || here.has(F::PrevClosed) || ended || apart);
    credited && (dated || here.has(F::CaptionHead) && here.has(F::BelowByline)) && !lines[at].opens_page
}

/// Two characters above the text of a picture.
fn is_title(lines: &[Line], all: &[Features], at: usize) -> bool {
    let (here, text) = (all[at], lines[at].text.as_str());
    let Some(next) = all.get(at + 1).filter(|_| !lines[at + 1].opens_page) else { return false };
    if !here.has(F::Wide2) {
        return false;
    }
    let two = text.chars().filter(|c| !is_blank(*c)).count() == 2 && text.chars().all(|c| is_han(c) || is_blank(c));
    let pictured = |f: &Features| f.has(F::Credit) || f.has(F::CreditAtEnd);
    two && !here.has(F::PrevUnfinished)
        && is_text(*next)
        && [F::BeginsDay, F::CaptionHead, F::BeginsRunning].iter().any(|f| next.has(*f))
        && byline::bare_name(text).is_none()
        && all[at + 1..].iter().take(CREDIT_REACH).any(pictured)
}

/// 图为…: what the picture shows, for readers of a text that does without it.
pub(crate) fn shows(text: &str) -> bool {
    ["图为", "圖為"].iter().any(|word| text.starts_with(word)) && credit::tail(text).is_some()
}

/// 图①：…, 图1：…, ②…: one of several pictures of a report.
pub(crate) fn is_numbered(text: &str) -> bool {
    let circled = |c: char| ('①'..='⑳').contains(&c);
    let rest = text.trim_start_matches(['图', '圖']);
    rest.starts_with(circled)
        || rest.len() < text.len()
            && rest
                .trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九".contains(c))
                .starts_with(['：', ':'])
            && !rest.starts_with(['：', ':'])
}

/// Whether a text begins with when its picture was taken.
pub(crate) fn begins_with_time(text: &str) -> bool {
    const TIMES: [&str; 12] =
        ["昨日", "昨天", "昨晚", "今日", "今天", "今晨", "近日", "日前", "连日来", "眼下", "清晨", "傍晚"];
    marks::begins_with_day(text) || TIMES.iter().any(|time| text.starts_with(time))
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{headlines, paragraphs_of};

    #[test]
    fn numbered_pictures_belong_to_their_report() {
        let page = "云江新桥正式通车\n\n本报记者 陈小禾 文/图\n\n新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。\n\n图①：市民在新桥上散步。\n\n图②：桥头的早市。";
        assert_eq!(headlines(page), [Some("云江新桥正式通车".into())]);
        assert_eq!(paragraphs_of(page, 0).len(), 4);
    }

    #[test]
    fn a_picture_below_a_report_is_an_article_without_headline() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n桥头的早市也跟着挪了过来，卖菜的人比往日多了一倍。\n\n11月17日，市民在新桥上散步。\n\n通讯员 林远 摄\n\n水库大坝加固完工\n\n本报讯（记者周舟）水库大坝加固工程昨天完工。";
        assert_eq!(headlines(page), [Some("云江新桥正式通车".into()), None, Some("水库大坝加固完工".into())]);
        assert_eq!(paragraphs_of(page, 1), ["11月17日，市民在新桥上散步。"]);
    }

    #[test]
    fn a_torn_picture_below_a_signed_text_is_an_article() {
        let page = "桥该怎么修\n\n桥修得好不好，走桥的人说了算，不能只看图纸画得漂不漂亮。\n\n多听一句意见，就少走一段弯路。（陈小禾）\n\n11月17日，市民在刚刚通车的云江新\n\n桥上散步，两岸的灯都亮了。\n\n本报记者 林远 摄\n\n水库大坝加固完工\n\n本报讯（记者周舟）水库大坝加固工程昨天完工。";
        assert_eq!(headlines(page), [Some("桥该怎么修".into()), None, Some("水库大坝加固完工".into())]);
        assert_eq!(paragraphs_of(page, 1).len(), 1);
    }

    #[test]
    fn two_characters_above_a_picture_are_its_title() {
        let page = "云江新桥正式通车\n\n本报讯（记者陈小禾）新桥今天上午正式通车，两岸居民从此不必再等渡船。\n\n合龙\n\n11月17日，工人在新桥上庆祝合龙。\n\n本报记者 林远 摄";
        assert_eq!(headlines(page), [Some("云江新桥正式通车".into()), Some("合龙".into())]);
    }
}
