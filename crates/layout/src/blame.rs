//! Which part of a report makes the layout or the exporter stop.
//!
//! Typst's errors name a place in the layout; whoever wrote the report needs the place in the report. Parts of the data
//! are left out, one at a time, until the same error is gone; the part whose absence mends it is to blame.

use serde_json::Value;
use sigill_model::place::{push_index, push_token};

/// Most attempts at one error: each sets the document anew.
const MAX_ATTEMPTS: usize = 80;

/// Pointer to the smallest part of `data` without which `attempt` succeeds; empty when no single part is to blame.
pub(crate) fn pointer(data: &Value, attempt: &dyn Fn(&Value) -> bool) -> String {
    let mut path = Vec::new();
    let mut left = MAX_ATTEMPTS;
    while let Some(step) = culprit(data, &path, &mut left, attempt) {
        path.push(step);
    }
    let mut out = String::new();
    for step in path {
        match step {
            Step::Key(key) => push_token(&mut out, &key),
            Step::Index(i) => push_index(&mut out, i),
        }
    }
    out
}

#[derive(Clone)]
enum Step {
    Key(String),
    Index(usize),
}

fn at<'a>(mut value: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    for step in path {
        value = match step {
            Step::Key(key) => value.get_mut(key)?,
            Step::Index(i) => value.get_mut(i)?,
        };
    }
    Some(value)
}

/// The child of the value at `path` without which the attempt succeeds.
fn culprit(data: &Value, path: &[Step], left: &mut usize, attempt: &dyn Fn(&Value) -> bool) -> Option<Step> {
    let mut copy = data.clone();
    let children: Vec<Step> = match at(&mut copy, path)? {
        // What the program itself adds is never to blame.
        Value::Object(o) => o.keys().filter(|k| *k != "images" && *k != "meta").cloned().map(Step::Key).collect(),
        Value::Array(a) => (0..a.len()).map(Step::Index).collect(),
        _ => Vec::new(),
    };
    children.into_iter().find(|step| {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let mut without = data.clone();
        let Some(parent) = at(&mut without, path) else { return false };
        match (parent, step) {
            (Value::Object(o), Step::Key(key)) => {
                o.shift_remove(key);
            }
            (Value::Array(a), Step::Index(i)) => {
                a.remove(*i);
            }
            _ => return false,
        }
        attempt(&without)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_smallest_part_to_blame_is_found() {
        let data = json!({"title": "x", "sections": [{"a": 1}, {"content": [1, "bad", 3], "b": 2}]});
        let found = pointer(&data, &|v| !v.to_string().contains("bad"));
        assert_eq!(found, "/sections/1/content/1");
    }

    #[test]
    fn nobody_is_blamed_when_two_parts_fail() {
        let data = json!({"a": "bad", "b": "bad"});
        assert_eq!(pointer(&data, &|v| !v.to_string().contains("bad")), "");
    }

    #[test]
    fn the_search_ends() {
        let data = json!((0..100_000).collect::<Vec<_>>());
        assert_eq!(pointer(&data, &|_| false), "");
    }
}
