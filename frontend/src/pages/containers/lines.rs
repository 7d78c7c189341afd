use std::sync::Arc;

use leptos::prelude::*;
use model::{
    ContainerKey,
    list::{Group, Line, ListQuery, Listing, hold, list, order_of_tick},
};

use super::query::UrlQuery;
use crate::{browser::pace::once_a_frame, state::Fleet};

/// The list in its order.
#[derive(Clone, Copy)]
pub struct Lines {
    /// What the search and the filters make of the fleet.
    pub listing: Memo<Listing>,
    /// The lines as they are shown: they stay where they are while `held`.
    pub shown: Memo<Arc<[Line]>>,
    /// A person points at a line.
    pub held: RwSignal<bool>,
}

/// What a line is known by while it moves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineKey {
    Group(Option<String>),
    Container(ContainerKey),
}

impl From<&Line> for LineKey {
    fn from(line: &Line) -> Self {
        match line {
            Line::Group(group) => Self::Group(group.project.clone()),
            Line::Container(key) => Self::Container(*key),
        }
    }
}

/// What the list is made from, but for what the fleet itself knows.
#[derive(Clone, PartialEq)]
struct Asked {
    query: ListQuery,
    revision: u32,
    /// In which turn of ordering by figures it falls, where it is in such an order.
    order: Option<u32>,
}

/// Lines, and what was asked when they were laid out.
#[derive(Clone, PartialEq)]
struct Laid {
    query: ListQuery,
    lines: Arc<[Line]>,
}

impl Lines {
    pub fn new(query: UrlQuery) -> Self {
        let fleet = Fleet::expect();
        let query = query.value;
        let by_figure = Memo::new(move |_| query.with(|query| query.sort.key.is_figure()));
        let order = Memo::new(move |_| by_figure.get().then(|| order_of_tick(fleet.tick.get())));
        let asked = once_a_frame(move || Asked {
            query: query.get(),
            revision: fleet.revision.get(),
            order: order.get(),
        });
        let listing =
            Memo::new(move |_| asked.with(|asked| list(&fleet.candidates(), &asked.query)));
        let held = RwSignal::new(false);
        let laid = Memo::new(move |before: Option<&Laid>| {
            let query = asked.with(|asked| asked.query.clone());
            listing.with(|fresh| Laid {
                lines: match before {
                    Some(before) if held.get() && before.query == query => {
                        hold(&before.lines, &fresh.lines).into()
                    }
                    _ => fresh.lines.clone(),
                },
                query,
            })
        });
        let shown = Memo::new(move |_| laid.with(|laid| laid.lines.clone()));
        Self {
            listing,
            shown,
            held,
        }
    }
}

/// The project's line among these.
pub fn find_group(lines: &[Line], project: &Option<String>) -> Option<Arc<Group>> {
    lines.iter().find_map(|line| match line {
        Line::Group(group) if group.project == *project => Some(group.clone()),
        _ => None,
    })
}
