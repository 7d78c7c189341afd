//! What a viewer of the bridge is told.

use std::{collections::HashMap, net::SocketAddr, path::Path, time::Duration};

use daemonscope::{Bridge, Config, Source, engine::Endpoint, log, web::Site};
use futures_util::{SinkExt, StreamExt};
use model::{FigureTable, Figures};
use protocol::{
    ClientMsg, Container, ContainerKey, Encoding, Event, Interest, Item, SUBPROTOCOL_JSON,
    ServerMsg, Usage,
};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// Everything that a viewer of the bridge has been told.
#[derive(Default)]
pub struct Told {
    pub containers: HashMap<ContainerKey, Container>,
    pub figures: FigureTable,
    pub events: Vec<Event>,
    pub usage: Option<Usage>,
}

impl Told {
    fn take_in(&mut self, message: ServerMsg) {
        match message {
            ServerMsg::Snapshot(snapshot) => {
                self.containers = snapshot
                    .containers
                    .into_iter()
                    .map(|c| (c.key, c))
                    .collect();
                self.usage = snapshot.usage.last;
            }
            ServerMsg::Fleet(delta) => {
                for key in delta.gone {
                    self.containers.remove(&key);
                }
                self.containers
                    .extend(delta.changed.into_iter().map(|c| (c.key, c)));
            }
            ServerMsg::Stats(frame) => {
                self.figures.apply(&frame);
            }
            ServerMsg::Events(frame) => {
                self.events.extend(frame.entries.into_iter().filter_map(
                    |entry| match entry.item {
                        Item::Event(event) => Some(event),
                        Item::Gap(_) => None,
                    },
                ));
            }
            ServerMsg::Usage(usage) => self.usage = usage.last,
            _ => {}
        }
    }

    pub fn container(&self, name: &str) -> &Container {
        self.containers
            .values()
            .find(|container| container.name == name)
            .unwrap_or_else(|| panic!("the bridge knows no container {name}"))
    }

    pub fn figures(&self, name: &str) -> Figures {
        self.figures.get(self.container(name).key)
    }
}

pub async fn bridge(socket: &Path) -> Bridge {
    let endpoint = Endpoint::parse(&format!("unix://{}", socket.display())).expect("an endpoint");
    let config = Config {
        source: Source::Engine(endpoint),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        log: log::Filter::parse("warn").expect("a filter"),
        data: None,
    };
    daemonscope::start_with(config, Site::default())
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What a viewer is told, once it is enough.
pub async fn told(socket: &Path, interest: Interest, enough: impl Fn(&Told) -> bool) -> Told {
    let bridge = bridge(socket).await;
    let mut request = format!("ws://{}/api/v1/live", bridge.address())
        .into_client_request()
        .expect("an address");
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        SUBPROTOCOL_JSON.parse().expect("a value"),
    );
    let (mut live, _) = connect_async(request).await.expect("a live socket");
    let wanted = Encoding::Json.encode(&ClientMsg::Interest(interest));
    let wanted = String::from_utf8(wanted).expect("JSON is text");
    live.send(Message::text(wanted)).await.expect("it is sent");

    let mut told = Told::default();
    let complete = timeout(Duration::from_secs(30), async {
        while !enough(&told) {
            match live.next().await {
                Some(Ok(Message::Text(text))) => {
                    told.take_in(Encoding::Json.decode(text.as_bytes()).expect("a message"));
                }
                Some(Ok(_)) => {}
                end => panic!("the live socket ended: {end:?}"),
            }
        }
    });
    if complete.await.is_err() {
        panic!(
            "after 30 s only: {} containers, {} with figures, {} events, usage {:?}",
            told.containers.len(),
            told.figures.iter().count(),
            told.events.len(),
            told.usage
        );
    }
    bridge.stop().await;
    told
}
