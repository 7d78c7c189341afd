//! The table of `docs/metrics.md`, against what is served.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::rare_families;

/// Type and labels of a metric.
type Row = (String, BTreeSet<String>);

/// The rows that begin with a metric's name: `| `name` | type | `label`, `label` | … |`.
fn table(document: &str) -> BTreeMap<String, Row> {
    document
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, kind, labels, help] = cells[..] else {
                panic!("a row of four cells: {line}");
            };
            assert!(!help.is_empty(), "{line}");
            let labels = labels.split('`').skip(1).step_by(2).map(str::to_owned);
            (
                name.trim_matches('`').to_owned(),
                (kind.to_owned(), labels.collect()),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_metric_is_documented_and_every_documented_one_is_there() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");
    let documented = table(&std::fs::read_to_string(path).unwrap());
    let mut served: BTreeMap<String, Row> = BTreeMap::new();
    for scrape in rare_families().await {
        for (name, family) in scrape.families {
            served.insert(name, (family.kind.to_owned(), family.labels));
        }
    }
    let names = |rows: &BTreeMap<String, Row>| rows.keys().cloned().collect::<BTreeSet<_>>();
    let (in_document, in_output) = (names(&documented), names(&served));
    let missing: Vec<_> = in_output.difference(&in_document).collect();
    assert!(missing.is_empty(), "not in docs/metrics.md: {missing:#?}");
    let gone: Vec<_> = in_document.difference(&in_output).collect();
    assert!(gone.is_empty(), "only in docs/metrics.md: {gone:#?}");
    assert_eq!(documented, served);
}
