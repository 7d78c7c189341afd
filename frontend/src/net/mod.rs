//! The page's end of the live socket: the only code here that knows the wire.
//!
//! One task owns the socket for the page's whole life: it connects, says what the page looks at, hands each message
//! to the state in one synchronous step, and begins anew when the connection ends.

mod apply;
mod interest;
mod reload;
mod session;

use leptos::task::spawn_local_scoped_with_cancellation;
use model::{Backoff, Link};

use crate::{
    browser::{clock, wake},
    state::{Connection, Fleet, Outbox, Series, Timeline, UsageHandle},
};
use session::End;

/// What the task writes to.
#[derive(Clone, Copy)]
struct Net {
    connection: Connection,
    fleet: Fleet,
    timeline: Timeline,
    usage: UsageHandle,
    series: Series,
    outbox: Outbox,
}

/// Starts the task, and the beat by which ages are told.
pub fn start() {
    let net = Net {
        connection: Connection::expect(),
        fleet: Fleet::expect(),
        timeline: Timeline::expect(),
        usage: UsageHandle::expect(),
        series: Series::expect(),
        outbox: Outbox::expect(),
    };
    spawn_local_scoped_with_cancellation(run(net));
    spawn_local_scoped_with_cancellation(async move {
        loop {
            clock::sleep_millis(1000).await;
            net.connection.beat();
        }
    });
}

async fn run(net: Net) {
    let wake = wake::Wake::listen();
    let mut backoff = Backoff::default();
    loop {
        net.connection.set_link(Link::Connecting);
        let (end, live_millis) = session::run(net, &wake).await;
        net.series.break_all();
        net.connection.await_figures(None);
        match end {
            End::OtherBuild(build) => {
                if !reload::once_for(&build) {
                    net.connection.set_link(Link::Outdated);
                }
                return;
            }
            End::Lost => {
                let delay = backoff.after(live_millis, js_sys::Math::random());
                net.connection.set_link(Link::Waiting {
                    until_millis: clock::now_millis() + delay,
                    attempts: backoff.failures(),
                });
                wake.sleep_millis(delay).await;
            }
        }
    }
}
