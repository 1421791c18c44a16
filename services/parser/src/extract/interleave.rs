//! Columns of two articles that were read one into the other: an article breaks off in the middle of a sentence, another one
//! stands whole below it, and then comes the rest of the sentence. Put right where the sentence itself decides it.

use super::grammar::{byline, credit, jump};
use super::lines::Line;
use super::model::Role;
use super::text::{ends_sentence, is_unfinished};

/// Lines below a broken sentence among which its rest is looked for.
const REACH: usize = 48;

/// The line, by its number in the file, whose sentence went on elsewhere, and what was done, for an editor.
pub(crate) type Note = (u32, String);

/// Puts the rest of sentences that stands below another article back to them.
pub(crate) fn repair(lines: &mut Vec<Line>, roles: &mut Vec<(Role, f32)>, repeats: &mut Vec<bool>) -> Vec<Note> {
    let (order, notes) = order(lines, roles);
    if !notes.is_empty() {
        *lines = order.iter().map(|at| lines[*at].clone()).collect();
        *roles = order.iter().map(|at| roles[*at]).collect();
        *repeats = order.iter().map(|at| repeats[*at]).collect();
    }
    notes
}

/// The lines in reading order, by their index, and where they were not.
fn order(lines: &[Line], roles: &[(Role, f32)]) -> (Vec<usize>, Vec<Note>) {
    let (mut order, mut notes): (Vec<usize>, Vec<Note>) = ((0..lines.len()).collect(), Vec::new());
    // Where a run of lines was moved from: no other run begins there.
    let mut moved_to = 0;
    for at in 0..lines.len() {
        if at < moved_to || !breaks_off(lines, roles, at) {
            continue;
        }
        let Some(rest) = rest_of(lines, roles, at) else { continue };
        let end = (rest + 1..lines.len())
            .find(|i| lines[*i].opens_page || !matches!(roles[*i].0, Role::Body | Role::Subhead | Role::Jump))
            .unwrap_or(lines.len());
        // A subhead at the end belongs to what follows it.
        let end = (rest + 1..=end).rev().find(|i| roles[i - 1].0 != Role::Subhead).unwrap_or(end);
        let (from, to) = (lines[rest].first, lines[end - 1].last);
        let run: Vec<usize> = (rest..end).collect();
        order.retain(|i| !run.contains(i));
        if let Some(place) = order.iter().position(|i| *i == at) {
            order.splice(place + 1..place + 1, run);
        }
        notes.push((
            lines[at].first,
            format!("lines {from} to {to} go on with line {} and were put there", lines[at].last),
        ));
        moved_to = end;
    }
    (order, notes)
}

/// Text that stops in the middle of a sentence right above another article.
fn breaks_off(lines: &[Line], roles: &[(Role, f32)], at: usize) -> bool {
    let text = lines[at].text.as_str();
    let below = (at + 1..lines.len())
        .take_while(|i| !lines[*i].opens_page)
        .map(|i| roles[i].0)
        .find(|role| !matches!(role, Role::Furniture | Role::Fragment));
    let heads = below.is_some_and(|role| {
        matches!(role, Role::Section | Role::Kicker | Role::Headline | Role::Byline | Role::Lead | Role::Notice)
    });
    matches!(roles[at].0, Role::Body | Role::Lead | Role::Opening)
        && heads
        && !lines[at].verse
        && !lines[at].row
        && is_unfinished(text)
        && jump::find(text).is_none()
        && credit::tail(text).is_none()
        && byline::tail(text).is_none()
}

/// The line that goes on with a broken sentence, where one surely does: itself begun in the middle, below text that has
/// ended.
fn rest_of(lines: &[Line], roles: &[(Role, f32)], at: usize) -> Option<usize> {
    let open = left_open(&lines[at].text);
    let mut ended = false;
    for i in at + 1..lines.len().min(at + REACH) {
        if lines[i].opens_page {
            return None;
        }
        let text = lines[i].text.as_str();
        if roles[i].0 == Role::Body && ended {
            let closes = open.is_some_and(|mark| closes_first(text, mark));
            let word = open.is_none() && begins_inside(text) && crate::dictionary::word_goes_on(&lines[at].text, text);
            if closes || word {
                return Some(i);
            }
        }
        if matches!(roles[i].0, Role::Body | Role::Lead | Role::Opening | Role::Terms) {
            ended = ends_sentence(text) || credit::tail(text).is_some() || byline::tail(text).is_some();
        } else if matches!(roles[i].0, Role::Credit | Role::Source | Role::Jump) {
            ended = true;
        }
    }
    None
}

/// The quotation mark that a text leaves open.
fn left_open(text: &str) -> Option<char> {
    let mut open: Option<char> = None;
    for c in text.chars() {
        match c {
            '“' | '「' => open = Some(c),
            '”' | '」' => open = None,
            '"' => open = if open == Some('"') { None } else { open.or(Some('"')) },
            _ => {}
        }
    }
    open
}

/// Whether a text closes such a quotation without opening one.
fn closes_first(text: &str, mark: char) -> bool {
    match mark {
        '"' => text.matches('"').count() % 2 == 1,
        _ => text.chars().find(|c| matches!(c, '“' | '”' | '「' | '」')).is_some_and(|c| matches!(c, '”' | '」')),
    }
}

/// Whether a text does not begin as a paragraph does.
fn begins_inside(text: &str) -> bool {
    !super::grammar::marks::begins_running(text) && !text.starts_with(['“', '「', '"', '—', '●', '■', '《'])
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{articles, headlines, paragraphs_of};
    use contract::WarningCode;

    #[test]
    fn the_rest_of_a_sentence_below_another_article_is_put_back_and_said() {
        let page = "渡口的船工\n\n本报记者 陈小禾\n\n周舟在江上摇了四十年橹。有人问他，桥通了，船还要不要？他笑着回答：“桥有桥的\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝除险加固工程昨天完工，下游四万亩农田可以放心春灌。\n\n用处，船有船的用处。”\n\n说完，他把缆绳解开，船慢慢离了岸。";
        assert_eq!(headlines(page).len(), 2);
        let text = paragraphs_of(page, 0);
        assert!(text[0].ends_with("“桥有桥的用处，船有船的用处。”"), "{text:?}");
        assert_eq!(text.len(), 2);
        assert_eq!(paragraphs_of(page, 1).len(), 1);
        assert!(articles(page)[0].warnings.iter().any(|w| w.code == WarningCode::Interleaved));
    }

    #[test]
    fn an_article_that_only_breaks_off_stays_as_it_is() {
        let page = "渡口的船工\n\n本报记者 陈小禾\n\n周舟在江上摇了四十年橹，从没有误过一次点，也从没有\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝除险加固工程昨天完工。\n\n下游四万亩农田可以放心春灌。";
        assert_eq!(paragraphs_of(page, 1).len(), 2);
        assert!(articles(page)[0].warnings.iter().all(|w| w.code != WarningCode::Interleaved));
    }
}
