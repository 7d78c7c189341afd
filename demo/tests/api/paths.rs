//! Versions in the path, and what is not there.

use hyper::StatusCode;

use crate::common::{held, quick};

#[tokio::test]
async fn paths_take_every_version_that_the_engine_knows() {
    let served = held(quick()).await;
    for path in ["/_ping", "/v1.24/_ping", "/v1.51/_ping"] {
        let response = served.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        for (header, value) in [
            ("api-version", "1.51"),
            ("ostype", "linux"),
            ("docker-experimental", "false"),
            ("server", "Docker/28.5.2 (linux)"),
        ] {
            assert_eq!(response.headers()[header], value, "{path}");
        }
    }
    let (status, text) = served.text("/v1.99/info").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        text,
        "{\"message\":\"client version 1.99 is too new. Maximum supported API version is 1.51\"}\n"
    );
    let (status, text) = served.text("/v1.10/info").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        text.starts_with("client version 1.10 is too old. Minimum supported API version is 1.24,"),
        "{text}"
    );
    let (status, text) = served.text("/v1.51/containers/nosuch/json").await;
    assert_eq!(
        (status, text.as_str()),
        (
            StatusCode::NOT_FOUND,
            "{\"message\":\"No such container: nosuch\"}\n"
        )
    );
    assert_eq!(served.text("/nosuch").await.0, StatusCode::NOT_FOUND);
    served.stop().await;
}
