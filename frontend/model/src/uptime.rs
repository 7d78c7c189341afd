use crate::{Container, State, span};

impl Container {
    /// What it does and since when, counted on to now: the daemon's own sentence is as old as the last list. That one
    /// stands where the times are not known yet.
    pub fn status_words(&self, now_millis: u64) -> String {
        let Some(details) = self.details.as_deref() else {
            return self.status.clone();
        };
        let since =
            |millis: Option<u64>| millis.map(|millis| span(now_millis.saturating_sub(millis)));
        let started = since(details.started_at_millis);
        let ended = since(details.finished_at_millis)
            .map(|span| format!(", {span} ago"))
            .unwrap_or_default();
        let code = details.exit_code;
        match (&self.state, started) {
            (State::Running, Some(span)) => format!("up {span}"),
            (State::Paused, Some(span)) => format!("paused, up {span}"),
            (State::Exited, _) if details.oom_killed => {
                format!("out of memory ({code}){ended}")
            }
            (State::Exited, _) => format!("exited ({code}){ended}"),
            (State::Restarting, _) => format!("restarting ({code}){ended}"),
            (State::Dead, _) => format!("dead ({code}){ended}"),
            _ => self.status.clone(),
        }
    }
}
