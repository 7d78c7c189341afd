//! `/metrics`, read by a parser that is not ours.
#![allow(clippy::unwrap_used)] // a helper of a test is a test

mod demo_engine;
mod document;
mod figures;
mod scrape;
#[path = "../engine/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "a part of it is used")]
mod support;
#[path = "../web_support/mod.rs"]
mod web_support;

use std::net::SocketAddr;

use daemonscope::{Bridge, Config, Source, engine::Endpoint, log::Filter, store, web::Site};

async fn watching(endpoint: &str) -> Bridge {
    watching_and_keeping(endpoint, None).await
}

async fn watching_and_keeping(endpoint: &str, data: Option<store::Options>) -> Bridge {
    let config = Config {
        source: Source::Engine(Endpoint::parse(endpoint).unwrap()),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        log: Filter::parse("warn").unwrap(),
        data,
    };
    daemonscope::start_with(config, Site::default())
        .await
        .unwrap()
}
