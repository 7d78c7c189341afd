//! Connections that end badly on request: torn in the middle of a piece, or reset.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::engine::Engine;

/// A socket that can be closed so that the other side sees it as reset.
pub trait Reset: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn readable(&self) -> impl Future<Output = io::Result<()>> + Send;

    /// To be called just before it is dropped.
    fn will_reset(&self);
}

impl Reset for TcpStream {
    async fn readable(&self) -> io::Result<()> {
        TcpStream::readable(self).await
    }

    fn will_reset(&self) {
        // Where that fails the connection is closed all the same.
        drop(self.set_zero_linger());
    }
}

impl Reset for UnixStream {
    async fn readable(&self) -> io::Result<()> {
        UnixStream::readable(self).await
    }

    /// The kernel does it by itself where something that came is not read.
    fn will_reset(&self) {}
}

/// Takes connections, with the faults that were asked for.
pub struct Gate<L> {
    pub listener: L,
    pub engine: Engine,
}

impl<L: Listener<Io: Reset>> Listener for Gate<L> {
    type Io = Connection<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, address) = self.listener.accept().await;
            let faults = self.engine.faults();
            if !faults.resets_new() {
                return (
                    Connection::new(socket, faults.tearer(), faults.resetter()),
                    address,
                );
            }
            tokio::spawn(async move {
                // With a request that nobody read there is something to reset; who sends none is just let go.
                drop(socket.readable().await);
                socket.will_reset();
            });
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

pub struct Connection<S> {
    socket: S,
    tear: CancellationToken,
    torn: bool,
    reset: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S: Reset> Connection<S> {
    fn new(socket: S, tear: CancellationToken, reset: CancellationToken) -> Self {
        Self {
            socket,
            tear,
            torn: false,
            reset: Box::pin(reset.cancelled_owned()),
        }
    }

    fn poll_reset(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.reset.as_mut().poll(context).is_ready() {
            self.socket.will_reset();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl<S: Reset> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_reset(context)?;
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl<S: Reset> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        piece: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_reset(context)?;
        if self.torn {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let tears = self.tear.is_cancelled();
        let until = if tears {
            piece.len().div_ceil(2)
        } else {
            piece.len()
        };
        let written = ready!(Pin::new(&mut self.socket).poll_write(context, &piece[..until]))?;
        self.torn = tears;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
