//! The master key.

use super::App;
use crate::error::{Code, Failure};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

/// Lets a request through that has the master key, or every one if there is none.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match check(app.settings.master_key.as_deref(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

fn check(master_key: Option<&str>, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(master_key) = master_key else {
        return Ok(());
    };
    let missing = || {
        Failure::new(
            Code::MissingAuthorizationHeader,
            "The Authorization header is missing. It must use the bearer authorization method.",
        )
    };
    let header = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let mut parts = header.to_str().unwrap_or_default().splitn(2, ' ');
    if parts.next() != Some("Bearer") {
        return Err(missing());
    }
    let token = parts.next().unwrap_or_default();
    // Takes as long for a key that is nearly right as for one that is not.
    if bool::from(token.as_bytes().ct_eq(master_key.as_bytes())) {
        return Ok(());
    }
    Err(Failure::new(Code::InvalidApiKey, "The provided API key is invalid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn only_the_key_opens() {
        assert!(check(Some("钥匙"), &headers("Bearer 钥匙")).is_err(), "header values are ASCII");
        assert!(check(Some("key"), &headers("Bearer key")).is_ok());
        assert!(check(None, &HeaderMap::new()).is_ok());
        for (headers, code) in [
            (HeaderMap::new(), Code::MissingAuthorizationHeader),
            (headers("Basic key"), Code::MissingAuthorizationHeader),
            (headers("Bearer other"), Code::InvalidApiKey),
            (headers("Bearer"), Code::InvalidApiKey),
        ] {
            assert_eq!(check(Some("key"), &headers).unwrap_err().code, code);
        }
    }
}
