//! The past on the live socket.

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientMsg, Encoding, EventsFrame, EventsWanted, Interest, Item, ServerMsg};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::{
    kept::{self, Scene, get, lines, metric, until},
    running::Running,
    support::PATIENCE,
};

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
        assert!(frame.before == Some(first) && frame.epoch == epoch && frame.entries.len() <= 256);
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

    // and a program gets a part of what only the disk has
    let seconds = |number| {
        let nano: i64 = scene.nano(number);
        format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000)
    };
    let span = format!("since={}&until={}", seconds(100), seconds(150));
    let told = lines(&bridge, &format!("/api/v1/events?{span}")).await;
    assert_eq!(kept::times(&told), scene.all()[100..=150]);
    assert!(told.iter().all(|line| line["epoch"] == epoch), "one run");
    let target = format!("/api/v1/events/histogram?{span}&buckets=3");
    let counted: Value = serde_json::from_str(&get(&bridge, &target).await).unwrap();
    assert_eq!(counted["counts"]["exec"], json!([17, 17, 17]));
    assert_eq!(counted["gaps"], json!([false, false, false]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_stays_within_the_size_and_what_it_let_go_is_told_as_a_gap() {
    let mut scene = Scene::new();
    let bridge = Running::start(&mut scene.command(&["--data-size=4"]));
    scene.happen_before(&bridge, 14_000).await;
    until("the oldest are let go", || async {
        let written = metric(&bridge, "daemonscope_store_written_entries_total").await;
        written == 14_001 && metric(&bridge, "daemonscope_store_entries").await < 14_001
    })
    .await;
    let file = metric(&bridge, "daemonscope_store_file_bytes").await;
    let length = std::fs::metadata(scene.folder.0.join("timeline.redb"));
    assert_eq!(length.unwrap().len(), file);
    assert!(file <= 4 * 1024 * 1024, "{file}");

    for target in ["/api/v1/events", "/api/v1/events?since=0"] {
        let told = lines(&bridge, target).await;
        let (there, gaps) = (kept::times(&told), kept::gaps(&told));
        assert_eq!(
            there.len() as u64,
            metric(&bridge, "daemonscope_store_entries").await
        );
        assert!(scene.all().ends_with(&there));
        assert_eq!(gaps, [(None, there[0], "no_longer_kept".to_owned())]);
    }
    let since = scene.nano(13_990) / 1_000_000_000;
    let told = lines(&bridge, &format!("/api/v1/events?since={since}")).await;
    assert_eq!(kept::gaps(&told), []);
}
