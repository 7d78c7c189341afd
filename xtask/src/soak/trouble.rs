//! What goes wrong, one after another.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::processes::Engine;

struct Trouble {
    name: &'static str,
    lasts: Duration,
    begin: Begin,
}

enum Begin {
    /// Commands for the engine's hand; all faults are cleared at the end.
    Ask(&'static [&'static str]),
    /// The clock jumps by so many seconds, and back at the end.
    Clock(i32),
    /// A signal stops the process, and another lets it go on.
    Stop,
    /// It is killed, and started again at the end.
    Kill,
    /// It ends as it should, and another release takes its place at once.
    Replace(&'static str),
}

use Begin::{Ask, Clock, Kill, Replace, Stop};

const CUT: &str = r#"{"do": "cut"}"#;

const fn trouble(name: &'static str, seconds: u64, begin: Begin) -> Trouble {
    Trouble {
        name,
        lasts: Duration::from_secs(seconds),
        begin,
    }
}

/// Those that differ most come first: a short soak comes no further. A fault that spoils answers cuts the streams too, so
/// that everything is asked for anew.
const TROUBLES: &[Trouble] = &[
    trouble("streams are cut", 4, Ask(&[CUT])),
    trouble("the daemon is killed", 4, Kill),
    trouble("connections are torn", 4, Ask(&[r#"{"do": "tear"}"#])),
    trouble(
        "events are one endless line",
        6,
        Ask(&[
            r#"{"do": "endless", "path": "/events", "what": "line"}"#,
            CUT,
        ]),
    ),
    trouble("connections are reset", 4, Ask(&[r#"{"do": "reset"}"#])),
    trouble(
        "1,000 events a second",
        6,
        Ask(&[r#"{"do": "flood", "events-per-second": 1000}"#]),
    ),
    trouble(
        "lists are null",
        8,
        Ask(&[r#"{"do": "mangle", "path": "/", "how": "null-lists"}"#, CUT]),
    ),
    trouble(
        "the daemon hangs",
        10,
        Ask(&[r#"{"do": "hang", "on": true}"#]),
    ),
    trouble(
        "new connections are reset",
        5,
        Ask(&[r#"{"do": "reset-new", "on": true}"#, CUT]),
    ),
    trouble(
        "disk usage is refused",
        8,
        Ask(&[r#"{"do": "forbid", "path": "/system/df"}"#]),
    ),
    trouble(
        "a strange event and a strange state",
        6,
        Ask(&[
            r#"{"do": "tell", "type": "pod", "action": "hatch"}"#,
            r#"{"do": "tell", "type": "container", "action": "hibernate"}"#,
            r#"{"do": "strange-state", "word": "hibernating"}"#,
            CUT,
        ]),
    ),
    trouble("the clock is an hour ahead", 8, Clock(3600)),
    trouble(
        "numbers are text",
        8,
        Ask(&[
            r#"{"do": "mangle", "path": "/", "how": "numbers-as-text"}"#,
            CUT,
        ]),
    ),
    trouble("the daemon is stopped by a signal", 8, Stop),
    trouble(
        "one container's statistics are an endless line",
        6,
        Ask(&[
            r#"{"do": "endless", "path": "/containers/00", "what": "line"}"#,
            CUT,
        ]),
    ),
    trouble(
        "streams live three seconds",
        20,
        Ask(&[r#"{"do": "limit-streams", "seconds": 3}"#, CUT]),
    ),
    trouble(
        "events are of other types",
        6,
        Ask(&[r#"{"do": "mangle", "path": "/events", "how": "other-types"}"#]),
    ),
    trouble(
        "containers are of other types",
        6,
        Ask(&[
            r#"{"do": "mangle", "path": "/containers/", "how": "other-types"}"#,
            CUT,
        ]),
    ),
    trouble(
        "the list has an odd item",
        6,
        Ask(&[
            r#"{"do": "mangle", "path": "/containers/json", "how": "odd-item"}"#,
            CUT,
        ]),
    ),
    trouble(
        "disk usage is an endless body",
        8,
        Ask(&[r#"{"do": "endless", "path": "/system/df", "what": "body"}"#]),
    ),
    trouble(
        "info is an endless line",
        6,
        Ask(&[r#"{"do": "endless", "path": "/info", "what": "line"}"#, CUT]),
    ),
    trouble(
        "everything of containers is refused",
        8,
        Ask(&[r#"{"do": "forbid", "path": "/containers/"}"#, CUT]),
    ),
    trouble(
        "disk usage takes 20 s",
        24,
        Ask(&[r#"{"do": "usage-takes", "seconds": 20}"#]),
    ),
    trouble("the clock is an hour behind", 8, Clock(-3600)),
    trouble("the daemon is replaced by 29.1", 10, Replace("29")),
    trouble("the daemon is replaced by 20.10", 10, Replace("20")),
    trouble("the daemon is replaced by 28.5", 4, Replace("28")),
    trouble(
        "the daemon hangs for long",
        45,
        Ask(&[r#"{"do": "hang", "on": true}"#]),
    ),
];

/// Between two of them.
const PAUSE: Duration = Duration::from_secs(4);

pub struct Troubles {
    /// None lasts longer.
    longest: Duration,
    next: usize,
    had: usize,
    /// The one that is there, and its end; or when the next one comes.
    now: Option<&'static Trouble>,
    until: Instant,
}

impl Troubles {
    pub fn new(longest: Duration) -> Self {
        Self {
            longest,
            next: 0,
            had: 0,
            now: None,
            until: Instant::now(),
        }
    }

    /// To be called often. Gives the name of a trouble that begins; none begins that could not end within `left`.
    pub fn go_on(&mut self, engine: &mut Engine, left: Duration) -> Result<Option<&'static str>> {
        if Instant::now() < self.until {
            return Ok(None);
        }
        if self.now.is_some() {
            self.end(engine)?;
            self.until = Instant::now() + PAUSE.min(self.longest / 2);
            return Ok(None);
        }
        let trouble = &TROUBLES[self.next];
        let lasts = trouble.lasts.min(self.longest);
        if lasts > left {
            return Ok(None);
        }
        self.next = (self.next + 1) % TROUBLES.len();
        self.had += 1;
        self.now = Some(trouble);
        self.until = Instant::now() + lasts;
        match trouble.begin {
            Ask(commands) => {
                for command in commands {
                    engine.command(command)?;
                }
            }
            Clock(seconds) => jump(engine, seconds)?,
            Stop => engine.signal("STOP")?,
            Kill => engine.kill()?,
            Replace(release) => {
                engine.terminate()?;
                engine.start_again(release)?;
            }
        }
        Ok(Some(trouble.name))
    }

    /// Takes back what is there.
    pub fn end(&mut self, engine: &mut Engine) -> Result<()> {
        let Some(trouble) = self.now.take() else {
            return Ok(());
        };
        match trouble.begin {
            Ask(_) => engine.command(r#"{"do": "clear"}"#),
            Clock(seconds) => jump(engine, -seconds),
            Stop => engine.signal("CONT"),
            Kill => engine.restart_as_at_first(),
            Replace(_) => Ok(()),
        }
    }
}

fn jump(engine: &Engine, seconds: i32) -> Result<()> {
    engine.command(&format!(r#"{{"do": "jump", "seconds": {seconds}}}"#))
}

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.had.min(TROUBLES.len());
        write!(f, "{} faults of {kinds} kinds", self.had)
    }
}
