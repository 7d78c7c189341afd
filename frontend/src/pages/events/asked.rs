use leptos::prelude::*;

use crate::browser::{clock, url_state};

/// What the page is asked for, as the URL has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// As it was typed; it may be no filter.
    pub filter: String,
    /// Each event by itself, as the docker command prints them.
    pub raw: bool,
    pub since_millis: Option<u64>,
    pub until_millis: Option<u64>,
}

pub fn asked_in_url() -> RwSignal<Asked> {
    url_state(
        |fields| {
            let moment = |name| {
                let text: String = fields.get(name)?;
                clock::moment(&text)
            };
            Asked {
                filter: fields.get("filter").unwrap_or_default(),
                raw: fields.get("view").as_deref() == Some("raw"),
                since_millis: moment("since"),
                until_millis: moment("until"),
            }
        },
        |asked: &Asked| {
            let mut fields = Vec::new();
            if !asked.filter.is_empty() {
                fields.push(("filter", asked.filter.clone()));
            }
            if asked.raw {
                fields.push(("view", "raw".to_owned()));
            }
            for (name, millis) in [("since", asked.since_millis), ("until", asked.until_millis)] {
                if let Some(millis) = millis {
                    fields.push((name, clock::iso(millis)));
                }
            }
            fields
        },
    )
}
