/// The same words, but no line ends between a figure and what makes it one: "took 0.4 s", "exit 0", "2 min 8 s".
pub fn unbroken(words: &str) -> String {
    let mut told = String::with_capacity(words.len() + 8);
    let mut before = None;
    for word in words.split(' ') {
        if let Some(before) = before {
            told.push(if belong(before, word) { '\u{a0}' } else { ' ' });
        }
        told.push_str(word);
        before = Some(word);
    }
    told
}

fn belong(one: &str, other: &str) -> bool {
    let is_figure = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let other = other.trim_end_matches([',', ';', '.', ')', ':']);
    (is_figure(one) && UNITS.contains(&other))
        || (is_figure(other) && (UNITS.contains(&one) || LEADING.contains(&one)))
}

const UNITS: [&str; 15] = [
    "ms", "s", "min", "h", "d", "day", "days", "times", "seconds", "minutes", "hours", "weeks",
    "months", "years", "restarts",
];
const LEADING: [&str; 4] = ["exit", "code", "took", "up"];

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn a_figure_stays_with_its_unit() {
        for (words, expected) in [
            ("", ""),
            ("created", "created"),
            (
                "restarted, exit 143, took 0.4 s",
                "restarted, exit_143, took_0.4_s",
            ),
            (
                "ended 4 times in 2 min 8 s, last",
                "ended 4_times in 2_min_8_s, last",
            ),
            ("exited with code 3", "exited with code_3"),
            ("up 12 s", "up_12_s"),
            (
                "3 containers removed, 1 in all",
                "3 containers removed, 1 in all",
            ),
            (" two  spaces ", " two  spaces "),
        ] {
            assert_eq!(unbroken(words).replace('\u{a0}', "_"), expected);
        }
    }
}
