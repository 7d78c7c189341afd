//! What a person should look at, as the page's overview lists it, with the events that show it.

use std::{collections::HashSet, sync::Arc};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{Container, Entry, Item, Position, StatsWanted};
use serde::Serialize;
use timeline::{
    attention::{self, About, Bounds, Facts, Severity},
    english, is_exec,
    story::Stories,
};

use super::{
    ask,
    events::{self, Line},
    unix::Seconds,
};
use crate::{
    hub::{Ended, Picture},
    web::{App, answer::Refused, codes},
};

/// What happened before has no say in what needs attention now.
const PAST_NANO: i64 = 60 * 60 * 1_000_000_000;
/// So many entries are looked at; of more the newest.
const ENTRIES: usize = 10_000;

#[derive(Serialize)]
struct Concern<'a> {
    about: &'static str,
    id: Option<&'a str>,
    name: Option<&'a str>,
    severity: &'static str,
    reason: &'static str,
    message: String,
    since: Option<Seconds>,
    evidence: Vec<Line<'a>>,
}

pub async fn attention(State(app): State<App>) -> Result<Response, Refused> {
    let _place = events::place(&app)?;
    let picture = ask::current(&app, StatsWanted::None).await?;
    let stories = stories(&app, &picture).await?;
    let concerns = attention::attention(
        picture
            .containers
            .iter()
            .map(|container| Facts::from(container.as_ref())),
        Some(&stories),
        picture.usage.last.as_ref(),
        Bounds::default(),
        picture.at_millis,
    );
    let told: Vec<_> = concerns
        .iter()
        .map(|concern| Concern::of(concern, &picture, &stories))
        .collect();
    Ok(Json(told).into_response())
}

/// What happened to the containers that there are, without the commands run inside them.
async fn stories(app: &App, picture: &Picture) -> Result<Stories, Ended> {
    let ids: HashSet<&str> = picture
        .containers
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    let tells = |entry: &Entry| match &entry.item {
        Item::Event(event) => {
            event.kind == "container" && !is_exec(event) && ids.contains(event.actor_id.as_str())
        }
        Item::Gap(_) => true,
    };
    let mut stories = Stories::new(ENTRIES);
    let mut reader = app.hub.read();
    let now_nano = i64::try_from(picture.at_millis).unwrap_or(i64::MAX / 1_000_000) * 1_000_000;
    reader.skip_to(now_nano.saturating_sub(PAST_NANO)).await;
    loop {
        let run = reader.next().await?;
        let Some(last) = run.entries.last().map(|last| last.seq) else {
            return Ok(stories);
        };
        stories.append(
            run.epoch,
            run.entries.into_iter().filter(tells).map(Arc::new),
        );
        // more than the picture shows would never end while many events come
        if last + 1 >= picture.timeline.next {
            return Ok(stories);
        }
    }
}

impl<'a> Concern<'a> {
    fn of(concern: &attention::Concern, picture: &'a Picture, stories: &'a Stories) -> Self {
        let container = match concern.about {
            About::Container(key) => picture.containers.iter().find(|one| one.key == key),
            About::DiskUsage => None,
        };
        let container: Option<&'a Container> = container.map(AsRef::as_ref);
        let line = |position: &Position| {
            let entry = stories.entry(*position)?;
            Some(Line::of(position.epoch, entry))
        };
        Self {
            about: match concern.about {
                About::Container(_) => "container",
                About::DiskUsage => "disk_usage",
            },
            id: container.map(|one| one.id.as_str()),
            name: container.map(|one| one.name.as_str()),
            severity: match concern.severity {
                Severity::Bad => "bad",
                Severity::Warn => "warn",
            },
            reason: codes::concern(&concern.reason),
            message: english::reason(&concern.reason),
            since: concern.since_millis.map(Seconds),
            evidence: concern.evidence.iter().filter_map(line).collect(),
        }
    }
}
