//! Swapping indexes.

use super::{Accepted, App, Caller, body, enqueue};
use crate::engine::registry::check_uid;
use crate::error::{Code, Failure, Result};
use crate::json::{Input, quoted};
use crate::tasks::task::Work;
use axum::Extension;
use axum::extract::{Request, State};
use serde_json::Value;
use std::collections::BTreeSet;

pub async fn swap(State(app): State<App>, Extension(access): Caller, request: Request) -> Result<Accepted> {
    let body = body::json(request, app.settings.payload_limit).await?;
    let pairs = pairs(&body)?;
    if pairs.iter().any(|(one, other)| !access.covers(one) || !access.covers(other)) {
        return Err(Failure::invalid_api_key());
    }
    enqueue(app, None, Work::SwapIndexes(pairs)).await
}

fn pairs(body: &Value) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for item in Input::new(body, "", Code::BadRequest).array()? {
        let mut pair = None;
        for (name, value) in item.fields(&["indexes", "rename"])? {
            match name {
                "indexes" => pair = Some(value.coded(Code::InvalidSwapIndexes)),
                _ if value.coded(Code::InvalidSwapRename).boolean()? => {
                    return Err(value
                        .coded(Code::InvalidSwapRename)
                        .invalid("renaming is not available in embedded search: swap with an empty index"));
                }
                _ => {}
            }
        }
        let pair = pair.ok_or_else(|| Failure::new(Code::MissingSwapIndexes, "Missing field `indexes`"))?;
        pairs.push(two(&pair)?);
    }
    let mut seen = BTreeSet::new();
    let uids = pairs.iter().flat_map(|(one, other)| [one, other]);
    let twice: BTreeSet<&str> = uids.filter(|uid| !seen.insert(*uid)).map(String::as_str).collect();
    if twice.is_empty() {
        return Ok(pairs);
    }
    let were = if twice.len() == 1 { "was" } else { "were" };
    let twice = quoted(&twice.into_iter().collect::<Vec<_>>());
    Err(Failure::new(
        Code::InvalidSwapDuplicateIndexFound,
        format!("Indexes must be declared only once during a swap. {twice} {were} specified several times."),
    ))
}

fn two(input: &Input<'_>) -> Result<(String, String)> {
    let mut uids = Vec::new();
    for item in input.array()? {
        let uid = item.string()?;
        check_uid(&uid).map_err(|failure| item.invalid(failure.message))?;
        uids.push(uid);
    }
    match <[String; 2]>::try_from(uids) {
        Ok([one, other]) => Ok((one, other)),
        Err(uids) => Err(Failure::new(
            Code::InvalidSwapIndexes,
            format!("Two indexes must be given for each swap. The list `{uids:?}` contains {} indexes.", uids.len()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pairs_are_two_uids_each_and_no_uid_stands_twice() {
        let good = json!([{"indexes": ["a", "b"]}, {"indexes": ["c", "d"], "rename": false}]);
        assert_eq!(pairs(&good).unwrap(), [("a".into(), "b".into()), ("c".into(), "d".into())]);
        for (body, code) in [
            (json!({"indexes": ["a", "b"]}), Code::BadRequest),
            (json!(["a"]), Code::BadRequest),
            (json!([{}]), Code::MissingSwapIndexes),
            (json!([{"indexes": "a"}]), Code::InvalidSwapIndexes),
            (json!([{"indexes": ["a"]}]), Code::InvalidSwapIndexes),
            (json!([{"indexes": ["a", "b", "c"]}]), Code::InvalidSwapIndexes),
            (json!([{"indexes": ["a", "文"]}]), Code::InvalidSwapIndexes),
            (json!([{"indexes": ["a", "a"]}]), Code::InvalidSwapDuplicateIndexFound),
            (json!([{"indexes": ["a", "b"]}, {"indexes": ["b", "c"]}]), Code::InvalidSwapDuplicateIndexFound),
            (json!([{"indexes": ["a", "b"], "rename": "yes"}]), Code::InvalidSwapRename),
        ] {
            assert_eq!(pairs(&body).unwrap_err().code, code, "{body}");
        }
    }
}
