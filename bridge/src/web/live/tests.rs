//! A session without a network: the test is the other end of the socket.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::extract::ws::Message;
use futures_util::{Sink, SinkExt, Stream};
use protocol::{
    ClientMsg, Encoding, Event, HistogramFrame, HistogramWanted, Interest, MAX_FILTER_BYTES,
    Refusal, ServerMsg,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_util::{
    sync::{CancellationToken, PollSendError, PollSender},
    task::AbortOnDropHandle,
};

use super::session::{self, Ending};
use crate::{
    engine::{Demand, Update},
    hub,
};

type Gone = PollSendError<Message>;

/// The bridge's end of a socket that holds `room` messages on their way to the viewer.
struct Socket {
    from_viewer: mpsc::Receiver<Message>,
    to_viewer: PollSender<Message>,
}

impl Stream for Socket {
    type Item = Result<Message, Gone>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.from_viewer
            .poll_recv(context)
            .map(|message| message.map(Ok))
    }
}

impl Sink<Message> for Socket {
    type Error = Gone;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        self.to_viewer.poll_ready_unpin(context)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Gone> {
        self.to_viewer.start_send_unpin(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        self.to_viewer.poll_flush_unpin(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        self.to_viewer.poll_close_unpin(context)
    }
}

struct Viewer {
    says: mpsc::Sender<Message>,
    hears: mpsc::Receiver<Message>,
    session: JoinHandle<Ending>,
    cancel: CancellationToken,
    updates: mpsc::Sender<Update>,
}

fn open(room: usize) -> Viewer {
    let (says, from_viewer) = mpsc::channel(8);
    let (to_viewer, hears) = mpsc::channel(room);
    let (updates, inbox) = mpsc::channel(8);
    let (demand, _) = watch::channel(Demand::default());
    let config = hub::Config {
        endpoint: "unix:///test.sock".to_owned(),
        demo: false,
        clock: Box::new(|| 0),
        past: None,
    };
    let hub = hub::spawn(config, inbox, demand, CancellationToken::new());
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    let session = tokio::spawn(async move {
        let mut socket = Socket {
            from_viewer,
            to_viewer: PollSender::new(to_viewer),
        };
        let ending = session::serve(&mut socket, Encoding::Postcard, &hub, &token).await;
        session::close(&mut socket, ending).await;
        ending
    });
    Viewer {
        says,
        hears,
        session,
        cancel,
        updates,
    }
}

fn interest() -> Message {
    say(&ClientMsg::Interest(Interest::default()))
}

fn say(message: &ClientMsg) -> Message {
    Message::Binary(Encoding::Postcard.encode(message).into())
}

impl Viewer {
    async fn count(&self, filter: &str, since_millis: Option<u64>, until_millis: Option<u64>) {
        let wanted = HistogramWanted {
            filter: filter.to_owned(),
            since_millis,
            until_millis,
        };
        let message = say(&ClientMsg::Histogram(wanted));
        self.says.send(message).await.unwrap();
    }

    async fn counted(&mut self) -> Result<HistogramFrame, Refusal> {
        loop {
            if let Some(Message::Binary(frame)) = self.hears.recv().await {
                match Encoding::Postcard.decode(&frame).unwrap() {
                    ServerMsg::Histogram(frame) => return Ok(frame),
                    ServerMsg::Refused(refusal) => return Err(refusal),
                    _ => {}
                }
            }
        }
    }
}

#[tokio::test]
async fn what_happened_is_counted_for_one_viewer() {
    let mut viewer = open(64);
    // none yet
    viewer.count("", None, None).await;
    let empty = viewer.counted().await.unwrap();
    assert_eq!((empty.last.seq, empty.bars.len()), (0, 1));

    for second in 0..90 {
        let event = Event {
            time_nano: second * 1_000_000_000,
            kind: if second % 3 == 0 { "image" } else { "volume" }.to_owned(),
            action: "delete".to_owned(),
            ..Event::default()
        };
        viewer.updates.send(Update::Event(event)).await.unwrap();
    }
    let all = loop {
        viewer.count("", Some(0), Some(89_999)).await;
        let counted = viewer.counted().await.unwrap();
        if counted.last.seq == 90 {
            break counted;
        }
    };
    assert_eq!((all.from_millis, all.step_millis), (0, 1000));
    assert_eq!(all.bars.len(), 90);
    assert_eq!(all.bars[..2], [[0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]]);

    viewer.count("type=image", Some(30_000), Some(44_999)).await;
    let part = viewer.counted().await.unwrap();
    assert_eq!(part.from_millis, 30_000);
    let images: Vec<u32> = part.bars.iter().map(|bar| bar[1]).collect();
    assert_eq!(images, [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
    assert_eq!(part.bars.iter().flatten().sum::<u32>(), 5);

    let longest = format!("label={}", "x".repeat(MAX_FILTER_BYTES - "label=".len()));
    viewer.count(&longest, None, None).await;
    assert!(viewer.counted().await.is_ok());
    viewer.count(&format!("{longest}x"), None, None).await;
    let refused = viewer.counted().await.unwrap_err();
    assert!(matches!(refused, Refusal::Malformed(why) if why.contains("4096 bytes")));

    viewer.count("tpye=image", None, None).await;
    let refused = viewer.counted().await.unwrap_err();
    assert!(matches!(refused, Refusal::Malformed(why) if why.contains("type")));
}

#[tokio::test]
async fn what_happened_is_counted_wherever_a_clock_that_was_set_back_put_it() {
    let mut viewer = open(64);
    // what is later than all, half an hour, the second half of it again, and a time before all
    let minutes = (100..700).chain(0..30).chain(15..30).chain(-20..-10);
    let times: Vec<i64> = minutes.map(|minute| (minute + 30) * 60_000).collect();
    for &at in &times {
        let event = Event {
            time_nano: at * 1_000_000,
            kind: "image".to_owned(),
            action: "delete".to_owned(),
            ..Event::default()
        };
        viewer.updates.send(Update::Event(event)).await.unwrap();
    }
    loop {
        viewer.count("", None, None).await;
        let counted = viewer.counted().await.unwrap();
        if counted.last.seq == times.len() as u64 {
            assert!(
                counted.from_millis <= 10 * 60_000,
                "the earliest is not the first"
            );
            break;
        }
    }
    for (since, until) in [
        (0, 15),
        (10, 19),
        (20, 29),
        (30, 44),
        (45, 59),
        (50, 54),
        (58, 140),
    ] {
        let (since, until) = (since * 60_000, until * 60_000 + 59_999);
        viewer.count("", Some(since), Some(until)).await;
        let counted = viewer.counted().await.unwrap();
        let inside = |&&at: &&i64| (since..=until).contains(&(at as u64));
        let expected = times.iter().filter(inside).count();
        let sum: u32 = counted.bars.iter().flatten().sum();
        assert_eq!(sum as usize, expected, "{since} to {until}");
        assert_eq!(counted.last.seq, times.len() as u64);
    }
}

#[tokio::test]
async fn only_the_last_of_many_questions_must_be_answered() {
    let mut viewer = open(1024);
    for until in 1..=20 {
        viewer.count("", None, Some(until)).await;
    }
    let mut last = None;
    while last != Some(20) {
        let counted = viewer.counted().await.unwrap();
        assert!(last < counted.wanted.until_millis, "in order");
        last = counted.wanted.until_millis;
    }
}

#[tokio::test]
async fn a_question_whose_counting_broke_down_is_told_so() {
    let wanted = HistogramWanted {
        filter: "type=image".to_owned(),
        since_millis: None,
        until_millis: None,
    };
    let broken = tokio::spawn(async { panic!("while counting") });
    let mut counting = Some((wanted.clone(), AbortOnDropHandle::new(broken)));
    let told = session::answer(&mut counting).await.unwrap();
    assert_eq!(told, ServerMsg::Refused(Refusal::NotCounted(wanted)));
    assert!(counting.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_gives_no_sign_of_life_is_let_go() {
    let mut viewer = open(64);
    let began = Instant::now();
    assert!(
        matches!(viewer.hears.recv().await, Some(Message::Binary(_))),
        "hello"
    );
    for _ in 0..2 {
        assert!(matches!(viewer.hears.recv().await, Some(Message::Ping(_))));
    }
    let Some(Message::Close(Some(frame))) = viewer.hears.recv().await else {
        panic!("it is told so");
    };
    assert_eq!(frame.code, 1008);
    assert_eq!(viewer.session.await.unwrap(), Ending::Silent);
    assert!((75..=95).contains(&began.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_answers_pings_may_say_nothing_for_hours() {
    let mut viewer = open(64);
    let until = Instant::now() + Duration::from_secs(3 * 3600);
    while Instant::now() < until {
        let message = timeout(Duration::from_secs(60), viewer.hears.recv())
            .await
            .unwrap();
        if let Some(Message::Ping(payload)) = message {
            viewer.says.send(Message::Pong(payload)).await.unwrap();
        }
    }
    assert!(!viewer.session.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_takes_nothing_is_let_go() {
    let viewer = open(1);
    let began = Instant::now();
    viewer.says.send(interest()).await.unwrap();
    assert_eq!(viewer.session.await.unwrap(), Ending::TooSlow);
    assert!((60..=65).contains(&began.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_bridge_does_not_wait_for_a_viewer_that_takes_nothing() {
    let viewer = open(1);
    viewer.says.send(interest()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let began = Instant::now();
    viewer.cancel.cancel();
    assert_eq!(viewer.session.await.unwrap(), Ending::Stopping);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_leaves_ends_its_session() {
    let viewer = open(64);
    viewer.says.send(Message::Close(None)).await.unwrap();
    assert_eq!(viewer.session.await.unwrap(), Ending::Left);
    let viewer = open(64);
    drop(viewer.says);
    assert_eq!(viewer.session.await.unwrap(), Ending::Left);
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_chatters_is_heard_at_its_pace_and_keeps_its_frames() {
    let mut viewer = open(1024);
    let began = Instant::now();
    viewer.says.send(interest()).await.unwrap();
    for _ in 0..200 {
        viewer.says.send(Message::text("nonsense")).await.unwrap();
    }
    let mut answers = 0;
    while answers < 200 {
        if let Some(Message::Binary(frame)) = viewer.hears.recv().await
            && let Ok(ServerMsg::Refused(_)) = Encoding::Postcard.decode(&frame)
        {
            answers += 1;
        }
    }
    assert!((3..=4).contains(&began.elapsed().as_secs()));
}
