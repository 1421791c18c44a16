//! Bytes in, articles out: pure, linear in the size of the file, no language analysis.
//!
//! [`sheets`] and [`decode`] make text (without [`markup`]), which [`printed`] gives the form that all rules read, [`lines`] numbered lines ([`tables`] marked, soft wraps undone by [`wrap`] in the [`columns`] they were set in, vertical headlines too), [`repeats`] marks what a
//! recogniser looped, [`observe`] finds the [`features`] of each line with the help of the [`grammar`], of [`content`], [`context`], [`notices`], [`parallel`], [`penned`], [`pictures`], [`scraps`] and [`topics`], [`model`] finds the
//! likeliest sequence of roles by the table in `weights.tsv`, [`own_words`] and [`boundaries`] correct it where a line itself or the articles on both sides know better, [`interleave`] puts torn columns right, [`assemble`] builds [`draft`]s ([`seams`] joins their paragraphs) and [`head`]s (told apart by [`stack`], whose weights are in `headings.tsv`, and its [`phrases`]; [`late`] ones, too; [`credited`] where a heading names its author), [`stitch`] joins what
//! jumps from page to page, [`facts`] finds title and date (masthead, [`calendar`], [`titles`], [`file_name`]), [`finish`] with [`confidence`] and
//! [`manifest`] turn all into the contract's articles and the manifest.

#[cfg(any(test, feature = "fuzzing"))]
pub mod accounting;
mod alone;
mod assemble;
mod boundaries;
mod briefs;
mod calendar;
#[cfg(test)]
mod closings;
mod clues;
mod columns;
mod confidence;
mod content;
mod context;
mod credited;
mod decode;
mod draft;
mod facts;
mod features;
mod file_name;
mod finish;
#[cfg(feature = "fitting")]
pub mod fitting;
mod grammar;
mod head;
mod interleave;
mod late;
#[cfg(test)]
mod layouts;
mod lines;
mod listed;
mod manifest;
mod markup;
mod model;
mod notices;
mod observe;
mod own_words;
mod parallel;
mod penned;
mod phrases;
mod pictures;
mod printed;
mod repeats;
mod scraps;
mod seams;
mod sheets;
mod signs;
mod stack;
mod starts;
mod stitch;
mod tables;
mod text;
mod titles;
mod topics;
mod wrap;

use std::sync::LazyLock;

use contract::{Article, IssueReceived, Manifest, Titles};

pub use decode::Unreadable;
pub(crate) use grammar::names::{DOUBLE as DOUBLE_FAMILIES, begins_with_family};
pub(crate) use text::{is_alphanumeric, is_han};

/// A file and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file as it came.
    pub bytes: &'a [u8],
    /// What intake knows of it.
    pub received: &'a IssueReceived,
    /// The version of the issue; a greater one is newer.
    pub revision: u64,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// Its articles in page order, without language analysis.
    pub articles: Vec<Article>,
    /// What was found, and what stands in no article.
    pub manifest: Manifest,
}

static MODEL: LazyLock<model::Model> = LazyLock::new(model::Model::new);

/// Reads the articles out of a file.
///
/// # Errors
/// [`Unreadable`] where the file is empty or no text; any text is read, if only into a manifest without articles.
pub fn extract(source: &Source<'_>) -> Result<Extraction, Unreadable> {
    extract_with(source, &Titles::default())
}

/// The text of a file, as [`extract`] reads it: what line numbers refer to.
///
/// # Errors
/// [`Unreadable`] where the file is empty or no text.
pub fn text_of(bytes: &[u8], charset: Option<&str>) -> Result<String, Unreadable> {
    Ok(decode::decode(bytes, charset)?.text)
}

/// As [`extract`], with the operator's registry of titles.
///
/// # Errors
/// As [`extract`].
pub fn extract_with(source: &Source<'_>, titles: &Titles) -> Result<Extraction, Unreadable> {
    Ok(extract_accounted(source, titles)?.0)
}

/// What is true of each line, and its likeliest role with how far it leads the next.
fn likeliest(lines: &[lines::Line], content: &content::Content) -> (Vec<features::Features>, Vec<(model::Role, f32)>) {
    let features = observe::of(lines, content);
    let mut roles = MODEL.decode(lines, &features);
    own_words::settle(lines, &mut roles);
    (features, roles)
}

/// What the lines say of their page, and the articles that they make.
fn read(lines: &mut Vec<lines::Line>) -> (grammar::masthead::Said, assemble::Assembled) {
    let mut repeats = repeats::find(lines);
    let content = content::Content::of(lines);
    let (features, mut roles) = likeliest(lines, &content);
    boundaries::settle(lines, &content, &features, &MODEL, &mut roles);
    let said = manifest::read(lines, &roles);
    let notes = interleave::repair(lines, &content, &mut roles, &mut repeats);
    (said, assemble::assemble(lines, &roles, &repeats, &notes))
}

/// As [`extract_with`], and the words that became bylines, datelines, credits and jumps, so that a test can count every
/// character.
pub(crate) fn extract_accounted(source: &Source<'_>, titles: &Titles) -> Result<(Extraction, Vec<String>), Unreadable> {
    let (mut sheets, replaced) = sheets::read(source)?;
    let printed = printed::fold(&mut sheets);
    let (mut lines, mut framing) = lines::of_sheets(&sheets);
    let known = titles::find(&lines, source.received, titles);
    if let Some(known) = &known {
        titles::mark(&mut lines, known.title);
    }
    let (mut said, mut assembled) = read(&mut lines);
    let drafts = stitch::stitch(assembled.drafts, &mut assembled.unplaced);
    assembled.unplaced.append(&mut framing);
    assembled.unplaced.sort_by_key(|item| item.line);
    let facts = facts::gather(&mut said, source.received, known.as_ref(), &drafts);
    // Only tests and the fuzzer ask.
    let mut consumed: Vec<String> = if cfg!(any(test, feature = "fuzzing")) {
        drafts.iter().flat_map(manifest::consumed).collect()
    } else {
        Vec::new()
    };
    let ends: Vec<manifest::Ends> = drafts.iter().map(manifest::Ends::of).collect();
    let mut articles = finish::articles(drafts, &facts.issue, source.revision, printed.as_ref());
    if replaced > 0 {
        finish::mark_undecodable(&mut articles);
    }
    let pages = lines.iter().filter_map(|line| line.page);
    let found = manifest::Found { articles: &articles, ends: &ends, unplaced: assembled.unplaced };
    let mut manifest = manifest::manifest(source, facts, said.masthead, found, pages, replaced);
    if let Some(printed) = printed {
        articles.iter_mut().for_each(|article| printed.article(article, manifest.title_from));
        printed.manifest(&mut manifest);
        consumed.iter_mut().for_each(|words| printed.text(words));
    }
    Ok((Extraction { articles, manifest }, consumed))
}
