//! A canvas as an instrument draws on it: sharp lines, round strokes, hatching.

use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::palette::Palette;

/// A cleared canvas, measured in the page's pixels whatever the screen's are.
pub struct Surface<'a> {
    pub width: f64,
    pub height: f64,
    pub palette: &'a Palette,
    context: CanvasRenderingContext2d,
}

/// On which side of a place a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Centre,
}

impl<'a> Surface<'a> {
    /// `None` where the canvas has no room or cannot be drawn on.
    pub fn of(
        canvas: &HtmlCanvasElement,
        (width, height): (f64, f64),
        palette: &'a Palette,
    ) -> Option<Self> {
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let ratio = web_sys::window()?.device_pixel_ratio();
        let pixels = |length: f64| (length * ratio).round() as u32;
        // setting a size clears even when it is the same, and costs more than clearing
        if canvas.width() != pixels(width) || canvas.height() != pixels(height) {
            canvas.set_width(pixels(width));
            canvas.set_height(pixels(height));
        }
        context
            .set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)
            .ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        context.set_line_join("round");
        context.set_global_alpha(1.0);
        Some(Self {
            width,
            height,
            palette,
            context,
        })
    }

    /// A line through `points`. One point alone is a dot.
    pub fn line(&self, points: &[(f64, f64)], colour: &str, thickness: f64, dashed: bool) {
        let Some(((x, y), rest)) = points.split_first() else {
            return;
        };
        if rest.is_empty() {
            self.context.set_fill_style_str(colour);
            self.context.fill_rect(
                x - thickness / 2.0,
                y - thickness / 2.0,
                thickness,
                thickness,
            );
            return;
        }
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(thickness);
        self.dash(if dashed { &[3.0, 3.0] } else { &[] });
        self.context.begin_path();
        self.context.move_to(*x, *y);
        for (x, y) in rest {
            self.context.line_to(*x, *y);
        }
        self.context.stroke();
        if dashed {
            self.dash(&[]);
        }
    }

    /// The area between `points` and the ground at `bottom`.
    pub fn area(&self, points: &[(f64, f64)], bottom: f64, colour: &str, alpha: f64) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return;
        };
        self.context.set_fill_style_str(colour);
        self.context.set_global_alpha(alpha);
        self.context.begin_path();
        self.context.move_to(first.0, bottom);
        for (x, y) in points {
            self.context.line_to(*x, *y);
        }
        self.context.line_to(last.0, bottom);
        self.context.close_path();
        self.context.fill();
        self.context.set_global_alpha(1.0);
    }

    /// A hairline, on whole pixels so that it is sharp.
    pub fn hairline(&self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let sharp = |place: f64| place.floor() + 0.5;
        self.line(
            &[(sharp(from.0), sharp(from.1)), (sharp(to.0), sharp(to.1))],
            colour,
            1.0,
            false,
        );
    }

    pub fn rect(&self, left: f64, top: f64, width: f64, height: f64, colour: &str) {
        self.context.set_fill_style_str(colour);
        self.context.fill_rect(left, top, width, height);
    }

    /// A veil over what is drawn there.
    pub fn shade(&self, left: f64, top: f64, width: f64, height: f64, colour: &str) {
        self.context.set_global_alpha(0.75);
        self.rect(left, top, width, height, colour);
        self.context.set_global_alpha(1.0);
    }

    /// Diagonal lines: nothing is known here.
    pub fn hatch(&self, left: f64, top: f64, width: f64, height: f64, colour: &str) {
        const GAP: f64 = 6.0;
        if width < 1.0 {
            return;
        }
        self.context.save();
        self.context.begin_path();
        self.context.rect(left, top, width, height);
        self.context.clip();
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(1.0);
        self.context.begin_path();
        // from a place that does not move with the hole, so that the lines stand still while it grows
        let mut x = ((left - height) / GAP).floor() * GAP;
        while x < left + width {
            self.context.move_to(x, top + height);
            self.context.line_to(x + height, top);
            x += GAP;
        }
        self.context.stroke();
        self.context.restore();
    }

    /// Keeps what `draw` draws inside a rectangle.
    pub fn clipped(
        &self,
        (left, top, width, height): (f64, f64, f64, f64),
        draw: impl FnOnce(&Self),
    ) {
        self.context.save();
        self.context.begin_path();
        self.context.rect(left, top, width, height);
        self.context.clip();
        draw(self);
        self.context.restore();
    }

    /// A word, centred in height on `y`.
    pub fn word(&self, word: &str, (x, y): (f64, f64), align: Align, colour: &str) {
        self.context
            .set_font(&format!("11px {}", self.palette.face));
        self.context.set_text_baseline("middle");
        self.context.set_text_align(match align {
            Align::Left => "left",
            Align::Right => "right",
            Align::Centre => "center",
        });
        // a rim of the ground keeps a word readable where a line runs through it
        self.context.set_stroke_style_str(&self.palette.panel);
        self.context.set_line_width(3.0);
        self.context.stroke_text(word, x, y).ok();
        self.context.set_fill_style_str(colour);
        // a canvas that refuses a word has lost nothing that is not also in the text beside it
        self.context.fill_text(word, x, y).ok();
    }

    pub fn dot(&self, x: f64, y: f64, colour: &str) {
        self.context.set_fill_style_str(&self.palette.panel);
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(1.5);
        self.context.begin_path();
        if self
            .context
            .arc(x, y, 3.0, 0.0, std::f64::consts::TAU)
            .is_ok()
        {
            self.context.fill();
            self.context.stroke();
        }
    }

    fn dash(&self, pattern: &[f64]) {
        let array = js_sys::Array::new();
        for length in pattern {
            array.push(&(*length).into());
        }
        self.context.set_line_dash(&array).ok();
    }
}
