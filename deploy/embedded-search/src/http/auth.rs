//! Who may use which route: what each route asks for, and the look at the request's key.

use super::App;
use crate::error::{Failure, Result};
use crate::keys::access::Access;
use crate::keys::action::Action;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Lets a request through whose key allows what the route does, and tells the route what it may touch.
pub async fn guard(
    State(app): State<App>,
    route: MatchedPath,
    parameters: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(action) = asked(request.method(), route.as_str()) else {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    };
    let index = parameters.iter().find(|(name, _)| *name == INDEX).map(|(_, uid)| uid);
    match check(&app, action, index, request.headers()) {
        Ok(access) => {
            request.extensions_mut().insert(Arc::new(access));
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

/// The part of a route's path that is the uid of an index.
pub const INDEX: &str = "uid";

fn check(app: &App, action: Action, index: Option<&str>, headers: &HeaderMap) -> Result<Access> {
    app.keys.authorize(bearer(headers)?, action, index)
}

/// What a request to a route asks for; nothing if the route does not know the method. A route that is not named here
/// lets nobody in.
fn asked(method: &Method, route: &str) -> Option<Action> {
    use Action as A;
    let method = match method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    let action = match (route, method) {
        ("/version", "GET") => A::Version,
        ("/stats" | "/indexes/{uid}/stats", "GET") => A::StatsGet,
        ("/indexes" | "/indexes/{uid}", "GET") => A::IndexesGet,
        ("/indexes", "POST") => A::IndexesCreate,
        ("/indexes/{uid}", "PATCH") => A::IndexesUpdate,
        ("/indexes/{uid}", "DELETE") => A::IndexesDelete,
        ("/swap-indexes", "POST") => A::IndexesSwap,
        ("/indexes/{uid}/documents" | "/indexes/{uid}/documents/{id}", "GET") => A::DocumentsGet,
        ("/indexes/{uid}/documents/fetch", "POST") => A::DocumentsGet,
        ("/indexes/{uid}/documents", "POST" | "PUT") => A::DocumentsAdd,
        ("/indexes/{uid}/documents" | "/indexes/{uid}/documents/{id}", "DELETE") => A::DocumentsDelete,
        ("/indexes/{uid}/documents/delete-batch" | "/indexes/{uid}/documents/delete", "POST") => A::DocumentsDelete,
        ("/indexes/{uid}/settings" | "/indexes/{uid}/settings/{setting}", "GET") => A::SettingsGet,
        ("/indexes/{uid}/settings" | "/indexes/{uid}/settings/{setting}", "PATCH" | "PUT" | "DELETE") => {
            A::SettingsUpdate
        }
        ("/indexes/{uid}/search", "GET" | "POST") => A::Search,
        ("/indexes/{uid}/facet-search" | "/multi-search", "POST") => A::Search,
        ("/tasks" | "/tasks/{task}", "GET") => A::TasksGet,
        ("/tasks", "DELETE") => A::TasksDelete,
        ("/tasks/cancel", "POST") => A::TasksCancel,
        ("/keys" | "/keys/{key}", "GET") => A::KeysGet,
        ("/keys", "POST") => A::KeysCreate,
        ("/keys/{key}", "PATCH") => A::KeysUpdate,
        ("/keys/{key}", "DELETE") => A::KeysDelete,
        _ => return None,
    };
    Some(action)
}

/// What stands behind `Bearer`; nothing without the header, and an error if it is of another kind.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let mut parts = header.to_str().unwrap_or_default().splitn(2, ' ');
    if parts.next() != Some("Bearer") {
        return Ok(None);
    }
    parts.next().map(Some).ok_or_else(Failure::invalid_api_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn only_a_bearer_counts() {
        assert_eq!(bearer(&headers("Bearer key")).unwrap(), Some("key"));
        assert_eq!(bearer(&headers("Basic key")).unwrap(), None);
        assert_eq!(bearer(&headers("Bearer 钥匙")).unwrap(), None, "header values are ASCII");
        assert_eq!(bearer(&HeaderMap::new()).unwrap(), None);
        assert_eq!(bearer(&headers("Bearer")).unwrap_err().code, Code::InvalidApiKey);
    }

    #[test]
    fn reading_asks_for_less_than_writing_and_what_is_unknown_is_shut() {
        assert_eq!(asked(&Method::HEAD, "/indexes"), Some(Action::IndexesGet));
        assert_eq!(asked(&Method::POST, "/indexes"), Some(Action::IndexesCreate));
        assert_eq!(asked(&Method::PUT, "/indexes"), None);
        assert_eq!(asked(&Method::GET, "/nowhere"), None);
    }
}
