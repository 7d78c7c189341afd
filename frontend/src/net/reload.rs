//! A page that outlived its bridge loads itself anew, once for each build it meets: a cache that keeps giving the old
//! page must not make it spin.

use web_sys::Storage;

const MARK: &str = "daemonscope.reloaded-for";

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Loads the page anew, unless that was done for this build already, or cannot be remembered.
pub fn once_for(build: &str) -> bool {
    let Some(storage) = storage() else {
        return false;
    };
    if storage.get_item(MARK).ok().flatten().as_deref() == Some(build)
        || storage.set_item(MARK, build).is_err()
    {
        return false;
    }
    web_sys::window().is_some_and(|window| window.location().reload().is_ok())
}
