//! Where the stream breaks, where it is of another run, and where a filter is set.

mod common;

use std::sync::Arc;

use daemonscope_timeline::{
    Filter,
    story::{Piece, Stories},
};
use protocol::{Entry, Gap, GapReason, Item};

use common::told;

const RESTART: &str = include_str!("stories/restart.ndjson");

fn with_gap_after(lines: &str, seq: u64) -> Vec<Arc<Entry>> {
    let mut entries = Vec::new();
    for entry in common::entries(lines) {
        let Item::Event(event) = &entry.item else {
            continue;
        };
        let nano = event.time_nano;
        let is_last = entry.seq == seq;
        entries.push(Item::Event(event.clone()));
        if is_last {
            entries.push(Item::Gap(Gap {
                from_nano: Some(nano),
                to_nano: nano + 1,
                reason: GapReason::RingOverrun,
            }));
        }
    }
    entries
        .into_iter()
        .zip(1..)
        .map(|(item, seq)| Arc::new(Entry { seq, item }))
        .collect()
}

#[test]
fn a_story_with_a_gap_inside_says_so() {
    let mut stories = Stories::new(100);
    stories.append(1, with_gap_after(RESTART, 2));
    assert_eq!(
        told(&stories),
        [
            (
                "container web: incomplete (events lost): restarted, exit 143, took 0.9 s"
                    .to_owned(),
                7
            ),
            (": a gap".to_owned(), 1),
        ]
    );
    // what was under way may have ended within the gap
    let mut cut = Stories::new(100);
    cut.append(1, with_gap_after(RESTART, 1).into_iter().take(2));
    assert!(
        cut.pieces()
            .next()
            .is_some_and(|(_, piece)| piece.incomplete)
    );
    // what had come to its end has not
    let mut whole = Stories::new(100);
    whole.append(1, with_gap_after(RESTART, 7));
    assert!(whole.pieces().all(|(_, piece)| !piece.incomplete));
}

#[test]
fn a_filter_shows_stories_whole_and_gaps_always() {
    let mut stories = Stories::new(100);
    stories.append(1, with_gap_after(RESTART, 7));
    let passed = |line: &str| -> Vec<usize> {
        let filter: Filter = line.parse().expect("a filter");
        let pieces = stories.pieces().map(|(_, piece)| piece);
        pieces
            .filter(|piece| stories.passes(piece, &filter))
            .map(Piece::count)
            .collect()
    };
    assert_eq!(passed(""), [7, 1]);
    assert_eq!(passed("event=die"), [7, 1]);
    assert_eq!(passed("event=oom"), [1]);
}

/// Another run of the bridge numbers its entries anew.
#[test]
fn the_past_may_be_of_another_run() {
    let crash_loop = include_str!("stories/crash-loop.ndjson");
    let entries = common::entries(crash_loop);
    let mut whole = Stories::new(100);
    whole.append(1, entries.iter().cloned());
    let (past, present) = entries.split_at(9);
    let anew = |entries: &[Arc<Entry>]| -> Vec<Arc<Entry>> {
        let items = entries.iter().map(|entry| entry.item.clone()).zip(1..);
        items
            .map(|(item, seq)| Arc::new(Entry { seq, item }))
            .collect()
    };
    let mut scrolled = Stories::new(100);
    scrolled.append(2, anew(present));
    scrolled.prepend(1, anew(past));
    let pieces: Vec<&Piece> = scrolled.pieces().map(|(_, piece)| piece).collect();
    assert_eq!(
        pieces,
        whole.pieces().map(|(_, piece)| piece).collect::<Vec<_>>()
    );
    let epochs: Vec<u64> = scrolled
        .events(pieces[0])
        .map(|(position, _)| position.epoch)
        .collect();
    assert_eq!(epochs, [[1; 9], [2; 9]].concat());
}
