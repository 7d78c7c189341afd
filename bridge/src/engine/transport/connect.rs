//! Opens connections, and meters what comes in on them.

use std::{
    fmt, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, UnixStream},
    task::AbortHandle,
};

use super::{Costs, Route};
use crate::engine::Endpoint;

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) async fn connect(endpoint: &Endpoint) -> io::Result<Box<dyn Stream>> {
    match endpoint {
        Endpoint::Unix(path) => Ok(Box::new(UnixStream::connect(path).await?)),
        Endpoint::Tcp { host, port } | Endpoint::Tls { host, port, .. } => {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
    }
}

/// The task that drives a connection; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Connection(Option<AbortHandle>);

impl Connection {
    pub fn new(task: AbortHandle) -> Self {
        Self(Some(task))
    }

    /// It ends by itself with the answer.
    pub fn detach(mut self) {
        self.0 = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}

/// Counts what is received, and ends the connection where an answer goes past its limit. The limit is kept here
/// because bollard reads whole bodies without one and takes no other body than hyper's.
pub(super) struct Metered {
    inner: Box<dyn Stream>,
    costs: Arc<Costs>,
    route: Route,
    limit: Option<usize>,
    received: usize,
    /// The first byte of a TLS record came where an HTTP answer should begin.
    seen: Arc<FirstByte>,
}

#[derive(Debug, Default)]
pub(super) struct FirstByte(AtomicU8);

impl FirstByte {
    /// A TLS alert or handshake.
    pub fn is_tls(&self) -> bool {
        matches!(self.0.load(Ordering::Relaxed), 0x15 | 0x16)
    }
}

impl Metered {
    pub fn new(
        inner: Box<dyn Stream>,
        costs: Arc<Costs>,
        route: Route,
        limit: Option<usize>,
        seen: Arc<FirstByte>,
    ) -> Self {
        Self {
            inner,
            costs,
            route,
            limit,
            received: 0,
            seen,
        }
    }
}

#[derive(Debug)]
struct OverLimit(usize);

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {} bytes", self.0)
    }
}

impl std::error::Error for OverLimit {}

/// The limit that was passed, if that is what the error tells.
pub(super) fn limit_of(error: &io::Error) -> Option<usize> {
    let over = error.get_ref()?.downcast_ref::<OverLimit>()?;
    Some(over.0)
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let new = &buffer.filled()[before..];
        if self.received == 0
            && let Some(first) = new.first()
        {
            self.seen.0.store(*first, Ordering::Relaxed);
        }
        let count = new.len();
        self.costs.count_bytes(self.route, count);
        self.received = self.received.saturating_add(count);
        match self.limit {
            Some(limit) if self.received > limit => {
                self.costs.count_too_long();
                Poll::Ready(Err(io::Error::other(OverLimit(limit))))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
