//! Lines whose own words say what they are, whatever their neighbours led the model to think.

use super::grammar::{byline, labels, lead, marks, needs, unbracketed};
use super::lines::Line;
use super::model::Role;
use super::signs::Signs;
use super::text::{ends_sentence, is_alphanumeric, is_han};

/// What stands around a line.
struct Around<'a> {
    /// The line above on the same page, and its role.
    above: Option<(&'a Line, Role)>,
    /// The line below on the same page.
    next: Option<&'a Line>,
    /// The role of the line below.
    below: Option<Role>,
    /// The lines above are a heading with a label or a deck, and without a headline so far.
    headless: bool,
}

impl Around<'_> {
    fn is_below(&self, role: Role) -> bool {
        self.above.is_some_and(|(_, above)| above == role)
    }

    /// Whether the line closes an article.
    fn closes(&self) -> bool {
        self.below.is_none_or(|role| role.titles() || role.begins_heading())
    }

    /// Whether text stands below a line that may be its heading: it is wider, or greets.
    fn heads(&self, line: &Line) -> bool {
        let greets = |next: &Line| next.signs.any(Signs::COLON) && marks::greets(&next.text);
        self.next.is_some_and(|next| next.width > line.width || greets(next))
    }
}

/// Gives such lines their role.
pub(crate) fn settle(lines: &[Line], roles: &mut [(Role, f32)]) {
    // Whether the line above is of a heading, whether that has a label or a deck, and whether it has a headline.
    let (mut within, mut begun, mut titled) = (false, false, false);
    for (at, line) in lines.iter().enumerate() {
        within &= !line.opens_page;
        let around = Around {
            above: at.checked_sub(1).filter(|_| !line.opens_page).map(|above| (&lines[above], roles[above].0)),
            next: lines.get(at + 1).filter(|next| !next.opens_page),
            below: roles.get(at + 1).map(|(role, _)| *role),
            headless: within && begun && !titled,
        };
        let role = own(roles[at].0, line, &around).unwrap_or(roles[at].0);
        roles[at].0 = role;
        let label = matches!(role, Role::Section | Role::Deck);
        let title = matches!(role, Role::Kicker | Role::Headline | Role::Notice);
        (begun, titled) = (label || within && begun, title || within && titled);
        within = label || title || role == Role::Byline;
    }
}

/// The role that a line's own words give it, where that is another.
fn own(role: Role, line: &Line, around: &Around<'_>) -> Option<Role> {
    use Role as R;
    match role {
        R::Body | R::Subhead if names_its_makers(line, around.closes()) || signs_a_letter(line, around) => {
            Some(R::Byline)
        }
        R::Kicker | R::Headline | R::Deck if line.heading == 0 && names_its_makers(line, false) => Some(R::Byline),
        R::Body | R::Caption if is_credit(line) => Some(R::Credit),
        R::Kicker | R::Headline | R::Deck | R::Section if closes_a_text(line) => Some(R::Source),
        // What a recogniser read out of a vertical line or a picture.
        R::Kicker | R::Headline | R::Section if is_scrap(line, 1) => Some(R::Fragment),
        R::Subhead if is_scrap(line, 2) => Some(R::Fragment),
        R::Furniture | R::Fragment if marks::numbers_part(&line.text) => Some(R::Subhead),
        R::Furniture | R::Fragment if closes_notice(&line.text) => Some(R::Terms),
        // Its name is the author's.
        R::Furniture if marks::author_note(&line.text).is_some_and(|(name, _)| name.is_some()) => Some(R::Body),
        // ——在桥头，…: one of several points.
        R::Opening if around.is_below(R::Body) && line.text.starts_with("——") => Some(R::Body),
        R::Kicker | R::Subhead if around.is_below(R::Body) && goes_on_in_clauses(line, around) => Some(R::Body),
        R::Subhead if around.is_below(R::Body) && ends_with_a_day(&line.text) => Some(R::Body),
        R::Kicker | R::Headline | R::Deck if counts_in_units(line) => Some(R::Body),
        R::Body | R::Kicker if around.next.is_some_and(counts_in_units) && may_be_headline(line) => Some(R::Headline),
        R::Body if around.headless && around.heads(line) && may_be_headline(line) => Some(R::Headline),
        R::Body | R::Fragment if around.heads(line) && goes_on_unmarked(line, around) => Some(R::Deck),
        _ => None,
    }
}

/// Whether a line is the last words of a notice: 特此公告.
fn closes_notice(line: &str) -> bool {
    line.strip_prefix("特此").is_some_and(|rest| (2..=6).contains(&rest.trim_end_matches(['。', '！']).chars().count()))
}

/// Whether a line is nothing but who made a picture.
fn is_credit(line: &Line) -> bool {
    !line.signs.any(Signs::COMMA.and(Signs::STOP)) && line.credit().is_some_and(|people| !people.is_empty())
}

/// Whether a line between a marked headline and its text is the headline's second half, or its deck, which the mark is missing
/// from.
fn goes_on_unmarked(line: &Line, around: &Around<'_>) -> bool {
    let marked = around.above.is_some_and(|(above, role)| role == Role::Headline && above.heading > 0);
    let plain = line.heading == 0 && may_be_headline(line) && line.width <= HALF && !line.signs.any(Signs::BRACKET);
    let running = line.signs.any(Signs::COMMA) || marks::begins_with_day(&line.text);
    marked
        && plain
        && !running
        && line.byline().is_none()
        && byline::unmarked(&line.text).is_none()
        && !marks::is_editors_note(&line.text)
}

/// Widest half of a headline, in half-width columns.
const HALF: usize = 32;

/// Whether a line says in what the figures below it count.
fn counts_in_units(line: &Line) -> bool {
    line.width <= HEADLINE && ["单位：", "单位:", "單位：", "單位:"].iter().any(|word| line.text.starts_with(word))
}

/// Widest headline, in half-width columns, that only the label or the deck above it gives away.
const HEADLINE: usize = 40;

/// Whether a line is as short as a headline and ends as one.
fn may_be_headline(line: &Line) -> bool {
    let ends =
        line.text.ends_with(is_alphanumeric) || line.text.ends_with(['？', '?', '！', '!', '”', '"', '》', '）', ')']);
    let told = Signs::STOP.and(Signs::COLON).and(Signs::BULLET);
    ends && (8..=HEADLINE).contains(&line.width)
        && !line.verse
        && !line.row
        && !line.signs.any(told)
        && line.lead().is_none()
}

/// Whether a line has more clauses than a heading, and a column's end cut it.
fn goes_on_in_clauses(line: &Line, around: &Around<'_>) -> bool {
    let clauses = line.text.matches(['，', ',']).count();
    // A notice has no kicker.
    let most = if around.below == Some(Role::Notice) { 0 } else { 2 };
    line.heading == 0 && !line.bold && clauses > most && line.text.ends_with(is_alphanumeric)
}

/// Whether a text breaks off behind a day: …将于7月2日至4日.
fn ends_with_a_day(text: &str) -> bool {
    text.strip_suffix(['日', '月', '年', '时']).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line is one character or, where as many may be, two that are no word, neither marked nor a label.
fn is_scrap(line: &Line, most: usize) -> bool {
    let plain = line.heading == 0 && !line.bold && !line.vertical && !line.verse && line.text.chars().all(is_han);
    let word = || crate::dictionary::has_word(&line.text) || labels::labels_section(&line.text);
    plain && (line.width == 2 || line.width == 2 * most && !word())
}

/// Whether a line is nothing but who wrote, with role words, or in brackets where it closes an article.
fn names_its_makers(line: &Line, closes: bool) -> bool {
    let plain = !line.signs.any(Signs::COMMA.and(Signs::COLON))
        && unbracketed(&line.text).is_none_or(|inner| closes || needs::names_a_role(inner));
    plain && !line.verse && !line.row && line.byline().is_some_and(|people| !people.is_empty())
}

/// Whether a line below a text that has ended says who wrote it, and where he lives: 云城市河西镇 陈小禾.
fn signs_a_letter(line: &Line, around: &Around<'_>) -> bool {
    if line.heading > 0 || line.width > byline::SIGNATURE {
        return false;
    }
    let text = |role| matches!(role, Role::Body | Role::Lead | Role::Opening);
    let ended = around.above.is_some_and(|(above, role)| text(role) && ends_sentence(&above.text));
    ended && byline::is_letters(&line.text) && byline::signature(&line.text).is_some()
}

/// Whether a line is nothing but where and when a text was written, in brackets.
fn closes_a_text(line: &Line) -> bool {
    marks::is_bracketed(&line.text) && lead::closing(&line.text).is_some_and(|lead| lead.dated)
}

#[cfg(test)]
mod tests {
    use crate::extract::layouts::articles;

    #[test]
    fn what_signs_and_dates_a_text_heads_no_other() {
        let page = "云城列车脱轨\n\n29日上午，一列客车在云城车站附近脱轨，救援人员很快赶到现场，把受伤的旅客送到医院。\n\n\
            新华社记者 陈小禾 林远\n\n(据新华社云城(北国)11月29日电)\n\n五国外长会议在云城开幕\n\n\
            据新华社云城11月29日电 五国外长29日在云城举行会议，讨论地区的形势，会议由东道主主持。\n\n●宋廷禾周舟《云城日报》记者黄勤林\n";
        let found = articles(page);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|article| article.kicker.is_none()));
        let names = |at: usize| found[at].byline.iter().map(|by| by.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(0), ["陈小禾", "林远"]);
        assert_eq!(found[0].dateline.as_ref().and_then(|line| line.place.as_deref()), Some("云城"));
        assert_eq!(names(1), ["宋廷禾", "周舟", "黄勤林"]);
        assert_eq!(found[1].body.len(), 1);
    }

    const TEXT: &str = "本报讯（记者林远）水库大坝加固工程昨天完工，库容增加三成，下游五个乡镇的灌溉用水有了保证。";
    const MORE: [&str; 4] = [
        "老渡口的船工今年六十岁，在江上摇了四十年橹，两岸的人都坐过他的渡船，没有谁误过一班。",
        "新桥通车以后，渡船改成了观光船，客人坐船看江景，渡口比从前还热闹，他又带出了三个徒弟。",
        "船舱里挂着老照片，上船的人先看照片，再听船工讲江上的事，一趟下来正好半个小时。",
        "村里的年轻人也回来了，有人在码头边开了面馆，有人把旧仓房改成客栈，晚上灯火连成一片。",
    ];

    /// A report, and behind it these lines.
    fn below_a_report(lines: &[&str]) -> String {
        [&["# 水库大坝加固完工", TEXT], lines].concat().join("\n\n")
    }

    fn heads(page: &str) -> Vec<(Option<String>, Vec<String>)> {
        let names = |article: &contract::Article| article.byline.iter().map(|by| by.name.clone()).collect();
        articles(page).iter().map(|article| (article.headline.clone(), names(article))).collect()
    }

    fn head(headline: &str, names: &[&str]) -> (Option<String>, Vec<String>) {
        (Some(headline.to_owned()), names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn who_wrote_is_no_kicker_wherever_it_stands() {
        let [a, b, c, _] = MORE;
        let page = below_a_report(&["新闻调查", "陈小禾 本报记者 叶茂", "# 一座桥为何修了三年", a, b]);
        let found = heads(&page);
        assert_eq!(found, [head("水库大坝加固完工", &["林远"]), head("一座桥为何修了三年", &["陈小禾", "叶茂"])]);
        let note = format!("编者按：{c}");
        let page = below_a_report(&["# 渡口的故事", &note, "陈小禾", a, b]);
        assert_eq!(heads(&page)[1], head("渡口的故事", &["陈小禾"]));
        let page = below_a_report(&["# 渡口的故事", a, b, "（作者 陈小禾 云城第二小学三年级）"]);
        assert_eq!(heads(&page)[1], head("渡口的故事", &["陈小禾"]));
    }

    #[test]
    fn a_letter_is_signed_with_where_its_writer_lives() {
        let letter = "我们村口的路灯坏了三个月，老人晚上出门总要摸黑，请帮我们问一问。";
        let page = below_a_report(&["# 请给村口装一盏灯", "编辑同志：", letter, "桥南村 陈小禾", "11月3日"]);
        assert_eq!(heads(&page)[1], head("请给村口装一盏灯", &["陈小禾"]));
    }

    #[test]
    fn what_only_a_label_or_a_deck_stands_above_is_the_headline() {
        let [a, b, c, _] = MORE;
        let headline = "少一些“朋友圈式”的热闹";
        let page = below_a_report(&["来论", "——二论大力弘扬架桥精神", headline, a, b, c]);
        assert_eq!(heads(&page)[1].0.as_deref(), Some(headline));
        let headline = "全市渡船票价一览（11月12日）";
        let page = below_a_report(&[headline, "单位：元/人次", "渡口 上月 本月", "桥南 2.0 1.5", "桥北 2.5 2.0"]);
        assert_eq!(heads(&page)[1].0.as_deref(), Some(headline));
    }

    #[test]
    fn the_second_half_of_a_marked_headline_needs_no_mark() {
        let [a, b, ..] = MORE;
        let found = articles(&below_a_report(&["# 渡口人家", "摇出一条“水上公交”", a, b]));
        assert_eq!((found.len(), found[1].body.len()), (2, 2));
        assert!(found[1].headline.as_deref().is_some_and(|headline| headline.contains("水上公交")));
    }

    #[test]
    fn scraps_head_nothing_and_a_torn_line_of_clauses_is_text() {
        let [a, b, c, d] = MORE;
        let page = below_a_report(&["王", "炉", "本报记者 陈小禾", a, b]);
        assert_eq!(heads(&page)[1], (None, vec!["陈小禾".to_owned()]));
        let torn = "船工们说，船还是那条船，江还是那条江，客人多了，渡口也";
        let report = format!("本报讯（记者陈小禾）{c}");
        let page = below_a_report(&["# 渡口的故事", a, b, torn, "# 山里通了公交", &report, d]);
        let found = articles(&page);
        assert_eq!((found.len(), found[1].body.len()), (3, 3));
        assert!(found[2].kicker.is_none());
    }
}
