//! What holds for any stream, real or not.

mod common;

use std::sync::Arc;

use daemonscope_timeline::{
    english,
    story::{Outline, Piece, PieceKey, Stories, What},
};
use proptest::prelude::*;
use protocol::{Entry, Event, Gap, GapReason, HealthCheck, Item, Position};

const CHECK: &str = "/bin/sh -c test -f /ok";

/// Few containers, projects, images and volumes, so that their events meet.
fn event() -> impl Strategy<Value = Event> {
    let actions = prop::sample::select(vec![
        ("container", "create"),
        ("container", "start"),
        ("container", "start"),
        ("container", "kill"),
        ("container", "kill"),
        ("container", "die"),
        ("container", "die"),
        ("container", "die"),
        ("container", "stop"),
        ("container", "restart"),
        ("container", "destroy"),
        ("container", "oom"),
        ("container", "attach"),
        ("container", "rename"),
        ("container", "pause"),
        ("container", "unpause"),
        ("container", "commit"),
        ("container", "health_status: healthy"),
        ("container", "health_status: unhealthy"),
        ("container", "exec_create: /bin/sh -c test -f /ok"),
        ("container", "exec_start: /bin/sh -c test -f /ok"),
        ("container", "exec_create: sh"),
        ("container", "exec_start: sh"),
        ("container", "exec_die"),
        ("container", "exec_die"),
        ("container", "prune"),
        ("container", "top"),
        ("network", "create"),
        ("network", "connect"),
        ("network", "disconnect"),
        ("network", "destroy"),
        ("network", "prune"),
        ("volume", "create"),
        ("volume", "mount"),
        ("volume", "unmount"),
        ("volume", "destroy"),
        ("image", "create"),
        ("image", "tag"),
        ("image", "untag"),
        ("image", "delete"),
        ("image", "pull"),
        ("image", "prune"),
        ("daemon", "reload"),
        ("builder", "prune"),
        ("pod", "unheard of"),
    ]);
    let signal = prop::sample::select(vec!["1", "9", "15", "what"]);
    let code = prop::sample::select(vec!["0", "1", "137", "none"]);
    (actions, 0..4_usize, 0..2_usize, signal, code).prop_map(
        |((kind, action), which, other, signal, code)| {
            let container = format!("{which:064x}");
            let (actor_id, name) = match kind {
                _ if action == "prune" => (String::new(), String::new()),
                // two containers come to have one name
                "container" => (container.clone(), format!("c{}", which.min(2))),
                "network" => (format!("{:064x}", 100 + other), format!("p{other}_default")),
                "volume" => (format!("p{other}_data"), String::new()),
                "image" => (format!("sha256:{other:064x}"), format!("fx:{other}")),
                _ => (String::new(), String::new()),
            };
            let mut attributes = vec![
                ("container", container),
                ("execID", format!("exec{which}{other}")),
                ("exitCode", code.to_owned()),
                ("imageID", format!("sha256:{other:064x}")),
                ("oldName", format!("/c{other}")),
                ("reclaimed", "12".to_owned()),
                ("signal", signal.to_owned()),
            ];
            if !name.is_empty() {
                attributes.push(("name", name));
            }
            if kind == "container" && which < 3 {
                attributes.push(("com.docker.compose.project", format!("p{}", which / 2)));
            }
            let mut attributes: Vec<(String, String)> = attributes
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            attributes.sort();
            Event {
                time_nano: 0,
                kind: kind.to_owned(),
                action: action.to_owned(),
                scope: "local".to_owned(),
                actor_id,
                attributes,
                redacted: false,
            }
        },
    )
}

/// Events in bursts and with rests between, times that go back, and a gap now and then.
fn stream() -> impl Strategy<Value = Vec<Arc<Entry>>> {
    let pause = prop_oneof![
        6 => 0..200_i64,
        3 => 200..3_000_i64,
        1 => 3_000..90_000_i64,
        1 => -500..0_i64,
    ];
    let item = prop_oneof![
        20 => event().prop_map(Some),
        1 => Just(None),
    ];
    prop::collection::vec((pause, item), 0..120).prop_map(|steps| {
        let mut nano = 1_700_000_000_000_000_000;
        let mut entries = Vec::new();
        for ((pause, item), seq) in steps.into_iter().zip(1..) {
            nano += pause * 1_000_000;
            let item = match item {
                Some(event) => Item::Event(Event {
                    time_nano: nano,
                    ..event
                }),
                None => Item::Gap(Gap {
                    from_nano: Some(nano - 1),
                    to_nano: nano,
                    reason: GapReason::RingOverrun,
                }),
            };
            entries.push(Arc::new(Entry { seq, item }));
        }
        entries
    })
}

/// How long each batch is.
fn batches() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1..20_usize, 1..12)
}

fn knowing() -> Stories {
    let mut stories = Stories::new(100_000);
    learn(&mut stories);
    stories
}

fn learn(stories: &mut Stories) {
    let check = HealthCheck {
        command: CHECK.to_owned(),
        interval_millis: 1_000,
        failing_streak: 0,
    };
    let ids = [0, 2].map(|which| format!("{which:064x}"));
    stories.learn(ids.iter().map(|id| (id.as_str(), Some(&check))));
}

fn told(entries: &[Arc<Entry>]) -> Stories {
    let mut stories = knowing();
    stories.append(1, entries.iter().cloned());
    stories
}

fn pieces(stories: &Stories) -> Vec<(PieceKey, Piece)> {
    let pieces = stories.pieces();
    pieces.map(|(key, piece)| (key, piece.clone())).collect()
}

/// In pieces of these lengths, over and over.
fn split<'e>(mut entries: &'e [Arc<Entry>], lengths: &[usize]) -> Vec<&'e [Arc<Entry>]> {
    let mut split = Vec::new();
    for length in lengths.iter().cycle() {
        if entries.is_empty() {
            break;
        }
        let (batch, rest) = entries.split_at((*length).min(entries.len()));
        split.push(batch);
        entries = rest;
    }
    split
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn every_entry_is_in_exactly_one_piece(entries in stream()) {
        let stories = told(&entries);
        let mut seqs = Vec::new();
        for Outline { key, last_place, is_probes, piece } in stories.outlines() {
            let mut own = Vec::new();
            for (position, _) in stories.events(piece) {
                prop_assert_eq!(stories.holding(position), Some(key));
                own.push(position.seq);
            }
            prop_assert!(own.is_sorted());
            prop_assert_eq!(own.last(), Some(&(u64::from(last_place) + 1)));
            prop_assert_eq!(is_probes, matches!(piece.what, What::Probes(_)));
            prop_assert_eq!(own.len(), piece.count());
            seqs.extend(own);
        }
        seqs.sort_unstable();
        prop_assert_eq!(seqs, (1..=entries.len() as u64).collect::<Vec<_>>());
    }

    #[test]
    fn other_batches_tell_the_same(entries in stream(), lengths in batches()) {
        let mut stories = knowing();
        for batch in split(&entries, &lengths) {
            // a resumed stream overlaps
            stories.append(1, batch.iter().cloned());
            stories.append(1, batch.iter().cloned());
        }
        prop_assert_eq!(pieces(&stories), pieces(&told(&entries)));
    }

    #[test]
    fn what_is_prepended_might_have_been_there_from_the_start(
        entries in stream(),
        lengths in batches(),
        start in 0..120_usize,
    ) {
        let (past, present) = entries.split_at(start.min(entries.len()));
        let mut stories = knowing();
        stories.append(1, present.iter().cloned());
        for batch in split(past, &lengths).into_iter().rev() {
            stories.prepend(1, batch.iter().cloned());
            stories.prepend(1, batch.iter().cloned());
        }
        prop_assert_eq!(pieces(&stories), pieces(&told(&entries)));
    }

    #[test]
    fn a_health_check_that_is_learned_late_tells_the_same(entries in stream(), when in 0..120_usize) {
        let (before, after) = entries.split_at(when.min(entries.len()));
        let mut stories = Stories::new(100_000);
        stories.append(1, before.iter().cloned());
        learn(&mut stories);
        stories.append(1, after.iter().cloned());
        prop_assert_eq!(pieces(&stories), pieces(&told(&entries)));
    }

    #[test]
    fn what_was_let_go_leaves_the_rest_as_if_it_were_all(
        entries in stream(), lengths in batches(), capacity in 1..60_usize, when in 0..120_usize,
    ) {
        let mut stories = Stories::new(capacity);
        let mut told_of = 0;
        for batch in split(&entries, &lengths) {
            if (told_of..told_of + batch.len().max(1)).contains(&when.min(entries.len() - 1)) {
                learn(&mut stories);
            }
            told_of += batch.len();
            stories.append(1, batch.iter().cloned());
            prop_assert!(stories.len() <= capacity + capacity / 4);
        }
        learn(&mut stories);
        let held = &entries[entries.len() - stories.len()..];
        prop_assert_eq!(pieces(&stories), pieces(&told(held)));
        prop_assert_eq!(pieces(&stories.standing()), pieces(&told(held)));
    }

    #[test]
    fn a_key_stays_with_its_piece_while_entries_are_appended(entries in stream(), lengths in batches()) {
        let mut stories = Stories::new(entries.len().max(1));
        learn(&mut stories);
        let mut known: Vec<(PieceKey, Position)> = Vec::new();
        for batch in split(&entries, &lengths) {
            stories.append(1, batch.iter().cloned());
            for (key, first) in &known {
                // where it turned out to be part of another, that has an earlier key
                let held_by = stories.holding(*first).unwrap();
                prop_assert!(held_by == *key || (held_by < *key && stories.piece(*key).is_none()));
            }
            let first = |piece| stories.events(piece).next().map(|(position, _)| position);
            known = stories.pieces().filter_map(|(key, piece)| Some((key, first(piece)?))).collect();
        }
    }

    #[test]
    fn nothing_folds_but_the_health_checks_own_command(entries in stream()) {
        let stories = told(&entries);
        for (_, piece) in stories.pieces() {
            let What::Probes(probes) = &piece.what else {
                continue;
            };
            prop_assert_eq!(&probes.command, CHECK);
            for (_, entry) in stories.events(piece) {
                let Item::Event(event) = &entry.item else {
                    panic!("a gap among the probes");
                };
                prop_assert_eq!(&event.actor_id, &piece.subject.id);
                if let Some((_, command)) = event.action.split_once(": ") {
                    prop_assert_eq!(command, CHECK);
                } else {
                    prop_assert_eq!(event.action.as_str(), "exec_die");
                }
            }
        }
    }

    #[test]
    fn a_gap_is_a_piece_and_breaks_what_it_lies_in(entries in stream()) {
        let stories = told(&entries);
        let gaps: Vec<u64> = entries
            .iter()
            .filter(|entry| matches!(entry.item, Item::Gap(_)))
            .map(|entry| entry.seq)
            .collect();
        let mut shown = Vec::new();
        for (_, piece) in stories.pieces() {
            let seqs: Vec<u64> = stories.events(piece).map(|(position, _)| position.seq).collect();
            let (first, last) = (seqs[0], seqs[seqs.len() - 1]);
            if piece.what == What::Gap {
                shown.extend(seqs);
            } else if gaps.iter().any(|gap| first < *gap && *gap < last) {
                prop_assert!(piece.incomplete, "{:?}", piece);
            }
            let says = english::sentence(piece);
            prop_assert_eq!(
                says.is_none(),
                matches!(piece.what, What::Event | What::Gap)
            );
            prop_assert!(says.is_none_or(|said| !said.is_empty()));
        }
        prop_assert_eq!(shown, gaps);
    }

    #[test]
    fn real_streams_hold_all_of_it_too(lengths in batches(), start in 0..222_usize) {
        let entries = common::entries(include_str!("../../bridge/tests/captures/v28/events.ndjson"));
        let whole = pieces(&told(&entries));
        let mut in_batches = knowing();
        for batch in split(&entries, &lengths) {
            in_batches.append(1, batch.iter().cloned());
        }
        prop_assert_eq!(&pieces(&in_batches), &whole);
        let (past, present) = entries.split_at(start.min(entries.len()));
        let mut scrolled = knowing();
        scrolled.append(1, present.iter().cloned());
        for batch in split(past, &lengths).into_iter().rev() {
            scrolled.prepend(1, batch.iter().cloned());
        }
        prop_assert_eq!(&pieces(&scrolled), &whole);
    }
}
