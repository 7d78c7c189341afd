/// Of lines that are put in a new order those that may stay where they are, while the others are put between them: as
/// many as can be. `before` gives each line's place in the order before, if it had one.
pub fn staying(before: &[Option<usize>]) -> Vec<bool> {
    // the longest chain of lines whose places rise, by the last of each length
    let mut ends: Vec<usize> = Vec::new();
    let mut links = vec![None; before.len()];
    for (line, place) in before.iter().enumerate() {
        let Some(place) = place else {
            continue;
        };
        let length = ends.partition_point(|end| before[*end].is_some_and(|end| end < *place));
        links[line] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = line,
            None => ends.push(line),
        }
    }
    let mut stays = vec![false; before.len()];
    let mut last = ends.last().copied();
    while let Some(line) = last {
        stays[line] = true;
        last = links[line];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_lines_as_can_be_leave_their_places() {
        let cases: [(&str, &[Option<usize>], &str); 9] = [
            ("none", &[], ""),
            ("all new", &[None, None], "++"),
            ("unchanged", &[Some(0), Some(1), Some(2)], "==="),
            ("some before", &[None, None, Some(0), Some(1)], "++=="),
            ("some between", &[Some(0), None, None, Some(1)], "=++="),
            ("some gone", &[Some(3), Some(4), Some(9)], "==="),
            (
                "the last to the top",
                &[Some(3), Some(0), Some(1), Some(2)],
                "+===",
            ),
            (
                "the first to the end",
                &[Some(1), Some(2), Some(3), Some(0)],
                "===+",
            ),
            (
                "two changed places",
                &[Some(0), Some(2), Some(1), None, Some(3)],
                "=+=+=",
            ),
        ];
        for (case, before, wanted) in cases {
            let stays = staying(before);
            let told: String = stays
                .iter()
                .map(|stays| if *stays { '=' } else { '+' })
                .collect();
            assert_eq!(told, wanted, "{case}");
        }
    }
}
