use std::time::{SystemTime, UNIX_EPOCH};

/// Of the bridge, since 1970.
pub fn now_millis() -> u64 {
    now().as_millis().try_into().unwrap_or(u64::MAX)
}

pub fn now_nano() -> i64 {
    now().as_nanos().try_into().unwrap_or(i64::MAX)
}

/// Before 1970 nothing of this works anyway.
fn now() -> std::time::Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
