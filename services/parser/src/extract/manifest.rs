//! The page's furniture read, and the manifest of what was found.

use std::collections::BTreeSet;

use contract::{Article, Manifest, Masthead, OpenJump, Unplaced, Warning, WarningCode};

use super::Source;
use super::draft::{Draft, beginning};
use super::facts::Facts;
use super::grammar::dates;
use super::grammar::masthead::{self, Said};
use super::lines::Line;
use super::model::Role;
use super::text::{is_blank, is_han};

/// Lines of a page's top that may hold the masthead.
const TOP: usize = 14;

/// Reads the furniture; a page with a full masthead is page 1 where nothing else numbers it.
pub(crate) fn read(lines: &mut [Line], roles: &[(Role, f32)]) -> Said {
    let mut said = Said::default();
    let mut title = None;
    for (line, (role, _)) in lines.iter().zip(roles) {
        if *role == Role::Furniture {
            said.read(&line.text);
            title = title.or_else(|| masthead::title_within(&line.text));
        }
    }
    said.title = said.title.or(title).or_else(|| latin(lines, roles));
    if said.printed.is_none() {
        broken_date(lines, roles, &mut said);
    }
    let full = said.number.is_some() && said.date.is_some() && said.pages.is_some();
    let top = lines
        .iter()
        .zip(roles)
        .take(TOP)
        .any(|(line, (role, _))| *role == Role::Furniture && masthead::counts(&line.text));
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
        if said.printed.is_none() && dates::begins_date(&lines[at].text) {
            said.read(&text);
        }
    }
}

/// The words of a draft that became something else than text.
pub(crate) fn consumed(draft: &Draft) -> Vec<String> {
    let (_, jumps) = draft.head.read();
    draft.consumed.iter().cloned().chain(jumps.into_iter().map(|(_, words)| words)).collect()
}

/// Where an article goes on and where it comes from, as far as the file does not hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends {
    onward: Option<u32>,
    from: Option<u32>,
}

impl Ends {
    /// Of a draft that has all its parts.
    pub fn of(draft: &Draft) -> Self {
        Self { onward: draft.open, from: draft.continued }
    }
}

/// What was found in a file.
pub(crate) struct Found<'a> {
    /// Its articles.
    pub articles: &'a [Article],
    /// The ends of each.
    pub ends: &'a [Ends],
    /// What stands in none.
    pub unplaced: Vec<Unplaced>,
}

/// The manifest of an extraction.
pub(crate) fn manifest(
    source: &Source<'_>,
    facts: Facts,
    masthead: Masthead,
    found: Found<'_>,
    pages: impl Iterator<Item = u32>,
    replaced: usize,
) -> Manifest {
    let seen: BTreeSet<u32> = pages.collect();
    let missing = match facts.expected {
        Some(pages) if !seen.is_empty() => (1..=pages).filter(|page| !seen.contains(page)).collect(),
        _ => Vec::new(),
    };
    let mut warnings = facts.warnings;
    if found.articles.is_empty() {
        let detail = "nothing in the file could be read as an article".to_owned();
        warnings.push(Warning { code: WarningCode::NoArticles, detail });
    }
    if replaced > 0 {
        let detail = format!("{replaced} characters could not be decoded");
        warnings.push(Warning { code: WarningCode::UndecodableText, detail });
    }
    let open = |end: fn(&Ends) -> Option<u32>| -> Vec<OpenJump> {
        let ends = found.articles.iter().zip(found.ends);
        ends.filter_map(|(article, ends)| Some(OpenJump { article: article.id.clone(), page: end(ends)? })).collect()
    };
    let (open_jumps, open_continuations) = (open(|ends| ends.onward), open(|ends| ends.from));
    warnings.extend(unmatched(&found, &seen));
    Manifest {
        issue: facts.issue,
        revision: source.revision,
        file_name: source.received.file_name.clone(),
        masthead,
        title_from: facts.title_from,
        date_from: facts.date_from,
        articles: found.articles.iter().map(|article| article.id.clone()).collect(),
        pages_seen: seen.into_iter().collect(),
        pages_missing: missing,
        open_jumps,
        open_continuations,
        unplaced: found.unplaced,
        warnings,
    }
}

/// Jumps and continuations whose other part should stand in the file: the page that they name does.
fn unmatched(found: &Found<'_>, seen: &BTreeSet<u32>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (article, ends) in found.articles.iter().zip(found.ends) {
        let here = |page: &u32| seen.contains(page) && article.page != Some(*page);
        let name = article.headline.as_deref().or_else(|| article.body.first().map(|block| block.text.as_str()));
        let name = beginning(name.unwrap_or_default());
        let mut warn = |words: String| warnings.push(Warning { code: WarningCode::JumpOpen, detail: words });
        if let Some(page) = ends.onward.filter(here) {
            warn(format!("`{name}` goes on on page {page}, where no text is surely its continuation"));
        }
        if let Some(page) = ends.from.filter(here) {
            warn(format!("`{name}` comes from page {page}, where no text is surely its beginning"));
        }
    }
    warnings
}
