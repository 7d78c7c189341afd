//! What changes containers: `docker stop` and its like work against the demo too.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;

use super::{Failure, Site};
use crate::life::{Act, Refusal};

pub async fn post(
    State(site): State<Site>,
    Path((id, deed)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<StatusCode, Failure> {
    let act = match deed.as_str() {
        "start" => Act::Start(id),
        "stop" => Act::Stop(id),
        "restart" => Act::Restart(id),
        "pause" => Act::Pause(id),
        "unpause" => Act::Unpause(id),
        "kill" => Act::Kill {
            container: id,
            signal: signal(query.get("signal"))?,
        },
        "rename" => Act::Rename {
            container: id,
            to: query.get("name").cloned().unwrap_or_default(),
        },
        _ => return Err(Failure::new(StatusCode::NOT_FOUND, "page not found")),
    };
    done(&site, &act)
}

pub async fn remove(
    State(site): State<Site>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    done(&site, &Act::Remove(id))
}

fn done(site: &Site, act: &Act) -> Result<StatusCode, Failure> {
    match site.engine.act(act) {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(Refusal::Unchanged) => Ok(StatusCode::NOT_MODIFIED),
        Err(Refusal::NotFound(message)) => Err(Failure::new(StatusCode::NOT_FOUND, message)),
        Err(Refusal::Conflict(message)) => Err(Failure::new(StatusCode::CONFLICT, message)),
    }
}

fn signal(name: Option<&String>) -> Result<u8, Failure> {
    let name = name.map_or("", String::as_str);
    let plain = name.strip_prefix("SIG").unwrap_or(name);
    match plain {
        "" | "KILL" => Ok(9),
        "TERM" => Ok(15),
        "INT" => Ok(2),
        "HUP" => Ok(1),
        "QUIT" => Ok(3),
        number => number
            .parse()
            .map_err(|_| Failure::bad(format!("invalid signal: {name}"))),
    }
}
