use std::cmp::Ordering;

/// Puts items in order; equal ones stay as they were.
///
/// One sort serves all types: the standard library's, made for each type and each comparison, would be a tenth of the
/// page's program.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut places, &|a, b| compare(&items[a], &items[b]));
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(
        places
            .into_iter()
            .filter_map(|place| taken.get_mut(place)?.take()),
    );
}

fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_and_equal_ones_as_they_were() {
        let mut words = vec!["pear", "fig", "apple", "date", "kiwi", "", "fig"];
        sort_by(&mut words, |a, b| a.len().cmp(&b.len()));
        assert_eq!(words, ["", "fig", "fig", "pear", "date", "kiwi", "apple"]);
        let mut none: Vec<String> = Vec::new();
        sort_by(&mut none, Ord::cmp);
        assert!(none.is_empty());
    }
}
