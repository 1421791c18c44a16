//! Waiting for a server that is away, or not yet as it has to be.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::BusError;

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// Tries until it works, the failure is one that time does not mend, or shutdown is asked for (then nothing comes back).
/// What it waits for is logged when it changes.
pub async fn patiently<T, F, R>(shutdown: &CancellationToken, mut attempt: F) -> Result<Option<T>, BusError>
where
    F: FnMut() -> R,
    R: Future<Output = Result<T, BusError>>,
{
    let mut said = None;
    loop {
        let tried = tokio::select! {
            () = shutdown.cancelled() => return Ok(None),
            tried = attempt() => tried,
        };
        let error = match tried {
            Ok(done) => return Ok(Some(done)),
            Err(error) if error.is_transient() => error.to_string(),
            Err(error) => return Err(error),
        };
        if said.as_ref() != Some(&error) {
            tracing::warn!(error, "waiting for the broker");
            said = Some(error);
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(None),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
