use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use protocol::TlsFault;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::{fault, files::Given};
use crate::engine::transport::connect::Stream;

/// A connection by TLS whose errors say what is wrong. By TLS 1.3 the daemon looks at the bridge's certificate when the
/// bridge believes that all is well: what it thinks of it comes with the first answer.
pub struct Secured {
    inner: TlsStream<Box<dyn Stream>>,
    given: Arc<Given>,
}

#[derive(Debug)]
struct Fault(TlsFault);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::words(&self.0))
    }
}

impl std::error::Error for Fault {}

/// What is wrong with TLS, if that is what the error tells.
pub fn fault_of(error: &io::Error) -> Option<TlsFault> {
    let fault = error.get_ref()?.downcast_ref::<Fault>()?;
    Some(fault.0.clone())
}

impl Secured {
    pub fn new(inner: TlsStream<Box<dyn Stream>>, given: Arc<Given>) -> Self {
        Self { inner, given }
    }

    fn explained(&self, error: io::Error) -> io::Error {
        match fault::of_io(&error, &self.given) {
            Some(fault) => io::Error::other(Fault(fault)),
            None => error,
        }
    }

    /// A daemon that refuses us ends the connection. Where that is met by a write, its reason waits to be read.
    fn refused(&mut self, cx: &mut Context<'_>, error: io::Error) -> io::Error {
        let mut scrap = [0; 1];
        let mut scrap = ReadBuf::new(&mut scrap);
        match Pin::new(&mut self.inner).poll_read(cx, &mut scrap) {
            Poll::Ready(Err(reason)) if fault::of_io(&reason, &self.given).is_some() => {
                self.explained(reason)
            }
            _ => self.explained(error),
        }
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner)
            .poll_read(cx, buffer)
            .map_err(|error| self.explained(error))
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(cx, bytes) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(self.refused(cx, error))),
            other => other,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(self.refused(cx, error))),
            other => other,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
