use leptos::prelude::*;
use model::{
    Concern, ContainerKey, Tone,
    kiosk::{Kiosk, Panel},
};

use crate::{browser::clock, live::effect, state::Connection};

/// Which panel is shown now.
#[derive(Clone, Copy)]
pub struct Turn {
    pub panel: ReadSignal<Panel>,
    /// Counts the turns, also where one panel follows itself.
    pub number: ReadSignal<u32>,
}

impl Turn {
    /// One panel after the other. New trouble brings back the wall at once.
    pub fn begin(asked: Memo<Kiosk>, concerns: Memo<Vec<Concern>>) -> Self {
        let first = asked.with_untracked(|asked| asked.panels[0]);
        let (panel, set_panel) = signal(first);
        let (number, set_number) = signal(0u32);
        let began = StoredValue::new(clock::now_millis());
        let show = move |next: Panel| {
            began.set_value(clock::now_millis());
            if panel.get_untracked() != next {
                set_panel.set(next);
            }
            set_number.update(|number| *number = number.wrapping_add(1));
        };
        let now = Connection::expect().now;
        effect(move || {
            now.track();
            asked.with(|asked| {
                let shown = panel.get_untracked();
                let over = clock::now_millis().saturating_sub(began.get_value())
                    >= u64::from(asked.every_seconds) * 1000;
                if !asked.panels.contains(&shown) || (over && asked.panels.len() > 1) {
                    show(asked.after(shown));
                }
            });
        });
        Effect::new(move |before: Option<Vec<ContainerKey>>| {
            let in_trouble = concerns.with(|concerns| {
                (concerns.iter())
                    .filter(|concern| concern.tone == Tone::Bad)
                    .filter_map(|concern| concern.key)
                    .collect::<Vec<_>>()
            });
            let is_new =
                before.is_some_and(|before| in_trouble.iter().any(|key| !before.contains(key)));
            if is_new && asked.with_untracked(|asked| asked.panels.contains(&Panel::Wall)) {
                show(Panel::Wall);
            }
            in_trouble
        });
        Self { panel, number }
    }
}
