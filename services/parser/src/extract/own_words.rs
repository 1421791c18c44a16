//! Lines whose own words say what they are, whatever their neighbours led the model to think.

use super::grammar::{lead, marks, unbracketed};
use super::lines::Line;
use super::model::Role;
use super::signs::Signs;

/// Gives such lines their role.
pub(crate) fn settle(lines: &[Line], roles: &mut [(Role, f32)]) {
    for (line, (role, _)) in lines.iter().zip(roles) {
        match role {
            Role::Body | Role::Subhead if names_its_makers(line) => *role = Role::Byline,
            Role::Kicker | Role::Headline | Role::Deck | Role::Section if closes_a_text(line) => *role = Role::Source,
            Role::Furniture | Role::Fragment if marks::numbers_part(&line.text) => *role = Role::Subhead,
            _ => {}
        }
    }
}

/// Whether a line is nothing but who wrote, with role words.
fn names_its_makers(line: &Line) -> bool {
    let plain = !line.signs.any(Signs::COMMA.and(Signs::COLON)) && unbracketed(&line.text).is_none();
    plain && !line.verse && !line.row && line.byline().is_some_and(|people| !people.is_empty())
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
