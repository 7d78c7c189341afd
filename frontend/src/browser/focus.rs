use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves the focus to the element with this id.
pub fn move_to(id: &str) {
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // one that cannot take the focus leaves it where it is
        let _ = element.focus();
    }
}
