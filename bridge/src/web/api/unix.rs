use serde::{Serialize, Serializer};

/// A time or a span that is kept in milliseconds and told in seconds, with a fraction where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub u64);

impl Seconds {
    fn value(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1000) {
            serializer.serialize_u64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.value())
        }
    }
}

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_told_in_seconds() {
        for (millis, expected) in [
            (0, "0"),
            (1_795_502_560_000, "1795502560"),
            (1_795_502_560_123, "1795502560.123"),
            (1_795_502_560_120, "1795502560.12"),
            (7, "0.007"),
        ] {
            assert_eq!(serde_json::to_string(&Seconds(millis)).unwrap(), expected);
            assert_eq!(Seconds(millis).to_string(), expected);
        }
    }
}
