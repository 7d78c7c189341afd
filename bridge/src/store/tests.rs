mod falls;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use protocol::{Entry, Event, Item};

use super::*;

const DAY_MILLIS: u64 = 24 * 3600 * 1000;
const NOW_MILLIS: u64 = 1_800_000_000_000;
const DAEMON: &str = "unix:///var/run/docker.sock";
const ALL: Bounds = Bounds {
    entries: usize::MAX,
    bytes: usize::MAX,
};

/// A folder for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("daemonscope-store-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn options(&self) -> Options {
        Options {
            folder: self.0.clone(),
            keep: Duration::from_secs(14 * 24 * 3600),
            max_bytes: 64 * 1024 * 1024,
        }
    }

    fn file(&self) -> PathBuf {
        self.0.join(FILE_NAME)
    }

    fn open(&self) -> Arc<Store> {
        Arc::new(Store::open(self.options(), DAEMON, NOW_MILLIS).unwrap())
    }

    fn refusal(&self, subject: &str) -> String {
        match Store::open(self.options(), subject, NOW_MILLIS) {
            Ok(_) => panic!("it opens"),
            Err(error) => error.to_string(),
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|one| one.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It may never have been made.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn entry_at(seq: u64, time_nano: i64) -> Entry {
    let event = Event {
        time_nano,
        kind: "container".to_owned(),
        action: "start".to_owned(),
        attributes: vec![("name".to_owned(), format!("web-{seq}"))],
        ..Event::default()
    };
    Entry {
        seq,
        item: Item::Event(event),
    }
}

fn entry(seq: u64) -> Entry {
    entry_at(seq, seq as i64)
}

fn entries(seqs: std::ops::Range<u64>) -> Arc<Vec<Entry>> {
    Arc::new(seqs.map(entry).collect())
}

fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn what_was_written_is_there_again_and_nobody_else_may_read_it() {
    let folder = Folder::new();
    let store = folder.open();
    assert_eq!((store.extent(), store.next()), (None, 1));
    assert!(store.append(entries(1..301), NOW_MILLIS).await);
    assert_eq!((mode(&folder.0), mode(&folder.file())), (0o700, 0o600));
    drop(store);

    let store = folder.open();
    assert_eq!(store.next(), 301);
    let expected = Extent {
        oldest: 1,
        next: 301,
    };
    assert_eq!(store.extent(), Some(expected));
    assert_eq!(store.tail(ALL), *entries(1..301));
    assert_eq!(store.figures().entries, 300);
    let few = Bounds { entries: 3, ..ALL };
    assert_eq!(seqs(&store.tail(few)), [298, 299, 300]);
    assert_eq!(seqs(&store.before(3, ALL).await), [1, 2]);
    assert_eq!(seqs(&store.from(299, ALL).await), [299, 300]);
    assert!(store.before(1, ALL).await.is_empty() && store.from(301, ALL).await.is_empty());
    let short = Bounds { bytes: 1, ..ALL };
    assert_eq!(seqs(&store.before(9, short).await), [8]);
}

#[tokio::test]
async fn a_page_of_the_past_ends_at_a_hole_and_the_next_one_goes_on_behind_it() {
    let folder = Folder::new();
    let store = folder.open();
    assert!(store.append(entries(1..4), NOW_MILLIS).await);
    assert!(store.append(entries(10..12), NOW_MILLIS).await);
    assert_eq!(seqs(&store.before(99, ALL).await), [10, 11]);
    assert_eq!(seqs(&store.before(10, ALL).await), [1, 2, 3]);
    assert_eq!(seqs(&store.from(3, ALL).await), [3, 10, 11]);
}

#[tokio::test]
async fn the_place_of_a_time_is_found_whatever_order_the_times_have() {
    let folder = Folder::new();
    let store = folder.open();
    assert_eq!(store.place_of(5).await, 1);
    let times = [10, 20, 15, 40, 30, 30, 50];
    let told = times
        .iter()
        .zip(1..)
        .map(|(&nano, seq)| entry_at(seq, nano));
    assert!(store.append(Arc::new(told.collect()), NOW_MILLIS).await);
    for (nano, expected) in [
        (i64::MIN, 1),
        (10, 1),
        (11, 2),
        (20, 2),
        (25, 4),
        (41, 7),
        (51, 8),
    ] {
        assert_eq!(store.place_of(nano).await, expected, "{nano}");
    }
    // the first of this time may be one of those that were let go
    let later = NOW_MILLIS + 15 * DAY_MILLIS;
    assert!(store.append(Arc::new(vec![entry_at(8, 60)]), later).await);
    assert_eq!(store.extent().unwrap().oldest, 8);
    for (nano, expected) in [(10, 1), (60, 1), (61, 9)] {
        assert_eq!(store.place_of(nano).await, expected, "{nano}");
    }
}

#[tokio::test]
async fn what_is_older_than_the_days_is_let_go() {
    let folder = Folder::new();
    let store = folder.open();
    assert!(store.append(entries(1..11), NOW_MILLIS).await);
    assert!(
        store
            .append(entries(11..21), NOW_MILLIS + 10 * DAY_MILLIS)
            .await
    );
    assert_eq!(store.figures().entries, 20);
    let later = NOW_MILLIS + 14 * DAY_MILLIS + 1;
    assert!(store.append(entries(21..22), later).await);
    assert_eq!(store.extent().unwrap().oldest, 11);
    assert_eq!(seqs(&store.before(12, ALL).await), [11]);
    drop(store);

    // the bridge was not there when their time came
    let much_later = NOW_MILLIS + 100 * DAY_MILLIS;
    let store = Store::open(folder.options(), DAEMON, much_later).unwrap();
    assert_eq!(store.figures().entries, 0);
    assert_eq!(store.next(), 22, "places are never given twice");
}

#[tokio::test]
async fn the_file_stays_within_its_size_in_a_flood() {
    let folder = Folder::new();
    let options = Options {
        max_bytes: 2 * 1024 * 1024,
        ..folder.options()
    };
    let store = Arc::new(Store::open(options.clone(), DAEMON, NOW_MILLIS).unwrap());
    let mut largest = 0;
    for batch in 0..100 {
        let batch = entries(1 + batch * 256..257 + batch * 256);
        assert!(store.append(batch, NOW_MILLIS).await);
        largest = largest.max(fs::metadata(folder.file()).unwrap().len());
    }
    let figures = store.figures();
    assert!(
        figures.entries > 4000 && figures.entries < 100 * 256,
        "{figures:?}"
    );
    assert!(largest <= options.max_bytes, "{largest}");
    assert_eq!(
        fs::metadata(folder.file()).unwrap().len(),
        figures.file_bytes
    );
    drop(store);

    // a lower bound holds for what is there
    let options = Options {
        max_bytes: 1024 * 1024,
        ..options
    };
    let store = Store::open(options.clone(), DAEMON, NOW_MILLIS).unwrap();
    let figures = store.figures();
    assert!(figures.file_bytes <= options.max_bytes, "{figures:?}");
    assert!(figures.entries > 2000, "{figures:?}");
    assert_eq!(store.next(), 1 + 100 * 256);
}

#[tokio::test]
async fn long_entries_stay_within_the_size_too() {
    let folder = Folder::new();
    let options = Options {
        max_bytes: 4 * 1024 * 1024,
        ..folder.options()
    };
    let store = Arc::new(Store::open(options.clone(), DAEMON, NOW_MILLIS).unwrap());
    for seq in 1..200 {
        let Item::Event(event) = entry(seq).item else {
            panic!("an event");
        };
        let long = Event {
            // a page of 64 kB is not even half used
            action: "x".repeat(33 * 1024),
            ..event
        };
        let item = Item::Event(long);
        let batch = Arc::new(vec![Entry { seq, item }]);
        assert!(store.append(batch, NOW_MILLIS).await);
        assert!(store.figures().file_bytes <= options.max_bytes, "{seq}");
    }
    assert!(store.figures().entries > 10, "{:?}", store.figures());
    assert_eq!(store.tail(ALL).last().unwrap().seq, 199);
}

#[tokio::test]
async fn a_clock_that_is_set_back_costs_no_entry_and_no_order() {
    let folder = Folder::new();
    let store = folder.open();
    let earlier = NOW_MILLIS - 30 * DAY_MILLIS;
    let before = |seq| entry_at(seq, 1_000_000 - i64::try_from(seq).unwrap());
    for (seq, now_millis) in [(1, NOW_MILLIS), (2, earlier), (3, earlier + 1)] {
        assert!(store.append(Arc::new(vec![before(seq)]), now_millis).await);
    }
    assert_eq!(seqs(&store.tail(ALL)), [1, 2, 3]);
    assert_eq!(store.place_of(999_998).await, 1, "the times fall");
    drop(store);
    let store = Store::open(folder.options(), DAEMON, earlier).unwrap();
    assert_eq!(seqs(&store.tail(ALL)), [1, 2, 3]);
    assert_eq!(store.next(), 4);
}

#[tokio::test]
async fn two_cannot_have_one_folder() {
    let folder = Folder::new();
    let store = folder.open();
    let said = folder.refusal(DAEMON);
    assert!(said.contains("another daemonscope uses"), "{said}");
    assert!(store.append(entries(1..2), NOW_MILLIS).await);
    drop(store);
    assert_eq!(folder.open().next(), 2);
}

#[tokio::test]
async fn the_past_of_another_daemon_is_refused() {
    let folder = Folder::new();
    drop(folder.open());
    let said = folder.refusal("tcp://10.0.0.1:2375");
    assert!(
        said.contains(DAEMON) && said.contains("tcp://10.0.0.1:2375"),
        "{said}"
    );
}

type Maker<'a> = &'a dyn Fn(&Path);

#[tokio::test]
async fn what_is_no_timeline_is_moved_aside_and_a_new_one_begins() {
    let other_database = |path: &Path| {
        let database = redb::Database::create(path).unwrap();
        let write = database.begin_write().unwrap();
        let table = redb::TableDefinition::<u64, u64>::new("numbers");
        write.open_table(table).unwrap().insert(1, 2).unwrap();
        write.commit().unwrap();
    };
    let damaged = |path: &Path| {
        let folder = path.parent().unwrap().to_owned();
        let options = Options {
            folder,
            keep: Duration::MAX,
            max_bytes: u64::MAX,
        };
        let store = Store::open(options, DAEMON, NOW_MILLIS).unwrap();
        assert!(store.write(&entries(1..2000), NOW_MILLIS));
        drop(store);
        let mut bytes = fs::read(path).unwrap();
        let length = bytes.len();
        for byte in &mut bytes[4096..length] {
            *byte ^= 0x5a;
        }
        fs::write(path, bytes).unwrap();
    };
    let cut_off = |path: &Path| {
        damaged(path);
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..5000]).unwrap();
    };
    let makers: [(&str, Maker); 5] = [
        ("text", &|path| {
            fs::write(path, "not a timeline\n".repeat(999)).unwrap();
        }),
        ("a short text", &|path| fs::write(path, "x").unwrap()),
        ("another database", &other_database),
        ("damaged pages", &damaged),
        ("cut off", &cut_off),
    ];
    for (what, make) in makers {
        let folder = Folder::new();
        fs::create_dir(&folder.0).unwrap();
        make(&folder.file());
        let content = fs::read(folder.file()).unwrap();
        let store = folder.open();
        assert_eq!(store.next(), 1, "{what}");
        assert!(store.append(entries(1..2), NOW_MILLIS).await, "{what}");
        let names = folder.names();
        assert_eq!(names.len(), 2, "{what}: {names:?}");
        assert_eq!(names[1], "timeline.redb.damaged");
        if what.contains("text") {
            assert_eq!(fs::read(folder.0.join(&names[1])).unwrap(), content);
        }

        // once: a disk that damages each is not to be filled with them
        drop(store);
        fs::write(folder.file(), "not a timeline").unwrap();
        let said = folder.refusal(DAEMON);
        assert!(said.contains("damaged") && said.contains("move both away"));
        assert_eq!(fs::read(folder.file()).unwrap(), b"not a timeline");
        if what.contains("text") {
            assert_eq!(fs::read(folder.0.join(&names[1])).unwrap(), content);
        }
    }
}

#[test]
fn what_a_newer_one_wrote_is_refused_and_left_alone() {
    let folder = Folder::new();
    drop(folder.open());
    let database = redb::Database::create(folder.file()).unwrap();
    let write = database.begin_write().unwrap();
    let numbers = redb::TableDefinition::<&str, u64>::new("numbers");
    write
        .open_table(numbers)
        .unwrap()
        .insert("format", 99)
        .unwrap();
    write.commit().unwrap();
    drop(database);
    let said = folder.refusal(DAEMON);
    assert!(
        said.contains("newer daemonscope") && said.contains("99"),
        "{said}"
    );
    assert_eq!(folder.names(), [FILE_NAME]);
}

#[tokio::test]
async fn one_that_is_refused_keeps_nothing_and_touches_nothing() {
    let folder = Folder::new();
    let store = Arc::new(Store::refused(folder.options(), DAEMON));
    assert!(!store.append(entries(1..5), NOW_MILLIS).await);
    assert_eq!((store.state(), store.extent()), (State::Refused, None));
    assert_eq!((store.next(), store.place_of(7).await), (1, 0));
    assert!(store.tail(ALL).is_empty() && !folder.0.exists());
}

#[test]
fn a_folder_that_cannot_be_written_to_costs_a_sentence() {
    let folder = Folder::new();
    fs::create_dir(&folder.0).unwrap();
    fs::write(folder.0.join("file"), "").unwrap();
    let options = Options {
        folder: folder.0.join("file").join("below"),
        ..folder.options()
    };
    let Err(error) = Store::open(options, DAEMON, NOW_MILLIS) else {
        panic!("it opens");
    };
    assert!(error.to_string().contains("--data-dir"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_taken_away_is_noticed_and_begun_anew() {
    let folder = Folder::new();
    let store = folder.open();
    assert!(store.append(entries(1..5), NOW_MILLIS).await);
    fs::remove_file(folder.file()).unwrap();
    assert!(!store.append(entries(5..7), NOW_MILLIS).await);
    assert_eq!((store.state(), store.extent()), (State::Failing, None));
    assert!(store.append(entries(5..7), NOW_MILLIS).await);
    assert_eq!(store.state(), State::Writing);
    assert_eq!(seqs(&store.tail(ALL)), [5, 6]);
}
