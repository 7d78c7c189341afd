//! The table of what `e2e/bench/page-cost.mjs` tells.

use std::fmt::Write;

use serde_json::Value;

const PAGES: [&str; 5] = [
    "overview",
    "containers",
    "containers by cpu",
    "events",
    "container",
];
const ACTS: [&str; 3] = ["scrolling", "searching", "sorting"];

pub fn markdown(cost: &Value) -> String {
    let empty = Vec::new();
    let fleets = cost["fleets"].as_array().unwrap_or(&empty);
    let mut text =
        "\n**The page in the viewer's browser**, of the demo engine, and of a real one where it says so: milliseconds of its main thread\n\n| |".to_owned();
    for fleet in fleets {
        let real = if fleet["is_real"] == true {
            " real"
        } else {
            ""
        };
        let _ = write!(text, " {}{real} containers |", fleet["containers"]);
    }
    text += "\n| --- |";
    text += &" --: |".repeat(fleets.len());
    text.push('\n');
    let mut row = |what: &str, of: &dyn Fn(&Value) -> &Value| {
        let _ = write!(text, "| {what} |");
        for fleet in fleets {
            let _ = write!(text, " {} |", figure(of(fleet)));
        }
        text.push('\n');
    };
    row(
        "first visit, until the first row (on the clock)",
        &|fleet| &fleet["cold_load"]["first_row_wall_ms"],
    );
    row(
        "first visit, in all",
        &|fleet| &fleet["cold_load"]["task_ms"],
    );
    for page in PAGES {
        row(&format!("{page}, untouched, in a second"), &|fleet| {
            &fleet["pages"][page]["ms_per_second"]["task"]
        });
    }
    for act in ACTS {
        row(&format!("{act} the containers, longest task"), &|fleet| {
            &fleet["containers_page"][act]["longest_task_ms"]
        });
    }
    text
}

fn figure(value: &Value) -> String {
    value
        .as_f64()
        .map_or_else(|| "?".to_owned(), |figure| format!("{figure:.1}"))
}
