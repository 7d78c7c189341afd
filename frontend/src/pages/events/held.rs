use std::{ops::Range, sync::Arc};

use leptos::prelude::*;
use model::{
    Entry, Position,
    events::{EventList, Open, ProbeSum, StoryLine, StoryList, Told, Wanted, told},
};
use timeline::{Filter, FilterError, story};

use super::Asked;
use crate::{
    browser::{
        pace::{Pace, Pause},
        readers::{kept, shed},
    },
    live::effect,
    state::{Moment, PIECE, Run, Timeline},
};

/// The lists as they stand, outside the signals, and what is known about them.
#[derive(Clone, Copy)]
pub struct Held {
    lists: StoredValue<Lists>,
    timeline: Timeline,
    /// What is asked for ended before the newest entries of the page begin.
    pub in_past: Memo<bool>,
    /// Where the page went on from when it was full. It counts as long as it is what is asked for.
    went_on: RwSignal<Option<Moment>>,
    /// Counts changes of the lists.
    pub revision: ReadSignal<u32>,
    /// The same, of many in a row only some.
    seldom: ReadSignal<u32>,
    /// The newest entry that is shown while the lists are held.
    held_at: RwSignal<Option<u64>>,
    open: RwSignal<Open>,
    /// Each event by itself, instead of stories.
    pub raw: Memo<bool>,
    /// What is shown; the last filter that was one.
    pub wanted: Memo<Wanted>,
    /// Why what was typed is no filter.
    pub error: Memo<Option<FilterError>>,
}

#[derive(Default)]
struct Lists {
    /// What passes the filter, whenever it was.
    any_time: EventList,
    raw: EventList,
    stories: StoryList,
    /// The stories as they were told when the list was held; the past is added to them.
    as_held: Option<story::Stories>,
    /// Of what they were made.
    of: (u64, bool),
    /// How many stories wait while the list is held.
    waiting: usize,
}

impl Held {
    pub fn new(asked: RwSignal<Asked>) -> Self {
        let timeline = Timeline::expect();
        let (revision, set_revision) = signal(0u32);
        let (seldom, set_seldom) = signal(0u32);
        let read = Memo::new(move |_| asked.read().filter.parse::<Filter>());
        let wanted = Memo::new(move |before: Option<&Wanted>| Wanted {
            filter: match &*read.read() {
                Ok(filter) => filter.clone(),
                Err(_) => before
                    .map(|before| before.filter.clone())
                    .unwrap_or_default(),
            },
            since_millis: asked.read().since_millis,
            until_millis: asked.read().until_millis,
        });
        let went_on = kept(RwSignal::new(None::<Moment>));
        let before = Memo::new(move |_| {
            let until = wanted.read().until_millis;
            went_on
                .get()
                .filter(|moment| Some(moment.until_millis) == until)
                .and_then(|moment| moment.before)
        });
        let in_past = Memo::new(move |_| {
            let until = wanted.read().until_millis;
            match (until, timeline.live.first_millis.get()) {
                // what a place stands for begins in the same millisecond, or later where the clock was set back
                (Some(until), Some(first)) => until <= first + 1 || before.get().is_some(),
                _ => false,
            }
        });
        let held = Self {
            lists: StoredValue::new(Lists::default()),
            timeline,
            in_past,
            went_on,
            revision: kept(revision),
            seldom: kept(seldom),
            held_at: kept(RwSignal::new(None)),
            open: kept(RwSignal::new(Open::default())),
            raw: Memo::new(move |_| asked.read().raw),
            wanted,
            error: Memo::new(move |_| read.read().as_ref().err().cloned()),
        };
        effect(move || {
            let until = wanted.read().until_millis;
            let until = until.filter(|_| in_past.get());
            timeline.look_at(until.map(|until_millis| Moment {
                until_millis,
                before: before.get(),
            }));
        });
        timeline.live.read_along(true);
        on_cleanup(move || {
            timeline.live.read_along(false);
            timeline.look_at(None);
        });
        effect(move || {
            timeline.live.revision.track();
            held.run().revision.track();
            held.look();
            set_revision.update(|revision| *revision = revision.wrapping_add(1));
            shed(&revision);
        });
        let pace = Pace::new(Pause::Glance);
        effect(move || {
            held.revision.track();
            pace.ask(move || {
                set_seldom.try_update(|seldom| *seldom = seldom.wrapping_add(1));
                shed(&seldom);
            });
        });
        held
    }

    /// The entries that are looked at.
    fn run(self) -> Run {
        if self.in_past.get() {
            self.timeline.past
        } else {
            self.timeline.live
        }
    }

    /// Makes the lists follow what is known and asked for.
    fn look(self) {
        let (wanted, open, raw) = (self.wanted.get(), self.open.get(), self.raw.get());
        let run = self.run();
        let epoch = run.epoch();
        self.lists.update_value(|lists| {
            let of = (epoch, self.in_past.get());
            if lists.of != of {
                // what is held is void for another run of the bridge, and the past stands still by itself
                lists.of = of;
                lists.as_held = None;
                lists.raw = EventList::default();
                self.held_at.set(None);
            }
            lists.any_time.ask(Wanted {
                filter: wanted.filter.clone(),
                ..Wanted::default()
            });
            lists.raw.ask(wanted.clone());
            self.timeline.live.with(|entries| {
                lists.any_time.follow(epoch, entries);
            });
            run.with(|entries| {
                lists.raw.follow(epoch, entries);
                if let (Some(stories), Some(first)) = (&mut lists.as_held, entries.front()) {
                    let known = stories.first().map_or(u64::MAX, |known| known.seq);
                    if first.seq < known {
                        let older = entries.iter().take_while(|entry| entry.seq < known);
                        stories.prepend(epoch, older.cloned());
                    }
                }
            });
            if raw {
                return;
            }
            run.with_stories(|live| {
                lists.waiting = 0;
                let shown = lists.as_held.as_ref().unwrap_or(live);
                lists.stories.look(shown, &wanted, &open);
                if let Some(held_at) = self.held_at.get() {
                    let mut fresh = StoryList::default();
                    fresh.look(live, &wanted, &Open::default());
                    lists.waiting = fresh.newer_than(live, held_at);
                }
            });
        });
    }

    /// Looks at the raw list as of now, and again when it changes.
    pub fn with<R>(self, look: impl FnOnce(&EventList) -> R) -> R {
        self.revision.track();
        self.lists.with_value(|lists| look(&lists.raw))
    }

    /// What passes the filter whenever it was, to be taken in at a glance: of many changes in a row some are passed over.
    pub fn with_any_time<R>(self, look: impl FnOnce(&EventList) -> R) -> R {
        self.seldom.track();
        self.lists.with_value(|lists| look(&lists.any_time))
    }

    /// Looks at the list of stories and what it tells of.
    pub fn with_stories<R>(self, look: impl FnOnce(&StoryList, &story::Stories) -> R) -> R {
        self.revision.track();
        // not a reader of what it goes by: each row looks, rows come and go, and every look of the lists is a revision
        let run = untrack(|| self.run());
        self.lists.with_value(|lists| {
            run.with_stories(|live| look(&lists.stories, lists.as_held.as_ref().unwrap_or(live)))
        })
    }

    /// Whether older entries, of which some may be asked for, can be had now.
    pub fn can_look_back(self) -> bool {
        let run = self.run();
        run.has_older.get() && !run.awaits_older.get() && self.begins_before(run)
    }

    pub fn look_back(self) {
        self.run().request_older(PIECE);
    }

    /// Whether the list may get longer without anything happening.
    pub fn looks_back(self) -> bool {
        let run = self.run();
        run.awaits_older.get() || (run.has_older.get() && self.begins_before(run))
    }

    /// Where the page holds as much as it may, and there is more of what is asked for: the time of what is before that.
    pub fn goes_on_before(self) -> Option<u64> {
        let run = self.run();
        if !run.is_full.get() || !self.begins_before(run) {
            return None;
        }
        let until = self.wanted.read().until_millis;
        // where the clock was set back, what is before is of later times as well, of which none is to be missed
        let newest = run.first_millis.get().max(run.newest_before.get())?;
        Some(until.map_or(newest, |until| until.min(newest)))
    }

    /// Looks at what is before all that is here: gives the time to ask for, to the end of its millisecond.
    pub fn go_on(self) -> Option<u64> {
        let newest = self.goes_on_before()?;
        let until = self.wanted.read_untracked().until_millis;
        let until_millis = until.map_or(newest + 1, |until| until.min(newest + 1));
        self.went_on.set(Some(Moment {
            until_millis,
            before: self.run().first(),
        }));
        Some(until_millis)
    }

    /// Whether what is asked for may begin before the entries here.
    fn begins_before(self, run: Run) -> bool {
        run.goes_back_to(self.wanted.read().since_millis)
    }

    /// How many lines are shown.
    pub fn count(self) -> usize {
        if self.raw.get() {
            let held_at = self.held_at.get();
            self.with(|list| list.count(held_at))
        } else {
            self.with_stories(|list, _| list.count())
        }
    }

    pub fn story_lines(self, range: Range<usize>) -> Vec<StoryLine> {
        self.with_stories(|list, stories| list.lines(stories, range))
    }

    pub fn probes(self) -> ProbeSum {
        self.with_stories(|list, _| list.probes())
    }

    /// The story that begins with an event.
    pub fn told(self, first: Position) -> Option<Told> {
        self.with_stories(|_, stories| told(stories, stories.piece(stories.holding(first)?)?))
    }

    pub fn shows_probes(self) -> bool {
        self.open.read().probes
    }

    pub fn toggle_probes(self) {
        self.open.update(|open| open.probes = !open.probes);
    }

    pub fn is_open(self, first: Position) -> bool {
        let open = self.open.read();
        self.with_stories(|_, stories| {
            let key = stories.holding(first);
            open.pieces
                .iter()
                .any(|position| stories.holding(*position) == key)
        })
    }

    /// Opens a story into its events, or closes it.
    pub fn toggle_story(self, first: Position) {
        let change = self.with_stories(|_, stories| {
            let key = stories.holding(first)?;
            let (newest, _) = stories.events(stories.piece(key)?).next_back()?;
            let mut open = self.open.get_untracked();
            let before = open.pieces.len();
            open.pieces
                .retain(|position| stories.holding(*position) != Some(key));
            if open.pieces.len() == before {
                open.pieces.push(newest);
            }
            Some(open)
        });
        if let Some(open) = change {
            self.open.set(open);
        }
    }

    /// The raw events that are shown, oldest first.
    pub fn shown_entries(self) -> Vec<Arc<Entry>> {
        let held_at = self.held_at.get_untracked();
        self.lists.with_value(|lists| {
            let count = lists.raw.count(held_at);
            lists.raw.entries().take(count).cloned().collect()
        })
    }

    pub fn is_held(self) -> bool {
        self.held_at.read().is_some()
    }

    /// How many lines wait while it is held.
    pub fn waiting(self) -> usize {
        let held_at = self.held_at.get();
        if self.raw.get() {
            self.with(|list| held_at.map_or(0, |seq| list.newer_than(seq)))
        } else {
            self.revision.track();
            self.lists.with_value(|lists| lists.waiting)
        }
    }

    /// Holds the lists where they are, or lets them run on.
    pub fn toggle(self) {
        if self.held_at.get_untracked().is_some() {
            self.lists.update_value(|lists| lists.as_held = None);
            self.held_at.set(None);
        } else {
            self.lists.update_value(|lists| {
                lists.as_held = Some(self.timeline.live.with_stories(story::Stories::standing));
            });
            self.held_at
                .set(self.timeline.live.last().map(|last| last.seq).or(Some(0)));
        }
    }
}
