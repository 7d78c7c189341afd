//! Equality by replay: the same recorded answers go to the real docker command and to the bridge, and what the bridge
//! tells its viewers, in the docker command's own formats, is character for character what the docker command prints.

mod api;
mod containers;
mod events;
mod statistics;
mod table;
mod usage;
mod viewer;

use e2e::{docker::Docker, replay::Server};

const NEWER: &str = "`cargo xtask test --only docker` fetches one";

/// The docker command waits for its answers: not on a thread that gives them.
async fn run(docker: &Docker, server: &Server, arguments: &[&str]) -> String {
    let (docker, socket) = (docker.clone(), server.socket().to_owned());
    let arguments: Vec<String> = arguments
        .iter()
        .map(|&argument| argument.to_owned())
        .collect();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        docker.run(&socket, &arguments)
    })
    .await
    .expect("it runs")
}

fn docker_commands() -> Vec<Docker> {
    Docker::all().unwrap_or_else(|reason| panic!("{reason}"))
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
