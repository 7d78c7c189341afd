//! The only calls that ever reach the daemon. None of them changes anything or copies anything out of it.

use std::fmt;

use hyper::Method;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    Ping,
    Version,
    Info,
    List,
    Inspect,
    Stats,
    Events,
    Usage,
}

struct Row {
    route: Route,
    template: &'static str,
    /// The query keys that may be sent; each at most once.
    query: &'static [&'static str],
}

/// All by GET.
const TABLE: [Row; 8] = [
    Row {
        route: Route::Ping,
        template: "/_ping",
        query: &[],
    },
    Row {
        route: Route::Version,
        template: "/version",
        query: &[],
    },
    Row {
        route: Route::Info,
        template: "/info",
        query: &[],
    },
    Row {
        route: Route::List,
        template: "/containers/json",
        query: &["all", "filters"],
    },
    Row {
        route: Route::Inspect,
        template: "/containers/{id}/json",
        query: &[],
    },
    Row {
        route: Route::Stats,
        template: "/containers/{id}/stats",
        query: &["stream"],
    },
    Row {
        route: Route::Events,
        template: "/events",
        query: &["since"],
    },
    Row {
        route: Route::Usage,
        template: "/system/df",
        query: &["type", "verbose"],
    },
];

const ID: &str = "{id}";

impl Route {
    pub const ALL: [Self; 8] = [
        Self::Ping,
        Self::Version,
        Self::Info,
        Self::List,
        Self::Inspect,
        Self::Stats,
        Self::Events,
        Self::Usage,
    ];

    pub fn template(self) -> &'static str {
        TABLE[self as usize].template
    }

    /// Whether the API's version is written before the path: it is, but where that version is asked for.
    pub(super) fn versioned(self) -> bool {
        self != Self::Version
    }
}

/// Why a call does not leave the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAdmitted {
    Method(String),
    Path(String),
    Query(String),
    Id(String),
}

impl fmt::Display for NotAdmitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "the method {method} is not in the table of routes"),
            Self::Path(path) => write!(f, "the path {path:?} is not in the table of routes"),
            Self::Query(key) => write!(f, "the query {key:?} is not in the table of routes"),
            Self::Id(id) => write!(f, "{id:?} is not the id of a container of this fleet"),
        }
    }
}

/// Finds the row that a call belongs to. `known` says whether an id is of this fleet.
pub(super) fn admit(
    method: &Method,
    path: &str,
    query: Option<&str>,
    known: impl Fn(&str) -> bool,
) -> Result<Route, NotAdmitted> {
    if method != Method::GET {
        return Err(NotAdmitted::Method(method.to_string()));
    }
    let (row, id) = TABLE
        .iter()
        .find_map(|row| matches(row.template, path).map(|id| (row, id)))
        .ok_or_else(|| NotAdmitted::Path(path.to_owned()))?;
    if let Some(id) = id
        && !(well_formed(id) && known(id))
    {
        return Err(NotAdmitted::Id(id.to_owned()));
    }
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        let key = pair.split_once('=').map_or(pair, |(key, _)| key);
        if !row.query.contains(&key) {
            return Err(NotAdmitted::Query(key.to_owned()));
        }
    }
    Ok(row.route)
}

/// `Some(id)` within: what stands in the template's place.
fn matches<'p>(template: &str, path: &'p str) -> Option<Option<&'p str>> {
    let Some((before, after)) = template.split_once(ID) else {
        return (template == path).then_some(None);
    };
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty()).then_some(Some(id))
}

/// `[a-zA-Z0-9][a-zA-Z0-9_.-]*`: the daemon's own rule for names and ids.
pub fn well_formed(id: &str) -> bool {
    let mut bytes = id.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "46c61f892f0e19277b660844af1cad3a36b8a79cf29b2d4bf6666f9ca023213d";

    fn ask(method: &str, path: &str) -> Result<Route, NotAdmitted> {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        admit(&method, path, query, |id| id == KNOWN)
    }

    #[test]
    fn the_table_is_in_the_order_of_its_routes() {
        for (row, route) in TABLE.iter().zip(Route::ALL) {
            assert_eq!(row.route, route);
            assert_eq!(route.template(), row.template);
        }
    }

    #[test]
    fn admits_what_is_in_the_table() {
        for (path, route) in [
            ("/_ping".to_owned(), Route::Ping),
            ("/version".to_owned(), Route::Version),
            ("/info".to_owned(), Route::Info),
            ("/containers/json?all=1".to_owned(), Route::List),
            (format!("/containers/{KNOWN}/json"), Route::Inspect),
            (format!("/containers/{KNOWN}/stats?stream=1"), Route::Stats),
            ("/events?since=1.000000002".to_owned(), Route::Events),
            ("/system/df".to_owned(), Route::Usage),
        ] {
            assert_eq!(ask("GET", &path), Ok(route), "{path}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for method in [
            "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT",
        ] {
            let refusal = ask(method, "/_ping");
            assert_eq!(refusal, Err(NotAdmitted::Method(method.to_owned())));
        }
        for path in [
            "",
            "/",
            "/_ping/",
            "//_ping",
            "/containers",
            "/containers//json",
            "/images/json",
            "/images/get",
            "/secrets",
            "/v1.41/version",
            &format!("/containers/{KNOWN}"),
            &format!("/containers/{KNOWN}/attach/ws"),
            &format!("/containers/{KNOWN}/export"),
            &format!("/containers/{KNOWN}/archive"),
            &format!("/containers/{KNOWN}/logs"),
            &format!("/containers/{KNOWN}/top"),
        ] {
            assert!(
                matches!(ask("GET", path), Err(NotAdmitted::Path(_))),
                "{path}"
            );
        }
        for id in [
            "x",
            "46c61f892f0e",
            "x/attach/ws",
            "x/../../images",
            "..",
            ".",
            "-x",
            "%2e%2e",
            "x%2fattach",
            "x;y",
            "x y",
            "x\u{e9}",
            "x\n",
        ] {
            let path = format!("/containers/{id}/json");
            assert!(
                matches!(ask("GET", &path), Err(NotAdmitted::Id(_))),
                "{path}"
            );
        }
        for path in [
            "/_ping?x=1".to_owned(),
            "/containers/json?size=1".to_owned(),
            "/containers/json?all=1&limit=2".to_owned(),
            format!("/containers/{KNOWN}/json?size=1"),
            "/events?until=1".to_owned(),
            "/system/df?".to_owned(),
        ] {
            assert!(
                matches!(ask("GET", &path), Err(NotAdmitted::Query(_))),
                "{path}"
            );
        }
    }

    #[test]
    fn an_id_must_be_well_formed_even_if_known() {
        let admitted = admit(&Method::GET, "/containers/a/b/json", None, |_| true);
        assert_eq!(admitted, Err(NotAdmitted::Id("a/b".to_owned())));
    }
}
