//! The demo engine alone: `cargo run -p daemonscope-demo --example engine -- /tmp/demo.sock 100`,
//! then `docker -H unix:///tmp/demo.sock ps`.

use std::path::PathBuf;

use daemonscope_demo::{Options, serve};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let socket = PathBuf::from(
        arguments
            .next()
            .unwrap_or_else(|| "/tmp/daemonscope-demo.sock".to_owned()),
    );
    let containers = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(Options::default().containers);
    println!("{}", socket.display());
    let cancel = CancellationToken::new();
    let ending = cancel.clone();
    tokio::spawn(async move {
        drop(tokio::signal::ctrl_c().await);
        ending.cancel();
    });
    serve(
        Options {
            containers,
            ..Options::default()
        },
        &socket,
        cancel,
    )
    .await
}
