//! `pressline parse`: articles of a file, no servers needed.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use contract::{Article, BlockKind, IssueReceived, Role, Titles};
use jiff::Timestamp;
use parser::{Analyzer, Source};

use crate::cli::{Facts, Format, ParseOptions};
use crate::report::{self, BOLD, DIM, Problem, YELLOW, paint};

/// Runs the command.
pub fn run(options: ParseOptions) -> Result<ExitCode, Problem> {
    let titles = match &options.titles {
        Some(file) => Titles::load(file).map_err(Problem::settings)?,
        None => Titles::default(),
    };
    let analyzer = Analyzer::new();
    let mut unreadable = 0;
    for path in &options.files {
        match articles(path, &options.facts, &titles, &analyzer) {
            Ok(articles) => show(path, &articles, options.format)?,
            Err(problem) => {
                problem.show();
                unreadable += 1;
            }
        }
    }
    if unreadable > 0 {
        let all = report::count(options.files.len(), "file");
        return Err(Problem::failed(format!("{unreadable} of {all} could not be parsed")));
    }
    Ok(ExitCode::SUCCESS)
}

fn articles(path: &Path, facts: &Facts, titles: &Titles, analyzer: &Analyzer) -> Result<Vec<Article>, Problem> {
    let unreadable = |error: std::io::Error| Problem::failed(format!("{} cannot be read: {error}", path.display()));
    let mut bytes = Vec::new();
    let standard_input = path == Path::new("-");
    if standard_input {
        std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = std::fs::read(path).map_err(unreadable)?;
    }
    let received = IssueReceived {
        file_name: path.file_name().filter(|_| !standard_input).map(|name| name.to_string_lossy().into_owned()),
        publication: facts.publication.clone(),
        date: facts.date,
        edition: facts.edition.clone(),
        received: Timestamp::now(),
        ..IssueReceived::of(&bytes)
    };
    let mut extraction = parser::extract_with(&Source { bytes: &bytes, received: &received, revision: 0 }, titles)
        .map_err(|error| Problem::failed(format!("{}: {error}", path.display())))?;
    parser::analyse(analyzer, &mut extraction.articles);
    Ok(extraction.articles)
}

fn show(path: &Path, articles: &[Article], format: Format) -> Result<(), Problem> {
    match format {
        Format::Json => {
            for article in articles {
                let line = serde_json::to_string(article).map_err(|error| Problem::internal(error.to_string()))?;
                report::say(line);
            }
        }
        Format::Table => {
            let mut table = report::table(&["page", "no", "kind", "headline", "byline", "chars", "sure", "warnings"]);
            for article in articles {
                table.add_row([
                    article.pages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                    article.position.to_string(),
                    word(article.kind),
                    article.headline.clone().unwrap_or_else(|| "–".into()),
                    names(article),
                    article.body.iter().map(|block| block.text.chars().count()).sum::<usize>().to_string(),
                    format!("{:.2}", article.confidence),
                    article.warnings.iter().map(|warning| word(warning.code)).collect::<Vec<_>>().join(", "),
                ]);
            }
            report::say(paint(BOLD, path.display()));
            report::say(report::rows(&table));
        }
        Format::Text => {
            for article in articles {
                report::say(as_read(article));
            }
        }
    }
    Ok(())
}

/// The article as a reader would see it.
fn as_read(article: &Article) -> String {
    let mut lines = Vec::new();
    let mut push = |text: &Option<String>, style| {
        if let Some(text) = text {
            lines.push(paint(style, text));
        }
    };
    push(&article.section.as_ref().map(|section| format!("[{section}]")), DIM);
    push(&article.kicker, DIM);
    push(&article.headline, BOLD);
    push(&article.deck, anstyle::Style::new());
    let by = names(article);
    let place = article.dateline.as_ref().map(|dateline| {
        let date = dateline.date.map(|date| date.to_string()).unwrap_or_default();
        format!("{} {date}", dateline.place.as_deref().unwrap_or_default())
    });
    let credits: Vec<_> =
        [Some(by), place, article.source.clone()].into_iter().flatten().filter(|text| !text.is_empty()).collect();
    push(&(!credits.is_empty()).then(|| credits.join(" · ")), DIM);
    for block in &article.body {
        match block.kind {
            BlockKind::Paragraph => lines.push(format!("　　{}", block.text)),
            BlockKind::Subhead => lines.push(format!("\n{}", paint(BOLD, &block.text))),
        }
    }
    if let Some(page) = article.continues_on_page {
        lines.push(paint(DIM, format!("(continues on page {page})")));
    }
    for warning in &article.warnings {
        lines.push(paint(YELLOW, format!("! {}: {}", word(warning.code), warning.detail)));
    }
    lines.join("\n") + "\n"
}

fn names(article: &Article) -> String {
    let name = |by: &contract::Byline| match by.role {
        Role::Photographer => format!("{} (photo)", by.name),
        _ => by.name.clone(),
    };
    article.byline.iter().map(name).collect::<Vec<_>>().join("、")
}

/// A value of a closed list, in the word that its JSON has.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
