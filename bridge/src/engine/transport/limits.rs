use std::time::Duration;

use super::Route;

/// How long the daemon may take.
#[derive(Debug, Clone)]
pub struct Limits {
    pub connect: Duration,
    /// For `/_ping` and `/version`, which cost the daemon nothing: longer means that it hangs.
    pub ping: Duration,
    /// For the head of any other answer, and again for the rest of it.
    pub answer: Duration,
    /// For disk usage, which walks through every volume.
    pub usage: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            ping: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            usage: Duration::from_secs(180),
        }
    }
}

impl Limits {
    pub fn of(&self, route: Route) -> Duration {
        match route {
            Route::Ping | Route::Version => self.ping,
            Route::Usage => self.usage,
            _ => self.answer,
        }
    }
}

/// Of a whole answer; a stream has a limit for each line instead.
pub fn size_limit(route: Route) -> Option<usize> {
    const MIB: usize = 1024 * 1024;
    match route {
        Route::Stats | Route::Events => None,
        Route::Ping | Route::Version => Some(MIB),
        Route::Info | Route::Inspect => Some(8 * MIB),
        Route::List | Route::Usage => Some(64 * MIB),
    }
}
