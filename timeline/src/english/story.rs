use super::{count, duration, size};
use crate::{
    story::{
        ImageVerb, Life, Link, Member, Outcome, Piece, Probes, Project, ProjectOutcome, Pruned,
        Story, Subject, What,
    },
    text::{short, visible},
};

/// Whom a piece is about: "container web", "project shop"; empty for a gap.
pub fn subject(subject: &Subject) -> String {
    match name(subject).as_str() {
        "" => visible(&subject.kind),
        name => format!("{} {name}", visible(&subject.kind)),
    }
}

/// Its name alone, or its short id where it has none.
pub fn name(subject: &Subject) -> String {
    match subject.name.as_str() {
        "" => short(&subject.id),
        name => short(name),
    }
}

/// What happened, without whom it happened to: "restarted, exit 143, took 10.2 s". `None` for a plain event, whose
/// words are [`crate::text`]'s, and for a gap, which the page has words for.
pub fn sentence(piece: &Piece) -> Option<String> {
    let said = match &piece.what {
        What::Event | What::Gap => return None,
        What::Probes(probes) => self::probes(probes),
        What::Story(story) => self::story(story, piece.took_nano()),
    };
    // first, since the end of a long line may not be seen
    Some(match piece.incomplete {
        true => format!("incomplete (events lost): {said}"),
        false => said,
    })
}

fn probes(probes: &Probes) -> String {
    let mut said = count(probes.count as usize, "health probe");
    if probes.failed > 0 {
        said.push_str(&format!(", {} failed", probes.failed));
    }
    match probes.last_exit {
        Some(code) => said.push_str(&format!(", last exit {code}")),
        None => said.push_str(", none has ended"),
    }
    said
}

fn story(story: &Story, took_nano: i64) -> String {
    match story {
        Story::Container(life) => self::life(life, took_nano),
        Story::Project(project) => self::project(project, took_nano),
        Story::Exec(exec) => {
            let command = visible(exec.command.trim_end());
            match exec.exit_code {
                Some(code) => format!("ran {command}, exit {code}, took {}", duration(took_nano)),
                None => format!("ran {command}"),
            }
        }
        Story::Health { status, times: 1 } => format!("is {} now", visible(status)),
        Story::Health { status, times } => {
            format!("is {}, told {times} times", visible(status))
        }
        Story::Paused {
            lasted_nano: Some(lasted),
        } => format!("paused for {}", duration(*lasted)),
        Story::Paused { lasted_nano: None } => "paused".to_owned(),
        Story::Committed { image } => format!("committed to image {}", short(image)),
        Story::Renamed { from, to } => format!("renamed from {} to {}", visible(from), visible(to)),
        Story::Updated => "limits or restart policy updated".to_owned(),
        Story::Copied { into: true } => "files copied into it".to_owned(),
        Story::Copied { into: false } => "files copied out of it".to_owned(),
        Story::Linked { link, container } => {
            let done = match link {
                Link::Connected => "connected to",
                Link::Disconnected => "disconnected from",
                Link::Mounted => "mounted by",
                Link::Unmounted => "unmounted by",
            };
            format!("{done} container {}", short(container))
        }
        Story::Image { verb, names } => image(*verb, names),
        Story::Created => "created".to_owned(),
        Story::Removed => "removed".to_owned(),
        Story::Pruned(rows) => pruned(rows),
        Story::Reloaded => "read its configuration anew".to_owned(),
    }
}

fn exit(life: &Life) -> String {
    life.exit_code
        .map(|code| format!(", exit {code}"))
        .unwrap_or_default()
}

fn life(life: &Life, took_nano: i64) -> String {
    let took = || format!(", took {}", duration(took_nano));
    let signals = || {
        let names: Vec<String> = life
            .signals
            .iter()
            .map(|signal| self::signal(signal))
            .collect();
        names.join(" then ")
    };
    let mut said = match life.outcome() {
        Outcome::Created => "created".to_owned(),
        Outcome::Started if life.created => format!("created and started{}", took()),
        Outcome::Started => "started".to_owned(),
        Outcome::Finished => format!("{}finished, exit 0", ran(life)),
        Outcome::Failed => format!(
            "{}ended by itself{}{}",
            ran(life),
            exit(life),
            killed_from_outside(life)
        ),
        Outcome::OutOfMemory if life.deaths == 0 => {
            "out of memory: the kernel ended a process in it".to_owned()
        }
        Outcome::OutOfMemory => format!("out of memory{}", exit(life)),
        Outcome::CrashLoop => {
            let memory = match life.out_of_memory {
                0 => "",
                _ => "out of memory, ",
            };
            format!(
                "crash loop: {memory}ended {} times in {}, last exit {}",
                life.unasked,
                duration(took_nano),
                life.exit_code
                    .map_or_else(|| "unknown".to_owned(), |code| code.to_string()),
            )
        }
        Outcome::Signalled => format!("was sent {}", signals()),
        Outcome::Stopped => format!("stopped{}{}", exit(life), took()),
        Outcome::Killed => match life.signals.is_empty() {
            true => format!("killed{}", exit(life)),
            false => format!("killed with {}{}", signals(), exit(life)),
        },
        Outcome::Restarted => format!("restarted{}{}", exit(life), took()),
        Outcome::Removed if life.by_force => format!("removed by force{}", exit(life)),
        Outcome::Removed if life.deaths > 0 && !life.stopped => {
            format!("killed with {} and removed{}", signals(), exit(life))
        }
        Outcome::Removed if life.deaths > 0 => {
            format!("stopped and removed{}{}", exit(life), took())
        }
        Outcome::Removed => "removed".to_owned(),
        Outcome::Recreated => recreated(life),
    };
    let outcome = life.outcome();
    if life.lives()
        && life.deaths > 0
        && matches!(
            outcome,
            Outcome::Finished | Outcome::Failed | Outcome::OutOfMemory
        )
    {
        said.push_str(&format!(", started again{}", times(life.unasked)));
    }
    if life.removed && !matches!(outcome, Outcome::Removed) {
        said.push_str(", then removed");
    }
    said
}

fn times(number: u32) -> String {
    match number {
        0 | 1 => String::new(),
        number => format!(" ({number} times)"),
    }
}

fn ran(life: &Life) -> String {
    match life.ran_secs.and_then(|secs| i64::try_from(secs).ok()) {
        None if life.starts > 0 => "started and ".to_owned(),
        None => String::new(),
        Some(0) => "ran for less than a second and ".to_owned(),
        Some(secs @ 1..60) => format!("ran for {secs} s and "),
        Some(secs) => format!(
            "ran for {} and ",
            duration(secs.saturating_mul(1_000_000_000))
        ),
    }
}

/// 137 without a word of memory, and without a kill through the daemon.
fn killed_from_outside(life: &Life) -> &'static str {
    match life.exit_code {
        Some(137) if life.out_of_memory == 0 => {
            " (SIGKILL that did not come through the daemon, and no word of memory)"
        }
        _ => "",
    }
}

fn recreated(life: &Life) -> String {
    let mut said = "recreated".to_owned();
    said.push_str(match (life.starts, life.lives()) {
        (0, _) => ", not started",
        (_, true) => " and started",
        (_, false) => "",
    });
    if let Some((from, to)) = &life.images
        && from != to
    {
        said.push_str(&format!(", image {} instead of {}", short(to), short(from)));
    }
    if life.unasked > 0 {
        said.push_str(&format!(", then ended by itself{}", exit(life)));
    }
    said
}

/// The daemon writes the number.
fn signal(number: &str) -> String {
    const NAMES: [(&str, &str); 9] = [
        ("1", "SIGHUP"),
        ("2", "SIGINT"),
        ("3", "SIGQUIT"),
        ("6", "SIGABRT"),
        ("9", "SIGKILL"),
        ("10", "SIGUSR1"),
        ("12", "SIGUSR2"),
        ("15", "SIGTERM"),
        ("28", "SIGWINCH"),
    ];
    match NAMES.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("signal {}", visible(number)),
    }
}

fn project(project: &Project, took_nano: i64) -> String {
    let outcomes = [
        (Outcome::Created, "created"),
        (Outcome::Started, "started"),
        (Outcome::Recreated, "recreated"),
        (Outcome::Restarted, "restarted"),
        (Outcome::Signalled, "sent a signal"),
        (Outcome::Stopped, "stopped"),
        (Outcome::Killed, "killed"),
        (Outcome::Removed, "removed"),
        (Outcome::Finished, "finished"),
        (Outcome::Failed, "ended by itself"),
        (Outcome::OutOfMemory, "out of memory"),
        (Outcome::CrashLoop, "in a crash loop"),
    ];
    let mut parts: Vec<String> = outcomes
        .into_iter()
        .filter_map(|(outcome, word)| {
            let mut members = project
                .members
                .iter()
                .filter(|member| member.life.outcome() == outcome);
            match (members.next(), members.count()) {
                (None, _) => None,
                (Some(one), 0) => Some(format!("{} {word}", member(one))),
                (Some(_), others) => Some(format!("{} {word}", count(others + 1, "container"))),
            }
        })
        .collect();
    for (number, word, done) in [
        (project.networks_created, "network", "created"),
        (project.volumes_created, "volume", "created"),
        (project.networks_removed, "network", "removed"),
        (project.volumes_removed, "volume", "removed"),
    ] {
        if number > 0 {
            parts.push(format!("{} {done}", count(number as usize, word)));
        }
    }
    let what = match project.outcome() {
        ProjectOutcome::Up => "brought up: ",
        ProjectOutcome::Down => "taken down: ",
        ProjectOutcome::Stopped | ProjectOutcome::Restarted | ProjectOutcome::Mixed => "",
    };
    format!("{what}{}, took {}", parts.join(", "), duration(took_nano))
}

/// By its service's name, which the project's makes whole.
fn member(member: &Member) -> String {
    visible(member.service.as_deref().unwrap_or(&member.name))
}

fn image(verb: ImageVerb, names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| visible(name)).collect();
    let done = match verb {
        ImageVerb::Untagged => "lost a name",
        ImageVerb::Tagged => "tagged",
        ImageVerb::Saved => "saved to a file",
        ImageVerb::Pushed => "pushed",
        ImageVerb::Pulled => "pulled",
        ImageVerb::Created => "created",
        ImageVerb::Imported => "imported",
        ImageVerb::Loaded => "loaded from a file",
        ImageVerb::Deleted => "deleted",
    };
    match (verb, names.is_empty()) {
        (ImageVerb::Tagged | ImageVerb::Created | ImageVerb::Imported, false) => {
            format!("{done} as {}", names.join(", "))
        }
        _ => done.to_owned(),
    }
}

fn pruned(rows: &[Pruned]) -> String {
    let words: Vec<String> = rows
        .iter()
        .map(|row| match (row.class.as_str(), row.removed) {
            ("builder", _) => "build cache".to_owned(),
            (class, 0) => format!("{}s", visible(class)),
            (class, removed) => count(removed as usize, &visible(class)),
        })
        .collect();
    let reclaimed: u64 = rows
        .iter()
        .filter_map(|row| row.reclaimed_bytes)
        .fold(0, u64::saturating_add);
    format!("pruned {}; {} reclaimed", words.join(", "), size(reclaimed))
}
