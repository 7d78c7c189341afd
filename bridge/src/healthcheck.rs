//! `daemonscope healthcheck`: asks a bridge that runs how it is, for images without another client.

use std::{fmt, io, net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};

/// Shorter than docker's own patience with a health check.
const PATIENCE: Duration = Duration::from_secs(5);
const MAX_BODY: usize = 64 * 1024;

/// What a bridge says of itself; its `Display` is one sentence.
#[derive(Debug)]
pub struct Healthy {
    address: SocketAddr,
    state: String,
    message: Option<String>,
}

/// Why there is no bridge that serves; its `Display` says what to do.
#[derive(Debug)]
pub struct Unhealthy {
    address: SocketAddr,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Connect(io::Error),
    Silent,
    /// It ended the connection, or speaks something else.
    NotHttp,
    Status(StatusCode),
    /// Its answer is not that of a bridge.
    NotOurs,
}

/// Whether a bridge serves at this address. That its daemon is away is no illness of the bridge.
pub async fn ask(address: SocketAddr) -> Result<Healthy, Unhealthy> {
    let asked = timeout(PATIENCE, state(address)).await;
    match asked.unwrap_or(Err(Why::Silent)) {
        Ok((state, message)) => Ok(Healthy {
            address,
            state,
            message,
        }),
        Err(why) => Err(Unhealthy { address, why }),
    }
}

async fn state(address: SocketAddr) -> Result<(String, Option<String>), Why> {
    let stream = TcpStream::connect(address).await.map_err(Why::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Why::NotHttp)?;
    // It ends with the answer, or with the program.
    tokio::spawn(connection);
    let request = Request::get("/healthz")
        .header(header::HOST, address.to_string())
        .body(Empty::<Bytes>::new())
        .map_err(|_| Why::NotHttp)?;
    let answer = sender
        .send_request(request)
        .await
        .map_err(|_| Why::NotHttp)?;
    if answer.status() != StatusCode::OK {
        return Err(Why::Status(answer.status()));
    }
    let body = Limited::new(answer.into_body(), MAX_BODY)
        .collect()
        .await
        .map_err(|_| Why::NotOurs)?
        .to_bytes();
    let body: Value = serde_json::from_slice(&body).map_err(|_| Why::NotOurs)?;
    let text = |name: &str| body["daemon"][name].as_str().map(str::to_owned);
    let state = text("state").ok_or(Why::NotOurs)?;
    Ok((state, text("message")))
}

impl fmt::Display for Healthy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the bridge on {} serves, ", self.address)?;
        match (self.state.as_str(), &self.message) {
            ("live", _) => f.write_str("and the daemon answers"),
            ("connecting", _) => f.write_str("and is connecting to the daemon"),
            (_, Some(message)) => write!(
                f,
                "but the daemon does not answer: {}",
                message.trim_end_matches('.')
            ),
            (_, None) => f.write_str("but the daemon does not answer"),
        }
    }
}

impl fmt::Display for Unhealthy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address;
        match &self.why {
            Why::Connect(error) if error.kind() == io::ErrorKind::ConnectionRefused => write!(
                f,
                "no bridge listens on {address}; `--listen` (or DAEMONSCOPE_LISTEN) must say where it does"
            ),
            Why::Connect(error) => write!(
                f,
                "{address} cannot be reached ({error}); `--listen` (or DAEMONSCOPE_LISTEN) must say where the bridge \
                 listens"
            ),
            Why::Silent => write!(
                f,
                "what listens on {address} did not answer within {} s",
                PATIENCE.as_secs()
            ),
            Why::NotHttp | Why::NotOurs => write!(
                f,
                "what listens on {address} is not a daemonscope of this version; `--listen` (or DAEMONSCOPE_LISTEN) \
                 must say where the bridge listens"
            ),
            Why::Status(status) => write!(
                f,
                "what listens on {address} answered with status {}",
                status.as_u16()
            ),
        }
    }
}

impl std::error::Error for Unhealthy {}
