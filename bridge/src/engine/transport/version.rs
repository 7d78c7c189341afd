use std::fmt;

/// A version of the Engine API. Ordered as numbers: 1.9 is older than 1.41.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion {
    pub major: u16,
    pub minor: u16,
}

/// Engine 20.10.
pub const OLDEST: ApiVersion = ApiVersion {
    major: 1,
    minor: 41,
};
/// The newest that the bridge was written for.
pub const NEWEST: ApiVersion = ApiVersion {
    major: 1,
    minor: 53,
};

impl ApiVersion {
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What the daemon says of itself, as far as the bridge depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// `ApiVersion` of `/version`.
    pub newest: String,
    /// `MinAPIVersion`; empty where it says none.
    pub oldest: String,
}

/// The version to write before each path: the lower of the daemon's newest and ours.
pub fn choose(spoken: &Spoken) -> Result<ApiVersion, super::Failure> {
    let newest = ApiVersion::parse(&spoken.newest).ok_or_else(|| {
        super::Failure::NotAnEngine(format!(
            "it says that its API version is {:?}",
            spoken.newest
        ))
    })?;
    if newest < OLDEST {
        return Err(super::Failure::TooOld {
            api: newest.to_string(),
            needs: OLDEST.to_string(),
        });
    }
    let chosen = newest.min(NEWEST);
    match ApiVersion::parse(&spoken.oldest) {
        Some(oldest) if oldest > chosen => Err(super::Failure::NotAnEngine(format!(
            "the oldest API that it speaks is {oldest}; this bridge knows up to {NEWEST}: a newer bridge is needed"
        ))),
        _ => Ok(chosen),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Failure, *};

    #[test]
    fn takes_the_lower_of_both_newest() {
        for (newest, oldest, expected) in [
            ("1.41", "1.12", Ok("1.41")),
            ("1.51", "1.24", Ok("1.51")),
            ("1.53", "1.44", Ok("1.53")),
            ("1.60", "1.44", Ok("1.53")),
            ("2.0", "1.44", Ok("1.53")),
            ("1.41", "", Ok("1.41")),
            ("1.40", "1.12", Err("too old")),
            ("1.9", "1.9", Err("too old")),
            ("1.60", "1.54", Err("not an engine")),
            ("", "", Err("not an engine")),
            ("v1.41", "", Err("not an engine")),
        ] {
            let spoken = Spoken {
                newest: newest.to_owned(),
                oldest: oldest.to_owned(),
            };
            let chosen = match choose(&spoken) {
                Ok(version) => Ok(version.to_string()),
                Err(Failure::TooOld { .. }) => Err("too old"),
                Err(Failure::NotAnEngine(_)) => Err("not an engine"),
                Err(other) => panic!("{newest}: {other}"),
            };
            assert_eq!(chosen.as_deref(), expected.as_deref(), "{newest} {oldest}");
        }
    }
}
