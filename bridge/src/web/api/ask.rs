//! How what is known is asked of the hub.

use std::{sync::Arc, time::Duration};

use protocol::StatsWanted;

use super::daemon;
use crate::{
    hub::{Look, Picture},
    web::{App, answer::Refused},
};

/// How long an answer waits for what is not known yet.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of the daemon that is there now.
pub async fn current(app: &App, stats: StatsWanted) -> Result<Arc<Picture>, Refused> {
    let look = Look {
        stats,
        usage: false,
    };
    let picture = app.hub.look(look, PATIENCE).await?;
    if picture.is_current {
        Ok(picture)
    } else {
        Err(daemon::away(&picture))
    }
}
