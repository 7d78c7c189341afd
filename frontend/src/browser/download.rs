use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast as _, prelude::*};
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type Blob;
    #[wasm_bindgen(catch, constructor)]
    fn new(parts: &Array, options: &Object) -> Result<Blob, JsValue>;
    #[wasm_bindgen(catch, js_namespace = URL, js_name = createObjectURL)]
    fn create_object_url(blob: &Blob) -> Result<String, JsValue>;
    #[wasm_bindgen(catch, js_namespace = URL, js_name = revokeObjectURL)]
    fn revoke_object_url(address: &str) -> Result<(), JsValue>;
}

/// Hands `text` to the viewer as a file.
pub fn save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &kind.into())?;
    let address = create_object_url(&Blob::new(&Array::of1(&text.into()), &options)?)?;
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or(JsValue::NULL)?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.click();
    // the browser has taken the file over with the press
    revoke_object_url(&address)
}
