use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsValue;

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

/// The viewer's local time, as "14:03".
pub fn hours_and_minutes(unix_millis: u64) -> String {
    let minute = minute_of_day(unix_millis);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Minutes since the viewer's midnight, by what clocks show.
pub fn minute_of_day(unix_millis: u64) -> u32 {
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    date.get_hours() * 60 + date.get_minutes()
}

/// The viewer's local day, as "Tuesday, 1 December".
pub fn long_day(unix_millis: u64) -> String {
    let wanted = js_sys::Object::new();
    for (part, how) in [("weekday", "long"), ("day", "numeric"), ("month", "long")] {
        // an object of ours takes any field
        let _ = js_sys::Reflect::set(&wanted, &part.into(), &how.into());
    }
    js_sys::Date::new(&(unix_millis as f64).into())
        .to_locale_date_string("en-GB", &wanted)
        .into()
}

/// The viewer's local day, as 20261124.
pub fn day(unix_millis: u64) -> u32 {
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    (date.get_full_year() * 100 + date.get_month() + 1) * 100 + date.get_date()
}

/// The viewer's local time as `time` writes it on the day that is `today`, as "11-23 14:03:07" on another.
pub fn near(unix_millis: u64, today: u32, time: fn(u64) -> String) -> String {
    let day = day(unix_millis);
    if day == today {
        return time(unix_millis);
    }
    format!(
        "{:02}-{:02} {}",
        day / 100 % 100,
        day % 100,
        time_of_day(unix_millis)
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

/// As "2026-11-24 14:03:07.250".
pub fn date_time_fine(unix_millis: u64) -> String {
    format!("{}.{:03}", date_time(unix_millis), unix_millis % 1000)
}

/// "2026-11-24T14:03:07.250Z", by Greenwich.
pub fn iso(unix_millis: u64) -> String {
    // a time that a browser has no date for is far from any event
    if unix_millis > LAST_DATE_MILLIS {
        return String::new();
    }
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    date.to_iso_string().into()
}

/// The viewer's local time as a field for date and time takes it, "2026-11-24T14:03:07".
pub fn field(unix_millis: u64) -> String {
    let date = js_sys::Date::new(&(unix_millis as f64).into());
    format!(
        "{:04}-{:02}-{:02}T{}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        time_of_day(unix_millis)
    )
}

/// What a person wrote for a moment: unix seconds, or any date that the browser reads, in the viewer's own time where it
/// names none.
pub fn moment(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() {
        // a zero to the browser
        return None;
    }
    // Rust's own parser of numbers would bring tables that are a tenth of all of the page's data.
    let millis = match f64::try_from(JsValue::from_str(text)) {
        Ok(seconds) if !seconds.is_nan() => seconds * 1000.0,
        _ => js_sys::Date::parse(text),
    };
    (millis.is_finite() && millis >= 0.0 && millis <= LAST_DATE_MILLIS as f64)
        .then_some(millis as u64)
}

/// ECMAScript, "Time Values and Time Range".
const LAST_DATE_MILLIS: u64 = 8_640_000_000_000_000;
