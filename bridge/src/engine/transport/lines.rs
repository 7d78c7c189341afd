use std::{collections::VecDeque, ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::{Costs, Failure, connect::Connection};

/// An event carries all labels of its container.
const LINE_BYTES: usize = 1024 * 1024;
/// A line that is longer than this has no end: nothing behind it would ever be seen.
const ENDLESS_BYTES: usize = 16 * LINE_BYTES;

/// An answer that goes on, line by line. Its connection ends with it.
#[derive(Debug)]
pub struct Lines {
    body: Incoming,
    splitter: Splitter,
    costs: Arc<Costs>,
    date_secs: Option<i64>,
    _connection: Connection,
}

impl Lines {
    pub(super) fn new(
        body: Incoming,
        connection: Connection,
        costs: Arc<Costs>,
        date_secs: Option<i64>,
    ) -> Self {
        Self {
            body,
            splitter: Splitter::new(LINE_BYTES),
            costs,
            date_secs,
            _connection: connection,
        }
    }

    /// `None`: the daemon ended it as it should.
    pub async fn next(&mut self) -> Result<Option<Line>, Failure> {
        loop {
            if let Some(line) = self.splitter.next() {
                if line == Line::TooLong {
                    self.costs.count_too_long();
                }
                return Ok(Some(line));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(Err(error)) => return Err(Failure::of_hyper(&error)),
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        self.splitter.feed(&piece);
                    }
                    if self.splitter.discarded > ENDLESS_BYTES {
                        return Err(Failure::TooLong {
                            limit: ENDLESS_BYTES,
                        });
                    }
                }
            }
        }
    }

    pub fn date_secs(&self) -> Option<i64> {
        self.date_secs
    }
}

/// Splits a stream of JSON objects, one a line, whatever pieces it arrives in.
#[derive(Debug)]
struct Splitter {
    limit: usize,
    /// The line that has begun.
    partial: BytesMut,
    /// It is longer than the limit, and is thrown away up to its end.
    discarding: bool,
    /// So much of it.
    discarded: usize,
    ready: VecDeque<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Whole(Bytes),
    TooLong,
}

impl Splitter {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            partial: BytesMut::new(),
            discarding: false,
            discarded: 0,
            ready: VecDeque::new(),
        }
    }

    fn next(&mut self) -> Option<Line> {
        self.ready.pop_front()
    }

    /// To be drained by [`Self::next`] before more is fed: so the queue holds the lines of one piece only.
    fn feed(&mut self, piece: &Bytes) {
        let mut begin = 0;
        while let Some(length) = piece[begin..].iter().position(|byte| *byte == b'\n') {
            self.end_line(piece, begin..begin + length);
            begin += length + 1;
        }
        let rest = &piece[begin..];
        if self.discarding {
            self.discarded += rest.len();
            return;
        }
        if rest.is_empty() {
            return;
        }
        if self.partial.len() + rest.len() > self.limit {
            self.discarded = self.partial.len() + rest.len();
            self.partial = BytesMut::new();
            self.discarding = true;
            self.ready.push_back(Line::TooLong);
        } else {
            self.partial.extend_from_slice(rest);
        }
    }

    fn end_line(&mut self, piece: &Bytes, range: Range<usize>) {
        if std::mem::take(&mut self.discarding) {
            self.discarded = 0;
            return;
        }
        if self.partial.len() + range.len() > self.limit {
            self.partial = BytesMut::new();
            self.ready.push_back(Line::TooLong);
            return;
        }
        let line = if self.partial.is_empty() {
            piece.slice(range)
        } else {
            self.partial.extend_from_slice(&piece[range]);
            self.partial.split().freeze()
        };
        let line = trimmed(&line);
        if !line.is_empty() {
            self.ready.push_back(Line::Whole(line));
        }
    }
}

/// Without white space and the record separators of `application/json-seq`.
fn trimmed(line: &Bytes) -> Bytes {
    let is_padding = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x1e;
    let Some(begin) = line.iter().position(|byte| !is_padding(byte)) else {
        return Bytes::new();
    };
    let end = line
        .iter()
        .rposition(|byte| !is_padding(byte))
        .map_or(begin, |last| last + 1);
    line.slice(begin..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(limit: usize, pieces: &[&str]) -> Vec<String> {
        let mut splitter = Splitter::new(limit);
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.feed(&Bytes::copy_from_slice(piece.as_bytes()));
            while let Some(line) = splitter.next() {
                lines.push(match line {
                    Line::Whole(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
                    Line::TooLong => "TOO LONG".to_owned(),
                });
            }
        }
        lines
    }

    #[test]
    fn finds_lines_in_any_pieces() {
        for pieces in [
            &["{1}\n{2}\n{3}"][..],
            &["{1}", "\n", "{2}\n", "{3}"],
            &["{", "1}\r\n\r\n{2", "}\n{3}"],
            &["\u{1e}{1}\n\u{1e}{2}\n"],
        ] {
            assert_eq!(split(10, pieces), ["{1}", "{2}"], "{pieces:?}");
        }
    }

    #[test]
    fn what_is_thrown_away_of_one_line_is_counted() {
        let mut splitter = Splitter::new(5);
        for (piece, discarded) in [
            ("{1}\n{12345", 6),
            ("678", 9),
            ("9}\n", 0),
            ("{2}\n{12", 0),
            ("3456", 7),
        ] {
            splitter.feed(&Bytes::copy_from_slice(piece.as_bytes()));
            while splitter.next().is_some() {}
            assert_eq!(splitter.discarded, discarded, "{piece}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_costs_itself_only() {
        let expected = ["{1}", "TOO LONG", "{2}"];
        for pieces in [
            &["{1}\n{12345}\n{2}\n"][..],
            &["{1}\n{123", "45}\n{2}\n"],
            &["{1}\n{1", "2", "3", "4", "5", "6", "7}", "\n{2}\n"],
            &["{1}\n{123456789", "0123456789}\n{2}\n"],
        ] {
            assert_eq!(split(5, pieces), expected, "{pieces:?}");
        }
    }
}
