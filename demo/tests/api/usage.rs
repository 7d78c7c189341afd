//! Readings of the disk usage.

use daemonscope_demo::{Options, Release};
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::SECOND;
use crate::common::{held, quick};

#[tokio::test]
async fn disk_usage_counts_the_same_in_both_shapes() {
    let served = held(Options {
        release: Release::V29,
        ..quick()
    })
    .await;
    let old = served.json("/v1.51/system/df").await;
    let new = served.json("/v1.52/system/df").await;
    let verbose = served.json("/v1.52/system/df?verbose=1").await;
    assert_eq!(new["LayersSize"], old["LayersSize"]);
    assert_eq!(verbose.get("LayersSize"), None);
    for (class, list) in [
        ("ImageUsage", "Images"),
        ("ContainerUsage", "Containers"),
        ("VolumeUsage", "Volumes"),
        ("BuildCacheUsage", "BuildCache"),
    ] {
        assert_eq!(new[class].get("Items"), None);
        assert_eq!(verbose[class]["Items"], old[list], "{class}");
        assert_eq!(
            new[class]["TotalCount"],
            json!(old[list].as_array().expect("a list").len()),
            "{class}"
        );
    }
    let volumes = old["Volumes"].as_array().expect("a list");
    let sum: u64 = volumes
        .iter()
        .map(|volume| volume["UsageData"]["Size"].as_u64().expect("a size"))
        .sum();
    assert_eq!(new["VolumeUsage"]["TotalSize"], json!(sum));
    let images = old["Images"].as_array().expect("a list");
    let apparent: u64 = images
        .iter()
        .map(|image| image["Size"].as_u64().expect("a size"))
        .sum();
    assert!(
        old["LayersSize"].as_u64().expect("a size") < apparent,
        "images share layers"
    );
    let only = served.json("/v1.51/system/df?type=volume").await;
    assert_eq!(
        (&only["Images"], &only["Volumes"]),
        (&Value::Null, &old["Volumes"])
    );
    served.stop().await;
}

#[tokio::test]
async fn docker_20_refuses_a_second_reading_of_the_disk() {
    let served = held(Options {
        release: Release::V20,
        usage_takes: SECOND,
        ..Options::default()
    })
    .await;
    let (one, other) = tokio::join!(served.text("/system/df"), served.text("/system/df"));
    let mut statuses = [one.0, other.0];
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR]
    );
    let refusal = if one.0 == StatusCode::OK {
        other.1
    } else {
        one.1
    };
    assert_eq!(
        refusal,
        "{\"message\":\"a disk usage operation is already running\"}\n"
    );
    served.stop().await;
}
