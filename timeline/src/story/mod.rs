//! The daemon's events told as people mean them.
//!
//! [`Stories`] takes the entries of the timeline and gives [`Piece`]s: a story, the probes of one container, a plain
//! event, a gap. A story is what one command or one mishap did: `kill`, `die`, `stop`, `start` of a container are one
//! restart, `compose up` of a project is one piece. A piece holds data, never words; [`crate::english`] writes them.
//!
//! Every entry is in exactly one piece, at any moment. What is told depends on the entries and on the health checks
//! that are known, and on nothing else: not on the batches in which they came, nor on which came first of the past and
//! the present. Time is the daemon's, so nothing changes by itself while nothing happens.
//!
//! ```text
//! stories.append(epoch, entries)      news, in order
//! stories.prepend(epoch, entries)     the past before what is here
//! stories.learn([(id, check)])        health checks, so that their probes fold
//! stories.pieces()                    (key, piece), in the order of their first events
//! stories.outlines()                  the same, for whoever sorts them
//! stories.events(piece)               (position, entry) of each raw event of it
//! stories.passes(piece, filter)       whether it is shown where a filter is set
//! ```
//!
//! Pieces stand in the order of their first events, so the list only grows at its end while entries are appended, and
//! what is under way (a crash loop, the probes of a container) changes where it stands. Whoever wants the latest first
//! sorts by [`Outline::last_place`]. The probes of a container are one piece over all that is held.
//!
//! The old and the new container of [`Life::replaces`] are told apart by [`changes`], from what whoever asks knows of
//! both.
//!
//! A key stays with its piece while entries are appended, also when a later piece turns out to be part of it; the
//! later one's key is void then. All keys are new when entries are let go, are prepended, or are told anew because a health
//! check became known.

mod changes;
mod container;
mod exec;
mod image;
mod life;
mod link;
mod names;
mod piece;
mod project;
mod prune;
mod slots;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use protocol::{Entry, Event, HealthCheck, Item, Position};

pub use self::{
    changes::{Change, Makeup, changes},
    piece::{
        Exec, ImageVerb, LOOP_DEATHS, Life, Link, Member, Outcome, Outline, Piece, Probes, Project,
        ProjectOutcome, Pruned, Story, Subject, What,
    },
};
use self::{container::Containers, image::Images, project::Projects, prune::Prunes, slots::Slots};
use crate::Filter;

const SECOND: i64 = 1_000_000_000;
/// There are five quarters of the capacity of them, and a quarter of it comes until the next go.
const GONE_AT_ONCE: usize = 8;

/// Names a piece, see the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceKey(u32);

/// The entries that are held and what they tell.
#[derive(Debug, Clone)]
pub struct Stories {
    capacity: usize,
    entries: VecDeque<(u64, Arc<Entry>)>,
    checks: HashMap<String, Check>,
    telling: Telling,
    /// What is told once the oldest are let go. It is made ready entry by entry: all at once would hold up a page.
    next: Option<Next>,
    /// What was let go last. It ends entry by entry as well, for the same reason.
    gone: Gone,
}

#[derive(Debug, Clone)]
struct Next {
    telling: Telling,
    /// The entries before this place are told, but for those that will go.
    told: usize,
}

#[derive(Debug, Clone, Default)]
struct Gone {
    slots: Slots,
    entries: Vec<(u64, Arc<Entry>)>,
}

impl Gone {
    /// Ends so much of it that nothing is left before the next go.
    fn shrink(&mut self) {
        self.slots.shrink(GONE_AT_ONCE);
        let left = self.entries.len().saturating_sub(GONE_AT_ONCE);
        self.entries.truncate(left);
    }
}

/// A container's health check, as far as its probes are told by it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Check {
    command: String,
    interval_nano: i64,
    /// The container is there still.
    present: bool,
}

impl Stories {
    /// Holds so many entries and a quarter more; then the oldest go.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            entries: VecDeque::new(),
            checks: HashMap::new(),
            telling: Telling::default(),
            next: None,
            gone: Gone::default(),
        }
    }

    /// Of nothing yet, with the same health checks.
    pub fn without_entries(&self) -> Self {
        Self {
            checks: self.checks.clone(),
            ..Self::new(self.capacity)
        }
    }

    /// The same, told anew, to stand still while these go on: all keys are its own. Less code than a copy, for a page.
    pub fn standing(&self) -> Self {
        let mut standing = self.without_entries();
        standing.entries.clone_from(&self.entries);
        standing.retell();
        standing
    }

    /// News. What is not newer than the last entry of its epoch is passed over.
    pub fn append(&mut self, epoch: u64, entries: impl IntoIterator<Item = Arc<Entry>>) {
        for entry in entries {
            self.take(epoch, entry);
        }
    }

    fn take(&mut self, epoch: u64, entry: Arc<Entry>) {
        let known = self
            .entries
            .back()
            .is_some_and(|(last, known)| *last == epoch && known.seq >= entry.seq);
        if !known {
            self.telling.tell(&entry, &self.checks);
            self.entries.push_back((epoch, entry));
            self.gone.shrink();
            self.let_go();
        }
    }

    /// Makes ready to let the oldest go, and does so when there are a quarter more than there may be.
    fn let_go(&mut self) {
        let going = self.capacity / 4 + 1;
        let most = self.capacity.saturating_add(going);
        let Some(left) = most.checked_sub(self.entries.len()) else {
            return;
        };
        if left >= going {
            return;
        }
        let next = self.next.get_or_insert_with(|| Next {
            telling: Telling::default(),
            told: going,
        });
        // those that are to come are told as well until then
        let share = (self.entries.len() - next.told + left).div_ceil(left + 1);
        for (_, entry) in self.entries.range(next.told..).take(share) {
            next.telling.tell(entry, &self.checks);
            next.told += 1;
        }
        if left == 0
            && let Some(next) = self.next.take()
        {
            let before = std::mem::replace(&mut self.telling, next.telling);
            self.gone = Gone {
                slots: before.slots,
                entries: self.entries.drain(..going).collect(),
            };
            let telling = &self.telling;
            self.checks
                .retain(|id, check| check.present || telling.containers.knows(id));
        }
    }

    /// The past, oldest first. What is not older than the first entry of its epoch is passed over, and so is what
    /// there is no room for.
    pub fn prepend(&mut self, epoch: u64, entries: impl IntoIterator<Item = Arc<Entry>>) {
        let mut older: Vec<Arc<Entry>> = entries.into_iter().collect();
        if let Some((first_epoch, first)) = self.entries.front()
            && *first_epoch == epoch
        {
            older.retain(|entry| entry.seq < first.seq);
        }
        let room = self.capacity.saturating_sub(self.entries.len());
        let skipped = older.len().saturating_sub(room);
        if older.len() == skipped {
            return;
        }
        for entry in older.drain(skipped..).rev() {
            self.entries.push_front((epoch, entry));
        }
        self.retell();
    }

    /// The health checks of containers, by their whole ids; `None`: it has none.
    pub fn learn<'c>(
        &mut self,
        checks: impl IntoIterator<Item = (&'c str, Option<&'c HealthCheck>)>,
    ) {
        let mut changed = false;
        for (id, check) in checks {
            let check = check.map(|check| Check {
                command: check.command.clone(),
                interval_nano: i64::try_from(check.interval_millis.saturating_mul(1_000_000))
                    .unwrap_or(i64::MAX),
                present: true,
            });
            if self.checks.get(id) != check.as_ref() {
                match check {
                    Some(check) => self.checks.insert(id.to_owned(), check),
                    None => self.checks.remove(id),
                };
                changed |= self.telling.containers.has_execs(id);
            }
        }
        if changed {
            self.retell();
        }
    }

    /// A container is no more. What is known of it is kept while there are events of it.
    pub fn forget(&mut self, id: &str) {
        if let Some(check) = self.checks.get_mut(id) {
            check.present = false;
            if !self.telling.containers.knows(id) {
                self.checks.remove(id);
            }
        }
    }

    /// In the order of their first events.
    pub fn pieces(&self) -> impl DoubleEndedIterator<Item = (PieceKey, &Piece)> {
        self.telling.slots.pieces()
    }

    /// The same, with what whoever sorts them reads of each.
    pub fn outlines(&self) -> impl DoubleEndedIterator<Item = Outline<'_>> {
        self.telling.slots.outlines()
    }

    pub fn piece(&self, key: PieceKey) -> Option<&Piece> {
        self.telling.slots.piece(key)
    }

    /// The raw entries of a piece that is here, in order.
    pub fn events<'s>(
        &'s self,
        piece: &'s Piece,
    ) -> impl DoubleEndedIterator<Item = (Position, &'s Arc<Entry>)> {
        piece.events.iter().filter_map(|place| {
            let (epoch, entry) = self.entries.get(*place as usize)?;
            let position = Position {
                epoch: *epoch,
                seq: entry.seq,
            };
            Some((position, entry))
        })
    }

    /// A piece is shown whole where one of its events passes; a gap always is, for what passes may lie in it.
    pub fn passes(&self, piece: &Piece, filter: &Filter) -> bool {
        filter.is_empty()
            || self.events(piece).any(|(_, entry)| match &entry.item {
                Item::Event(event) => filter.matches(event),
                Item::Gap(_) => true,
            })
    }

    /// The piece that holds an entry.
    pub fn holding(&self, position: Position) -> Option<PieceKey> {
        self.telling.slots.holding(self.place(position)?)
    }

    pub fn entry(&self, position: Position) -> Option<&Arc<Entry>> {
        let (_, entry) = self.entries.get(self.place(position)?)?;
        Some(entry)
    }

    fn place(&self, position: Position) -> Option<usize> {
        // those of one epoch stand together and in order, and mostly there is but one
        let from = self
            .entries
            .iter()
            .position(|(epoch, _)| *epoch == position.epoch)?;
        let (mut low, mut high) = (from, self.entries.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (epoch, entry) = &self.entries[middle];
            if *epoch == position.epoch && entry.seq < position.seq {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let (epoch, entry) = self.entries.get(low)?;
        (*epoch == position.epoch && entry.seq == position.seq).then_some(low)
    }

    /// The last stretch of a container's life that is known, and the piece that tells it: its own or its project's.
    pub fn life_of(&self, id: &str) -> Option<(&Piece, &Life)> {
        let slot = self.telling.containers.get(id)?.life?;
        let piece = self.telling.slots.at(slot);
        Some((piece, self.telling.life(slot, id)?))
    }

    /// Where the container's health is told, if `status` is the last that was.
    pub fn health_of(&self, id: &str, status: &str) -> Option<&Piece> {
        let piece = self
            .telling
            .slots
            .at(self.telling.containers.get(id)?.health?);
        let is_so = matches!(&piece.what, What::Story(Story::Health { status: last, .. }) if last == status);
        is_so.then_some(piece)
    }

    /// The oldest entry that is held.
    pub fn first(&self) -> Option<&Arc<Entry>> {
        self.entries.front().map(|(_, entry)| entry)
    }

    /// How many entries are held.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn retell(&mut self) {
        // what was told goes first: together they would be the most memory that is ever in use
        self.next = None;
        self.telling = Telling::default();
        for (_, entry) in &self.entries {
            self.telling.tell(entry, &self.checks);
        }
    }
}

/// The state of the telling: a fold over the entries, oldest first.
#[derive(Debug, Clone, Default)]
struct Telling {
    slots: Slots,
    containers: Containers,
    projects: Projects,
    images: Images,
    prunes: Prunes,
}

/// What a rule did with an event: the slot that has it now, or nothing.
type Taken = Option<u32>;

impl Telling {
    fn tell(&mut self, entry: &Entry, checks: &HashMap<String, Check>) {
        match &entry.item {
            Item::Gap(gap) => {
                let from = gap.from_nano.unwrap_or(gap.to_nano);
                self.slots.gap(from, gap.to_nano);
                self.break_off();
            }
            Item::Event(event) => {
                let place = self.slots.next_place();
                let taken = match event.kind.as_str() {
                    "container" => self.container(event, checks),
                    "network" | "volume" => self.object(event),
                    "image" => self.image(event),
                    "daemon" if event.action == "reload" => Some(self.open(event, Story::Reloaded)),
                    _ => None,
                };
                let taken = taken.or_else(|| self.prune(event));
                if taken.is_none() {
                    let subject = self.subject(event);
                    self.slots.open(What::Event, subject, event.time_nano);
                }
                debug_assert_eq!(self.slots.next_place(), place + 1);
            }
        }
    }

    /// What has begun and not ended may have ended within the gap.
    fn break_off(&mut self) {
        let mut open = Vec::new();
        for known in self.containers.all() {
            open.extend(known.execs.break_off());
            open.extend(
                known
                    .life
                    .filter(|slot| is_under_way(&self.slots, *slot, &known.id)),
            );
            known.pending.clear();
        }
        for slot in open {
            self.slots.at_mut(slot).incomplete = true;
        }
    }

    /// A story of its own.
    fn open(&mut self, event: &Event, story: Story) -> u32 {
        let subject = self.subject(event);
        self.slots
            .open(What::Story(story), subject, event.time_nano)
    }

    fn subject(&mut self, event: &Event) -> Arc<Subject> {
        if event.kind == "container" {
            self.containers.of(&event.actor_id).subject(event)
        } else {
            Arc::new(Subject::of(event))
        }
    }
}

/// Whether a container was told to end and has not.
fn is_under_way(slots: &Slots, slot: u32, id: &str) -> bool {
    let life = match slots.story(slot) {
        Some(Story::Container(life)) => Some(life),
        Some(Story::Project(project)) => project
            .members
            .iter()
            .find(|member| member.id == id)
            .map(|member| &member.life),
        _ => None,
    };
    life.is_some_and(|life| life.phase == piece::Phase::Killing)
}
