use std::{collections::BTreeMap, sync::Arc};

use super::{Candidate, Filter, ListQuery, NaturalKey, SortKey};
use crate::{ContainerKey, Figures, sort_by};

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
    pub lines: Arc<[Line]>,
    /// Containers that search and filters leave, folded ones too.
    pub shown: usize,
    pub hidden: usize,
    /// How many of those that the search leaves each filter admits, in the order of [`Filter::ALL`].
    pub counts: [usize; Filter::ALL.len()],
}

/// What `query` makes of the fleet.
pub fn list(fleet: &[Candidate], query: &ListQuery) -> Listing {
    let search = query.search.to_ascii_lowercase();
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
    sort_by(&mut shown, |a, b| query.sort.compare(a, b));
    Listing {
        shown: shown.len(),
        hidden: fleet.len() - shown.len(),
        counts,
        lines: lines(&shown, query).into(),
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
    let mut groups: Vec<_> = projects
        .into_iter()
        .map(|(name, members)| (name, NaturalKey::new(name.unwrap_or_default()), members))
        .collect();
    sort_by(&mut groups, |(name_a, order_a, a), (name_b, order_b, b)| {
        // those in no project come last
        let loners = name_a.is_none().cmp(&name_b.is_none());
        let by_name = order_a.cmp(order_b);
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
    for (project, _, members) in groups {
        let folded = query.folded.contains(project.unwrap_or_default());
        lines.push(Line::Group(Arc::new(Group {
            project: project.map(str::to_owned),
            folded,
            running: members
                .iter()
                .filter(|member| Filter::Running.admits(&member.container))
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
    fn by_name(lines: &[Line]) -> BTreeMap<LineName<'_>, &Line> {
        // one by one: collecting them would sort them first, by a sort of its own
        let mut named = BTreeMap::new();
        named.extend(lines.iter().map(|line| (name(line), line)));
        named
    }
    let (present, news) = (by_name(before), by_name(fresh));
    let mut held: Vec<Line> = Vec::with_capacity(fresh.len());
    held.extend(before.iter().map(|line| match line {
        // its count and its members are no matter of place
        Line::Group(_) => news.get(&name(line)).copied().unwrap_or(line).clone(),
        Line::Container(_) => line.clone(),
    }));
    held.extend(
        fresh
            .iter()
            .filter(|line| !present.contains_key(&name(line)))
            .cloned(),
    );
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

#[cfg(test)]
mod tests {
    use protocol::{Container, ContainerKey, Health, State};

    use super::*;
    use crate::list::{Sort, SortKey};

    struct One {
        key: u32,
        name: &'static str,
        project: Option<&'static str>,
        state: State,
        cpu: Option<u64>,
    }

    fn one(
        key: u32,
        name: &'static str,
        project: Option<&'static str>,
        state: State,
        cpu: Option<u64>,
    ) -> One {
        One {
            key,
            name,
            project,
            state,
            cpu,
        }
    }

    fn fleet() -> Vec<Candidate> {
        [
            one(1, "shop-web-1", Some("shop"), State::Running, Some(300)),
            one(2, "shop-db-1", Some("shop"), State::Exited, None),
            one(3, "blog-web-1", Some("blog"), State::Running, Some(9000)),
            one(4, "registry", None, State::Paused, Some(0)),
            one(5, "backup", None, State::Other("odd".to_owned()), None),
        ]
        .into_iter()
        .map(|one| Candidate {
            container: Arc::new(
                Container {
                    key: ContainerKey(one.key),
                    id: format!("{:064x}", one.key),
                    name: one.name.to_owned(),
                    image: "nginx:1.29".to_owned(),
                    project: one.project.map(str::to_owned),
                    health: (one.key == 3).then_some(Health::Unhealthy),
                    state: one.state,
                    ..Container::default()
                }
                .into(),
            ),
            figures: Figures {
                cpu_hundredths: one.cpu,
                ..Figures::default()
            },
        })
        .collect()
    }

    /// Lines in short: a project's name with its members' count, or a container's key.
    fn words(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| match line {
                Line::Group(group) => format!(
                    "{}({})",
                    group.project.as_deref().unwrap_or("-"),
                    group.members.len()
                ),
                Line::Container(key) => key.0.to_string(),
            })
            .collect()
    }

    fn shown(query: &ListQuery) -> Vec<String> {
        words(&list(&fleet(), query).lines)
    }

    fn by(key: SortKey, descending: bool, grouped: bool) -> ListQuery {
        ListQuery {
            sort: Sort { key, descending },
            grouped,
            ..ListQuery::default()
        }
    }

    #[test]
    fn projects_come_by_name_and_loners_last() {
        assert_eq!(
            shown(&ListQuery::default()),
            ["blog(1)", "3", "shop(2)", "2", "1", "-(2)", "5", "4"]
        );
        assert_eq!(
            shown(&by(SortKey::Name, true, true)),
            ["shop(2)", "1", "2", "blog(1)", "3", "-(2)", "4", "5"]
        );
    }

    #[test]
    fn what_is_not_known_comes_last_whichever_way() {
        assert_eq!(
            shown(&by(SortKey::Cpu, true, false)),
            ["3", "1", "4", "5", "2"]
        );
        assert_eq!(
            shown(&by(SortKey::Cpu, false, false)),
            ["4", "1", "3", "5", "2"]
        );
        assert_eq!(
            shown(&by(SortKey::Cpu, true, true)),
            ["blog(1)", "3", "shop(2)", "1", "2", "-(2)", "4", "5"]
        );
    }

    #[test]
    fn trouble_comes_first_by_state() {
        assert_eq!(
            shown(&by(SortKey::State, false, false)),
            ["3", "4", "5", "1", "2"]
        );
    }

    #[test]
    fn a_search_hides_and_counts() {
        let query = ListQuery {
            search: "WEB nginx".to_owned(),
            ..ListQuery::default()
        };
        let listing = list(&fleet(), &query);
        assert_eq!(words(&listing.lines), ["blog(1)", "3", "shop(1)", "1"]);
        assert_eq!((listing.shown, listing.hidden), (2, 3));
        let running = Filter::ALL.iter().position(|f| *f == Filter::Running);
        assert_eq!(
            listing.counts[running.unwrap()],
            2,
            "of what the search leaves"
        );
    }

    #[test]
    fn filters_add_up_and_a_folded_project_still_counts() {
        let query = ListQuery {
            filters: [Filter::Paused, Filter::Unhealthy, Filter::Other].into(),
            folded: ["blog".to_owned(), String::new()].into(),
            ..ListQuery::default()
        };
        let listing = list(&fleet(), &query);
        assert_eq!(words(&listing.lines), ["blog(1)", "-(2)"]);
        assert_eq!((listing.shown, listing.hidden), (3, 2));
        assert_eq!(listing.counts, [2, 1, 1, 0, 0, 1, 0, 1]);
        let running: Vec<_> = (listing.lines.iter())
            .filter_map(|line| match line {
                Line::Group(group) => Some(group.running),
                Line::Container(_) => None,
            })
            .collect();
        assert_eq!(running, [1, 0], "what is paused is counted by another chip");
    }

    #[test]
    fn nothing_moves_under_the_pointer() {
        let before = list(&fleet(), &by(SortKey::Cpu, true, false)).lines;
        let mut changed = fleet();
        changed.retain(|candidate| candidate.container.key != ContainerKey(1));
        changed[0].figures.cpu_hundredths = Some(99_999);
        let newcomer = Candidate {
            container: Arc::new(
                Container {
                    key: ContainerKey(6),
                    name: "aaa".to_owned(),
                    ..Container::default()
                }
                .into(),
            ),
            figures: Figures::default(),
        };
        changed.push(newcomer);
        let fresh = list(&changed, &by(SortKey::Cpu, true, false)).lines;
        assert_eq!(
            words(&hold(&before, &fresh)),
            ["3", "1", "4", "5", "2", "6"],
            "the one that is gone keeps its place, the new one comes last"
        );
        assert_eq!(hold(&[], &fresh)[..], fresh[..]);
        assert_eq!(hold(&before, &before)[..], before[..]);
    }

    #[test]
    fn a_shared_network_counts_once_and_the_unknown_stays_unknown() {
        let figures = Figures {
            cpu_hundredths: Some(150),
            network_rx_rate: Some(1000),
            ..Figures::default()
        };
        let total = total([
            (false, figures),
            (true, figures),
            (false, Figures::default()),
        ]);
        assert_eq!(total.cpu_hundredths, Some(300));
        assert_eq!(total.network_rx_rate, Some(1000));
        assert_eq!(total.pids, None);
    }
}
