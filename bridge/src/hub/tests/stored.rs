//! What is no longer in memory and is read from the disk.

use std::path::PathBuf;

use protocol::{ClientMsg, Entry, EventsFrame, Gap, GapReason, Item, Refusal};

use super::{
    super::{Past, timeline::MAX_ENTRIES, viewer},
    *,
};
use crate::store::{Options, Store};

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A hub that begins after so many stored entries, none of which is in memory.
async fn bench_after(name: &str, stored: u64) -> (Bench, Folder) {
    bench_after_times(name, 1..=i64::try_from(stored).unwrap()).await
}

/// The same, of these times in nanoseconds.
async fn bench_after_times(name: &str, times: impl IntoIterator<Item = i64>) -> (Bench, Folder) {
    let name = format!("daemonscope-hub-{}-{name}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(name));
    let options = Options {
        folder: folder.0.clone(),
        keep: Duration::from_secs(3600),
        max_bytes: 16 * 1024 * 1024,
    };
    let store = Arc::new(Store::open(options, "unix:///test.sock", START_MILLIS).unwrap());
    let entries = (1..).zip(times).map(|(seq, time_nano)| {
        let Update::Event(event) = event(time_nano) else {
            panic!("an event");
        };
        let item = Item::Event(event);
        Entry { seq, item }
    });
    assert!(
        store
            .append(Arc::new(entries.collect()), START_MILLIS)
            .await
    );
    let past = Past {
        newest_nano: store.newest_before(store.next()).await,
        store,
        tail: Vec::new(),
    };
    (Bench::after(Some(past)), folder)
}

async fn next_past(page: &mut Page) -> EventsFrame {
    loop {
        match page.next().await {
            ServerMsg::Events(frame) if frame.before.is_some() => return frame,
            ServerMsg::Events(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_neither_ring_nor_disk_has_is_told_where_a_viewer_goes_back_to_it() {
    let (bench, _folder) = bench_after("lost", 100).await;
    let count = MAX_ENTRIES as i64 + 50;
    for time in 101..101 + count {
        bench.tell(event(time)).await;
    }
    bench.settle().await;
    let (mut page, _) = bench.watching(Interest::default()).await;
    let ask = |seq| ClientMsg::EventsBefore { seq, limit: 10 };
    page.say(ask(151)).await;
    let frame = next_past(&mut page).await;
    let seqs: Vec<u64> = frame.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs[..10], (91..101).collect::<Vec<_>>());
    let lost = Gap {
        from_nano: Some(100),
        to_nano: 151,
        reason: GapReason::NotStored,
    };
    assert_eq!((seqs[10], &frame.entries[10].item), (150, &Item::Gap(lost)));
    assert_eq!((seqs.len(), frame.oldest.seq), (11, 1));
    // where nothing is lost nothing is said
    page.say(ask(91)).await;
    let frame = next_past(&mut page).await;
    assert_eq!((frame.entries.len(), frame.entries[9].seq), (10, 90));
    page.say(ask(1)).await;
    assert!(next_past(&mut page).await.entries.is_empty());
}

/// What there was at a moment, by places.
async fn seqs_until(page: &mut Page, until_millis: u64) -> Vec<u64> {
    page.say(ClientMsg::EventsUntil {
        until_millis,
        limit: 3,
    })
    .await;
    loop {
        match page.next().await {
            ServerMsg::EventsUntil(frame) => {
                assert_eq!(frame.until_millis, until_millis);
                assert_eq!(frame.events.oldest.seq, 1);
                return frame.events.entries.iter().map(|one| one.seq).collect();
            }
            ServerMsg::Events(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_there_was_at_a_time_is_found_in_the_ring_and_on_the_disk() {
    let (bench, _folder) = bench_after("until", 100).await;
    // on the disk are those of the nanoseconds 1 to 100: all in one millisecond
    for millis in 1..=50 {
        bench.tell(event(millis * 1_000_000)).await;
    }
    bench.settle().await;
    let (mut page, _) = bench.watching(Interest::default()).await;
    for (until, expected) in [
        (0, [98, 99, 100].as_slice()),
        // and the one after
        (1, &[101, 102]),
        (2, &[101, 102, 103]),
        (7, &[106, 107, 108]),
        (50, &[148, 149, 150]),
        (u64::MAX, &[148, 149, 150]),
    ] {
        assert_eq!(seqs_until(&mut page, until).await, expected, "{until}");
    }
}

#[tokio::test]
async fn what_there_was_at_a_time_is_found_behind_what_is_later_where_the_clock_was_set_back() {
    let seconds = |seconds: i64| seconds * 1_000_000_000;
    let stored = [10, 50, 90, 20, 60, 95].map(seconds);
    let (bench, _folder) = bench_after_times("set-back", stored).await;
    for at in [100, 200, 120, 130].map(seconds) {
        bench.tell(event(at)).await;
    }
    bench.settle().await;
    let (mut page, _) = bench.watching(Interest::default()).await;
    for (until, expected) in [
        (15, [1, 2].as_slice()),
        (20, &[3, 4, 5]),
        (55, &[3, 4, 5]),
        (60, &[4, 5, 6]),
        (100, &[7, 8]),
        (125, &[8, 9, 10]),
        (150, &[8, 9, 10]),
    ] {
        let found = seqs_until(&mut page, until * 1000).await;
        assert_eq!(found, expected, "{until}");
    }
    let reader = bench.hub.read();
    for (at, last) in [(9, 0), (15, 1), (55, 4), (99, 6), (125, 9), (500, 10)] {
        let until = reader.until(seconds(at)).await.unwrap();
        assert_eq!((until.last, until.newest), (last, 10), "{at}");
        assert_eq!(until.earliest_nano, Some(seconds(10)));
    }

    // that what is before is later is told, as a viewer cannot see it
    for (before, newest) in [
        (2, None),
        (3, Some(10)),
        (5, Some(90)),
        (6, Some(90)),
        (7, Some(90)),
        (8, Some(95)),
        (9, Some(100)),
        (11, Some(200)),
    ] {
        page.say(ClientMsg::EventsBefore {
            seq: before,
            limit: 1,
        })
        .await;
        let told = next_past(&mut page).await.newest_before_millis;
        assert_eq!(told, newest.map(|at: u64| at * 1000), "{before}");
    }
}

#[tokio::test]
async fn what_is_lost_is_told_where_a_viewer_looks_at_that_time() {
    let (bench, _folder) = bench_after("until-lost", 100).await;
    let count = MAX_ENTRIES as i64 + 50;
    for number in 1..=count {
        bench.tell(event(number * 1_000_000)).await;
    }
    bench.settle().await;
    let (mut page, _) = bench.watching(Interest::default()).await;
    // the first 50 are neither in the ring nor on the disk
    assert_eq!(seqs_until(&mut page, 20).await, [98, 99, 100, 150]);
    assert_eq!(seqs_until(&mut page, 52).await, [151, 152, 153]);
}

#[tokio::test]
async fn a_viewer_that_takes_nothing_has_few_readings_waiting() {
    let (bench, _folder) = bench_after("slow", 300).await;
    let (mut page, _) = bench.watching(Interest::default()).await;
    let ask = ClientMsg::EventsBefore { seq: 301, limit: 5 };
    for waiting in 1..=viewer::OUTBOX {
        page.say(ask.clone()).await;
        while page.0.frames.len() < waiting {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let more = viewer::MAX_READS + 10;
    for _ in 0..more {
        page.say(ask.clone()).await;
        bench.settle().await;
        // time enough for a reading
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (mut read, mut refused) = (0, 0);
    while read + refused < viewer::OUTBOX + more {
        match page.next().await {
            ServerMsg::Events(frame) => {
                assert_eq!(frame.entries.len(), 5);
                read += 1;
            }
            ServerMsg::Refused(Refusal::TooMuch { .. }) => refused += 1,
            _ => {}
        }
    }
    assert_eq!((read, refused), (viewer::OUTBOX + viewer::MAX_READS, 10));
    // and afterwards it is as any other
    page.say(ask).await;
    assert_eq!(next_past(&mut page).await.entries.len(), 5);
}
