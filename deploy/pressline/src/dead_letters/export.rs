//! Dead letters as files: the bytes as they were, and beside them a JSON with stage, reason and headers.

use std::path::Path;
use std::process::ExitCode;

use contract::DeadLetter;

use super::options::Which;
use super::{Letters, data, show, whole};
use crate::operator::Operator;
use crate::report::{self, Problem};

/// Writes the letters that are meant into `folder`: `NUMBER.bin` and `NUMBER.json`.
pub(super) async fn run(operator: &Operator, which: &Which, folder: &Path) -> Result<ExitCode, Problem> {
    let cannot = |path: &Path, error: std::io::Error| {
        Problem::unavailable(format!("{} cannot be written: {error}", path.display()))
    };
    tokio::fs::create_dir_all(folder).await.map_err(|error| cannot(folder, error))?;
    let mut letters = Letters::new(operator, which);
    let (mut written, mut without) = (0, 0);
    while let Some(page) = letters.page().await? {
        for (letter, _) in page {
            let message = whole(operator, letter.sequence).await?;
            let facts = show::facts(&DeadLetter::of(&message), &message);
            let (bytes, json) = (format!("{}.bin", letter.sequence), format!("{}.json", letter.sequence));
            let (bytes, json) = (folder.join(bytes), folder.join(json));
            match data(operator, &message).await? {
                Some(payload) => {
                    tokio::fs::write(&bytes, &payload).await.map_err(|error| cannot(&bytes, error))?;
                }
                None => {
                    without += 1;
                    report::note(format!("dead letter {}: its data is no longer in its stream", letter.sequence));
                }
            }
            tokio::fs::write(&json, format!("{facts:#}\n")).await.map_err(|error| cannot(&json, error))?;
            written += 1;
        }
    }
    report::say(format!("{} written to {}", report::count(written, "dead letter"), folder.display()));
    Ok(ExitCode::from(u8::from(without > 0)))
}
