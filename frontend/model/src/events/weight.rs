use timeline::story::{Outcome, Piece, Stories, Story, What};

use crate::{Event, Item, Tone};

/// How loud an event is by itself: `Off` for what merely happens.
pub fn weight(event: &Event) -> Tone {
    if event.kind != "container" {
        return Tone::Off;
    }
    match event.action.as_str() {
        "oom" | "health_status: unhealthy" => Tone::Bad,
        "die" if event.attribute("exitCode").is_some_and(|code| code != "0") => Tone::Warn,
        _ => Tone::Off,
    }
}

/// How loud a story is, or a plain event.
pub fn piece_weight(stories: &Stories, piece: &Piece) -> Tone {
    match &piece.what {
        What::Gap => Tone::Off,
        What::Event => stories
            .events(piece)
            .map(|(_, entry)| match &entry.item {
                Item::Event(event) => weight(event),
                Item::Gap(_) => Tone::Off,
            })
            .max()
            .unwrap_or(Tone::Off),
        What::Probes(probes) => match probes.last_exit {
            None | Some(0) => Tone::Off,
            Some(_) => Tone::Warn,
        },
        What::Story(Story::Container(life)) => outcome_weight(life.outcome()),
        What::Story(Story::Project(project)) => project
            .members
            .iter()
            .map(|member| outcome_weight(member.life.outcome()))
            .max()
            .unwrap_or(Tone::Off),
        What::Story(Story::Health { status, .. }) if status == "unhealthy" => Tone::Bad,
        What::Story(_) => Tone::Off,
    }
}

fn outcome_weight(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::OutOfMemory | Outcome::CrashLoop => Tone::Bad,
        Outcome::Failed => Tone::Warn,
        _ => Tone::Off,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_loud() {
        for (kind, action, code, tone) in [
            ("container", "start", "", Tone::Off),
            ("container", "die", "0", Tone::Off),
            ("container", "die", "137", Tone::Warn),
            ("container", "oom", "", Tone::Bad),
            ("container", "health_status: unhealthy", "", Tone::Bad),
            ("container", "health_status: healthy", "", Tone::Off),
            ("image", "oom", "", Tone::Off),
        ] {
            let event = Event {
                kind: kind.to_owned(),
                action: action.to_owned(),
                attributes: vec![("exitCode".to_owned(), code.to_owned())],
                ..Event::default()
            };
            assert_eq!(weight(&event), tone, "{kind} {action} {code}");
        }
    }
}
