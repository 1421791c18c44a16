//! Columns of two articles that were read one into the other: an article breaks off in the middle of a sentence, another one
//! stands whole below it, and then comes the rest of the sentence. Put right where the sentence itself decides it or what the
//! lines speak of does; said where they only may.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::content::Content;
use super::grammar::{byline, credit, jump, marks};
use super::lines::Line;
use super::model::Role;
use super::seams::{begins_torn, is_stub};
use super::text::{ends_sentence, is_unfinished};

/// Lines below a broken sentence among which its rest is looked for.
const REACH: usize = 48;

/// The line, by its number in the file, whose sentence went on elsewhere, and what was done, for an editor; and whether
/// it was only seen.
pub(crate) type Note = (u32, String, bool);

/// Puts the rest of sentences that stands below another article back to them.
pub(crate) fn repair(
    lines: &mut Vec<Line>,
    content: &Content,
    roles: &mut Vec<(Role, f32)>,
    repeats: &mut Vec<bool>,
) -> Vec<Note> {
    let (order, notes) = order(lines, content, roles);
    if !notes.is_empty() {
        *lines = order.iter().map(|at| lines[*at].clone()).collect();
        *roles = order.iter().map(|at| roles[*at]).collect();
        *repeats = order.iter().map(|at| repeats[*at]).collect();
    }
    notes
}

/// The lines in reading order, by their index, and where they were not.
fn order(lines: &[Line], content: &Content, roles: &[(Role, f32)]) -> (Vec<usize>, Vec<Note>) {
    let mut notes = Vec::new();
    // What goes on behind a line, and whether a line was moved there.
    let mut behind: FxHashMap<usize, Range<usize>> = FxHashMap::default();
    let mut moved = vec![false; lines.len()];
    for at in 0..lines.len() {
        if moved[at] || !breaks_off(lines, roles, at) {
            continue;
        }
        let end = |rest: usize| {
            let end = (rest + 1..lines.len())
                .find(|i| lines[*i].opens_page || !matches!(roles[*i].0, Role::Body | Role::Subhead | Role::Jump))
                .unwrap_or(lines.len());
            // A subhead at the end belongs to what follows it.
            (rest + 1..=end).rev().find(|i| roles[i - 1].0 != Role::Subhead).unwrap_or(end)
        };
        match rest_of(lines, content, roles, at) {
            Some(Rest::Sure(rest)) => {
                let run = rest..end(rest);
                if moved[run.clone()].contains(&true) {
                    continue;
                }
                let (from, to) = (lines[rest].first, lines[run.end - 1].last);
                let said = format!("lines {from} to {to} go on with line {} and were put there", lines[at].last);
                notes.push((lines[at].first, said, false));
                moved[run.clone()].fill(true);
                behind.insert(at, run);
            }
            Some(Rest::Perhaps(rest)) => {
                let (broken, other) = (lines[at].first, lines[rest].first);
                notes.push((broken, format!("line {broken} breaks off; line {other} may go on with it"), true));
                notes.push((other, format!("line {other} may go on with line {broken}, which breaks off"), true));
            }
            None => {}
        }
    }
    let order = (0..lines.len())
        .filter(|at| !moved[*at])
        .flat_map(|at| std::iter::once(at).chain(behind.get(&at).cloned().unwrap_or(0..0)))
        .collect();
    (order, notes)
}

/// A line that goes on with a broken sentence.
enum Rest {
    /// The sentence itself says so, or what the lines speak of does clearly.
    Sure(usize),
    /// It may, and an editor should look.
    Perhaps(usize),
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
        && !text.ends_with([')', '）'])
        && jump::find(text).is_none()
        && credit::tail(text).is_none()
        && byline::tail(text).is_none()
}

/// The line that goes on with a broken sentence: itself begun in the middle, below text that has ended; or the first of
/// several below another article that speak of what the broken one speaks of.
fn rest_of(lines: &[Line], content: &Content, roles: &[(Role, f32)], at: usize) -> Option<Rest> {
    let open = left_open(&lines[at].text);
    let mut ended = false;
    let mut candidates = Vec::new();
    let (mut articles, mut end) = (0, at + 1);
    for i in at + 1..lines.len().min(at + REACH) {
        if lines[i].opens_page {
            break;
        }
        let text = lines[i].text.as_str();
        let heads = matches!(roles[i].0, Role::Section | Role::Kicker | Role::Headline | Role::Notice | Role::Lead);
        let before = roles[i - 1].0;
        if heads && i > at + 1 && matches!(before, Role::Body | Role::Terms | Role::Credit | Role::Jump | Role::Source)
        {
            articles += 1;
        }
        end = if articles == 0 { i + 1 } else { end };
        if roles[i].0 == Role::Body && ended {
            let closes = open.is_some_and(|mark| closes_first(text, mark));
            let word = open.is_none() && begins_inside(text) && crate::dictionary::word_goes_on(&lines[at].text, text);
            if closes || word || begins_torn(text) || open.is_none() && is_rest(text) {
                return Some(Rest::Sure(i));
            }
            if open.is_none() && begins_inside(text) && articles == 0 {
                candidates.push(i);
            }
        }
        if matches!(roles[i].0, Role::Body | Role::Lead | Role::Opening | Role::Terms) {
            ended = ends_sentence(text) || credit::tail(text).is_some() || byline::tail(text).is_some();
        } else if matches!(roles[i].0, Role::Credit | Role::Source | Role::Jump) {
            ended = true;
        }
    }
    by_subject(content, roles, at, &candidates, end)
}

/// Pairs of characters that only the broken article and the lines that may go on with it have, from which on an editor
/// should look.
const LOOK: usize = 3;

/// The first of the lines up to `end` that speak of what the broken article speaks of more than of what stands between.
fn by_subject(content: &Content, roles: &[(Role, f32)], at: usize, candidates: &[usize], end: usize) -> Option<Rest> {
    let pairs = |range: Range<usize>| -> FxHashSet<u32> {
        let speaks = |i: &usize| !matches!(roles[*i].0, Role::Furniture | Role::Fragment | Role::Byline | Role::Credit);
        range.filter(speaks).flat_map(|i| content.of_line(i).iter().copied()).collect()
    };
    let text =
        |i: &usize| matches!(roles[*i].0, Role::Body | Role::Lead | Role::Opening | Role::Subhead | Role::Byline);
    let begin = (at.saturating_sub(REACH)..=at).rev().take_while(|i| text(i)).last().unwrap_or(at);
    let own = pairs(begin..at + 1);
    let led = |from: &usize| {
        let (rest, other) = (pairs(*from..end), pairs(at + 1..*from));
        let mine = rest.iter().filter(|pair| own.contains(pair) && !other.contains(pair)).count();
        let its = rest.iter().filter(|pair| other.contains(pair) && !own.contains(pair)).count();
        mine >= LOOK && mine * other.len() > its * own.len()
    };
    candidates.iter().copied().find(led).map(Rest::Perhaps)
}

/// Whether a text begins as only the rest of a sentence does: 40天。, 3.5%的…, 旁围着….
fn is_rest(text: &str) -> bool {
    let inside = ["旁", "只见", "着", "了", "的", "们", "之", "来到", "不超过", "以内", "以上", "以下", "以来"];
    is_stub(text) || inside.iter().any(|word| text.starts_with(word))
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
    !marks::begins_running(text) && !text.starts_with(['“', '「', '"', '—', '●', '■', '《'])
}

#[cfg(test)]
mod tests {
    use super::super::layouts::{articles, headlines, paragraphs_of};
    use super::is_rest;
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
    fn lines_that_only_may_go_on_with_a_broken_sentence_are_named() {
        let page = "渡口的船工\n\n本报记者 陈小禾\n\n船工周舟在江上摇了四十年橹。\n\n渡船改成观光船以后，船工们的收入翻了一番。如今码头上的\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝除险加固工程昨天完工，下游农田可以放心春灌。\n\n客人比往年多了一倍，船工周舟说，渡船和码头都是他的命，观光船上要有船工号子。";
        assert_eq!(paragraphs_of(page, 1).len(), 2);
        let warned = |at: usize| articles(page)[at].warnings.iter().any(|w| w.code == WarningCode::Interleaved);
        assert!(warned(0) && warned(1));
    }

    #[test]
    fn the_beginnings_of_the_rest_of_a_sentence_are_known() {
        assert!(["40天。渡口照常开放。", "3.5%的渡船停航。", "旁围着许多人。"].iter().all(|text| is_rest(text)));
        assert!(
            ["渡口今天上午照常开航。", "3月5日，渡船停航。", "两岸居民不必再等。", "转机来了。从去年起，渡船改道。"]
                .iter()
                .all(|text| !is_rest(text))
        );
    }

    #[test]
    fn an_article_that_only_breaks_off_stays_as_it_is() {
        let page = "渡口的船工\n\n本报记者 陈小禾\n\n周舟在江上摇了四十年橹，从没有误过一次点，也从没有\n\n水库大坝加固完工\n\n本报讯（记者林远）水库大坝除险加固工程昨天完工。\n\n下游四万亩农田可以放心春灌。";
        assert_eq!(paragraphs_of(page, 1).len(), 2);
        assert!(articles(page)[0].warnings.iter().all(|w| w.code != WarningCode::Interleaved));
    }
}
