use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{Container, ContainerKey, FigureTable, Figures};

use super::handle;

/// All containers of the engine.
///
/// A row is a plain struct of signals found by its key, so that a tick wakes only the cells that show it. Lists track
/// `revision` (who is there and what they are) or `tick` (figures), and look with [`Fleet::with_rows`] or
/// [`Fleet::figures`]; a cell inside a row tracks the row's own signals and nothing that all rows share.
#[derive(Clone, Copy)]
pub struct Fleet {
    rows: StoredValue<HashMap<ContainerKey, Row>>,
    table: StoredValue<FigureTable>,
    /// Counts changes of who is there and what they are, figures apart.
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
}

/// One container: its description changes seldom, its figures every second.
#[derive(Clone)]
pub struct Row {
    pub key: ContainerKey,
    pub container: ArcRwSignal<Arc<Container>>,
    pub figures: ArcRwSignal<Figures>,
}

handle!(Fleet);

impl Fleet {
    pub(super) fn new() -> Self {
        let (revision, set_revision) = signal(0);
        let (tick, set_tick) = signal(0);
        let (known, set_known) = signal(false);
        let (sum, set_sum) = signal(Figures::default());
        Self {
            rows: StoredValue::new(HashMap::new()),
            table: StoredValue::new(FigureTable::default()),
            revision,
            tick,
            known,
            sum,
            set_revision,
            set_tick,
            set_known,
            set_sum,
        }
    }

    pub fn row(self, key: ContainerKey) -> Option<Row> {
        self.rows.with_value(|rows| rows.get(&key).cloned())
    }

    /// Looks at all rows, in no order.
    pub fn with_rows<R>(self, look: impl FnOnce(&HashMap<ContainerKey, Row>) -> R) -> R {
        self.rows.with_value(look)
    }

    /// Every container, in no order.
    pub fn containers(self) -> Vec<Arc<Container>> {
        self.with_rows(|rows| {
            rows.values()
                .map(|row| row.container.get_untracked())
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

    /// Changes the table of figures and shows those whose keys `apply` gives.
    pub(crate) fn update_figures(self, apply: impl FnOnce(&mut FigureTable) -> Vec<ContainerKey>) {
        let touched = self.table.try_update_value(apply).unwrap_or_default();
        self.rows.with_value(|rows| {
            for key in touched {
                let figures = self.figures(key);
                if key == ContainerKey::SUM {
                    self.set_sum.set(figures);
                } else if let Some(row) = rows.get(&key)
                    && *row.figures.read_untracked() != figures
                {
                    row.figures.set(figures);
                }
            }
        });
        self.set_tick.update(|tick| *tick = tick.wrapping_add(1));
    }

    fn changed(self) {
        self.set_revision
            .update(|revision| *revision = revision.wrapping_add(1));
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
            figures: ArcRwSignal::new(Figures::default()),
        },
    };
    rows.insert(key, row);
}
