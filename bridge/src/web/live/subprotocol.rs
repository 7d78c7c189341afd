use axum::http::{HeaderMap, header};
use protocol::{Encoding, SUBPROTOCOL_PREFIX};

/// What the two ends will speak.
#[derive(Debug, PartialEq, Eq)]
pub enum Chosen {
    Known {
        name: String,
        encoding: Encoding,
    },
    /// One of ours, of another version: it gets the one message that no version changes.
    Other {
        name: String,
        encoding: Encoding,
    },
}

impl Chosen {
    pub fn name(&self) -> &str {
        match self {
            Self::Known { name, .. } | Self::Other { name, .. } => name,
        }
    }
}

/// The first known one of those that the client offers, else the first that bears our name, else none.
pub fn choose(headers: &HeaderMap) -> Option<Chosen> {
    let offered: Vec<&str> = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let known = offered.iter().find_map(|name| {
        Encoding::of_subprotocol(name).map(|encoding| Chosen::Known {
            name: (*name).to_owned(),
            encoding,
        })
    });
    known.or_else(|| {
        let name = offered
            .iter()
            .find(|name| name.starts_with(SUBPROTOCOL_PREFIX))?;
        let encoding = if name.ends_with(".json") {
            Encoding::Json
        } else {
            Encoding::Postcard
        };
        Some(Chosen::Other {
            name: (*name).to_owned(),
            encoding,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_one_is_taken_then_the_first_of_ours() {
        let known = |name: &str, encoding| {
            Some(Chosen::Known {
                name: name.to_owned(),
                encoding,
            })
        };
        let other = |name: &str, encoding| {
            Some(Chosen::Other {
                name: name.to_owned(),
                encoding,
            })
        };
        let (postcard, json) = ("daemonscope.v1.postcard", "daemonscope.v1.json");
        for (offered, expected) in [
            (&[postcard][..], known(postcard, Encoding::Postcard)),
            (&[json], known(json, Encoding::Json)),
            (
                &["daemonscope.v1.json,  daemonscope.v1.postcard"],
                known(json, Encoding::Json),
            ),
            (
                &["daemonscope.v2.postcard, daemonscope.v1.json"],
                known(json, Encoding::Json),
            ),
            (
                &["chat", "daemonscope.v2.postcard"],
                other("daemonscope.v2.postcard", Encoding::Postcard),
            ),
            (
                &["daemonscope.v9.json"],
                other("daemonscope.v9.json", Encoding::Json),
            ),
            (&["chat, graphql-ws"], None),
            (&["DAEMONSCOPE.V1.JSON"], None),
            (&[""], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in offered {
                headers.append(header::SEC_WEBSOCKET_PROTOCOL, value.parse().unwrap());
            }
            assert_eq!(choose(&headers), expected, "{offered:?}");
        }
    }
}
