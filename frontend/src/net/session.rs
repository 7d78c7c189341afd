//! One connection, from its opening to its end.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use futures_util::{SinkExt, Stream, StreamExt, stream::SplitSink};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use model::{Link, Want};
use protocol::{BUILD, ClientMsg, Encoding, LIVE_PATH, PROTOCOL, SUBPROTOCOL_POSTCARD, ServerMsg};

use super::{Net, apply::series_lots, interest};
use crate::browser::{clock, location, wake::Wake};
use crate::state::Part;

const ENCODING: Encoding = Encoding::Postcard;
/// An address that swallows packets would hold a browser for minutes.
const OPENING_MILLIS: u64 = 10_000;
/// Wishes come in bursts: one place is left and the next is entered.
const GATHER_MILLIS: u64 = 20;
/// How often silence is looked for.
const WATCH_MILLIS: u64 = 1_000;
/// A page that nobody could see for so long stops asking for what costs the daemon something.
const UNSEEN_MILLIS: u64 = 5 * 60 * 1000;
/// Figures that were due for so long: the connection is dead, whatever the browser believes.
const DEAD_MILLIS: u64 = 20_000;

/// Why a connection ended.
pub enum End {
    Lost,
    /// The bridge is of another build, which is called so.
    OtherBuild(String),
}

/// Runs one connection; gives how it ended and how long it was live.
pub async fn run(net: Net, wake: &Wake) -> (End, u64) {
    let Some(url) = location::socket_url(LIVE_PATH) else {
        return (End::Lost, 0);
    };
    let Ok(socket) = WebSocket::open_with_protocol(&url, SUBPROTOCOL_POSTCARD) else {
        return (End::Lost, 0);
    };
    let (sink, mut stream) = socket.split();
    match first(&mut stream).await {
        Some(ServerMsg::Hello(hello)) if hello.protocol == PROTOCOL && hello.build == BUILD => {}
        Some(ServerMsg::Hello(hello)) => return (End::OtherBuild(hello.build), 0),
        _ => return (End::Lost, 0),
    }
    let mut session = Session {
        net,
        sink,
        told: None,
        begun: clock::now_millis(),
        live_since: None,
    };
    session.talk(&mut stream, wake).await;
    let live_millis = session
        .live_since
        .map_or(0, |since| clock::now_millis().saturating_sub(since));
    (End::Lost, live_millis)
}

/// The first message, if it comes in time.
async fn first(stream: &mut Messages) -> Option<ServerMsg> {
    let mut late = pin!(clock::sleep_millis(OPENING_MILLIS));
    let message = poll_fn(|context| {
        if late.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        stream.poll_next_unpin(context)
    })
    .await?;
    decode(message)
}

type Messages = futures_util::stream::SplitStream<WebSocket>;

fn decode(message: Result<Message, WebSocketError>) -> Option<ServerMsg> {
    match message {
        Ok(Message::Bytes(bytes)) => ENCODING.decode(&bytes).ok(),
        _ => None,
    }
}

struct Session {
    net: Net,
    sink: SplitSink<WebSocket, Message>,
    /// What the bridge believes that the page looks at.
    told: Option<Want>,
    begun: u64,
    live_since: Option<u64>,
}

/// What the page looks at, if somebody looks at the page.
fn want_now(net: Net, wake: &Wake) -> Want {
    let want = net.outbox.want();
    if wake.hidden_millis() < UNSEEN_MILLIS {
        return want;
    }
    Want {
        events: want.events,
        ..Want::default()
    }
}

enum Turn {
    Message(Option<Result<Message, WebSocketError>>),
    Wish,
    Watch,
    Woken,
}

impl Session {
    /// Until the connection ends, or is given up.
    async fn talk(&mut self, stream: &mut Messages, wake: &Wake) {
        if self.tell_wishes(wake).await.is_none() {
            return;
        }
        let mut watch = Box::pin(clock::sleep_millis(WATCH_MILLIS));
        loop {
            match turn(stream, self.net, watch.as_mut(), wake).await {
                Turn::Message(Some(message)) => {
                    // one that cannot be read means that the two ends do not understand each other: begin anew
                    let Some(message) = decode(message) else {
                        return;
                    };
                    self.net.apply(message);
                    self.net.top_up(self.told.unwrap_or_default());
                    if self.live_since.is_none() && self.net.connection.link() == Link::Live {
                        self.live_since = Some(clock::now_millis());
                    }
                }
                Turn::Message(None) => return,
                Turn::Wish => {
                    clock::sleep_millis(GATHER_MILLIS).await;
                    if self.tell_wishes(wake).await.is_none() {
                        return;
                    }
                }
                Turn::Watch => {
                    watch = Box::pin(clock::sleep_millis(WATCH_MILLIS));
                    self.net.watch_silence(self.told.unwrap_or_default());
                    let unanswered = clock::now_millis().saturating_sub(self.begun);
                    if self.net.silent_millis() > DEAD_MILLIS
                        || (self.live_since.is_none() && unanswered > OPENING_MILLIS)
                    {
                        return;
                    }
                    if self.told != Some(want_now(self.net, wake))
                        && self.tell_wishes(wake).await.is_none()
                    {
                        return;
                    }
                }
                // the network is another one, or the machine slept: nobody knows whether the old connection still lives
                Turn::Woken => return,
            }
        }
    }

    /// Sends what changed since it was last told. `None` when the connection does not take it.
    async fn tell_wishes(&mut self, wake: &Wake) -> Option<()> {
        let want = want_now(self.net, wake);
        if self.told != Some(want) {
            self.told = Some(want);
            self.net.connection.await_figures(None);
            let interest = interest::to_wire(want, self.net.timeline.live.last());
            self.send(&ClientMsg::Interest(interest)).await?;
            self.net.top_up(want);
        }
        for lot in series_lots(self.net.outbox.take_series()) {
            self.send(&ClientMsg::Series(lot)).await?;
        }
        for older in self.net.outbox.take_older() {
            let limit = older.limit;
            self.send(&match older.part {
                Part::Before(seq) => ClientMsg::EventsBefore { seq, limit },
                Part::Until(until_millis) => ClientMsg::EventsUntil {
                    until_millis,
                    limit,
                },
            })
            .await?;
        }
        if let Some(question) = self.net.outbox.take_count() {
            self.send(&ClientMsg::Histogram(interest::count_to_wire(question)))
                .await?;
        }
        Some(())
    }

    async fn send(&mut self, message: &ClientMsg) -> Option<()> {
        let bytes = ENCODING.encode(message);
        self.sink.send(Message::Bytes(bytes)).await.ok()
    }
}

/// What happens next; messages first, since the browser's queue of them has no bound.
async fn turn(
    stream: &mut Messages,
    net: Net,
    mut watch: Pin<&mut impl Future<Output = ()>>,
    wake: &Wake,
) -> Turn {
    let mut wished = pin!(net.outbox.changed());
    let mut seen = pin!(wake.seen());
    let mut woken = pin!(wake.online());
    poll_fn(|context| {
        if let Poll::Ready(message) = Pin::new(&mut *stream).poll_next(context) {
            return Poll::Ready(Turn::Message(message));
        }
        if wished.as_mut().poll(context).is_ready() || seen.as_mut().poll(context).is_ready() {
            return Poll::Ready(Turn::Wish);
        }
        if watch.as_mut().poll(context).is_ready() {
            return Poll::Ready(Turn::Watch);
        }
        if woken.as_mut().poll(context).is_ready() {
            return Poll::Ready(Turn::Woken);
        }
        Poll::Pending
    })
    .await
}
