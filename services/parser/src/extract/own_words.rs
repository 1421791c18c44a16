//! Lines whose own words say what they are, whatever their neighbours led the model to think.

use super::grammar::{byline, lead, marks, needs, unbracketed};
use super::lines::Line;
use super::model::Role;
use super::phrases;
use super::signs::Signs;
use super::text::{ends_sentence, is_alphanumeric};

/// Gives such lines their role.
pub(crate) fn settle(lines: &[Line], roles: &mut [(Role, f32)]) {
    // Whether the line above is of a heading, whether that has a label or a deck, and whether it has a headline.
    let (mut within, mut begun, mut titled) = (false, false, false);
    for at in 0..lines.len() {
        let line = &lines[at];
        let text = lines.get(at + 1).is_some_and(|next| {
            let speaks = next.signs.any(Signs::COLON) && marks::greets(&next.text);
            !next.opens_page && (next.width > line.width || speaks)
        });
        within &= !line.opens_page;
        let headless = within && begun && !titled;
        let above = at.checked_sub(1).filter(|_| !line.opens_page).map(|above| (&lines[above], roles[above].0));
        let role = &mut roles[at].0;
        match role {
            Role::Body | Role::Subhead if names_its_makers(line) => *role = Role::Byline,
            Role::Body | Role::Subhead if above.is_some_and(|above| signs_a_letter(line, above)) => {
                *role = Role::Byline;
            }
            Role::Kicker | Role::Headline | Role::Deck | Role::Section if closes_a_text(line) => *role = Role::Source,
            Role::Kicker | Role::Headline | Role::Deck if line.heading == 0 && names_its_makers(line) => {
                *role = Role::Byline;
            }
            Role::Furniture | Role::Fragment if marks::numbers_part(&line.text) => *role = Role::Subhead,
            // Its name is the author's.
            Role::Furniture if marks::author_note(&line.text).is_some_and(|(name, _)| name.is_some()) => {
                *role = Role::Body
            }
            Role::Kicker | Role::Subhead if above.is_some_and(|above| goes_on_in_clauses(line, above)) => {
                *role = Role::Body;
            }
            Role::Fragment
                if above.is_some_and(|(_, role)| role == Role::Headline) && phrases::is_quotation(&line.text) =>
            {
                *role = Role::Headline;
            }
            Role::Body if headless && text && may_be_headline(line) => *role = Role::Headline,
            // 单位：元/公斤 stands below the title of a table.
            Role::Body if lines.get(at + 1).is_some_and(counts_in_units) && may_be_headline(line) => {
                *role = Role::Headline;
            }
            _ => {}
        }
        let label = matches!(role, Role::Section | Role::Deck);
        let title = matches!(role, Role::Kicker | Role::Headline | Role::Notice);
        (begun, titled) = (label || within && begun, title || within && titled);
        within = label || title || *role == Role::Byline;
    }
}

/// Whether a line says in what the figures below it count.
fn counts_in_units(line: &Line) -> bool {
    !line.opens_page
        && line.width <= HEADLINE
        && ["单位：", "单位:", "單位：", "單位:"].iter().any(|word| line.text.starts_with(word))
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

/// Whether a line of many clauses that a column's end cut stands below text: no heading has so many.
fn goes_on_in_clauses(line: &Line, (_, above): (&Line, Role)) -> bool {
    let clauses = line.text.matches(['，', ',']).count();
    above == Role::Body && line.heading == 0 && !line.bold && clauses > 2 && line.text.ends_with(is_alphanumeric)
}

/// Whether a line is nothing but who wrote, with role words.
fn names_its_makers(line: &Line) -> bool {
    let plain = !line.signs.any(Signs::COMMA.and(Signs::COLON))
        && unbracketed(&line.text).is_none_or(|inner| needs::names_a_role(inner));
    plain && !line.verse && !line.row && line.byline().is_some_and(|people| !people.is_empty())
}

/// Whether a line below a text that has ended says who wrote it, and where he lives: 云城市河西镇 陈小禾.
fn signs_a_letter(line: &Line, (above, role): (&Line, Role)) -> bool {
    let ended = matches!(role, Role::Body | Role::Lead | Role::Opening) && ends_sentence(&above.text);
    ended && line.heading == 0 && byline::is_letters(&line.text) && byline::signature(&line.text).is_some()
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
}
