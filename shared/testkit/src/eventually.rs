//! Waiting for what must come true, without sleeping for a guess.

use std::{fmt::Display, time::Duration};

use tokio::time::Instant;

const BOUND: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// What a look can answer: `bool`, `Option` or `Result`.
pub trait Seen {
    /// What is there when it has come true.
    type Value;
    /// The value, or what is still missing.
    fn seen(self) -> Result<Self::Value, String>;
}

impl Seen for bool {
    type Value = ();
    fn seen(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("not yet".into()) }
    }
}

impl<T> Seen for Option<T> {
    type Value = T;
    fn seen(self) -> Result<T, String> {
        self.ok_or_else(|| "nothing there yet".into())
    }
}

impl<T, E: Display> Seen for Result<T, E> {
    type Value = T;
    fn seen(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}

/// Looks until it has come true, at most 30 s; then panics with `what` and the last answer.
pub async fn eventually<S: Seen>(what: &str, look: impl AsyncFnMut() -> S) -> S::Value {
    eventually_within(BOUND, what, look).await
}

/// As [`eventually`], with a bound of one's own.
pub async fn eventually_within<S: Seen>(bound: Duration, what: &str, mut look: impl AsyncFnMut() -> S) -> S::Value {
    let deadline = Instant::now() + bound;
    let mut last = String::from("no answer at all");
    loop {
        match tokio::time::timeout_at(deadline, look()).await {
            Ok(answer) => match answer.seen() {
                Ok(value) => return value,
                Err(missing) => last = missing,
            },
            Err(_) => panic!("{what}: not after {bound:?}, last: {last}"),
        }
        assert!(Instant::now() < deadline, "{what}: not after {bound:?}, last: {last}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
