//! Forms that dailies print, line by line with what each says: `KIND<tab>text<tab>what is read`, `-` where nothing may be. Roles:
//! R reporter, C correspondent, A author, P photographer, E editor.

use contract::{Byline, Role};

use super::{byline, credit, jump, lead, marks};

fn people(people: &[Byline]) -> String {
    let letter = |role| match role {
        Role::Reporter => 'R',
        Role::Correspondent => 'C',
        Role::Photographer => 'P',
        Role::Author => 'A',
        Role::Editor => 'E',
    };
    people.iter().map(|by| format!("{}{}", letter(by.role), by.name)).collect::<Vec<_>>().join(" ")
}

/// A line below a headline: a credit that says who wrote as well is a byline.
fn below_headline(line: &str) -> Option<String> {
    let writes = |found: &Vec<Byline>| found.iter().any(|by| by.role != Role::Photographer);
    let whole = byline::whole(line);
    match credit::whole(line) {
        Some(found) => Some(people(&whole.filter(writes).unwrap_or(found))),
        None => whole.or_else(|| byline::bare_name(line)).map(|found| people(&found)),
    }
}

/// What stands at a paragraph's end.
fn ending(text: &str) -> Option<String> {
    let shot = credit::tail(text).filter(|(at, _)| *at > 0);
    shot.or_else(|| byline::tail(text)).map(|(_, found)| people(&found))
}

/// People, place, month, day, source and the rest of the text.
fn opening(text: &str) -> Option<String> {
    let lead = lead::parse(text)?;
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let (month, day) = (number(lead.month), number(lead.day));
    let (place, source) = (lead.place.unwrap_or_default(), lead.source.unwrap_or_default());
    Some(format!("{}|{place}|{month}|{day}|{source}|{}", people(&lead.byline), &text[lead.length..]))
}

fn read(kind: &str, text: &str) -> Option<String> {
    let page = |jump: jump::Jump| format!("{}{}", if jump.from { "<" } else { "" }, jump.page);
    match kind {
        "L" => below_headline(text),
        "S" => byline::whole(text).or_else(|| byline::signature(text)).map(|found| people(&found)),
        "C" => credit::whole(text).map(|found| people(&found)),
        "E" => ending(text),
        "D" => opening(text),
        "J" => jump::whole(text).map(page),
        "I" => jump::find(text).map(page),
        "Q" => marks::source(text),
        "W" => marks::source_at_end(text).map(|(_, source)| source),
        other => panic!("no kind {other}"),
    }
}

fn all_read(forms: &str) {
    let wrong: Vec<String> = forms
        .lines()
        .filter_map(|form| {
            let mut parts = form.split('\t');
            let (kind, text, said) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
            let found = read(kind, text).unwrap_or_else(|| "-".into());
            (found != said).then(|| format!("{text}: `{found}`, not `{said}`"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn bylines_below_a_headline() {
    all_read(include_str!("forms/bylines.tsv"));
}

#[test]
fn endings_of_texts() {
    all_read(include_str!("forms/endings.tsv"));
}

#[test]
fn credits_of_pictures() {
    all_read(include_str!("forms/credits.tsv"));
}

#[test]
fn openings_of_reports() {
    all_read(include_str!("forms/openings.tsv"));
}

#[test]
fn jumps_to_other_pages() {
    all_read(include_str!("forms/jumps.tsv"));
}

#[test]
fn sources_of_texts() {
    all_read(include_str!("forms/sources.tsv"));
}
