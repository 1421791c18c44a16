//! One settled file, or one issue's folder: read, judged, published, moved.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::content::{self, Content};
use super::layout::{Layout, Moved};
use super::scan;
use super::settling::Mark;
use crate::admit::facts::Told;
use crate::admit::several::File;
use crate::admit::{Admitted, Offer, Policy};
use crate::metrics::{Metrics, Outcome, Source};
use crate::publish::{Publisher, Undelivered};
use crate::refusal::{Refusal, RefusalCode};

/// What the work on a file needs.
pub struct Bench {
    /// The folders.
    pub layout: Layout,
    /// What is let in.
    pub policy: Policy,
    /// To the broker.
    pub publisher: Publisher,
    /// Counters.
    pub metrics: Metrics,
}

/// How the work on a file ended.
#[derive(Debug)]
pub enum Ended {
    /// It is out of `incoming/`, or not the file any more that was seen.
    Settled,
    /// The broker does not take it now.
    Undelivered,
    /// Disk or program failed; the file is where it was.
    Broken(String),
}

enum Judged {
    Admitted(Box<Admitted>),
    Refused(Refusal),
    Changed,
}

/// Works on the file at `path` inside `incoming/`, seen as `mark`.
pub async fn work(bench: Arc<Bench>, path: PathBuf, mark: Mark) -> Ended {
    let _counted = bench.metrics.in_flight(Source::Folder);
    match bench.work(&path, mark).await {
        Ok(ended) => ended,
        Err(error) => Ended::Broken(error.to_string()),
    }
}

impl Bench {
    async fn work(self: &Arc<Self>, path: &Path, mark: Mark) -> io::Result<Ended> {
        let file = path.to_owned();
        match self.blocking(move |bench| bench.judge(&file, &mark)).await? {
            Judged::Changed => Ok(Ended::Settled),
            Judged::Refused(refusal) => self.reject(path, mark, refusal).await,
            Judged::Admitted(admitted) => self.deliver(path, mark, *admitted).await,
        }
    }

    fn judge(&self, path: &Path, mark: &Mark) -> io::Result<Judged> {
        if mark.issue {
            return self.judge_issue(path, mark);
        }
        let screened = match self.policy.screen(&offer(path)) {
            Ok(screened) => screened,
            Err(refusal) => return Ok(Judged::Refused(refusal)),
        };
        let max = self.policy.max_bytes;
        let judged = match content::read(&self.layout.incoming().join(path), mark, max)? {
            Content::Whole(bytes) => screened.admit(bytes, Timestamp::now()),
            Content::TooLarge => Err(Refusal::too_large(Some(mark.size), max)),
            Content::Changed => return Ok(Judged::Changed),
            Content::Forbidden(reason) => Err(Refusal::new(
                RefusalCode::Unreadable,
                format!("the file cannot be read: {reason}"),
                "give intake's user the right to read it and drop it again",
            )),
        };
        Ok(match judged {
            Ok(admitted) => Judged::Admitted(Box::new(admitted)),
            Err(refusal) => Judged::Refused(refusal),
        })
    }

    /// The files of an issue's folder, if they are still those that were seen.
    fn judge_issue(&self, path: &Path, mark: &Mark) -> io::Result<Judged> {
        let offer = offer(path);
        if let Err(refusal) = self.policy.screen_several(&offer) {
            return Ok(Judged::Refused(refusal));
        }
        let max = self.policy.max_bytes;
        if mark.size > max as u64 {
            return Ok(Judged::Refused(Refusal::too_large(Some(mark.size), max)));
        }
        let folder = self.layout.incoming().join(path);
        let Some(seen) = scan::issue_as(&folder, mark)? else { return Ok(Judged::Changed) };
        let mut files = Vec::with_capacity(seen.len());
        for (name, mark) in seen {
            let shown = name.to_string_lossy().into_owned();
            match content::read(&folder.join(&name), &mark, max)? {
                Content::Whole(bytes) => files.push(File { name: Some(shown), content_type: None, bytes }),
                Content::TooLarge | Content::Changed => return Ok(Judged::Changed),
                Content::Forbidden(reason) => {
                    return Ok(Judged::Refused(Refusal::new(
                        RefusalCode::Unreadable,
                        format!("`{shown}` cannot be read: {reason}"),
                        "give intake's user the right to read it and drop the folder again",
                    )));
                }
            }
        }
        // A file that came meanwhile is part of the issue, too.
        if scan::issue_as(&folder, mark)?.is_none() {
            return Ok(Judged::Changed);
        }
        Ok(match self.policy.admit_several(&offer, files, Timestamp::now()) {
            Ok(admitted) => Judged::Admitted(Box::new(admitted)),
            Err(refusal) => Judged::Refused(refusal),
        })
    }

    async fn reject(self: &Arc<Self>, path: &Path, mark: Mark, refusal: Refusal) -> io::Result<Ended> {
        let (file, refused) = (path.to_owned(), refusal.clone());
        let moved =
            self.blocking(move |bench| bench.layout.to_rejected(&file, &mark, &refused, Timestamp::now())).await?;
        if let Moved::To(target) = moved {
            self.metrics.count(Source::Folder, Outcome::Refused(refusal.code));
            let (file, to) = (path.display(), target.display());
            tracing::warn!(%file, %to, code = %refusal.code, reason = refusal.reason, "file rejected");
        }
        Ok(Ended::Settled)
    }

    async fn deliver(self: &Arc<Self>, path: &Path, mark: Mark, admitted: Admitted) -> io::Result<Ended> {
        let (size, lane) = (admitted.bytes.len(), admitted.lane);
        let delivered = match self.publisher.deliver(admitted, None).await {
            Ok(delivered) => delivered,
            Err(Undelivered::Withdrawn(refusal)) => return self.reject(path, mark, refusal).await,
            Err(undelivered) => {
                self.metrics.count(Source::Folder, Outcome::Unavailable);
                return Ok(match undelivered {
                    Undelivered::Full(_) | Undelivered::Unavailable(_) => Ended::Undelivered,
                    other => Ended::Broken(other.to_string()),
                });
            }
        };
        self.metrics.delivered(Source::Folder, delivered.known, size);
        let (file, id) = (path.to_owned(), delivered.id.clone());
        let day = Timestamp::now().to_zoned(TimeZone::system()).date();
        let moved = self.blocking(move |bench| bench.layout.to_done(&file, &mark, &id, day)).await?;
        let file = path.display();
        tracing::info!(issue = %delivered.id, %file, %lane, bytes = size, known = delivered.known, "file taken");
        if moved == Moved::Changed {
            tracing::info!(%file, "the file changed while it was published; what it is now is taken next");
        }
        Ok(Ended::Settled)
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let bench = Arc::clone(self);
        tokio::task::spawn_blocking(move || job(&bench)).await.map_err(io::Error::other)?
    }
}

/// What the path of a file or an issue's folder says: `PUBLICATION/NAME` or `NAME`.
fn offer(path: &Path) -> Offer {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Offer {
        file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()),
        content_type: None,
        told: Told { publication: folder.map(|folder| folder.to_string_lossy().into_owned()), ..Told::default() },
    }
}
