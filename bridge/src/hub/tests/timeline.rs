use protocol::{ClientMsg, Entry, EventsFrame, EventsWanted, Gap, GapReason, Item};

use super::{super::timeline::MAX_ENTRIES, *};

async fn next_events(page: &mut Page) -> EventsFrame {
    loop {
        if let ServerMsg::Events(frame) = page.next().await {
            return frame;
        }
    }
}

/// All entries up to the one at `last`; their places must have no holes.
async fn entries_up_to(page: &mut Page, last: u64) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    while entries.last().is_none_or(|entry| entry.seq < last) {
        let frame = next_events(page).await;
        assert_eq!(frame.before, None);
        entries.extend(frame.entries);
    }
    for pair in entries.windows(2) {
        assert_eq!(pair[0].seq + 1, pair[1].seq);
    }
    entries
}

async fn bench_with_events(count: i64) -> Bench {
    let bench = Bench::new();
    for time in 1..=count {
        bench.tell(event(time)).await;
    }
    bench.settle().await;
    bench
}

fn gap(entry: &Entry) -> Option<(u64, Gap)> {
    match &entry.item {
        Item::Gap(gap) => Some((entry.seq, gap.clone())),
        Item::Event(_) => None,
    }
}

#[tokio::test]
async fn a_viewer_gets_the_newest_and_then_all_that_come() {
    let bench = bench_with_events(10).await;
    let (mut page, snapshot) = bench.watching(events(3, None)).await;
    let frame = next_events(&mut page).await;
    assert_eq!(frame.epoch, snapshot.epoch);
    assert_eq!((frame.oldest.epoch, frame.oldest.seq), (snapshot.epoch, 1));
    assert_eq!(
        frame.entries.iter().map(|one| one.seq).collect::<Vec<_>>(),
        [8, 9, 10]
    );

    let told = Gap {
        from_nano: Some(10),
        to_nano: 11,
        reason: GapReason::RingOverrun,
    };
    bench.tell(Update::Gap(told.clone())).await;
    bench.tell(event(12)).await;
    let entries = entries_up_to(&mut page, 12).await;
    assert_eq!(gap(&entries[0]), Some((11, told)));

    // A new interest does not begin anew, and one without events ends them.
    page.look_at(events(3, None)).await;
    page.look_at(Interest::default()).await;
    bench.settle().await;
    bench.tell(event(13)).await;
    bench.settle().await;
    assert_eq!(page.waiting(), []);
}

#[tokio::test]
async fn a_viewer_that_comes_back_gets_what_followed() {
    let bench = bench_with_events(600).await;
    let (_, snapshot) = bench.watching(Interest::default()).await;
    let epoch = snapshot.epoch;
    for (after, recent, expected) in [
        (Some(Position { epoch, seq: 590 }), 3, 591),
        (Some(Position { epoch, seq: 20 }), 3, 21),
        (
            Some(Position {
                epoch: epoch - 1,
                seq: 590,
            }),
            3,
            598,
        ),
        (Some(Position { epoch, seq: 601 }), 3, 598),
        (None, 1000, 1),
    ] {
        let (mut page, _) = bench.watching(events(recent, after)).await;
        let entries = entries_up_to(&mut page, 600).await;
        assert_eq!(entries[0].seq, expected, "{after:?}");
        assert_eq!(gap(&entries[0]), None);
    }
    let up_to_date = Some(Position { epoch, seq: 600 });
    let (mut page, _) = bench.watching(events(3, up_to_date)).await;
    bench.tell(event(601)).await;
    assert_eq!(next_events(&mut page).await.entries[0].seq, 601);
}

#[tokio::test]
async fn a_viewer_that_was_away_for_longer_than_the_ring_is_told_so() {
    let bench = bench_with_events(MAX_ENTRIES as i64 + 50).await;
    let (_, snapshot) = bench.watching(Interest::default()).await;
    let after = Position {
        epoch: snapshot.epoch,
        seq: 5,
    };
    let (mut page, _) = bench.watching(events(3, Some(after))).await;
    let entries = entries_up_to(&mut page, MAX_ENTRIES as u64 + 50).await;
    let expected = Gap {
        from_nano: None,
        to_nano: 51,
        reason: GapReason::ViewerTooSlow,
    };
    assert_eq!(gap(&entries[0]), Some((50, expected)));
    assert_eq!(entries.len(), MAX_ENTRIES + 1);
}

#[tokio::test]
async fn a_slow_viewer_misses_no_entry_that_the_ring_still_has() {
    let bench = Bench::new();
    let (mut slow, _) = bench.watching(events(0, None)).await;
    let (mut quick, _) = bench.watching(events(0, None)).await;
    for time in 1..=5000 {
        bench.tell(event(time)).await;
        if time % 50 == 0 {
            entries_up_to(&mut quick, time as u64).await;
        }
    }
    let entries = entries_up_to(&mut slow, 5000).await;
    assert_eq!(entries.len(), 5000);
    assert!(entries.iter().all(|entry| gap(entry).is_none()));
}

#[tokio::test]
async fn a_viewer_slower_than_the_ring_is_told_what_it_lost() {
    let bench = Bench::new();
    let (mut slow, _) = bench.watching(events(0, None)).await;
    let count = MAX_ENTRIES as i64 * 2;
    for time in 1..=count {
        bench.tell(event(time)).await;
    }
    bench.settle().await;
    let mut entries = Vec::new();
    while entries
        .last()
        .is_none_or(|entry: &Entry| entry.seq < count as u64)
    {
        entries.extend(next_events(&mut slow).await.entries);
    }
    let (index, (seq, lost)) = entries
        .iter()
        .enumerate()
        .find_map(|(index, entry)| gap(entry).map(|gap| (index, gap)))
        .unwrap();
    assert_eq!(
        entries.iter().filter(|entry| gap(entry).is_some()).count(),
        1
    );
    assert_eq!(lost.reason, GapReason::ViewerTooSlow);
    assert_eq!(lost.from_nano, Some(index as i64), "the last one it got");
    assert_eq!(
        lost.to_nano,
        MAX_ENTRIES as i64 + 1,
        "the first one there is"
    );
    assert_eq!(seq, MAX_ENTRIES as u64);
    assert_eq!(entries.len() - index - 1, MAX_ENTRIES);
}

#[tokio::test]
async fn older_entries_are_given_on_request() {
    let bench = bench_with_events(10).await;
    let (mut page, _) = bench.watching(events(2, None)).await;
    assert_eq!(next_events(&mut page).await.entries[0].seq, 9);
    page.say(ClientMsg::EventsBefore { seq: 9, limit: 3 }).await;
    let frame = next_events(&mut page).await;
    assert_eq!(frame.before, Some(9));
    assert_eq!(
        frame.entries.iter().map(|one| one.seq).collect::<Vec<_>>(),
        [6, 7, 8]
    );
    page.say(ClientMsg::EventsBefore { seq: 1, limit: 3 }).await;
    let frame = next_events(&mut page).await;
    assert!(frame.before == Some(1) && frame.entries.is_empty());
    assert_eq!(frame.oldest.seq, 1);
}

#[tokio::test]
async fn events_wanted_again_resume_where_the_viewer_says() {
    let bench = bench_with_events(10).await;
    let (mut page, snapshot) = bench.watching(events(2, None)).await;
    entries_up_to(&mut page, 10).await;
    page.look_at(Interest {
        events: EventsWanted::None,
        ..Interest::default()
    })
    .await;
    bench.settle().await;
    for time in 11..=14 {
        bench.tell(event(time)).await;
    }
    bench.settle().await;
    let after = Position {
        epoch: snapshot.epoch,
        seq: 10,
    };
    page.look_at(events(2, Some(after))).await;
    assert_eq!(entries_up_to(&mut page, 14).await[0].seq, 11);
}

#[tokio::test]
async fn a_reader_gets_all_at_its_own_pace_and_is_told_what_the_ring_lost() {
    let bench = bench_with_events(300).await;
    let mut reader = bench.hub.read();
    let first = reader.next().await.unwrap().entries;
    assert_eq!(first[0].seq, 1);
    let second = reader.next().await.unwrap().entries;
    assert_eq!(second[0].seq, first.last().unwrap().seq + 1);
    assert_eq!(second.last().unwrap().seq, 300);
    assert_eq!(reader.next().await.unwrap().entries, []);

    let lost = 5;
    let last = 300 + MAX_ENTRIES as i64 + lost;
    for time in 301..=last {
        bench.tell(event(time)).await;
    }
    bench.settle().await;
    reader.wait().await.unwrap();
    let mut entries = reader.next().await.unwrap().entries;
    let told = Gap {
        from_nano: Some(300),
        to_nano: 300 + lost + 1,
        reason: GapReason::ViewerTooSlow,
    };
    assert_eq!(gap(&entries[0]), Some((300 + lost as u64, told)));
    loop {
        let run = reader.next().await.unwrap().entries;
        if run.is_empty() {
            break;
        }
        entries.extend(run);
    }
    let places: Vec<u64> = entries[1..].iter().map(|entry| entry.seq).collect();
    assert_eq!(
        places,
        (301 + lost as u64..=last as u64).collect::<Vec<_>>()
    );
    assert_eq!(
        *bench.demand.borrow(),
        Demand::default(),
        "what is read is of the past, so nothing is asked for"
    );

    // one who begins now learns that there was more
    let entries = bench.hub.read().next().await.unwrap().entries;
    let (_, first) = gap(&entries[0]).unwrap();
    assert_eq!(first.from_nano, None);
}
