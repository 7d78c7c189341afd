//! Statistics of running containers: one stream for each that somebody looks at, none for the others.

pub mod arithmetic;
mod follow;

use std::{collections::HashMap, panic::resume_unwind, time::Duration};

use tokio::{select, sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

use self::follow::Follow;
use super::{
    Demand, Id,
    link::{Standing, Updates},
    transport::Transport,
};

#[derive(Debug, Clone)]
pub struct Pace {
    /// Without a sample for so long, the figures are not known any more. Docker sends one each second and, with
    /// hundreds of containers, each few seconds; podman each five seconds.
    pub silent: Duration,
    /// Before a stream that ended is begun anew: at first, and at most.
    pub again: Duration,
    pub again_at_most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            silent: Duration::from_secs(12),
            again: Duration::from_millis(250),
            again_at_most: Duration::from_secs(5),
        }
    }
}

pub struct Streams {
    pub pace: Pace,
    pub transport: Transport,
    pub demand: watch::Receiver<Demand>,
    pub standing: watch::Receiver<Standing>,
    pub updates: Updates,
}

impl Streams {
    /// Never ends by itself. All streams end with it.
    pub async fn run(mut self) {
        let mut open: HashMap<Id, CancellationToken> = HashMap::new();
        let mut tasks: JoinSet<()> = JoinSet::new();
        loop {
            let running = self.standing.borrow_and_update().running.clone();
            let demand = self.demand.borrow_and_update().stats.clone();
            let is_wanted = |id: &Id| running.contains(id) && demand.wants(id);
            open.retain(|id, stop| {
                let goes_on = is_wanted(id);
                if !goes_on {
                    stop.cancel();
                }
                goes_on
            });
            for id in running.iter().filter(|id| is_wanted(id)) {
                if !open.contains_key(id) {
                    let stop = CancellationToken::new();
                    tasks.spawn(self.follow(id.clone(), stop.clone()));
                    open.insert(id.clone(), stop);
                }
            }
            select! {
                changed = self.standing.changed() => if changed.is_err() { break },
                changed = self.demand.changed() => if changed.is_err() { break },
                Some(ended) = tasks.join_next() => {
                    if let Err(error) = ended && error.is_panic() {
                        // it would count as open for ever, and its container would have no figures
                        resume_unwind(error.into_panic());
                    }
                }
            }
        }
    }

    fn follow(&self, id: Id, stop: CancellationToken) -> impl Future<Output = ()> + Send + 'static {
        let follow = Follow::new(
            id,
            self.pace.clone(),
            self.transport.clone(),
            self.updates.clone(),
        );
        async move { follow.run(&stop).await }
    }
}
