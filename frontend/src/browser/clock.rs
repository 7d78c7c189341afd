use gloo_timers::future::TimeoutFuture;

/// Unix milliseconds of the viewer's own clock.
pub fn now_millis() -> u64 {
    js_sys::Date::now() as u64
}

pub async fn sleep_millis(millis: u64) {
    TimeoutFuture::new(u32::try_from(millis).unwrap_or(u32::MAX)).await;
}

/// How many minutes the viewer's clock is east of Greenwich now.
pub fn offset_minutes() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// The viewer's local time, as "14:03:07".
pub fn time_of_day(unix_millis: u64) -> String {
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    format!(
        "{:02}:{:02}:{:02}",
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// The viewer's local date and time, as "2026-11-24 14:03:07".
pub fn date_time(unix_millis: u64) -> String {
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    format!(
        "{}-{:02}-{:02} {}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        time_of_day(unix_millis)
    )
}

/// The viewer's local time to the millisecond, as "14:03:07.250".
pub fn time_of_day_fine(unix_millis: u64) -> String {
    format!("{}.{:03}", time_of_day(unix_millis), unix_millis % 1000)
}
