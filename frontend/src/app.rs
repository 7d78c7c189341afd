use leptos::prelude::*;
use model::Place;

use crate::{
    browser::{self, Address},
    components::{Shell, paint_on_ticks},
    live::live_view,
    net,
    pages::{Container, Containers, Engine, Events, Kiosk, NotFound, Overview, Usage},
    state,
};

/// The whole page: state, the live socket and the places.
#[component]
pub fn App() -> impl IntoView {
    state::provide();
    net::start();
    paint_on_ticks();
    browser::readers::sweep_every_minute();
    let place = Address::provide().place;
    let shown = live_view(move || match place.get() {
        Some(Place::Overview) => Overview().into_any(),
        Some(Place::Containers) => Containers().into_any(),
        Some(Place::Container) => Container().into_any(),
        Some(Place::Events) => Events().into_any(),
        Some(Place::Usage) => Usage().into_any(),
        Some(Place::Engine) => Engine().into_any(),
        Some(Place::Kiosk) => Kiosk().into_any(),
        None => NotFound().into_any(),
    });
    view! { <Shell>{shown}</Shell> }
}
