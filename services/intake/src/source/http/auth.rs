//! Who is asking: a bearer token's sender (RFC 6750), or anyone, where no token is wanted.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use contract::PublicationId;
use tokio::sync::watch;

use super::problem::Problem;
use super::rate::Who;
use crate::admit::Policy;
use crate::tokens::{Book, Sender};

/// The senders as they are at this moment.
#[derive(Debug, Clone)]
pub struct Guard(watch::Receiver<Arc<Book>>);

/// Who made a request that may pass.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The token's sender; `None` where no token is wanted.
    pub sender: Option<Arc<Sender>>,
    /// Whom its requests count for.
    pub who: Who,
}

impl Guard {
    /// Opens for the senders of the book; for everyone where it is empty.
    pub fn new(book: watch::Receiver<Arc<Book>>) -> Self {
        Self(book)
    }

    /// Who makes a request with these headers; `None` where it may not pass.
    pub fn caller(&self, headers: &HeaderMap, address: IpAddr) -> Option<Caller> {
        let book = Arc::clone(&self.0.borrow());
        if book.is_empty() {
            return Some(Caller { sender: None, who: Who::at(address) });
        }
        let given = headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()))?;
        let sender = book.find(given)?;
        Some(Caller { who: Who::Sender(sender.digest), sender: Some(sender) })
    }
}

impl Caller {
    /// What logs call it.
    pub fn name(&self) -> Option<&str> {
        self.sender.as_deref().map(|sender| sender.name.as_str())
    }

    /// What is admitted from it: a token of one title says the title where nothing else does.
    pub fn policy(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        if let Some(title) = self.sender.as_deref().and_then(Sender::only_title) {
            policy.default_publication = Some(title.clone());
        }
        policy
    }

    /// Whether it may see and take back what is of this title.
    pub fn may(&self, title: Option<&PublicationId>) -> bool {
        self.sender.as_deref().is_none_or(|sender| sender.may(title))
    }

    /// Refuses an issue of a title that the token is not for.
    ///
    /// # Errors
    /// With the titles that it is for.
    pub fn check(&self, title: Option<&PublicationId>) -> Result<(), Problem> {
        match self.sender.as_deref().and_then(|sender| sender.titles.as_ref()) {
            Some(titles) if !self.may(title) => Err(Problem::forbidden(title, titles)),
            _ => Ok(()),
        }
    }

    /// No such issue, as far as this caller may know.
    pub fn unknown(&self, issue: &impl std::fmt::Display) -> Problem {
        let scope = match self.sender.as_deref().and_then(|sender| sender.titles.as_ref()) {
            Some(titles) => format!(", of the titles of this token: {}", super::problem::listed(titles)),
            None => String::new(),
        };
        Problem::new(StatusCode::NOT_FOUND, "not_found", format!("no issue `{issue}` was received here{scope}"))
    }
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Token;
    use axum::http::HeaderValue;

    fn guard(lines: &[String]) -> Guard {
        let mut book = Book::default();
        book.add("test", lines.iter().map(String::as_str)).unwrap();
        Guard::new(watch::channel(Arc::new(book)).1)
    }

    fn caller(guard: &Guard, value: Option<&str>) -> Option<Caller> {
        let mut headers = HeaderMap::new();
        if let Some(value) = value {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        guard.caller(&headers, [192, 0, 2, 1].into())
    }

    #[test]
    fn a_senders_token_opens_and_nothing_else_does() {
        let (first, second) = (Token::new(), Token::new());
        let guard = guard(&[first.line(&[], None), second.line(&["a".parse().unwrap()], Some("desk"))]);
        assert!(caller(&guard, Some(&format!("Bearer {}", first.secret()))).is_some());
        let desk = caller(&guard, Some(&format!("bearer  {}", second.secret()))).unwrap();
        assert_eq!(desk.name(), Some("desk"));
        let basic = format!("Basic {}", first.secret());
        let cut = format!("Bearer {}", &first.secret()[..first.secret().len() - 1]);
        for wrong in [None, Some(""), Some("Bearer"), Some("Bearer "), Some(&basic), Some(&cut), Some(first.secret())] {
            assert!(caller(&guard, wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn without_tokens_everyone_passes_and_counts_by_address() {
        let anyone = caller(&guard(&[]), None).unwrap();
        assert_eq!(anyone.who, Who::at([192, 0, 2, 1].into()));
        assert!(anyone.may(None) && anyone.check(None).is_ok() && anyone.name().is_none());
    }
}
