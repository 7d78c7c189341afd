//! `docker system df`.

use e2e::replay::{Answers, Capture, Server, written};
use model::format;
use protocol::{Interest, Usage, UsageClass};
use serde_json::Value;

use crate::{docker_commands, run, table::table, viewer::told, words};

#[tokio::test(flavor = "multi_thread")]
async fn docker_system_df_prints_our_usage() {
    for capture in Capture::ALL {
        let server = Server::start(capture.answers());
        let interest = Interest {
            usage: true,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| told.usage.is_some()).await;
        let usage = told.usage.expect("it was waited for");

        let rows = usage_rows(&usage);
        for docker in docker_commands() {
            let printed = run(&docker, &server, &["system", "df"]).await;
            // until 24 it took the size of images from a field that engines since 25 do not send
            if docker.major < 25 && capture.major() >= 25 {
                let but_images = |text: &str| -> Vec<String> {
                    text.lines()
                        .filter(|line| !line.starts_with(UsageClass::Images.word()))
                        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                        .collect()
                };
                assert_eq!(
                    but_images(&printed),
                    but_images(&table(&rows)),
                    "{docker:?}"
                );
            } else {
                assert_eq!(printed, table(&rows), "{capture:?} {docker:?}");
            }
        }
    }
}

fn usage_rows(usage: &Usage) -> Vec<Vec<String>> {
    let mut rows = vec![words(&["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"])];
    rows.extend(usage.rows.iter().map(|row| {
        vec![
            row.class.word().to_owned(),
            row.total.expect("it is known").to_string(),
            row.active.expect("it is known").to_string(),
            format::human_size(row.size_bytes.expect("it is known") as f64),
            format::reclaimable(row).expect("it is known"),
        ]
    }));
    rows
}

/// What a docker command before 29 makes of lists with sizes that the daemon does not know, of no lists, and of figures
/// that are left out or null.
#[tokio::test(flavor = "multi_thread")]
async fn docker_system_df_prints_our_usage_of_written_answers() {
    for file in [
        "df-null.json",
        "df-left-out.json",
        "df-unknown.json",
        "df-1.52.json",
    ] {
        let mut answer: Value = serde_json::from_slice(&written(file)).expect("JSON");
        let lists = answer.as_object_mut().expect("an object");
        lists.retain(|name, _| !name.ends_with("Usage"));
        if let Some(Value::Array(volumes)) = lists.get_mut("Volumes") {
            // at volumes without usage data these docker commands crash
            volumes.retain(|volume| !volume["UsageData"].is_null());
        }
        let mut answers = Answers::of_nothing();
        answers.usage = answer.to_string().into_bytes();
        let server = Server::start(answers);
        let interest = Interest {
            usage: true,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| told.usage.is_some()).await;
        let rows = usage_rows(&told.usage.expect("it was waited for"));
        let mut compared = 0;
        for docker in docker_commands() {
            // those before 25 take the size of images from elsewhere, those since 29 have another rule
            if (25..29).contains(&docker.major) {
                let printed = run(&docker, &server, &["system", "df"]).await;
                assert_eq!(printed, table(&rows), "{file} {docker:?}");
                compared += 1;
            }
        }
        assert!(
            compared > 0,
            "{file}: needs a docker command of releases 25 to 28; {}",
            crate::NEWER
        );
    }
}
