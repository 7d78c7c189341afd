use std::{
    io::{self, Write},
    process::ExitCode,
    thread,
    time::Duration,
};

use daemonscope::{
    config::{Config, Stop},
    log,
};
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

/// There is little to compute, so a large machine need not start a thread for each of its cores.
const MOST_THREADS: usize = 4;
/// With `--log daemonscope::tasks=debug` the tasks of the runtime are counted in the log.
const TASKS: &str = "daemonscope::tasks";
const COUNT_EVERY: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let config = match Config::read(std::env::args_os()) {
        Ok(config) => config,
        Err(Stop::Shown(text)) => {
            say(&mut io::stdout(), &text);
            return ExitCode::SUCCESS;
        }
        Err(Stop::Usage(sentence)) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            return ExitCode::from(2);
        }
    };
    log::start(&config.log);
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_THREADS));
    let outcome = runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| format!("this system gives no threads or no timers ({error})"))
        .and_then(|runtime| {
            let outcome = runtime.block_on(run(config));
            // a look-up of a name cannot be stopped, and may take minutes
            runtime.shutdown_background();
            outcome
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&mut io::stderr(), &format!("daemonscope: {sentence}\n"));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), String> {
    let no_signals = |error| format!("this system gives no signals ({error})");
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let bridge = daemonscope::start(config)
        .await
        .map_err(|error| error.to_string())?;
    say(&mut io::stdout(), &format!("daemonscope: {bridge}\n"));
    if tracing::enabled!(target: TASKS, tracing::Level::DEBUG) {
        tokio::spawn(count_tasks());
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    bridge.stop().await;
    Ok(())
}

/// Says how many tasks there are, which nobody can count from outside.
async fn count_tasks() {
    let mut ticks = tokio::time::interval(COUNT_EVERY);
    loop {
        ticks.tick().await;
        let alive = runtime::Handle::current().metrics().num_alive_tasks();
        tracing::debug!(target: TASKS, alive);
    }
}

/// Where nobody reads, there is nobody to tell.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
