//! All canvases of the page are painted in one pass before a frame: only those that are on screen and out of date.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use js_sys::{Array, WeakMap};
use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use web_sys::{
    Element, HtmlCanvasElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver,
    ResizeObserverEntry,
};

use super::{palette, palette::Palette, surface::Surface};

thread_local! {
    static PAINTER: RefCell<Painter> = RefCell::default();
    /// One of each for all canvases. Made by the first canvas, apart from the painter: they call back into it.
    static WATCH: OnceCell<Option<Watch>> = const { OnceCell::new() };
}

/// A canvas among those that are painted. Give it back with [`remove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CanvasId(u32);

#[derive(Default)]
struct Painter {
    canvases: HashMap<u32, Canvas>,
    next: u32,
    awaits_frame: bool,
}

struct Canvas {
    element: HtmlCanvasElement,
    paint: Rc<dyn Fn(&Surface)>,
    size: (f64, f64),
    seen: bool,
    outdated: bool,
}

struct Watch {
    sight: IntersectionObserver,
    size: ResizeObserver,
    ids: WeakMap,
    on_frame: Closure<dyn FnMut()>,
}

/// Paints `canvas` by `paint` as soon as it is seen, whenever its size or the theme changes, and after [`touch`].
pub fn add(element: &HtmlCanvasElement, paint: impl Fn(&Surface) + 'static) -> CanvasId {
    let id = PAINTER.with_borrow_mut(|painter| {
        painter.next += 1;
        painter.canvases.insert(
            painter.next,
            Canvas {
                element: element.clone(),
                paint: Rc::new(paint),
                size: (0.0, 0.0),
                seen: false,
                outdated: true,
            },
        );
        painter.next
    });
    with_watch(|watch| {
        watch.ids.set(element, &id.into());
        watch.sight.observe(element);
        watch.size.observe(element);
    });
    CanvasId(id)
}

pub fn remove(CanvasId(id): CanvasId) {
    let removed = PAINTER.with_borrow_mut(|painter| painter.canvases.remove(&id));
    if let Some(canvas) = removed {
        with_watch(|watch| {
            watch.sight.unobserve(&canvas.element);
            watch.size.unobserve(&canvas.element);
        });
    }
}

/// What this canvas shows has changed.
pub fn touch(CanvasId(id): CanvasId) {
    outdate(|key, _| *key == id);
}

/// What all canvases show has changed.
pub fn touch_all() {
    outdate(|_, _| true);
}

fn outdate(which: impl Fn(&u32, &Canvas) -> bool) {
    let ask = PAINTER.with_borrow_mut(|painter| {
        for (id, canvas) in &mut painter.canvases {
            if which(id, canvas) {
                canvas.outdated = true;
            }
        }
        painter.needs_frame()
    });
    if ask {
        ask_for_frame();
    }
}

impl Painter {
    /// Whether a frame must be asked for; if so, it counts as asked for.
    fn needs_frame(&mut self) -> bool {
        let needed = !self.awaits_frame && self.canvases.values().any(Canvas::is_due);
        self.awaits_frame |= needed;
        needed
    }
}

impl Canvas {
    fn is_due(&self) -> bool {
        self.outdated && self.seen
    }
}

fn ask_for_frame() {
    with_watch(|watch| {
        if let Some(window) = web_sys::window() {
            // without a frame the next change asks again
            if window
                .request_animation_frame(watch.on_frame.as_ref().unchecked_ref())
                .is_err()
            {
                PAINTER.with_borrow_mut(|painter| painter.awaits_frame = false);
            }
        }
    });
}

fn on_frame() {
    // painting may run anything that the page does, so the painter is not held meanwhile
    let due: Vec<_> = PAINTER.with_borrow_mut(|painter| {
        painter.awaits_frame = false;
        painter
            .canvases
            .values_mut()
            .filter(|canvas| canvas.is_due())
            .map(|canvas| {
                canvas.outdated = false;
                (
                    canvas.element.clone(),
                    canvas.size,
                    Rc::clone(&canvas.paint),
                )
            })
            .collect()
    });
    let palette = Palette::read();
    for (element, size, paint) in due {
        if let Some(surface) = Surface::of(&element, size, &palette) {
            paint(&surface);
        }
    }
}

fn with_watch(use_it: impl FnOnce(&Watch)) {
    WATCH.with(|watch| {
        if let Some(watch) = watch.get_or_init(Watch::new) {
            use_it(watch);
        }
    });
}

impl Watch {
    fn new() -> Option<Self> {
        let ids = WeakMap::new();
        let of_sight = ids.clone();
        let on_sight = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            each(&entries, |entry: IntersectionObserverEntry| {
                let seen = entry.is_intersecting();
                change(&of_sight, &entry.target(), |canvas| canvas.seen = seen);
            });
        })
        .into_js_value();
        let of_size = ids.clone();
        let on_size = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            each(&entries, |entry: ResizeObserverEntry| {
                let room = entry.content_rect();
                change(&of_size, &entry.target(), |canvas| {
                    canvas.size = (room.width(), room.height());
                    canvas.outdated = true;
                });
            });
        })
        .into_js_value();
        palette::on_change(touch_all);
        Some(Self {
            sight: IntersectionObserver::new(on_sight.unchecked_ref()).ok()?,
            size: ResizeObserver::new(on_size.unchecked_ref()).ok()?,
            ids,
            on_frame: Closure::new(on_frame),
        })
    }
}

fn each<T: wasm_bindgen::JsCast>(entries: &Array, act: impl Fn(T)) {
    for entry in entries.iter() {
        act(entry.unchecked_into());
    }
}

fn change(ids: &WeakMap, element: &Element, change: impl FnOnce(&mut Canvas)) {
    let id: JsValue = ids.get(element);
    let Some(id) = id.as_f64() else { return };
    let ask = PAINTER.with_borrow_mut(|painter| {
        if let Some(canvas) = painter.canvases.get_mut(&(id as u32)) {
            change(canvas);
        }
        painter.needs_frame()
    });
    if ask {
        ask_for_frame();
    }
}
