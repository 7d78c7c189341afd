use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{Container, Health, State as ContainerState, StatsWanted};
use serde::Serialize;

use super::{
    ask,
    figures::{cpu_percent, percent},
    unix::Seconds,
};
use crate::{
    hub::Picture,
    web::{App, answer::Refused},
};

/// Flat numbers, for start pages that pick one by its name.
#[derive(Serialize)]
struct Summary {
    total: usize,
    running: usize,
    paused: usize,
    restarting: usize,
    /// All that have no processes and will not get any by themselves: created, exited, dead, removing.
    stopped: usize,
    created: usize,
    exited: usize,
    dead: usize,
    removing: usize,
    other: usize,
    healthy: usize,
    unhealthy: usize,
    starting: usize,
    cpu_percent: Option<f64>,
    cpus: Option<u32>,
    memory_used_bytes: Option<u64>,
    memory_total_bytes: Option<u64>,
    memory_percent: Option<f64>,
    network_rx_bytes_per_second: Option<u64>,
    network_tx_bytes_per_second: Option<u64>,
    block_read_bytes_per_second: Option<u64>,
    block_write_bytes_per_second: Option<u64>,
    pids: Option<u64>,
    at: Seconds,
}

pub async fn summary(State(app): State<App>) -> Result<Response, Refused> {
    let picture = ask::current(&app, StatsWanted::All).await?;
    Ok(Json(Summary::of(&picture)).into_response())
}

impl Summary {
    fn of(picture: &Picture) -> Self {
        let count = |fits: &dyn Fn(&Container) -> bool| {
            picture.containers.iter().filter(|one| fits(one)).count()
        };
        let state = |state: ContainerState| count(&|one| one.state == state);
        // As on the page, the health of one that does not run is of the past.
        let health = |health: Health| {
            count(&|one| one.state.has_processes() && one.health.as_ref() == Some(&health))
        };
        let (created, exited, dead, removing) = (
            state(ContainerState::Created),
            state(ContainerState::Exited),
            state(ContainerState::Dead),
            state(ContainerState::Removing),
        );
        let sum = picture.sum.as_ref();
        let engine = picture.engine.as_deref();
        let used = sum.map(|sum| sum.memory_used_bytes);
        let total = engine
            .and_then(|engine| engine.memory_bytes)
            .filter(|&total| total > 0);
        Self {
            total: picture.containers.len(),
            running: state(ContainerState::Running),
            paused: state(ContainerState::Paused),
            restarting: state(ContainerState::Restarting),
            stopped: created + exited + dead + removing,
            created,
            exited,
            dead,
            removing,
            other: count(&|one| matches!(one.state, ContainerState::Other(_))),
            healthy: health(Health::Healthy),
            unhealthy: health(Health::Unhealthy),
            starting: health(Health::Starting),
            cpu_percent: sum.map(cpu_percent),
            cpus: engine
                .and_then(|engine| engine.cpus)
                .filter(|&cpus| cpus > 0),
            memory_used_bytes: used,
            memory_total_bytes: total,
            memory_percent: used.zip(total).map(|(used, total)| percent(used, total)),
            network_rx_bytes_per_second: sum.and_then(|sum| sum.network_rx_rate),
            network_tx_bytes_per_second: sum.and_then(|sum| sum.network_tx_rate),
            block_read_bytes_per_second: sum.and_then(|sum| sum.block_read_rate),
            block_write_bytes_per_second: sum.and_then(|sum| sum.block_write_rate),
            pids: sum.and_then(|sum| sum.pids),
            at: Seconds(picture.at_millis),
        }
    }
}
