//! A newsroom that sends until it is told that its file was taken, as often as it takes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::{IssueId, Lane};
use reqwest::StatusCode;
use tokio::time::Instant;

use crate::Outcome;
use crate::ledger::Entry;

/// After so long a line that takes nothing is broken for good.
const PATIENCE: Duration = Duration::from_secs(180);

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The line has it.
    Accepted(IssueId),
    /// The line will not take it, and says why.
    Refused(u16, String),
}

/// Sends over HTTP.
#[derive(Debug, Clone)]
pub struct Sender {
    http: reqwest::Client,
    url: String,
}

impl Sender {
    /// To an intake at this address.
    ///
    /// # Errors
    /// When the system gives no sockets.
    pub fn new(intake: impl std::fmt::Display) -> Outcome<Self> {
        Ok(Self { http: crate::line::client()?, url: format!("http://{intake}") })
    }

    /// Sends a file until it is answered for good; how often it was sent in vain comes back, too.
    ///
    /// # Errors
    /// When nothing comes of it for minutes.
    pub async fn send(&self, entry: &Entry, bytes: &[u8], lane: Lane) -> Outcome<(Sent, u64)> {
        // As little as a drop folder says, so that both mean the same issue.
        let (name, publication) = (&entry.file_name, &entry.publication);
        let url = format!("{}/v1/issues?name={name}&publication={publication}&lane={lane}", self.url);
        let request = || self.http.post(&url).header("content-type", "text/plain").body(bytes.to_vec());
        self.until_answered(request).await
    }

    /// Withdraws an issue, until it is answered for good.
    ///
    /// # Errors
    /// When nothing comes of it for minutes.
    pub async fn withdraw(&self, issue: &IssueId) -> Outcome<(Sent, u64)> {
        let url = format!("{}/v1/issues/{issue}?reason=withdrawn-by-the-newsroom", self.url);
        self.until_answered(|| self.http.delete(&url)).await
    }

    /// Kills an article, until it is answered for good.
    ///
    /// # Errors
    /// When nothing comes of it for minutes.
    pub async fn kill(&self, article: &str) -> Outcome<(Sent, u64)> {
        let url = format!("{}/v1/articles/{article}?reason=killed-by-the-newsroom", self.url);
        self.until_answered(|| self.http.delete(&url)).await
    }

    async fn until_answered(&self, request: impl Fn() -> reqwest::RequestBuilder) -> Outcome<(Sent, u64)> {
        let deadline = Instant::now() + PATIENCE;
        let mut retries = 0;
        loop {
            match answer(request()).await {
                Ok(sent) => return Ok((sent, retries)),
                Err(error) if Instant::now() > deadline => {
                    return Err(format!("not taken within {PATIENCE:?}, {retries} tries: {error}").into());
                }
                Err(_) => {
                    retries += 1;
                    tokio::time::sleep(Duration::from_millis(100 * retries.min(10))).await;
                }
            }
        }
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Outcome<Sent> {
    let answer = request.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    match status {
        StatusCode::OK | StatusCode::ACCEPTED => {
            let said: serde_json::Value = serde_json::from_str(&text)?;
            let id = said["id"].as_str().or(said["issue"].as_str());
            Ok(Sent::Accepted(id.ok_or("an answer without an issue's id")?.parse()?))
        }
        // Its own bounds on time are no verdict on the file.
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(text.into()),
        status if status.is_client_error() && !text.contains("body_broken") => Ok(Sent::Refused(status.as_u16(), text)),
        _ => Err(format!("{status}: {text}").into()),
    }
}

/// Drops a file into a folder that is watched, as one should: under a name that is left alone, then renamed.
///
/// # Errors
/// When it cannot be written.
pub fn drop_file(folder: &Path, publication: &str, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
    let folder = folder.join("incoming").join(publication);
    std::fs::create_dir_all(&folder)?;
    let (hidden, path) = (folder.join(format!("{name}.part")), folder.join(name));
    std::fs::write(&hidden, bytes)?;
    std::fs::rename(&hidden, &path)?;
    Ok(path)
}
