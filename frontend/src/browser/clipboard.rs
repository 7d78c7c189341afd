use wasm_bindgen::prelude::*;
use web_sys::HtmlInputElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    async fn write_text(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = document, js_name = execCommand)]
    fn exec_command(name: &str) -> Result<bool, JsValue>;
}

/// Copies what a field holds. Gives whether it was done; the field is selected, so that a person can copy it where it
/// was not.
pub async fn copy(field: HtmlInputElement) -> bool {
    field.select();
    // browsers have this clipboard for pages from the same machine or by HTTPS alone, the old command for all
    write_text(&field.value()).await.is_ok() || exec_command("copy").unwrap_or(false)
}
