//! All drawings of the page are drawn in one pass before a frame: only those that are on screen and out of date.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use js_sys::{Array, WeakMap};
use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver, ResizeObserverEntry,
};

use super::{frame, palette, palette::Palette};

thread_local! {
    static PAINTER: RefCell<Painter> = RefCell::default();
    /// One of each for all drawings. Made by the first one, apart from the painter: they call back into it.
    static WATCH: OnceCell<Option<Watch>> = const { OnceCell::new() };
}

/// A drawing among those that are kept up to date. Give it back with [`remove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DrawingId(u32);

#[derive(Default)]
struct Painter {
    drawings: HashMap<u32, Drawing>,
    next: u32,
    awaits_frame: bool,
}

/// Draws into so much room, in the page's pixels.
type Draw = dyn Fn((f64, f64), &Palette);

struct Drawing {
    element: Element,
    draw: Rc<Draw>,
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

/// Draws `element` by `draw` as soon as it is seen, whenever its size or the theme changes, and after [`touch`].
pub fn add(element: &Element, draw: impl Fn((f64, f64), &Palette) + 'static) -> DrawingId {
    let id = PAINTER.with_borrow_mut(|painter| {
        painter.next += 1;
        painter.drawings.insert(
            painter.next,
            Drawing {
                element: element.clone(),
                draw: Rc::new(draw),
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
    DrawingId(id)
}

pub fn remove(DrawingId(id): DrawingId) {
    let removed = PAINTER.with_borrow_mut(|painter| painter.drawings.remove(&id));
    if let Some(drawing) = removed {
        with_watch(|watch| {
            watch.sight.unobserve(&drawing.element);
            watch.size.unobserve(&drawing.element);
        });
    }
}

/// What this drawing shows has changed.
pub fn touch(DrawingId(id): DrawingId) {
    outdate(|key, _| *key == id);
}

/// What all drawings show has changed.
pub fn touch_all() {
    outdate(|_, _| true);
}

/// [`touch_all`], drawn in a frame in which nothing else is done that is costly.
pub fn touch_all_soon() {
    frame::soon("drawings", || {
        PAINTER.with_borrow_mut(|painter| {
            for drawing in painter.drawings.values_mut() {
                drawing.outdated = true;
            }
        });
        on_frame();
    });
}

fn outdate(which: impl Fn(&u32, &Drawing) -> bool) {
    let ask = PAINTER.with_borrow_mut(|painter| {
        for (id, drawing) in &mut painter.drawings {
            if which(id, drawing) {
                drawing.outdated = true;
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
        let needed = !self.awaits_frame && self.drawings.values().any(Drawing::is_due);
        self.awaits_frame |= needed;
        needed
    }
}

impl Drawing {
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
    // drawing may run anything that the page does, so the painter is not held meanwhile
    let due: Vec<_> = PAINTER.with_borrow_mut(|painter| {
        painter.awaits_frame = false;
        painter
            .drawings
            .values_mut()
            .filter(|drawing| drawing.is_due())
            .map(|drawing| {
                drawing.outdated = false;
                (drawing.size, Rc::clone(&drawing.draw))
            })
            .collect()
    });
    let palette = Palette::read();
    for (size, draw) in due {
        draw(size, &palette);
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
                change(&of_sight, &entry.target(), |drawing| drawing.seen = seen);
            });
        })
        .into_js_value();
        let of_size = ids.clone();
        let on_size = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            each(&entries, |entry: ResizeObserverEntry| {
                let room = entry.content_rect();
                change(&of_size, &entry.target(), |drawing| {
                    drawing.size = (room.width(), room.height());
                    drawing.outdated = true;
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

fn change(ids: &WeakMap, element: &Element, change: impl FnOnce(&mut Drawing)) {
    let id: JsValue = ids.get(element);
    let Some(id) = id.as_f64() else { return };
    let ask = PAINTER.with_borrow_mut(|painter| {
        if let Some(drawing) = painter.drawings.get_mut(&(id as u32)) {
            change(drawing);
        }
        painter.needs_frame()
    });
    if ask {
        ask_for_frame();
    }
}
