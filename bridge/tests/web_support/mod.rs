//! A bridge in this process, and a client that says exactly what a test wants said.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::net::SocketAddr;

use bytes::Bytes;
use daemonscope::{Bridge, Config, Source, engine::Endpoint, log::Filter, store, web::Site};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const NOWHERE: &str = "unix:///nowhere/docker.sock";

/// A bridge whose daemon is not there.
pub async fn bridge() -> Bridge {
    watching(NOWHERE).await
}

pub async fn bridge_with(site: Site) -> Bridge {
    start(NOWHERE, site, None).await
}

pub async fn watching(endpoint: &str) -> Bridge {
    start(endpoint, Site::default(), None).await
}

/// Its timeline is on disk.
pub async fn keeping(endpoint: &str, data: store::Options) -> Bridge {
    start(endpoint, Site::default(), Some(data)).await
}

async fn start(endpoint: &str, site: Site, data: Option<store::Options>) -> Bridge {
    let config = Config {
        source: Source::Engine(Endpoint::parse(endpoint).unwrap()),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        log: Filter::parse("warn").unwrap(),
        data,
    };
    daemonscope::start_with(config, site).await.unwrap()
}

pub fn site(files: &[(&str, &str)]) -> Site {
    Site::new(files.iter().map(|&(path, content)| {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&(content.len() as u64).to_be_bytes());
        (
            path.to_owned(),
            Bytes::copy_from_slice(content.as_bytes()),
            hash,
        )
    }))
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// `GET target` with these lines of the head, and a true Host unless they name one.
pub async fn get(bridge: &Bridge, target: &str, lines: &[&str]) -> Answer {
    ask(bridge, "GET", target, lines).await
}

pub async fn ask(bridge: &Bridge, method: &str, target: &str, lines: &[&str]) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    let has_host = lines
        .iter()
        .any(|line| line.to_lowercase().starts_with("host:"));
    if !has_host {
        request += &format!("Host: {}\r\n", bridge.address());
    }
    for line in lines {
        request += &format!("{line}\r\n");
    }
    request += "\r\n";
    let mut stream = TcpStream::connect(bridge.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
