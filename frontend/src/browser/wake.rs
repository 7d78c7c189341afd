use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::Poll,
};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventTarget, VisibilityState};

use super::{bell::Bell, clock};

/// Tells when waiting has lost its reason: the network is back, or somebody looks at the page again.
///
/// Listens for the page's whole life: the closures are handed to the browser for good.
pub struct Wake {
    online: Bell,
    seen: Bell,
    any: Bell,
    hidden_since: Rc<Cell<Option<u64>>>,
}

impl Wake {
    pub fn listen() -> Self {
        let wake = Self {
            online: Bell::default(),
            seen: Bell::default(),
            any: Bell::default(),
            hidden_since: Rc::default(),
        };
        if let Some(window) = web_sys::window() {
            let (online, any) = (wake.online.clone(), wake.any.clone());
            listen(&window, "online", move || {
                online.ring();
                any.ring();
            });
            if let Some(document) = window.document() {
                let (seen, any) = (wake.seen.clone(), wake.any.clone());
                let hidden_since = wake.hidden_since.clone();
                listen(&document.clone(), "visibilitychange", move || {
                    if document.visibility_state() == VisibilityState::Visible {
                        hidden_since.set(None);
                        seen.ring();
                        any.ring();
                    } else {
                        hidden_since.set(Some(clock::now_millis()));
                    }
                });
            }
        }
        wake
    }

    /// The browser says that the network is back.
    pub async fn online(&self) {
        self.online.rung().await;
    }

    /// Somebody looks at the page again.
    pub async fn seen(&self) {
        self.seen.rung().await;
    }

    /// For how long nobody could see the page; 0 while it can be seen.
    pub fn hidden_millis(&self) -> u64 {
        self.hidden_since
            .get()
            .map_or(0, |since| clock::now_millis().saturating_sub(since))
    }

    /// So long, or until there is a reason to try at once.
    pub async fn sleep_millis(&self, millis: u64) {
        let mut asleep = pin!(clock::sleep_millis(millis));
        let mut woken = pin!(self.any.rung());
        poll_fn(|context| {
            if asleep.as_mut().poll(context).is_ready() || woken.as_mut().poll(context).is_ready() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

fn listen(target: &EventTarget, name: &str, heard: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(heard);
    // a browser that refuses a listener only makes the page slower to come back
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}
