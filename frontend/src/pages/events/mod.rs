//! The events, live and newest first: filtered in the docker command's words, held on wish, each opened to its raw form.

mod detail;
mod held;
mod list;
mod row;
mod tools;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Entry, Want};

use crate::{
    browser::{readers::kept, title, url_state},
    state::InterestHandle,
};
use detail::Detail;
use held::Held;
use list::List;
use tools::Tools;

/// As many as fill a screen; older ones come when somebody scrolls to them.
const RECENT: u32 = 200;

/// What the page is asked for, as the URL has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// As it was typed; it may be no filter.
    pub filter: String,
    /// Execs are shown too.
    pub execs: bool,
}

#[component]
pub fn Events() -> impl IntoView {
    title::show(|| "Events".to_owned());
    InterestHandle::expect().declare(|| Want {
        events: Some(RECENT),
        ..Want::default()
    });
    let asked = url_state(
        |fields| Asked {
            filter: fields.get("filter").unwrap_or_default(),
            execs: fields.get("execs").as_deref() == Some("show"),
        },
        |asked: &Asked| {
            let mut fields = Vec::new();
            if !asked.filter.is_empty() {
                fields.push(("filter", asked.filter.clone()));
            }
            if asked.execs {
                fields.push(("execs", "show".to_owned()));
            }
            fields
        },
    );
    let held = Held::new(asked);
    let opened = kept(RwSignal::new(None::<Arc<Entry>>));
    view! {
        <section class="page is-full" aria-labelledby="events-title">
            <div class="page-head">
                <h1 id="events-title">"Events"</h1>
                <Tools asked=asked held=held />
            </div>
            <div class="events" class:has-detail=move || opened.read().is_some()>
                <List asked=asked held=held opened=opened />
                <Detail opened=opened asked=asked />
            </div>
        </section>
    }
}
