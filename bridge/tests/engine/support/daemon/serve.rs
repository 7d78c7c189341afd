//! What it answers.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::sleep,
};

use super::{Answer, Shared};

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Counted<'c>(&'c AtomicUsize);

impl<'c> Counted<'c> {
    fn new(counter: &'c AtomicUsize) -> (Self, usize) {
        let now = counter.fetch_add(1, Ordering::SeqCst) + 1;
        (Self(counter), now)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    pub fn socket(&self) -> PathBuf {
        self.folder.join("docker.sock")
    }

    pub async fn serve(self: Arc<Self>, mut stream: impl Stream) {
        let mut cut = self.cut.subscribe();
        cut.mark_unchanged();
        let answered = async {
            let Some(head) = read_head(&mut stream).await else {
                return;
            };
            self.running().await;
            let mut words = head.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            self.asked
                .lock()
                .unwrap()
                .push(format!("{method} {target}"));
            self.answer(&mut stream, target).await;
        };
        tokio::select! {
            () = answered => {}
            _ = cut.changed() => {}
        }
    }

    async fn running(&self) {
        let mut hung = self.hung.subscribe();
        let _ = hung.wait_for(|hung| !hung).await;
    }

    async fn answer(&self, stream: &mut impl Stream, target: &str) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let instead = {
            let script = self.script.lock().unwrap();
            let found = script.instead.iter().find(|(end, _)| path.ends_with(*end));
            found.map(|(_, answer)| answer.clone())
        };
        if let Some(answer) = instead {
            return whole(stream, &answer).await;
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let known = match parts.as_slice() {
            ["version"] => {
                let api = self.script.lock().unwrap().api.clone();
                Some(format!(
                    r#"{{"Version":"20.10.24","ApiVersion":"{api}","MinAPIVersion":"1.12"}}"#
                ))
            }
            [_, "_ping"] => Some("OK".to_owned()),
            [_, "info"] => Some(include_str!("../../../captures/v20/info.json").to_owned()),
            [_, "containers", "json"] => {
                let items = self.script.lock().unwrap().containers.join(",");
                Some(format!("[{items}]"))
            }
            [_, "containers", id, "json"] => {
                let (_counted, now) = Counted::new(&self.inspections_open);
                self.inspections_most.fetch_max(now, Ordering::SeqCst);
                let takes = self.script.lock().unwrap().inspection_takes;
                sleep(takes).await;
                let script = self.script.lock().unwrap();
                script.inspections.get(*id).cloned()
            }
            [_, "containers", _, "stats"] => return self.stream_stats(stream).await,
            [_, "events"] => return self.stream_events(stream, query).await,
            [_, "system", "df"] => {
                let (_counted, now) = Counted::new(&self.usage_open);
                self.usage_most.fetch_max(now, Ordering::SeqCst);
                let answer = self.next_usage();
                return whole(stream, &answer).await;
            }
            _ => None,
        };
        let answer = match known {
            Some(body) => Answer::ok(body),
            None => Answer::status(404, "page not found"),
        };
        whole(stream, &answer).await;
    }

    fn next_usage(&self) -> Answer {
        let mut script = self.script.lock().unwrap();
        match script.usage.len() {
            0 => Answer::status(500, "no usage in the script"),
            1 => script.usage[0].clone(),
            _ => script.usage.pop_front().unwrap(),
        }
    }

    async fn stream_stats(&self, stream: &mut impl Stream) {
        let (_counted, _) = Counted::new(&self.stats_open);
        let (frames, period) = {
            let script = self.script.lock().unwrap();
            (script.stats.clone(), script.stats_period)
        };
        let written = async {
            let (mut reader, mut writer) = tokio::io::split(stream);
            let writing = async {
                head(&mut writer).await?;
                for frame in frames.iter().take(1).chain(frames.iter().skip(1).cycle()) {
                    self.running().await;
                    chunk(&mut writer, &format!("{frame}\n")).await?;
                    sleep(period).await;
                }
                std::io::Result::Ok(())
            };
            let mut rest = [0; 16];
            tokio::select! {
                _ = writing => {}
                // the client went away
                _ = reader.read(&mut rest) => {}
            }
        };
        written.await;
    }

    async fn stream_events(&self, stream: &mut impl Stream, query: &str) {
        let since: f64 = query
            .strip_prefix("since=")
            .and_then(|since| since.parse().ok())
            .unwrap_or(f64::MAX);
        let mut news = self.events.subscribe();
        let mut next = 0;
        if head(stream).await.is_err() {
            return;
        }
        let mut backlog = true;
        loop {
            self.running().await;
            let lines: Vec<(u64, String)> = {
                let script = self.script.lock().unwrap();
                script
                    .ring
                    .iter()
                    .filter(|(number, _)| *number >= next)
                    .cloned()
                    .collect()
            };
            for (number, line) in lines {
                next = number + 1;
                if backlog && time_of(&line) < since {
                    continue;
                }
                if chunk(stream, &format!("{line}\n")).await.is_err() {
                    return;
                }
            }
            backlog = false;
            if news.changed().await.is_err() {
                return;
            }
        }
    }
}

/// In seconds. Lines that are no events are as new as can be.
fn time_of(line: &str) -> f64 {
    serde_json::from_str::<serde_json::Value>(line)
        .ok()
        .and_then(|event| event.get("timeNano")?.as_f64())
        .map_or(f64::MAX, |nano| nano / 1e9)
}

async fn read_head(stream: &mut impl Stream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

async fn whole(stream: &mut impl Stream, answer: &Answer) {
    sleep(answer.after).await;
    let head = format!(
        "HTTP/1.1 {} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.body.len()
    );
    // a client that went away is no matter
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&answer.body).await;
}

async fn head(stream: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await
}

async fn chunk(stream: &mut (impl AsyncWrite + Unpin), text: &str) -> std::io::Result<()> {
    let chunk = format!("{:x}\r\n{text}\r\n", text.len());
    stream.write_all(chunk.as_bytes()).await
}
