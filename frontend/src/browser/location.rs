//! Where the page was loaded from. Everything is relative to the document's `<base>`.

use web_sys::Url;

fn base() -> Option<Url> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    Url::new(&base).ok()
}

/// The path under which the page's places are, without the slash at its end: empty at the root of a host.
pub fn base_path() -> String {
    base().map_or_else(String::new, |url| {
        url.pathname().trim_end_matches('/').to_owned()
    })
}

/// The address of a live socket at `path` below the base.
pub fn socket_url(path: &str) -> Option<String> {
    let base = base()?;
    let url = Url::new_with_base(path, &base.href()).ok()?;
    url.set_protocol(if base.protocol() == "https:" {
        "wss:"
    } else {
        "ws:"
    });
    Some(url.href())
}
