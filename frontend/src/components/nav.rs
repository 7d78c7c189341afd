use leptos::prelude::*;
use model::Place;

use super::{Glyph, Icon};
use crate::{browser::Address, live::live};

/// The five places, and the way to a wall's.
#[component]
pub fn Nav() -> impl IntoView {
    view! {
        <ul>
            <Way to=Place::Overview href="." glyph=Glyph::Overview word="Overview" />
            <Way to=Place::Containers href="containers" glyph=Glyph::Containers word="Containers" />
            <Way to=Place::Events href="events" glyph=Glyph::Events word="Events" />
            <Way to=Place::Usage href="usage" glyph=Glyph::Usage word="Disk usage" />
            <Way to=Place::Engine href="engine" glyph=Glyph::Engine word="Engine" />
            <Way to=Place::Kiosk href="kiosk" glyph=Glyph::Kiosk word="Kiosk" />
        </ul>
    }
}

#[component]
fn Way(to: Place, href: &'static str, glyph: Glyph, word: &'static str) -> impl IntoView {
    let place = Address::expect().place;
    let current = live(move || place.get()?.is_in(to).then_some("page"));
    view! {
        <li>
            <a href=href class="nav-link" aria-current=current title=word>
                <Icon glyph=glyph />
                <span class="nav-word">{word}</span>
            </a>
        </li>
    }
}
