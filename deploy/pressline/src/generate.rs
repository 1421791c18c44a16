//! `pressline generate`: issues of newspapers that never were, into folders as a newsroom would fill them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use ::generate::issue::{Issue, Plan};

use crate::cli::GenerateOptions;
use crate::report::{self, Problem, count};

/// Runs the command: one issue in memory at a time.
pub fn run(options: GenerateOptions) -> Result<ExitCode, Problem> {
    let plan = Plan { defects: options.defects, ..Plan::new(options.seed, options.titles.into()) };
    let began = Instant::now();
    let (mut articles, mut bytes) = (0, 0);
    for revision in 1..=options.revisions {
        let folder = match options.revisions {
            1 => options.out.clone(),
            _ => options.out.join(revision.to_string()),
        };
        for index in 0..options.issues {
            let issue = plan.issue(index, revision);
            (articles, bytes) = (articles + issue.articles, bytes + issue.text.len());
            write(&folder, &issue)?;
        }
    }
    let megabytes = bytes as f64 / 1e6;
    let seconds = began.elapsed().as_secs_f64();
    report::note(format_args!(
        "{} with {} in {}: {megabytes:.1} MB, {:.1} MB/s",
        count(options.issues * usize::try_from(options.revisions).unwrap_or(usize::MAX), "issue"),
        count(articles, "article"),
        options.out.display(),
        megabytes / seconds.max(1e-9),
    ));
    Ok(ExitCode::SUCCESS)
}

/// Under a hidden name first: the folder may be one that is watched.
fn write(folder: &Path, issue: &Issue) -> Result<(), Problem> {
    let folder = folder.join(&issue.title);
    let cannot = |path: PathBuf| {
        move |error: std::io::Error| Problem::unavailable(format!("{} cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(&folder).map_err(cannot(folder.clone()))?;
    let hidden = folder.join(format!(".{}.part", issue.file_name));
    fs::write(&hidden, &issue.text).map_err(cannot(hidden.clone()))?;
    let path = folder.join(&issue.file_name);
    fs::rename(&hidden, &path).map_err(cannot(path))
}
