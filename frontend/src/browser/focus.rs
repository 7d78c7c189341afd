use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// Moves the focus to the element with this id.
pub fn move_to(id: &str) {
    let element = document()
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // one that cannot take the focus leaves it where it is
        let _ = element.focus();
    }
}

/// Moves the focus to the first field that `selector` finds, with what is in it selected; whether there is one.
pub fn search(selector: &str) -> bool {
    let field = document()
        .and_then(|document| document.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = &field {
        let _ = field.focus();
        field.select();
    }
    field.is_some()
}

/// Moves the focus to the next element that `selector` finds, or to the one before; where none of them has it, to the first
/// that is seen, if it `begins`. Whether the key that asked for it was meant for this.
pub fn step(selector: &str, down: bool, begins: bool) -> bool {
    let Some(document) = document() else {
        return false;
    };
    let Ok(found) = document.query_selector_all(selector) else {
        return false;
    };
    let stops: Vec<HtmlElement> = (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into().ok())
        .collect();
    let active = document.active_element();
    let at = stops
        .iter()
        .position(|stop| active.as_ref() == Some(stop.as_ref()));
    let next = match at {
        Some(at) if down => stops.get(at + 1),
        Some(at) => at.checked_sub(1).and_then(|before| stops.get(before)),
        None if begins => stops.iter().find(|stop| is_seen(stop)),
        None => return false,
    };
    if let Some(next) = next {
        let _ = next.focus();
    }
    at.is_some() || next.is_some()
}

/// Whether its list does not hide it above its upper edge.
fn is_seen(stop: &HtmlElement) -> bool {
    let frame = stop.closest(".table-frame, .list-frame").ok().flatten();
    let edge = frame.map_or(0.0, |frame| frame.get_bounding_client_rect().top());
    stop.get_bounding_client_rect().top() >= edge
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
