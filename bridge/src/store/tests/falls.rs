//! What there was at a time, though the daemon's clock was set back.

use redb::{Database, TableDefinition};

use super::*;

const SECOND: i64 = 1_000_000_000;

/// Entries a second or so apart, a little out of order, told by a clock that is set back or forth now and then.
fn troubled(seqs: std::ops::Range<u64>) -> Vec<Entry> {
    let mut random = 42_u64;
    let mut up_to = move |most: i64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 33) as i64 % most
    };
    let mut clock = 1_800_000_000 * SECOND;
    let mut entries = Vec::new();
    for seq in seqs {
        clock += up_to(2 * SECOND);
        if up_to(150) == 0 {
            clock += up_to(4000 * SECOND) - 3000 * SECOND;
        }
        entries.push(entry_at(seq, clock - up_to(3) * up_to(4 * SECOND)));
    }
    entries
}

fn time(entry: &Entry) -> i64 {
    nano(&entry.item)
}

/// Every time that makes a difference, and some.
fn times(entries: &[Entry]) -> Vec<i64> {
    let around = entries.iter().step_by(7).map(time);
    let mut times: Vec<i64> = around
        .flat_map(|at| [at - 1, at, at + 20 * SECOND])
        .collect();
    times.extend([i64::MIN, 0, i64::MAX]);
    times
}

async fn check(store: &Arc<Store>, entries: &[Entry]) {
    for at in times(entries) {
        let last = entries.iter().rfind(|entry| time(entry) <= at);
        let last = last.map(|entry| entry.seq);
        assert_eq!(store.last_until(at).await, last, "{at}");
        let page = store.until(at, Bounds { entries: 3, ..ALL }).await;
        if let Some(last) = last {
            assert!(page.iter().any(|entry| entry.seq == last), "{at}");
        }
        let from = store.place_of(at).await;
        let passed = entries.iter().take_while(|entry| entry.seq < from);
        assert!(passed.map(time).all(|time| time < at), "{at}");
    }
    let earliest = entries.iter().map(time).min().unwrap();
    let told = store.earliest_nano().await.unwrap();
    assert!((earliest..=earliest + 10 * SECOND).contains(&told));
    for entry in entries.iter().skip(1).step_by(31) {
        let before = entries.iter().filter(|one| one.seq < entry.seq);
        let newest = store.newest_before(entry.seq).await;
        // those that were let go count too
        assert!(newest >= before.map(time).max(), "{}", entry.seq);
    }
}

#[tokio::test]
async fn a_time_is_found_on_the_disk_however_often_the_clock_was_set_back() {
    let folder = Folder::new();
    let entries = troubled(1..2001);
    let falls = entries
        .windows(2)
        .filter(|pair| time(&pair[1]) + 10 * SECOND < time(&pair[0]));
    assert!(falls.count() > 5, "it is troubled");
    let store = folder.open();
    assert_eq!(store.last_until(i64::MAX).await, None);
    assert_eq!(store.newest_before(9).await, None);
    for (number, batch) in entries.chunks(170).enumerate() {
        let now_millis = NOW_MILLIS + number as u64 * DAY_MILLIS;
        assert!(store.append(Arc::new(batch.to_vec()), now_millis).await);
        if number == 5 {
            // an earlier try came further than it seemed
            assert!(store.append(Arc::new(batch.to_vec()), now_millis).await);
        }
    }
    check(&store, &entries).await;
    drop(store);

    // most of it is let go
    let store = Store::open(folder.options(), DAEMON, NOW_MILLIS + 22 * DAY_MILLIS).unwrap();
    let store = Arc::new(store);
    let left = store.before(u64::MAX, ALL).await;
    assert!((300..1000).contains(&left.len()), "{}", left.len());
    check(&store, &left).await;
}

#[tokio::test]
async fn falls_are_found_in_what_an_earlier_version_wrote() {
    let folder = Folder::new();
    let entries = troubled(1..1001);
    let store = folder.open();
    assert!(store.append(Arc::new(entries.clone()), NOW_MILLIS).await);
    drop(store);
    let database = Database::open(folder.file()).unwrap();
    let write = database.begin_write().unwrap();
    let falls = TableDefinition::<u64, ()>::new("falls");
    assert!(write.delete_table(falls).unwrap());
    let numbers = TableDefinition::<&str, u64>::new("numbers");
    for key in ["falls-next", "falls-newest"] {
        assert!(
            write
                .open_table(numbers)
                .unwrap()
                .remove(key)
                .unwrap()
                .is_some()
        );
    }
    write.commit().unwrap();
    drop(database);

    let file = File::open(&folder.0, DAEMON).unwrap();
    let found = file.last_until(i64::MAX).unwrap();
    assert_eq!(found, Some(1000), "though nothing was written yet");
    drop(file);
    check(&folder.open(), &entries).await;
}
