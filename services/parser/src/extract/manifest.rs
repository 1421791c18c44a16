//! The issue as its masthead describes it, and the manifest of what was found.

use std::collections::BTreeSet;

use contract::{Article, IssueReceived, IssueRef, Manifest, OpenJump, Publication, Unplaced, Warning, WarningCode};

use super::Source;
use super::draft::Draft;
use super::grammar::masthead::{self, Said};
use super::lines::Line;
use super::model::Role;
use super::text::{is_blank, is_han};

/// Lines of a page's top that may hold the masthead.
const TOP: usize = 14;

/// Reads the furniture; a page with a full masthead is page 1 where nothing else numbers it.
pub(crate) fn read(lines: &mut [Line], roles: &[(Role, f32)], received: &IssueReceived) -> Said {
    let mut said = Said::default();
    let mut title = None;
    for (line, (role, _)) in lines.iter().zip(roles) {
        if *role == Role::Furniture {
            said.read(&line.text);
            title = title.or_else(|| masthead::title_within(&line.text));
        }
    }
    said.title = said.title.or(title).or_else(|| latin(lines, roles));
    if said.date.is_none() {
        broken_date(lines, roles, &mut said);
    }
    let _ = received;
    let full = said.number.is_some() && said.date.is_some() && said.pages.is_some();
    let top = lines.iter().zip(roles).take(TOP).any(|(line, (role, _))| {
        *role == Role::Furniture && {
            let mut here = Said::default();
            here.read(&line.text);
            here.number.is_some() || here.pages.is_some()
        }
    });
    if full && top && lines.iter().all(|line| line.page.is_none()) {
        for line in lines {
            line.page = Some(1);
        }
    }
    said
}

/// The line above the title's Latin form is the title, whatever word it ends in.
fn latin(lines: &[Line], roles: &[(Role, f32)]) -> Option<String> {
    let furniture = |at: usize| roles[at].0 == Role::Furniture;
    (1..lines.len().min(TOP))
        .find(|at| furniture(at - 1) && furniture(*at) && masthead::is_latin_title(&lines[*at].text))
        .map(|at| lines[at - 1].text.chars().filter(|c| !is_blank(*c)).collect::<String>())
        .filter(|title| title.chars().all(is_han) && (2..=8).contains(&title.chars().count()))
}

/// A date that was set over several lines: month, day, weekday.
fn broken_date(lines: &[Line], roles: &[(Role, f32)], said: &mut Said) {
    for at in 0..lines.len() {
        let parts = lines[at..].iter().zip(&roles[at..]).take(3).take_while(|(_, (role, _))| *role == Role::Furniture);
        let text: String = parts.map(|(line, _)| line.text.as_str()).collect();
        if said.date.is_none() && masthead::begins_date(&lines[at].text) {
            said.read(&text);
        }
    }
}

/// The issue, from what the sender said and what the page says; the page knows its own date and title best.
pub(crate) fn issue(said: &Said, received: &IssueReceived) -> IssueRef {
    let publication = (said.title.is_some() || received.publication.is_some())
        .then(|| Publication { id: received.publication.clone(), name: said.title.clone() });
    IssueRef {
        id: received.id.clone(),
        publication,
        date: said.date.or(received.date),
        number: said.number,
        pages: said.pages,
        edition: received.edition.clone(),
    }
}

/// The words of a draft that became something else than text.
pub(crate) fn consumed(draft: &Draft) -> Vec<String> {
    let (_, jumps) = draft.head.read();
    draft.consumed.iter().cloned().chain(jumps.into_iter().map(|(_, words)| words)).collect()
}

/// The manifest of an extraction.
pub(crate) fn manifest(
    source: &Source<'_>,
    issue: IssueRef,
    said: Said,
    articles: &[Article],
    unplaced: Vec<Unplaced>,
    pages: impl Iterator<Item = u32>,
    replaced: usize,
) -> Manifest {
    let seen: BTreeSet<u32> = pages.collect();
    let missing = match issue.pages {
        Some(pages) if !seen.is_empty() => (1..=pages).filter(|page| !seen.contains(page)).collect(),
        _ => Vec::new(),
    };
    let mut warnings = Vec::new();
    let mut warn = |code, detail: String| warnings.push(Warning { code, detail });
    if articles.is_empty() {
        warn(WarningCode::NoArticles, "nothing in the file could be read as an article".to_owned());
    }
    if issue.date.is_none() {
        warn(WarningCode::DateMissing, "neither the sender nor the page says the date".to_owned());
    }
    if let (Some(printed), Some(told)) = (said.date, source.received.date)
        && printed != told
    {
        warn(WarningCode::DateContradicts, format!("the page says {printed}, the sender {told}"));
    }
    if replaced > 0 {
        warn(WarningCode::UndecodableText, format!("{replaced} characters could not be decoded"));
    }
    Manifest {
        issue,
        revision: source.revision,
        file_name: source.received.file_name.clone(),
        masthead: said.masthead,
        articles: articles.iter().map(|article| article.id.clone()).collect(),
        pages_seen: seen.into_iter().collect(),
        pages_missing: missing,
        open_jumps: open_jumps(articles),
        unplaced,
        warnings,
    }
}

/// Jumps whose continuation does not stand in the file: one on the page named that says it comes from the jump's page.
fn open_jumps(articles: &[Article]) -> Vec<OpenJump> {
    let mut taken = vec![false; articles.len()];
    let mut open = Vec::new();
    for article in articles {
        let Some(page) = article.continues_on_page else { continue };
        let found = articles.iter().enumerate().position(|(at, other)| {
            !taken[at]
                && other.page == Some(page)
                && other.continued_from_page.is_some()
                && other.continued_from_page == article.page
        });
        match found {
            Some(at) => taken[at] = true,
            None => open.push(OpenJump { article: article.id.clone(), page }),
        }
    }
    open
}
