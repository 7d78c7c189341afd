use page::components::ThemeSwitch;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::Stage;

#[wasm_bindgen_test]
async fn a_chosen_theme_holds_and_is_remembered() {
    let window = web_sys::window().unwrap();
    let storage = window.local_storage().unwrap().unwrap();
    storage.remove_item("theme").unwrap();
    let root = window.document().unwrap().document_element().unwrap();
    root.remove_attribute("data-theme").unwrap();
    let stage = Stage::show(|| leptos::view! { <ThemeSwitch /> });
    for theme in ["light", "dark"] {
        stage.press("Theme");
        assert_eq!(root.get_attribute("data-theme").as_deref(), Some(theme));
        assert_eq!(storage.get_item("theme").unwrap().as_deref(), Some(theme));
        stage
            .until("the button says so", |stage| {
                let label = stage.one("button").get_attribute("aria-label");
                label.is_some_and(|label| label.ends_with(theme))
            })
            .await;
    }
    stage.press("Theme");
    assert_eq!(root.get_attribute("data-theme"), None);
    assert_eq!(storage.get_item("theme").unwrap(), None);
}
