use std::{future::pending, time::Duration};

use axum::extract::ws::{CloseFrame, Message, close_code};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use protocol::{
    BUILD, CLOSE_OTHER_PROTOCOL, ClientMsg, Encoding, Hello, HistogramFrame, HistogramWanted,
    MAX_FILTER_BYTES, PROTOCOL, Refusal, ServerMsg,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{histogram, message};
use crate::hub::{Attached, Ended, Hub};

/// A viewer that takes no frame for so long is gone.
const WRITE_PATIENCE: Duration = Duration::from_secs(60);
/// How often a viewer must give a sign of life, and how long one may be missing.
const PING_EVERY: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(75);
/// How long the other end has to agree to the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// A viewer that says more than this in a second is heard again in the next one.
const MESSAGES_A_SECOND: u32 = 50;
/// So many frames are written before the viewer is listened to again.
const FRAMES_AT_ONCE: usize = 32;

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Left,
    OtherProtocol,
    /// It broke the rules of WebSocket, or sent more at once than it may.
    Unreadable,
    TooSlow,
    Silent,
    Stopping,
}

/// Both directions of a WebSocket.
pub trait Socket<E>: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin {}
impl<E, S: Stream<Item = Result<Message, E>> + Sink<Message, Error = E> + Unpin> Socket<E> for S {}

/// So many viewers' questions are answered at once; others wait.
static COUNTING: Semaphore = Semaphore::const_new(2);

/// The question of a viewer that is being answered, by a task of its own: it does not wait for what the viewer takes. A new
/// question takes its place.
pub(super) type Counting = Option<(
    HistogramWanted,
    AbortOnDropHandle<Result<HistogramFrame, Ended>>,
)>;

/// Serves one viewer until one of the two ends.
pub async fn serve<E>(
    socket: &mut impl Socket<E>,
    encoding: Encoding,
    hub: &Hub,
    cancel: &CancellationToken,
) -> Ending {
    let Ok(mut viewer) = hub.attach(encoding).await else {
        return Ending::Stopping;
    };
    if let Err(ending) = write(socket, hello(encoding)).await {
        return ending;
    }
    let mut heard = Instant::now();
    let mut hearing = Hearing::new();
    let mut counting: Counting = None;
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings.reset();
    loop {
        let step = tokio::select! {
            () = cancel.cancelled() => return Ending::Stopping,
            frame = viewer.next() => match frame {
                None => return Ending::Stopping,
                Some(frame) => tokio::select! {
                    () = cancel.cancelled() => return Ending::Stopping,
                    written = pass_on(socket, frame, &mut viewer, encoding) => written,
                },
            },
            counted = answer(&mut counting) => match counted {
                Err(Ended) => return Ending::Stopping,
                Ok(told) => tell(socket, &told, encoding).await,
            },
            () = sleep_until(hearing.second_ends()), if hearing.is_tired() => {
                hearing = Hearing::new();
                Ok(())
            }
            received = socket.next(), if !hearing.is_tired() => {
                heard = Instant::now();
                hearing.count();
                match received {
                    None => return Ending::Left,
                    Some(Err(_)) => return Ending::Unreadable,
                    Some(Ok(received)) => match hear(socket, received, &viewer, encoding).await {
                        Ok(Some(wanted)) => count(socket, wanted, hub, &mut counting, encoding).await,
                        Ok(None) => Ok(()),
                        Err(ending) => Err(ending),
                    },
                }
            }
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    return Ending::Silent;
                }
                write(socket, Message::Ping(bytes::Bytes::new())).await
            }
        };
        if let Err(ending) = step {
            return ending;
        }
    }
}

/// How much a viewer said in the second at hand.
struct Hearing {
    began: Instant,
    messages: u32,
}

impl Hearing {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            messages: 0,
        }
    }

    fn count(&mut self) {
        if self.began.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.messages += 1;
    }

    fn is_tired(&self) -> bool {
        self.messages > MESSAGES_A_SECOND
    }

    fn second_ends(&self) -> Instant {
        self.began + Duration::from_secs(1)
    }
}

/// Tells a client of another version what this is, which is all that the two have in common.
pub async fn turn_away<E>(socket: &mut impl Socket<E>, encoding: Encoding) -> Ending {
    match write(socket, hello(encoding)).await {
        Ok(()) => Ending::OtherProtocol,
        Err(ending) => ending,
    }
}

/// Says why it ends, where the other end is still there to hear it.
pub async fn close<E>(socket: &mut impl Socket<E>, ending: Ending) {
    let (code, reason) = match ending {
        Ending::Left => return,
        Ending::OtherProtocol => (CLOSE_OTHER_PROTOCOL, "another protocol is spoken here"),
        Ending::Unreadable => (close_code::POLICY, "a message too large, or not a message"),
        Ending::TooSlow => (close_code::POLICY, "frames were not taken"),
        Ending::Silent => (close_code::POLICY, "no sign of life"),
        Ending::Stopping => (close_code::AWAY, "the bridge is stopping"),
    };
    let frame = Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }));
    // To end the connection before the other end has read this could take it away from there.
    let farewell = async {
        if socket.send(frame).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
}

fn hello(encoding: Encoding) -> Message {
    let hello = ServerMsg::Hello(Hello {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
    });
    message(encoding.encode(&hello).into(), encoding)
}

/// Writes a frame and those that wait behind it.
async fn pass_on<E>(
    socket: &mut impl Socket<E>,
    frame: crate::hub::Frame,
    viewer: &mut Attached,
    encoding: Encoding,
) -> Result<(), Ending> {
    in_time(socket.feed(message(frame, encoding))).await?;
    for _ in 1..FRAMES_AT_ONCE {
        let Some(frame) = viewer.next_waiting() else {
            break;
        };
        in_time(socket.feed(message(frame, encoding))).await?;
    }
    in_time(socket.flush()).await
}

/// Waits for what is to be told about the last question. Where counting broke down that is said.
pub(super) async fn answer(counting: &mut Counting) -> Result<ServerMsg, Ended> {
    let Some((_, under_way)) = counting else {
        return pending().await;
    };
    let counted = under_way.await;
    let Some((wanted, _)) = counting.take() else {
        return pending().await;
    };
    match counted {
        Ok(counted) => counted.map(ServerMsg::Histogram),
        Err(_) => Ok(ServerMsg::Refused(Refusal::NotCounted(wanted))),
    }
}

async fn count<E>(
    socket: &mut impl Socket<E>,
    wanted: HistogramWanted,
    hub: &Hub,
    counting: &mut Counting,
    encoding: Encoding,
) -> Result<(), Ending> {
    if wanted.filter.len() > MAX_FILTER_BYTES {
        let reason = format!("a filter may have {MAX_FILTER_BYTES} bytes");
        return refuse(socket, &reason, encoding).await;
    }
    match wanted.filter.parse() {
        Ok(filter) => {
            let (hub, asked) = (hub.clone(), wanted.clone());
            let task = tokio::spawn(async move {
                // it is never closed
                let _place = COUNTING.acquire().await;
                histogram::read(hub, wanted, filter).await
            });
            *counting = Some((asked, AbortOnDropHandle::new(task)));
            Ok(())
        }
        Err(error) => {
            let error: timeline::FilterError = error;
            refuse(socket, &error.to_string(), encoding).await
        }
    }
}

/// Takes in what a viewer says. What is counted for it alone is given back.
async fn hear<E>(
    socket: &mut impl Socket<E>,
    received: Message,
    viewer: &Attached,
    encoding: Encoding,
) -> Result<Option<HistogramWanted>, Ending> {
    let decoded = match (&received, encoding) {
        (Message::Ping(_) | Message::Pong(_), _) => return Ok(None),
        (Message::Close(_), _) => return Err(Ending::Left),
        (Message::Binary(bytes), Encoding::Postcard) => encoding.decode::<ClientMsg>(bytes),
        (Message::Text(text), Encoding::Json) => encoding.decode(text.as_bytes()),
        (Message::Binary(_), Encoding::Json) => {
            refuse(socket, "a text frame is expected", encoding).await?;
            return Ok(None);
        }
        (Message::Text(_), Encoding::Postcard) => {
            refuse(socket, "a binary frame is expected", encoding).await?;
            return Ok(None);
        }
    };
    match decoded {
        Ok(ClientMsg::Histogram(wanted)) => return Ok(Some(wanted)),
        Ok(message) => viewer.say(message).await.map_err(|_| Ending::Stopping)?,
        Err(error) => refuse(socket, &error.to_string(), encoding).await?,
    }
    Ok(None)
}

async fn refuse<E>(
    socket: &mut impl Socket<E>,
    reason: &str,
    encoding: Encoding,
) -> Result<(), Ending> {
    let refused = ServerMsg::Refused(Refusal::Malformed(reason.to_owned()));
    tell(socket, &refused, encoding).await
}

async fn tell<E>(
    socket: &mut impl Socket<E>,
    told: &ServerMsg,
    encoding: Encoding,
) -> Result<(), Ending> {
    write(socket, message(encoding.encode(told).into(), encoding)).await
}

async fn write<E>(socket: &mut impl Socket<E>, message: Message) -> Result<(), Ending> {
    in_time(socket.send(message)).await
}

async fn in_time<E>(written: impl Future<Output = Result<(), E>>) -> Result<(), Ending> {
    match timeout(WRITE_PATIENCE, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Ending::Left),
        Err(_) => Err(Ending::TooSlow),
    }
}
