//! What is done at one search server: the fresh index is made, and the two are swapped.

use indexer::settings::Search;
use indexer::sink::WriteError;
use reqwest::Method;
use serde_json::{Value, json};

use super::fill::sink;
use super::state::State;
use crate::engine::Engine;
use crate::report::Problem;

/// Makes the fresh index at a server: with all the settings of the live one, and then ours.
pub async fn prepare(engine: &Engine, search: &Search, other: &str) -> Result<(), Problem> {
    let sink = sink(&Search { index: other.to_owned(), ..search.clone() })?;
    let failed = |error: WriteError| match error {
        WriteError::Later(_, reason) => Problem::unavailable(reason),
        WriteError::Documents(reason) | WriteError::Engine(reason) => Problem::failed(reason),
    };
    sink.prepare().await.map_err(failed)?;
    let mut settings = engine.read(Method::GET, &format!("/indexes/{}/settings", search.index), None).await?;
    if let Some(settings) = settings.as_object_mut() {
        // What is not set there must not be reset here by name: not every version knows every setting.
        settings.retain(|_, value| *value != Value::Null);
    }
    engine.done(Method::PATCH, &format!("/indexes/{other}/settings"), Some(&settings)).await?;
    sink.prepare().await.map(drop).map_err(failed)
}

/// A swap is never sent blindly twice: that would undo it.
pub async fn swap_at(name: &str, engine: &Engine, state: &State) -> Result<(), Problem> {
    let State { index, other, made, .. } = state;
    let made = made.get(name);
    if engine.made(index).await?.as_ref() == made {
        return Ok(());
    }
    let body = json!([{ "indexes": [index, other] }]);
    let sent = engine.send(Method::POST, "/swap-indexes", &body).await;
    // A key for some indexes only may not look at the task of a swap. Tasks are done in their order, so when one that
    // was sent after it is done, the swap is done or has failed, and when the index was made tells which.
    engine.done(Method::PATCH, &format!("/indexes/{other}/settings"), Some(&json!({}))).await?;
    if engine.made(index).await?.as_ref() == made {
        return Ok(());
    }
    sent?;
    Err(Problem::failed(format!("the swap of {index} and {other} at server {name} was not done; --resume tries again")))
}
