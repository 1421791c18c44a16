//! Reads request JSON field by field, with Meilisearch's sentences for what does not fit.

use crate::error::{Code, Failure, Result};
use serde_json::{Map, Value};

/// A value on its way in: where it stands, and which code its errors carry.
#[derive(Debug, Clone)]
pub struct Input<'v> {
    value: &'v Value,
    path: String,
    code: Code,
}

impl<'v> Input<'v> {
    /// A value at `path` (`""` for the whole body, `.limit` for a field).
    pub fn new(value: &'v Value, path: impl Into<String>, code: Code) -> Self {
        Self { value, path: path.into(), code }
    }

    /// The same value, with another code for its errors.
    pub fn coded(&self, code: Code) -> Self {
        Self { code, ..self.clone() }
    }

    /// The value itself.
    pub fn value(&self) -> &'v Value {
        self.value
    }

    fn at(&self) -> String {
        if self.path.is_empty() { String::new() } else { format!(" at `{}`", self.path) }
    }

    fn wrong_type(&self, expected: &str) -> Failure {
        let found = match self.value {
            Value::Null => "null".to_owned(),
            value => format!("{}: `{value}`", kind_of(value)),
        };
        Failure::new(self.code, format!("Invalid value type{}: expected {expected}, but found {found}", self.at()))
    }

    /// An error about the value rather than its type.
    pub fn invalid(&self, message: impl std::fmt::Display) -> Failure {
        Failure::new(self.code, format!("Invalid value{}: {message}", self.at()))
    }

    /// An error about a value that is not one of the accepted.
    pub fn unknown_value(&self, found: &str, accepted: &[&str]) -> Failure {
        Failure::new(self.code, format!("Unknown value `{found}`{}: expected one of {}", self.at(), quoted(accepted)))
    }

    /// A string.
    pub fn string(&self) -> Result<String> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.wrong_type("a boolean"))
    }

    /// Zero or a positive integer.
    pub fn count(&self) -> Result<usize> {
        self.value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .ok_or_else(|| self.wrong_type("a positive integer"))
    }

    /// An integer from 0 to 255.
    pub fn byte(&self) -> Result<u8> {
        let count = self.count()?;
        u8::try_from(count).map_err(|_| {
            self.invalid(format!("value: `{count}` is too large to be deserialized, maximum value authorized is `255`"))
        })
    }

    /// Any number.
    pub fn number(&self) -> Result<f64> {
        self.value.as_f64().ok_or_else(|| self.wrong_type("a number"))
    }

    /// The elements of an array.
    pub fn array(&self) -> Result<Vec<Input<'v>>> {
        match self.value {
            Value::Array(items) => Ok(items
                .iter()
                .enumerate()
                .map(|(at, item)| Input::new(item, format!("{}[{at}]", self.path), self.code))
                .collect()),
            _ => Err(self.wrong_type("an array")),
        }
    }

    /// An array of strings.
    pub fn strings(&self) -> Result<Vec<String>> {
        self.array()?.iter().map(Input::string).collect()
    }

    /// The members of an object, whatever their names.
    pub fn members(&self) -> Result<Vec<(&'v str, Input<'v>)>> {
        match self.value {
            Value::Object(map) => Ok(map
                .iter()
                .map(|(key, value)| {
                    let path = format!("{}.{key}", self.path);
                    (key.as_str(), Input::new(value, path, self.code))
                })
                .collect()),
            _ => Err(self.wrong_type("an object")),
        }
    }

    /// The members of an object that may only have the `known` names.
    pub fn fields(&self, known: &[&str]) -> Result<Vec<(&'v str, Input<'v>)>> {
        let members = self.members()?;
        match members.iter().find(|(key, _)| !known.contains(key)) {
            None => Ok(members),
            Some((key, _)) => Err(self.unknown_field(key, known)),
        }
    }

    fn unknown_field(&self, key: &str, known: &[&str]) -> Failure {
        let inside = if self.path.is_empty() { String::new() } else { format!(" inside `{}`", self.path) };
        Failure::new(self.code, format!("Unknown field `{key}`{inside}: expected one of {}", quoted(known)))
    }

    /// `None` for null, else what `read` makes of the value.
    pub fn optional<T>(&self, read: impl FnOnce(&Self) -> Result<T>) -> Result<Option<T>> {
        match self.value {
            Value::Null => Ok(None),
            _ => read(self).map(Some),
        }
    }
}

/// The request body as an object; anything else is `bad_request`.
pub fn body_object(body: &Value) -> Result<&Map<String, Value>> {
    match body {
        Value::Object(map) => Ok(map),
        _ => Err(Input::new(body, "", Code::BadRequest).wrong_type("an object")),
    }
}

/// Refuses a body or query string with a name that is not known.
pub fn only_known<'k>(keys: impl IntoIterator<Item = &'k String>, known: &[&str], what: &str) -> Result<()> {
    match keys.into_iter().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            Err(Failure::new(Code::BadRequest, format!("Unknown {what} `{key}`: expected one of {}", quoted(known))))
        }
    }
}

/// `` `a`, `b` ``
pub fn quoted(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_u64() => "a positive integer",
        Value::Number(number) if number.is_i64() => "a negative integer",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_say_where_what_was_expected_and_what_was_found() {
        let value = json!("十");
        let error = Input::new(&value, ".limit", Code::InvalidSearchLimit).count().unwrap_err();
        assert_eq!(
            error.message,
            "Invalid value type at `.limit`: expected a positive integer, but found a string: `\"十\"`"
        );
        assert_eq!(error.code, Code::InvalidSearchLimit);
    }

    #[test]
    fn unknown_fields_are_named_with_the_known_ones() {
        let value = json!({"b": 1});
        let error =
            Input::new(&value, ".typoTolerance", Code::InvalidSettingsTypoTolerance).fields(&["a"]).unwrap_err();
        assert_eq!(error.message, "Unknown field `b` inside `.typoTolerance`: expected one of `a`");
    }
}
