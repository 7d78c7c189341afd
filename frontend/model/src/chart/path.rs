use std::fmt::Write as _;

/// A place in the picture, in the page's pixels.
type Place = (f64, f64);

/// The path of lines through the places of each run, as the `d` of an SVG path: to a tenth of a pixel.
pub fn lines(runs: &[Vec<Place>]) -> String {
    let mut path = String::new();
    for run in runs {
        through(&mut path, run);
        if let [place] = run[..] {
            // a line of no length is drawn as its round end
            step(&mut path, 'L', place);
        }
    }
    path
}

/// The path around what is between the runs and `bottom`.
pub fn areas(runs: &[Vec<Place>], bottom: f64) -> String {
    let mut path = String::new();
    for run in runs {
        if let [(left, _), .., (right, _)] = run[..] {
            through(&mut path, run);
            step(&mut path, 'L', (right, bottom));
            step(&mut path, 'L', (left, bottom));
            path.push('Z');
        }
    }
    path
}

fn through(path: &mut String, run: &[Place]) {
    for (nth, place) in run.iter().enumerate() {
        step(path, if nth == 0 { 'M' } else { 'L' }, *place);
    }
}

fn step(path: &mut String, command: char, (x, y): Place) {
    path.push(command);
    tenths(path, x);
    path.push(' ');
    tenths(path, y);
}

/// Rust's own way of writing fractions is slow, and large where every byte is sent.
fn tenths(path: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as i32;
    if tenths < 0 {
        path.push('-');
    }
    let tenths = tenths.unsigned_abs();
    // writing to a string does not fail
    let _ = write!(path, "{}", tenths / 10);
    if !tenths.is_multiple_of(10) {
        let _ = write!(path, ".{}", tenths % 10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_become_paths() {
        let runs = [
            vec![(0.0, 10.0), (1.26, 0.04), (20.0, 5.55)],
            vec![(30.0, -0.5)],
            vec![],
        ];
        assert_eq!(lines(&runs), "M0 10L1.3 0L20 5.6M30 -0.5L30 -0.5");
        assert_eq!(areas(&runs, 12.5), "M0 10L1.3 0L20 5.6L20 12.5L0 12.5Z");
        assert_eq!(lines(&[]), "");
    }
}
