//! Every filter of `filter/cases.tsv` lets through what the daemon itself let through (`filter/record.sh`).

mod common;

use daemonscope_timeline::{Filter, Key};
use protocol::Event;

#[test]
fn the_daemon_lets_through_the_same_events() {
    let events: Vec<Event> = include_str!("filter/events.ndjson")
        .lines()
        .map(common::event)
        .collect();
    assert!(events.len() > 80);

    let mut cases = 0;
    let mut keys: Vec<Key> = Vec::new();
    let mut wrong = Vec::new();
    for case in include_str!("filter/cases.tsv").lines() {
        let (line, expected) = case.split_once('\t').expect("a filter and its answer");
        let expected: Vec<usize> = expected
            .split_whitespace()
            .map(|number| number.parse().expect("a line number"))
            .collect();
        let filter: Filter = line
            .parse()
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        let passed: Vec<usize> = (1..=events.len())
            .filter(|number| filter.matches(&events[number - 1]))
            .collect();
        if passed != expected {
            wrong.push(format!(
                "{line}\n  daemon {expected:?}\n  ours   {passed:?}"
            ));
        }
        keys.extend(filter.terms().map(|(key, _)| key));
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 60, "{cases} cases");
    for key in Key::ALL {
        assert!(keys.contains(&key), "no case for {key}");
    }
}
