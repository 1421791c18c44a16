//! What the sequence model sees of a file, and what its headings are told apart by, for fitting their weights (`fit/`).

use super::content::Content;
use super::features::Feature;
use super::head::{Head, Part};
use super::lines::Line;
use super::model::Role;
use super::printed::Printed;
use super::{Source, Unreadable, lines, observe, printed, sheets};

pub use super::stack::Seen as Heading;

/// One line as the model sees it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Seen {
    /// Number of its first line in the file, from 1.
    pub first: u32,
    /// Number of its last line in the file.
    pub last: u32,
    /// Its text.
    pub text: String,
    /// It is the first line of its page.
    pub opens_page: bool,
    /// What is true of it.
    pub features: Vec<usize>,
}

/// The lines of a file with their features.
///
/// # Errors
/// As [`super::extract`].
pub fn seen(source: &Source<'_>) -> Result<Vec<Seen>, Unreadable> {
    let (lines, printed) = lines_of(source)?;
    let features = observe::of(&lines, &Content::of(&lines));
    let seen = lines.iter().zip(features).map(|(line, features)| Seen {
        first: line.first,
        last: line.last,
        text: as_printed(&line.text, printed.as_ref()),
        opens_page: line.opens_page,
        features: features.iter().map(|feature| feature as usize).collect(),
    });
    Ok(seen.collect())
}

/// The lines as the rules read them, and what the file prints for it: gold has that.
fn lines_of(source: &Source<'_>) -> Result<(Vec<Line>, Option<Printed>), Unreadable> {
    let (mut sheets, _) = sheets::read(source)?;
    let printed = printed::fold(&mut sheets);
    Ok((lines::of_sheets(&sheets).0, printed))
}

fn as_printed(text: &str, printed: Option<&Printed>) -> String {
    let mut text = text.to_owned();
    printed.into_iter().for_each(|printed| printed.text(&mut text));
    text
}

/// The headings of a file that have several lines, as [`super::extract`] finds them without a registry of titles.
///
/// # Errors
/// As [`super::extract`].
pub fn headings(source: &Source<'_>) -> Result<Vec<Heading>, Unreadable> {
    let (mut lines, printed) = lines_of(source)?;
    let (_, assembled) = super::read(&mut lines);
    let seen = assembled.drafts.iter().filter_map(|draft| draft.head.seen());
    let texts = |texts: &[String]| texts.iter().map(|text| as_printed(text, printed.as_ref())).collect();
    Ok(seen.map(|seen| Heading { texts: texts(&seen.texts), ..seen }).collect())
}

/// A heading of these lines, of which the sequence model said nothing.
pub fn heading(texts: &[&str]) -> Option<Heading> {
    let part = |(text, number): (&&str, u32)| {
        let mut line = Line::default();
        line.set((*text).to_owned());
        Part { line: number, ..Part::of(Role::Body, &line) }
    };
    Head { parts: texts.iter().zip(1..).map(part).collect() }.seen()
}

/// A place where an article may begin, as it is looked at once more.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Boundary {
    /// Number of its first line in the file, from 1.
    pub first: u32,
    /// Number of its last line in the file.
    pub last: u32,
    /// What may begin there.
    pub sort: String,
    /// Whether the sequence model says that an article does.
    pub begins: bool,
    /// What is true of it, by the names of `boundaries.tsv`.
    pub clues: Vec<(String, f32)>,
}

/// The places in a file where articles may begin, but for the beginnings of its pages.
///
/// # Errors
/// As [`super::extract`].
pub fn boundaries(source: &Source<'_>) -> Result<Vec<Boundary>, Unreadable> {
    let (lines, _) = lines_of(source)?;
    let content = Content::of(&lines);
    let (features, roles) = super::likeliest(&lines, &content);
    let seen = |site: super::boundaries::Site| {
        let of = |place: &'static str, features: super::features::Features| {
            features.iter().map(move |feature| (format!("{place} {feature:?}"), 1.0))
        };
        let clues = site.clues.iter().map(|(clue, value)| (format!("clue {clue:?}"), *value));
        Boundary {
            first: lines[site.lines.start].first,
            last: lines[site.lines.end - 1].last,
            sort: format!("{:?}", site.sort),
            begins: site.begins,
            clues: clues.chain(of("first", site.first)).chain(of("last", site.last)).collect(),
        }
    };
    Ok(super::boundaries::find(&lines, &content, &features, &super::MODEL, &roles).into_iter().map(seen).collect())
}

/// The names of the features, in order.
pub fn names() -> Vec<String> {
    Feature::ALL.iter().map(|feature| format!("{feature:?}")).collect()
}
