use gloo_timers::future::TimeoutFuture;

/// Unix milliseconds of the viewer's own clock.
pub fn now_millis() -> u64 {
    js_sys::Date::now() as u64
}

pub async fn sleep_millis(millis: u64) {
    TimeoutFuture::new(u32::try_from(millis).unwrap_or(u32::MAX)).await;
}
