//! Reads fields out of answers whose shape is not to be relied on: what is missing, null or of another type is empty.

use serde_json::{Map, Value, error::Category};

/// What is wrong with an answer, without a word of the answer: it may hold secrets.
pub fn fault(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Io => "it cannot be read",
        Category::Syntax => "it is not JSON",
        Category::Data => "it has another shape",
        Category::Eof => "it ends too soon",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

/// A whole number, also one that is written as a text.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}

pub trait Fields {
    fn field(&self, name: &str) -> &Value;

    fn text(&self, name: &str) -> String {
        match self.field(name) {
            Value::String(text) => text.clone(),
            _ => String::new(),
        }
    }

    /// Zero for what is left out or null, as the docker command reads it; `None` for what is there and is no whole number.
    fn integer(&self, name: &str) -> Option<i64> {
        match self.field(name) {
            Value::Null => Some(0),
            value => integer(value),
        }
    }

    /// Zero for what is below it.
    fn count(&self, name: &str) -> u64 {
        self.told_count(name).unwrap_or(0)
    }

    /// `None` for what is no count, where that is not as good as zero.
    fn told_count(&self, name: &str) -> Option<u64> {
        match self.field(name) {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64(),
        }
    }

    fn flag(&self, name: &str) -> bool {
        self.field(name).as_bool().unwrap_or(false)
    }

    fn list(&self, name: &str) -> &[Value] {
        self.field(name).as_array().map_or(&[], Vec::as_slice)
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.field(name).as_object().into_iter().flat_map(Map::iter)
    }

    /// The texts of a list.
    fn texts(&self, name: &str) -> Vec<String> {
        self.list(name)
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    }
}

impl Fields for Value {
    fn field(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_nothing_of_the_answer() {
        for answer in [r#""hunter2""#, r#"{"Id":"hunter2"#, r#"{"hunter2"}"#] {
            let error = serde_json::from_str::<Map<String, Value>>(answer).unwrap_err();
            assert!(!fault(&error).contains("hunter2"), "{}", fault(&error));
        }
    }
}
