//! What is exported is what the engines sent.

mod common;

use daemonscope_timeline::export::{Shape, csv, ndjson};
use serde_json::Value;

const CAPTURES: [&str; 3] = [
    include_str!("../../bridge/tests/captures/v20/events.ndjson"),
    include_str!("../../bridge/tests/captures/v28/events.ndjson"),
    include_str!("filter/events.ndjson"),
];

#[test]
fn an_export_is_what_the_engine_sent() {
    for lines in CAPTURES {
        let entries = common::entries(lines);
        let text = ndjson(entries.iter().map(AsRef::as_ref), Shape::Legacy);
        assert_eq!(text.lines().count(), lines.lines().count());
        for (exported, sent) in text.lines().zip(lines.lines()) {
            assert_eq!(exported, sent);
        }
    }
}

#[test]
fn a_newer_engine_sends_no_legacy_fields() {
    let entries = common::entries(CAPTURES[1]);
    let text = ndjson(entries.iter().map(AsRef::as_ref), Shape::Plain);
    for (exported, sent) in text.lines().zip(CAPTURES[1].lines()) {
        let exported: Value = serde_json::from_str(exported).expect("JSON");
        let mut sent: Value = serde_json::from_str(sent).expect("JSON");
        for legacy in ["status", "id", "from"] {
            sent.as_object_mut().expect("an object").remove(legacy);
        }
        assert_eq!(exported, sent);
    }
}

#[test]
fn a_table_has_a_line_of_ten_cells_for_each_event() {
    let entries = common::entries(CAPTURES[1]);
    let text = csv(entries.iter().map(AsRef::as_ref));
    assert_eq!(text.matches("\r\n").count(), entries.len() + 1);
    for line in text.lines() {
        // none of the captured cells has a comma or a quote but the daemon's own settings
        if !line.contains('"') {
            assert_eq!(line.matches(',').count(), 9, "{line}");
        }
    }
}
