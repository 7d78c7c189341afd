use crate::live::live;
use leptos::prelude::*;

/// A drawing of 16 by 16 units, in lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Overview,
    Containers,
    Events,
    Usage,
    Engine,
    Kiosk,
    Search,
    Clear,
    Pause,
    Resume,
    Light,
    Dark,
    System,
    Back,
    Open,
    Group,
    Image,
    Volume,
    Network,
    Daemon,
    Other,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::Overview => "M2.5 13.5V8M6.2 13.5V3M9.8 13.5V6M13.5 13.5V9.5",
            Self::Containers => "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6",
            Self::Events => "M2.5 4h11M2.5 8h7M2.5 12h9",
            Self::Usage => {
                "M13.5 4c0 1.1-2.5 2-5.5 2s-5.5-.9-5.5-2S5 2 8 2s5.5.9 5.5 2v8c0 1.1-2.5 2-5.5 2s-5.5-.9-5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2"
            }
            Self::Engine => {
                "M10.2 8a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zM8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4 5 5M11 11l1.6 1.6M3.4 12.6 5 11M11 5l1.6-1.6"
            }
            Self::Kiosk => "M1.5 3h13v9.5h-13zM4.5 9.5V8M7 9.5V5.5M9.5 9.5V7M12 9.5h.01",
            Self::Search => "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.3 10.3l3.2 3.2",
            Self::Clear => "M4 4l8 8M12 4l-8 8",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Resume => "M5 3.5 12 8l-7 4.5z",
            Self::Light => {
                "M10.8 8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1"
            }
            Self::Dark => "M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z",
            Self::System => "M2 3h12v8H2zM8 11v2.5M5 13.5h6",
            Self::Back => "M9.5 3.5 5 8l4.5 4.5",
            Self::Open => "M6.5 3.5 11 8l-4.5 4.5",
            Self::Group => "M2.5 3.5h4M5 8h8.5M5 12.5h8.5M2.5 3.5v9",
            Self::Image => "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
            Self::Volume => "M2.5 4h11v8h-11zM5 9.5h2M2.5 7.5h11",
            Self::Network => {
                "M8 2.5v3M3.5 10V8h9v2M8 5.5V8M2 10h3v3H2zM6.5 10h3v3h-3zM11 10h3v3h-3z"
            }
            Self::Daemon => "M3 3h10v4H3zM3 9h10v4H3zM5.5 5h.01M5.5 11h.01",
            Self::Other => "M8 8h.01M4 8h.01M12 8h.01",
        }
    }
}

/// A drawing beside a word; alone it needs a label on what it stands in.
#[component]
pub fn Icon(#[prop(into)] glyph: Signal<Glyph>) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=live(move || glyph.get().path()) />
        </svg>
    }
}

/// The daemonscope itself.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="brand-logo" viewBox="0 0 24 24" aria-hidden="true">
            <circle cx="12" cy="12" r="10" stroke-width="1.5" />
            <path
                d="M5 13h3v-3h3v6h3V7h3v6h2"
                stroke-width="1.5"
                stroke-linejoin="round"
                stroke-linecap="round"
            />
        </svg>
    }
}
