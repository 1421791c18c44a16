//! Picks fields of a document by name, and walks its leaves.

use serde_json::{Map, Value};

/// A document.
pub type Document = Map<String, Value>;

/// The fields of `document` that the selectors name. `a` names a whole field, `a.b` one inside of it, also in every
/// object of an array.
pub fn pick<S: AsRef<str>>(document: &Document, selectors: &[S]) -> Document {
    let selectors: Vec<&str> = selectors.iter().map(AsRef::as_ref).collect();
    pick_object(document, &selectors)
}

fn pick_object(object: &Document, selectors: &[&str]) -> Document {
    let mut picked = Document::new();
    for (key, value) in object {
        if selectors.contains(&key.as_str()) {
            picked.insert(key.clone(), value.clone());
            continue;
        }
        let inner: Vec<&str> =
            selectors.iter().filter_map(|selector| selector.strip_prefix(key.as_str())?.strip_prefix('.')).collect();
        if !inner.is_empty()
            && let Some(value) = pick_value(value, &inner)
        {
            picked.insert(key.clone(), value);
        }
    }
    picked
}

fn pick_value(value: &Value, selectors: &[&str]) -> Option<Value> {
    match value {
        Value::Object(object) => {
            let picked = pick_object(object, selectors);
            (!picked.is_empty()).then_some(Value::Object(picked))
        }
        Value::Array(items) => {
            let picked: Vec<_> = items.iter().filter_map(|item| pick_value(item, selectors)).collect();
            (!picked.is_empty()).then_some(Value::Array(picked))
        }
        _ => None,
    }
}

/// Calls `visit(name, positions in arrays, value)` for every value that is neither object nor array.
pub fn for_each_leaf(document: &mut Document, visit: &mut impl FnMut(&str, &[usize], &mut Value)) {
    let mut positions = Vec::new();
    for (key, value) in document {
        walk(key, value, &mut positions, visit);
    }
}

fn walk(name: &str, value: &mut Value, positions: &mut Vec<usize>, visit: &mut impl FnMut(&str, &[usize], &mut Value)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                walk(&format!("{name}.{key}"), value, positions, visit);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                positions.push(at);
                walk(name, item, positions, visit);
                positions.pop();
            }
        }
        leaf => visit(name, positions, leaf),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn whole_fields_nested_fields_and_fields_in_arrays_are_picked() {
        let document = object(json!({
            "标题": "春耕",
            "期": {"日期": "2026-03-01", "版": 4},
            "署名": [{"姓名": "甲", "职": "记者"}, {"职": "编辑"}],
        }));
        assert_eq!(
            Value::Object(pick(&document, &["期.日期", "署名.姓名", "没有"])),
            json!({"期": {"日期": "2026-03-01"}, "署名": [{"姓名": "甲"}]})
        );
        assert_eq!(pick(&document, &["标题"]).len(), 1);
        assert!(pick(&document, &[] as &[&str]).is_empty());
    }

    #[test]
    fn leaves_come_with_their_name_and_place() {
        let mut document = object(json!({"a": [{"b": 1}, {"b": [2, 3]}], "c": "x"}));
        let mut seen = Vec::new();
        for_each_leaf(&mut document, &mut |name, at, value| {
            seen.push(format!("{name} {at:?} {value}"));
        });
        assert_eq!(seen, ["a.b [0] 1", "a.b [1, 0] 2", "a.b [1, 1] 3", "c [] \"x\""]);
    }
}
