//! When a file of the drop folder is whole: pure, fed with what scans see and the time they saw it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A copy that begins with an empty file and then waits is common: emptiness must last this much longer.
const EMPTY_FACTOR: u32 = 10;

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: SystemTime,
    /// The file system's own number: another file under the same name has another.
    pub inode: u64,
    /// It is a folder with the files of one issue: bytes of all, the newest time, and a number made of all their marks.
    pub issue: bool,
}

/// Files as scans saw them. All times are since one moment of the caller's choice.
#[derive(Debug)]
pub struct Settling {
    settle: Duration,
    settle_issue: Duration,
    files: HashMap<PathBuf, Seen>,
}

#[derive(Debug)]
struct Seen {
    mark: Mark,
    /// When it was first seen like this.
    since: Duration,
    /// Not before this.
    held_until: Duration,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Settled,
    Taken,
}

impl Settling {
    /// A file is settled when it was the same for `settle`, an issue's folder when all in it was for `settle_issue`.
    pub fn new(settle: Duration, settle_issue: Duration) -> Self {
        Self { settle, settle_issue, files: HashMap::new() }
    }

    /// Takes in a scan: everything there is at `now`. Gives the files that are settled and not taken, in the scan's order.
    /// What a scan does not show is forgotten, unless it is taken.
    pub fn observe(&mut self, now: Duration, scan: &[(PathBuf, Mark)]) -> Vec<(PathBuf, Mark)> {
        let mut before = std::mem::take(&mut self.files);
        let mut settled = Vec::new();
        for (path, mark) in scan {
            let fresh = || Seen { mark: *mark, since: now, held_until: Duration::ZERO, state: State::Waiting };
            let mut seen = match before.remove(path) {
                Some(seen) if seen.mark == *mark || seen.state == State::Taken => seen,
                _ => fresh(),
            };
            if seen.state != State::Taken {
                seen.state = if now >= self.due(&seen) { State::Settled } else { State::Waiting };
            }
            if seen.state == State::Settled {
                settled.push((path.clone(), *mark));
            }
            self.files.insert(path.clone(), seen);
        }
        self.files.extend(before.into_iter().filter(|(_, seen)| seen.state == State::Taken));
        settled
    }

    /// Somebody works on the file: it is not given again until it is forgotten or held.
    pub fn take(&mut self, path: &Path) {
        if let Some(seen) = self.files.get_mut(path) {
            seen.state = State::Taken;
        }
    }

    /// The work on the file has ended; if it is still there, it begins anew.
    pub fn forget(&mut self, path: &Path) {
        self.files.remove(path);
    }

    /// The file could not be worked on now; it is given again at `until`.
    pub fn hold(&mut self, path: &Path, until: Duration) {
        if let Some(seen) = self.files.get_mut(path) {
            seen.state = State::Waiting;
            seen.held_until = until;
        }
    }

    /// When the next waiting file can be settled, if there is one.
    pub fn next_due(&self) -> Option<Duration> {
        self.files.values().filter(|seen| seen.state == State::Waiting).map(|seen| self.due(seen)).min()
    }

    fn due(&self, seen: &Seen) -> Duration {
        let settle = match seen.mark {
            Mark { issue: true, .. } => self.settle_issue,
            Mark { size: 0, .. } => self.settle * EMPTY_FACTOR,
            _ => self.settle,
        };
        (seen.since + settle).max(seen.held_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTLE: Duration = Duration::from_millis(500);

    fn mark(size: u64) -> Mark {
        Mark { size, modified: SystemTime::UNIX_EPOCH, inode: 1, issue: false }
    }

    fn file(name: &str, size: u64) -> (PathBuf, Mark) {
        (name.into(), mark(size))
    }

    fn settling() -> Settling {
        Settling::new(SETTLE, SETTLE * 10)
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_file_is_given_after_it_was_the_same_for_the_settle_time() {
        let mut settling = settling();
        assert!(settling.observe(ms(0), &[file("a", 1)]).is_empty());
        assert_eq!(settling.next_due(), Some(SETTLE));
        assert!(settling.observe(ms(400), &[file("a", 2)]).is_empty(), "it grew");
        assert!(settling.observe(ms(600), &[file("a", 2)]).is_empty());
        assert_eq!(settling.observe(ms(900), &[file("a", 2)]), [file("a", 2)]);
        assert_eq!(settling.next_due(), None);
    }

    #[test]
    fn another_file_under_the_same_name_begins_anew() {
        let mut settling = settling();
        settling.observe(ms(0), &[file("a", 1)]);
        let other = (PathBuf::from("a"), Mark { inode: 2, ..mark(1) });
        assert!(settling.observe(ms(600), &[other]).is_empty());
    }

    #[test]
    fn an_empty_file_waits_longer() {
        let mut settling = settling();
        settling.observe(ms(0), &[file("a", 0)]);
        assert!(settling.observe(ms(600), &[file("a", 0)]).is_empty());
        assert_eq!(settling.observe(ms(5000), &[file("a", 0)]).len(), 1);
    }

    #[test]
    fn an_issues_folder_waits_for_its_own_time() {
        let mut settling = settling();
        let folder = || vec![(PathBuf::from("a"), Mark { issue: true, ..mark(1) })];
        settling.observe(ms(0), &folder());
        assert!(settling.observe(ms(600), &folder()).is_empty());
        assert_eq!(settling.observe(ms(5000), &folder()).len(), 1);
    }

    #[test]
    fn a_taken_file_is_given_again_only_when_held_or_forgotten() {
        let mut settling = settling();
        settling.observe(ms(0), &[file("a", 1)]);
        settling.observe(ms(500), &[file("a", 1)]);
        settling.take(Path::new("a"));
        assert!(settling.observe(ms(600), &[file("a", 1)]).is_empty());
        assert!(settling.observe(ms(700), &[]).is_empty(), "moved away by whoever works on it");
        settling.hold(Path::new("a"), ms(2000));
        assert!(settling.observe(ms(1900), &[file("a", 1)]).is_empty());
        assert_eq!(settling.next_due(), Some(ms(2000)));
        assert_eq!(settling.observe(ms(2000), &[file("a", 1)]).len(), 1);
        settling.forget(Path::new("a"));
        assert!(settling.observe(ms(2100), &[file("a", 1)]).is_empty());
    }

    proptest! {
        /// Against the definition: given exactly if the last scans, back over the settle time, all show the same.
        #[test]
        fn a_file_is_given_exactly_when_it_was_unchanged_long_enough(
            steps in proptest::collection::vec((1..400u64, proptest::option::of(1..3u64)), 1..40)
        ) {
            let mut settling = settling();
            let mut history: Vec<(u64, Option<u64>)> = Vec::new();
            let mut now = 0;
            for (pause, size) in steps {
                now += pause;
                history.push((now, size));
                let scan: Vec<_> = size.map(|size| file("a", size)).into_iter().collect();
                let given = !settling.observe(ms(now), &scan).is_empty();
                let same = history.iter().rev().take_while(|(_, seen)| *seen == size).last();
                let since = same.map_or(now, |(at, _)| *at);
                prop_assert_eq!(given, size.is_some() && ms(now - since) >= SETTLE);
            }
        }

        #[test]
        fn files_do_not_disturb_one_another(sizes in proptest::collection::vec(1..3u64, 2..20)) {
            let mut alone = settling();
            let mut together = settling();
            for (step, size) in sizes.iter().enumerate() {
                let now = ms(step as u64 * 300);
                let other = file("b", step as u64 + 1);
                let given = together.observe(now, &[file("a", *size), other]);
                prop_assert_eq!(given, alone.observe(now, &[file("a", *size)]));
            }
        }
    }
}
