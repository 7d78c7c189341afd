use leptos::prelude::*;
use leptos_router::components::A;

use super::{Glyph, Icon};

/// The five places.
#[component]
pub fn Nav() -> impl IntoView {
    view! {
        <ul>
            <Place href="/" glyph=Glyph::Overview word="Overview" />
            <Place href="/containers" glyph=Glyph::Containers word="Containers" />
            <Place href="/events" glyph=Glyph::Events word="Events" />
            <Place href="/usage" glyph=Glyph::Usage word="Disk usage" />
            <Place href="/engine" glyph=Glyph::Engine word="Engine" />
        </ul>
    }
}

#[component]
fn Place(href: &'static str, glyph: Glyph, word: &'static str) -> impl IntoView {
    view! {
        <li>
            <A href=href attr:class="nav-link" exact=href == "/" attr:title=word>
                <Icon glyph=glyph />
                <span class="nav-word">{word}</span>
            </A>
        </li>
    }
}
