//! What a page is told meanwhile.

use daemonscope::Bridge;
use futures_util::{SinkExt, StreamExt};
use protocol::{
    ClientMsg, Column, ContainerKey, Encoding, EventsWanted, Interest, ServerMsg, Snapshot,
    StatsFrame, StatsWanted, UsageState,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// A page that looks at everything.
pub struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Page {
    pub async fn open(bridge: &Bridge) -> Self {
        let url = format!("ws://{}/{}", bridge.address(), protocol::LIVE_PATH);
        let mut request = url.into_client_request().unwrap();
        let json = protocol::SUBPROTOCOL_JSON.parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", json);
        let (mut socket, _) = connect_async(request).await.unwrap();
        let interest = ClientMsg::Interest(Interest {
            stats: StatsWanted::All,
            events: EventsWanted::None,
            usage: true,
        });
        let text = String::from_utf8(Encoding::Json.encode(&interest)).unwrap();
        socket.send(Message::text(text)).await.unwrap();
        Self(socket)
    }

    async fn next(&mut self) -> ServerMsg {
        loop {
            if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                return Encoding::Json.decode(text.as_bytes()).unwrap();
            }
        }
    }

    pub async fn snapshot(&mut self) -> Snapshot {
        loop {
            if let ServerMsg::Snapshot(snapshot) = self.next().await {
                return *snapshot;
            }
        }
    }

    /// The figures of a container and the disk usage, once both are there.
    pub async fn figures(&mut self, key: ContainerKey) -> (StatsFrame, UsageState) {
        let (mut stats, mut usage) = (None, None);
        loop {
            match self.next().await {
                ServerMsg::Stats(frame) if at(&frame.memory_used_bytes, key).is_some() => {
                    stats = Some(frame);
                }
                ServerMsg::Usage(state)
                    if state.last.is_some() && state.reading_since_millis.is_none() =>
                {
                    usage = Some(state);
                }
                _ => {}
            }
            if let (Some(stats), Some(usage)) = (&stats, &usage) {
                return (stats.clone(), usage.clone());
            }
        }
    }
}

/// The value of one container in a frame, if the frame tells it.
pub fn at<T: Copy>(column: &Column<T>, key: ContainerKey) -> Option<T> {
    column
        .iter()
        .find_map(|(known, value)| (known == key).then_some(value))
}
