use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::{Candidate, Filter, ListQuery, SortKey, sort::natural};
use crate::{ContainerKey, Figures};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Group(Arc<Group>),
    Container(ContainerKey),
}

/// The line over the containers of one compose project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `None`: those that are in no project.
    pub project: Option<String>,
    pub folded: bool,
    /// Those that the search and the filters leave, and for which its sums are.
    pub members: Vec<ContainerKey>,
    pub running: usize,
}

/// The list as it is to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    pub lines: Vec<Line>,
    /// Containers that search and filters leave, folded ones too.
    pub shown: usize,
    pub hidden: usize,
    /// How many of those that the search leaves each filter admits, in the order of [`Filter::ALL`].
    pub counts: [usize; Filter::ALL.len()],
}

/// What `query` makes of the fleet.
pub fn list(fleet: &[Candidate], query: &ListQuery) -> Listing {
    let search = query.search.to_lowercase();
    let mut counts = [0; Filter::ALL.len()];
    let mut shown: Vec<&Candidate> = Vec::with_capacity(fleet.len());
    for candidate in fleet {
        if !candidate.container.matches(&search) {
            continue;
        }
        let mut admitted = query.filters.is_empty();
        for (count, filter) in counts.iter_mut().zip(Filter::ALL) {
            if filter.admits(&candidate.container) {
                *count += 1;
                admitted |= query.filters.contains(&filter);
            }
        }
        if admitted {
            shown.push(candidate);
        }
    }
    shown.sort_by(|a, b| query.sort.compare(a, b));
    Listing {
        shown: shown.len(),
        hidden: fleet.len() - shown.len(),
        counts,
        lines: lines(&shown, query),
    }
}

fn lines(shown: &[&Candidate], query: &ListQuery) -> Vec<Line> {
    let grouped = query.grouped
        && shown
            .iter()
            .any(|candidate| candidate.container.project.is_some());
    if !grouped {
        return shown
            .iter()
            .map(|candidate| Line::Container(candidate.container.key))
            .collect();
    }
    let mut projects: BTreeMap<Option<&str>, Vec<&Candidate>> = BTreeMap::new();
    for candidate in shown {
        projects
            .entry(candidate.container.project.as_deref())
            .or_default()
            .push(candidate);
    }
    let mut groups: Vec<(Option<&str>, Vec<&Candidate>)> = projects.into_iter().collect();
    groups.sort_by(|(name_a, a), (name_b, b)| {
        // those in no project come last
        let loners = name_a.is_none().cmp(&name_b.is_none());
        let by_name = natural(name_a.unwrap_or_default(), name_b.unwrap_or_default());
        let by_key = match query.sort.key {
            SortKey::Name => query.sort.turn(by_name),
            key if key.is_figure() => query.sort.known_first(sum(key, a), sum(key, b)),
            // members are in order already
            _ => match (a.first(), b.first()) {
                (Some(a), Some(b)) => query.sort.compare(a, b),
                _ => std::cmp::Ordering::Equal,
            },
        };
        loners.then(by_key).then(by_name)
    });
    let mut lines = Vec::with_capacity(shown.len() + groups.len());
    for (project, members) in groups {
        let folded = query.folded.contains(project.unwrap_or_default());
        lines.push(Line::Group(Arc::new(Group {
            project: project.map(str::to_owned),
            folded,
            running: members
                .iter()
                .filter(|member| member.container.state.has_processes())
                .count(),
            members: members.iter().map(|member| member.container.key).collect(),
        })));
        if !folded {
            lines.extend(
                members
                    .iter()
                    .map(|member| Line::Container(member.container.key)),
            );
        }
    }
    lines
}

fn sum(key: SortKey, members: &[&Candidate]) -> Option<u64> {
    members
        .iter()
        .filter_map(|member| key.figure(&member.figures))
        .reduce(u64::saturating_add)
}

/// The lines to show while a person's pointer is on them: none moves. Those that are gone stay where they were, new
/// ones come at the end.
pub fn hold(before: &[Line], fresh: &[Line]) -> Vec<Line> {
    let mut present: HashSet<LineName<'_>> = HashSet::new();
    let fresh_group = |project: &Option<String>| {
        fresh
            .iter()
            .find(|line| matches!(line, Line::Group(group) if group.project == *project))
    };
    let mut held: Vec<Line> = Vec::with_capacity(fresh.len());
    for line in before {
        present.insert(name(line));
        held.push(match line {
            // its count and its members are no matter of place
            Line::Group(group) => fresh_group(&group.project).unwrap_or(line).clone(),
            Line::Container(_) => line.clone(),
        });
    }
    for line in fresh {
        if !present.contains(&name(line)) {
            held.push(line.clone());
        }
    }
    held
}

type LineName<'a> = (Option<&'a str>, Option<ContainerKey>);

fn name(line: &Line) -> LineName<'_> {
    match line {
        Line::Group(group) => (Some(group.project.as_deref().unwrap_or_default()), None),
        Line::Container(key) => (None, Some(*key)),
    }
}

/// The sum of the figures of a group; what is known of no member is not known of the group. Beside each member's
/// figures: whether it lives in another container's network, whose figures must not count twice.
pub fn total(members: impl IntoIterator<Item = (bool, Figures)>) -> Figures {
    let mut total = Figures::default();
    let add = |to: &mut Option<u64>, value: Option<u64>| {
        if let Some(value) = value {
            *to = Some(to.unwrap_or(0).saturating_add(value));
        }
    };
    for (shares_network, figures) in members {
        add(&mut total.cpu_hundredths, figures.cpu_hundredths);
        add(&mut total.memory_used_bytes, figures.memory_used_bytes);
        add(&mut total.block_read_bytes, figures.block_read_bytes);
        add(&mut total.block_write_bytes, figures.block_write_bytes);
        add(&mut total.block_read_rate, figures.block_read_rate);
        add(&mut total.block_write_rate, figures.block_write_rate);
        add(&mut total.pids, figures.pids);
        if !shares_network {
            add(&mut total.network_rx_bytes, figures.network_rx_bytes);
            add(&mut total.network_tx_bytes, figures.network_tx_bytes);
            add(&mut total.network_rx_rate, figures.network_rx_rate);
            add(&mut total.network_tx_rate, figures.network_tx_rate);
        }
    }
    total
}
