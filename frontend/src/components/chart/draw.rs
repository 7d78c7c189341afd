use model::chart::{Axis, Plot, Quantity, Trace, time_ticks};

use crate::browser::{
    clock,
    surface::{Align, Surface},
};

/// The runs of a trace as places on the canvas.
pub fn places(plot: &Plot, axis: &Axis, trace: &Trace) -> Vec<Vec<(f64, f64)>> {
    let (times, values) = (plot.times(), plot.values(axis));
    trace
        .runs
        .iter()
        .map(|run| {
            run.iter()
                .map(|(at, value)| (times.place(*at as f64), values.place(*value)))
                .collect()
        })
        .collect()
}

/// Where nobody watched.
fn draw_holes(surface: &Surface, plot: &Plot, trace: &Trace) {
    let times = plot.times();
    for (from, to) in &trace.holes {
        let (left, right) = (times.place(*from as f64), times.place(*to as f64));
        surface.hatch(
            left,
            plot.top,
            right - left,
            plot.bottom - plot.top,
            &surface.palette.line,
        );
    }
}

/// All that one chart shows.
pub struct Picture<'a> {
    pub quantity: Quantity,
    pub plot: Plot,
    pub axis: Axis,
    /// One for each strand of the quantity.
    pub traces: &'a [Trace],
    pub limit: Option<f64>,
    pub pointed_at: Option<u64>,
}

impl Picture<'_> {
    pub fn draw(&self, surface: &Surface) {
        self.draw_axes(surface);
        if let Some(trace) = self.traces.first() {
            draw_holes(surface, &self.plot, trace);
        }
        let Plot {
            left,
            right,
            top,
            bottom,
            ..
        } = self.plot;
        let inside = (left, top - 1.0, right - left, bottom - top + 2.0);
        surface.clipped(inside, |surface| self.draw_lines(surface));
        self.draw_limit(surface);
        self.draw_crosshair(surface);
    }

    fn draw_axes(&self, surface: &Surface) {
        let (plot, palette) = (&self.plot, surface.palette);
        let (times, values) = (plot.times(), plot.values(&self.axis));
        // where nothing is known the axis is of no values
        let known = self.traces.iter().any(|trace| !trace.runs.is_empty());
        for tick in &self.axis.ticks {
            let y = values.place(tick.value);
            surface.hairline((plot.left, y), (plot.right, y), &palette.line);
            if !known {
                continue;
            }
            // the lowest and highest words stay inside the canvas
            let y = y.clamp(6.0, (surface.height - 6.0).max(6.0));
            surface.word(
                &tick.label,
                (plot.left - 8.0, y),
                Align::Right,
                &palette.ink_quiet,
            );
        }
        let marks = time_ticks(
            plot.from_millis,
            plot.to_millis,
            plot.time_marks(),
            clock::offset_minutes(),
        );
        for mark in marks {
            let x = times.place(mark.at_millis as f64);
            surface.hairline((x, plot.bottom), (x, plot.bottom + 4.0), &palette.line);
            if x > plot.left + 16.0 && x < plot.right - 16.0 {
                surface.word(
                    &mark.label,
                    (x, plot.bottom + 12.0),
                    Align::Centre,
                    &palette.ink_quiet,
                );
            }
        }
    }

    fn draw_lines(&self, surface: &Surface) {
        let colour = surface.palette.series(self.quantity);
        for (index, trace) in self.traces.iter().enumerate() {
            for run in places(&self.plot, &self.axis, trace) {
                if index == 0 {
                    surface.area(&run, self.plot.bottom, colour, 0.14);
                }
                surface.line(&run, colour, 1.5, index > 0);
            }
        }
    }

    /// What it is the head says: a word here would lie over the line.
    fn draw_limit(&self, surface: &Surface) {
        let Some(limit) = self.limit.filter(|limit| *limit <= self.axis.top) else {
            return;
        };
        let y = self.plot.values(&self.axis).place(limit);
        let colour = &surface.palette.ink_quiet;
        surface.line(
            &[(self.plot.left, y), (self.plot.right, y)],
            colour,
            1.0,
            true,
        );
    }

    fn draw_crosshair(&self, surface: &Surface) {
        let Some(at) = self
            .pointed_at
            .filter(|at| (self.plot.from_millis..=self.plot.to_millis).contains(at))
        else {
            return;
        };
        let x = self.plot.times().place(at as f64);
        surface.hairline(
            (x, self.plot.top),
            (x, self.plot.bottom),
            &surface.palette.ink_quiet,
        );
        let values = self.plot.values(&self.axis);
        for trace in self.traces {
            let point = trace
                .runs
                .iter()
                .flatten()
                .filter(|(point_at, _)| point_at.abs_diff(at) <= super::readout::REACH_MILLIS)
                .min_by_key(|(point_at, _)| point_at.abs_diff(at));
            if let Some((_, value)) = point {
                surface.dot(
                    x,
                    values.place(*value),
                    surface.palette.series(self.quantity),
                );
            }
        }
    }
}
