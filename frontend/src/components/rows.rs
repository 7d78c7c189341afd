use std::{collections::HashMap, hash::Hash};

use crate::live::effect;
use leptos::{
    html::ElementType,
    prelude::*,
    tachys::view::{Mountable, Render},
};
use model::staying;
use wasm_bindgen::JsCast;
use web_sys::Node;

/// Keeps the lines that `lines` gives in the document, before the element `end`: one that stays keeps its elements, and
/// nothing changes but where one comes, goes or leaves its place. `view` makes a line's elements, and is told its place in
/// the whole list; `lines` says at which place its own begin.
///
/// Leptos' `For` takes lines out of the document and puts them in again when several come before them.
pub fn show_rows<T, K, E>(
    end: NodeRef<E>,
    lines: impl Fn() -> (usize, Vec<T>) + 'static,
    key: impl Fn(&T) -> K + 'static,
    view: impl Fn(T, ArcReadSignal<usize>) -> AnyView + 'static,
) where
    K: Eq + Hash + 'static,
    E: ElementType + 'static,
    E::Output: AsRef<Node> + JsCast + Clone + 'static,
{
    let mut shown: Vec<(K, Row)> = Vec::new();
    effect(move || {
        let Some(end) = end.get() else {
            return;
        };
        let end: &Node = end.as_ref();
        let Some(parent) = end.parent_element() else {
            return;
        };
        // not kept in here: an owner that what it owns holds would never end
        let Some(owner) = Owner::current().and_then(|own| own.parent()) else {
            return;
        };
        let (first, lines) = lines();
        let mut before: HashMap<K, (usize, Row)> = shown
            .drain(..)
            .enumerate()
            .map(|(place, (key, row))| (key, (place, row)))
            .collect();
        let mut places = Vec::with_capacity(lines.len());
        let mut wanted = Vec::with_capacity(lines.len());
        for (place, line) in (first..).zip(lines) {
            let key = key(&line);
            let (was, row) = before.remove(&key).unzip();
            places.push(was);
            wanted.push((key, row, line, place));
        }
        for (_, mut gone) in before.into_values() {
            gone.state.unmount();
        }
        shown.extend(wanted.into_iter().map(|(key, row, line, place)| {
            let row = match row {
                Some(row) => row.at(place),
                None => untrack(|| Row::new(&owner, place, |place| view(line, place))),
            };
            (key, row)
        }));
        let stays = staying(&places);
        for line in (0..shown.len()).rev().filter(|line| !stays[*line]) {
            let (until, after) = shown.split_at_mut(line + 1);
            let Some((_, row)) = until.last_mut() else {
                continue;
            };
            match after.first() {
                Some((_, next)) => {
                    next.state
                        .insert_before_this_or_marker(&parent, &mut row.state, Some(end));
                }
                None => row.state.mount(&parent, Some(end)),
            }
        }
    });
}

/// What is on the page of one line.
struct Row {
    // before its owner: what is inside ends first
    state: <AnyView as Render>::State,
    place: ArcRwSignal<usize>,
    _owner: Owner,
}

impl Row {
    fn new(
        parent: &Owner,
        place: usize,
        view: impl FnOnce(ArcReadSignal<usize>) -> AnyView,
    ) -> Self {
        let place = ArcRwSignal::new(place);
        let owner = parent.with(Owner::new);
        Self {
            state: owner.with(|| view(place.read_only()).build()),
            place,
            _owner: owner,
        }
    }

    fn at(self, place: usize) -> Self {
        if *self.place.read_untracked() != place {
            self.place.set(place);
        }
        self
    }
}
