use protocol::{UsageClass, UsageRow};

use super::size::human_size;

/// `RECLAIMABLE` of `docker system df`: the share is cut off, not rounded, and left out where there is nothing
/// to be a share of, and always for the build cache.
pub fn reclaimable(row: &UsageRow) -> Option<String> {
    let bytes = row.reclaimable_bytes?;
    let words = human_size(bytes as f64);
    Some(match row.size_bytes {
        Some(size) if size > 0 && row.class != UsageClass::BuildCache => {
            let share = i128::from(bytes) * 100 / i128::from(size);
            format!("{words} ({share}%)")
        }
        _ => words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_docker_command_prints_it() {
        for (class, size_bytes, reclaimable_bytes, expected) in [
            (UsageClass::Images, 20_989_865, 15_861_881, "15.86MB (75%)"),
            (UsageClass::Images, 11_078_564, 11_078_564, "11.08MB (100%)"),
            (UsageClass::Images, 1_000, 999, "999B (99%)"),
            (UsageClass::Images, 1_000, -15, "-15B (-1%)"),
            (UsageClass::Containers, 0, 0, "0B"),
            (UsageClass::Containers, -5, -5, "-5B"),
            (UsageClass::LocalVolumes, 4_194_304, 0, "0B (0%)"),
            (UsageClass::BuildCache, 100, 40, "40B"),
            (UsageClass::Images, i64::MAX, i64::MAX, "9.223EB (100%)"),
        ] {
            let row = row(class, Some(size_bytes), Some(reclaimable_bytes));
            assert_eq!(reclaimable(&row).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_not_known_is_no_figure_and_no_share() {
        let of = |size, bytes| reclaimable(&row(UsageClass::Images, size, bytes));
        assert_eq!(of(Some(1_000), None), None);
        assert_eq!(of(None, Some(15)).as_deref(), Some("15B"));
    }

    fn row(class: UsageClass, size_bytes: Option<i64>, reclaimable_bytes: Option<i64>) -> UsageRow {
        UsageRow {
            class,
            total: Some(1),
            active: Some(0),
            size_bytes,
            reclaimable_bytes,
        }
    }
}
