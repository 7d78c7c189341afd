/// The calls that our own code makes; what is written on the wire is checked all the same.
#[derive(Debug, Clone, Copy)]
pub enum Call<'a> {
    Ping,
    Version,
    Info,
    List,
    Inspect(&'a str),
    Stats(&'a str),
    Events { since_nano: i64 },
    Usage,
}

impl Call<'_> {
    pub(super) fn path_and_query(self) -> (String, Option<String>) {
        match self {
            Self::Ping => ("/_ping".to_owned(), None),
            Self::Version => ("/version".to_owned(), None),
            Self::Info => ("/info".to_owned(), None),
            Self::List => ("/containers/json".to_owned(), Some("all=1".to_owned())),
            Self::Inspect(id) => (format!("/containers/{id}/json"), None),
            Self::Stats(id) => (
                format!("/containers/{id}/stats"),
                Some("stream=1".to_owned()),
            ),
            Self::Events { since_nano } => {
                let nanos = since_nano.max(0);
                let since = format!(
                    "since={}.{:09}",
                    nanos / 1_000_000_000,
                    nanos % 1_000_000_000
                );
                ("/events".to_owned(), Some(since))
            }
            Self::Usage => ("/system/df".to_owned(), None),
        }
    }
}
