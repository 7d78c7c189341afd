use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{Container, ContainerKey, FigureTable, Figures, list::Candidate};

use super::handle;
use crate::browser::{
    frame,
    pace::{Pace, Pause},
    readers::{kept, on_sweep, retell, shed},
};

/// All containers of the engine.
///
/// Figures lie in one table outside the signals; those of a row that is on screen have a signal while it is there
/// ([`Fleet::watch_figures`]), so that a tick costs as much as what it changes on screen. Lists track `revision` (who is
/// there and what they are) or `tick` (figures), and look with [`Fleet::with_rows`], [`Fleet::look`] or
/// [`Fleet::figures`]; a cell inside a row tracks the row's own signals and nothing that all rows share.
#[derive(Clone, Copy)]
pub struct Fleet {
    rows: StoredValue<HashMap<ContainerKey, Row>>,
    table: StoredValue<FigureTable>,
    watched: StoredValue<Vec<Watched>>,
    /// Counts changes of who is there and what they are, figures apart; of many in a row only some.
    pub revision: ReadSignal<u32>,
    /// Counts the frames of figures.
    pub tick: ReadSignal<u32>,
    /// Whether the fleet was told at all.
    pub known: ReadSignal<bool>,
    /// The figures of all together.
    pub sum: ReadSignal<Figures>,
    set_revision: WriteSignal<u32>,
    set_tick: WriteSignal<u32>,
    set_known: WriteSignal<bool>,
    set_sum: WriteSignal<Figures>,
    pace: Pace,
}

/// One container, as the daemon describes it.
#[derive(Clone)]
pub struct Row {
    pub key: ContainerKey,
    pub container: ArcRwSignal<Arc<Container>>,
}

/// The figures of one container that is on screen.
struct Watched {
    key: ContainerKey,
    figures: ArcRwSignal<Figures>,
    watchers: u32,
}

handle!(Fleet);

impl Fleet {
    pub(super) fn new() -> Self {
        let (revision, set_revision) = signal(0);
        let (tick, set_tick) = signal(0);
        let (known, set_known) = signal(false);
        let (sum, set_sum) = signal(Figures::default());
        let rows = StoredValue::new(HashMap::<ContainerKey, Row>::new());
        on_sweep(move || {
            rows.with_value(|rows| rows.values().for_each(|row| retell(&row.container)));
        });
        Self {
            rows,
            table: StoredValue::new(FigureTable::default()),
            watched: StoredValue::new(Vec::new()),
            revision: kept(revision),
            tick: kept(tick),
            known: kept(known),
            sum: kept(sum),
            set_revision,
            set_tick,
            set_known,
            set_sum,
            pace: Pace::new(Pause::Readable),
        }
    }

    pub fn row(self, key: ContainerKey) -> Option<Row> {
        self.rows.with_value(|rows| rows.get(&key).cloned())
    }

    /// Looks at all rows, in no order.
    pub fn with_rows<R>(self, look: impl FnOnce(&HashMap<ContainerKey, Row>) -> R) -> R {
        self.rows.with_value(look)
    }

    /// Looks at one container and its figures as of now, without a signal.
    pub fn look<R>(
        self,
        key: ContainerKey,
        look: impl FnOnce(&Container, Figures) -> R,
    ) -> Option<R> {
        self.with_rows(|rows| {
            rows.get(&key)
                .map(|row| look(&row.container.read_untracked(), self.figures(key)))
        })
    }

    /// Every container, in no order.
    pub fn containers(self) -> Vec<Arc<Container>> {
        self.with_rows(|rows| {
            rows.values()
                .map(|row| row.container.get_untracked())
                .collect()
        })
    }

    /// Every container with its figures, as lists look at them.
    pub fn candidates(self) -> Vec<Candidate> {
        self.with_rows(|rows| {
            rows.values()
                .map(|row| Candidate {
                    container: row.container.get_untracked(),
                    figures: self.figures(row.key),
                })
                .collect()
        })
    }

    /// The ids of those of these containers that are known.
    pub fn ids(self, keys: &[ContainerKey]) -> Vec<String> {
        self.with_rows(|rows| {
            keys.iter()
                .filter_map(|key| Some(rows.get(key)?.container.read_untracked().id.clone()))
                .collect()
        })
    }

    /// Whether it is so for any container.
    pub fn any(self, holds: impl Fn(&Container) -> bool) -> bool {
        self.with_rows(|rows| {
            rows.values()
                .any(|row| holds(&row.container.read_untracked()))
        })
    }

    /// The row that a name, an id or a beginning of an id means; the newest where a name was given away again.
    pub fn find(self, reference: &str) -> Option<Row> {
        self.with_rows(|rows| {
            rows.values()
                .filter(|row| row.container.read_untracked().is_called(reference))
                .max_by_key(|row| {
                    let container = row.container.read_untracked();
                    (container.name == reference, row.key)
                })
                .cloned()
        })
    }

    /// The figures of a container as of now, without a signal.
    pub fn figures(self, key: ContainerKey) -> Figures {
        self.table.with_value(|table| table.get(key))
    }

    /// Replaces everybody.
    pub(crate) fn replace(self, containers: Vec<Container>) {
        self.rows.update_value(|rows| {
            let mut before = std::mem::take(rows);
            for container in containers {
                put(rows, before.remove(&container.key), container);
            }
        });
        self.changed();
    }

    /// The daemon has told who is there, be it nobody.
    pub fn told(self) {
        if !self.known.get_untracked() {
            self.set_known.set(true);
        }
    }

    pub(crate) fn change(self, changed: Vec<Container>, gone: &[ContainerKey]) {
        self.rows.update_value(|rows| {
            for key in gone {
                rows.remove(key);
            }
            for container in changed {
                let before = rows.remove(&container.key);
                put(rows, before, container);
            }
        });
        self.table.update_value(|table| {
            for key in gone {
                table.forget(*key);
            }
        });
        self.changed();
    }

    /// The figures of a container as they change, for as long as the part that calls this is mounted.
    pub fn watch_figures(self, key: ContainerKey) -> ArcRwSignal<Figures> {
        on_cleanup(move || {
            self.watched.try_update_value(|watched| {
                if let Some(place) = watched.iter().position(|one| one.key == key) {
                    watched[place].watchers -= 1;
                    if watched[place].watchers == 0 {
                        watched.swap_remove(place);
                    }
                }
            });
        });
        let now = self.figures(key);
        self.watched
            .try_update_value(|watched| {
                if let Some(one) = watched.iter_mut().find(|one| one.key == key) {
                    one.watchers += 1;
                    return one.figures.clone();
                }
                let figures = ArcRwSignal::new(now);
                watched.push(Watched {
                    key,
                    figures: figures.clone(),
                    watchers: 1,
                });
                figures
            })
            .unwrap_or_else(|| ArcRwSignal::new(now))
    }

    /// Changes the table of figures, and shows what of it is on screen.
    pub(crate) fn update_figures(self, apply: impl FnOnce(&mut FigureTable)) {
        self.table.update_value(apply);
        frame::soon("figures", move || self.show_figures());
    }

    fn show_figures(self) {
        // a page may end before its next frame
        if self.table.is_disposed() {
            return;
        }
        self.watched.with_value(|watched| {
            for one in watched {
                let figures = self.figures(one.key);
                if *one.figures.read_untracked() != figures {
                    one.figures.set(figures);
                    shed(&one.figures);
                }
            }
        });
        let sum = self.figures(ContainerKey::SUM);
        if *self.sum.read_untracked() != sum {
            self.set_sum.set(sum);
            shed(&self.sum);
        }
        self.set_tick.update(|tick| *tick = tick.wrapping_add(1));
        shed(&self.tick);
    }

    fn changed(self) {
        self.pace.ask(move || {
            self.set_revision
                .try_update(|revision| *revision = revision.wrapping_add(1));
            shed(&self.revision);
        });
    }
}

/// Keeps the signals of a row that was there, so that what shows it stays.
fn put(rows: &mut HashMap<ContainerKey, Row>, before: Option<Row>, container: Container) {
    let key = container.key;
    let row = match before {
        Some(row) => {
            if **row.container.read_untracked() != container {
                row.container.set(Arc::new(container));
            }
            row
        }
        None => Row {
            key,
            container: ArcRwSignal::new(Arc::new(container)),
        },
    };
    rows.insert(key, row);
}
