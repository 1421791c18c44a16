//! Very many files at once.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use generate::issue::Plan;

use crate::Outcome;
use crate::audit::Verdict;
use crate::line::Options;
use crate::process::until;
use crate::rig::Rig;
use crate::sender::drop_file;

/// The smallest files there are: what counts is how many.
const ARTICLES: usize = 2;
/// What all may take: so much, and so much for each file.
const LEAST: Duration = Duration::from_secs(300);
const PER_FILE: Duration = Duration::from_millis(50);
/// No service may need more, however many files lie there.
const MOST_MEMORY: u64 = 512 << 20;

/// What a burst came to.
#[derive(Debug)]
pub struct Burst {
    files: usize,
    taken: Duration,
    searchable: Duration,
    verdict: Verdict,
    processes: Vec<(String, u64, u32)>,
}

/// Drops so many files into a line's folder at once, and says what became of them.
///
/// # Errors
/// When something is lost, doubled or stale, or a service needs more memory than it may.
pub async fn run(options: Options, files: usize, seed: u64) -> Outcome<Burst> {
    let plan = Plan { pages: Some(1), articles: Some(ARTICLES), ..Plan::new(seed, 12) };
    let rig = Rig::start(options, plan).await?;
    let began = Instant::now();
    let issues = rig.fresh(files);
    drop_all(&rig, issues.clone()).await?;
    let taken = began.elapsed();
    rig.send_all(issues).await?;
    let verdict = rig.settle(bound(files)).await?;
    let burst = Burst { files, taken, searchable: began.elapsed(), verdict, processes: rig.line.figures().await };
    for (name, peak, _) in &burst.processes {
        let server = name.starts_with("nats") || name.starts_with("search");
        if !server && *peak > MOST_MEMORY {
            return Err(format!("{name} needed {} MB, {} are allowed\n{burst}", peak >> 20, MOST_MEMORY >> 20).into());
        }
    }
    Ok(burst)
}

/// Puts issues into the drop folder as fast as the disk takes them, and returns when none is left there.
///
/// # Errors
/// When they are not all taken in time, or one is rejected.
pub async fn drop_all(rig: &Rig, issues: Range<usize>) -> Outcome<()> {
    let count = issues.len();
    let folder = &rig.line.drop_folder;
    let (incoming, rejected) = (folder.join("incoming"), folder.join("rejected"));
    let before = files(&rejected)?;
    for index in issues {
        let entry = rig.attempt(index, 1);
        drop_file(folder, &entry.publication, &entry.file_name, &entry.versions[0].bytes)?;
        // The proxies are of this process, too.
        tokio::task::yield_now().await;
    }
    until("all files are taken", bound(count), async || files(&incoming).is_ok_and(|count| count == 0)).await?;
    match files(&rejected)? - before {
        0 => Ok(()),
        more => Err(format!("{more} files of a burst, or their reasons, lie in rejected").into()),
    }
}

fn bound(files: usize) -> Duration {
    LEAST + PER_FILE * u32::try_from(files).unwrap_or(u32::MAX)
}

/// How many files lie there, however deep.
fn files(folder: &Path) -> Outcome<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        count += if entry.file_type()?.is_dir() { files(&entry.path())? } else { 1 };
    }
    Ok(count)
}

impl fmt::Display for Burst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (taken, searchable) = (self.taken.as_secs_f64(), self.searchable.as_secs_f64());
        writeln!(f, "{} files at once, taken in {taken:.0} s, searchable in {searchable:.0} s", self.files)?;
        writeln!(f, "{}", self.verdict.words())?;
        crate::mixed::memory(f, &self.processes)
    }
}
