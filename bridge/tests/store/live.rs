//! The past on the live socket.

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientMsg, Encoding, EventsFrame, EventsWanted, Interest, Item, ServerMsg};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{kept::Scene, running::Running, support::PATIENCE};

struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Page {
    async fn open(bridge: &Running) -> Self {
        let mut request = format!("ws://{}/api/v1/live", bridge.address)
            .into_client_request()
            .unwrap();
        let json = protocol::SUBPROTOCOL_JSON.parse().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", json);
        let (socket, _) = connect_async(request).await.unwrap();
        Self(socket)
    }

    async fn say(&mut self, message: &ClientMsg) {
        let said = String::from_utf8(Encoding::Json.encode(message)).unwrap();
        self.0.send(Message::text(said)).await.unwrap();
    }

    async fn events(&mut self) -> EventsFrame {
        let frame = async {
            loop {
                let message = self.0.next().await.unwrap().unwrap().into_data();
                match Encoding::Json.decode(&message).unwrap() {
                    ServerMsg::Events(frame) => return frame,
                    ServerMsg::Refused(refusal) => panic!("{refusal:?}"),
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, frame).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_scrolls_back_from_the_ring_into_the_store_to_the_begin() {
    let mut scene = Scene::new();
    let mut bridge = scene.start();
    scene.happen_before(&bridge, 11_500).await;
    scene.written(&bridge).await;
    bridge.signal("KILL");
    bridge.end(PATIENCE).unwrap();
    let bridge = scene.start();
    scene.happen_before(&bridge, 50).await;

    let mut page = Page::open(&bridge).await;
    let events = EventsWanted::Live {
        recent: 100,
        after: None,
    };
    page.say(&ClientMsg::Interest(Interest {
        events,
        ..Interest::default()
    }))
    .await;
    let mut frame = page.events().await;
    assert_eq!(frame.oldest.seq, 1, "the begin is on the disk");
    let epoch = frame.epoch;
    let mut entries = frame.entries;
    loop {
        let first = entries[0].seq;
        if first == frame.oldest.seq {
            break;
        }
        let wish = ClientMsg::EventsBefore {
            seq: first,
            limit: 256,
        };
        page.say(&wish).await;
        frame = page.events().await;
        assert!(frame.past && frame.epoch == epoch && frame.entries.len() <= 256);
        assert_eq!(frame.entries.last().unwrap().seq + 1, first);
        entries.splice(0..0, std::mem::take(&mut frame.entries));
    }
    assert!(entries.windows(2).all(|two| two[0].seq + 1 == two[1].seq));
    let times: Vec<i64> = entries
        .iter()
        .filter_map(|entry| match &entry.item {
            Item::Event(event) => Some(event.time_nano),
            Item::Gap(_) => None,
        })
        .collect();
    assert_eq!(times, scene.all());
}
