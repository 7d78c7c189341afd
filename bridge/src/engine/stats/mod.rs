//! Statistics of running containers: one stream for each that somebody looks at, none for the others.

pub mod arithmetic;
mod follow;

use std::{
    collections::{BTreeSet, HashMap},
    future::pending,
    time::Duration,
};

use tokio::{
    select,
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use self::follow::Follow;
use super::{
    Demand, Id,
    link::{Standing, Updates},
    transport::Transport,
};

#[derive(Debug, Clone)]
pub struct Pace {
    /// A stream that nobody wants any more goes on so long: a viewer may only be changing pages.
    pub linger: Duration,
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
            linger: Duration::from_secs(3),
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

struct Open {
    stop: CancellationToken,
    /// Nobody wants it; it ends then.
    ends_at: Option<Instant>,
}

impl Streams {
    /// Never ends by itself. All streams end with it.
    pub async fn run(mut self) {
        let mut open: HashMap<Id, Open> = HashMap::new();
        let mut tasks: JoinSet<()> = JoinSet::new();
        loop {
            let running = self.standing.borrow_and_update().running.clone();
            let demand = self.demand.borrow_and_update().clone();
            let wanted: BTreeSet<&Id> =
                running.iter().filter(|id| demand.stats.wants(id)).collect();

            let now = Instant::now();
            open.retain(|id, stream| {
                if wanted.contains(id) {
                    stream.ends_at = None;
                    return true;
                }
                let ends_at = *stream.ends_at.get_or_insert(now + self.pace.linger);
                let goes_on = running.contains(id) && now < ends_at;
                if !goes_on {
                    stream.stop.cancel();
                }
                goes_on
            });
            for id in wanted {
                if !open.contains_key(id) {
                    let stop = CancellationToken::new();
                    tasks.spawn(self.follow(id.clone(), stop.clone()));
                    open.insert(
                        id.clone(),
                        Open {
                            stop,
                            ends_at: None,
                        },
                    );
                }
            }

            let next_end = open.values().filter_map(|stream| stream.ends_at).min();
            select! {
                changed = self.standing.changed() => if changed.is_err() { break },
                changed = self.demand.changed() => if changed.is_err() { break },
                Some(_) = tasks.join_next() => {}
                () = async {
                    match next_end {
                        Some(when) => sleep_until(when).await,
                        None => pending().await,
                    }
                } => {}
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
