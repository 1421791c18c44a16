//! Who may upload: bearer tokens (RFC 6750), compared in constant time.

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::settings::Tokens;

/// The tokens' hashes: comparing these takes the same time for every token and tells nothing of a token's length.
#[derive(Clone)]
pub struct Guard(Vec<[u8; 32]>);

impl Guard {
    /// Opens for any of `tokens`; for everyone where there is none.
    pub fn new(tokens: &Tokens) -> Self {
        Self(tokens.0.iter().map(|token| hash(token.as_bytes())).collect())
    }

    /// Whether a request with these headers may pass.
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let Some(given) = headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes())) else {
            return false;
        };
        let given = hash(given);
        let any = self.0.iter().fold(Choice::from(0), |any, token| any | token.ct_eq(&given));
        any.into()
    }
}

fn hash(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn admits(guard: &Guard, value: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(value) = value {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        guard.admits(&headers)
    }

    #[test]
    fn any_of_the_tokens_opens_and_nothing_else_does() {
        let guard = Guard::new(&Tokens(vec!["first".into(), "second".into()]));
        assert!(admits(&guard, Some("Bearer first")));
        assert!(admits(&guard, Some("bearer  second")));
        for wrong in [None, Some(""), Some("Bearer"), Some("Bearer firs"), Some("Basic first"), Some("first")] {
            assert!(!admits(&guard, wrong), "{wrong:?}");
        }
    }

    #[test]
    fn without_tokens_everyone_passes() {
        assert!(admits(&Guard::new(&Tokens::default()), None));
    }
}
