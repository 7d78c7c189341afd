use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{
    ContainerKey,
    list::{Candidate, Group, Line, ListQuery, Listing, hold, list, order_of_tick},
};

use super::query::UrlQuery;
use crate::state::Fleet;

/// The list in its order.
#[derive(Clone, Copy)]
pub struct Lines {
    /// What the search and the filters make of the fleet.
    pub listing: Memo<Listing>,
    /// The lines as they are shown: they stay where they are while `held`.
    pub shown: Memo<Vec<Line>>,
    /// A person points at a line.
    pub held: RwSignal<bool>,
    /// The groups by project, as of now.
    groups: Memo<HashMap<Option<String>, Arc<Group>>>,
    /// Where each line is.
    places: Memo<HashMap<LineKey, usize>>,
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

/// Lines, and what was asked when they were laid out.
#[derive(Clone, PartialEq)]
struct Laid {
    query: ListQuery,
    lines: Vec<Line>,
}

impl Lines {
    pub fn new(query: UrlQuery) -> Self {
        let fleet = Fleet::expect();
        let query = query.value;
        let by_figure = Memo::new(move |_| query.with(|query| query.sort.key.is_figure()));
        let order = Memo::new(move |_| by_figure.get().then(|| order_of_tick(fleet.tick.get())));
        let listing = Memo::new(move |_| {
            fleet.revision.track();
            // read, not only tracked: a memo that nobody reads is not worked out
            order.get();
            let candidates: Vec<Candidate> = fleet
                .containers()
                .into_iter()
                .map(|container| Candidate {
                    figures: fleet.figures(container.key),
                    container,
                })
                .collect();
            query.with(|query| list(&candidates, query))
        });
        let held = RwSignal::new(false);
        let laid = Memo::new(move |before: Option<&Laid>| {
            let query = query.get();
            listing.with(|fresh| Laid {
                lines: match before {
                    Some(before) if held.get() && before.query == query => {
                        hold(&before.lines, &fresh.lines)
                    }
                    _ => fresh.lines.clone(),
                },
                query,
            })
        });
        let shown = Memo::new(move |_| laid.with(|laid| laid.lines.clone()));
        let groups = Memo::new(move |_| {
            shown.with(|lines| {
                lines
                    .iter()
                    .filter_map(|line| match line {
                        Line::Group(group) => Some((group.project.clone(), group.clone())),
                        Line::Container(_) => None,
                    })
                    .collect()
            })
        });
        let places = Memo::new(move |_| {
            shown.with(|lines| {
                lines
                    .iter()
                    .enumerate()
                    .map(|(place, line)| (line.into(), place))
                    .collect()
            })
        });
        Self {
            listing,
            shown,
            held,
            groups,
            places,
        }
    }

    pub fn group(self, project: &Option<String>) -> Option<Arc<Group>> {
        self.groups.with(|groups| groups.get(project).cloned())
    }

    /// Which row of the whole table it is, counted from 1 with the head.
    pub fn row_index(self, key: &LineKey) -> Option<usize> {
        self.places
            .with(|places| places.get(key).map(|place| place + 2))
    }
}
