use protocol::UsageClass;

use super::{bytes_size, size};
use crate::attention::Reason;

/// Why a container, or the disk, needs attention: "restarting, 6 restarts in all, last exit 137".
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Dead => "dead: the daemon could not remove it".to_owned(),
        Reason::CrashLoop { times, last_exit } => {
            format!("crash loop{}{}", in_all(*times), exit(*last_exit))
        }
        Reason::Restarting { times, last_exit } => {
            format!("restarting{}{}", in_all(*times), exit(*last_exit))
        }
        Reason::Unhealthy => "unhealthy".to_owned(),
        Reason::OutOfMemory { limit_bytes, lives } => {
            let limit = limit_bytes
                .map(|bytes| format!(", limit {}", bytes_size(bytes)))
                .unwrap_or_default();
            let lives = if *lives { ", running" } else { "" };
            format!("out of memory{limit}{lives}")
        }
        Reason::Failed { exit_code } => format!("exited with code {exit_code}"),
        // for how long it is up is since when this is so
        Reason::CameBack { times } => format!("restarted{}", in_all(*times)),
        Reason::Reclaimable { bytes, classes } => {
            let most = classes.first().map_or("", |(class, _)| self::class(*class));
            format!("{} can be reclaimed, most of it {most}", size(*bytes))
        }
    }
}

fn class(class: UsageClass) -> &'static str {
    match class {
        UsageClass::Images => "images",
        UsageClass::Containers => "containers",
        UsageClass::LocalVolumes => "volumes",
        UsageClass::BuildCache => "build cache",
    }
}

/// As the daemon counts them since the container was started by a person.
fn in_all(restarts: u64) -> String {
    match restarts {
        0 => String::new(),
        1 => ", 1 restart in all".to_owned(),
        restarts => format!(", {restarts} restarts in all"),
    }
}

fn exit(code: Option<i64>) -> String {
    code.map(|code| format!(", last exit {code}"))
        .unwrap_or_default()
}
