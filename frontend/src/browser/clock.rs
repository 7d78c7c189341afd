/// Unix milliseconds of the viewer's own clock.
pub fn now_millis() -> u64 {
    js_sys::Date::now() as u64
}
