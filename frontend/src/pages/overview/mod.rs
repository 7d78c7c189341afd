//! Whether all is well, at one glance, and why where it is not.

mod sums;

use leptos::prelude::*;
use model::{FiguresWanted, Want};

use crate::{
    browser::title,
    components::provide_crosshair,
    panels::{Attention, Consumers, DiskUsage, LINES, Latest, Marks, concerns},
    state::InterestHandle,
};
use sums::Sums;

const LATEST: usize = 7;

#[component]
pub fn Overview() -> impl IntoView {
    title::show(|| "Overview".to_owned());
    // the last reading of the disk usage is shown, and no new one is ordered for it
    InterestHandle::expect().declare(|| Want {
        figures: FiguresWanted::All,
        events: Some(LINES),
        usage: false,
    });
    provide_crosshair();
    let concerns = concerns();
    view! {
        <div class="page overview">
            <h1 class="visually-hidden">"Overview"</h1>
            <Sums />
            <div class="panels">
                <Marks concerns=concerns />
                <Attention concerns=concerns />
                <Consumers />
                <Latest most=LATEST />
                <DiskUsage />
            </div>
        </div>
    }
}
