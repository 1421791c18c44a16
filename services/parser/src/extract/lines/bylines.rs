//! Bylines that a line's end cut in two: 本报记者 on one line, and below it who that is.

use super::Line;
use crate::extract::grammar::byline;
use crate::extract::signs::Signs;

/// Widest line of a role word, and widest line of names, in half-width columns.
const ROLES: usize = 26;
const NAMES: usize = 48;

/// Puts the names below a role word to it.
pub(super) fn join(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match joined.last_mut() {
            Some(role) if is_cut(role, &line) => {
                role.set(format!("{} {}", role.text, line.text));
                role.last = line.last;
            }
            _ => joined.push(line),
        }
    }
    joined
}

fn is_cut(role: &Line, names: &Line) -> bool {
    let narrow = role.width <= ROLES && names.width <= NAMES;
    if !narrow || names.heading > 0 || names.feed || !byline::is_role(&role.text) {
        return false;
    }
    let plain = !names.signs.any(Signs::PROSE.and(Signs::BRACKET).and(Signs::SENTENCE));
    plain && byline::named(&names.text).is_some()
}

#[cfg(test)]
mod tests {
    use crate::extract::layouts::articles;

    const BRIDGE: &str = "昨天一早，桥头的早市就开张了，卖菜的和赶路的都从桥上过，老人说这样的热闹好多年没见过了。";
    const WATER: &str = "本报讯（记者叶茂）水库大坝加固工程昨天完工，库容增加三成，下游五个乡镇的灌溉用水有了保证。";

    fn names(page: &str) -> Vec<String> {
        articles(page)[0].byline.iter().map(|by| by.name.clone()).collect()
    }

    #[test]
    fn names_below_their_role_word_are_read_with_it_above_a_text_and_below_one() {
        let above = format!("桥头的早市开张\n\n本报记者\n\n陈小禾\n\n{BRIDGE}\n\n水库大坝加固完工\n\n{WATER}\n");
        assert_eq!(names(&above), ["陈小禾"]);
        assert_eq!(articles(&above)[0].body[0].text, BRIDGE);
        let below =
            format!("桥头的早市开张\n\n{BRIDGE}\n\n新华社记者\n\n陈小禾 林远 周舟\n\n水库大坝加固完工\n\n{WATER}\n");
        assert_eq!(names(&below), ["陈小禾", "林远", "周舟"]);
        assert_eq!(articles(&below)[1].headline.as_deref(), Some("水库大坝加固完工"));
    }

    #[test]
    fn a_role_word_above_a_text_takes_nothing_of_it() {
        let page = format!("桥头的早市开张\n\n本报记者\n\n{BRIDGE}\n\n水库大坝加固完工\n\n{WATER}\n");
        assert_eq!(articles(&page)[0].body[0].text, BRIDGE);
    }
}
